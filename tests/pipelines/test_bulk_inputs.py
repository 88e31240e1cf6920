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


@pytest.mark.parametrize("table", ["carrying_capacity", "transport_modes", "legs", "places"])
@pytest.mark.parametrize("made", ["statistics", "causes"])
def test_only_bulk_families_are_judged_again(memo: Memo, table: str, made: str) -> None:
    before = {family: memo.inputs(made, family) for family in ("bauxite", "gold")}
    memo.wrote(table, None, NEW)
    after = {family: memo.inputs(made, family) for family in ("bauxite", "gold")}
    assert after["bauxite"] != before["bauxite"]
    assert after["gold"] == before["gold"]
