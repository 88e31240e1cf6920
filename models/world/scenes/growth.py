"""How open ground grows, moves and is left, pixel by pixel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.world.scenes.fields import Bools, Floats

Counts = npt.NDArray[np.int64]
NEVER = -1


@dataclass(frozen=True)
class Work:
    """A site's months, each of shape [month]; months without work repeat the last open ground."""

    open_px: Counts
    """Pixels of open ground."""
    new_px: Counts
    """Pixels opened in the month."""
    row: Floats
    column: Floats
    """Centre of the month's work."""
    is_working: Bools


@dataclass(frozen=True)
class Grown:
    """Open ground by month [month, row, column]."""

    open: Bools
    """Opened and not left again, whether the site works or not."""
    idle_months: npt.NDArray[np.int16]
    """Months since the ground was last in work, 0 where it is; NEVER where it was never opened."""


def grow(work: Work, suitability: Floats, reach_px: float) -> Grown:
    """Open the most suitable ground near each month's centre, and leave the ground that was opened first.

    A pixel's score is suitability - (distance / reach_px)^2; ground that was left before comes last. In every month
    with work exactly open_px pixels are open. Ground is left as soon as open_px asks for it.
    """
    months, shape = len(work.open_px), suitability.shape
    rows, columns = np.indices(shape).astype(np.float64)
    order, last = np.full(suitability.size, NEVER), np.full(suitability.size, NEVER)
    is_open = np.zeros(suitability.size, dtype=np.bool_)
    grown, idle = np.zeros((months, *shape), dtype=np.bool_), np.full((months, *shape), NEVER, dtype=np.int16)
    count = 0
    for at in range(months):
        if work.is_working[at]:
            away = ((rows - work.row[at]) ** 2 + (columns - work.column[at]) ** 2) / reach_px**2
            score = (suitability - away).ravel() - 4.0 * (order >= 0)
            opened = _open(score, is_open, _wanted(work, at, int(is_open.sum()), suitability.size))
            order[opened] = np.arange(count, count + len(opened))
            count += len(opened)
            is_open[opened] = True
            is_open[_oldest(order, is_open, int(is_open.sum() - work.open_px[at]))] = False
            last[is_open] = at
        grown[at] = is_open.reshape(shape)
        idle[at] = np.where(last >= 0, at - last, NEVER).reshape(shape)
    return Grown(grown, idle)


def _wanted(work: Work, at: int, already: int, most: int) -> int:
    """How many pixels a month opens: the new ones, or as many as the open ground lacks."""
    return int(min(max(work.new_px[at], work.open_px[at] - already), most - already))


def _open(score: Floats, is_open: Bools, wanted: int) -> Counts:
    """The pixels of highest score that are not open, best first."""
    if wanted == 0:
        return np.empty(0, dtype=np.int64)
    badness = np.where(is_open, np.inf, -score)
    best = np.argpartition(badness, wanted - 1)[:wanted]
    return best[np.lexsort((best, badness[best]))]


def _oldest(order: Counts, is_open: Bools, wanted: int) -> Counts:
    """The open pixels that were opened first."""
    pixels = np.flatnonzero(is_open)
    return pixels[np.argsort(order[pixels], kind="stable")[: max(wanted, 0)]]
