import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.dispute import ALIKE, MAJORITY, WINDOW, disputed
from tests.models.flows.frames import baci, flow, flows


def years(*amounts, **other):
    """One pair from 2010 on; (exports, imports) a year, None where the year has no row."""
    return [flow("EXP", "IMP", 2010 + at, *both, **other) for at, both in enumerate(amounts) if both is not None]


def last(rows) -> bool:
    found = disputed(flows(*rows))
    return dict(found.iter_rows())[max(rows, key=lambda row: row["period"])["flow_id"]]


AGREED, DOUBLED = (100.0, 105.0), (100.0, 300.0)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([AGREED, AGREED, AGREED, DOUBLED], True),  # they begin to differ
        ([DOUBLED, DOUBLED, DOUBLED, DOUBLED], False),  # they always did
        ([DOUBLED, DOUBLED, DOUBLED, (100.0, 1000.0)], True),  # they differ more than they did
        ([DOUBLED, DOUBLED, DOUBLED, AGREED], False),  # they come to agree
        ([DOUBLED, DOUBLED, DOUBLED, (300.0, 100.0)], True),  # they change sides
        ([AGREED, AGREED, AGREED, (1000.0, 1050.0)], False),  # growth that both declare
        ([DOUBLED], True),  # nothing is usual yet: measured from par
        ([AGREED, AGREED, AGREED, (None, 300.0)], True),  # the exporter falls silent
        ([(None, 90.0), (None, 95.0), (None, 90.0), (None, 300.0)], False),  # it never said anything
        ([(100.0, 0.0), (100.0, 0.0), (100.0, 0.0), (900.0, 0.0)], False),  # zero is no amount either
        ([DOUBLED, *[(None, 90.0)] * (WINDOW + 1), DOUBLED], False),  # the usual ratio outlives a silence
    ],
)
def test_a_habit_is_no_dispute(amounts, expected):
    assert last(years(*amounts)) is expected


def test_an_office_that_did_not_report_disputes_nothing():
    rows = [*years(AGREED, AGREED, AGREED), flow("EXP", "IMP", 2013, None, 300.0, exporter_reported=False)]
    assert last(rows) is False


def test_reconciled_trade_holds_no_dispute():
    assert last([baci("EXP", "IMP", 2015, 1e6, 1e6)]) is False


def slow(rows: list[dict]) -> dict[str, bool]:
    """The rule in plain words, one flow at a time."""
    out = {}
    for row in rows:
        earlier = [one for one in rows if one["period"] < row["period"] and one["importer"] == row["importer"]]
        earlier.sort(key=lambda one: one["period"])
        ratios = [_ratio(one) for one in earlier]
        usual = 0.0
        for end in range(len(ratios), 0, -1):
            known = sorted(one for one in ratios[max(0, end - WINDOW) : end] if one is not None)
            if known:
                middle = len(known) // 2
                usual = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
                break
        mine, recent = _ratio(row), ratios[-WINDOW:]
        if mine is not None:
            out[row["flow_id"]] = abs(mine) > ALIKE and abs(mine - usual) > ALIKE
        else:
            spoken = sum(one is not None for one in recent)
            out[row["flow_id"]] = bool(recent) and spoken / len(recent) >= MAJORITY
    return out


def _ratio(row: dict) -> float | None:
    exports, imports = row["export_value_usd"], row["import_value_usd"]
    return math.log(imports / exports) if exports and imports else None


AMOUNT = st.one_of(st.none(), st.sampled_from([0.0, 10.0, 30.0, 90.0, 400.0]))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.sampled_from(["AAA", "BBB"]), st.integers(2000, 2012)), st.tuples(AMOUNT, AMOUNT)))
def test_equals_the_rule_applied_flow_by_flow_in_any_order(declared):
    rows = [flow("EXP", importer, year, *both) for (importer, year), both in declared.items()]
    found = disputed(flows(*rows[::-1]))
    assert dict(found.iter_rows()) == slow(rows)
    assert found.height == len(rows)
    assert found.schema == {"flow_id": pl.String, "is_disputed": pl.Boolean}
