"""Small grounds for tests: made once, and by hand."""

from functools import cache

import numpy as np

from models.world.config import WorldConfig
from models.world.ground import Ground, ground
from models.world.land.drainage import filled
from models.world.land.terrain import Terrain, drained


@cache
def small(seed: int = 1) -> Ground:
    return ground(WorldConfig.sized("small", seed))


@cache
def small_again() -> Ground:
    """The first of them made anew."""
    return ground(WorldConfig.sized("small", 1))


def by_hand(heights, cell_degrees: float = 1.0) -> Terrain:
    """Terrain of a few cells around 0 E 0 N, from rows of heights; below zero is sea."""
    elevation = np.array(heights, dtype=np.float64)
    rows, columns = elevation.shape
    lons = (np.arange(columns) - (columns - 1) / 2) * cell_degrees
    lats = ((rows - 1) / 2 - np.arange(rows)) * cell_degrees
    return drained(lons, lats, filled(elevation, np.full(elevation.shape, 1e-3)))
