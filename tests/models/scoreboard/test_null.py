import numpy as np
import pytest

from models.scoreboard.null import Listed, Null, first_of


def test_p_values_by_hand_with_hits_left_out_of_the_null():
    scores = np.array([1.0, 2.0, 3.0, 9.0, np.nan])
    told = Null.of([(scores, np.array([False, False, False, True, False]))]).judge(np.array([2.5, 10.0, 0.0, np.nan]))
    # Four null rows: 1, 2, 3 and one that is not known and comes last.
    assert told.p == pytest.approx([2 / 5, 1 / 5, 4 / 5, 1.0])
    assert told.q == pytest.approx([0.8, 0.8, 1.0, 1.0])
    assert list(np.argsort(-told.order)) == [1, 0, 2, 3]
    assert np.isnan(told.order[3])


def test_a_null_too_small_for_its_tests_claims_nothing():
    null = Null.of([(np.arange(10.0), np.zeros(10, dtype=bool)), (np.arange(10.0), np.zeros(10, dtype=bool))])
    assert np.isfinite(null.judge(np.full(20, 100.0)).q).all()
    told = null.judge(np.full(21, 100.0))
    assert np.isnan(told.q).all()
    assert told.p == pytest.approx([1 / 21] * 21)


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


def test_the_realised_rate_keeps_what_is_declared_where_null_and_tests_are_alike():
    chance = np.random.default_rng(3)
    rates = []
    for _ in range(60):
        calibration, tests = chance.normal(size=4000), chance.normal(size=1000)
        tests[:100] += 3.5
        null = Null.of([(calibration, np.zeros(4000, dtype=bool))])
        taken = null.judge(tests).q <= 0.1
        rates.append((taken[100:].sum()) / max(taken.sum(), 1))
    assert 0.06 < np.mean(rates) < 0.12
