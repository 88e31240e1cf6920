"""A plan: what all sites share before they work, and how it is filled.

site_id, kind, family, country, deposit_id, lon, lat, permit_id, in_protected, processing     as in Site
opening, closing      numbers of the first and last month; closing is null where the site outlives the world
capacity              full output in a month relative to other sites of its kind and family
grade                 of the ground that the site digs
speed_km, bearing     how the centre moves in a month, km and radians from north: 0 but for illegal zones
line                  row of the river along which it moves, null elsewhere
start_km              where on that river it opened, km from its upper end
ramp_months           months from opening to half of full activity
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.sphere import Floats
from models.world.mining.endowment import country_shares, tilt
from models.world.mining.tenure import Land, land
from models.world.parameters.minerals import COUNTRIES

PLAN = {
    "site_id": pl.String,
    "kind": pl.String,
    "family": pl.String,
    "country": pl.String,
    "deposit_id": pl.String,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "permit_id": pl.String,
    "in_protected": pl.Boolean,
    "processing": pl.String,
    "opening": pl.Int64,
    "closing": pl.Int64,
    "capacity": pl.Float64,
    "grade": pl.Float64,
    "speed_km": pl.Float64,
    "bearing": pl.Float64,
    "line": pl.Int64,
    "start_km": pl.Float64,
    "ramp_months": pl.Float64,
}
LEAST_SITES = 6
"""Sites of a kind and family that even a small world has."""


@dataclass(frozen=True)
class Setting:
    """The ground as whoever opens a site finds it."""

    ground: Ground
    deposits: pl.DataFrame
    """In the order of their identifiers, with the row and the governance of their country and its `share`."""
    permits: Land
    protected: Land


def setting(config: WorldConfig, ground: Ground) -> Setting:
    """Deposits of the world's families with their countries, and the areas by kind."""
    countries = ground.countries.with_row_index("row").select("country", pl.col("row").cast(pl.Int64), "governance")
    held = ground.deposits.filter(pl.col("family").is_in(config.families)).sort("deposit_id")
    shares = country_shares(config, held, "small")
    deposits = held.join(countries, on="country", how="left", maintain_order="left").join(
        shares, on=["country", "family"], how="left", maintain_order="left"
    )
    return Setting(ground, deposits, land(ground.areas, "permit"), land(ground.areas, "protected"))


def drawn(
    config: WorldConfig,
    deposits: pl.DataFrame,
    counts: Mapping[str, int],
    strength: float,
    chance: np.random.Generator,
) -> pl.DataFrame:
    """Deposits drawn with replacement, as many of each family as a world of this size wants.

    A deposit's weight is its country's share x what it holds among them (square root) x the tilt by governance.
    """
    root = pl.col("contained_kg").sqrt()
    part = root / root.sum().over("country", "family")
    weighted = deposits.with_columns(weight=pl.col("share") * part * tilt(pl.col("governance"), strength))
    rows = []
    for family in config.families:
        scaled = counts[family] * config.countries / COUNTRIES
        wanted = max(round(scaled), LEAST_SITES) if counts[family] else 0
        held = weighted.filter(pl.col("family") == family).sort("deposit_id")
        if wanted and held.height:
            odds = held["weight"].to_numpy()
            rows.append(held[np.sort(chance.choice(held.height, wanted, p=odds / odds.sum()))])
    return pl.concat(rows) if rows else weighted.clear()


def sizes(spread: float, count: int, chance: np.random.Generator) -> Floats:
    """Relative capacities, lognormal."""
    return np.asarray(np.exp(spread * chance.standard_normal(count)))


def small_processing(sites: pl.DataFrame, chance: np.random.Generator, mercury: float) -> list[str]:
    """Processing of small sites: mercury for most gold, the rest cyanide or gravity."""
    draws = chance.random(sites.height)
    gold = np.where(draws < mercury, "mercury", np.where(draws < mercury + 0.08, "cyanide", "gravity"))
    wet = np.isin(sites["family"].to_numpy(), ("tin", "tantalum"))
    names = np.where(sites["family"].to_numpy() == "gold", gold, np.where(wet, "gravity", "none"))
    return [str(one) for one in names]


def as_plan(sites: pl.DataFrame, kind: str, stem: str) -> pl.DataFrame:
    """Columns of PLAN, with identifiers numbered within countries; nulls and zeros where a column is absent."""
    absent = {
        name: pl.lit(0.0 if name in ("speed_km", "bearing", "start_km") else None, dtype)
        for name, dtype in PLAN.items()
        if name not in sites.columns
    }
    full = sites.with_columns(**absent).with_columns(kind=pl.lit(kind))
    full = full.sort("country", "family", "deposit_id", "lon", "lat", "opening")
    number = pl.int_range(1, pl.len() + 1).over("country").cast(pl.String)
    return full.with_columns(site_id=pl.concat_str(pl.lit(stem), "country", number, separator=":")).select(
        pl.col(name).cast(dtype) for name, dtype in PLAN.items()
    )
