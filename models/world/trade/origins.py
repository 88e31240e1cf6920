"""Origins: from which sites the material of goods comes, by proportional mixing through every pool it passes.

A pool is what a country offers of a stage in a year, or what a hub holds of one country's goods. Its mix is the mean
of what flowed in, weighted by mass, so the shares of a pool sum to 1 and no kg changes its origin:

    mix[pool] = sum over inflows of mass x mix[inflow] / sum of mass

`Pools.mix` is [pool, source]; pools are counted: country c's offer is c, and what hub number h holds of country c is
places * (h + 1) + c.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints
from models.world.parameters.trade import Chain
from models.world.trade.diggers import Diggers
from models.world.trade.supply import Year

LEAST_KG = 1e-12
LEAST_SHARE = 1e-9
"""A rest below it is rounding."""
REST = pl.DataFrame({"origin_kind": ["unrecorded"], "origin_id": ["rest"]})
"""What is too little of any country."""


@dataclass
class _Held:
    """Mass and mix of what is in stock and waits at hubs, and of what has been made for later stages."""

    stock_kg: Floats
    stock: Floats
    waiting: Floats
    made: Floats


def mixes(chain: Chain, digging: Diggers, hubs: Ints, first_stock: Floats, years: Iterable[Year]) -> Iterator[Floats]:
    """Mix of the pools of each stage and year [pool, source], in the order of `years`."""
    depth, places = first_stock.shape
    width = digging.sources.height
    scrap, stock = np.eye(width)[width - places :], np.eye(width)[width - 2 * places : width - places]
    held = _Held(
        first_stock.copy(),
        np.repeat(stock[None], depth, axis=0),
        np.zeros((depth, len(hubs), places, width)),
        np.zeros((depth, places, width)),
    )
    for one in years:
        if one.stage == 0:
            held.made[:] = 0.0
        source = chain.stages[one.stage].source
        fresh = {"mined": dug(digging, one.year, places), "scrap": scrap}.get(source, held.made[one.stage])
        offer, hub = _pools(held, one, fresh * one.fresh[:, None] if source != "refined" else fresh)
        _settle(held, chain, hubs, one, offer, hub)
        yield np.concatenate([offer, hub.reshape(-1, width)])


def dug(digging: Diggers, year: int, places: int) -> Floats:
    """Mix of what each country mines [country, source]."""
    width = digging.shares.shape[1]
    mix = np.zeros((places, digging.sources.height))
    mix[digging.sources["place"].to_numpy()[:width], np.arange(width)] = digging.shares[year]
    return mix


def _pools(held: _Held, one: Year, fresh: Floats) -> tuple[Floats, Floats]:
    """Mix of each country's offer and of what each hub holds of it; `fresh` is mass by source."""
    offered = np.where(one.own, one.drawn, 0.0)
    offer = _mean(fresh + offered[:, None] * held.stock[one.stage], one.fresh + offered)
    total = one.hub.waits + one.hub.stays + one.hub.onward.sum(axis=2)
    arrived = np.maximum(total - one.hub.waited, 0.0)
    inflow = arrived[:, :, None] * offer[None] + one.hub.waited[:, :, None] * held.waiting[one.stage]
    return offer, _mean(inflow, arrived + one.hub.waited)


def _settle(held: _Held, chain: Chain, hubs: Ints, one: Year, offer: Floats, hub: Floats) -> None:
    """Bring what is stored and refined to where the next year and the next stage find it.

    Who does not refine stores, and under a ban refines, own goods only; others mix them with imports and stock.
    """
    net = one.direct.copy()
    net[:, hubs] = 0.0
    np.add.at(net, (one.resold.origin, one.resold.buyer), one.resold.mass_kg)
    np.subtract.at(net, (one.resold.origin, one.resold.seller), one.resold.mass_kg)
    np.fill_diagonal(net, net.diagonal() + one.kept)
    net = np.maximum(net, 0.0)
    use = net.T @ offer
    places, width = offer.shape
    use += one.hub.onward.reshape(-1, places).T @ hub.reshape(-1, width)
    use[hubs] += (one.hub.stays[:, :, None] * hub).sum(axis=1)
    other = np.where(one.own, 0.0, one.drawn)
    use += other[:, None] * held.stock[one.stage]
    total = net.sum(axis=0) + one.hub.onward.sum(axis=(0, 1)) + _at(hubs, one.hub.stays.sum(axis=1), places) + other
    mix = np.where(one.own[:, None], offer, _mean(use, total))
    left = held.stock_kg[one.stage] - one.drawn
    held.stock_kg[one.stage] = left + one.stored
    held.stock[one.stage] = np.where(
        (one.stored > 0)[:, None],
        _mean(left[:, None] * held.stock[one.stage] + one.stored[:, None] * mix, left + one.stored),
        held.stock[one.stage],
    )
    held.waiting[one.stage] = hub
    into = chain.stages[one.stage].into
    if into is not None:
        held.made[into] += (one.refined - one.lost)[:, None] * mix


def _at(hubs: Ints, values: Floats, places: int) -> Floats:
    out = np.zeros(places)
    out[hubs] = values
    return out


def _mean(mass: Floats, total: Floats) -> Floats:
    """Shares by mass; nothing has no origin."""
    return mass / np.maximum(total, LEAST_KG)[..., None] * (total > LEAST_KG)[..., None]


def told(digging: Diggers, mix: Floats, least: float) -> Floats:
    """Mix as far as it is told [pool, source + 1]: smaller shares of sites count for their country, as unrecorded.

    What is still smaller than `least` goes into the last column, the rest. Rows sum to 1.
    """
    width = mix.shape[1]
    place = digging.sources["place"].to_numpy()
    places = int(place.max()) + 1
    sites = width - 3 * places
    small = np.where(mix[:, :sites] < least, mix[:, :sites], 0.0)
    out = np.zeros((len(mix), width + 1))
    out[:, :width] = mix
    out[:, :sites] -= small
    np.add.at(out.T, place[:sites] + sites, small.T)
    slight = np.where(out[:, sites:width] < least, out[:, sites:width], 0.0)
    out[:, sites:width] -= slight
    rest = slight.sum(axis=1)
    out[:, width] = np.where(rest > LEAST_SHARE, rest, 0.0)
    return np.asarray(out / out.sum(axis=1, keepdims=True), dtype=np.float64)


def goods_origins(goods: pl.DataFrame, digging: Diggers, mixed: list[Floats], pools: int, least: float) -> pl.DataFrame:
    """Rows of GoodsOrigin in the order of `goods`, sources as counted.

    `goods` names the pool of each; `pools` is how many there are in a year of a stage, `mixed` has their mixes.
    """
    taken = np.unique(goods["pool"].to_numpy())
    bounds = np.searchsorted(taken, np.arange(pools * len(mixed) + 1, step=pools))
    parts = []
    for number, (mix, first, last) in enumerate(zip(mixed, bounds[:-1], bounds[1:], strict=True)):
        shares = told(digging, mix[taken[first:last] - number * pools], least)
        pool, source = np.nonzero(shares)
        parts.append((taken[first + pool], source, shares[pool, source]))
    pool, source, share = (np.concatenate(one) for one in zip(*parts, strict=True))
    names = pl.concat([digging.sources.select("origin_kind", "origin_id"), REST])
    rows = pl.DataFrame({"pool": pool, "share": share}).with_columns(names[source])
    return goods.select("goods_id", "pool").join(rows, on="pool", maintain_order="left_right").drop("pool")
