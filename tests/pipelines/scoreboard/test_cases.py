"""Cases from their sources: the smallest world, and real trade where it is there."""

import polars as pl
import pytest

from graphs.tables import LEARNED
from models.flows.alerts import order, rank
from models.flows.calibrate import null_pool, p_values
from models.flows.causes import face
from models.flows.channels import judge
from models.learned.channel import with_learned
from models.learned.features import FEATURES
from models.learned.shipped import shipped
from models.planting import Rules
from models.scoreboard import analysis
from models.scoreboard.case import CHANNEL, DECLARED, FLOW, HITS, PRODUCT
from models.scoreboard.detectors import odds
from models.world.config import WorldConfig
from pipelines.code_version import _own_sources, closure
from pipelines.scoreboard import climbing, cubes, worlds
from pipelines.scoreboard.cache import WORLDS, Wanted, keep, load, stands


def check(case, least: float, most: float) -> None:
    assert case.rows["flow_id"].is_sorted()
    assert case.rows["flow_id"].equals(case.features["flow_id"])
    assert {*FLOW, *DECLARED, *HITS, *PRODUCT} <= set(case.rows.columns)
    assert set(case.features.columns) == {"flow_id", *FEATURES}
    assert least < case.is_hit.mean() < most
    assert (case.rows["exporter"] != case.rows["importer"]).all()
    tested = case.rows.filter(case.rows["agnostic"].is_not_null())
    assert tested["agnostic"].is_unique().all()
    assert tested["agnostic_p"].is_between(0.0, 1.0).all()
    assert (
        tested.sort("agnostic")["agnostic_p"].head(100).mean() > tested.sort("agnostic")["agnostic_p"].tail(100).mean()
    )
    assert f"{CHANNEL}jump" in case.rows.columns


def test_a_world_becomes_a_case_that_is_kept(tmp_path):
    wanted = Wanted(WORLDS, 9009, "small")
    assert not stands(wanted, tmp_path, "code")
    keep(wanted, tmp_path, "code")
    assert stands(wanted, tmp_path, "code")
    assert not stands(wanted, tmp_path, "other code")
    assert [one.name for one in (tmp_path / "cases").iterdir()] == ["small-world-9009"]
    case = load(wanted, tmp_path)
    check(case, 0.005, 0.05)
    config = WorldConfig.sized("small", 9009)
    assert case.rows["period"].min() == config.years[0] + config.schemes.quiet_years


def test_the_list_of_an_analysis_is_what_an_analysis_makes_of_a_world(monkeypatch):
    """Every flow at risk: then null and list are those of the whole world."""
    seen = {}

    def judged(name, materials, touched, at_risk):
        seen["materials"] = materials
        every = pl.concat([one.flows["flow_id"] for one in materials])
        return judge_case(name, materials, touched, every)

    judge_case = worlds.judged
    monkeypatch.setattr(worlds, "judged", judged)
    case = worlds.world_case("small-world-9009", "small", 9009)
    said = [with_learned(one.flows, judge(one.flows, one.context).statistics, one.context) for one in seen["materials"]]
    nulls = null_pool(pl.concat(said).lazy())
    lists = []
    for one, statistics in zip(seen["materials"], said, strict=True):
        scores = p_values(statistics, nulls)
        lists.append(rank(one.flows, scores, face(one.flows, scores, one.context), one.context.family))
    product = order(pl.concat(lists).lazy()).filter(pl.col("list") == LEARNED)
    found = analysis.analysed(case, shipped(), odds(shipped(), case.features))
    mine = case.rows.select("flow_id").with_columns(place=found.listed.order, p=found.listed.p, is_shown=found.is_shown)
    both = mine.join(product, on="flow_id", how="inner").sort("rank")
    assert both.height == product.height == mine["place"].is_not_nan().sum() > 500
    assert both["p"].equals(both["p_value"].alias("p"))
    assert both["place"].to_list() == [-float(one) for one in both["rank"]]
    assert both["is_shown"].equals(both["is_selected"].alias("is_shown"))
    assert 0 < both["is_shown"].sum() == mine["is_shown"].sum()


def test_a_case_of_other_data_is_another(tmp_path):
    for number in (1, 2):
        for cube, names in {"nickel": 2, "baci tin": 3}.items():
            files = cubes.sources(cube, tmp_path / str(number))
            assert len(files) == names
            for file in files:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"{file.name} {number if 'comtrade' in file.name else ''}")
    code = {
        (cube, number): Wanted(cube, 1, data=tmp_path / str(number)).code
        for cube in ("nickel", "baci tin")
        for number in (1, 2)
    }
    assert code["nickel", 1] != code["nickel", 2]
    assert code["baci tin", 1] == code["baci tin", 2]
    assert len(set(code.values())) == 3


def test_a_ladder_of_other_data_is_another(tmp_path, monkeypatch):
    climbs = iter((1.0, 2.0, 3.0))
    monkeypatch.setattr(climbing, "climb", lambda family, data: pl.DataFrame({"value": [next(climbs)]}))
    monkeypatch.setattr(climbing, "code_version", lambda function, *more: "-".join(one[:8] for one in more))
    for file in cubes.family_sources("gold", True, tmp_path / "data"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("one")
    job = "gold", tmp_path / "data", tmp_path / "cache"
    assert [climbing.climbed(job)["value"].item() for _ in range(2)] == [1.0, 1.0]
    (tmp_path / "data" / cubes.BACI_FILE).write_text("other")
    assert climbing.climbed(job)["value"].item() == 2.0


def test_a_case_hangs_on_all_code_between_its_sources_and_its_rows():
    behind = {
        part: closure(_own_sources(made)[1]) for part, made in (("world", worlds.world_case), ("cube", cubes.cube_case))
    }
    both = {
        "graphs.flows", "graphs.declarations", "graphs.neighbours", "models.flows.reconcile", "models.flows.alerts",
        "models.ladder.gravity", "models.learned.features.build", "models.scoreboard.judged",
        "pipelines.scoreboard.material", "pipelines.sources.comtrade_files", "pipelines.sources.world_mining",
    }  # fmt: skip
    assert both <= behind["world"] & behind["cube"]
    assert {"models.world.traded", "pipelines.sources.events"} <= behind["world"]
    assert {"models.planting.planted", "pipelines.sources.baci"} <= behind["cube"]
    for modules in behind.values():
        assert not {"models.learned.shipped", "models.scoreboard.orders", "pipelines.scoreboard.jobs"} & modules


def test_without_a_folder_of_real_data_there_are_no_cubes(tmp_path):
    assert cubes.available(tmp_path) == climbing.available(tmp_path) == ()


@pytest.mark.realdata
def test_schemes_planted_in_real_nickel_become_a_case(real_data):
    case = cubes.cube_case("nickel-9009", "nickel", 9009, real_data)
    check(case, 0.1, 0.25)
    assert case.rows["kind"].drop_nulls().n_unique() >= 5
    # Whatever is no trace is a flow of a pair with a past, in which one could have been planted.
    past = cubes.read("nickel", real_data).flows.select("exporter", "importer", "commodity", "period")
    quiet = case.rows.filter(pl.col("scheme_id").is_null()).select("exporter", "importer", "commodity", "period")
    before = quiet.join(past, on=["exporter", "importer", "commodity"], suffix="_past")
    years = before.filter(pl.col("period_past") < pl.col("period")).group_by(quiet.columns).agg(pl.len())
    assert years.height == quiet.height
    assert years["len"].min() >= Rules().past_years
