"""What mining leaves on the ground: pits, ponds, heaps, bare soil, a track, and plants that come back."""

from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from scipy.special import ndtri

from models.world.scenes.cover import Group, Layer, recipe
from models.world.scenes.fields import Bools, Bytes, Floats, patches, softmax, step
from models.world.scenes.growth import Grown
from models.world.scenes.river import River
from models.world.scenes.seasons import Seasons


@dataclass(frozen=True)
class Digging:
    """How a family's ground looks once it is open: weights, not shares."""

    ponds: float
    """Part of the open ground under water in an average month."""
    sand: float
    laterite: float
    clay: float
    tailings: float


DIGGING = {
    "gold": Digging(0.28, 0.9, 0.7, 0.3, 0.9),
    "tin": Digging(0.34, 1.2, 0.5, 0.3, 0.8),
    "tantalum": Digging(0.14, 0.5, 1.1, 0.7, 0.4),
    "cobalt": Digging(0.08, 0.3, 1.2, 0.6, 0.5),
    "copper": Digging(0.12, 0.3, 0.8, 0.7, 1.0),
    "nickel": Digging(0.05, 0.1, 2.0, 0.3, 0.2),
    "bauxite": Digging(0.04, 0.1, 2.0, 0.5, 0.2),
    "sand": Digging(0.20, 2.2, 0.2, 0.2, 0.1),
}
REGROWTH_SD = 0.6
"""Standard deviation of the natural log of the speed at which plants come back."""
EDGE_SD_PX = 0.45
"""Softness of the edge between open ground and what surrounds it."""


def along_river(rng: np.random.Generator, course: River) -> Floats:
    """Suitability of placer ground: terraces beside the channel, patchy."""
    shape = (course.height.shape[0], course.height.shape[1])
    terrace = -0.5 * ((course.distance_px - course.width_px / 2 - 6.0) / 6.0) ** 2
    found: Floats = terrace + 0.8 * patches(rng, 1, shape, 14.0, 3.0)[0]
    return found


def along_vein(rng: np.random.Generator, shape: tuple[int, int], through: tuple[float, float]) -> Floats:
    """Suitability of ground over a vein: a strip through a point (row, column)."""
    angle = rng.uniform(0, np.pi)
    rows, columns = np.indices(shape).astype(np.float64)
    away = (rows - through[0]) * np.cos(angle) - (columns - through[1]) * np.sin(angle)
    away = away + 4.0 * patches(rng, 1, shape, 25.0, 1.8)[0]
    found: Floats = -0.6 * (away / 6.0) ** 2 + 0.7 * patches(rng, 1, shape, 12.0, 3.0)[0]
    return found


def planned(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Suitability under a plan: one compact pit."""
    found: Floats = 0.22 * patches(rng, 1, shape, 20.0, 3.0)[0]
    return found


def mine(
    rng: np.random.Generator, grown: Grown, digging: Digging, year: Seasons, regrowth_months: float, tailings_dam: bool
) -> Group:
    """A mine's ground, inside the outline of everything that it ever opened."""
    shape = (grown.open.shape[1], grown.open.shape[2])
    age = grown.idle_months.astype(np.float32)
    opened = scipy.ndimage.gaussian_filter1d((age >= 0).astype(np.float32), EDGE_SD_PX, axis=1, truncate=3)
    opened = scipy.ndimage.gaussian_filter1d(opened, EDGE_SD_PX, axis=2, truncate=3)
    speed, colour, algae = (
        np.exp(REGROWTH_SD * patches(rng, 1, shape, 12.0, 1.8)[0]),
        *patches(rng, 2, shape, 16.0, 2.0),
    )
    still = np.exp(-((np.maximum(age, 0) / regrowth_months * speed) ** 1.3))
    pond = _ponds(rng, digging, year, shape, grown if tailings_dam else None)
    pits = step(patches(rng, 1, shape, 2.0, 1.2)[0] / 0.4 - 3.5)
    fresh = 1 - step((age - 9) / 6)
    inside = [
        Layer(pond * step((algae - 1.2) / 0.2), recipe(clear_water=0.45, turbid_water=0.25, green_vegetation=0.30)),
        Layer(pond * fresh * step(1.5 * colour), recipe(turbid_water=0.92, tailings=0.08)),
        Layer(pond * fresh, recipe(turbid_water=0.55, clear_water=0.35, tailings=0.10)),
        Layer(pond, recipe(clear_water=0.72, turbid_water=0.18, green_vegetation=0.10)),
        Layer(1 - still, _young(year)),
        Layer(pits[None], recipe(shade=0.6, laterite=0.4)),
        *_heaps(rng, digging, shape),
    ]
    return Group(opened, inside)


def track(shape: tuple[int, int], start: tuple[float, float], angle: float, since: Bools) -> Layer:
    """A dirt road from a point (row, column) to the edge, narrower than a pixel, from the months named."""
    rows, columns = np.indices(shape).astype(np.float64)
    along = (rows - start[0]) * np.sin(angle) + (columns - start[1]) * np.cos(angle)
    aside = (rows - start[0]) * np.cos(angle) - (columns - start[1]) * np.sin(angle) + 2.5 * np.sin(along / 9)
    share = 0.55 * np.exp(-((aside / 0.6) ** 2)) * (along > 0)
    return Layer(since[:, None, None] * share, recipe(laterite=0.8, quartz_sand=0.1, dry_vegetation=0.1))


def masks(grown: Grown, is_working: Bools) -> tuple[Bytes, Bytes]:
    """Ground in work and ground that was left or lies idle, both 0 or 1 [month, row, column]."""
    mined = grown.open & is_working[:, None, None]
    left = (grown.idle_months >= 0) & ~mined
    return mined.astype(np.uint8), left.astype(np.uint8)


def _heaps(rng: np.random.Generator, digging: Digging, shape: tuple[int, int]) -> list[Layer]:
    """Bare ground of four kinds side by side: each layer takes its share of what those above it left."""
    weights = np.log([digging.sand, digging.laterite, digging.clay, digging.tailings])
    shares = softmax(1.7 * patches(rng, 4, shape, 8.0, 1.9) + weights[:, None, None])
    left = np.clip(1 - np.cumsum(shares, axis=0) + shares, 1e-6, None)
    mixes = (
        recipe(quartz_sand=0.80, laterite=0.08, dry_vegetation=0.04, shade=0.08),
        recipe(laterite=0.84, dry_vegetation=0.06, shade=0.10),
        recipe(clay=0.62, laterite=0.28, shade=0.10),
        recipe(tailings=0.85, turbid_water=0.07, shade=0.08),
    )
    return [Layer(np.clip(shares[at] / left[at], 0, 1)[None], mix) for at, mix in enumerate(mixes)]


def _ponds(
    rng: np.random.Generator, digging: Digging, year: Seasons, shape: tuple[int, int], dam: Grown | None
) -> Floats:
    """Water on open ground [month, row, column]: small pits, or for a planned mine one basin behind a dam."""
    if dam is None:
        low, soft = patches(rng, 1, shape, 13.0, 2.5)[0], 0.25
    else:
        rows, columns = np.nonzero(dam.open[-1] | dam.open[len(dam.open) // 2])
        at = rng.integers(len(rows)) if len(rows) else 0
        row, column = (rows[at], columns[at]) if len(rows) else (0, 0)
        radius = max(2.0, 0.45 * np.sqrt(len(rows)))
        away = np.hypot(*(np.indices(shape) - np.array([row, column])[:, None, None])) / radius
        low, soft = 2.2 - 2.2 * away + 0.2 * patches(rng, 1, shape, 6.0, 1.5)[0], 0.3
    dry = ndtri(1 - digging.ponds)
    threshold = dry - 0.35 * (year.wetness - 0.5)
    return step((low - threshold[:, None, None]) / soft)


def _young(year: Seasons) -> Floats:
    """Grass and shrubs on left ground."""
    return recipe(
        green_vegetation=0.42 + 0.3 * year.greenness,
        dry_vegetation=0.28 - 0.15 * year.greenness,
        laterite=0.12,
        shade=0.08,
    )
