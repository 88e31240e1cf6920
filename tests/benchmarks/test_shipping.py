"""The benchmark of ships compares like with like, and its quick form runs."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks import shipping
from benchmarks.__main__ import BENCHMARKS
from benchmarks.setting import Setting
from benchmarks.shipping import WAYS, messages


def test_ships_and_ways_are_measured_with_the_others() -> None:
    assert BENCHMARKS["shipping"] is shipping.run
    assert "access" in BENCHMARKS


def test_messages_arrive_late_and_some_identities_are_shared() -> None:
    frame = messages(60_000)
    assert frame.height == 60_000
    assert not frame["time"].is_sorted()
    ships = frame.group_by("sender").agg(pl.col("ship").n_unique())
    assert ships["ship"].max() == 2
    assert 0 < ships.filter(pl.col("ship") == 2).height <= shipping.SHARED
    assert messages(60_000).equals(frame)
    assert not messages(60_000, seed=8).equals(frame)


def test_a_way_that_finds_other_gaps_is_not_timed() -> None:
    gaps = pl.DataFrame({"sender": [1, 2], "began": [0, 0], "ended": [9, 9]})
    shipping._check({"one": gaps, "two": gaps.reverse()}, pl.Series([2]))
    shipping._check({"one": gaps, "two": gaps.head(1)}, pl.Series([2]))
    with pytest.raises(AssertionError, match="two finds other gaps"):
        shipping._check({"one": gaps, "two": gaps.head(1)}, pl.Series([], dtype=pl.Int64))


def test_the_quick_form_compares_every_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "MESSAGES", 20 * 60_000)
    section = shipping.run(Setting(quick=True, home=tmp_path))
    (table,) = section.tables
    assert [row[0] for row in table.rows] == list(WAYS)
    assert all(float(cell.replace(",", "")) > 0 for row in table.rows for cell in row[1:5])
    assert "not measured" not in section.markdown(["a machine"])
