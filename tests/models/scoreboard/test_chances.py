import numpy as np
import pytest

from models.scoreboard import chances, names
from tests.models.scoreboard.made import case


def test_expected_calibration_error_by_hand():
    made = case(flows=100)
    log_odds = np.where(made.is_hit, np.log(0.7 / 0.3), np.log(0.05 / 0.95))
    found = {(one.measure, one.band): one.amount / max(one.whole, 1) for one in chances.chances(made, "x", log_odds)}
    rate = made.is_hit.mean()
    assert found[names.ECE, "all"] == pytest.approx(0.3 * rate + 0.05 * (1 - rate))
    assert found[names.PREDICTED, "0.6"] == pytest.approx(0.7)
    assert found[names.OBSERVED, "0.6"] == 1.0
    assert found[names.OBSERVED, "0.03"] == 0.0


def test_where_no_chance_is_told_none_is_judged():
    made = case(flows=100)
    log_odds = np.where(np.arange(100) < 30, np.nan, 0.0)
    found = {(one.measure, one.band): one for one in chances.chances(made, "x", log_odds)}
    assert found[names.ECE, "all"].whole == 70.0
    assert found[names.OBSERVED, "0.4"][3:] == (made.is_hit[30:].sum(), 70.0)


def test_chances_near_none_count_in_the_one_error_and_not_in_the_other():
    made = case(flows=100)
    found = {one.measure: one for one in chances.chances(made, "x", np.full(100, -9.0))}
    assert found[names.ECE_LIKELY].whole == 0.0
    assert found[names.ECE].amount > 0
