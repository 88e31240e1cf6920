"""Conformal p-values against flows without a scheme that no model was taught on.

p = (1 + null rows scored at least as high) / (null rows + 1), raised to what it could be with other exporters
(models.scoreboard.exporters), against one null of all families: q-values are Benjamini-Hochberg over the whole list.
On both sides the score is compared without what an exporter's office shares that year (models.scoreboard.offices). On
worlds of development, lists made family by family and put together held 20 % false flows where 10 % were declared,
since the rate holds inside each block and not for their union; one null held 10 %, and cost no average precision. Where
the null does not resolve the p-values that a list at the nominal rate needs, or holds fewer than LEAST_EXPORTERS
exporters, q is NaN: no error rate is claimed.

On real trade with plantings of development (9001 to 9029) a declared 10 % held 46 % (nickel), 27 % (sawnwood), 17 %
(tin), 9 % (copper) and 8 % (gold) with plain p of plain scores; now sawnwood holds 11 %, copper 6 % and gold 6 %, while
nickel (30 %) and tin (5 %) have too few exporters and claim nothing. On plantings that were drawn after the rules had
been fixed (9030 to 9049, gold 9015 to 9020): sawnwood 30 % before and 9 % now, copper 9 % and 8 %, gold 10 % and 6 %.
Power fell from 8 to 7 % in sawnwood and from 6 to 4 % in copper; on worlds rate and power are as before.

The null holds what counts as false: flows on which no scheme left a trace, whether or not one had a part in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from models.flows.calibrate import benjamini_hochberg, is_large_enough
from models.metrics import Bools, Floats
from models.scoreboard.exporters import LEAST_EXPORTERS, Counts, upper_p


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


class Aside(NamedTuple):
    """Flows of a case that calibrates."""

    score: Floats
    """As it is compared; NaN where nothing is known."""
    is_hit: Bools
    exporter: pl.Series
    """Named with the case: exporters of two worlds are not the same."""


@dataclass(frozen=True)
class Null:
    """Scores of flows without a scheme, in rising order, and p by how many of them are at least as high."""

    scores: Floats
    places: Counts
    p: Floats
    exporters: int

    @classmethod
    def of(cls, parts: Iterable[Aside]) -> "Null":
        """From calibration cases, in any order. What is not known comes last."""
        kept = [
            pl.DataFrame({"score": _low(one.score), "exporter": one.exporter}).filter(pl.Series(~one.is_hit))
            for one in parts
        ]
        rows = pl.concat(kept).sort("score", "exporter", descending=[True, False])
        owner = rows.select(pl.col("exporter").rank("dense").cast(pl.Int64) - 1)["exporter"].to_numpy()
        exporters = int(owner.max()) + 1 if owner.size else 0
        return cls(rows["score"].to_numpy()[::-1], *upper_p(owner), exporters)

    def judge(self, compared: Floats, score: Floats) -> Listed:
        """p-values of compared scores, ties in the order of `score`; q-values where the null is large enough."""
        as_high = self.scores.size - np.searchsorted(self.scores, _low(compared), side="left")
        p = self.p[np.searchsorted(self.places, as_high, side="left")]
        large = self.exporters >= LEAST_EXPORTERS and is_large_enough(self.scores.size, score.size)
        return Listed.of(p, benjamini_hochberg(p) if large else np.full(p.size, np.nan), score)


def first_of(*keys: Floats) -> Floats:
    """One order from several, the first deciding: larger is earlier, rows equal in all keys share a place."""
    frame = pl.DataFrame({str(at): _low(key) for at, key in enumerate(keys)})
    return frame.select(pl.struct(pl.all()).rank("dense").cast(pl.Float64)).to_series().to_numpy()


def _low(score: Floats) -> Floats:
    """A score that is not known comes last."""
    return np.where(np.isnan(score), -np.inf, score)
