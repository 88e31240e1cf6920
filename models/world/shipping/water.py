"""The sea as a graph: large squares in the open, single cells along coasts.

A square is a block of 1, 2, 4 or 8 cells that is all water. The straight way between the centres of two squares that
share a side, or that touch at a corner around which all is water, stays on water.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage, sparse
from scipy.spatial import cKDTree

from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints, Mask, distance_km, unit_vectors

BLOCKS = (2, 4, 8)
INSHORE = 0.3
"""Extra length of ways through single cells: ships keep off the coast."""


@dataclass(frozen=True)
class Water:
    """Sea of a grid of cells and its squares."""

    lons: Floats
    lats: Floats
    is_water: Mask
    """[lat, lon]"""
    room_km: Floats
    """[lat, lon]; a lower bound of the distance to land."""
    square: Ints
    """[lat, lon]; number of the square that holds a cell, -1 on land."""
    lon: Floats
    """Centre of each square."""
    lat: Floats
    graph: Any
    """Sparse [square, square], km."""

    @property
    def cell_degrees(self) -> float:
        """Side of a cell."""
        return float(abs(self.lons[1] - self.lons[0]))

    def cells(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Row and column of points; those outside the map count to its edge."""
        step = float(self.lats[1] - self.lats[0])
        row = np.rint((lat - self.lats[0]) / step).astype(np.int64)
        column = np.rint((lon - self.lons[0]) / self.cell_degrees).astype(np.int64)
        row = np.minimum(np.maximum(row, 0), len(self.lats) - 1)
        column = np.minimum(np.maximum(column, 0), len(self.lons) - 1)
        return row, column

    def is_clear(self, points: Floats, one: int, other: int) -> bool:
        """Whether the great circle between two of the points [n, 3] is on water, tried at every fifth of a cell.

        Points on the chord lie below the great circle, so they have its longitudes and latitudes.
        """
        chord = points[other] - points[one]
        steps = int(np.sqrt(chord @ chord) / np.radians(self.cell_degrees) * 5) + 2
        x, y, z = points[one][:, None] + chord[:, None] * (np.arange(steps) / (steps - 1))
        row, column = self.cells(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))))
        return bool(self.is_water[row, column].all())

    def nearest(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats, Floats]:
        """Square and centre of the water cell nearest to each point."""
        rows, columns = np.nonzero(self.is_water)
        _, at = cKDTree(unit_vectors(self.lons[columns], self.lats[rows])).query(unit_vectors(lon, lat))
        return self.square[rows[at], columns[at]], self.lons[columns[at]], self.lats[rows[at]]


def water(lons: Floats, lats: Floats, is_water: Mask) -> Water:
    """The sea's squares and the ways between them."""
    square, corner, size = squares(is_water)
    row, column = np.divmod(corner, len(lons))
    middle = (size - 1) / 2
    lat, lon = lats[row] + middle * (lats[1] - lats[0]), lons[column] + middle * (lons[1] - lons[0])
    one, other = _touching(square)
    length = distance_km(lon[one], lat[one], lon[other], lat[other])
    length = length * (1 + INSHORE * ((size[one] == 1) | (size[other] == 1)))
    count = len(corner)
    half = sparse.coo_matrix((length, (one, other)), shape=(count, count))
    return Water(lons, lats, is_water, room(lons, lats, is_water), square, lon, lat, (half + half.T).tocsr())


def squares(is_water: Mask) -> tuple[Ints, Ints, Ints]:
    """Number of the square of each cell [lat, lon], and of each square its first cell (flat) and its side in cells."""
    rows, columns = is_water.shape
    largest = BLOCKS[-1]
    whole = np.pad(is_water, ((0, -rows % largest), (0, -columns % largest)))
    side = whole.astype(np.int64)
    for block in BLOCKS:
        shape = whole.shape[0] // block, block, whole.shape[1] // block, block
        full = whole.reshape(shape).all(axis=(1, 3))
        side[np.repeat(np.repeat(full, block, axis=0), block, axis=1)] = block
    side = side[:rows, :columns]
    row, column = np.indices(is_water.shape)
    step = np.maximum(side, 1)
    first = np.where(is_water, row // step * step * columns + column // step * step, -1)
    corner, number = np.unique(first[is_water], return_inverse=True)
    square = np.full(is_water.shape, -1)
    square[is_water] = number
    return square, corner, side.ravel()[corner]


def _touching(square: Ints) -> tuple[Ints, Ints]:
    """Pairs of squares that share a side, or a corner around which all is water; each once, the lower number first."""
    here, right, below, across = square[:-1, :-1], square[:-1, 1:], square[1:, :-1], square[1:, 1:]
    open_corner = (np.stack([here, right, below, across]) >= 0).all(axis=0)
    pairs = [
        (square[:, :-1], square[:, 1:], None),
        (square[:-1], square[1:], None),
        (here, across, open_corner),
        (right, below, open_corner),
    ]
    found = []
    for one, other, allowed in pairs:
        both = (one >= 0) & (other >= 0) & (one != other)
        both = both if allowed is None else both & allowed
        found.append(np.stack([np.minimum(one, other)[both], np.maximum(one, other)[both]], axis=1))
    ends = np.unique(np.concatenate(found), axis=0)
    return ends[:, 0], ends[:, 1]


def room(lons: Floats, lats: Floats, is_water: Mask) -> Floats:
    """Distance from each cell to land, km, [lat, lon]: that between cells less a cell's diagonal, never too large.

    Degrees of longitude count as at the latitude farthest from the equator.
    """
    tall = float(abs(lats[1] - lats[0])) * KM_PER_DEGREE
    wide = float(abs(lons[1] - lons[0])) * KM_PER_DEGREE * float(np.cos(np.radians(np.abs(lats).max())))
    if is_water.all():
        return np.full(is_water.shape, np.inf)
    away = ndimage.distance_transform_edt(is_water, sampling=(tall, wide))
    return np.asarray(np.maximum(away - np.hypot(tall, tall), 0.0))
