"""The ground of a scene: a biome, a river, and a mine or what looks like one, as abundances by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from models.world.parameters.scenes import Scenes
from models.world.scenes import look_alikes, mines
from models.world.scenes.backgrounds import background, banks, biome, river_water
from models.world.scenes.cover import Group, Layer, abundances
from models.world.scenes.fields import Bools, Bytes, Floats
from models.world.scenes.growth import Grown, Work, grow
from models.world.scenes.place import Square
from models.world.scenes.river import River, river
from models.world.scenes.seasons import Seasons

PLANNED_REACH, WILD_REACH = 1.1, 1.7
"""How far from the centre of its work a site digs, in radii of a disc as large as its largest open ground."""
FLOODED = 0.9
"""Ground below this height of the river is not dug while there is other ground."""
LAST_RESORT = 50.0


@dataclass(frozen=True)
class Land:
    """What is on the ground, margin included."""

    abundances: Floats
    """[month, endmember, row, column]"""
    mined: Bytes
    abandoned: Bytes
    relief: float
    """0 flat to 1 hilly."""


def mine_land(
    rng: np.random.Generator,
    parameters: Scenes,
    square: Square,
    site: dict[str, Any],
    site_months: pl.DataFrame,
    months: tuple[date, ...],
    year: Seasons,
    follows_river: bool,
) -> Land:
    """Ground around a site, whose rows of SiteMonth are given; months before the stack leave their scars."""
    side = square.pixels + 2 * parameters.margin
    shape = (side, side)
    work = work_of(parameters, square, site_months, months)
    centre = (float(work.row[-1]), float(work.column[-1]))
    is_planned = site["kind"] == "legal_mine"
    through = centre if follows_river and not is_planned else _elsewhere(rng, shape, centre)
    course = river(rng, shape, through, rng.uniform(2.0, 6.0), rng.uniform(1.0, 4.0))
    suitability = _suitability(rng, parameters, course, centre, is_planned, follows_river)
    reach = (PLANNED_REACH if is_planned else WILD_REACH) * np.sqrt(work.open_px.max() / np.pi) + 2.0
    grown = _latest(grow(work, suitability, reach), len(months))
    is_working = work.is_working[-len(months) :]
    ever: Bools = grown.idle_months.max(axis=(1, 2)) >= 0
    over: list[Layer | Group] = [
        mines.mine(rng, grown, mines.DIGGING[site["family"]], year, parameters.regrowth_months, is_planned),
        mines.track(shape, centre, rng.uniform(0, 2 * np.pi), ever),
    ]
    kind = biome(rng, square.centre[1])
    if not is_planned and kind == "forest" and rng.random() < parameters.mixed_chance:
        over += look_alikes.farm(rng, year, shape, _elsewhere(rng, shape, centre), _cleared(rng, year))
    below = background(rng, kind, year, shape)
    turbidity = 0.75 if follows_river else rng.uniform(0.1, 0.5)
    mixed = _mixed(rng, course, year, over, below, turbidity, shape)
    return Land(mixed, *mines.masks(grown, is_working), 0.0 if follows_river else 0.6)


def other_land(rng: np.random.Generator, parameters: Scenes, square: Square, kind: str, year: Seasons) -> Land:
    """Ground without mining that looks like a mine in some way."""
    side = square.pixels + 2 * parameters.margin
    shape, months = (side, side), len(year.wetness)
    off = parameters.off_centre * square.pixels
    centre = (side / 2 + rng.uniform(-off, off), side / 2 + rng.uniform(-off, off))
    through = centre if kind == "river_bank" else _elsewhere(rng, shape, centre)
    bar = rng.uniform(7.0, 14.0) if kind == "river_bank" else rng.uniform(1.0, 2.5)
    width = rng.uniform(5.0, 9.0) if kind == "river_bank" else rng.uniform(1.5, 3.5)
    course = river(rng, shape, through, width, bar)
    over: Sequence[Layer | Group] = []
    if kind == "farm_clearing":
        over = look_alikes.farm(rng, year, shape, centre, _cleared(rng, year))
    elif kind == "landslide":
        over = look_alikes.landslide(rng, year, shape, centre, int(rng.integers(months // 8, months // 2)))
    elif kind == "pond":
        over = look_alikes.pond(rng, year, shape, centre, square.pixels * rng.uniform(0.08, 0.16))
    cover = "forest" if kind in ("farm_clearing", "landslide") else biome(rng, square.centre[1])
    below = background(rng, cover, year, shape)
    mixed = _mixed(rng, course, year, over, below, rng.uniform(0.1, 0.5), shape)
    none = np.zeros((months, side, side), dtype=np.uint8)
    return Land(mixed, none, none, 1.0 if kind == "landslide" else 0.2)


def work_of(parameters: Scenes, square: Square, site_months: pl.DataFrame, months: tuple[date, ...]) -> Work:
    """A site's work before and during the stack in pixels of the square with its margin, month by month."""
    count = len(months) + parameters.lead_months
    first = 12 * months[0].year + months[0].month - parameters.lead_months
    rows = (
        site_months.filter(pl.col("area_ha") > 0)
        .sort("month")
        .with_columns(
            at=12 * pl.col("month").dt.year().cast(pl.Int64) + pl.col("month").dt.month().cast(pl.Int64) - first
        )
    )
    rows = rows.filter(pl.col("at").is_between(0, count - 1))
    at = rows["at"].to_numpy()
    per_ha = 10_000 / parameters.pixel_m**2
    is_working = np.zeros(count, dtype=np.bool_)
    is_working[at] = True
    row, column = square.pixels_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    least, most = parameters.edge * square.pixels, (1 - parameters.edge) * square.pixels
    opened = np.rint(rows["area_ha"].to_numpy() * per_ha).astype(np.int64)
    new = np.minimum(np.rint(rows["new_area_ha"].to_numpy() * per_ha).astype(np.int64), opened)
    last = np.maximum.accumulate(np.where(is_working, np.arange(count), -1))
    place = np.searchsorted(at, np.clip(last, at[0], None))
    row, column = (np.clip(one, least, most) + parameters.margin for one in (row, column))
    return Work(opened[place], np.where(is_working, new[place], 0), row[place], column[place], is_working)


def _suitability(
    rng: np.random.Generator,
    parameters: Scenes,
    course: River,
    centre: tuple[float, float],
    is_planned: bool,
    follows_river: bool,
) -> Floats:
    """Where a site digs first; never in the margin, and in the river's bed only where nothing else is left."""
    shape = (course.height.shape[0], course.height.shape[1])
    if is_planned:
        found = mines.planned(rng, shape)
    else:
        found = mines.along_river(rng, course) if follows_river else mines.along_vein(rng, shape, centre)
    found = found - LAST_RESORT * (course.height < FLOODED)
    inside = np.pad(np.zeros([side - 2 * parameters.margin for side in shape]), parameters.margin, constant_values=1.0)
    return found - 10 * LAST_RESORT * inside


def _cleared(rng: np.random.Generator, year: Seasons) -> list[int]:
    return look_alikes.clearing_months(rng, year, int(rng.integers(2, 5)))


def _latest(grown: Grown, months: int) -> Grown:
    return Grown(grown.open[-months:], grown.idle_months[-months:])


def _elsewhere(rng: np.random.Generator, shape: tuple[int, int], centre: tuple[float, float]) -> tuple[float, float]:
    """A point at about a third of the side away from the centre of interest."""
    angle = rng.uniform(0, 2 * np.pi)
    away = rng.uniform(0.28, 0.42) * min(shape)
    row, column = centre[0] + away * np.sin(angle), centre[1] + away * np.cos(angle)
    return float(np.clip(row, 0, shape[0])), float(np.clip(column, 0, shape[1]))


def _mixed(
    rng: np.random.Generator,
    course: River,
    year: Seasons,
    over: Sequence[Layer | Group],
    below: Sequence[Layer],
    turbidity: float,
    shape: tuple[int, int],
) -> Floats:
    """Water over mines and fields, these over banks, these over the biome."""
    layers = [*river_water(course, year, turbidity), *over, *banks(rng, course, year), *below]
    return abundances(layers, len(year.wetness), shape)
