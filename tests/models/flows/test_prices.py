"""What the world pays for a kilogram, whatever a few faulty rows say."""

import pytest

from models.flows.prices import world_unit_values
from models.flows.reconcile import reconcile
from tests.models.flows.frames import baci, flow, flows


def price(table):
    return world_unit_values(table)["usd_per_kg"].to_list()


def test_the_middle_by_value_of_the_flows_that_make_half_of_all_trade():
    rows = [baci("AAA", f"B{at}", 2015, value, value / unit) for at, (value, unit) in
            enumerate([(50.0, 2.0), (40.0, 3.0), (30.0, 9.0), (1.0, 100.0)])]  # fmt: skip
    assert price(flows(*rows)) == [pytest.approx(2.0)]  # 50 and 40 make half of 121; 50 is half of 90


def test_a_value_a_thousand_times_too_large_sets_no_price():
    good = [flow("AAA", f"B{at}", 2015, 1e6, 1e6) for at in range(5)]
    faulty = flow("EXP", "IMP", 2015, 1e6, 1e9, import_mass_kg=1e6)
    table = reconcile(flows(*good, faulty))
    assert table["reconciled_value_usd"].max() > 5e6  # it would outweigh all others
    assert price(table) == [pytest.approx(1.0)]


def test_an_impossible_price_of_a_reconciled_source_sets_none():
    good = [baci("AAA", f"B{at}", 2015, 1e6, 1e6) for at in range(5)]
    assert price(flows(*good, baci("EXP", "IMP", 2015, 1e9, 1e6))) == [pytest.approx(1.0)]
    dear = flows(*good, baci("EXP", "IMP", 2015, 1e8, 1e6))  # a hundred times: another grade
    assert price(dear) == [pytest.approx(100.0)]
