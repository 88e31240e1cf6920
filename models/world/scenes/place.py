"""Where scenes lie: squares on the UTM grid."""

from dataclasses import dataclass

import numpy as np
from rasterio.warp import transform as reproject

from models.world.scenes.fields import Floats
from models.world.scenes.scene import Transform

GRID_M = 10.0
"""Corners of pixels are multiples of it, as in Sentinel-2's tiles."""


@dataclass(frozen=True)
class Square:
    """A square of ground."""

    epsg: int
    left_m: float
    top_m: float
    pixel_m: float
    pixels: int

    @property
    def transform(self) -> Transform:
        """Affine transform of its pixels."""
        return (self.pixel_m, 0.0, self.left_m, 0.0, -self.pixel_m, self.top_m)

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of its centre, degrees."""
        half = self.pixels * self.pixel_m / 2
        lons, lats = reproject(f"EPSG:{self.epsg}", "EPSG:4326", [self.left_m + half], [self.top_m - half])
        return lons[0], lats[0]

    def pixels_of(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Row and column of points, in pixels from its upper left corner."""
        x, y = _metres(self.epsg, lon, lat)
        return (self.top_m - y) / self.pixel_m, (x - self.left_m) / self.pixel_m


def square(lon: float, lat: float, pixel_m: float, pixels: int, offset_px: tuple[float, float]) -> Square:
    """The square in which a point lies offset_px (down, right) from the centre, snapped to the grid."""
    epsg = utm(lon, lat)
    (x,), (y,) = _metres(epsg, np.array([lon]), np.array([lat]))
    half = pixels * pixel_m / 2
    left = round((x - half - offset_px[1] * pixel_m) / GRID_M) * GRID_M
    top = round((y + half + offset_px[0] * pixel_m) / GRID_M) * GRID_M
    return Square(epsg, left, top, pixel_m, pixels)


def utm(lon: float, lat: float) -> int:
    """EPSG code of the UTM zone of a point: 326zz north, 327zz south of the equator."""
    zone = int((lon + 180) // 6) % 60 + 1
    return (32_600 if lat >= 0 else 32_700) + zone


def _metres(epsg: int, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = reproject("EPSG:4326", f"EPSG:{epsg}", list(lon), list(lat))
    return np.array(x), np.array(y)
