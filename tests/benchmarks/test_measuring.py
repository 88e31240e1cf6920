"""What the benchmarks report must be what was used."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.measuring import Timing, extra_bytes, in_turn
from benchmarks.report import Section, Table, write

MEGABYTE = 2**20


def after_loading(megabytes: int) -> Callable[[], object]:
    """An action that takes a known amount, after much larger tables were made and dropped."""
    dropped = pl.select(pl.int_range(5_000_000).cast(pl.String)).with_columns(pl.col("literal").alias("again"))
    kept = dropped.head(100).clone()
    del dropped

    def action() -> object:
        for _ in range(10):  # long enough for an allocator to hand back what it kept
            time.sleep(0.1)
            kept.sort("again")
        return np.ones(megabytes * MEGABYTE // 8)

    return action


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from the kernel's account, Linux only")
def test_peak_memory_is_what_the_action_takes() -> None:
    found = extra_bytes(after_loading, 200)
    assert found is not None
    assert found / MEGABYTE == pytest.approx(200, abs=20)


def test_contenders_take_turns() -> None:
    calls: list[str] = []
    times = in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3)
    assert calls == ["a", "b", "b", "a", "a", "b"]
    assert len(times["a"].seconds) == 3


def test_middle_round_counts() -> None:
    assert Timing((3.0, 1.0, 2.0), (9.0, 7.0, 8.0)).cells() == ["1.000", "2.000", "3.000", "8.000"]


def test_a_section_replaces_only_itself(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "page.md"
    for name, figure in (("one", "1"), ("two", "2"), ("one", "3")):
        write(page, Section(name, name.title(), [Table("Lead.", ["step", "s"], [["x", figure]])]), ["a machine"])
    text = page.read_text()
    assert text.count("<!-- one -->") == 1
    assert "| x | 3 |" in text
    assert "| x | 2 |" in text
    assert "| x | 1 |" not in text
