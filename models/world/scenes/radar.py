"""What a radar satellite sees of abundances: backscatter of VV and VH under speckle."""

import numpy as np
import numpy.typing as npt
import scipy.ndimage
from scipy.special import gammaincinv, ndtr

from models.world.parameters.scenes import Scenes
from models.world.scenes.fields import Floats, mixed, patches
from models.world.scenes.seasons import Seasons
from models.world.scenes.spectra import ENDMEMBERS

BACKSCATTER_DB: dict[str, tuple[float, float]] = {
    "green_vegetation": (-7.2, -12.8),
    "dry_vegetation": (-10.0, -16.8),
    "laterite": (-12.0, -20.5),
    "quartz_sand": (-13.5, -22.5),
    "clay": (-11.5, -20.0),
    "turbid_water": (-20.5, -28.0),
    "clear_water": (-20.5, -28.0),
    "tailings": (-14.0, -22.5),
    "shade": (-7.6, -13.2),
}
"""gamma0 of VV and VH at C band in dry calm conditions; shade is what crowns throw and has their backscatter."""
MOIST_DB = 1.8
"""Rise of bare ground and grass from dry to wet months."""
WIND_DB = 2.2
"""Standard deviation of the backscatter of water between dates; wind roughens it, VH half as much."""
DATE_DB = 0.2
"""Standard deviation of a date's calibration."""
TEXTURE = 0.10
"""Standard deviation of the natural log of a pixel's own backscatter, by crowns and slopes."""
KNOTS = 2400
"""Steps of the table that turns normal into gamma noise, between -6 and 6 standard deviations."""
GROUND = ("dry_vegetation", "laterite", "quartz_sand", "clay", "tailings")
WATER = ("turbid_water", "clear_water")


def backscatter(rng: np.random.Generator, parameters: Scenes, abundances: Floats, year: Seasons) -> Floats:
    """Mean power [month, (VV, VH), row, column] of abundances [month, endmember, row, column], with thermal noise."""
    power = 10 ** (_decibels(rng, year) / 10)
    texture = np.exp(TEXTURE * patches(rng, 2, (abundances.shape[2], abundances.shape[3]), 3.0, 1.0))
    seen: Floats = mixed(power, abundances) * texture[None] + np.float32(parameters.noise_power)
    return seen


def speckle(rng: np.random.Generator, looks: float, correlation: float, shape: tuple[int, ...]) -> Floats:
    """Factors of mean 1 and variance 1 / looks, gamma distributed, alike between neighbours on the last two axes.

    Gaussian noise filtered by (a, 1, a) along rows and columns has the correlation 2a / (1 + 2a^2) between neighbours;
    its distribution is then exchanged for the gamma distribution of shape `looks` and mean 1. correlation is at most
    0.7, which is all that three points can give.
    """
    noise = rng.standard_normal(shape, dtype=np.float32)
    if correlation:
        side = (1 - np.sqrt(1 - 2 * correlation**2)) / (2 * correlation)
        kernel = np.array([side, 1.0, side]) / np.sqrt(1 + 2 * side**2)
        for axis in (-1, -2):
            noise = scipy.ndimage.correlate1d(noise, kernel, axis=axis, mode="wrap")
    table = (gammaincinv(looks, ndtr(np.linspace(-6.0, 6.0, KNOTS + 1))) / looks).astype(np.float32)
    place = np.clip((noise + 6.0) * (KNOTS / 12), 0, KNOTS - 1e-3)
    knot = place.astype(np.int32)
    factors: Floats = table[knot] + (place - knot).astype(np.float32) * np.diff(table)[knot]
    return factors


def acquired(rng: np.random.Generator, parameters: Scenes, mean: Floats) -> npt.NDArray[np.float32]:
    """One image of each month: mean power x speckle, to eleven binary digits; NaN in months without an acquisition."""
    seen = mean * speckle(rng, parameters.looks, parameters.speckle_correlation, mean.shape)
    seen[rng.random(len(seen)) < parameters.radar_gap_chance] = np.nan
    return seen.astype(np.float16).astype(np.float32)


def _decibels(rng: np.random.Generator, year: Seasons) -> Floats:
    """Backscatter in dB [month, (VV, VH), endmember]."""
    months = len(year.wetness)
    base = np.array([BACKSCATTER_DB[name] for name in ENDMEMBERS]).T
    is_ground = np.array([name in GROUND for name in ENDMEMBERS])
    is_water = np.array([name in WATER for name in ENDMEMBERS])
    moist = MOIST_DB * np.clip(year.wetness + 0.15 * rng.standard_normal(months), 0.0, 1.2)
    wind = WIND_DB * np.outer(rng.standard_normal(months), (1.0, 0.5))
    date = DATE_DB * rng.standard_normal(months)
    rises: Floats = (moist[:, None] * is_ground)[:, None] + wind[:, :, None] * is_water + date[:, None, None]
    return base[None] + rises
