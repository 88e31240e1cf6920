"""Round trips."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import two_cycle
from models.flows.structure.two_cycle import SLIGHT, TOLD
from tests.models.flows.frames import flow
from tests.models.flows.structure import slow


def both_ways(seed: int = 0) -> list[dict]:
    """Quiet trade, with a little of it coming back."""
    there = slow.noisy(seed)
    back = [
        flow(
            row["importer"], row["exporter"], row["period"], *(0.2 * value for value in (one["export_value_usd"],) * 2)
        )
        for row, one in zip(there, slow.noisy(seed + 1), strict=True)
    ]
    return there + back


def test_agrees_with_an_obvious_version():
    rows = both_ways()
    table = slow.table(*rows).to_dicts()
    value = {(row["exporter"], row["importer"], row["period"]): row["reconciled_value_usd"] for row in table}
    market = {year: sum(one for key, one in value.items() if key[2] == year) for year in slow.YEARS}
    moves = []
    for row in sorted(table, key=lambda one: one["flow_id"]):
        there, back = (row["exporter"], row["importer"]), (row["importer"], row["exporter"])
        rounds = {year: min(value[*there, year], value[*back, year]) for year in slow.YEARS}
        trade = {year: value[*there, year] + value[*back, year] for year in slow.YEARS}
        earlier = [year for year in slow.YEARS if year < row["period"]]
        if (usual := slow.usual([rounds[year] for year in earlier])) is None:
            continue
        usually = slow.usual([trade[year] for year in earlier])
        if rounds[row["period"]] < TOLD * usually:
            continue
        slight = SLIGHT * usually
        change = math.log(rounds[row["period"]] + slight) - math.log(usual + slight)
        band = math.floor(math.log10(rounds[row["period"]] / market[row["period"]]))
        moves.append(row | {"change": change, "band": band})
    moves = slow.less_shared(moves)
    found = slow.judged(two_cycle, rows)
    expected = {
        f"{move['exporter']}:{move['importer']}:260400:{move['period']}": move["change"] / spread
        for move, spread in zip(moves, slow.spreads(moves), strict=True)
        if spread is not None
    }
    assert {name: row["statistic"] for name, row in found.items()} == pytest.approx(expected)
    assert len(found) > 300


def one_way(factor: float) -> list[dict]:
    """E1 and M1 trade one way only, in 2020 by so much more, among others that trade both ways."""
    rows = slow.grown(both_ways(), "E1", "M1", 2020, factor)
    return [row for row in rows if (row["exporter"], row["importer"]) != ("M1", "E1")]


def test_a_carousel_between_two_that_traded_one_way_stands_out_and_growth_one_way_does_not():
    assert "E1:M1:260400:2020" not in slow.judged(two_cycle, one_way(6.0))
    found = slow.judged(two_cycle, [*one_way(6.0), flow("M1", "E1", 2020, 9e6, 9.4e6)])
    there, back = found.pop("E1:M1:260400:2020"), found.pop("M1:E1:260400:2020")
    assert there["statistic"] > 5
    assert there["statistic"] == pytest.approx(back["statistic"])
    assert there["gap_value_usd"] == pytest.approx(9.1e6, rel=0.05)
    assert max(row["statistic"] for row in found.values()) < there["statistic"]


def test_a_return_below_a_tenth_is_no_round_trip():
    found = slow.judged(two_cycle, [*one_way(1.0), flow("M1", "E1", 2020, 9e4, 9.4e4)])
    assert "E1:M1:260400:2020" not in found


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(two_cycle, both_ways(seed), seed)
