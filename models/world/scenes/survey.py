"""Scenes of a world, one after another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.mined import Mined
from models.world.parameters.scenes import Scenes
from models.world.scenes import optical, radar
from models.world.scenes.chosen import Subject, stack_months, subjects
from models.world.scenes.clouds import Sky, classes, delivered, sky
from models.world.scenes.drone import mosaic
from models.world.scenes.fields import Bools, Floats
from models.world.scenes.hyperspectral import cube
from models.world.scenes.landscape import Land, mine_land, other_land
from models.world.scenes.place import Square, square
from models.world.scenes.scene import Scene, SceneTruth
from models.world.scenes.seasons import Seasons, seasons

FLIGHTS = 12
"""Sensors that come once come in one of so many last months."""
LAST_DAY = 28
"""Images are taken on the days before it, which every month has."""


def seen(config: WorldConfig, ground: Ground, mined: Mined) -> Iterator[Scene]:
    """Scenes of chosen sites and look-alikes, one at a time; each depends on the world and its own number alone."""
    found = subjects(config, ground, mined.sites, mined.site_months)
    placers = set(ground.deposits.filter(pl.col("reach_id").is_not_null())["deposit_id"].to_list())
    extras = _extras(config, found)
    for number, subject in enumerate(found):
        rows = mined.site_months.filter(pl.col("site_id") == subject.site["site_id"]) if subject.site else None
        follows = subject.site is not None and subject.site["deposit_id"] in placers
        yield view(config, f"scene:{number + 1:03d}", subject, rows, follows, extras[number])


def view(
    config: WorldConfig,
    scene_id: str,
    subject: Subject,
    site_months: pl.DataFrame | None,
    follows_river: bool,
    extras: tuple[bool, bool],
) -> Scene:
    """One scene; extras says whether it has a hyperspectral cube and a drone mosaic."""
    parameters, months = config.scenes, stack_months(config)
    rng = config.chance("scenes", scene_id)
    off = parameters.off_centre * subject.pixels
    where = square(subject.lon, subject.lat, parameters.pixel_m, subject.pixels, tuple(rng.uniform(-off, off, 2)))
    year = seasons(rng, subject.lat, months)
    if subject.site is None or site_months is None:
        land = other_land(rng, parameters, where, subject.kind, year)
    else:
        land = mine_land(rng, parameters, where, subject.site, site_months, months, year, follows_river)
    made = _stacks(config, rng, scene_id, subject, where, year, land)
    return _with_extras(config, made, where, year, extras)


def _stacks(
    config: WorldConfig,
    rng: np.random.Generator,
    scene_id: str,
    subject: Subject,
    where: Square,
    year: Seasons,
    land: Land,
) -> Scene:
    """What satellites see month by month, and the truth of it."""
    parameters, months, side = config.scenes, stack_months(config), where.pixels
    days = rng.integers(0, LAST_DAY, len(months)).tolist()
    taken = tuple(month + timedelta(days=day) for month, day in zip(months, days, strict=True))
    varied = optical.variation(rng, parameters, land.abundances.shape[2:], land.relief)
    over = sky(rng, parameters, year.wetness, subject.lat, taken, side)
    shifts = optical.shifts(rng, parameters, len(months))
    unseen = optical.outside_swath(rng, parameters, len(months), (side, side))
    numbers, bright, dark = optical.images(rng, parameters, land.abundances, varied, shifts, over, unseen)
    truth = _truth(parameters, subject, land, varied, over, shifts, unseen)
    power = radar.backscatter(rng, parameters, truth.abundances, year)
    lon, lat = where.centre
    return Scene(
        scene_id=scene_id,
        lon=lon,
        lat=lat,
        epsg=where.epsg,
        transform=where.transform,
        months=months,
        taken=taken,
        optical=numbers,
        cloud_mask=delivered(rng, parameters, truth.cloud, bright, dark),
        radar=radar.acquired(rng, parameters, power),
        truth=truth,
    )


def _truth(
    parameters: Scenes,
    subject: Subject,
    land: Land,
    varied: optical.Variation,
    over: Sky,
    shifts_px: Floats,
    unseen: Bools,
) -> SceneTruth:
    """The truth of a scene without its margin."""
    cut = slice(parameters.margin, -parameters.margin)
    return SceneTruth(
        kind=subject.kind,
        site_id=subject.site["site_id"] if subject.site else None,
        abundances=np.ascontiguousarray(land.abundances[:, :, cut, cut]),
        mined=land.mined[:, cut, cut],
        abandoned=land.abandoned[:, cut, cut],
        cloud=classes(over, unseen),
        cloud_percent=np.rint(100 * over.opacity).astype(np.uint8),
        shifts_px=shifts_px,
        brightness=varied.brightness[cut, cut],
        tilt=varied.tilt[cut, cut],
    )


def _with_extras(config: WorldConfig, made: Scene, where: Square, year: Seasons, extras: tuple[bool, bool]) -> Scene:
    """The scene with what comes once, in the clearest and driest of its last months."""
    parameters, truth = config.scenes, made.truth
    gloom = truth.cloud_percent.mean(axis=(1, 2)) / 100 + year.wetness
    best = len(made.months) - FLIGHTS + int(np.argmin(gloom[-FLIGHTS:]))
    shares, varied = truth.abundances[best], optical.Variation(truth.brightness, truth.tilt)
    rng = config.chance("scenes", made.scene_id, "once")
    if extras[0]:
        made = replace(made, cube=cube(rng, parameters, shares, varied, where, made.taken[best]))
    if extras[1]:
        side_m = parameters.sized(config.size).drone_side_m
        flown, hidden = mosaic(rng, parameters, shares, varied, where, side_m, made.taken[best])
        made = replace(made, drone=flown, truth=replace(truth, drone=hidden))
    return made


def _extras(config: WorldConfig, found: list[Subject]) -> list[tuple[bool, bool]]:
    """Which scenes have a cube and which a mosaic: one of a zone if there is any, the others by chance."""
    rng = config.chance("scenes", "extras")
    counts = config.scenes.sized(config.size)
    order = rng.permutation(len(found)).tolist()
    order.sort(key=lambda at: found[at].site is None)
    first, rest = order[:1], rng.permutation(order[1:]).tolist()
    ranked = [*first, *rest]
    cubes, mosaics = ranked[: counts.hyperspectral], ranked[: counts.drone]
    return [(at in cubes, at in mosaics) for at in range(len(found))]
