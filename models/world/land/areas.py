"""Land with a status: protected areas and mining permits, as irregular polygons inside their country.

Most industrial deposits have a permit, some permits have run out, and some lie on ground without any industrial
deposit: no mine ever opens there, which makes their papers useful to others.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import shapely

from models.world.config import WorldConfig
from models.world.land.names import company_names
from models.world.land.sphere import KM_PER_DEGREE, Floats, Grid, Ints
from models.world.land.terrain import Terrain
from models.world.tables import Area

CORNERS = 28
UNEVEN = 0.16
"""Standard deviation of each of a polygon's waves, as a share of its radius."""
SMALLEST_RADIUS = 0.55
"""Least distance of the edge from the centre, as a share of the mean radius."""
OFF_CENTRE = 0.35
"""Largest distance of a deposit from the centre of its permit, likewise."""
FIRST_PROTECTED = 1955
COMPANIES_PER_PERMIT = 0.6
BEFORE_YEARS = 14
"""Permits begin from so many years before the world's first year."""
IDLE_KM = (60.0, 180.0)
"""Distance of an idle permit from some deposit of its family."""


@dataclass(frozen=True)
class Blobs:
    """Polygons by centre and mean radius, each with its country's number."""

    lon: Floats
    lat: Floats
    radius_km: Floats
    country: Ints


def areas(
    config: WorldConfig, terrain: Terrain, grid: Grid, runoff: Floats, outlines: pl.DataFrame, deposits: pl.DataFrame
) -> pl.DataFrame:
    """Protected areas and permits, numbered within their country."""
    whole = pl.concat(
        [
            _protected(config, terrain, grid, runoff, outlines, deposits),
            _permits(config, terrain, grid, outlines, deposits),
        ]
    )
    whole = whole.sort("country", "kind", "valid_from", "geometry", maintain_order=True).with_columns(
        area_id=pl.format("{}:{}:{}", "kind", "country", pl.int_range(1, pl.len() + 1).over("kind", "country"))
    )
    return Area.validate(whole.select(Area.column_names()), cast=True)


def _protected(
    config: WorldConfig, terrain: Terrain, grid: Grid, runoff: Floats, outlines: pl.DataFrame, deposits: pl.DataFrame
) -> pl.DataFrame:
    """Protected areas on wild, wet land; some are laid over a deposit, without regard to it."""
    rng, parameters = config.chance("areas", "protected"), config.geography
    cell_km2 = np.where(terrain.is_land, terrain.cell_area_km2, 0.0)
    count = max(2, round(parameters.protected_per_million_km2 * cell_km2.sum() / 1e6))
    weight = (cell_km2 * (0.2 + runoff / (runoff + 400.0))).ravel()
    lon, lat = terrain.centre_of(rng.choice(weight.size, count, p=weight / weight.sum()))
    over = rng.random(count) < parameters.protected_on_deposits
    chosen = rng.integers(len(deposits), size=count)
    lon = np.where(over, deposits["lon"].to_numpy()[chosen], lon)
    lat = np.where(over, deposits["lat"].to_numpy()[chosen], lat)
    km2 = parameters.protected_km2 * np.exp(parameters.protected_sd * rng.standard_normal(count))
    country = grid.ravel()[terrain.cell_of(lon, lat)].astype(np.int64)
    blobs = Blobs(lon, lat, np.sqrt(km2 / np.pi), country)
    years = rng.integers(FIRST_PROTECTED, config.last_year - 3, size=count)
    return _frame(rng, "protected", blobs, outlines, [None] * count, [None] * count, years, None)


def _permits(
    config: WorldConfig, terrain: Terrain, grid: Grid, outlines: pl.DataFrame, deposits: pl.DataFrame
) -> pl.DataFrame:
    rng, parameters = config.chance("areas", "permits"), config.geography
    threshold = pl.col("contained_kg").quantile(1 - parameters.industrial_share).over("family", "host")
    industrial = deposits.filter(pl.col("contained_kg") >= threshold)
    held = industrial.filter(pl.Series(rng.random(len(industrial)) < parameters.permitted_share))
    idle = _idle(rng, deposits, terrain, grid, round(parameters.idle_permits * len(held)))
    families = held["family"].to_list() + idle["family"].to_list()
    lon, lat = (np.concatenate([held[axis].to_numpy(), idle[axis].to_numpy()]) for axis in ("lon", "lat"))
    median = np.array([parameters.permit_km2.get(one, parameters.other_permit_km2) for one in families])
    radius = np.sqrt(median * np.exp(parameters.permit_sd * rng.standard_normal(len(median))) / np.pi)
    country = grid.ravel()[terrain.cell_of(lon, lat)].astype(np.int64)
    # The deposit lies somewhere inside, not in the middle.
    off, angle = radius * OFF_CENTRE * np.sqrt(rng.random(len(lon))), rng.uniform(0, 2 * np.pi, len(lon))
    lat = lat + off * np.sin(angle) / KM_PER_DEGREE
    lon = lon + off * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    starts, ends = _validity(rng, config, len(lon))
    companies = company_names(rng, max(1, round(COMPANIES_PER_PERMIT * len(lon))))
    holders = [companies[one] for one in rng.integers(len(companies), size=len(lon))]
    return _frame(rng, "permit", Blobs(lon, lat, radius, country), outlines, families, holders, starts, ends)


def _idle(rng: np.random.Generator, deposits: pl.DataFrame, terrain: Terrain, grid: Grid, count: int) -> pl.DataFrame:
    """Points on land at some distance from a deposit: family, lon, lat."""
    some = deposits[rng.integers(len(deposits), size=4 * count)]
    off, angle = rng.uniform(*IDLE_KM, len(some)), rng.uniform(0, 2 * np.pi, len(some))
    lat = some["lat"].to_numpy() + off * np.sin(angle) / KM_PER_DEGREE
    lon = some["lon"].to_numpy() + off * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    ashore = grid.ravel()[terrain.cell_of(lon, lat)] >= 0
    return some.select("family", lon=lon, lat=lat).filter(pl.Series(ashore)).head(count)


def _validity(rng: np.random.Generator, config: WorldConfig, count: int) -> tuple[Ints, Ints]:
    """First and last year of each permit; some end within the world's years."""
    old = rng.integers(config.first_year - BEFORE_YEARS, config.first_year, size=count)
    young = rng.integers(config.first_year, config.last_year - 1, size=count)
    starts = np.where(rng.random(count) < config.geography.old_permits, old, young)
    ends = starts + rng.integers(*config.geography.permit_years, size=count, endpoint=True)
    ends = np.maximum(ends, config.last_year + 1)
    expired = rng.random(count) < config.geography.expired_permits
    early = rng.integers(config.first_year + 2, config.last_year, size=count)
    starts = np.where(expired, np.minimum(starts, early - rng.integers(5, 16, size=count)), starts)
    return starts, np.where(expired, early, ends)


def _frame(
    rng: np.random.Generator,
    kind: str,
    blobs: Blobs,
    outlines: pl.DataFrame,
    families: list[str] | list[None],
    holders: list[str] | list[None],
    starts: Ints,
    ends: Ints | None,
) -> pl.DataFrame:
    """Areas as rows; days of the year are drawn, shapes are cut to their country."""
    land = shapely.from_wkb(outlines["geometry"].to_list())
    # A cut may leave bare lines beside the polygon; a buffer of 0 drops them.
    shapes = shapely.buffer(shapely.intersection(_shapes(rng, blobs), np.asarray(land)[blobs.country]), 0.0)
    months, days = rng.integers(1, 13, size=len(starts)), rng.integers(1, 29, size=len(starts))
    since = [date(int(y), int(m), int(d)) for y, m, d in zip(starts, months, days, strict=True)]
    until = None if ends is None else [one.replace(year=int(y)) for one, y in zip(since, ends, strict=True)]
    return pl.DataFrame(
        {
            "kind": [kind] * len(since),
            "country": outlines["country"].to_numpy()[blobs.country],
            "family": families,
            "holder": holders,
            "valid_from": since,
            "valid_to": until or [None] * len(since),
            "geometry": list(shapely.to_wkb(shapely.normalize(shapes))),
        },
        schema={
            "kind": pl.String,
            "country": pl.String,
            "family": pl.String,
            "holder": pl.String,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
            "geometry": pl.Binary,
        },
    )


def _shapes(rng: np.random.Generator, blobs: Blobs) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Star-shaped polygons: radius times 1 plus a few waves around the centre."""
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    waves = np.arange(1, 5)
    size = rng.normal(0.0, UNEVEN, (2, len(blobs.lon), len(waves))) / np.sqrt(waves)
    uneven = size[0] @ np.cos(np.outer(waves, turn)) + size[1] @ np.sin(np.outer(waves, turn))
    radius = blobs.radius_km[:, None] * np.maximum(1 + uneven, SMALLEST_RADIUS) / KM_PER_DEGREE
    lat = blobs.lat[:, None] + radius * np.sin(turn)
    lon = blobs.lon[:, None] + radius * np.cos(turn) / np.cos(np.radians(blobs.lat))[:, None]
    return np.asarray(shapely.polygons(np.stack([lon, lat], axis=-1)))
