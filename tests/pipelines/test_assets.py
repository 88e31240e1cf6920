import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from graphs.errors import InputError
from pipelines.analysis import Analysis, ComtradeChoice
from pipelines.assets.comtrade import request_for
from pipelines.assets.tables import discreet
from pipelines.definitions import ASSETS, resources_for
from pipelines.home import Home
from pipelines.run import RunReport, run
from pipelines.workspace import Workspace
from tests.pipelines import small_trade
from tests.pipelines.comtrade_server import KEY, Api, ComtradeServer, row

AREAS = (360, 156, 608)  # IDN, CHN, PHL
YEARS = tuple(range(2015, 2021))


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A server like UN Comtrade's; the amounts are invented."""
    chance = random.Random(5)
    rows = [
        row(reporter, year, partner, flow=flow, primaryValue=float(chance.randrange(10**6, 10**8)))
        for reporter in AREAS
        for partner in AREAS
        for year in YEARS
        for flow in ("M", "X")
        if reporter != partner
    ]
    with ComtradeServer(rows) as served:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("ORETRACE_COMTRADE_KEY", KEY)
        monkeypatch.setenv("ORETRACE_COMTRADE_URL", served.base_url)
        yield served


def made(report: RunReport, table: str) -> list[str | None]:
    return [partition for name, partition in report.made if name == table]


@pytest.mark.slow
def test_what_the_api_answers_becomes_declarations_and_is_asked_once(api: Api, tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    choice = ComtradeChoice(("260400",), ("IDN", "CHN", "PHL"), YEARS)
    report = run(home, Analysis(only_data=True, comtrade=choice))
    assert made(report, "comtrade") == [str(year) for year in YEARS]
    assert made(report, "declarations") == [str(year) for year in YEARS]
    declared = home.scan("declarations").collect()
    assert declared.height == len(AREAS) * (len(AREAS) - 1) * len(YEARS) * 2
    # Each answer states its day of publication.
    assert set(declared["known_from"]) == {date(2024, 5, 6)}
    answers = home.scan("comtrade").collect()
    assert answers["rows"].sum() == declared.height
    assert set(declared["raw_sha256"]) == set(answers["sha256"])
    asked = len(api.asked("/get/"))
    assert asked > 0
    assert run(home).made == []
    assert len(api.asked("/get/")) == asked
    for file in home.path.rglob("*"):
        assert file.is_dir() or KEY.encode() not in file.read_bytes(), file


def test_without_a_key_nothing_is_asked_and_what_is_archived_is_read(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.open(tmp_path, create=True)
    choice = ComtradeChoice(("260400",), ("IDN", "CHN", "PHL"), YEARS[:2])
    monkeypatch.delenv("ORETRACE_COMTRADE_KEY")
    with pytest.raises(InputError, match="nothing to analyse"):
        run(home, Analysis(only_data=True, comtrade=choice))
    assert api.asked("/") == []
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", KEY)
    run(home, Analysis(only_data=True, comtrade=choice))
    monkeypatch.delenv("ORETRACE_COMTRADE_KEY")
    report = run(home, Analysis(only_data=True))
    assert made(report, "comtrade") == []
    assert home.scan("declarations").select(pl.len()).collect().item() == 24


def test_months_are_asked_a_year_at_a_time() -> None:
    monthly = request_for(ComtradeChoice(("2604",), (), (2020,), "M"), 2020)
    assert monthly.periods == tuple(range(202001, 202013))
    assert request_for(ComtradeChoice(("2604",), (), (2020,)), 2020).periods == (2020,)
    with pytest.raises(InputError, match="no commodities were chosen"):
        request_for(ComtradeChoice(), 2020)


def test_an_asset_run_by_dagster_alone_writes_the_same_memo(tmp_path: Path) -> None:
    """`dagster dev` and `oretrace run` may take turns in one home."""
    data = small_trade.write(tmp_path / "trade.csv", small_trade.rows(codes=("260900",)))
    home = Home.open(tmp_path / "home", create=True)
    analysis = Analysis(data=(str(data),), only_data=True)
    home.save_analysis(analysis)
    resources = resources_for(Workspace(tmp_path / "home"))
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    before = dg.AssetSelection.assets("quarantine").upstream().required_multi_asset_neighbors().resolve(ASSETS)
    divided = {key for asset in ASSETS if asset.partitions_def for key in asset.keys}
    names = sorted(key.to_user_string() for key in before - divided)
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize(ASSETS, selection=names, instance=instance, resources=resources, run_config=quiet)
        assert set(instance.get_dynamic_partitions("years")) == {str(year) for year in small_trade.YEARS}
    report = run(home)
    assert not {name for name, _ in report.made} & set(names)


def test_two_files_with_the_same_row_count_it_once(tmp_path: Path) -> None:
    table = small_trade.rows(codes=("260900",))
    one = small_trade.write(tmp_path / "one.csv", table)
    two = small_trade.write(tmp_path / "two.csv", [*table[:3], (2010, "XAA", "XAB", "Q", "260900", 1.0, 1.0)])
    home = Home.open(tmp_path / "home", create=True)
    report = run(home, Analysis(data=(str(one), str(two)), only_data=True))
    refused = home.scan("quarantine").collect()
    assert refused.height == 4
    assert "two.csv" in set(refused["file"])
    assert home.scan("declarations").select(pl.len()).collect().item() == len(table)
    (accounted,) = [check for check in report.checks if check.name == "rows_in_are_rows_out"]
    assert accounted.passed
    assert accounted.sentence == f"{len(table) + 4:,} rows were read, {len(table):,} kept and 4 refused"


def test_secrets_are_struck_out_of_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "very-secret-key")

    def leaky(value: str) -> None:
        raise ValueError(f"refused {value}", 3)

    with pytest.raises(ValueError, match=r"refused \*\*\*") as caught:
        discreet(leaky)("very-secret-key")
    assert caught.value.args == ("refused ***", 3)


def test_of_two_baci_files_the_later_name_counts_and_the_other_is_told(tmp_path: Path) -> None:
    for name, value in (("BACI_HS92_Y2020_V202501.csv", 1000.0), ("BACI_HS92_Y2020_V202601.csv", 2000.0)):
        (tmp_path / name).write_text(f"t,i,j,k,v,q\n2020,360,156,260400,{value},10.0\n")
    home = Home.open(tmp_path / "home", create=True)
    run(home, Analysis(data=(str(tmp_path),), only_data=True))
    flows = home.scan("flows").collect()
    assert flows["reconciled_value_usd"].to_list() == [2_000_000.0]
    told = home.scan("quarantine").filter(pl.col("field") == "file").collect()
    assert told["file"].to_list() == ["BACI_HS92_Y2020_V202501.csv"]
    assert "later file" in told["reason"][0]


@pytest.mark.slow
def test_a_ban_of_a_users_file_reaches_channel_and_graph(tmp_path: Path) -> None:
    trade = small_trade.write(tmp_path / "trade.csv", small_trade.rows(codes=("260400",)))
    bans = tmp_path / "bans.csv"
    bans.write_text("kind,country,codes,start,end,citation\nban,XAB,2604,2016-01-01,,Order 7\nban,XAB,x,,,Order 8\n")
    home = Home.open(tmp_path / "home", create=True)
    run(home, Analysis(data=(str(trade), str(bans)), only_data=True))
    known = home.scan("events").filter(pl.col("source") == "events").collect()
    assert known.select("country", "codes", "citation").rows() == [("XAB", "2604", "Order 7")]
    judged = home.scan("scores").filter(pl.col("channel").cast(pl.String) == "ban_break").collect()
    assert judged["flow_id"].str.contains(":XAB:.*:201[6-9]$").all()
    assert judged.height == 12
    assert "XAB:2604:2016-01-01" in home.scan("graph_nodes", ["Ban"]).collect()["ban_id"].to_list()
    assert home.scan("quarantine").collect()["file"].to_list() == ["bans.csv"]
    # Without the file the ban is gone, and only what rests on it is made again.
    report = run(home, Analysis(data=(str(trade),), only_data=True))
    assert made(report, "declarations") == []
    assert made(report, "statistics") == ["nickel"]
    assert "XAB:2604:2016-01-01" not in home.scan("graph_nodes", ["Ban"]).collect()["ban_id"].to_list()
