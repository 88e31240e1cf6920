"""Sudden dominance."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import disparity
from tests.models.flows.structure import slow


def surprise(rows: list[dict], row: dict) -> float:
    """-ln of the chance of so large a share, at the end where it is larger."""
    found = []
    for end in ("exporter", "importer"):
        side = [one for one in rows if one[end] == row[end] and one["period"] == row["period"]]
        share = row["reconciled_value_usd"] / sum(one["reconciled_value_usd"] for one in side)
        found.append(-(len(side) - 1) * math.log(max(1 - share, 1e-12)) if len(side) > 1 else 0.0)
    return max(found)


def test_agrees_with_an_obvious_version():
    rows = slow.noisy()
    table = sorted(slow.table(*rows).to_dicts(), key=lambda row: (row["exporter"], row["importer"], row["period"]))
    values = {(row["exporter"], row["importer"], row["period"]): math.log1p(surprise(table, row)) for row in table}
    market = {year: sum(one["reconciled_value_usd"] for one in table if one["period"] == year) for year in slow.YEARS}
    moves = []
    for row in table:
        key = row["exporter"], row["importer"]
        expected = slow.usual([values[*key, year] for year in slow.YEARS if year < row["period"]])
        moves.append(
            row
            | {
                "change": None if expected is None else values[*key, row["period"]] - expected,
                "band": math.floor(math.log10(row["reconciled_value_usd"] / market[row["period"]])),
            }
        )
    moves = slow.less_shared(moves)
    found = slow.judged(disparity, rows)
    tested = 0
    for move, spread in zip(moves, slow.spreads(moves), strict=True):
        name = f"{move['exporter']}:{move['importer']}:260400:{move['period']}"
        if move["change"] is None or spread is None:
            assert name not in found
        else:
            assert found[name]["statistic"] == pytest.approx(move["change"] / spread)
            tested += 1
    assert tested > 100


def test_a_flow_that_all_at_once_dominates_stands_out_and_growth_of_all_does_not():
    quiet = slow.noisy()
    found = slow.judged(disparity, slow.grown(quiet, "E1", "M1", 2020, 40.0))
    assert found["E1:M1:260400:2020"]["statistic"] > 5
    assert found["E1:M1:260400:2020"]["share_of_exports"] > 0.8
    every = [slow.grown([row], row["exporter"], row["importer"], 2020, 40.0)[0] for row in quiet]
    assert slow.judged(disparity, every)["E1:M1:260400:2020"]["statistic"] < 3


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(disparity, slow.noisy(seed), seed)
