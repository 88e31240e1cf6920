"""Arithmetic on dense cubes that keeps apart what is missing (NaN) and what is none (0)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
Vector = NDArray[np.float64]


def log_ratio(exports: Grid, imports: Grid) -> Grid:
    """Log of imports over exports; NaN unless both are above zero. Swapping the two changes the sign."""
    both = (exports > 0) & (imports > 0)
    ratio = np.full(exports.shape, np.nan)
    np.log(imports, out=ratio, where=both)
    # The logs are subtracted, not the values divided: swapping the sides then changes the sign exactly.
    ratio -= np.log(exports, out=np.zeros(exports.shape), where=both)
    return ratio


def sum_declared(grid: Grid, axis: int) -> Grid:
    """Sum along an axis over what was declared; NaN where nothing was."""
    total: Grid = np.nansum(grid, axis=axis)
    total[np.isnan(grid).all(axis=axis)] = np.nan
    return total


def sum_whole(grid: Grid, companion: Grid | None, rows: Sequence[int]) -> Grid:
    """Sum of the given rows of the first axis, NaN also where a part of the sum is known to be missing.

    A part is missing where the companion quantity (the mass of a value, the value of a mass) is above
    zero and this quantity is NaN.
    """
    total = sum_declared(grid[list(rows)], axis=0)
    if companion is not None:
        for row in rows:
            total[np.isnan(grid[row]) & (companion[row] > 0)] = np.nan
    return total


def unlike(grid: Grid, background: Grid) -> NDArray[np.bool_]:
    """Cells that differ from a background of zeros and NaN, where NaN equals NaN."""
    return np.where(np.isnan(background), ~np.isnan(grid), grid != 0)
