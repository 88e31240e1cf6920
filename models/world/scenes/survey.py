"""Scenes of a world, one after another."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.mined import Mined
from models.world.scenes import optical, radar
from models.world.scenes.chosen import Subject, stack_months, subjects
from models.world.scenes.clouds import classes, delivered, sky
from models.world.scenes.drone import mosaic
from models.world.scenes.hyperspectral import cube
from models.world.scenes.landscape import Land, mine_land, other_land
from models.world.scenes.place import Square, square
from models.world.scenes.scene import Scene, SceneTruth
from models.world.scenes.seasons import Seasons, seasons

FLIGHTS = 12
"""Sensors that come once come in the clearest and driest of so many last months."""


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
    return _pictured(config, rng, scene_id, subject, where, year, land, extras)


def _pictured(
    config: WorldConfig,
    rng: np.random.Generator,
    scene_id: str,
    subject: Subject,
    where: Square,
    year: Seasons,
    land: Land,
    extras: tuple[bool, bool],
) -> Scene:
    """What every sensor sees of the ground."""
    parameters, months = config.scenes, stack_months(config)
    taken = tuple(
        one + timedelta(days=int(day)) for one, day in zip(months, rng.integers(0, 28, len(months)), strict=True)
    )
    side = where.pixels
    varied = optical.variation(rng, parameters, land.abundances.shape[2:], land.relief)
    over = sky(rng, parameters, year.wetness, subject.lat, taken, side)
    shifts = optical.shifts(rng, parameters, len(months))
    unseen = optical.outside_swath(rng, parameters, len(months), (side, side))
    numbers, bright, dark = optical.images(rng, parameters, land.abundances, varied, shifts, over, unseen)
    true_mask = classes(over, unseen)
    mask = delivered(rng, parameters, true_mask, bright, dark)
    cut = slice(parameters.margin, parameters.margin + side)
    inside = np.ascontiguousarray(land.abundances[:, :, cut, cut])
    inner = optical.Variation(varied.brightness[cut, cut], varied.tilt[cut, cut])
    gloom = over.opacity.mean(axis=(1, 2)) + year.wetness
    best = len(months) - FLIGHTS + int(np.argmin(gloom[-FLIGHTS:]))
    spectral = cube(rng, parameters, inside[best], inner, where, taken[best]) if extras[0] else None
    flown = None
    if extras[1]:
        flown = mosaic(rng, parameters, inside[best], where, config.scenes.sized(config.size).drone_side_m, taken[best])
    truth = SceneTruth(
        kind=subject.kind,
        site_id=subject.site["site_id"] if subject.site else None,
        abundances=inside,
        mined=land.mined[:, cut, cut],
        abandoned=land.abandoned[:, cut, cut],
        cloud=true_mask,
        cloud_percent=np.rint(100 * over.opacity).astype(np.uint8),
        shifts_px=shifts,
        brightness=inner.brightness,
        tilt=inner.tilt,
        drone=flown[1] if flown else None,
    )
    lon, lat = where.centre
    mean = radar.backscatter(rng, parameters, inside, year)
    return Scene(
        scene_id=scene_id,
        lon=lon,
        lat=lat,
        epsg=where.epsg,
        transform=where.transform,
        months=months,
        taken=taken,
        optical=numbers,
        cloud_mask=mask,
        radar=radar.acquired(rng, parameters, mean),
        truth=truth,
        cube=spectral,
        drone=flown[0] if flown else None,
    )


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
