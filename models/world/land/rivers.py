"""Rivers: pieces of stream between confluences, cut from the drainage tree of cells.

A cell is river where the land above it is larger than a threshold. A reach begins at a source or confluence and ends
before the next confluence, so that reaches form a tree of their own. Its line runs through the centres of its cells to
the first of the next reach, or towards the sea.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from models.world.config import WorldConfig
from models.world.land.climate import runoff_mm
from models.world.land.drainage import MOVES, accumulate, first_below, levels_down
from models.world.land.sphere import Floats, Grid, Ints, Mask, distance_km
from models.world.land.terrain import Terrain
from models.world.tables import Reach

SECONDS_A_YEAR = 365.25 * 86_400


@dataclass(frozen=True)
class Channels:
    """Streams by flat cell. Reaches are numbered from 0 in the order of their first cells."""

    area_km2: Floats
    """Land above each cell, itself included."""
    discharge_m3_s: Floats
    """Mean discharge: sum of area x runoff above."""
    reach: Ints
    """Reach that a cell belongs to, else the first one that its water meets; -1 where that is the sea."""
    is_river: Mask
    """Cells of reaches."""
    heads: Ints
    """First cell of each reach."""
    mouths: Ints
    """Last cell of each reach."""
    downstream: Ints
    """Next reach of each, -1 at the sea."""


def channels(config: WorldConfig, terrain: Terrain) -> Channels:
    """The world's streams."""
    area = terrain.cell_area_km2.ravel()
    runoff = runoff_mm(config, terrain).ravel()
    land = terrain.is_land.ravel()
    # mm a year x km2 = 1000 m3 a year
    yields = np.where(land, runoff * area * 1e3 / SECONDS_A_YEAR, 0.0)
    total = accumulate(terrain.downstream, np.stack([np.where(land, area, 0.0), yields], axis=1))
    is_river = total[:, 0] >= config.geography.river_km2
    next_cell = np.where(is_river, terrain.downstream, -1)
    donors = np.bincount(next_cell[next_cell >= 0], minlength=len(area))
    heads = np.flatnonzero(is_river & (donors != 1))
    reach = _reach_of(terrain.downstream, is_river, heads)
    goes_on = (next_cell >= 0) & (reach[next_cell] == reach)
    mouths = np.flatnonzero(is_river & ~goes_on)
    mouths = mouths[np.argsort(reach[mouths], kind="stable")]
    after = next_cell[mouths]
    return Channels(
        area_km2=total[:, 0],
        discharge_m3_s=total[:, 1],
        reach=reach,
        is_river=is_river,
        heads=heads,
        mouths=mouths,
        downstream=np.where(after >= 0, reach[after], -1),
    )


def _reach_of(downstream: Ints, is_river: Mask, heads: Ints) -> Ints:
    """Reach of each cell: of river cells the last head at or above, of others the reach that they run into."""
    number = np.full(len(downstream), -1)
    number[heads] = np.arange(len(heads))
    for cells in levels_down(np.where(is_river, downstream, -1)):
        given = cells[is_river[cells] & (downstream[cells] >= 0)]
        below = downstream[given]
        fresh = number[below] < 0
        number[below[fresh]] = number[given[fresh]]
    first = first_below(downstream, is_river)
    return np.where(first >= 0, number[first], -1)


def strahler(downstream: Ints) -> Ints:
    """Strahler order of the nodes of a tree: 1 at sources, one more than its branches where two equal ones meet."""
    order = np.ones(len(downstream), dtype=np.int64)
    for nodes in levels_down(downstream):
        inside = nodes[downstream[nodes] >= 0]
        below = downstream[inside]
        largest = np.zeros(len(downstream), dtype=np.int64)
        np.maximum.at(largest, below, order[inside])
        ties = np.bincount(below[order[inside] == largest[below]], minlength=len(downstream))
        order = np.where(largest > 0, largest + (ties > 1), order)
    return order


def reaches(terrain: Terrain, streams: Channels, grid: Grid, codes: list[str]) -> pl.DataFrame:
    """Reaches as a table; each belongs to the country of its lower end."""
    at, owner = _vertices(terrain, streams)
    lons, lats = at[:, 0], at[:, 1]
    lines = shapely.linestrings(at, indices=owner)
    same = owner[1:] == owner[:-1]
    pieces = distance_km(lons[:-1], lats[:-1], lons[1:], lats[1:])
    length = np.bincount(owner[1:][same], weights=pieces[same], minlength=len(streams.heads))
    frame = pl.DataFrame(
        {
            "reach_id": np.arange(len(streams.heads)),
            "downstream_id": streams.downstream,
            "country": np.array(codes)[grid.ravel()[streams.mouths]] if len(streams.heads) else [],
            "order": strahler(streams.downstream),
            "length_km": length,
            "upstream_area_km2": streams.area_km2[streams.mouths],
            "discharge_m3_s": streams.discharge_m3_s[streams.mouths],
            "geometry": list(shapely.to_wkb(lines)),
        },
        schema_overrides={"country": pl.String, "geometry": pl.Binary},
    )
    sea = pl.col("downstream_id") < 0
    return Reach.validate(frame.with_columns(pl.when(~sea).then("downstream_id").alias("downstream_id")), cast=True)


def _vertices(terrain: Terrain, streams: Channels) -> tuple[Floats, Ints]:
    """Points [n, 2] of all lines, with the reach of each, in the order of the lines."""
    cells = np.flatnonzero(streams.is_river)
    cells = cells[np.lexsort((streams.area_km2[cells], streams.reach[cells]))]
    lon, lat = terrain.centre_of(cells)
    onward = terrain.downstream[streams.mouths]
    end_lon, end_lat = terrain.centre_of(np.maximum(onward, 0))
    sea_lon, sea_lat = _towards_sea(terrain, streams.mouths)
    ends = np.stack([np.where(onward >= 0, end_lon, sea_lon), np.where(onward >= 0, end_lat, sea_lat)], axis=1)
    points = np.concatenate([np.stack([lon, lat], axis=1), ends])
    owner = np.concatenate([streams.reach[cells], np.arange(len(ends))])
    order = np.argsort(owner, kind="stable")
    return points[order], owner[order]


def _towards_sea(terrain: Terrain, cells: Ints) -> tuple[Floats, Floats]:
    """Points between the centres of cells and of their lowest neighbours."""
    padded = np.pad(terrain.elevation_m, 1, constant_values=np.inf)
    rows, columns = np.divmod(cells, len(terrain.lons))
    heights = np.stack([padded[rows + 1 + down, columns + 1 + right] for down, right in MOVES])
    best = np.array(MOVES)[heights.argmin(axis=0)] if len(cells) else np.empty((0, 2))
    lon, lat = terrain.centre_of(cells)
    return lon + best[:, 1] * terrain.cell_degrees / 2, lat - best[:, 0] * terrain.cell_degrees / 2
