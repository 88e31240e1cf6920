"""A drone's mosaic of the middle of a scene: small pixels of one surface each, in numbers that are not yet calibrated.

Plants, ground and water lie side by side at this scale; what grounds are made of, and what water carries, stays mixed.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from models.world.parameters.scenes import Scenes
from models.world.scenes.fields import Bytes, Floats, patches
from models.world.scenes.optical import Variation, factors
from models.world.scenes.place import Square
from models.world.scenes.scene import Mosaic, MosaicTruth, Numbers, Panel
from models.world.scenes.spectra import DRONE_BANDS, DRONE_CENTRES_NM, DRONE_WIDTHS_NM, ENDMEMBERS, library

SURFACES: dict[str, tuple[str, ...]] = {
    "green": ("green_vegetation",),
    "dry": ("dry_vegetation",),
    "bare": ("laterite", "quartz_sand", "clay", "tailings"),
    "water": ("turbid_water", "clear_water"),
    "shade": ("shade",),
}
"""Endmembers that a surface may be mixed of."""
GRAIN_PX, GRAIN_SLOPE = 14.0, 1.5
"""Size of crowns, stones and puddles in pixels of the drone, and how smooth their outlines are."""
RAGGED_PX = 0.35
"""Edges between pixels of the ground wander by this much of a pixel."""
SHADING_SD = 0.10
"""Standard deviation of the natural log of the light on a small pixel."""


def mosaic(
    rng: np.random.Generator,
    parameters: Scenes,
    abundances: Floats,
    varied: Variation,
    square: Square,
    side_m: int,
    taken: date,
) -> tuple[Mosaic, MosaicTruth]:
    """The mosaic of one date and its truth; abundances [endmember, row, column] and their variation have no margin."""
    count = min(round(side_m / parameters.pixel_m), square.pixels)
    first = (square.pixels - count) // 2
    cut = slice(first, first + count)
    factor = factors(Variation(varied.brightness[cut, cut], varied.tilt[cut, cut]), np.array(DRONE_CENTRES_NM))
    surface, seen = surfaces(rng, abundances[:, cut, cut], factor, round(parameters.pixel_m / parameters.drone_pixel_m))
    panels = _panels(parameters, surface.shape[0])
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
    truth = MosaicTruth(gain, offset, (float(shift[0]), float(shift[1])), surface)
    return Mosaic(taken, transform, numbers, panels), truth


def surfaces(rng: np.random.Generator, abundances: Floats, factor: Floats, scale: int) -> tuple[Bytes, Floats]:
    """Index in SURFACES of every small pixel, and its reflectance [band, row, column].

    A small pixel is of a surface with a chance equal to the surface's abundance where it lies: argmax over surfaces of
    ln(abundance) + Gumbel noise, alike between neighbours. It reflects as the surface's endmembers do there together,
    times the factor of the ground's pixel [band, row, column]; scale is the number of small pixels along one of those.
    """
    side = scale * abundances.shape[1]
    row, column = _places(rng, abundances.shape[1], scale)
    spectra = library(np.array(DRONE_CENTRES_NM), np.array(DRONE_WIDTHS_NM)).astype(np.float32)
    members = np.array([[name in some for name in ENDMEMBERS] for some in SURFACES.values()], dtype=np.float32)
    share = np.einsum("se,erc->src", members, abundances)
    light = np.einsum("se,eb,erc->sbrc", members, spectra, abundances) / np.clip(share, 1e-9, None)[:, None] * factor
    even = np.clip(ndtr(patches(rng, len(members), (side, side), GRAIN_PX, GRAIN_SLOPE)), 1e-6, 1 - 1e-6)
    chance = np.log(np.clip(share, 1e-9, None)).astype(np.float32)[:, row, column] - np.log(-np.log(even))
    surface: Bytes = chance.argmax(axis=0).astype(np.uint8)
    shading = np.exp(SHADING_SD * patches(rng, 1, (side, side), 6.0, 1.2)[0])
    seen: Floats = np.moveaxis(light[surface, :, row, column], -1, 0) * shading
    return surface, seen


def _places(rng: np.random.Generator, count: int, scale: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and column of the ground's pixel in which each small pixel lies, with ragged edges."""
    side = scale * count
    wander = RAGGED_PX * patches(rng, 2, (side, side), 24.0, 1.8)
    own = (np.arange(side) + 0.5) / scale
    row, column = own[:, None] + wander[0], own[None, :] + wander[1]
    inside = [np.clip(np.floor(one), 0, count - 1).astype(np.int64) for one in (row, column)]
    return inside[0], inside[1]


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
