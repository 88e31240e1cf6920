"""Resale: countries that are no hubs sell on a little of what they import, from one of those who supplied it."""

from dataclasses import dataclass

import numpy as np

from models.world.land.sphere import Floats, Ints
from models.world.trade.gravity import Links, Market, masked, occasional, partners, sent, shares

LEAST_KG = 1e-12
MOST_OF_A_SUPPLIER = 0.5
"""At most this share of what a seller got from one country is sold on."""


@dataclass(frozen=True)
class Resold:
    """Flows, kg of the basis: three indices of countries and a mass for each."""

    origin: Ints
    seller: Ints
    buyer: Ints
    mass_kg: Floats

    def sold(self, places: int) -> Floats:
        """What each country sells on."""
        return _summed(self.seller, self.mass_kg, places)

    def bought(self, places: int) -> Floats:
        """What each country buys of it."""
        return _summed(self.buyer, self.mass_kg, places)


def resold(market: Market, ties: Links, source: Floats, direct: Floats, passed_on: Floats) -> Resold:
    """Sell on `passed_on` [country] of the direct imports ([origin, seller], kg).

    Every flow has one origin: the supplier that is largest by the `source` preference for the pair. It is no buyer of
    its own goods.
    """
    trade, own = market.trade, np.arange(len(direct))
    outgoing = direct.sum(axis=0) * passed_on
    allowed = (own[:, None] != own) & ~np.isin(own, market.hubs)
    score = masked(ties.affinity[market.year] + market.log_demand, allowed)
    wanted = shares(score, partners(outgoing, trade.passed_reach * len(own), trade.degree_power))
    wanted += occasional(market, ties, outgoing, np.isfinite(score) & (wanted == 0))
    flows = sent(market, outgoing, wanted, ties.shock[market.year], ties.rest[market.year])
    seller, buyer = np.nonzero(flows)
    preferred = np.where(direct > 0, np.log(np.maximum(direct, LEAST_KG)), -np.inf)[:, seller]
    preferred = preferred + source[:, seller, buyer]
    preferred[buyer, np.arange(len(buyer))] = -np.inf
    has = np.isfinite(preferred.max(axis=0, initial=-np.inf))
    origin, seller, buyer = preferred.argmax(axis=0)[has], seller[has], buyer[has]
    asked = np.zeros_like(direct)
    np.add.at(asked, (origin, seller), flows[seller, buyer])
    scale = np.minimum(MOST_OF_A_SUPPLIER * direct / np.maximum(asked, LEAST_KG), 1.0)
    return Resold(origin, seller, buyer, flows[seller, buyer] * scale[origin, seller])


def _summed(place: Ints, mass_kg: Floats, places: int) -> Floats:
    return np.bincount(place, mass_kg, places).astype(np.float64)
