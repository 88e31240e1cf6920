import numpy as np
import polars as pl
import pytest

from models.flows.calibrate import benjamini_hochberg, conformal
from models.scoreboard.exporters import LEAST_EXPORTERS
from models.scoreboard.null import Aside, Listed, Null, first_of


def aside(scores: np.ndarray, exporters: int, is_hit: np.ndarray | None = None) -> Aside:
    """Flows of as many exporters, in turn."""
    names = pl.Series([f"world {place % exporters}" for place in range(scores.size)], dtype=pl.String)
    return Aside(scores, np.zeros(scores.size, dtype=bool) if is_hit is None else is_hit, names)


def judged(null: Null, score: np.ndarray) -> Listed:
    return null.judge(score, score)


def test_p_values_by_hand_with_hits_left_out_of_the_null():
    scores = np.array([1.0, 2.0, 3.0, 9.0, np.nan])
    null = Null.of([aside(scores, 1, np.array([False, False, False, True, False]))])
    told = judged(null, np.array([2.5, 10.0, 0.0, np.nan]))
    # Four null rows: 1, 2, 3 and one that is not known and comes last. One exporter tells of no others.
    assert told.p == pytest.approx([2 / 5, 1 / 5, 4 / 5, 1.0])
    assert list(np.argsort(-told.order)) == [1, 0, 2, 3]
    assert np.isnan(told.order[3])


def test_a_null_of_few_exporters_claims_nothing():
    scores, tests = np.arange(200.0), np.full(20, 1000.0)
    assert np.isnan(judged(Null.of([aside(scores, LEAST_EXPORTERS - 1)]), tests).q).all()
    assert np.isfinite(judged(Null.of([aside(scores, LEAST_EXPORTERS)]), tests).q).all()


def test_a_null_too_small_for_its_tests_claims_nothing():
    null = Null.of([aside(np.arange(50.0), 50)])
    assert np.isfinite(judged(null, np.full(50, 100.0)).q).all()
    told = judged(null, np.full(51, 100.0))
    assert np.isnan(told.q).all()
    assert (told.p == told.p[0]).all()
    assert told.p[0] == pytest.approx(1 / 51, rel=0.01)


def test_p_comes_from_compared_scores_and_ties_go_by_the_others():
    null = Null.of([aside(np.arange(40.0), 40)])
    told = null.judge(np.array([50.0, 50.0, 10.0]), np.array([1.0, 2.0, 9.0]))
    assert told.p[0] == told.p[1] < told.p[2]
    assert list(np.argsort(-told.order)) == [1, 0, 2]


def test_a_null_is_the_same_in_whatever_order_its_cases_come():
    chance = np.random.default_rng(1)
    parts = [Aside(chance.normal(size=60), chance.random(60) < 0.1, pl.Series([f"{at} {k % 7}" for k in range(60)]))
             for at in range(4)]  # fmt: skip
    one, other = Null.of(parts), Null.of(parts[::-1])
    assert one.exporters == other.exporters == 28
    assert np.array_equal(one.p, other.p)
    assert np.array_equal(one.scores, other.scores)


def test_a_list_that_brings_its_p_along_is_cut_by_it_and_what_was_not_tested_is_no_test():
    p, order = np.array([0.01, np.nan, 0.04, 0.5]), np.array([1.0, np.nan, 3.0, 2.0])
    told = Listed.given(p, order)
    assert told.q[[0, 2, 3]] == pytest.approx([0.03, 0.06, 0.5])
    assert np.isnan(told.q[1])
    assert told.p.tolist() == [0.01, 1.0, 0.04, 0.5]
    assert told.order is order


def test_ties_of_p_go_by_score_and_equal_rows_share_a_place():
    order = first_of(np.array([1.0, 1.0, 2.0, 1.0]), np.array([5.0, 7.0, 0.0, 5.0]))
    assert list(order) == [1.0, 2.0, 3.0, 1.0]


def realised(spread: float, rates: list[float], plain: list[float]) -> None:
    """False shares of lists over exporters that differ by `spread`, by Null and by conformal p alone."""
    chance = np.random.default_rng(3)
    for _ in range(60):
        sides = [np.repeat(spread * chance.normal(size=26), 80) + chance.normal(size=2080) for _ in range(2)]
        sides[1][::20] += 4.5
        names = pl.Series(np.repeat(np.arange(26), 80)).cast(pl.String)
        null = Null.of([Aside(sides[0], np.zeros(2080, dtype=bool), names)])
        is_false = np.arange(2080) % 20 != 0
        p = conformal(sides[1], sides[0])
        for q, told in ((judged(null, sides[1]).q, rates), (benjamini_hochberg(p), plain)):
            taken = q <= 0.1
            told.append((taken & is_false).sum() / max(taken.sum(), 1))


def test_the_realised_rate_keeps_what_is_declared_where_null_and_tests_are_alike():
    rates: list[float] = []
    realised(0.0, rates, [])
    assert 0.04 < np.mean(rates) < 0.12


def test_where_exporters_differ_fewer_false_flows_come_with_another_draw_of_them():
    rates: list[float] = []
    plain: list[float] = []
    realised(1.5, rates, plain)
    assert np.mean(plain) > 0.15
    assert np.mean(rates) < np.mean(plain) - 0.02
