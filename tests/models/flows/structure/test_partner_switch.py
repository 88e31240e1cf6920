"""What is missing here and too much elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.channels import CHANNELS
from models.flows.structure import partner_switch
from tests.models.flows.frames import flow
from tests.models.flows.structure import slow
from tests.models.flows.structure.test_code_switch import off


def uneven(seed: int = 0) -> list[dict]:
    """Pairs whose two sides lie apart, one way or the other."""
    rows = slow.noisy(seed, years=range(2018, 2021))
    return [row | {"import_value_usd": row["import_value_usd"] * (0.2, 1.0, 1.0, 4.0, 0.5, 1.0, 2.5)[place % 7]}
            for place, row in enumerate(rows)]  # fmt: skip


def test_agrees_with_an_obvious_version():
    rows = uneven()
    expected = {}
    for row in rows:
        if off(row) == 0:
            continue
        sign, covered = (1 if off(row) > 0 else -1), []
        for end in ("exporter", "importer"):
            side = [off(one) for one in rows if (one[end], one["period"]) == (row[end], row["period"])]
            same, opposite = (sum(max(way * one, 0.0) for one in side) for way in (sign, -sign))
            covered.append(min(1.0, opposite / same))
        expected[row["flow_id"].split(":", 1)[1]] = max(covered)
    found = {name: row["statistic"] for name, row in slow.judged(partner_switch, rows).items()}
    assert found == pytest.approx(expected)


def test_transit_is_marked_in_full_and_a_lone_gap_is_not():
    """The mine's country names the port, the market names the mine's country."""
    rows = [flow("MIN", "HUB", 2020, 9e6, 1e6), flow("MIN", "MKT", 2020, 1e6, 9e6), flow("AAA", "BBB", 2020, 1e6, 9e6)]
    found = slow.judged(partner_switch, rows)
    assert found["MIN:MKT:260400:2020"]["statistic"] == 1.0
    assert found["MIN:HUB:260400:2020"]["statistic"] == 1.0
    assert found["AAA:BBB:260400:2020"]["statistic"] == 0.0


def test_it_is_a_marker_and_leads_nothing():
    assert CHANNELS["partner_switch"].leads == "marker"


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(partner_switch, uneven(seed), seed)
