"""Trade: what is legally traded in truth, where its material came from, and what it was made of in each country.

gravity     who sends how much to whom
roles       refiners, hubs, users
supply      mines -> refiners -> users, every kg accounted for
hubs        goods that are passed on;  resale   goods that others pass on
origins     sites behind the goods
goods       code, mass, value, months and way
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world import tables
from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.sphere import Floats
from models.world.mined import Mined
from models.world.parameters.trade import Chain
from models.world.trade.balance import balance
from models.world.trade.chain import Material, material
from models.world.trade.diggers import Diggers, diggers
from models.world.trade.goods import goods_of, joined, with_second, year_flows
from models.world.trade.gravity import links
from models.world.trade.origins import goods_origins, mixes
from models.world.trade.roles import Roles, roles
from models.world.trade.supply import Inputs, Ties, first_stock, supply_years
from models.world.trade.ways import Ways, ways


@dataclass(frozen=True)
class Traded:
    """Legal trade of a world, in truth."""

    goods: pl.DataFrame
    """Schema Goods; no schemes, no artefacts."""
    origins: pl.DataFrame
    """Schema GoodsOrigin."""
    supply: pl.DataFrame
    """Schema Supply."""


def traded(config: WorldConfig, ground: Ground, mined: Mined) -> Traded:
    """Trade of all families and years."""
    routes = ways(config, ground)
    chains = [chain for chain in config.trade.chains if chain.family in config.families]
    parts = [_family(config, ground, mined, routes, chain) for chain in chains]
    return Traded(
        tables.Goods.validate(pl.concat([one.goods for one in parts]), cast=True),
        tables.GoodsOrigin.validate(pl.concat([one.origins for one in parts]), cast=True),
        tables.Supply.validate(pl.concat([one.supply for one in parts]).sort("country", "family", "year"), cast=True),
    )


def _family(config: WorldConfig, ground: Ground, mined: Mined, routes: Ways, chain: Chain) -> Traded:
    countries = ground.countries["country"].to_list()
    digging = diggers(config, countries, mined, chain)
    stuff = material(config, countries, mined.prices, mined.bans, chain)
    part = roles(config, ground.countries, _gdp(config, countries, mined), digging.mined_kg, chain)
    inputs = _inputs(config, chain, part, digging, stuff, routes)
    years = list(supply_years(inputs))
    pools = len(countries) * (len(part.hubs) + 1)
    flows = joined([year_flows(one, part.hubs, pools * number) for number, one in enumerate(years)])
    flows = with_second(config, chain, flows, len(countries))
    goods = goods_of(config, countries, chain, stuff, routes, flows)
    mixed = list(mixes(chain, digging, part.hubs, first_stock(inputs), years))
    origins = goods_origins(goods, digging, mixed, pools, config.trade.least_share)
    supply = balance(config, countries, chain, part.hubs, years)
    return Traded(goods.select(tables.Goods.column_names()), origins, supply)


def _gdp(config: WorldConfig, countries: list[str], mined: Mined) -> Floats:
    """GDP [year, country]."""
    wide = mined.country_years.pivot("country", index="year", values="gdp_usd").sort("year")
    return wide.select(countries).to_numpy()


def _inputs(config: WorldConfig, chain: Chain, part: Roles, digging: Diggers, stuff: Material, routes: Ways) -> Inputs:
    return Inputs(
        chain=chain,
        trade=config.trade,
        roles=part,
        mined_kg=digging.mined_kg,
        usd_per_kg=stuff.usd_per_kg[:, 0].mean(axis=2),
        open_share=stuff.is_open.mean(axis=2),
        ties=tuple(_ties(config, chain, number, part, routes) for number in range(len(chain.stages))),
    )


def _ties(config: WorldConfig, chain: Chain, number: int, part: Roles, routes: Ways) -> Ties:
    """Pairs of a stage: every layer has its own."""
    chance = config.chance("trade", chain.family, "ties", str(number))
    cost = chain.distance * np.log(routes.distance_km + config.trade.border_km)
    years, places = len(config.years), len(cost)
    onward = np.broadcast_to(cost[part.hubs][:, None, :], (len(part.hubs), places, places))
    return Ties(
        links(chance, cost, years, config.trade),
        links(chance, onward, years, config.trade),
        links(chance, cost, years, config.trade),
        chance.gumbel(size=(places, places, places)),
    )
