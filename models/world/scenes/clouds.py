"""Clouds and their shadows, and the mask that a product makes of them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import scipy.ndimage
from scipy.special import ndtr, ndtri

from models.world.parameters.scenes import Scenes
from models.world.scenes.fields import Bools, Bytes, Floats, patches, step
from models.world.scenes.scene import CLEAR, CLOUD, SHADOW, THIN, UNSEEN

OPAQUE, VEILED, DARKENED = 0.5, 0.08, 0.3
"""Opacity from which cloud is opaque, and thin; shade from which ground is in shadow."""
SLOPE = 1.9
"""Of the clouds' spatial spectrum: steeper than turbulence's 1.33, since light is smoothed on its way through them."""
THICKNESS = 3.5
"""Optical depth of a cloud where its field lies one standard deviation above that of its edge."""
OVERPASS_HOUR = 10.5


@dataclass(frozen=True)
class Sky:
    """Clouds of each month [month, row, column]."""

    opacity: Floats
    """Share of light from the ground that clouds replace by their own."""
    shade: Floats
    """1 in the full shadow of a cloud, 0 outside."""


def sky(
    rng: np.random.Generator, parameters: Scenes, wetness: Floats, lat: float, taken: tuple[date, ...], side: int
) -> Sky:
    """Fractal clouds; the share of each date under opaque cloud is beta distributed around the season's mean."""
    months = len(taken)
    mean = parameters.cloud_dry + (parameters.cloud_wet - parameters.cloud_dry) * wetness
    share = rng.beta(parameters.cloud_spread * mean, parameters.cloud_spread * (1 - mean))
    edge = ndtri(1 - share) - (np.log(2) / THICKNESS) ** (1 / 1.5)
    above = patches(rng, months, (side, side), 40.0, SLOPE) - edge[:, None, None].astype(np.float32)
    opacity = 1 - np.exp(-THICKNESS * np.clip(above, 0.0, None) ** 1.5)
    has_cirrus = (rng.random(months) < parameters.cirrus_chance)[:, None, None]
    density = rng.uniform(0.1, 0.35, months)[:, None, None]
    veil = has_cirrus * density * step(patches(rng, months, (side, side), 60.0, 1.7))
    base = rng.uniform(*parameters.cloud_base_m, months)
    down, right = displacement_px(lat, taken, base, parameters.pixel_m)
    shade = np.stack([np.roll(one, (int(d), int(r)), (0, 1)) for one, d, r in zip(opacity, down, right, strict=True)])
    return Sky((1 - (1 - opacity) * (1 - veil)).astype(np.float32), (shade * (1 - opacity)).astype(np.float32))


def displacement_px(lat: float, taken: tuple[date, ...], base_m: Floats, pixel_m: float) -> tuple[Floats, Floats]:
    """How far down and right of a cloud its shadow falls: base / tan(sun's elevation), away from the sun.

    Declination -23.44 cos(2 pi (day + 10) / 365) degrees, hour angle of a morning overpass.
    """
    day = np.array([one.timetuple().tm_yday for one in taken])
    declination = np.radians(-23.44) * np.cos(2 * np.pi * (day + 10) / 365)
    hour, north = np.radians(15 * (OVERPASS_HOUR - 12)), np.radians(lat)
    up = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(hour)
    east = -np.cos(declination) * np.sin(hour)
    to_north = np.cos(north) * np.sin(declination) - np.sin(north) * np.cos(declination) * np.cos(hour)
    reach = base_m / np.clip(up, 0.15, None) / pixel_m
    return np.rint(reach * to_north), np.rint(-reach * east)


def classes(sky_: Sky, unseen: Bools) -> Bytes:
    """The mask without error."""
    found = np.full(sky_.opacity.shape, CLEAR, dtype=np.uint8)
    found[sky_.shade >= DARKENED] = SHADOW
    found[sky_.opacity >= VEILED] = THIN
    found[sky_.opacity >= OPAQUE] = CLOUD
    found[unseen] = UNSEEN
    return found


def delivered(rng: np.random.Generator, parameters: Scenes, truth: Bytes, bright: Bools, dark: Bools) -> Bytes:
    """The mask as a product delivers it: patchy omissions, buffers, and commissions, most of them on bright ground.

    Omission is taken from the buffered mask, so that the stated share of each class is missed; commission adds to
    ground that is clear and outside the buffers.
    """
    months, height, width = truth.shape
    missed, called = _uniform(rng, months, height, width), _uniform(rng, months, height, width)
    thin = (truth == THIN) & (missed >= parameters.thin_omission)
    cloud = _wider(truth == CLOUD, parameters.buffer_px) & (missed >= parameters.omission)
    shadow = _wider(truth == SHADOW, parameters.buffer_px) & (missed < 1 - parameters.shadow_omission)
    free = (truth == CLEAR) & ~cloud & ~shadow
    wrongly = free & (called < np.where(bright, parameters.bright_commission, parameters.commission))
    gloomy = free & dark & (called > 1 - parameters.dark_commission)
    found = np.zeros(truth.shape, dtype=np.uint8)
    for where, value in ((shadow | gloomy, SHADOW), (thin, THIN), (cloud | wrongly, CLOUD), (truth == UNSEEN, UNSEEN)):
        found[where] = value
    return found


def _uniform(rng: np.random.Generator, months: int, height: int, width: int) -> Floats:
    """Patchy fields whose values are uniform on 0 to 1."""
    values: Floats = ndtr(patches(rng, months, (height, width), 20.0, 2.0))
    return values


def _wider(where: Bools, width_px: int) -> Bools:
    """Every pixel within a square of 2 width_px + 1 around those named."""
    size = 2 * width_px + 1
    found: Bools = scipy.ndimage.maximum_filter(where.view(np.uint8), size=(1, size, size)).astype(np.bool_)
    return found
