"""Artisanal sites: small, tolerated, without a permit, on ground that nobody holds."""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Ints
from models.world.mining.calendar import month_count
from models.world.mining.plan import Setting, as_plan, drawn, sizes, small_processing
from models.world.mining.tenure import country_at, moved


def diggings(config: WorldConfig, place: Setting) -> pl.DataFrame:
    """Tolerated small sites on deposits outside permits and protected areas (columns of PLAN)."""
    chance, mining = config.chance("mining", "artisanal"), config.mining
    lon, lat = place.deposits["lon"].to_numpy(), place.deposits["lat"].to_numpy()
    free = ~place.permits.is_inside(lon, lat) & ~place.protected.is_inside(lon, lat)
    counts = {family: mining.mineral(family).artisanal_sites for family in config.families}
    chosen = drawn(config, place.deposits.filter(pl.Series(free)), counts, mining.governance_tilt[0], chance)
    offset = chance.exponential(mining.artisanal_offset_km, chosen.height)
    east, north = moved(
        chosen["lon"].to_numpy(), chosen["lat"].to_numpy(), offset, chance.uniform(0, 2 * np.pi, chosen.height)
    )
    stays = (country_at(place.ground, east, north) == chosen["row"].to_numpy()) & ~place.permits.is_inside(east, north)
    stays &= ~place.protected.is_inside(east, north)
    opening, closing = _artisanal_lives(config, chosen.height, chance)
    placed = chosen.with_columns(
        lon=pl.when(pl.Series(stays)).then(pl.Series(east)).otherwise("lon"),
        lat=pl.when(pl.Series(stays)).then(pl.Series(north)).otherwise("lat"),
        opening=pl.Series(opening),
        closing=pl.when(pl.Series(closing < month_count(config))).then(pl.Series(closing)),
        capacity=pl.Series(sizes(mining.size_spread[1], chosen.height, chance)),
        in_protected=False,
        grade=pl.col("grade") * mining.small_selectivity,
        ramp_months=mining.ramp_months[1],
        processing=pl.Series(small_processing(chosen, chance, mercury=0.8), dtype=pl.String),
    )
    return as_plan(placed.filter(pl.col("closing").fill_null(1) > 0), "artisanal", "diggings")


def _artisanal_lives(config: WorldConfig, count: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Opening evenly over time, from one median life before the world begins, and lognormal lives, in months."""
    median = 12 * config.mining.artisanal_years
    lives = np.maximum(median * np.exp(0.6 * chance.standard_normal(count)), 9)
    opening = chance.uniform(-median, month_count(config) - 12, count).astype(np.int64)
    return opening, opening + lives.astype(np.int64)
