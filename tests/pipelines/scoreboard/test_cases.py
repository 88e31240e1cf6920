"""Cases from their sources: the smallest world, and real trade where it is there."""

import pytest

from models.learned.features import FEATURES
from models.scoreboard.case import CHANNEL, DECLARED, FLOW, HITS
from pipelines.scoreboard import climbing, cubes
from pipelines.scoreboard.cache import WORLDS, Wanted, keep, load, stands


def check(case) -> None:
    assert case.rows["flow_id"].is_sorted()
    assert case.rows["flow_id"].equals(case.features["flow_id"])
    assert {*FLOW, *DECLARED, *HITS, "agnostic", "agnostic_p"} <= set(case.rows.columns)
    assert set(case.features.columns) == {"flow_id", *FEATURES}
    assert 0.001 < case.is_hit.mean() < 0.1
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
    check(load(wanted, tmp_path))


def test_without_a_folder_of_real_data_there_are_no_cubes(tmp_path):
    assert cubes.available(tmp_path) == climbing.available(tmp_path) == ()


@pytest.mark.realdata
def test_schemes_planted_in_real_nickel_become_a_case(real_data):
    case = cubes.cube_case("nickel-9009", "nickel", 9009, real_data)
    check(case)
    assert case.rows["kind"].drop_nulls().n_unique() >= 5
