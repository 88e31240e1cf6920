"""What an optical satellite sees of abundances: mixed reflectance, blur, misregistration, air and noise."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from models.world.parameters.scenes import Scenes
from models.world.scenes.clouds import Sky
from models.world.scenes.fields import Bools, Floats, mixed, patches
from models.world.scenes.scene import Numbers
from models.world.scenes.spectra import CENTRES_NM, FINE, optical_library

REFERENCE_NM = 832.8
"""Where a pixel's tilt changes nothing."""
SCALE = 10_000
LARGEST = 65_535
AT_ONCE = 2
BRIGHT, DARK = 0.17, 0.07
"""Blue reflectance above which, and near infrared reflectance below which, ground misleads a cloud mask."""
CLOUD_REFLECTANCE = (0.62, 0.60, 0.60, 0.60, 0.61, 0.61, 0.61, 0.61, 0.46, 0.34)
"""Of opaque cloud by band; water droplets and ice absorb beyond 1.4 um."""
SHADOW_LOSS = (0.55, 0.60, 0.66, 0.68, 0.71, 0.72, 0.73, 0.73, 0.78, 0.80)
"""Share of light that a cloud's full shadow takes away by band; scattered blue light remains."""


@dataclass(frozen=True)
class Variation:
    """How pixels of equal abundances differ [row, column]."""

    brightness: Floats
    """Factor on all wavelengths."""
    tilt: Floats
    """Relative change of reflectance over 1000 nm."""


def variation(rng: np.random.Generator, parameters: Scenes, shape: tuple[int, int], relief: float) -> Variation:
    """Brightness, lognormal, partly grainy and partly by slopes of hilly ground (relief 0 to 1), and tilt, normal."""
    grain, patchy, hills, colour = (
        rng.standard_normal(shape, dtype=np.float32),
        patches(rng, 1, shape, 5.0, 1.3)[0],
        patches(rng, 1, shape, 24.0, 1.7)[0],
        patches(rng, 1, shape, 8.0, 1.3)[0],
    )
    texture = parameters.brightness_sd * (0.6 * grain + 0.8 * patchy) + 0.12 * relief * hills
    return Variation(np.exp(texture), parameters.tilt_sd * colour)


def factors(varied: Variation, wavelengths_nm: Floats) -> Floats:
    """Of each wavelength in nm [band, row, column]: brightness x (1 + tilt x (wavelength - 832.8) / 1000)."""
    away = (wavelengths_nm - REFERENCE_NM)[:, None, None] / 1000
    return (varied.brightness[None] * (1 + varied.tilt[None] * away)).astype(np.float32)


def reflectance(abundances: Floats, endmembers: Floats, factor: Floats) -> Floats:
    """Reflectance [month, band, row, column] of abundances [month, endmember, row, column]: (E' A) x factor.

    endmembers are [endmember, band], factor is that of `factors` [band, row, column].
    """
    seen = mixed(endmembers.T, abundances)
    seen *= factor
    return seen


def spread(reach: int, sd_px: float, shifts_px: Floats) -> Floats:
    """Share of light that a pixel takes from the ground -reach to reach pixels away along one axis [month, pixel].

    A Gaussian of sd_px around minus the month's shift, integrated over the ground's pixels; shares sum to 1.
    """
    edges = np.arange(-reach, reach + 2) - 0.5
    weights = np.diff(ndtr((edges[None, :] + shifts_px[:, None]) / sd_px), axis=1)
    shares: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def blurred(ground: Floats, parameters: Scenes, shifts_px: Floats) -> Floats:
    """Images [month, band, row, column] without their margin; bands of 20 m are blurred more than those of 10 m."""
    months, bands, height, width = ground.shape
    margin = parameters.margin
    seen = np.empty((months, bands, height - 2 * margin, width - 2 * margin), dtype=np.float32)
    coarse = tuple(band for band in range(bands) if band not in FINE)
    for some, sd_px in zip((FINE, coarse), parameters.psf_sd_px, strict=True):
        reach = min(margin, int(np.ceil(1 + 3 * sd_px)))
        down, right = (spread(reach, sd_px, shifts_px[:, axis]) for axis in (0, 1))
        cut = ground[:, some, margin - reach : height - margin + reach, margin - reach : width - margin + reach]
        seen[:, some] = _along(_along(cut, down, 2), right, 3)
    return seen


def _along(image: Floats, weights: Floats, axis: int) -> Floats:
    """Weighted sum of neighbours along an axis, which becomes shorter by one less than the number of weights."""
    size = image.shape[axis] - weights.shape[1] + 1
    shape = [size if at == axis else length for at, length in enumerate(image.shape)]
    seen = np.zeros(shape, dtype=np.float32)
    for at in range(weights.shape[1]):
        part = image[:, :, at : at + size] if axis == 2 else image[..., at : at + size]
        seen += weights[:, at, None, None, None] * part
    return seen


def images(
    rng: np.random.Generator,
    parameters: Scenes,
    abundances: Floats,
    varied: Variation,
    shifts_px: Floats,
    over: Sky,
    unseen: Bools,
) -> tuple[Numbers, Bools, Bools]:
    """Images of all months [month, band, row, column], and where ground is bright and dark under a clear sky.

    abundances and variation are those of the ground with its margin. A few months at a time stay in the processor's
    cache.
    """
    endmembers, factor, parts = optical_library(), factors(varied, np.array(CENTRES_NM)), []
    for first in range(0, len(abundances), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        ground = reflectance(abundances[some], endmembers, factor)
        ground = blurred(ground, parameters, shifts_px[some])
        air = through_air(rng, parameters, ground, over.opacity[some], over.shade[some])
        parts.append((stored(air, unseen[some]), ground[:, 0] > BRIGHT, ground[:, 6] < DARK))
    numbers, bright, dark = (np.concatenate(part) for part in zip(*parts, strict=True))
    return numbers, bright, dark


def shifts(rng: np.random.Generator, parameters: Scenes, months: int) -> Floats:
    """Misregistration [month, (down, right)] in pixels: length beta distributed on 0 to 1, any direction."""
    length = rng.beta(4 * parameters.shift_mean_px, 4 * (1 - parameters.shift_mean_px), months)
    angle = rng.uniform(0, 2 * np.pi, months)
    return np.stack([length * np.sin(angle), length * np.cos(angle)], axis=1)


def through_air(rng: np.random.Generator, parameters: Scenes, ground: Floats, opacity: Floats, shade: Floats) -> Floats:
    """Add clouds, their shadows, errors of the atmospheric correction and noise.

    r' = (r (1 - loss x shade) gain + haze) (1 - opacity) + cloud x opacity + noise
    """
    months = len(ground)
    gain = np.exp(parameters.gain_sd * rng.standard_normal(months)).astype(np.float32)[:, None, None, None]
    falling = (490.0 / np.array(CENTRES_NM)) ** 1.5
    haze = parameters.haze_sd * rng.standard_normal(months)[:, None] * falling[None]
    loss = np.array(SHADOW_LOSS, dtype=np.float32)[None, :, None, None]
    white = np.outer(rng.uniform(0.85, 1.25, months), CLOUD_REFLECTANCE).astype(np.float32)[:, :, None, None]
    seen = ground * (1 - loss * shade[:, None].astype(np.float32))
    seen *= gain
    seen += haze.astype(np.float32)[:, :, None, None]
    veil = opacity[:, None].astype(np.float32)
    seen += veil * (white - seen)
    noise = rng.standard_normal(seen.shape, dtype=np.float32)
    noise *= parameters.noise_floor + parameters.noise_share * seen
    seen += noise
    return seen


def stored(seen: Floats, unseen: Bools) -> Numbers:
    """Reflectance x 10000 as uint16, at least 1; 0 where nothing was seen [month, row, column]."""
    numbers = np.clip(np.rint(seen * SCALE), 1, LARGEST).astype(np.uint16)
    numbers *= ~unseen[:, None]
    return numbers


def outside_swath(rng: np.random.Generator, parameters: Scenes, months: int, shape: tuple[int, int]) -> Bools:
    """Pixels beyond the edge of the swath [month, row, column]: in some scenes a corner in every second month."""
    unseen = np.zeros((months, *shape), dtype=np.bool_)
    if rng.random() < parameters.edge_chance:
        rows, columns = np.indices(shape)
        slant, at = rng.uniform(0.15, 0.3), rng.uniform(0.6, 0.95) * shape[1]
        unseen[int(rng.integers(2)) :: 2] = columns + slant * rows > at + slant * shape[0] / 2
    return unseen
