"""A drone's mosaic of the middle of a scene: every small pixel is one material, and numbers are not yet calibrated."""

from datetime import date

import numpy as np
import scipy.ndimage
from scipy.special import ndtr

from models.world.parameters.scenes import Scenes
from models.world.scenes.fields import Bytes, Floats
from models.world.scenes.place import Square
from models.world.scenes.scene import Mosaic, MosaicTruth, Numbers, Panel
from models.world.scenes.spectra import DRONE_BANDS, DRONE_CENTRES_NM, DRONE_WIDTHS_NM, library

GRAIN_PX = 1.6
"""Size of crowns, stones and puddles: standard deviation in pixels of the drone."""
SHADING_SD = 0.12
"""Standard deviation of the natural log of the light on a small pixel."""


def mosaic(
    rng: np.random.Generator, parameters: Scenes, abundances: Floats, square: Square, side_m: int, taken: date
) -> tuple[Mosaic, MosaicTruth]:
    """The mosaic of one date and its truth; abundances [endmember, row, column] are the scene's without margin."""
    factor = round(parameters.pixel_m / parameters.drone_pixel_m)
    count = min(round(side_m / parameters.pixel_m), square.pixels)
    first = (square.pixels - count) // 2
    part = abundances[:, first : first + count, first : first + count]
    material = materials(rng, part, factor)
    spectra = library(np.array(DRONE_CENTRES_NM), np.array(DRONE_WIDTHS_NM)).T.astype(np.float32)
    light = np.exp(SHADING_SD * _grains(rng, 1, material.shape[0])[0])
    seen = spectra[:, material] * light
    panels = _panels(parameters, material.shape[0])
    for panel in panels:
        rows, columns = slice(panel.row, panel.row + panel.side), slice(panel.column, panel.column + panel.side)
        seen[:, rows, columns] = np.array(panel.reflectance)[:, None, None]
    gain = rng.uniform(*parameters.drone_gain, len(DRONE_BANDS))
    offset = rng.uniform(*parameters.drone_offset, len(DRONE_BANDS))
    shift = rng.uniform(-parameters.drone_shift_m, parameters.drone_shift_m, 2)
    left = square.left_m + first * parameters.pixel_m + shift[0]
    top = square.top_m - first * parameters.pixel_m + shift[1]
    transform = (parameters.drone_pixel_m, 0.0, float(left), 0.0, -parameters.drone_pixel_m, float(top))
    numbers = _numbers(rng, parameters, seen, gain, offset)
    truth = MosaicTruth(gain, offset, (float(shift[0]), float(shift[1])), material)
    return Mosaic(taken, transform, numbers, panels), truth


def materials(rng: np.random.Generator, abundances: Floats, factor: int) -> Bytes:
    """Endmember of every small pixel, drawn so that a share of them equal to its abundance is of each endmember.

    Small pixel: argmax over endmembers of ln(abundance) + Gumbel noise, whose probabilities are the abundances; the
    noise is alike between neighbours, so that materials lie in grains.
    """
    fine = abundances.repeat(factor, axis=1).repeat(factor, axis=2).astype(np.float32)
    even = np.clip(ndtr(_grains(rng, len(abundances), fine.shape[1])), 1e-6, 1 - 1e-6)
    chance = np.log(np.clip(fine, 1e-9, None)) - np.log(-np.log(even))
    found: Bytes = chance.argmax(axis=0).astype(np.uint8)
    return found


def _grains(rng: np.random.Generator, count: int, side: int) -> Floats:
    """Gaussian fields [count, side, side] of mean 0 and variance 1, in grains of a few pixels."""
    white = rng.standard_normal((count, side, side), dtype=np.float32)
    for axis in (1, 2):
        white = scipy.ndimage.gaussian_filter1d(white, GRAIN_PX, axis=axis, mode="wrap", truncate=3)
    kernel = np.exp(-(np.arange(-5, 6) ** 2) / (2 * GRAIN_PX**2))
    kernel = kernel / kernel.sum()
    fields: Floats = white / np.float32(np.sum(kernel**2))
    return fields


def _panels(parameters: Scenes, side: int) -> tuple[Panel, ...]:
    """Panels in a row near the upper left corner."""
    width = round(parameters.panel_side_m / parameters.drone_pixel_m)
    gap = 2 * width
    return tuple(
        Panel(gap, gap + at * gap, width, (grey,) * len(DRONE_BANDS))
        for at, grey in enumerate(parameters.panels)
        if gap + at * gap + width < side
    )


def _numbers(rng: np.random.Generator, parameters: Scenes, seen: Floats, gain: Floats, offset: Floats) -> Numbers:
    """Digital numbers gain x reflectance + offset + noise, 1 to 65535."""
    noise = parameters.drone_noise_dn * rng.standard_normal(seen.shape, dtype=np.float32)
    numbers = gain[:, None, None] * seen + offset[:, None, None] + noise
    return np.clip(np.rint(numbers), 1, 65_535).astype(np.uint16)
