"""Fractal land and sea on a grid of longitude and latitude, and where water runs on it.

Height is a swell of continents (noise whose power falls with wave number), mountain chains along the zero lines of a
second noise, and an edge of sea all around. Sea level leaves the wanted share of land; heights of land are then
stretched to an exponential distribution, cut by valleys and filled, so that every cell drains to the sea.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage

from models.world.config import WorldConfig
from models.world.land.drainage import accumulate, filled, steepest
from models.world.land.sphere import EARTH_KM, Floats, Ints, Mask
from models.world.parameters.geography import Extent, Geography

LOWEST_M = 1.0
"""Height of the lowest land."""
DEEPEST_M = 5_500.0
FLAT_STEP_M = 0.05
"""Mean rise of filled flats from cell to cell."""


@dataclass(frozen=True)
class Terrain:
    """Heights of a grid of cells and where they drain."""

    lons: Floats
    """Centres of columns, degrees, eastwards."""
    lats: Floats
    """Centres of rows, degrees, southwards."""
    elevation_m: Floats
    """[lat, lon]; sea is below zero. Land is filled: every cell has a lower neighbour or is an outlet."""
    downstream: Ints
    """Flat index of the next cell; -1 for outlets into the sea and for the sea itself."""
    upstream_cells: Ints
    """Flat; cells that drain through a cell, itself included; 0 at sea."""

    @property
    def is_land(self) -> Mask:
        """[lat, lon]"""
        return np.asarray(self.elevation_m >= 0)

    @property
    def cell_degrees(self) -> float:
        """Side of a cell."""
        return float(self.lons[1] - self.lons[0])

    @property
    def cell_area_km2(self) -> Floats:
        """[lat, lon]: R^2 * width * (difference of the sines of its northern and southern edge)."""
        half = np.radians(self.cell_degrees) / 2
        rows = EARTH_KM**2 * 2 * half * (np.sin(np.radians(self.lats) + half) - np.sin(np.radians(self.lats) - half))
        return np.repeat(rows[:, None], len(self.lons), axis=1)

    def cell_of(self, lon: ArrayLike, lat: ArrayLike) -> Ints:
        """Flat index of the cell that holds a point; points outside the map count to its edge."""
        columns = np.rint((np.asarray(lon) - self.lons[0]) / self.cell_degrees).clip(0, len(self.lons) - 1)
        rows = np.rint((self.lats[0] - np.asarray(lat)) / self.cell_degrees).clip(0, len(self.lats) - 1)
        return np.asarray(rows * len(self.lons) + columns, dtype=np.int64)

    def centre_of(self, cell: ArrayLike) -> tuple[Floats, Floats]:
        """Longitude and latitude of cells given by flat index."""
        row, column = np.divmod(np.asarray(cell, dtype=np.int64), len(self.lons))
        return self.lons[column], self.lats[row]


def terrain(config: WorldConfig) -> Terrain:
    """The world's land and sea."""
    extent, rng = config.geography.extents[config.size], config.chance("terrain")
    lons, lats = axes(extent)
    relative = _relief(rng, lons, lats, extent, config.geography)
    elevation = stretched(relative, sea_level(relative, lats, config.geography.land_share), config.geography)
    step = FLAT_STEP_M * (0.05 + rng.exponential(size=elevation.shape))
    elevation = filled(elevation, step)
    elevation = filled(_cut(elevation, lats, extent.cell_degrees, config.geography.valley_m), step)
    return drained(lons, lats, elevation)


def drained(lons: Floats, lats: Floats, elevation_m: Floats) -> Terrain:
    """Terrain of a filled surface."""
    downstream = steepest(elevation_m, lats, float(lons[1] - lons[0]))
    cells = accumulate(downstream, (elevation_m >= 0).ravel().astype(np.float64))
    return Terrain(lons, lats, elevation_m, downstream, np.rint(cells).astype(np.int64))


def axes(extent: Extent) -> tuple[Floats, Floats]:
    """Centres of columns eastwards and of rows southwards."""
    columns, rows = (
        round(2 * half / extent.cell_degrees) for half in (extent.half_width_degrees, extent.half_height_degrees)
    )
    east, south = (np.arange(count, dtype=np.float64) + 0.5 for count in (columns, rows))
    return (
        east * extent.cell_degrees - extent.half_width_degrees,
        extent.half_height_degrees - south * extent.cell_degrees,
    )


def fractal(rng: np.random.Generator, shape: tuple[int, int], exponent: float, shortest: float = 0.0) -> Floats:
    """Noise [row, column] of mean 0 and sd 1 whose power falls as wave number^-exponent.

    Waves shorter than `shortest` cells are damped. The field of twice the height and width is cut, so that opposite
    edges do not meet.
    """
    rows, columns = shape
    spectrum = np.fft.rfft2(rng.standard_normal((2 * rows, 2 * columns)))
    wave = np.hypot(np.fft.fftfreq(2 * rows)[:, None], np.fft.rfftfreq(2 * columns)[None, :])
    wave[0, 0] = 1.0
    # Nothing is longer than the map: else chance decides between all land and all sea.
    spectrum *= np.maximum(wave, 1 / max(rows, columns)) ** (-exponent / 2) * np.exp(-((shortest * wave) ** 2))
    spectrum[0, 0] = 0.0
    field = np.fft.irfft2(spectrum, s=(2 * rows, 2 * columns))[:rows, :columns]
    return np.asarray((field - field.mean()) / field.std())


def _relief(rng: np.random.Generator, lons: Floats, lats: Floats, extent: Extent, parameters: Geography) -> Floats:
    shape = len(lats), len(lons)
    swell = fractal(rng, shape, parameters.height_exponent)
    chains = fractal(rng, shape, parameters.height_exponent, shortest=6.0 / extent.cell_degrees)
    rough = fractal(rng, shape, parameters.height_exponent - 0.7)
    ridges = np.exp(-((chains / 0.22) ** 2)) * (1.0 + 0.6 * rough)
    x, y = lons[None, :] / extent.half_width_degrees, lats[:, None] / extent.half_height_degrees
    edge = (np.abs(x) ** 3 + np.abs(y) ** 3) ** (1 / 3)
    slope = 1.6 * np.clip(edge - 0.5, 0.0, None) + 24.0 * np.clip(np.maximum(np.abs(x), np.abs(y)) - 0.88, 0.0, None)
    relative = np.asarray(swell + parameters.ridge_weight * ridges - slope)
    # Ships can go around all land.
    around = np.pad(np.ones((len(lats) - 6, len(lons) - 6), dtype=bool), 3)
    return np.where(around, relative, np.minimum(relative, relative.min(where=around, initial=np.inf)))


def sea_level(relative: Floats, lats: Floats, land_share: float) -> float:
    """Height above which the wanted share of the surface lies."""
    order = np.argsort(-relative, axis=None, kind="stable")
    area = np.repeat(np.cos(np.radians(lats)), relative.shape[1])[order].cumsum()
    return float(relative.ravel()[order[np.searchsorted(area, land_share * area[-1])]])


def stretched(relative: Floats, level: float, parameters: Geography) -> Floats:
    """Metres: land exponential with the wanted mean, sea by depth; waters without a way to the edge become lowland."""
    water, _ = ndimage.label(relative < level)
    outer = np.unique(np.concatenate([water[0], water[-1], water[:, 0], water[:, -1]]))
    is_sea = (water > 0) & np.isin(water, outer)
    land, sea = relative[~is_sea], relative[is_sea]
    elevation = np.empty_like(relative)
    elevation[~is_sea] = LOWEST_M - parameters.mean_height_m * np.log1p(-_ranks(land))
    elevation[is_sea] = -LOWEST_M - DEEPEST_M * (1 - _ranks(sea)) ** 1.3
    return elevation


def _ranks(values: Floats) -> Floats:
    """Share of values that are smaller, in [0, 1)."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return order / max(len(values), 1)


def _cut(elevation: Floats, lats: Floats, cell_degrees: float, valley_m: float) -> Floats:
    """Land lowered along its streams, the more the more they drain, and never below a third of its height."""
    land = elevation >= 0
    downstream = steepest(elevation, lats, cell_degrees)
    drains = accumulate(downstream, land.ravel().astype(np.float64)).reshape(elevation.shape)
    deep = valley_m * np.log10(np.maximum(drains, 1.0))
    return np.where(land, np.maximum(elevation - deep, LOWEST_M + (elevation - LOWEST_M) / 3), elevation)
