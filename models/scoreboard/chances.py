"""Whether the trees' probabilities mean what they say, and whether their explanations hold over seeds.

ECE = sum over bins of |sum of predicted - hits| / flows (Naeini, Cooper and Hauskrecht, AAAI 2015), over all flows of
which the trees know anything, and over those with a predicted chance of at least LEAST_CHANCE, since nearly all flows
have next to none.
"""

from collections.abc import Iterator

import numpy as np
from scipy.special import expit

from models.metrics import Bools, Floats
from models.scoreboard.case import Case
from models.scoreboard.measured import Amount
from models.scoreboard.names import ALL, ECE, ECE_LIKELY, LEAST_CHANCE, OBSERVED, OVERLAP, PREDICTED, WITHHELD

BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9)
"""Lower ends of the bins of predicted chance."""


def chances(case: Case, detector: str, log_odds: Floats) -> Iterator[Amount]:
    """Reliability by bin, and ECE; NaN: no chance is told."""
    known = ~np.isnan(log_odds)
    chance, is_hit = expit(log_odds[known]), case.is_hit[known]
    place = np.searchsorted(BINS, chance, side="right") - 1
    size, hits, sums = (np.bincount(place, weights=one, minlength=len(BINS)) for one in (None, is_hit, chance))
    for at, low in enumerate(BINS):
        yield Amount(detector, PREDICTED, f"{low:g}", float(sums[at]), float(size[at]))
        yield Amount(detector, OBSERVED, f"{low:g}", float(hits[at]), float(size[at]))
    likely = np.array(BINS) >= LEAST_CHANCE
    yield Amount(detector, ECE, ALL, float(np.abs(sums - hits).sum()), float(size.sum()))
    yield Amount(detector, ECE_LIKELY, ALL, float(np.abs(sums - hits)[likely].sum()), float(size[likely].sum()))


def stability(detector: str, overlap: Floats, is_withheld: Bools) -> Iterator[Amount]:
    """How alike the explanations of selected flows are over the ensemble's seeds."""
    yield Amount(detector, OVERLAP, ALL, float(overlap.sum()), float(overlap.size))
    yield Amount(detector, WITHHELD, ALL, float(is_withheld.sum()), float(is_withheld.size))
