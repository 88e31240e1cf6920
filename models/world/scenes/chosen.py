"""Which sites and which places without mining have a scene, and how large and where it is."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.tables import SITE_KINDS

DEGREE_M = 111_320.0
STEP_PX = 12
"""Sides of scenes are multiples of it."""
FURTHEST_LAT = 60.0
ATTEMPTS = 20
"""Places looked at for each look-alike."""


@dataclass(frozen=True)
class Subject:
    """What a scene is made of."""

    kind: str
    lon: float
    lat: float
    pixels: int
    site: dict[str, Any] | None = None
    """The site's row; null for look-alikes."""


def stack_months(config: WorldConfig) -> tuple[date, ...]:
    """The last months of the world, as many as a stack holds."""
    count = config.scenes.sized(config.size).months
    last = 12 * config.last_year + 11
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(last - count + 1, last + 1))


def subjects(config: WorldConfig, ground: Ground, sites: pl.DataFrame, site_months: pl.DataFrame) -> list[Subject]:
    """Everything that has a scene, in an order that does not tell what it is.

    Half of the zones are illegal ones, half artisanal ones, as far as there are enough that fit. Look-alikes have sides
    drawn from those of sites, so that the size does not tell either.
    """
    rng = config.chance("scenes", "chosen")
    counts = config.scenes.sized(config.size)
    fit = fitting(config, sites, site_months)
    usual = config.scenes.preferred * counts.pixels
    ranked = {kind: _ranked(rng, fit.filter(pl.col("kind") == kind), usual) for kind in SITE_KINDS}
    zones = [one for pair in zip_longest(ranked["illegal"], ranked["artisanal"]) for one in pair if one]
    chosen = [*zones[: counts.zones], *ranked["legal_mine"][: counts.legal_mines]]
    sides = [one.pixels for one in chosen] or [counts.pixels]
    found = [*chosen, *look_alikes(rng, config, ground, sites, sides)]
    return [found[at] for at in rng.permutation(len(found))]


def fitting(config: WorldConfig, sites: pl.DataFrame, site_months: pl.DataFrame) -> pl.DataFrame:
    """Sites of families with open ground that a scene can hold, with its centre and side in pixels, by site_id.

    The side is the usual one, or larger where open ground would fill more than the share `fill` of it or where the
    centre of work wanders too near to its edge. The centre is the middle between the ends of that way.
    """
    parameters, counts = config.scenes, config.scenes.sized(config.size)
    seen = (
        site_months.filter(pl.col("month").is_in(list(stack_months(config))), pl.col("area_ha") > 0)
        .group_by("site_id")
        .agg(
            pl.len(),
            pl.col("area_ha").max(),
            *[((pl.col(one).min() + pl.col(one).max()) / 2).alias(one) for one in ("lon", "lat")],
            *[(pl.col(one).max() - pl.col(one).min()).alias(f"{one}_spread") for one in ("lon", "lat")],
        )
    )
    east = pl.col("lon_spread") * DEGREE_M * pl.col("lat").radians().cos()
    spread_px = pl.max_horizontal(east, pl.col("lat_spread") * DEGREE_M) / parameters.pixel_m
    filled_px = (pl.col("area_ha") * 10_000 / parameters.pixel_m**2 / parameters.fill).sqrt()
    needed = pl.max_horizontal(filled_px, spread_px / (1 - 2 * (parameters.edge + parameters.off_centre)))
    return (
        sites.filter(pl.col("family").is_in(list(parameters.families)))
        .drop("lon", "lat")
        .join(seen, on="site_id")
        .with_columns(pixels=(pl.max_horizontal(needed, counts.pixels) / STEP_PX).ceil().cast(pl.Int64) * STEP_PX)
        .filter(
            pl.col("pixels") <= counts.largest_pixels,
            pl.col("area_ha") >= parameters.least_ha,
            pl.col("len") >= parameters.least_share * counts.months,
        )
        .sort("site_id")
    )


def look_alikes(
    rng: np.random.Generator, config: WorldConfig, ground: Ground, sites: pl.DataFrame, sides: list[int]
) -> list[Subject]:
    """Places on land, apart from all sites, each of the next kind in turn; their sides are drawn from those given."""
    terrain, count = ground.terrain, config.scenes.sized(config.size).look_alikes
    rows, columns = np.nonzero((ground.grid >= 0) & (np.abs(terrain.lats) < FURTHEST_LAT)[:, None])
    drawn = rng.permutation(len(rows))[: ATTEMPTS * count]
    jitter = rng.uniform(-0.4, 0.4, (2, len(drawn))) * abs(float(terrain.lons[1] - terrain.lons[0]))
    lon, lat = terrain.lons[columns[drawn]] + jitter[0], terrain.lats[rows[drawn]] + jitter[1]
    known = sites.sort("site_id").select("lon", "lat").to_numpy()
    apart = config.scenes.apart_deg
    near = (np.abs(lon[:, None] - known[:, 0]) < apart) & (np.abs(lat[:, None] - known[:, 1]) < apart)
    free = np.flatnonzero(~near.any(axis=1))[:count]
    kinds = config.scenes.look_alikes
    return [
        Subject(kinds[at % len(kinds)], float(lon[place]), float(lat[place]), int(rng.choice(sides)))
        for at, place in enumerate(free)
    ]


def _ranked(rng: np.random.Generator, fit: pl.DataFrame, usual: float) -> list[Subject]:
    """Sites in the order in which they are taken: by chance among those of a usual side, then by their side."""
    chance = pl.Series("chance", rng.random(fit.height))
    ordered = fit.with_columns(chance).sort(pl.when(pl.col("pixels") > usual).then("pixels").otherwise(0), "chance")
    return [Subject(row["kind"], row["lon"], row["lat"], row["pixels"], row) for row in ordered.iter_rows(named=True)]
