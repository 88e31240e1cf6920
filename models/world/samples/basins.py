"""What rivers carry at any cell: background of the land above, natural outcrops of ore, and what sites release.

All amounts are by year. At a cell the sediment is the sum of sources above it, and a content is

    mg/kg = (sum of grams from each source) / (sum of tonnes from each source),

for water likewise ug/L = sum of micrograms / sum of litres. Sources other than the background are followed down the
tree one by one, so that their shares are known.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.climate import runoff_mm
from models.world.land.drainage import accumulate, sum_down
from models.world.land.rivers import Channels
from models.world.land.sphere import Floats, Ints, distance_km
from models.world.land.terrain import Terrain
from models.world.samples.geology import Geology
from models.world.samples.lead import carried

LOWEST_RELIEF, HIGHEST_RELIEF = 0.15, 6.0
"""Bounds of a cell's relief beside the median, to which erosion is proportional."""
DISSOLVED_SLOPE = 0.6
"""How far rivers follow their rocks: d ln (dissolved) / d ln (content of rock)."""


@dataclass(frozen=True)
class Basins:
    """Sums over the land above each flat cell, a year."""

    sediment_t: Floats
    content_g: Floats
    """[cell, analyte] in the sediment."""
    lead_g: Floats
    """[cell, 4], as `lead.carried`."""
    water_m3: Floats
    dissolved_g: Floats
    """[cell, analyte]"""
    to_sea_km: Floats
    """Way down from each cell's centre to its outlet's."""


def basins(config: WorldConfig, ground: Ground, streams: Channels, rocks: Geology) -> Basins:
    """Background of the world's rivers."""
    land, parameters = ground.terrain, config.samples
    area = np.where(land.is_land, land.cell_area_km2, 0.0).ravel()
    rng = config.chance("samples", "erosion")
    yields = parameters.erosion_t_km2 * np.exp(parameters.erosion_sd * rng.standard_normal(streams.reach.max() + 2))
    sediment = area * yields[streams.reach] * _relief(land).ravel()
    content = sediment[:, None] * np.exp(rocks.rock)
    lead = carried(content[:, rocks.analytes.index("Pb")], rocks.rock_lead)
    water = area * runoff_mm(config, land).ravel() * 1e3
    crust, river = (
        np.array([getattr(one, name) for one in parameters.elements.values()]) for name in ("crust_mg_kg", "river_ug_l")
    )
    # ug/L = mg/m3
    dissolved = water[:, None] * river * 1e-3 * np.exp(DISSOLVED_SLOPE * (rocks.rock - np.log(crust)))
    columns = [sediment[:, None], content, lead, water[:, None], dissolved]
    total = accumulate(land.downstream, np.concatenate(columns, axis=1))
    ends = np.cumsum([one.shape[1] for one in columns])[:-1]
    sums = np.split(total, ends, axis=1)
    return Basins(sums[0][:, 0], sums[1], sums[2], sums[3][:, 0], sums[4], _to_sea(land))


def _relief(terrain: Terrain) -> Floats:
    height = np.maximum(terrain.elevation_m, 0.0)
    relief = ndimage.maximum_filter(height, 3) - ndimage.minimum_filter(height, 3)
    return np.asarray((relief / np.median(relief[terrain.is_land])).clip(LOWEST_RELIEF, HIGHEST_RELIEF))


def _to_sea(terrain: Terrain) -> Floats:
    lon, lat = terrain.centre_of(np.arange(terrain.elevation_m.size))
    onward = np.maximum(terrain.downstream, 0)
    pieces = np.where(terrain.downstream >= 0, distance_km(lon, lat, lon[onward], lat[onward]), 0.0)
    return sum_down(terrain.downstream, pieces)


def reached(downstream: Ints, starts: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Pairs (number of a start, node): every wanted node at or below each start."""
    is_wanted = np.zeros(len(downstream), dtype=bool)
    is_wanted[wanted] = True
    at, number = starts.copy(), np.arange(len(starts))
    found_number, found_node = [], []
    while len(at):
        hit = is_wanted[at]
        found_number.append(number[hit])
        found_node.append(at[hit])
        onward = downstream[at]
        at, number = onward[onward >= 0], number[onward >= 0]
    return np.concatenate([*found_number, np.empty(0, int)]), np.concatenate([*found_node, np.empty(0, int)])


def down_by(downstream: Ints, to_sea_km: Floats, starts: Ints, distance: Floats) -> Ints:
    """Node so far below each start, or its outlet."""
    at, goal = starts.copy(), to_sea_km[starts] - distance
    while (moving := (to_sea_km[at] > goal) & (downstream[at] >= 0)).any():
        at = np.where(moving, downstream[at], at)
    return at


def main_branch(downstream: Ints, size: Ints) -> Ints:
    """Largest node that runs directly into each node, -1 where none does."""
    inside = np.flatnonzero(downstream >= 0)
    inside = inside[np.argsort(size[inside], kind="stable")]
    above = np.full(len(downstream), -1)
    above[downstream[inside]] = inside
    return above
