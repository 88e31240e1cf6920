import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.measures.calibration import Trials, coverage
from graphs.measures.intervals import DEFAULT, Missing, measure, quantile, ranks, stretched, thinned
from graphs.measures.network import network
from graphs.measures.nodes import MEASURES
from tests.graphs.network_rows import ROWS, edges, made, world

QUICK = Missing(replicates=8)


def seeded(seed=1):
    return np.random.default_rng(seed)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([1.0, 1.0 + 1e-13, 2.0, 5.0, 0.0, -3.0, np.nan]), max_size=12), st.booleans())
def test_rank_is_the_mean_place_of_equals(values, is_low_first):
    one = MEASURES["constraint" if is_low_first else "core"]
    signed = [value if is_low_first else -value for value in values]
    expected = []
    for mine in signed:
        better = sum(other < mine - 1e-9 for other in signed)
        equal = sum(abs(other - mine) < 1e-9 for other in signed)
        expected.append(np.nan if np.isnan(mine) else better + (equal + 1) / 2)
    found = ranks(np.array(values), one, np.ones(len(values), dtype=bool))
    np.testing.assert_allclose(found, expected)


def test_absent_nodes_have_no_rank():
    found = ranks(np.array([5.0, 9.0, 1.0]), MEASURES["core"], np.array([True, False, True]))
    np.testing.assert_array_equal(found, [1.0, np.nan, 2.0])


def test_places_among_some_are_stretched_to_all():
    full = np.arange(1.0, 10.0)  # 9 places
    some = np.array([1, 2, 3, 4, 5] + [np.nan] * 4)
    np.testing.assert_allclose(stretched(some, full)[:5], [1, 3, 5, 7, 9])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 4.0, np.nan]), min_size=3, max_size=3), min_size=1, max_size=9))
def test_quantile_is_that_of_numpy(rows):
    values = np.array([*rows, [0.0, 1.0, 2.0]])
    np.testing.assert_allclose(quantile(values, 0.8), np.nanquantile(values, 0.8, axis=0))
    assert np.isnan(quantile(np.full((3, 1), np.nan), 0.8)).all()


def test_with_nothing_missing_the_interval_is_the_rank():
    found = measure(network(world(15, 1)), seeded(), Missing(0.0, 0.0, replicates=3))
    ranked = found.filter(pl.col("rank").is_not_null())
    assert ranked.height > 15 * 12
    assert ranked["rank"].to_list() == pytest.approx(ranked["rank_low"].to_list())
    assert ranked["rank"].to_list() == pytest.approx(ranked["rank_high"].to_list())


def test_what_is_left_out_is_what_was_asked_for():
    whole = network(world(60, 2))
    rng = seeded()
    drawn = [thinned(whole, rng, Missing(0.2, 0.1)) for _ in range(200)]
    left = np.mean([present.mean() for _, present in drawn])
    kept = np.mean([len(one.start) for one, _ in drawn]) / len(whole.start)
    assert left == pytest.approx(0.9, abs=0.01)
    assert kept == pytest.approx(0.8 * 0.9 * 0.9, abs=0.02)
    for one, present in drawn:
        assert present[one.start].all()
        assert present[one.end].all()


def test_values_are_shaken_by_their_log_sd():
    whole = network(world(60, 2))
    shaken, _ = thinned(whole, seeded(), Missing(0.0, 0.0, log_sd=0.3))
    logs = np.log(shaken.value_usd / whole.value_usd)
    assert logs.std() == pytest.approx(0.3, rel=0.1)
    assert abs(logs.mean()) < 0.05
    still, _ = thinned(whole, seeded(), Missing(0.0, 0.0))
    np.testing.assert_array_equal(still.value_usd, whole.value_usd)


def test_more_missing_means_wider():
    whole = network(world(40, 3))
    widths = [
        measure(whole, seeded(), Missing(share, 0.0, replicates=20), ["out_strength"])
        .select((pl.col("rank_high") - pl.col("rank_low")).mean())
        .item()
        for share in (0.02, 0.1, 0.4)
    ]
    assert widths == sorted(widths)
    assert widths[0] < widths[2] / 3


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_the_table_is_tidy_whatever_the_network(rows):
    frame = edges(*rows)
    before = frame.clone()
    one = network(frame)
    found = measure(one, seeded(), QUICK)
    assert frame.equals(before)
    assert found.columns == ["measure", "node", "value", "rank", "rank_low", "rank_high"]
    assert found.height == len(one.nodes) * len(MEASURES)
    assert found.select("measure", "node").is_unique().all()
    assert found.filter(pl.col("rank").is_null() != pl.col("value").is_null()).is_empty()
    known = found.filter(pl.col("rank_low").is_not_null())
    assert known.filter(~pl.col("rank").is_between(pl.col("rank_low"), pl.col("rank_high"))).is_empty()
    assert known.filter((pl.col("rank_low") < 1) | (pl.col("rank_high") > len(one.nodes))).is_empty()
    assert not found.select(pl.col("value", "rank", "rank_low", "rank_high").is_nan().any()).to_numpy().any()


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_same_seed_same_result_in_any_row_order(rows):
    one = measure(network(edges(*rows)), seeded(), QUICK)
    assert one.equals(measure(network(edges(*rows[::-1])), seeded(), QUICK))


def test_renaming_in_the_same_order_renames_and_another_seed_moves_intervals():
    frame = world(20, 5)
    renamed = frame.with_columns(pl.concat_str(pl.lit("ü '\n"), name).alias(name) for name in ("start", "end"))
    one, other = (measure(network(rows), seeded(), QUICK) for rows in (frame, renamed))
    assert one.with_columns(pl.concat_str(pl.lit("ü '\n"), "node").alias("node")).equals(other)
    assert not one.equals(measure(network(frame), seeded(2), QUICK))


def test_intervals_hold_the_true_rank_about_as_often_as_they_say():
    names = ["in_degree", "out_strength", "pagerank", "betweenness", "passed_usd", "core"]
    parts = [coverage(network(world(60, seed)), seeded(seed), Missing(), Trials(3), names) for seed in range(3)]
    found = dict(pl.concat(parts).group_by("measure").agg(pl.col("coverage").mean()).iter_rows())
    assert set(found) == set(names)
    assert all(0.70 <= share <= 0.93 for share in found.values()), found


def test_calibration_sees_an_interval_that_is_too_narrow():
    whole = network(world(60, 1))
    narrow = coverage(whole, seeded(), Missing(level=0.2), Trials(3), ["out_strength"])
    wide = coverage(whole, seeded(), Missing(level=0.8), Trials(3), ["out_strength"])
    assert narrow["coverage"][0] < 0.5 < wide["coverage"][0]
    assert narrow["width"][0] < wide["width"][0] / 2


def test_more_missing_than_imitated_is_more_than_it_covers():
    whole = network(world(60, 1))
    found = [
        coverage(whole, seeded(), DEFAULT, Trials(3, planted), ["in_degree"])["coverage"][0]
        for planted in (Missing(0.03, 0.0), None, Missing(0.4, 0.1))
    ]
    assert found == sorted(found, reverse=True)
    assert found[2] < 0.6 < 0.9 < found[0]


def test_calibration_can_look_at_the_first_places_only():
    whole = network(world(30, 1))
    found = coverage(whole, seeded(), Missing(0.1, 0.0, replicates=5), Trials(2, top=5), ["out_strength"])
    assert found["nodes"].to_list() == [10]
    with pytest.raises(InputError, match="at least one"):
        Trials(0)


@pytest.mark.parametrize(
    "wrong", [{"edges": 1.0}, {"nodes": -0.1}, {"level": 0.0}, {"replicates": 0}, {"log_sd": -1.0}]
)
def test_shares_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match="name "):
        Missing(**wrong)


def test_unknown_measures_are_refused_with_the_known_ones():
    with pytest.raises(InputError, match="No measure is called fame; choose among in_degree"):
        measure(made(("A", "B")), seeded(), names=["fame"])
    with pytest.raises(InputError, match="No measure is named"):
        measure(made(("A", "B")), seeded(), names=[])
