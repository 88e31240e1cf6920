"""Which sites and which places without mining have a scene, and how large and where it is."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models.world.config import WorldConfig

if TYPE_CHECKING:
    from models.world.ground import Ground


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


def subjects(config: WorldConfig, ground: "Ground", sites: pl.DataFrame, site_months: pl.DataFrame) -> list[Subject]:
    """Everything that has a scene, in an order that does not tell what it is."""
    rng = config.chance("scenes", "chosen")
    counts = config.scenes.sized(config.size)
    fit = fitting(config, sites, site_months)
    zones = _drawn(rng, fit.filter(pl.col("kind") != "legal_mine"), counts.zones)
    legal = _drawn(rng, fit.filter(pl.col("kind") == "legal_mine"), counts.legal_mines)
    other = look_alikes(rng, config, ground, sites, counts.look_alikes)
    found = [*zones, *legal, *other]
    return [found[at] for at in rng.permutation(len(found))]


def fitting(config: WorldConfig, sites: pl.DataFrame, site_months: pl.DataFrame) -> pl.DataFrame:
    """Sites of families with open ground that a scene can hold, with its centre and side, by site_id.

    The side is the size's usual one, or up to twice it for a site whose largest open ground would fill more than the
    share `fill` of the scene. The centre is that of the work during the stack, weighted by its area.
    """
    parameters, usual = config.scenes, config.scenes.sized(config.size).pixels
    per_ha = 10_000 / parameters.pixel_m**2
    weight = pl.col("area_ha") / pl.col("area_ha").sum()
    seen = (
        site_months.filter(pl.col("month").is_in(list(stack_months(config))), pl.col("area_ha") > 0)
        .sort("site_id", "month")
        .group_by("site_id", maintain_order=True)
        .agg((pl.col("lon") * weight).sum(), (pl.col("lat") * weight).sum(), pl.len(), pl.col("area_ha").max())
    )
    needed = ((pl.col("area_ha") * per_ha / parameters.fill).sqrt() / 12).ceil() * 12
    return (
        sites.filter(pl.col("family").is_in(list(parameters.families)))
        .drop("lon", "lat")
        .join(seen, on="site_id")
        .with_columns(pixels=pl.max_horizontal(needed, pl.lit(usual)).cast(pl.Int64))
        .filter(
            pl.col("pixels") <= 2 * usual,
            pl.col("area_ha") >= parameters.least_ha,
            pl.col("len") >= parameters.least_months,
        )
        .sort("site_id")
    )


def look_alikes(
    rng: np.random.Generator, config: WorldConfig, ground: "Ground", sites: pl.DataFrame, count: int
) -> list[Subject]:
    """Places on land, apart from all sites, each of the next kind in turn."""
    terrain = ground.terrain
    rows, columns = np.nonzero(ground.grid >= 0)
    order = rng.permutation(len(rows))
    lat = terrain.lats[rows[order]] + rng.uniform(-0.3, 0.3, len(order)) * abs(terrain.lats[1] - terrain.lats[0])
    lon = terrain.lons[columns[order]] + rng.uniform(-0.3, 0.3, len(order)) * abs(terrain.lons[1] - terrain.lons[0])
    lat, lon = lat[: 20 * count], lon[: 20 * count]
    known = sites.sort("site_id").select("lon", "lat").to_numpy()
    apart = config.scenes.apart_deg
    near = (np.abs(lon[:, None] - known[:, 0]) < apart) & (np.abs(lat[:, None] - known[:, 1]) < apart)
    free = np.flatnonzero(~near.any(axis=1) & (np.abs(lat) < 60))[:count]
    kinds, pixels = config.scenes.look_alikes, config.scenes.sized(config.size).pixels
    return [Subject(kinds[at % len(kinds)], float(lon[i]), float(lat[i]), pixels) for at, i in enumerate(free)]


def _drawn(rng: np.random.Generator, fit: pl.DataFrame, count: int) -> list[Subject]:
    """Sites drawn without regard to their size or output."""
    picked = np.sort(rng.permutation(fit.height)[:count])
    return [
        Subject(row["kind"], row["lon"], row["lat"], row["pixels"], row)
        for row in fit[picked.tolist()].iter_rows(named=True)
    ]
