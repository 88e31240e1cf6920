"""Roles of countries in trade: who refines, who is a hub, who uses how much."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints, Mask
from models.world.parameters.trade import Chain, Hubs, Stage

WORLD = 60
"""Countries of the world that the counts of refiners are for."""
CAPACITY_SD = 1.0
"""Log sd of refiners' capacity about the square root of their economy."""
CAPACITY_TREND_SD = 0.05
"""Log sd between refiners of a year's growth."""
HUB_COUNTRIES = 6
"""One country in so many may be a hub of a kind."""


@dataclass(frozen=True)
class Roles:
    """Roles in one chain, in the order of `Ground.countries`."""

    hubs: Ints
    """Countries that are hubs."""
    refines: Mask
    """[stage, country]"""
    capacity: Floats
    """Demand for goods to be refined as a share of the world's [stage, year, country]."""
    home: Floats
    """Share that refiners keep of their own [stage, country]."""
    through_hubs: Floats
    """Share of exports that goes through hubs [stage, country]."""
    passed_on: Floats
    """Share of imports that is sold on [stage, country]."""
    demand: Floats
    """Share of world use [year, country]."""


def roles(config: WorldConfig, countries: pl.DataFrame, gdp: Floats, mined_kg: Floats, chain: Chain) -> Roles:
    """Roles in a chain; `gdp` and `mined_kg` are [year, country]."""
    chance, trade = config.chance("trade", chain.family, "roles"), config.trade
    count, depth = countries.height, len(chain.stages)
    hubs = hubs_of(config, countries, chain.hubs) if chain.hubs else np.zeros(0, dtype=np.int64)
    wealth = gdp.mean(axis=0) / gdp.mean(axis=0).sum()
    ore = mined_kg.mean(axis=0) / max(mined_kg.mean(axis=0).sum(), 1e-9)
    refines = np.stack([_refiners(chance, stage, ore, wealth, config, hubs, chain) for stage in chain.stages])
    capacity = np.where(refines[:, None], _capacity(chance, depth, wealth, len(gdp)), 0.0)
    home = np.stack([_beta(chance, stage.home, trade.hub_spread, count) for stage in chain.stages])
    through = np.stack([_beta(chance, stage.hub_share, trade.hub_spread, count) for stage in chain.stages])
    passed = np.exp(trade.passed_sd * chance.standard_normal((depth, count)))
    passed *= np.array([stage.passed_on for stage in chain.stages])[:, None]
    demand = gdp * np.exp(chain.taste_sd * chance.standard_normal(count))
    return Roles(
        hubs,
        refines,
        capacity / np.maximum(capacity.sum(axis=2, keepdims=True), 1e-12),
        np.where(refines, home, 0.0),
        through,
        passed,
        demand / demand.sum(axis=1, keepdims=True),
    )


def _capacity(chance: np.random.Generator, depth: int, wealth: Floats, years: int) -> Floats:
    """Size of refiners [stage, year, country]: about the square root of their economy, grows or shrinks steadily."""
    size = np.log(wealth) / 2 + CAPACITY_SD * chance.standard_normal((depth, 1, len(wealth)))
    trend = CAPACITY_TREND_SD * chance.standard_normal((depth, 1, len(wealth)))
    return np.asarray(np.exp(size + trend * (np.arange(years) - years / 2)[None, :, None]), dtype=np.float64)


def hubs_of(config: WorldConfig, countries: pl.DataFrame, kind: Hubs) -> Ints:
    """Countries that are hubs of a kind: coasts first; no country is a hub of two kinds.

    Bullion goes to rich small countries, metal to large economies, ores and wood to ordinary ones.
    """
    trade, count = config.trade, countries.height
    chance = config.chance("trade", "hubs")
    gdp, people = (countries[name].to_numpy() for name in ("gdp_usd", "population"))
    coast = np.where(countries["is_coastal"].to_numpy(), 0.0, -20.0)
    most = max(count // HUB_COUNTRIES, 1)
    likings: dict[Hubs, tuple[Floats, int]] = {
        "bullion": (np.log(gdp / people) - 0.3 * np.log(people), trade.bullion_hubs),
        "warehouse": (0.7 * np.log(gdp), trade.warehouse_hubs),
        "entrepot": (0.0 * gdp, trade.entrepot_hubs),
    }
    taken = np.zeros(count, dtype=bool)
    found: dict[Hubs, Ints] = {}
    for name, (liking, wanted) in likings.items():
        score = np.where(taken, -np.inf, liking + coast + 0.4 * chance.standard_normal(count))
        found[name] = np.sort(np.argsort(-score, kind="stable")[: min(wanted, most)]).astype(np.int64)
        taken[found[name]] = True
    return found[kind]


def _refiners(
    chance: np.random.Generator,
    stage: Stage,
    ore: Floats,
    wealth: Floats,
    config: WorldConfig,
    hubs: Ints,
    chain: Chain,
) -> Mask:
    """Countries that refine a stage: near mines or money; hubs of bullion always do."""
    chosen = np.zeros(len(ore), dtype=bool)
    if stage.into is None:
        return chosen
    near = stage.near_mine * np.log(ore + 1e-4) + (1 - stage.near_mine) * np.log(wealth)
    score = near + 0.6 * chance.standard_normal(len(ore))
    wanted = max(round(stage.refiners * len(ore) / WORLD), config.trade.least_refiners)
    chosen[np.argsort(-score, kind="stable")[:wanted]] = True
    if chain.hubs == "bullion":
        chosen[hubs] = True
    return chosen


def _beta(chance: np.random.Generator, mean: float, spread: float, count: int) -> Floats:
    """Draws of a Beta of this mean; its ends are given exactly."""
    if mean <= 0 or mean >= 1:
        return np.full(count, min(max(mean, 0.0), 1.0))
    return chance.beta(mean * spread, (1 - mean) * spread, count)
