"""What the detectors are taught on: every flow with a trace of a scheme, and a draw of the others with their weight.

A draw of NEGATIVES flows stands for all flows without a trace of its case: each weighs as many as it stands for, so
that the trees' log-odds keep the rarity of schemes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import polars as pl

from models.learned.trees import Trees, fit
from models.metrics import Bools, Floats
from models.scoreboard.case import Case
from models.scoreboard.detectors import edges

NEGATIVES = 10_000
"""Flows without a trace that are drawn from one case."""
SEEDS = range(10)
"""Of the shipped ensemble, and of the edge trees beside it."""
FEW_SEEDS = range(3)
"""Of ensembles that are only compared: those that leave a scheme or a family out, and both kinds in real trade."""


@dataclass(frozen=True)
class Lesson:
    """Rows to learn from, in one order."""

    features: pl.DataFrame
    edges: pl.DataFrame
    is_hit: Bools
    weight: Floats
    kind: pl.Series
    """Kind of scheme, null for flows without one."""
    family: pl.Series

    def only(self, keep: pl.Series) -> "Lesson":
        """The lesson with these rows alone."""
        mask = keep.to_numpy()
        return Lesson(
            self.features.filter(keep),
            self.edges.filter(keep),
            self.is_hit[mask],
            self.weight[mask],
            self.kind.filter(keep),
            self.family.filter(keep),
        )

    def without_kind(self, kind: str) -> "Lesson":
        """As if nobody had ever seen this kind of scheme."""
        return self.only((self.kind != kind).fill_null(True))

    def without_family(self, family: str) -> "Lesson":
        """As if nobody had ever seen these goods."""
        return self.only(self.family != family)


def lesson(case: Case, seed: int) -> Lesson:
    """All hits of a case and a draw of its other flows."""
    others = np.flatnonzero(~case.is_hit)
    drawn = np.random.default_rng(seed).choice(others, min(NEGATIVES, others.size), replace=False)
    keep = case.is_hit.copy()
    keep[drawn] = True
    part = case.of(keep)
    weight = np.where(part.is_hit, 1.0, others.size / max(drawn.size, 1))
    return Lesson(
        part.features, edges(part.rows), part.is_hit, weight, part.rows["kind"], part.rows["family"].cast(pl.String)
    )


def together(lessons: Iterable[Lesson]) -> Lesson:
    """Several lessons as one."""
    return reduce(
        lambda one, other: Lesson(
            pl.concat([one.features, other.features]),
            pl.concat([one.edges, other.edges]),
            np.concatenate([one.is_hit, other.is_hit]),
            np.concatenate([one.weight, other.weight]),
            pl.concat([one.kind, other.kind]),
            pl.concat([one.family, other.family]),
        ),
        lessons,
    )


def fitted_trees(taught_on: Lesson, seeds: Sequence[int] = SEEDS, *, on_edges: bool = False, **card: Any) -> Trees:
    """Relational trees, or edge trees; `card`: what to remember of the training."""
    features = taught_on.edges if on_edges else taught_on.features
    return fit(features, taught_on.is_hit, taught_on.weight, seeds, **card)
