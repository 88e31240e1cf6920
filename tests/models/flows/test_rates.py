"""What a list may say about its errors, and what it says where it may not."""

import polars as pl
import pytest

from models.flows.alerts import BUDGET, order
from models.flows.rates import flow_by_flow, why_no_rate
from tests.models.flows.test_alerts import ranked

SCHEMA = {"channel": pl.String, "null_block": pl.String, "null_rows": pl.UInt32, "tests": pl.UInt32}


def scored(*rows):
    """(channel, null block, null rows, tests, large)"""
    return pl.DataFrame(rows, schema={**SCHEMA, "is_null_large": pl.Boolean}, orient="row")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("jump", "tin", 900, 500, True)], None),
        ([], "nothing was tested"),
        ([("jump", "pooled", 521, 14_000, False)], "null too small: 521 clean rows for 14,000 tests"),
        (
            [("jump", "pooled", 521, 14_000, False), ("balance", "pooled", 3, 900, False)],
            "null too small: 3 clean rows for 900 tests",
        ),
        (
            [("jump", "tin", 900, 500, True), ("one_sided", "one_sided", 0, 40, False)],
            "no null confirms p of one sided, which comes from a model",
        ),
        ([("learned", "pooled", 0, 40, False)], "null too small: 0 clean rows for 40 tests"),
    ],
)
def test_a_rate_is_claimed_or_the_reason_told(rows, reason):
    assert why_no_rate(scored(*rows)) == reason


def test_the_learned_list_claims_flow_by_flow_and_says_why_not():
    rows = pl.DataFrame({"is_null_large": [True, False, False], "null_rows": [9, 521, 0], "tests": [9, 1_014_000, 40]})
    assert rows.select(flow_by_flow()).to_series().to_list() == [
        None,
        "null too small: 521 clean rows for 1,014,000 tests",
        "null too small: 0 clean rows for 40 tests",
    ]


def test_learned_q_are_of_family_and_null():
    two = ranked([0.01, 0.01, 0.5], claims=True, name="learned")
    two = two.with_columns(null_block=pl.Series(["tin, one side", "tin, both sides", "tin, both sides"]))
    found = order(two.lazy()).sort("flow_id")
    assert found["q_value"].to_list() == pytest.approx([0.01, 0.02, 0.5])


def test_units_get_q_of_their_own():
    rows = ranked([0.0001, 0.5, 0.9], claims=True).with_columns(
        exporter=pl.Series(["A", "A", "B"]), unit_p_value=pl.Series([0.0002, 0.0002, 0.9])
    )
    found = order(rows.lazy())
    assert found["unit_q_value"].to_list() == pytest.approx([0.0004, 0.0004, 0.9])
    assert order(ranked([0.01], claims=False).lazy())["unit_q_value"].to_list() == [None]


def test_the_agnostic_list_has_no_bound_and_the_learned_one_has():
    p = [0.00005] * 30 + [0.5] * 200
    lists = [ranked(p, claims=True, name=name, null_rows=20_000) for name in ("learned", "agnostic")]
    found = order(pl.concat(lists).lazy())
    agnostic, learned = (found.filter(list=name)["ordinary_bound"] for name in ("agnostic", "learned"))
    assert agnostic.null_count() == agnostic.len()
    assert learned.null_count() == 0
    assert learned[29] <= 3
    assert (learned.diff().drop_nulls() <= 1).all()


def test_without_a_large_null_there_is_no_bound():
    found = order(ranked([0.01] * 5, claims=False, name="learned").lazy())
    assert found["ordinary_bound"].null_count() == 5


def test_rows_of_a_small_null_count_as_ordinary():
    large = ranked([0.00005] * 40, claims=True, name="learned", null_rows=20_000)
    small = ranked([0.00001] * 10, claims=False, name="learned").with_columns(
        null_block=pl.lit("pooled"), flow_id=pl.lit("g") + pl.col("flow_id"), statistic=pl.lit(2.0)
    )
    found = order(pl.concat([large, small]).lazy())
    assert found["ordinary_bound"].head(10).to_list() == list(range(1, 11))  # largest score first
    assert found["ordinary_bound"][49] < 15


def test_each_list_has_a_budget_and_ranks_of_its_own():
    lists = [ranked([0.01] * 80, claims=False, name=name) for name in ("learned", "agnostic")]
    found = order(pl.concat(lists).lazy())
    assert found["list"].unique(maintain_order=True).to_list() == ["agnostic", "learned"]
    for name in ("agnostic", "learned"):
        mine = found.filter(list=name)
        assert mine["rank"].to_list() == list(range(1, 81))
        assert mine["is_selected"].sum() == BUDGET
