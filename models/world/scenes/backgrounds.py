"""What grows around: forest, savanna or farmland, through the seasons."""

import numpy as np
import scipy.spatial

from models.world.scenes.cover import Layer, recipe
from models.world.scenes.fields import Floats, patches, step
from models.world.scenes.river import River, water
from models.world.scenes.seasons import Seasons

BIOMES = ("forest", "savanna", "farmland")
FOREST_LAT = 12.0
"""Beyond this latitude forest is rare."""


def biome(rng: np.random.Generator, lat: float) -> str:
    """The land cover around a place."""
    weights = np.array([0.7, 0.1, 0.2]) if abs(lat) < FOREST_LAT else np.array([0.25, 0.4, 0.35])
    return str(rng.choice(BIOMES, p=weights))


def background(rng: np.random.Generator, kind: str, year: Seasons, shape: tuple[int, int]) -> list[Layer]:
    """Layers of a biome, uppermost first; the last is the ground everywhere."""
    return {"forest": _forest, "savanna": _savanna, "farmland": _farmland}[kind](rng, year, shape)


def river_water(course: River, year: Seasons, turbidity: float) -> list[Layer]:
    """The river's water; floods carry more sediment."""
    turbid = np.clip(turbidity + 0.35 * year.level, 0.0, 1.0)
    mixed = recipe(turbid_water=turbid, clear_water=1 - turbid)
    return [Layer(water(course.height, 0.9 * year.level), mixed)]


def banks(rng: np.random.Generator, course: River, year: Seasons) -> list[Layer]:
    """Bare bars that floods keep free of plants, and the strip of young plants above them."""
    shape = course.height.shape
    muddy = step(patches(rng, 1, (shape[0], shape[1]), 6.0, 1.3)[0])
    bare, strip = step((0.62 - course.height) / 0.10), step((1.0 - course.height) / 0.15)
    sand = recipe(quartz_sand=0.62, laterite=0.12, clay=0.10, dry_vegetation=0.08, shade=0.05, clear_water=0.03)
    mud = recipe(clay=0.15, laterite=0.45, tailings=0.15, clear_water=0.08, dry_vegetation=0.12, shade=0.05)
    young = recipe(
        green_vegetation=0.45 + 0.3 * year.greenness,
        dry_vegetation=0.25 - 0.15 * year.greenness,
        shade=0.12,
        laterite=0.1,
    )
    return [Layer((bare * muddy)[None], mud), Layer(bare[None], sand), Layer(strip[None], young)]


def grassland(year: Seasons) -> Floats:
    """Grass: green in the rains, dry after them."""
    green = year.greenness
    return recipe(green_vegetation=0.08 + 0.55 * green, dry_vegetation=0.60 - 0.45 * green, laterite=0.18, shade=0.06)


def crop(year: Seasons, lag: float) -> Floats:
    """A field: bare before the rains, green in them, stubble after; lag 0 to 1 mixes in what a later crop does."""
    green = (1 - lag) * year.wetness + lag * year.greenness
    bare = np.clip(1.0 - 1.6 * green - 0.5 * year.greenness, 0.05, None)
    return recipe(green_vegetation=green, dry_vegetation=0.15 + 0.35 * (1 - green), laterite=0.9 * bare, shade=0.05)


def _forest(rng: np.random.Generator, year: Seasons, shape: tuple[int, int]) -> list[Layer]:
    crowns, stands = patches(rng, 1, shape, 2.0, 1.0)[0], patches(rng, 1, shape, 14.0, 1.5)[0]
    dark = recipe(green_vegetation=0.52, dry_vegetation=0.05, shade=0.43)
    leafy = 0.72 + 0.05 * year.greenness
    pale = recipe(green_vegetation=leafy, dry_vegetation=0.10 - 0.05 * year.greenness, shade=0.14, laterite=0.02)
    closed = recipe(green_vegetation=0.66 + 0.03 * year.greenness, dry_vegetation=0.05, shade=0.28)
    return [
        Layer(step(crowns - 0.8)[None], dark),
        Layer(step(stands - 0.9)[None], pale),
        Layer(np.ones((1, 1, 1)), closed),
    ]


def _savanna(rng: np.random.Generator, year: Seasons, shape: tuple[int, int]) -> list[Layer]:
    crowns, soils = patches(rng, 1, shape, 2.5, 1.1)[0], patches(rng, 1, shape, 12.0, 1.6)[0]
    trees = recipe(green_vegetation=0.40 + 0.22 * year.greenness, dry_vegetation=0.18, shade=0.22, laterite=0.06)
    poor = recipe(
        laterite=0.45, dry_vegetation=0.40 - 0.2 * year.greenness, green_vegetation=0.05 + 0.25 * year.greenness
    )
    return [
        Layer(0.9 * step(crowns - 0.5)[None], trees),
        Layer(0.8 * step(soils - 1.1)[None], poor),
        Layer(np.ones((1, 1, 1)), grassland(year)),
    ]


def _farmland(rng: np.random.Generator, year: Seasons, shape: tuple[int, int]) -> list[Layer]:
    fields = _fields(rng, shape, side_px=11.0)
    wood = step(patches(rng, 1, shape, 12.0, 1.6)[0] / 0.4 - 2.0)
    trees = recipe(green_vegetation=0.58 + 0.08 * year.greenness, dry_vegetation=0.08, shade=0.28)
    return [
        Layer(wood[None], trees),
        Layer((fields == 0)[None].astype(np.float32), crop(year, 0.0)),
        Layer((fields == 1)[None].astype(np.float32), crop(year, 0.9)),
        Layer((fields == 2)[None].astype(np.float32), trees),
        Layer(np.ones((1, 1, 1)), grassland(year)),
    ]


def _fields(rng: np.random.Generator, shape: tuple[int, int], side_px: float) -> Floats:
    """Use of each pixel's field, 0 to 3: cells of a jittered grid, turned."""
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    count = int(3 * max(shape) / side_px)
    grid = np.stack(np.meshgrid(np.arange(count), np.arange(count)), axis=-1).reshape(-1, 2) - count / 2
    seeds = (grid + rng.uniform(-0.22, 0.22, grid.shape)) * side_px * np.array([1.0, 0.7]) @ turn + max(shape) / 2
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    _, nearest = scipy.spatial.cKDTree(seeds).query(np.column_stack([rows.ravel(), columns.ravel()]))
    use: Floats = rng.choice(4, len(seeds), p=[0.35, 0.25, 0.15, 0.25])[nearest].reshape(shape)
    return use
