import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.flows.calibrate import benjamini_hochberg, conformal, is_large_enough, null_pool, p_values
from tests.models.flows.frames import AS_OF

FLOATS = st.lists(st.floats(-50, 50), min_size=1, max_size=40)


@given(FLOATS, FLOATS)
def test_conformal_equals_the_definition(statistics, null):
    expected = [(1 + sum(n >= s for n in null)) / (len(null) + 1) for s in statistics]
    assert conformal(np.array(statistics), np.array(null)).tolist() == pytest.approx(expected)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=60), st.floats(0.01, 0.5))
def test_benjamini_hochberg_selects_what_the_step_up_rule_selects(p, rate):
    n, ordered = len(p), sorted(p)
    passing = [k for k, value in enumerate(ordered, 1) if value <= rate * k / n]
    cut = ordered[max(passing) - 1] if passing else -1.0
    q = benjamini_hochberg(np.array(p))
    # One ulp decides at the boundary, where both rules are right.
    decided = [(value <= cut, one <= rate) for value, one in zip(p, q, strict=True) if abs(one - rate) > 1e-9]
    assert all(slow == fast for slow, fast in decided)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=60))
def test_q_never_falls_below_p_and_keeps_the_order(p):
    q = benjamini_hochberg(np.array(p))
    assert (q >= np.array(p) - 1e-12).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_conformal_p_is_uniform_under_the_null():
    rng = np.random.default_rng(0)
    p = conformal(rng.normal(size=20_000), rng.normal(size=20_000))
    for level in (0.01, 0.05, 0.1, 0.5):
        assert np.mean(p <= level) == pytest.approx(level, rel=0.25)


def statistics(family, values, null=False, channel="jump", model_p=None, stratum=0):
    return pl.DataFrame(
        {
            "flow_id": [f"{family}{channel}{null}{n}" for n in range(len(values))],
            "channel": [channel] * len(values),
            "family": [family] * len(values),
            "as_of": [AS_OF] * len(values),
            "statistic": [float(v) for v in values],
            "is_null": [null] * len(values),
            "stratum": pl.Series([stratum] * len(values), dtype=pl.UInt8),
            "model_p": pl.Series([model_p] * len(values), dtype=pl.Float64),
            "gap_value_usd": pl.Series([None] * len(values), dtype=pl.Float64),
            "gap_mass_kg": pl.Series([None] * len(values), dtype=pl.Float64),
            "parts": [[]] * len(values),
        },
        schema_overrides={"parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))},
    )


def test_a_small_family_null_is_replaced_by_the_pooled_one_and_says_so():
    tin, tin_null = statistics("tin", range(10)), statistics("tin", [0.0] * 3, null=True)
    rest_null = statistics("zinc", range(100), null=True)
    nulls = null_pool(pl.concat([tin, tin_null, rest_null]).lazy())
    scores = p_values(pl.concat([tin, tin_null]), nulls)
    assert scores["null_block"].unique().to_list() == ["pooled"]
    assert scores["null_rows"].unique().to_list() == [103]


def test_a_large_own_null_is_used():
    own = statistics("tin", range(5))
    nulls = null_pool(pl.concat([own, statistics("tin", range(20), null=True)]).lazy())
    scores = p_values(own, nulls)
    assert scores["null_block"].unique().to_list() == ["tin"]
    assert scores["is_null_large"].all()


def test_without_any_null_p_is_one_and_no_rate_is_claimed():
    own = statistics("tin", range(5))
    scores = p_values(own, null_pool(own.lazy()))
    assert scores["p_value"].to_list() == [1.0] * 5
    assert not scores["is_null_large"].any()


def test_a_channels_own_probability_is_kept_and_claims_no_rate():
    own = statistics("tin", range(5), channel="one_sided", model_p=0.03)
    scores = p_values(own, null_pool(own.lazy()))
    assert scores["p_value"].to_list() == [0.03] * 5
    assert not scores["is_null_large"].any()
    assert scores["null_rows"].to_list() == [0] * 5


def test_placebo_rows_of_a_ban_are_not_tests():
    rows = pl.concat(
        [statistics("nickel", [5.0], channel="ban_break"), statistics("nickel", range(9), True, "ban_break")]
    )
    scores = p_values(rows, null_pool(rows.lazy()))
    assert scores["flow_id"].to_list() == ["nickelban_breakFalse0"]
    assert scores["p_value"].to_list() == [pytest.approx((1 + 4) / 10)]


def test_a_stratum_is_compared_with_its_own_clean_rows_only():
    rows = pl.concat(
        [
            statistics("tin", [5.0], channel="learned", stratum=3),
            statistics("tin", [5.0] * 3, null=True, channel="learned", stratum=3),
            statistics("tin", [0.0] * 90, null=True, channel="learned", stratum=5),
        ]
    )
    scores = p_values(rows, null_pool(rows.lazy()))
    found = scores.filter(flow_id="tinlearnedFalse0").row(0, named=True)
    assert (found["p_value"], found["null_rows"], found["null_block"]) == (1.0, 3, "pooled, one side, below 1 M USD")
    assert scores.filter(null_block="tin, both sides, below 1 M USD").height == 90


def test_matched_p_of_ordinary_flows_is_valid_where_clean_pairs_are_seldom_one_sided():
    """Ordinary flows score higher where one side is silent: a third of the tests, and a twentieth of the null."""
    chance = np.random.default_rng(0)

    def drawn(count, one_sided, null):
        is_one = chance.random(count) < one_sided
        scores = chance.normal(size=count) + 2.0 * is_one
        strata = np.where(is_one, 3, 5).astype(np.uint8)
        return statistics("tin", scores, null=null, channel="learned").with_columns(stratum=pl.Series(strata))

    matched, blind = [], []
    for _ in range(20):
        rows = pl.concat([drawn(1000, 1 / 3, null=False), drawn(2000, 1 / 20, null=True)])
        for found, table in ((matched, rows), (blind, rows.with_columns(stratum=pl.lit(0, dtype=pl.UInt8)))):
            scores = p_values(table, null_pool(table.lazy())).filter(pl.col("flow_id").str.contains("False"))
            found.append((scores["p_value"] <= 0.05).mean())
    assert np.mean(blind) > 0.15
    assert np.mean(matched) <= 0.05 + 3 * np.std(matched) / np.sqrt(len(matched))


def test_large_enough_means_one_null_row_per_test_at_the_nominal_rate():
    assert is_large_enough(100, 100)
    assert not is_large_enough(99, 100)
