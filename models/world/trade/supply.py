"""Supply of a chain: year by year and stage by stage from mines to users, every kg accounted for.

    pool = fresh + stock of own goods        fresh is mined, refined from an earlier stage, or scrap
    pool = kept + exports                    exports follow gravity, to users, refiners and hubs
    use  = kept + other stock + imports - what is sold on; imports of hubs less what they pass on
    use  = stored + refined + used           refined = lost + what is fresh in the next stage

Stock is of own goods where nobody refines them, and it may leave again; else it holds imports too and is used at home.

All masses are kg of the family's basis. `Year` is one stage in one year; the origins of goods are worked out from it
afterwards (`origins`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.world.land.sphere import Floats, Mask
from models.world.parameters.trade import Chain, Trade
from models.world.trade.gravity import Links, Market, masked, occasional, partners, sent, shares
from models.world.trade.hubs import Passage, passage
from models.world.trade.resale import Resold, resold
from models.world.trade.roles import Roles

MOST_PASSED = 0.3
"""Largest share of imports that is sold on where there is no hub."""


@dataclass(frozen=True)
class Ties:
    """Pairs of one stage."""

    direct: Links
    """[year, exporter, importer]"""
    hubs: Links
    """[year, hub, origin, market]"""
    resale: Links
    """[year, seller, buyer]"""
    source: Floats
    """Which origin a seller prefers for a buyer [origin, seller, buyer], Gumbel."""


@dataclass(frozen=True)
class Inputs:
    """What decides the supply of a chain."""

    chain: Chain
    trade: Trade
    roles: Roles
    mined_kg: Floats
    """Enters the legal market [year, country]."""
    usd_per_kg: Floats
    """Of the contained mass [stage, year]."""
    open_share: Floats
    """Share of the year without a ban on exports [stage, year, country]."""
    ties: tuple[Ties, ...]


@dataclass(frozen=True)
class Year:
    """One stage in one year."""

    stage: int
    year: int
    fresh: Floats
    """[country]"""
    drawn: Floats
    """From stock [country]"""
    own: Mask
    """The stock is of the country's own goods."""
    kept: Floats
    """[country]"""
    direct: Floats
    """[exporter, importer]"""
    hub: Passage
    resold: Resold
    stored: Floats
    """[country], as the following"""
    refined: Floats
    lost: Floats
    used: Floats


def supply_years(inputs: Inputs) -> Iterator[Year]:
    """All stages of all years, in the order in which goods pass them."""
    chain, roles = inputs.chain, inputs.roles
    depth, (years, places) = len(chain.stages), inputs.mined_kg.shape
    stock = first_stock(inputs)
    waiting = [np.zeros((len(roles.hubs), places)) for _ in chain.stages]
    used = roles.demand[0] * inputs.mined_kg[0].sum()
    for year in range(years):
        made = np.zeros((depth, places))
        scrap, used = chain.scrap * used, np.zeros(places)
        for number, stage in enumerate(chain.stages):
            source = {"mined": inputs.mined_kg[year], "scrap": scrap, "refined": made[number]}[stage.source]
            one = _stage_year(inputs, number, year, source, stock[number], waiting[number])
            stock[number] += one.stored - one.drawn
            waiting[number] = one.hub.waits
            if stage.into is not None:
                made[stage.into] += one.refined - one.lost
            used += one.used
            yield one


def first_stock(inputs: Inputs) -> Floats:
    """Stock before the first year [stage, country]: with users of the last stage and refiners of the others."""
    world = inputs.mined_kg[0].sum() * inputs.trade.first_stock
    last = [stage.into is None for stage in inputs.chain.stages]
    mined = [stage.source != "scrap" for stage in inputs.chain.stages]
    held = np.where(np.array(last)[:, None], inputs.roles.demand[0], inputs.roles.capacity[:, 0])
    return np.asarray(held * np.array(mined)[:, None] * world, dtype=np.float64)


def _stage_year(inputs: Inputs, number: int, year: int, fresh: Floats, stock: Floats, waiting: Floats) -> Year:
    roles, ties, refines = inputs.roles, inputs.ties[number], _refines_now(inputs, number, year)
    market = _market(inputs, number, year)
    drawn, own = inputs.trade.drawn * stock, ~refines & (market.stage.into is not None)
    pool = fresh + np.where(own, drawn, 0.0)
    tradable, home = pool * market.stage.tradable, _home_share(inputs, number, year, refines)
    direct = _direct(inputs, market, number, tradable * (1 - home) * market.open_share)
    kept = np.maximum(pool - direct.sum(axis=1), 0.0)
    hub = passage(market, ties.hubs, direct[:, roles.hubs].T, waiting)
    is_hub = np.isin(np.arange(len(fresh)), roles.hubs)
    passed_on = np.where(is_hub, 0.0, _passed_on(inputs, market, number, refines))
    sold = resold(market, ties.resale, ties.source, direct, passed_on)
    imports = np.where(is_hub, 0.0, direct.sum(axis=0)) + hub.onward.sum(axis=(0, 1))
    imports += sold.bought(len(fresh)) - sold.sold(len(fresh))
    imports[roles.hubs] += hub.stays.sum(axis=1)
    total = kept + np.where(own, 0.0, drawn) + np.maximum(imports, 0.0)
    use = _use(market, refines, total, np.maximum(tradable - direct.sum(axis=1), 0.0))
    return Year(number, year, fresh, drawn, own, kept, direct, hub, sold, *use)


def _passed_on(inputs: Inputs, market: Market, number: int, refines: Mask) -> Floats:
    """Share of imports that is sold on: more of what the country has no refiners for."""
    idle = (market.stage.into is not None) & ~refines
    passed_on = inputs.roles.passed_on[number] * np.where(idle, inputs.trade.user_passed, 1.0)
    return np.asarray(np.minimum(passed_on, MOST_PASSED) * market.open_share, dtype=np.float64)


def _use(market: Market, refines: Mask, total: Floats, raw: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """What is stored, refined, lost and used of the goods that stay in each country.

    Who does not refine uses imports as they are and stores own goods that found no way out (`raw`), but under
    a ban begins to refine them.
    """
    trade, stage = market.trade, market.stage
    if stage.into is None:
        stored = trade.stored * total
        return stored, np.zeros_like(total), np.zeros_like(total), total - stored
    begun = np.where(market.open_share < 1, trade.ban_refined, 0.0) * raw
    refined = np.where(refines, total * (1 - stage.used) * (1 - trade.stored), begun)
    stored = np.where(refines, total * (1 - stage.used) * trade.stored, raw - begun)
    return stored, refined, refined * stage.loss, total - stored - refined


def _refines_now(inputs: Inputs, number: int, year: int) -> Mask:
    """Who refines: those who always did, and who banned the export for most of an earlier year."""
    banned = (inputs.open_share[number, :year] < 0.5).any(axis=0) & (inputs.chain.stages[number].into is not None)
    return np.asarray(inputs.roles.refines[number] | banned)


def _market(inputs: Inputs, number: int, year: int) -> Market:
    """Demand for the goods of a stage is of users for the last, of refiners for the others, whose users are few."""
    stage, share = inputs.chain.stages[number], inputs.roles.demand[year]
    if stage.into is not None:
        share = inputs.roles.capacity[number, year] + inputs.trade.user_demand * share
    price = float(inputs.usd_per_kg[number, year])
    open_share = inputs.open_share[number, year]
    return Market(stage, inputs.trade, year, inputs.roles.hubs, np.log(share), open_share, price)


def _home_share(inputs: Inputs, number: int, year: int, refines: Mask) -> Floats:
    """Share of own goods that stays: what own refiners take; of the last stage a biased share of demand."""
    if inputs.chain.stages[number].into is not None:
        return np.where(refines, np.maximum(inputs.roles.home[number], inputs.trade.ban_refined), 0.0)
    demand, bias = inputs.roles.demand[year], inputs.chain.home_bias
    return np.asarray(demand * bias / (demand * bias + 1 - demand), dtype=np.float64)


def _direct(inputs: Inputs, market: Market, number: int, offered: Floats) -> Floats:
    """Exports of producers [exporter, importer]: one share through hubs, the rest to those who use or refine."""
    ties, places, hubs = inputs.ties[number].direct, len(offered), market.hubs
    own = np.arange(places)
    is_hub, others = np.isin(own, hubs), own[:, None] != own
    affinity = ties.affinity[market.year]
    count = partners(offered, market.stage.reach * places, market.trade.degree_power)
    direct = shares(masked(affinity + market.log_demand, others & ~is_hub), count)
    through = shares(masked(affinity, others & is_hub), np.full(places, len(hubs)))
    part = np.where(through.sum(axis=1) > 0, inputs.roles.through_hubs[number], 0.0)[:, None]
    seldom = occasional(market, ties, offered, others & ~is_hub & (direct == 0))
    wanted = (1 - part) * direct + part * through + seldom
    return sent(market, offered, wanted, ties.shock[market.year], ties.rest[market.year])
