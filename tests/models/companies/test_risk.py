"""The risk of a merge: the constants are those that the invented names give, and hold for others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.companies import calibration, risk
from models.companies.risk import CURVE, MERGE_RISK, STEPS, risk_of

SCORES = st.integers(0, 60).flatmap(
    lambda size: st.tuples(
        arrays(np.float64, size, elements=st.sampled_from([0.3, 0.6, 0.74, 0.8, 0.93, 0.985, 1.0])),
        arrays(np.bool_, size),
    )
)


@given(SCORES)
def test_the_curve_counts_pairs_step_by_step(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    scores, is_same = pairs
    found = calibration.calibrate(scores, is_same)
    least = 0.0
    for low, high in zip(STEPS[::-1], [np.inf, *STEPS[:0:-1]], strict=True):
        inside = [bool(same) for score, same in zip(scores, is_same, strict=True) if low <= score < high]
        different, same = 2 * inside.count(False), inside.count(True)
        least = max(least, (different + 1) / (different + same + 2))
        assert 0 <= found[low] - least <= 1e-4


@given(SCORES)
def test_a_higher_score_never_has_more_risk(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    curve = calibration.calibrate(*pairs)
    assert list(curve) == list(STEPS)
    assert list(curve.values()) == sorted(curve.values(), reverse=True)


@pytest.mark.slow
def test_the_constants_are_those_that_the_invented_names_give() -> None:
    told = calibration.graded(risk.COMPANIES, risk.SEED)
    free = ~told.is_barred
    assert calibration.calibrate(told.scores[free], told.is_same[free]) == dict(CURVE)


@pytest.mark.parametrize(("companies", "seed"), [(5000, 2), (600, 3), (600, 4)])
def test_the_risk_holds_for_names_that_did_not_make_it(companies: int, seed: int) -> None:
    """Of the pairs that the rule would merge, no more are two companies than the stated risk, with five sigma."""
    told = calibration.graded(companies, seed)
    risks = np.array(
        [risk_of(score, is_barred=bool(bar)) for score, bar in zip(told.scores, told.is_barred, strict=True)]
    )
    for step in sorted({*CURVE.values()}):
        taken = risks <= step
        wrong, most = int((~told.is_same[taken]).sum()), step * taken.sum()
        assert wrong <= most + 5 * np.sqrt(most) + 1
    merged = risks <= MERGE_RISK
    assert merged.sum() > 50 * companies / 6000
    assert told.is_barred.any()
    assert not merged[told.is_barred].any()


def test_a_risk_is_read_from_its_step() -> None:
    for low, high in zip(STEPS, [*STEPS[1:], 2.0], strict=True):
        middle = (low + min(high, 1.0)) / 2
        assert risk_of(low, is_barred=False) == CURVE[low] == risk_of(middle, is_barred=False)
    assert risk_of(0.59, is_barred=False) == 1
    assert risk_of(1.0, is_barred=True) == risk.BARRED_RISK
    assert risk_of(0.0, is_barred=True) == 1


def test_the_rule_can_merge_and_mostly_does_not() -> None:
    assert CURVE[1.0] <= MERGE_RISK
    assert sum(one <= MERGE_RISK for one in CURVE.values()) < len(STEPS) / 2
