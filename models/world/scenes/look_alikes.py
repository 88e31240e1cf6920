"""Ground that looks like a mine and is none: a river's bank, a cleared field, a landslide, a pond."""

import numpy as np
import numpy.typing as npt

from models.world.scenes.backgrounds import crop
from models.world.scenes.cover import Group, Layer, recipe
from models.world.scenes.fields import Floats, patches, step
from models.world.scenes.seasons import Seasons

FALLOW_MONTHS = 34
"""A cleared field is left to the bush after so many months, as in shifting cultivation."""


def farm(
    rng: np.random.Generator, year: Seasons, shape: tuple[int, int], centre: tuple[float, float], starts: list[int]
) -> list[Group]:
    """Fields cleared in the months `starts` (negative: before the stack): burnt, then cropped year after year.

    The last field that is cleared stays in use; the first goes back to bush after FALLOW_MONTHS.
    """
    angle = rng.uniform(0, np.pi)
    side = rng.uniform(7.0, 12.0)
    fields = []
    for at, start in enumerate(starts):
        aside = (at - (len(starts) - 1) / 2) * side * 0.97
        inside = _rectangle(shape, centre, angle, aside, (side, side * rng.uniform(1.2, 2.0)))
        age = np.arange(len(year.wetness), dtype=np.int64) - start
        fields.append(Group((age >= 0)[:, None, None] * inside, _field(year, age, is_left=at == 0)))
    return fields


def clearing_months(rng: np.random.Generator, year: Seasons, count: int) -> list[int]:
    """Months in which fields are cleared, one dry season after the other, the first early in the stack."""
    months = len(year.dry)
    first = int(np.argmax(year.dry[: min(12, months)]))
    late = 12 * int(rng.integers(0, max(1, months // 24)))
    return [first + late + 12 * at for at in range(count)]


def landslide(
    rng: np.random.Generator, year: Seasons, shape: tuple[int, int], centre: tuple[float, float], month: int
) -> list[Layer]:
    """A slope that fails in one month and greens over in years, from its edges and its wet parts."""
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.indices(shape).astype(np.float64)
    size = 0.24 * min(shape)
    along = ((rows - centre[0]) * np.sin(angle) + (columns - centre[1]) * np.cos(angle)) / size
    aside = ((rows - centre[0]) * np.cos(angle) - (columns - centre[1]) * np.sin(angle)) / size
    width = 0.16 + 0.16 * np.clip(along + 1, 0, 2) * (along < 0.9)
    rough = 0.10 * patches(rng, 1, shape, 5.0, 1.3)[0]
    scar = step((1 - np.abs(along) ** 4 - (np.abs(aside) + rough) / width) / 0.25)
    speed = np.exp(0.7 * patches(rng, 1, shape, 6.0, 1.4)[0] - 1.2 * scar)
    age = np.clip(np.arange(len(year.wetness)) - month, 0, None)[:, None, None]
    happened = (np.arange(len(year.wetness)) >= month)[:, None, None]
    bare = np.exp(-((age / 30.0) * speed))
    toe = step((along - 0.35) / 0.3)
    debris = recipe(laterite=0.45, clay=0.22, quartz_sand=0.10, dry_vegetation=0.13, shade=0.10)
    rock = recipe(laterite=0.68, clay=0.10, quartz_sand=0.08, dry_vegetation=0.02, shade=0.12)
    green = 0.5 + 0.25 * year.greenness
    plants = recipe(green_vegetation=green, dry_vegetation=0.75 - green, laterite=0.08, shade=0.10)
    return [
        Layer(happened * scar * bare * toe, debris),
        Layer(happened * scar * bare, rock),
        Layer(happened * scar, plants),
    ]


def pond(
    rng: np.random.Generator, year: Seasons, shape: tuple[int, int], centre: tuple[float, float], radius_px: float
) -> list[Layer]:
    """Still water that hardly changes, with a rim that falls dry and some plants on it."""
    rows, columns = np.indices(shape).astype(np.float64)
    stretch, angle = rng.uniform(0.55, 0.9), rng.uniform(0, np.pi)
    along = (rows - centre[0]) * np.sin(angle) + (columns - centre[1]) * np.cos(angle)
    aside = ((rows - centre[0]) * np.cos(angle) - (columns - centre[1]) * np.sin(angle)) / stretch
    out = np.hypot(along, aside) / radius_px + 0.22 * patches(rng, 1, shape, 9.0, 1.6)[0]
    weeds = step((patches(rng, 1, shape, 5.0, 1.4)[0] - 1.0) / 0.5) * step((out - 0.75) / 0.2)
    wet = step((0.95 + 0.06 * year.level[:, None, None] - out) / 0.06)
    turbid = rng.uniform(0.05, 0.45) + 0.15 * year.level
    return [
        Layer(wet * weeds, recipe(green_vegetation=0.65, clear_water=0.35)),
        Layer(wet, recipe(turbid_water=turbid, clear_water=1 - turbid)),
        Layer(
            step((1.0 - out) / 0.05)[None], recipe(laterite=0.35, clay=0.2, dry_vegetation=0.3, green_vegetation=0.15)
        ),
    ]


def _field(year: Seasons, age: npt.NDArray[np.int64], is_left: bool) -> list[Layer]:
    """Ash and bare soil for three months, then crops, in the end bush."""
    burnt = recipe(laterite=0.52, dry_vegetation=0.22, shade=0.26)
    bush = recipe(green_vegetation=0.55 + 0.15 * year.greenness, dry_vegetation=0.15, shade=0.15)
    back = np.clip((age - FALLOW_MONTHS) / 18, 0, 1) * is_left
    return [
        Layer((age < 3)[:, None, None].astype(np.float64), burnt),
        Layer(back[:, None, None], bush),
        Layer(np.ones((1, 1, 1)), crop(year, 0.3)),
    ]


def _rectangle(
    shape: tuple[int, int], centre: tuple[float, float], angle: float, aside: float, sides: tuple[float, float]
) -> Floats:
    """Share of each pixel inside a turned rectangle, moved aside along its first side."""
    rows, columns = np.indices(shape).astype(np.float64)
    first = (rows - centre[0]) * np.sin(angle) + (columns - centre[1]) * np.cos(angle) - aside
    second = (rows - centre[0]) * np.cos(angle) - (columns - centre[1]) * np.sin(angle)
    inside: Floats = step((sides[0] / 2 - np.abs(first)) / 0.5) * step((sides[1] / 2 - np.abs(second)) / 0.5)
    return inside
