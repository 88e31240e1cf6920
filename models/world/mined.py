"""What is dug: sites, their months, prices, bans, events, and output by country."""

from dataclasses import dataclass

import polars as pl

from models.world import tables
from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.mining import production
from models.world.mining.activity import activity
from models.world.mining.bans import ban_factor, bans
from models.world.mining.calendar import first_of
from models.world.mining.covariates import country_years
from models.world.mining.digging import site_months
from models.world.mining.diggings import diggings
from models.world.mining.incidents import incidents, strike_factor
from models.world.mining.mines import legal_mines
from models.world.mining.plan import setting
from models.world.mining.prices import EVENT, metals, pressure, prices
from models.world.mining.zones import river_lines, zones


@dataclass(frozen=True)
class Mined:
    """All that is dug in a world, and what moves it."""

    sites: pl.DataFrame
    """Schema Site; every site works in at least one month."""
    site_months: pl.DataFrame
    """Schema SiteMonth."""
    prices: pl.DataFrame
    """Schema Price, for every traded code of the world's families."""
    country_years: pl.DataFrame
    """Schema CountryYear."""
    output: pl.DataFrame
    """Schema Output: sums of `site_months`."""
    bans: pl.DataFrame
    """Schema Ban; legal exports of these goods stop while one stands."""
    events: pl.DataFrame
    """kind (strike, new_mine, price_spike), family, country (null for price_spike), first_year, last_year,
    description."""


def mined(config: WorldConfig, ground: Ground) -> Mined:
    """Open the mines of a world and let them work through all its months."""
    metal = metals(config)
    push = pressure(metal)
    place = setting(config, ground)
    met = incidents(config, place, legal_mines(config, place))
    banned = bans(config, met.mines)
    plan = pl.concat([met.mines, diggings(config, place), zones(config, place, push)]).sort("site_id")
    work = activity(config, plan, push) * strike_factor(config, plan, met.strikes) * ban_factor(config, plan, banned)
    months = site_months(config, plan, work, river_lines(ground.reaches))
    sites = _sites(config, plan.join(months.select("site_id"), on="site_id", how="semi", maintain_order="left"))
    return Mined(
        sites=sites,
        site_months=months,
        prices=prices(config, metal),
        country_years=country_years(config, ground.countries),
        output=production.output(months, sites),
        bans=banned,
        events=pl.concat([metal.spikes, met.events]).select(EVENT.keys()),
    )


def _sites(config: WorldConfig, plan: pl.DataFrame) -> pl.DataFrame:
    opened = plan.with_columns(opened=first_of("opening", config), closed=first_of("closing", config))
    return tables.Site.validate(opened.select(tables.Site.column_names()), cast=True)


def reported_output(config: WorldConfig, dug: Mined) -> pl.DataFrame:
    """What production offices publish of it: see `production.reported_output`."""
    return production.reported_output(config, dug.output, dug.sites, dug.country_years)
