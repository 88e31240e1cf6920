"""The shape of a rung: from cells to what each of them would ordinarily have been.

A rung reads cells (models.ladder.cells, with the column `log_gravity` that models.ladder.gravity adds) and answers
for each cell with quantiles of log USD given that there is trade, and with the probability that there is none. What
it says of a year rests on cells of earlier years alone: `origins` gives the blocks of years for rungs that are fitted.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEVELS = (0.1, 0.5, 0.9)
"""Quantiles that every rung gives."""
BLOCKS = (3, 3, 6, 12)
"""Years forecast from one fit, the latest block first; older years are only learnt from."""
MINIMUM_YEARS = 4
"""Years that must lie before a block."""


@dataclass(frozen=True)
class Forecast:
    """What a rung says of each cell, in the cells' order; NaN where it cannot say."""

    quantiles: Floats
    """log USD given trade, `[cell, level]`, levels as LEVELS, never crossing."""
    p_zero: Floats
    """Probability that nothing is traded, `[cell]`; NaN in a pair's first year."""


class Rung(Protocol):
    """One rung of the ladder."""

    name: str
    """Its name in the column `model`."""

    learns_from_below: bool
    """True if it is fitted on what the rung below said of earlier years; every cell is then wanted from that rung."""

    def lacking(self) -> str | None:
        """Why the rung cannot run here, for users, or None where it can."""

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None) -> Forecast:
        """Answer for the cells where `wanted` is true, `[cell]`; others may stay NaN.

        below: what the next lower rung that can run said of the same cells, None for the first.
        """


def origins(years: NDArray[np.integer]) -> list[tuple[int, int]]:
    """Blocks (first, last) of years to forecast, latest first; each is fitted on the years before its first."""
    if not years.size:
        return []
    blocks, end = [], int(years.max())
    for length in BLOCKS:
        start = max(end - length + 1, int(years.min()) + MINIMUM_YEARS)
        if start > end:
            break
        blocks.append((start, end))
        end = start - 1
    return blocks


def silent(cells: int) -> Forecast:
    """A forecast that says nothing yet, to be filled."""
    return Forecast(np.full((cells, len(LEVELS)), np.nan), np.full(cells, np.nan))
