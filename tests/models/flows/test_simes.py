import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.flows.calibrate import conformal
from models.flows.simes import unit_p_values


def rows(p, exporter):
    return pl.DataFrame({"source": "s", "commodity": "2609", "exporter": exporter, "p_value": p})


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0.001, 1)), min_size=1, max_size=30))
def test_a_units_p_is_simes_over_its_flows(flows):
    exporter, p = [one for one, _ in flows], [one for _, one in flows]
    slow = {}
    for name in set(exporter):
        mine = sorted(value for one, value in flows if one == name)
        slow[name] = min(1.0, *(len(mine) * value / place for place, value in enumerate(mine, 1)))
    assert unit_p_values(rows(p, exporter)).to_list() == pytest.approx([slow[one] for one in exporter])


def test_row_order_does_not_matter():
    table = rows([0.5, 0.01, 0.2, 0.03], ["A", "A", "B", "A"])
    again = table.reverse()
    assert unit_p_values(again).reverse().to_list() == unit_p_values(table).to_list()


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
def test_p_of_ordinary_units_is_valid_however_much_their_flows_have_in_common(shared):
    """400 units of eight flows that share a part of their noise, against a null of such units."""
    chance = np.random.default_rng(0)

    def units(count):
        common = chance.normal(size=(count, 1))
        return np.sqrt(shared) * common + np.sqrt(1 - shared) * chance.normal(size=(count, 8))

    share = []
    for _ in range(40):
        p = conformal(units(400).ravel(), units(400).ravel())
        found = rows(p, np.repeat(np.arange(400).astype(str), 8)).with_columns(unit=pl.Series(np.arange(3200) // 8))
        share.append((found.with_columns(unit_p_values(found)).unique("unit")["unit_p_value"] <= 0.1).mean())
    # The null of each round is drawn too, so that rounds are the unit of doubt.
    assert np.mean(share) <= 0.1 + 3 * np.std(share) / np.sqrt(len(share))
