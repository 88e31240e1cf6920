"""All grades of an analysis of the training world."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from models.grading.benign import artefacts, named_causes
from models.grading.composition import composition
from models.grading.figures import ALL, Figure, frame
from models.grading.named import named
from models.grading.ranking import channels, orders
from models.grading.recall import detection, recalls
from models.grading.truth import Truth, seen_by, traces

STRANDS = ("ground", "matter", "shipping", "linkage")
"""Strands of evidence that are not built yet."""
NOT_GRADED = "not graded"


@dataclass(frozen=True)
class Grades:
    """Figures (models.grading.figures.COLUMNS) and flows by name (models.grading.named.COLUMNS)."""

    figures: pl.DataFrame
    flows: pl.DataFrame


def grade(alerts: pl.DataFrame, scores: pl.DataFrame, causes: pl.DataFrame, truth: Truth) -> Grades:
    """Grade the scored flows of an analysis (tables alerts, scores, causes) against the truth of its world."""
    seen, left = seen_by(alerts, truth), traces(alerts, truth)
    figures = [
        *composition(seen),
        *recalls(left, truth),
        *detection(left),
        *orders(seen),
        *channels(seen, scores),
        *artefacts(seen),
        *named_causes(seen, causes),
        *_strands(),
    ]
    return Grades(frame(figures), named(seen, left, truth))


def _strands() -> Iterator[Figure]:
    """A line for every strand that cannot be graded yet."""
    return (Figure("strands", one, ALL, NOT_GRADED, None) for one in STRANDS)
