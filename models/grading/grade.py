"""All grades of an analysis of the training world."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from models.grading.benign import above_level_1, artefacts, named_causes
from models.grading.composition import composition
from models.grading.figures import ALL, Figure, frame
from models.grading.named import named
from models.grading.offices import offices
from models.grading.ranking import channels, orders
from models.grading.recall import detection, recalls
from models.grading.truth import Truth, seen_by, traces
from models.grading.untested import untested, with_reasons

SHIPPING = "shipping"
STRANDS = ("ground", "matter", SHIPPING, "linkage")
"""Strands of evidence that are not graded: not built yet, or in the case of ships where no positions were read."""
NOT_GRADED = "not graded"


@dataclass(frozen=True)
class Analysed:
    """Tables of an analysis (graphs.tables), all of one source."""

    alerts: pl.DataFrame
    scores: pl.DataFrame
    causes: pl.DataFrame
    reporting: pl.DataFrame
    flows: pl.DataFrame


@dataclass(frozen=True)
class Grades:
    """Figures (models.grading.figures.COLUMNS) and flows by name (models.grading.named.COLUMNS)."""

    figures: pl.DataFrame
    flows: pl.DataFrame


def grade(made: Analysed, truth: Truth, ships: Sequence[Figure] = ()) -> Grades:
    """Grade the scored flows of an analysis against the truth of its world.

    ships: figures of `models.grading.ships`, none where the analysis read no positions.
    """
    seen = seen_by(made.alerts, truth)
    left = with_reasons(traces(made.alerts, truth), made.reporting, made.flows)
    figures = [
        *composition(seen),
        *recalls(left, truth),
        *detection(left),
        *orders(seen),
        *channels(seen, made.scores),
        *artefacts(seen),
        *above_level_1(seen),
        *named_causes(seen, made.causes),
        *offices(seen),
        *untested(left),
        *ships,
        *_strands(bool(ships)),
    ]
    return Grades(frame(figures), named(seen, left, truth))


def _strands(has_ships: bool) -> Iterator[Figure]:
    """A line for every strand that is not graded."""
    return (Figure("strands", one, ALL, NOT_GRADED, None) for one in STRANDS if not (has_ships and one == SHIPPING))
