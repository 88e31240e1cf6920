"""Runoff, and where people can live: fields on the grid that rivers, countries and deposits share."""

import numpy as np

from models.world.config import WorldConfig
from models.world.land.sphere import Floats
from models.world.land.terrain import Terrain, fractal

TROPICS_DEGREES, TEMPERATE_DEGREES, TEMPERATE_WIDTH = 13.0, 48.0, 14.0
WET_ENOUGH_MM = 90.0
"""Runoff at which land carries half the people that it could."""
HIGH_M = 1_800.0


def runoff_mm(config: WorldConfig, terrain: Terrain) -> Floats:
    """Runoff [lat, lon], mm a year: a wet belt at the equator, dry belts, temperate belts, lognormal patches."""
    parameters = config.geography
    zones = (
        parameters.dry_mm
        + parameters.wet_mm * np.exp(-((terrain.lats / TROPICS_DEGREES) ** 2))
        + parameters.temperate_mm * np.exp(-(((np.abs(terrain.lats) - TEMPERATE_DEGREES) / TEMPERATE_WIDTH) ** 2))
    )
    patches = fractal(config.chance("runoff"), terrain.elevation_m.shape, 3.0)
    return np.asarray(zones[:, None] * np.exp(parameters.runoff_sd * patches))


def habitability(terrain: Terrain, runoff: Floats) -> Floats:
    """Share [lat, lon] of the best land's people that land carries: low and not dry; 0 at sea."""
    wet = runoff / (runoff + WET_ENOUGH_MM)
    return np.where(terrain.is_land, wet * np.exp(-np.maximum(terrain.elevation_m, 0.0) / HIGH_M), 0.0)
