"""Metrics against slow obvious references, scikit-learn, and values worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from models import metrics

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 100)), min_size=1, max_size=40)


def arrays(rows):
    hits, scores, gains = zip(*rows, strict=True)
    return np.array(hits, bool), np.array(scores, float), np.array(gains, float)


def slow_average_precision(hits, scores):
    """For every distinct score from the top: what share of the hits is new, times the precision down to there."""
    total, area, before = hits.sum(), 0.0, 0
    for threshold in sorted(set(scores), reverse=True):
        taken = scores >= threshold
        found = hits[taken].sum()
        area += (found - before) / total * found / taken.sum()
        before = found
    return area


@given(ROWS)
def test_average_precision_is_the_area_under_the_steps(rows):
    hits, scores, _ = arrays(rows)
    found = metrics.average_precision(hits, scores)
    if not hits.any():
        assert math.isnan(found)
        return
    assert found == pytest.approx(slow_average_precision(hits, scores))
    assert found == pytest.approx(average_precision_score(hits, scores))
    shuffled = np.random.default_rng(0).permutation(hits.size)
    assert found == pytest.approx(metrics.average_precision(hits[shuffled], scores[shuffled]))


def test_average_precision_by_hand():
    hits = np.array([True, False, True, False])
    # Precision 1 at the first hit, 2/3 at the second: (1 + 2/3) / 2.
    assert metrics.average_precision(hits, np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx(5 / 6)
    # All of one score: the base rate.
    assert metrics.average_precision(hits, np.zeros(4)) == metrics.base_rate(hits) == 0.5


@given(ROWS, st.integers(1, 50))
def test_gain_of_the_first_rows_is_that_of_scikit_learn(rows, k):
    _, _, gains = arrays(rows)
    found = metrics.ndcg_at(gains, k)
    if not gains.any():
        assert math.isnan(found)
    elif gains.size > 1:  # scikit-learn refuses a list of one
        assert found == pytest.approx(ndcg_score([gains], [-np.arange(gains.size)], k=k, ignore_ties=True))


@given(ROWS, st.integers(1, 50))
def test_shares_are_counted(rows, k):
    hits, scores, _ = arrays(rows)
    taken = scores > 2
    head = list(hits[:k])
    assert metrics.precision_at(hits, k) == pytest.approx(sum(head) / len(head))
    both, hit, took = sum(hits & taken), sum(hits), sum(taken)
    assert metrics.recall(hits, taken) == pytest.approx(both / hit if hit else math.nan, nan_ok=True)
    assert metrics.false_discovery_proportion(hits, taken) == pytest.approx(1 - both / took if took else 0.0)


def test_of_an_empty_list_nothing_is_said():
    none = np.array([], bool)
    assert math.isnan(metrics.base_rate(none))
    assert math.isnan(metrics.precision_at(none, 5))
    assert math.isnan(metrics.average_precision(none, none.astype(float)))


def test_an_interval_draws_whole_clusters():
    """Six countries of 50 rows, each all hits or none: the share has the spread of six throws of a coin."""
    clusters = np.repeat(np.arange(6), 50)
    hits = clusters < 3
    found = metrics.estimate(lambda at: metrics.base_rate(hits[at]), clusters, np.random.default_rng(1))
    assert found.value == 0.5
    # Binomial(6, 1/2) / 6: its 10th and 90th percentiles are 2/6 and 4/6 (or one sixth further out).
    assert found.low in (pytest.approx(1 / 6), pytest.approx(2 / 6))
    assert found.high in (pytest.approx(4 / 6), pytest.approx(5 / 6))
    alone = metrics.estimate(lambda at: metrics.base_rate(hits[at]), np.arange(300), np.random.default_rng(1))
    assert alone.high - alone.low < 0.1


def slow_interval(statistic, clusters, chance):
    """The same draws, row by row."""
    names = sorted(set(clusters))
    drawn = []
    for _ in range(metrics.RESAMPLES):
        times = dict.fromkeys(names, 0)
        for one in chance.integers(0, len(names), len(names)):
            times[names[one]] += 1
        rows = [at for at, name in enumerate(clusters) for _ in range(times[name])]
        drawn.append(statistic(np.array(rows, dtype=np.intp)))
    return np.percentile([one for one in drawn if not math.isnan(one)], metrics.BOUNDS)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=30, max_size=60), st.integers(0, 9))
def test_an_interval_is_that_of_the_slow_reference(rows, seed):
    hits, clusters = (np.array(one) for one in zip(*rows, strict=True))

    def share(at):
        return metrics.precision_at(hits[at], 10)

    found = metrics.estimate(share, clusters, np.random.default_rng(seed))
    if len(set(clusters)) < metrics.LEAST_CLUSTERS:
        assert (found.low, found.high) == (None, None)
        return
    assert (found.low, found.high) == pytest.approx(slow_interval(share, clusters, np.random.default_rng(seed)))


def test_few_clusters_have_no_interval_and_an_undefined_figure_no_value():
    hits, four = np.array([True, False, True, False]), np.arange(4)
    found = metrics.estimate(lambda at: metrics.base_rate(hits[at]), four, np.random.default_rng(0))
    assert found == metrics.Estimate(0.5)
    none = metrics.estimate(lambda at: float("nan"), np.arange(9), np.random.default_rng(0))
    assert none == metrics.Estimate(None)


def test_same_seed_same_interval():
    hits = np.arange(90) % 7 == 0
    two = [metrics.estimate(lambda at: metrics.base_rate(hits[at]), np.arange(90) % 9, np.random.default_rng(4))
           for _ in range(2)]  # fmt: skip
    assert two[0] == two[1]


@given(st.integers(1, 500), st.data())
def test_wilson_solves_its_equation(total, data):
    """The ends solve (p - hits / n)^2 = z^2 p (1 - p) / n, lie around the share, and shrink as rows grow."""
    hits = data.draw(st.integers(0, total))
    low, high = metrics.wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1
    assert low < high
    for end in (low, high):
        assert (end - hits / total) ** 2 == pytest.approx(metrics.NORMAL_80**2 * end * (1 - end) / total, abs=1e-9)
    more = metrics.wilson(10 * hits, 10 * total)
    assert more[1] - more[0] < high - low
