"""Conformal p-values against flows without a scheme that no model was taught on, in blocks of one family.

p = (1 + null rows scored at least as high) / (null rows + 1) (models.flows.calibrate). A family's own null is used
where it resolves the p-values that a list at the nominal rate needs; the others share the null of all families; where
even that is too small, q is NaN: no error rate is claimed. q-values are Benjamini-Hochberg inside each block.

The null holds what counts as false: flows on which no scheme left a trace, whether or not one had a part in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.calibrate import benjamini_hochberg, conformal, is_large_enough
from models.metrics import Bools, Floats

Names = NDArray[np.object_]


@dataclass(frozen=True)
class Listed:
    """A detector's calibrated list over a case, in the order of its rows."""

    p: Floats
    q: Floats
    """NaN where the null is too small."""
    order: Floats
    """Larger comes first: p, ties by score."""

    @classmethod
    def of(cls, p: Floats, q: Floats, score: Floats) -> "Listed":
        """A list in the order of p, ties by score."""
        return cls(p, q, first_of(-p, score))


@dataclass(frozen=True)
class Null:
    """Scores of flows without a scheme, in rising order."""

    by_family: dict[str, Floats]
    pooled: Floats

    @classmethod
    def of(cls, parts: Iterable[tuple[Names, Floats, Bools]]) -> "Null":
        """From families, scores (NaN comes last) and whether a scheme left a trace, of each calibration case."""
        kept = [(family[~is_hit], _low(score[~is_hit])) for family, score, is_hit in parts]
        families = np.concatenate([family for family, _ in kept])
        scores = np.concatenate([score for _, score in kept])
        own = {str(name): np.sort(scores[families == name]) for name in np.unique(families.astype(str))}
        return cls(own, np.sort(scores))

    def judge(self, family: Names, score: Floats) -> Listed:
        """p-values of scores, and q-values inside each block."""
        score = _low(score)
        p, q = np.ones(score.size), np.full(score.size, np.nan)
        shared = np.zeros(score.size, dtype=np.bool_)
        for name in np.unique(family.astype(str)):
            mine = family == name
            own = self.by_family.get(name, np.empty(0))
            if own.size and is_large_enough(own.size, int(mine.sum())):
                p[mine] = conformal(score[mine], own)
                q[mine] = benjamini_hochberg(p[mine])
            else:
                shared |= mine
        if shared.any():
            p[shared] = conformal(score[shared], self.pooled)
            if is_large_enough(self.pooled.size, int(shared.sum())):
                q[shared] = benjamini_hochberg(p[shared])
        return Listed.of(p, q, score)


def first_of(*keys: Floats) -> Floats:
    """One order from several, the first deciding: larger is earlier, rows equal in all keys share a place."""
    frame = pl.DataFrame({str(at): _low(key) for at, key in enumerate(keys)})
    return frame.select(pl.struct(pl.all()).rank("dense").cast(pl.Float64)).to_series().to_numpy()


def _low(score: Floats) -> Floats:
    """A score that is not known comes last."""
    return np.where(np.isnan(score), -np.inf, score)
