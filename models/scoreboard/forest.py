"""Isolation forest over all features (Liu, Ting and Zhou, ICDM 2008), the usual first baseline of anomaly detection.

It sees no labels. Unknown features are filled by the median of the rows it was grown on.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sklearn.ensemble import IsolationForest

from models.metrics import Floats

TREES = 100
ROWS = 50_000
"""Rows drawn to grow it on, by their weight and with replacement; each tree sees 256 of them."""
SEED = 6


@dataclass(frozen=True)
class Forest:
    """A grown forest and the medians of its features."""

    names: tuple[str, ...]
    medians: Floats
    grown: Any

    @classmethod
    def fit(cls, features: pl.DataFrame, weight: Floats) -> "Forest":
        """Grow it on rows of `flow_id` and features; `weight`: how many flows each row stands for."""
        names = tuple(sorted(set(features.columns) - {"flow_id"}))
        drawn = np.random.default_rng(SEED).choice(features.height, ROWS, p=weight / weight.sum())
        values = _numbers(features.select(names)[drawn])
        known = np.isfinite(values).any(axis=0)
        medians = np.zeros(len(names))
        medians[known] = np.nanmedian(values[:, known], axis=0)
        grown = IsolationForest(n_estimators=TREES, random_state=SEED)
        return cls(names, medians, grown.fit(_filled(values, medians)))

    def score(self, features: pl.DataFrame) -> Floats:
        """How soon a random tree sets each row apart: larger is odder."""
        values = _filled(_numbers(features.select(self.names)), self.medians)
        found: Floats = -self.grown.score_samples(values)
        return found


def _numbers(features: pl.DataFrame) -> Floats:
    values = features.cast(pl.Float64).fill_null(np.nan).to_numpy(writable=True)
    values[~np.isfinite(values)] = np.nan
    return values


def _filled(values: Floats, medians: Floats) -> Floats:
    return np.where(np.isnan(values), medians, values)
