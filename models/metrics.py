"""How well a list finds what is known to be there, each figure with its interval.

Arrays hold one entry per row of a list, first row first. A figure that is not defined (no hits to find, an empty list)
is NaN, and null once it is an `Estimate`. Intervals hold 80 %: percentiles of a bootstrap that draws whole clusters
(exporting countries) with replacement, since the flows of one country rise and fall together (Cameron, Gelbach and
Miller, Review of Economics and Statistics 90, 2008).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]
RESAMPLES = 200
"""Draws of an interval."""
BOUNDS = (10.0, 90.0)
"""Percentiles of an interval."""
NORMAL_80 = 1.2815515655446004
"""90 % point of the normal distribution: two of them span 80 %."""
LEAST_CLUSTERS = 5
"""With fewer clusters an interval would only seem to say something."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 80 % interval; null where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


def base_rate(is_hit: Bools) -> float:
    """Share of rows that hit: what a list in random order finds at every length."""
    return float(is_hit.mean()) if is_hit.size else float("nan")


def average_precision(is_hit: Bools, score: Floats) -> float:
    """Area under the precision-recall steps: the sum over thresholds of (R_n - R_n-1) P_n.

    Larger scores come first, rows of one score enter together, and the order of the arrays does not matter.
    """
    hits = is_hit.sum()
    if not hits:
        return float("nan")
    order = np.argsort(-score, kind="stable")
    falling, found = score[order], np.cumsum(is_hit[order])
    ends = np.append(np.flatnonzero(np.diff(falling)), falling.size - 1)
    precision = found[ends] / (ends + 1)
    return float((np.diff(found[ends], prepend=0) * precision).sum() / hits)


def precision_at(is_hit: Bools, k: int) -> float:
    """Share of hits among the first k rows, or among all where there are fewer."""
    return base_rate(is_hit[:k])


def recall(is_hit: Bools, is_taken: Bools) -> float:
    """Share of the hits that were taken."""
    return float(is_taken[is_hit].mean()) if is_hit.any() else float("nan")


def false_discovery_proportion(is_hit: Bools, is_taken: Bools) -> float:
    """Share of the taken rows that hit nothing; 0 where none was taken (Benjamini and Hochberg 1995)."""
    return float((~is_hit[is_taken]).mean()) if is_taken.any() else 0.0


def ndcg_at(gain: Floats, k: int) -> float:
    """Gain of the first k rows, discounted by log2(1 + place), over that of the best possible order."""
    best = _discounted(np.sort(gain)[::-1], k)
    return _discounted(gain, k) / best if best > 0 else float("nan")


def _discounted(gain: Floats, k: int) -> float:
    first = gain[:k]
    return float((first / np.log2(np.arange(2, first.size + 2))).sum())


def wilson(hits: int, total: int) -> tuple[float, float]:
    """80 % interval of a share by Wilson's score (JASA 22, 1927): not empty where none or all of the rows hit.

    It takes rows as independent; those of one cluster are not, so that it is at best this narrow.
    """
    centre = hits + NORMAL_80**2 / 2
    reach = NORMAL_80 * np.sqrt(hits * (total - hits) / total + NORMAL_80**2 / 4)
    low, high = ((centre + sign * reach) / (total + NORMAL_80**2) for sign in (-1, 1))
    return max(0.0, float(low)) if hits else 0.0, min(1.0, float(high)) if hits < total else 1.0


def estimate(
    statistic: Callable[[Places], float], clusters: NDArray[np.integer], chance: np.random.Generator
) -> Estimate:
    """A figure and its interval. `statistic` takes places of rows in rising order, repeated as often as drawn.

    `clusters`: number of each row's cluster. The interval is null below LEAST_CLUSTERS clusters.
    """
    value = statistic(np.arange(clusters.size))
    if np.isnan(value):
        return Estimate(None)
    names, member = np.unique(clusters, return_inverse=True)
    if names.size < LEAST_CLUSTERS:
        return Estimate(value)
    drawn = [statistic(_resampled(member, names.size, chance)) for _ in range(RESAMPLES)]
    known = np.array(drawn)[~np.isnan(drawn)]
    low, high = np.percentile(known, BOUNDS) if known.size else (np.nan, np.nan)
    return Estimate(value, *(None if np.isnan(one) else float(one) for one in (low, high)))


def _resampled(member: Places, clusters: int, chance: np.random.Generator) -> Places:
    """Places of the rows of as many clusters as there are, drawn with replacement."""
    times = np.bincount(chance.integers(0, clusters, clusters), minlength=clusters)
    return np.repeat(np.arange(member.size), times[member])
