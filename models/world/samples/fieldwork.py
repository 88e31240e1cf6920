"""What is taken, where and when, before any laboratory sees it.

Ore from some deposits; river sediment and water above and below some sites, on a day on which the site works, and at
other points of rivers; residues from some artisanal and illegal sites: tailings from all, amalgam and sponge gold from
those that use mercury.
"""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.drainage import first_below
from models.world.land.rivers import Channels
from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints
from models.world.land.terrain import Terrain
from models.world.samples.basins import Basins, down_by, main_branch

ORE_SPREAD_KM, BANK_KM, HEAP_KM = 0.6, 1.5, 0.3
"""Standard deviations of where samples lie around a deposit, a river cell's centre, a site."""
RIVER_MEDIA = ("river_sediment", "river_water")
DAYS_A_MONTH = 28

SCHEMA = {
    "medium": pl.String,
    "collected": pl.Date,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "cell": pl.Int64,
    "deposit": pl.Int64,
    "site": pl.Int64,
}
"""`cell` is the flat river cell, -1 off rivers; `deposit` and `site` are rows of their tables, -1 for none."""


def fieldwork(
    config: WorldConfig, ground: Ground, sites: pl.DataFrame, site_months: pl.DataFrame, streams: Channels, flow: Basins
) -> pl.DataFrame:
    """Everything that is taken, by the schema above."""
    parts = [
        _ores(config, ground),
        _beside_sites(config, ground.terrain, sites, site_months, streams, flow),
        _elsewhere(config, ground.terrain, streams),
        _residues(config, ground, sites, site_months),
    ]
    return pl.concat(parts).sort(*SCHEMA)


def _frame(medium: list[str], lon: Floats, lat: Floats, day: pl.Series, **rows: Ints) -> pl.DataFrame:
    """Rows by the schema; what is not given is -1."""
    none = np.full(len(lon), -1)
    columns = {name: rows.get(name, none) for name in ("cell", "deposit", "site")}
    return pl.DataFrame({"medium": medium, "collected": day, "lon": lon, "lat": lat, **columns}, schema=SCHEMA)


def _around(rng: np.random.Generator, lon: Floats, lat: Floats, km: float) -> tuple[Floats, Floats]:
    east, north = rng.normal(0.0, km / KM_PER_DEGREE, (2, len(lon)))
    return lon + east / np.cos(np.radians(lat)), lat + north


def _days(rng: np.random.Generator, config: WorldConfig, count: int) -> pl.Series:
    """Days anywhere in the world's years."""
    months = rng.integers(len(config.years) * 12, size=count)
    days = {"y": config.first_year + months // 12, "m": months % 12 + 1, "d": rng.integers(1, DAYS_A_MONTH + 1, count)}
    return pl.DataFrame(days).select(pl.date("y", "m", "d")).to_series()


def _working_days(rng: np.random.Generator, site_ids: pl.Series, site_months: pl.DataFrame) -> pl.DataFrame:
    """For each id, a day of a month in which that site works, and where it then works: collected, lon, lat."""
    ordered = site_months.select("site_id", "month", "lon", "lat").sort("site_id", "month").with_row_index("row")
    spans = ordered.group_by("site_id").agg(first=pl.col("row").min(), months=pl.len())
    asked = pl.DataFrame({"site_id": site_ids}).join(spans, on="site_id", how="left", maintain_order="left")
    at = asked["first"].to_numpy() + (rng.random(len(asked)) * asked["months"].to_numpy()).astype(np.int64)
    day = pl.Series("day", rng.integers(DAYS_A_MONTH, size=len(asked)))
    seen = ordered.select(pl.all().gather(at)).with_columns(day)
    return seen.select("lon", "lat", collected=pl.col("month") + pl.duration(days="day"))


def _chosen(rng: np.random.Generator, allowed: Ints, share: float) -> Ints:
    """A share of the allowed rows, in order."""
    count = round(share * len(allowed))
    return np.sort(rng.choice(allowed, count, replace=False)) if count else allowed[:0]


def _ores(config: WorldConfig, ground: Ground) -> pl.DataFrame:
    parameters, rng = config.samples, config.chance("samples", "ores")
    metallic = np.flatnonzero(ground.deposits["family"].is_in(list(parameters.metals)).to_numpy())
    deposit = _chosen(rng, metallic, parameters.ore_deposits)
    deposit = np.repeat(deposit, rng.integers(*parameters.ore_samples, size=len(deposit), endpoint=True))
    lon, lat = (ground.deposits[axis].to_numpy()[deposit] for axis in ("lon", "lat"))
    lon, lat = _around(rng, lon, lat, ORE_SPREAD_KM)
    return _frame(["ore"] * len(deposit), lon, lat, _days(rng, config, len(deposit)), deposit=deposit)


def _beside_sites(
    config: WorldConfig, terrain: Terrain, sites: pl.DataFrame, site_months: pl.DataFrame, streams: Channels,
    flow: Basins,
) -> pl.DataFrame:  # fmt: skip
    """Above the site, some way below it and further below, all on one day."""
    parameters, rng = config.samples, config.chance("samples", "beside sites")
    cell = terrain.cell_of(sites["lon"].to_numpy(), sites["lat"].to_numpy())
    entry = first_below(terrain.downstream, streams.is_river)[cell]
    site = _chosen(rng, np.flatnonzero(entry >= 0), parameters.river_sites)
    start = entry[site]
    shortest, longest = np.log(parameters.below_km)
    near, far = np.sort(np.exp(rng.uniform(shortest, longest, (2, len(site)))), axis=0)
    above = main_branch(terrain.downstream, terrain.upstream_cells)[start]
    cells = np.stack([above, *(down_by(terrain.downstream, flow.to_sea_km, start, km) for km in (near, far))])
    days = _working_days(rng, sites["site_id"][site], site_months)["collected"]
    wanted = cells.ravel() >= 0
    rows = np.tile(np.arange(len(site)), 3)[wanted]
    return _at_rivers(rng, terrain, cells.ravel()[wanted], days[rows], site[rows])


def _elsewhere(config: WorldConfig, terrain: Terrain, streams: Channels) -> pl.DataFrame:
    rng = config.chance("samples", "elsewhere")
    count = round(config.samples.river_points * len(streams.heads))
    cells = rng.choice(np.flatnonzero(streams.is_river), count)
    return _at_rivers(rng, terrain, cells, _days(rng, config, count), np.full(count, -1))


def _at_rivers(rng: np.random.Generator, terrain: Terrain, cells: Ints, days: pl.Series, site: Ints) -> pl.DataFrame:
    """Sediment and water from the same bank."""
    lon, lat = _around(rng, *terrain.centre_of(cells), BANK_KM)
    return pl.concat([_frame([one] * len(cells), lon, lat, days, cell=cells, site=site) for one in RIVER_MEDIA])


def _residues(config: WorldConfig, ground: Ground, sites: pl.DataFrame, site_months: pl.DataFrame) -> pl.DataFrame:
    parameters, rng = config.samples, config.chance("samples", "residues")
    is_metal = sites["family"].is_in(list(parameters.metals)).to_numpy()
    is_small = sites["kind"].cast(pl.String).is_in(["artisanal", "illegal"]).to_numpy()
    site = _chosen(rng, np.flatnonzero(is_metal & is_small), parameters.residue_sites)
    with_mercury = site[(sites["processing"][site] == "mercury").to_numpy()]
    deposits = dict(zip(ground.deposits["deposit_id"], range(len(ground.deposits)), strict=True))
    parts = []
    for medium, rows in (("tailings", site), ("amalgam", with_mercury), ("sponge_gold", with_mercury)):
        seen = _working_days(rng, sites["site_id"][rows], site_months)
        lon, lat = _around(rng, seen["lon"].to_numpy(), seen["lat"].to_numpy(), HEAP_KM)
        body = np.array([deposits[one] for one in sites["deposit_id"][rows]], dtype=np.int64)
        parts.append(_frame([medium] * len(rows), lon, lat, seen["collected"], deposit=body, site=rows))
    return pl.concat(parts)
