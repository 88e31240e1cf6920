"""The ground of the world: land and sea, rivers, countries, places and the ways between them, deposits, land status."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.areas import areas
from models.world.land.climate import habitability, runoff_mm
from models.world.land.countries import codes, countries, divided, outlines, shore
from models.world.land.deposits import deposits
from models.world.land.legs import legs
from models.world.land.places import places
from models.world.land.rivers import channels, reaches
from models.world.land.seaways import open_sea
from models.world.land.sphere import Grid
from models.world.land.terrain import Terrain, terrain


@dataclass(frozen=True)
class Ground:
    """Everything that does not change in the world's years. Frames have the schemas of `models.world.tables`."""

    terrain: Terrain
    grid: Grid
    """[lat, lon]: row of `countries`; -1 is water."""
    countries: pl.DataFrame
    outlines: pl.DataFrame
    reaches: pl.DataFrame
    places: pl.DataFrame
    legs: pl.DataFrame
    deposits: pl.DataFrame
    areas: pl.DataFrame


def ground(config: WorldConfig) -> Ground:
    """The world's ground, the same for the same config."""
    land, names = terrain(config), codes(config.countries)
    streams, runoff = channels(config, land), runoff_mm(config, land)
    habitable = habitability(land, runoff)
    grid, seats = divided(config, land, habitable, np.where(streams.is_river, streams.discharge_m3_s, 0.0))
    sea = open_sea(config, land)
    coast = shore(land, sea)
    states = countries(config, land, grid, seats, habitable, coast)
    borders = outlines(land, grid, names)
    sites = places(config, land, grid, states, seats, habitable, streams, coast)
    bodies = deposits(config, land, grid, names, streams, runoff)
    return Ground(
        terrain=land,
        grid=grid,
        countries=states,
        outlines=borders,
        reaches=reaches(land, streams, grid, names),
        places=sites,
        legs=legs(config, land, grid, states, sites, streams, sea),
        deposits=bodies,
        areas=areas(config, land, grid, runoff, borders, bodies),
    )
