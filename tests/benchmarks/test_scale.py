"""The scale benchmark takes the project's own path, over declarations that look like declarations."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.declared import CODES, codes_of, declarations, families
from benchmarks.scale import STEPS, measured
from graphs.commodities import family_of
from graphs.declarations import reporting
from graphs.flows import pair
from graphs.tables import Declarations


def test_families_for_a_hundred_million_are_there_and_apart():
    names = families(100)
    assert len(set(names)) == 100
    codes = [code for name in names for code in codes_of(name, CODES)]
    assert len(set(codes)) == 100 * CODES
    assert {family_of(code) for code in codes} == set(names)


def test_declarations_are_a_valid_table_of_two_sides_that_mostly_agree():
    rows = declarations("nickel", 30_000, seed=3)
    assert Declarations.is_valid(rows.with_row_index("n").with_columns(raw_row=pl.col("n").cast(pl.UInt32)).drop("n"))
    assert rows.height == pytest.approx(30_000, rel=0.05)
    flows = pair(rows, reporting(rows))
    both = flows.filter(pl.col("export_value_usd") > 0, pl.col("import_value_usd") > 0)
    assert both.height / flows.height == pytest.approx(0.64 / 0.96, abs=0.02)
    ratio = (both["import_value_usd"] / both["export_value_usd"]).median()
    assert ratio == pytest.approx(1.06, rel=0.02)


def test_every_step_of_the_path_is_timed_and_what_it_made_is_counted(tmp_path: Path):
    spent = measured(20_000, tmp_path / "scale")
    assert all(spent.wall[step] > 0 for step in STEPS)
    assert spent.counts["declarations"] > spent.counts["flows"] > 0
    assert spent.counts["scores"] > spent.counts["flows"]
    assert not list((tmp_path / "scale" / "statistics").iterdir())
