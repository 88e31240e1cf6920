"""How stable an explanation is: whether trees grown from other seeds would name the same reasons."""

import numpy as np
from numpy.typing import NDArray

TOP = 5
"""Reasons that an explanation gives."""
BOUND = 0.6
"""Below this overlap an explanation says more of chance than of the flow, and is withheld."""

BASE, OVERLAP, OBSERVED = "base", "overlap_top_5", "observed:"
"""Names of parts beside the reasons: what every score starts from, the overlap, and the prefix of what was seen."""


def top_overlap(contributions: NDArray[np.float64], top: int = TOP) -> NDArray[np.float64]:
    """Mean overlap |A and B| / top of the largest contributions of each two seeds, for every row, 0 to 1.

    contributions: `[seed, row, feature]`. A single seed agrees with itself: 1.
    """
    seeds, rows, features = contributions.shape
    top = min(top, features)
    if seeds < 2:
        return np.ones(rows)
    # Ties go to the earlier feature, in every seed alike.
    chosen = np.argsort(-np.abs(contributions), axis=2, kind="stable")[:, :, :top]
    named = np.zeros(contributions.shape, bool)
    np.put_along_axis(named, chosen, True, axis=2)
    times = named.sum(axis=0)
    agreeing = (times * (times - 1) / 2).sum(axis=1)
    overlap: NDArray[np.float64] = agreeing / (seeds * (seeds - 1) / 2 * top)
    return overlap
