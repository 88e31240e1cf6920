"""What ships could have carried makes families of bulk goods stale, and leaves those that fly alone."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.analysis import Analysis
from pipelines.home import Home
from pipelines.memo import Memo
from tests.pipelines import moving_home

NEW = {"content": "another"}


@pytest.fixture
def memo(tmp_path: Path) -> Memo:
    home = Home.open(tmp_path, create=True)
    moving_home.put(home, "carrying_capacity", [moving_home.capacity(202410)])
    home.save_analysis(Analysis(only_data=True, as_of=date(2025, 12, 31)))
    return Memo(home)


@pytest.mark.parametrize("table", ["transport_modes", "legs", "places"])
@pytest.mark.parametrize("made", ["statistics", "causes"])
def test_only_bulk_families_are_judged_again(memo: Memo, table: str, made: str) -> None:
    before = {family: memo.inputs(made, family) for family in ("bauxite", "gold")}
    memo.wrote(table, None, NEW)
    after = {family: memo.inputs(made, family) for family in ("bauxite", "gold")}
    assert after["bauxite"] != before["bauxite"]
    assert after["gold"] == before["gold"]


@pytest.mark.parametrize("made", ["statistics", "causes"])
def test_only_whole_months_of_ships_make_families_stale(memo: Memo, made: str) -> None:
    def inputs(*rows: dict[str, object]) -> str:
        moving_home.put(memo.home, "carrying_capacity", list(rows))
        return Memo(memo.home).inputs(made, "bauxite")

    october, november = moving_home.capacity(202410), {**moving_home.capacity(202411), "is_whole": False}
    before = inputs(october)
    assert inputs(october, november) == before
    assert inputs(october, {**november, "voyages": 7}) == before
    assert inputs(october, {**november, "is_whole": True}) != before
    assert inputs({**october, "voyages": 7}, november) != before
    assert inputs(november) != before
