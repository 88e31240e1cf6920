"""Positions of one ship cut where nobody heard it: runs that may be drawn, and the breaks between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import polars as pl

from pipelines.views.map_lines import Point, is_place, km, running

SILENT_HOURS = 3.0
"""A longer time without a position is a silence and not drawn; `seen_share` of voyages counts by the same hours."""
JUMP_KNOTS, JUMP_KM = 60.0, 3.0
"""Two positions that imply more than this speed over more than this distance are not joined: one of them is wrong."""
KM_PER_MILE = 1.852


@dataclass(frozen=True)
class Fix:
    """One position; `bare` counts the reports without a position up to here."""

    time: datetime
    point: Point
    bare: int


@dataclass(frozen=True)
class Run:
    """Positions with no silence and no jump between them."""

    fixes: Sequence[Fix]

    @property
    def points(self) -> list[Point]:
        """Its places in order."""
        return [one.point for one in self.fixes]

    @property
    def km(self) -> float:
        """Length along the positions."""
        return sum(km(*pair) for pair in pairwise(self.points))

    @property
    def hours(self) -> float:
        """From the first position to the last."""
        return hours(self.fixes[0], self.fixes[-1])


@dataclass(frozen=True)
class Heard:
    """All that was heard of a ship. `wild` are single positions that no ship could have reached and left again."""

    runs: Sequence[Run]
    wild: Sequence[Fix]
    bare: int
    strays: int

    @property
    def breaks(self) -> list[tuple[Fix, Fix]]:
        """Last position before and first one after each break."""
        return [(one.fixes[-1], other.fixes[0]) for one, other in pairwise(self.runs)]


def hours(one: Fix, other: Fix) -> float:
    """Time between two positions."""
    return (other.time - one.time).total_seconds() / 3600


def is_jump(one: Fix, other: Fix) -> bool:
    """Whether no ship sails from one position to the other in that time."""
    apart = km(one.point, other.point)
    return apart > JUMP_KM and apart > JUMP_KNOTS * KM_PER_MILE * abs(hours(one, other))


def heard(positions: pl.DataFrame, silent_hours: float = SILENT_HOURS) -> Heard:
    """Runs of the positions of one ship (time, lon, lat), given in any order."""
    fixes: list[Fix] = []
    bare = strays = 0
    for time, lon, lat in positions.select("time", "lon", "lat").sort("time", "lon", "lat").iter_rows():
        if is_place(lon, lat):
            fixes.append(Fix(time, (float(lon), float(lat)), bare + strays))
        elif lon is None or lat is None:
            bare += 1
        else:
            strays += 1
    kept, wild = _sorted_out(fixes)
    placed = running(one.point for one in kept)
    kept = [Fix(one.time, point, one.bare) for one, point in zip(kept, placed, strict=True)]
    runs: list[list[Fix]] = []
    for one in kept:
        if runs and hours(runs[-1][-1], one) <= silent_hours and not is_jump(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return Heard([Run(one) for one in runs], wild, bare, strays)


def _sorted_out(fixes: Sequence[Fix]) -> tuple[list[Fix], list[Fix]]:
    """Positions without those that stand alone between two that fit each other."""
    kept: list[Fix] = []
    wild: list[Fix] = []
    for at, one in enumerate(fixes):
        before, after = (kept[-1] if kept else None), (fixes[at + 1] if at + 1 < len(fixes) else None)
        alone = before is not None and after is not None and is_jump(before, one) and is_jump(one, after)
        (wild if alone and before and after and not is_jump(before, after) else kept).append(one)
    return kept, wild
