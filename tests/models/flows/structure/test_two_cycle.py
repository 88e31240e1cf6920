"""Round trips."""

import math
from statistics import mean, median, quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import two_cycle
from models.flows.structure.two_cycle import BALANCED_YEARS, SLIGHT, TOLD
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
    expected = {}
    for row in table:
        there, back, now = (row["exporter"], row["importer"]), (row["importer"], row["exporter"]), row["period"]
        two = {year: sorted((value[*there, year], value[*back, year])) for year in slow.YEARS if year <= now}
        *earlier, (least, _) = two.values()
        if len(earlier) < 3:
            continue
        usual_trade = median(sum(one) for one in earlier)
        if least < TOLD * usual_trade:
            continue
        before = quantiles([one for one, _ in earlier], n=4, method="inclusive")[0]
        slight = SLIGHT * usual_trade
        balance = mean(one / other for one, other in list(two.values())[-BALANCED_YEARS:])
        name = f"{row['exporter']}:{row['importer']}:260400:{now}"
        expected[name] = math.log((least + slight) / (before + slight)) * balance
    found = slow.judged(two_cycle, rows)
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
    assert there["statistic"] > 1
    assert there["statistic"] == pytest.approx(back["statistic"])
    assert there["gap_value_usd"] == pytest.approx(9.1e6, rel=0.05)
    assert max(row["statistic"] for row in found.values()) < there["statistic"]


def test_a_carousel_that_turns_for_years_does_not_become_usual():
    turning = [flow("M1", "E1", year, 9e6, 9.4e6) for year in slow.YEARS if year >= 2016]
    found = slow.judged(two_cycle, [*one_way(6.0), *turning])
    years = [found[f"M1:E1:260400:{year}"]["statistic"] for year in (2018, 2019, 2020)]
    quiet = [row["statistic"] for name, row in found.items() if "E1:M1" not in name and "M1:E1" not in name]
    assert min(years) > max(quiet)


def test_the_gap_is_what_goes_round_beyond_the_median_of_earlier_years():
    """Of seven earlier round trips 1, 1, 2, 3, 4, 4, 5 M USD the lower quartile is 1.5, the median 3."""
    rounds = [1e6, 5e6, 1e6, 2e6, 4e6, 3e6, 4e6, 10e6]
    rows = [
        flow(exporter, importer, year, usd, usd)
        for year, back in zip(range(2013, 2021), rounds, strict=True)
        for exporter, importer, usd in (("E1", "M1", 20e6), ("M1", "E1", back))
    ]
    row = slow.judged(two_cycle, rows)["M1:E1:260400:2020"]
    assert (row["earlier_round_usd"], row["usual_round_usd"]) == (pytest.approx(1.5e6), pytest.approx(3e6))
    assert row["gap_value_usd"] == pytest.approx(7e6)
    assert row["gap_low_usd"] < 7e6 < row["gap_high_usd"]


def test_a_return_below_a_tenth_is_no_round_trip():
    found = slow.judged(two_cycle, [*one_way(1.0), flow("M1", "E1", 2020, 9e4, 9.4e4)])
    assert "E1:M1:260400:2020" not in found


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(two_cycle, both_ways(seed), seed)
