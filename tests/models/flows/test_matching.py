"""Strata by hand: what a learned score is compared with."""

import polars as pl
import pytest

from models.flows.matching import UNMATCHED, named, stratum
from tests.models.flows.frames import baci, flow, flows


@pytest.mark.parametrize(
    ("row", "number", "words"),
    [
        (baci("XAA", "XBB", 2020, 9e5, None), 1, "tin, reconciled, below 1 M USD"),
        (baci("XAA", "XBB", 2020, 1e6, None), 2, "tin, reconciled, from 1 M USD"),
        (flow("XAA", "XBB", 2020, None, 9e5), 3, "tin, one side, below 1 M USD"),
        (flow("XAA", "XBB", 2020, 2e6, 0.0), 4, "tin, one side, from 1 M USD"),
        (flow("XAA", "XBB", 2020, 1e5, 9e5), 5, "tin, both sides, below 1 M USD"),
        (flow("XAA", "XBB", 2020, 1e5, 5e6), 6, "tin, both sides, from 1 M USD"),
    ],
)
def test_sides_and_size_make_the_stratum(row, number, words):
    assert flows(row).select(stratum())["stratum"].to_list() == [number]
    assert named("tin", number) == words


def test_a_studentised_statistic_needs_no_stratum():
    assert named("tin", UNMATCHED) == "tin"
    assert flows().select(stratum()).schema == {"stratum": pl.UInt8}
