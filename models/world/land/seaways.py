"""The open sea on a grid of its own, and the shortest ways of ships over it."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.sparse.csgraph import dijkstra

from models.world.config import WorldConfig
from models.world.land.drainage import ALL_AROUND
from models.world.land.sphere import Floats, Mask, distance_km
from models.world.land.terrain import Terrain
from models.world.land.travel import graph, steps


@dataclass(frozen=True)
class Sea:
    """Cells of the sea over which ships can go: each joins `factor` x `factor` cells of the ground."""

    factor: int
    is_open: Mask
    """[row, column]: at most one in four of the joined cells is land, and the open sea is reached."""
    lons: Floats
    """[row, column]: mean of the joined cells that are water."""
    lats: Floats

    def fine(self, shape: tuple[int, int]) -> Mask:
        """Cells of the ground's grid in open cells of the sea, land cells among them included."""
        return np.asarray(self.is_open.repeat(self.factor, axis=0).repeat(self.factor, axis=1))[: shape[0], : shape[1]]


def open_sea(config: WorldConfig, terrain: Terrain) -> Sea:
    """Sea that ships can use: the largest connected part."""
    factor = config.geography.extents[config.size].sea_cells
    water = ~terrain.is_land
    count = _joined(water.astype(np.float64), factor)
    wide = count * 4 >= factor * factor * 3
    parts, _ = ndimage.label(wide, ALL_AROUND)
    largest = np.bincount(parts[wide]).argmax() if wide.any() else 0
    lons, lats = np.broadcast_arrays(terrain.lons[None, :], terrain.lats[:, None])
    share = np.maximum(count, 1.0)
    return Sea(
        factor=factor,
        is_open=wide & (parts == largest),
        lons=_joined(np.where(water, lons, 0.0), factor) / share,
        lats=_joined(np.where(water, lats, 0.0), factor) / share,
    )


def _joined(values: Floats, factor: int) -> Floats:
    """Sums over squares of `factor` cells; grids have whole squares."""
    rows, columns = values.shape
    return np.asarray(values.reshape(rows // factor, factor, columns // factor, factor).sum(axis=(1, 3)))


def sailing_km(sea: Sea, lons: Floats, lats: Floats) -> Floats:
    """Shortest ways [point, point] around land between points on the shore, km.

    Each point is joined to the nearest open cell of the sea. On eight neighbours, a way on open water comes out up to
    8 % longer than the great circle.
    """
    rows, columns = sea.is_open.shape
    pairs = steps(sea.is_open, np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
    flat_lons, flat_lats = sea.lons.ravel(), sea.lats.ravel()
    length = distance_km(flat_lons[pairs.start], flat_lats[pairs.start], flat_lons[pairs.end], flat_lats[pairs.end])
    cells = np.flatnonzero(sea.is_open)
    off = distance_km(lons[:, None], lats[:, None], flat_lons[cells], flat_lats[cells])
    starts, leave = cells[off.argmin(axis=1)], off.min(axis=1)
    way = dijkstra(graph(pairs, length, rows * columns), indices=starts)[:, starts]
    return np.where(np.eye(len(starts), dtype=bool), 0.0, way + leave[:, None] + leave)
