"""Routes that begin large."""

import math
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import new_route
from models.flows.structure.new_route import ENOUGH, SHRINK
from tests.models.flows.frames import flow
from tests.models.flows.structure import slow


def beginnings(seed: int = 0) -> list[dict]:
    """Old trade, and every year after 2015 some twenty small orders between countries that are new to one another."""
    rng = np.random.default_rng(seed)
    rows = slow.noisy(seed, years=range(2008, 2021))
    pairs = [(f"N{one}", f"W{other}") for one in range(12) for other in range(12)]
    for place, at in enumerate(rng.permutation(len(pairs))[:120]):
        usd = float(np.exp(rng.normal(8, 1)))
        rows.append(flow(*pairs[at], 2014 + place % 7, usd, 1.02 * usd))
    return rows


def test_agrees_with_an_obvious_version():
    rows = [*beginnings(), flow("E1", "N3", 2009, 5e4, 5e4), flow("E1", "N3", 2012, 5e4, 5e4),
            flow("E1", "N3", 2020, 5e4, 5e4)]  # fmt: skip
    table = slow.table(*rows).to_dicts()
    market = {year: sum(row["reconciled_value_usd"] for row in table if row["period"] == year)
              for year in range(2008, 2021)}  # fmt: skip
    new = []
    for row in table:
        before = [one["period"] for one in table if one["period"] < row["period"]
                  and (one["exporter"], one["importer"]) == (row["exporter"], row["importer"])]  # fmt: skip
        if row["period"] - max(before, default=2007) > 5:
            new.append(row | {"size": math.log(row["reconciled_value_usd"] / market[row["period"]])})
    expected = {}
    for row in new:
        earlier = [one for one in new if one["period"] < row["period"]]
        if len(earlier) < ENOUGH:
            continue
        sizes = [one["size"] for one in earlier]
        whole = mean(sizes)
        ends = []
        for end in ("exporter", "importer"):
            own = [one["size"] for one in earlier if one[end] == row[end]]
            ends.append((sum(own) + SHRINK * whole) / (len(own) + SHRINK))
        expected[row["flow_id"].split(":", 1)[1]] = (row["size"] - (sum(ends) - whole)) / float(np.std(sizes))
    found = {name: row["statistic"] for name, row in slow.judged(new_route, rows).items()}
    assert found == pytest.approx(expected)
    assert "E1:N3:260400:2020" in found
    assert len(found) > 50


def test_a_route_that_begins_with_a_shipload_stands_out_and_a_sample_does_not():
    rows = [*beginnings(), flow("N1", "ZZZ", 2020, None, 8e6), flow("N2", "ZZZ", 2020, 3e3, 3e3)]
    found = slow.judged(new_route, rows)
    large, small = found["N1:ZZZ:260400:2020"], found["N2:ZZZ:260400:2020"]
    assert large["statistic"] > 5
    assert (large["is_declared_by_one_side"], small["is_declared_by_one_side"]) == (1.0, 0.0)
    assert large["expected_value_usd"] < 1e5
    assert abs(small["statistic"]) < 1.5


def test_the_first_years_of_a_source_know_no_new_routes():
    rows = [*beginnings(), flow("N1", "ZZZ", 2012, 8e6, 8e6)]
    assert "N1:ZZZ:260400:2012" not in slow.judged(new_route, rows)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(new_route, beginnings(seed), seed)
