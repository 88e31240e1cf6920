"""Gravity with memory: who sends how much to whom.

The score of a pair in year t is what the one gets from the other by gravity,

    score[i, j, t] = log demand[j, t] - b log(distance[i, j] + border) + pair[i, j] + drift[i, j, t]

with `pair` normal and for good, `drift` an AR(1). An exporter serves the partners of highest score, as many as its size
allows, in shares of exp(score). Each flow then has a shock and a chance to rest for a year, both larger for small
flows: in BACI 1995-2024 a flow of 10 thousand USD changes by a factor of six and rests every other year, one of
100 million by a third and hardly ever.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from models.world.land.sphere import Floats, Ints, Mask
from models.world.parameters.trade import Stage, Trade

MILLION = 1e6
TINY = 1e-12


@dataclass(frozen=True)
class Links:
    """What holds between senders and receivers: arrays [year, sender, receiver]."""

    affinity: Floats
    """Score without demand."""
    shock: Floats
    """Standard normal."""
    rest: Floats
    """Uniform: the flow rests where it falls below the chance to."""
    luck: Floats
    """Uniform, with memory: an occasional flow happens where it falls below the chance to."""
    trifle: Floats
    """Standard normal, for good [sender, receiver]: size of the pair's occasional flows."""


@dataclass(frozen=True)
class Market:
    """One stage in one year, as all who trade in it see it."""

    stage: Stage
    trade: Trade
    year: int
    hubs: Ints
    log_demand: Floats
    """[country]"""
    open_share: Floats
    """Share of the year without a ban on exports [country]."""
    usd_per_kg: float
    """Of the contained mass."""


def links(chance: np.random.Generator, cost: Floats, years: int, trade: Trade) -> Links:
    """Pairs of a stage; `cost` [sender, receiver] is what distance takes from the score."""
    shape = (years, *cost.shape)
    pair = trade.pair_sd * chance.standard_normal(cost.shape)
    drift = trade.drift_sd * remembered(chance.standard_normal(shape), trade.drift_memory)
    luck = ndtr(remembered(chance.standard_normal(shape), trade.occasional_memory))
    return Links(
        pair - cost + drift,
        chance.standard_normal(shape),
        chance.random(shape),
        luck,
        chance.standard_normal(cost.shape),
    )


def remembered(innovations: Floats, memory: float) -> Floats:
    """Stationary AR(1) of unit variance along the first axis, made of standard normal innovations."""
    out = innovations.copy()
    for year in range(1, len(out)):
        out[year] = memory * out[year - 1] + np.sqrt(1 - memory**2) * innovations[year]
    return out


def partners(sent_kg: Floats, most: float, power: float) -> Ints:
    """How many partners senders have: `most` for the largest, fewer by a power of size, one at least."""
    largest = max(float(sent_kg.max(initial=0.0)), TINY)
    return np.maximum(np.rint(most * (sent_kg / largest) ** power), 1).astype(np.int64)


def shares(score: Floats, count: Ints) -> Floats:
    """Shares [sender, receiver] in proportion to exp(score) over each sender's `count` best; -inf never counts."""
    rank = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable")
    is_open = (rank < count[:, None]) & np.isfinite(score)
    best = np.max(np.where(is_open, score, -np.inf), axis=1, keepdims=True, initial=-1e9)
    weight = np.where(is_open, np.exp(np.where(is_open, score - best, 0.0)), 0.0)
    return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), TINY), dtype=np.float64)


def occasional(market: Market, ties: Links, out_kg: Floats, allowed: Mask) -> Floats:
    """Small flows beside lasting ones, as shares of what is sent: samples, returns, single parcels, to anyone.

    They are likelier for large senders and large economies; the value is log-normal, at most a small share of all.
    """
    trade, largest = market.trade, max(float(out_kg.max(initial=0.0)), TINY)
    demand = np.exp(market.log_demand - market.log_demand.max())
    wealth = np.minimum((demand / demand.mean()) ** trade.degree_power, 2.0)
    likely = market.stage.occasional * (out_kg / largest)[:, None] ** (trade.degree_power / 2) * wealth
    value = trade.occasional_usd * np.exp(trade.occasional_sd * ties.trifle)
    share = value / np.maximum(out_kg * market.usd_per_kg, TINY)[:, None]
    happens = allowed & (ties.luck[market.year] < likely)
    return np.where(happens, np.minimum(share, trade.occasional_share), 0.0)


def sent(market: Market, out_kg: Floats, wanted: Floats, shock: Floats, rest: Floats) -> Floats:
    """Flows [sender, receiver] of the year, kg: `out_kg` over the `wanted` shares with shocks, rests, and no trifles.

    A row sums to what is sent, or to zero where every flow of it would be a trifle.
    """
    trade, usd_per_kg = market.trade, market.usd_per_kg
    value = np.maximum(out_kg[:, None] * wanted * usd_per_kg, TINY)
    sd = np.clip(trade.shock_sd - trade.shock_slope * np.log10(value / MILLION), *trade.shock_range)
    idle = trade.idle_share * np.minimum(value / trade.least_value_usd, MILLION) ** -trade.idle_power
    weight = np.where(rest >= idle, wanted * np.exp(sd * shock - sd**2 / 2), 0.0)
    weight[out_kg[:, None] * weight * usd_per_kg < trade.least_value_usd] = 0.0
    total = weight.sum(axis=1, keepdims=True)
    return np.where(total > 0, out_kg[:, None] * weight / np.maximum(total, TINY), 0.0)


def masked(score: Floats, allowed: Mask) -> Floats:
    """Scores with -inf where no trade may be."""
    return np.where(allowed, score, -np.inf)
