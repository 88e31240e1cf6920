import numpy as np
import pytest

from models.scoreboard.null import Null, first_of


def names(*counts: tuple[str, int]) -> np.ndarray:
    return np.array([name for name, count in counts for _ in range(count)], dtype=object)


def test_p_values_by_hand_with_hits_left_out_of_the_null():
    family = names(("gold", 5))
    null = Null.of([(family, np.array([1.0, 2.0, 3.0, 9.0, np.nan]), np.array([False, False, False, True, False]))])
    told = null.judge(names(("gold", 4)), np.array([2.5, 10.0, 0.0, np.nan]))
    # Four null rows: 1, 2, 3 and one that is not known and comes last.
    assert told.p == pytest.approx([2 / 5, 1 / 5, 4 / 5, 1.0])
    assert told.q == pytest.approx([0.8, 0.8, 1.0, 1.0])
    assert list(np.argsort(-told.order)) == [1, 0, 2, 3]


def test_a_family_with_too_small_a_null_shares_that_of_all_and_too_small_a_whole_claims_nothing():
    family = names(("gold", 20), ("tin", 2))
    null = Null.of([(family, np.arange(22.0), np.zeros(22, dtype=bool))])
    told = null.judge(names(("tin", 10), ("gold", 10)), np.full(20, 100.0))
    assert told.p[:10] == pytest.approx([1 / 23] * 10)
    assert told.p[10:] == pytest.approx([1 / 21] * 10)
    assert np.isfinite(told.q).all()
    nothing = null.judge(names(("tin", 40)), np.full(40, 100.0))
    assert np.isnan(nothing.q).all()


def test_ties_of_p_go_by_score_and_equal_rows_share_a_place():
    order = first_of(np.array([1.0, 1.0, 2.0, 1.0]), np.array([5.0, 7.0, 0.0, 5.0]))
    assert list(order) == [1.0, 2.0, 3.0, 1.0]


def test_the_realised_rate_keeps_what_is_declared_where_null_and_tests_are_alike():
    chance = np.random.default_rng(3)
    rates = []
    for _ in range(60):
        calibration, tests = chance.normal(size=4000), chance.normal(size=1000)
        tests[:100] += 3.5
        null = Null.of([(names(("gold", 4000)), calibration, np.zeros(4000, dtype=bool))])
        taken = null.judge(names(("gold", 1000)), tests).q <= 0.1
        rates.append((taken[100:].sum()) / max(taken.sum(), 1))
    assert 0.06 < np.mean(rates) < 0.12
