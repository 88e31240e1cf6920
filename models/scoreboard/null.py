"""Conformal p-values against flows without a scheme that no model was taught on.

p = (1 + null rows scored at least as high) / (null rows + 1) (models.flows.calibrate), against one null of all
families: q-values are Benjamini-Hochberg over the whole list. On worlds of development, lists made family by family and
put together held 20 % false flows where 10 % were declared, since the rate holds inside each block and not for their
union; one null held 10 %, and cost no average precision. Where the null does not resolve the p-values that a list at
the nominal rate needs, q is NaN: no error rate is claimed.

The null holds what counts as false: flows on which no scheme left a trace, whether or not one had a part in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.flows.calibrate import benjamini_hochberg, conformal, is_large_enough
from models.metrics import Bools, Floats


@dataclass(frozen=True)
class Listed:
    """A detector's calibrated list over a case, in the order of its rows."""

    p: Floats
    q: Floats
    """NaN where the null is too small."""
    order: Floats
    """Larger comes first: p, ties by score. NaN where nothing is known of a flow."""

    @classmethod
    def of(cls, p: Floats, q: Floats, score: Floats) -> "Listed":
        """A list in the order of p, ties by score (NaN where it is not known)."""
        return cls(p, q, np.where(np.isnan(score), np.nan, first_of(-p, score)))

    @classmethod
    def given(cls, p: Floats, order: Floats) -> "Listed":
        """A list that brings its p along (NaN where nothing could test): q is Benjamini-Hochberg over its tests."""
        known, q = ~np.isnan(p), np.full(p.size, np.nan)
        q[known] = benjamini_hochberg(p[known])
        return cls(np.where(known, p, 1.0), q, order)


@dataclass(frozen=True)
class Null:
    """Scores of flows without a scheme, in rising order."""

    scores: Floats

    @classmethod
    def of(cls, parts: Iterable[tuple[Floats, Bools]]) -> "Null":
        """From scores (NaN comes last) and whether a scheme left a trace, of each calibration case."""
        return cls(np.sort(np.concatenate([_low(score[~is_hit]) for score, is_hit in parts])))

    def judge(self, score: Floats) -> Listed:
        """p-values of scores, and q-values where the null is large enough."""
        known = _low(score)
        p = conformal(known, self.scores)
        large = self.scores.size > 0 and is_large_enough(self.scores.size, score.size)
        return Listed.of(p, benjamini_hochberg(p) if large else np.full(p.size, np.nan), score)


def first_of(*keys: Floats) -> Floats:
    """One order from several, the first deciding: larger is earlier, rows equal in all keys share a place."""
    frame = pl.DataFrame({str(at): _low(key) for at, key in enumerate(keys)})
    return frame.select(pl.struct(pl.all()).rank("dense").cast(pl.Float64)).to_series().to_numpy()


def _low(score: Floats) -> Floats:
    """A score that is not known comes last."""
    return np.where(np.isnan(score), -np.inf, score)
