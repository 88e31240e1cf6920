"""Hubs: what comes in is used there, sent to another hub, stored until next year, or passed on to markets.

The order of the layers keeps every kg: producers -> hubs, hub -> hub, hub -> markets. What a hub got from another hub
goes on to markets only, so nothing runs in circles. Goods keep the country they come from.
"""

from dataclasses import dataclass

import numpy as np

from models.world.land.sphere import Floats
from models.world.trade.gravity import Links, Market, masked, partners, sent, shares

LEAST_SHIPMENTS = 10
"""A hub sends nothing to another below so many of the least values of a flow."""


@dataclass(frozen=True)
class Passage:
    """What passes through hubs in a year, kg of the basis; origin is the country that the goods come from."""

    waited: Floats
    """Stored since last year [hub, origin]."""
    between: Floats
    """[hub, origin, other hub]"""
    stays: Floats
    """Refined or used at the hub [hub, origin]."""
    waits: Floats
    """Stored for the next year [hub, origin]."""
    onward: Floats
    """[hub, origin, market]"""


def passage(market: Market, ties: Links, received: Floats, waited: Floats) -> Passage:
    """Pass on what hubs receive from producers ([hub, origin], kg) and what waited since last year."""
    count, places = received.shape
    hubs, used, trade = market.hubs, market.stage.hub_used, market.trade
    is_open = market.open_share[hubs][:, None]
    between = _between(market, received * is_open, ties.affinity[market.year])
    held = received - between.sum(axis=2) + between.sum(axis=0).T + waited
    outgoing = held * (1 - used) * is_open * (1 - trade.hub_lag)
    own = np.arange(places)
    allowed = ~np.isin(own, hubs) & (own[:, None] != own)
    score = (ties.affinity[market.year] + masked(market.log_demand, allowed)).reshape(-1, places)
    wanted = shares(score, partners(outgoing.reshape(-1), trade.hub_reach * places, trade.degree_power))
    shock, rest = (one[market.year].reshape(-1, places) for one in (ties.shock, ties.rest))
    onward = sent(market, outgoing.reshape(-1), wanted, shock, rest).reshape(count, places, places)
    waits = held * (1 - used) - outgoing
    stays = np.maximum(held - waits - onward.sum(axis=2), 0.0)
    return Passage(waited, between, stays, waits, onward)


def _between(market: Market, received: Floats, affinity: Floats) -> Floats:
    """Goods that one hub sends to another [hub, origin, other hub]: to that it likes best, never back to the origin."""
    (count, places), hubs, trade = received.shape, market.hubs, market.trade
    own = np.arange(count)
    allowed = (own[:, None, None] != own) & (hubs != np.arange(places)[None, :, None])
    score = masked(affinity[:, :, hubs], allowed).reshape(count * places, count)
    to = shares(score, np.ones(len(score), dtype=np.int64)).reshape(count, places, count)
    moved = trade.hub_between * received
    moved = np.where(moved * market.usd_per_kg < LEAST_SHIPMENTS * trade.least_value_usd, 0.0, moved)
    return moved[:, :, None] * to
