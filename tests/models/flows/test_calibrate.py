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


def statistics(family, values, null=False, channel="jump", model_p=None):
    return pl.DataFrame(
        {
            "flow_id": [f"{family}{channel}{null}{n}" for n in range(len(values))],
            "channel": [channel] * len(values),
            "family": [family] * len(values),
            "as_of": [AS_OF] * len(values),
            "statistic": [float(v) for v in values],
            "is_null": [null] * len(values),
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


def test_large_enough_means_one_null_row_per_test_at_the_nominal_rate():
    assert is_large_enough(100, 100)
    assert not is_large_enough(99, 100)
