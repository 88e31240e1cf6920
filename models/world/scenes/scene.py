"""A scene: what satellites and a drone saw of a square of ground month by month, and what was really there."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from models.world.scenes.fields import Bytes, Floats

Numbers = npt.NDArray[np.uint16]
Transform = tuple[float, float, float, float, float, float]
"""Affine transform a, b, c, d, e, f: x = a column + b row + c, y = d column + e row + f, of a pixel's upper left."""

CLEAR, CLOUD, SHADOW, THIN, UNSEEN = 0, 1, 2, 3, 255
"""Classes of a cloud mask; UNSEEN is outside the swath."""


@dataclass(frozen=True)
class Cube:
    """A hyperspectral image of one date, in pixels larger than the optical ones."""

    taken: date
    transform: Transform
    wavelengths_nm: Floats
    width_nm: float
    reflectance: Numbers
    """Surface reflectance x 10000 [band, row, column]; 0 is no data."""


@dataclass(frozen=True)
class Panel:
    """A grey reference panel that the pilot laid out and measured."""

    row: int
    column: int
    side: int
    """Upper left pixel and side, in pixels of the mosaic."""
    reflectance: tuple[float, ...]
    """By band."""


@dataclass(frozen=True)
class Mosaic:
    """A drone's mosaic of one date."""

    taken: date
    transform: Transform
    numbers: Numbers
    """Uncalibrated digital numbers [red, green, blue, near infrared; row; column]; 0 is no data."""
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class MosaicTruth:
    """What a drone's mosaic hides: number = gain x reflectance + offset + noise."""

    gain: Floats
    """Digital numbers per unit of reflectance, by band."""
    offset: Floats
    shift_m: tuple[float, float]
    """By how much the mosaic's coordinates are too large, in x and y."""
    surface: Bytes
    """What fills each pixel, as an index of `drone.SURFACES` [row, column]."""


@dataclass(frozen=True)
class SceneTruth:
    """What no analysis may read."""

    kind: str
    """illegal, artisanal, legal_mine, or the kind of look-alike."""
    site_id: str | None
    abundances: Floats
    """Share of each endmember of `spectra.ENDMEMBERS` in each pixel [month, endmember, row, column]; sums to 1."""
    mined: Bytes
    """1 where ground is open in a month with work [month, row, column]; its area is SiteMonth.area_ha."""
    abandoned: Bytes
    """1 where ground was opened and is not in work: left, idle or closed [month, row, column]."""
    cloud: Bytes
    """Classes of the cloud mask without error [month, row, column]."""
    cloud_percent: Bytes
    """Opacity of clouds in percent [month, row, column]."""
    shifts_px: Floats
    """By how many pixels a month's image lies too far down and too far right [month, 2]."""
    brightness: Floats
    """Factor on the reflectance of each pixel [row, column]."""
    tilt: Floats
    """Relative change of each pixel's reflectance over 1000 nm, 0 at 832.8 nm [row, column]."""
    drone: MosaicTruth | None = None


@dataclass(frozen=True)
class Scene:
    """A stack of months over a square of ground. T months, H rows, W columns."""

    scene_id: str
    lon: float
    lat: float
    """Centre, degrees."""
    epsg: int
    """UTM zone on WGS 84."""
    transform: Transform
    months: tuple[date, ...]
    taken: tuple[date, ...]
    """Day of each month's optical image."""
    optical: Numbers
    """Surface reflectance x 10000 [T, 10, H, W] of `spectra.BANDS`; 0 is no data."""
    cloud_mask: Bytes
    """CLEAR, CLOUD, SHADOW, THIN or UNSEEN, as a product delivers it [T, H, W]."""
    radar: npt.NDArray[np.float32]
    """Backscatter gamma0 of VV and VH in linear power [T, 2, H, W]; NaN is no data."""
    truth: SceneTruth
    cube: Cube | None = None
    drone: Mosaic | None = None

    @property
    def kind(self) -> str:
        """What is there. Part of the truth."""
        return self.truth.kind

    @property
    def site_id(self) -> str | None:
        """The site in it; null for look-alikes. Part of the truth."""
        return self.truth.site_id
