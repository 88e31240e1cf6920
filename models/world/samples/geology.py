"""What rocks and ores hold: provinces on the grid, a composition and lead for each cell and each deposit.

Compositions are natural logarithms of mg/kg by analyte. Elements of one group share offsets: first those of the
district, which rocks and ores have in common, then those of the deposit; each element has its own on top. Neighbours
are thus alike, which makes origins hard to tell apart.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.rivers import Channels
from models.world.land.sphere import Floats, Ints
from models.world.land.terrain import fractal
from models.world.parameters.samples import Samples
from models.world.samples.lead import KAPPA, MU, growth

GROUPS = ("sulphide", "mafic", "granite")
DISTRICT_EXPONENT = 2.6
ROCK_SHARE = 0.6
"""How much of the district's offset ordinary rock shows, beside its ores."""
ROCK_AGE = 0.3
"""Age of the lead of ordinary rock as a share of its province's: younger rock covers the old."""
FULL_MG_KG = 6e5
"""Most that any element makes of a rock."""


@dataclass(frozen=True)
class Geology:
    """Compositions by flat cell and by row of the deposits."""

    analytes: tuple[str, ...]
    rock: Floats
    """[cell, analyte], ln mg/kg"""
    rock_lead: Floats
    """[cell, 3]"""
    ore: Floats
    """[deposit, analyte], ln mg/kg: mean of its samples"""
    ore_lead: Floats
    """[deposit, 3]"""


def geology(config: WorldConfig, ground: Ground, streams: Channels) -> Geology:
    """The world's rocks and ores."""
    parameters, shape = config.samples, ground.terrain.elevation_m.shape
    rng = config.chance("samples", "geology")
    district = np.stack([fractal(rng, shape, DISTRICT_EXPONENT).ravel() for _ in GROUPS], axis=1)
    district *= parameters.district_sd
    youngest, oldest = parameters.province_ga
    age, mu, kappa = (fractal(rng, shape, 3.0).ravel() for _ in range(3))
    age = youngest * (oldest / youngest) ** (0.5 + 0.5 * np.tanh(age))
    mu, kappa = MU * (1 + parameters.mu_sd * mu), KAPPA * (1 + parameters.kappa_sd * kappa)
    cell = ground.terrain.cell_of(ground.deposits["lon"].to_numpy(), ground.deposits["lat"].to_numpy())
    return Geology(
        analytes=tuple(parameters.elements),
        rock=_rock(rng, parameters, district, streams.reach),
        rock_lead=growth(ROCK_AGE * age, mu, kappa),
        ore=_ore(rng, parameters, ground.deposits, district[cell]),
        ore_lead=_ore_lead(rng, parameters, ground.deposits, age[cell], mu[cell], kappa[cell]),
    )


def groups(parameters: Samples) -> Ints:
    """Number of each analyte's group, -1 for those that people add."""
    return np.array([GROUPS.index(one.group) if one.group in GROUPS else -1 for one in parameters.elements.values()])


def spread(group: Ints, by_group: Floats) -> Floats:
    """Offsets of groups [n, group] laid on analytes [n, analyte]; 0 for those in none."""
    return np.where(group >= 0, by_group[:, group], 0.0)


def scatter(rng: np.random.Generator, group: Ints, count: int, sd: float) -> Floats:
    """Offsets [n, analyte]: one of each group and one of each element, both of this standard deviation."""
    shared = spread(group, rng.normal(0.0, sd, (count, len(GROUPS))))
    return np.where(group >= 0, shared + rng.normal(0.0, sd, (count, len(group))), 0.0)


def _rock(rng: np.random.Generator, parameters: Samples, district: Floats, reach: Ints) -> Floats:
    group = groups(parameters)
    crust = np.log([one.crust_mg_kg for one in parameters.elements.values()])
    own = np.where(group >= 0, rng.normal(0.0, parameters.background_sd, (reach.max() + 2, len(crust))), 0.0)
    return np.asarray(crust + spread(group, ROCK_SHARE * district) + own[reach])


def _ore(rng: np.random.Generator, parameters: Samples, deposits: pl.DataFrame, district: Floats) -> Floats:
    names, group = list(parameters.elements), groups(parameters)
    crust = np.log([one.crust_mg_kg for one in parameters.elements.values()])
    kinds = list(zip(deposits["family"], deposits["host"], strict=True))
    known = {kind: _enrichment(parameters, names, *kind) for kind in dict.fromkeys(kinds)}
    enriched = np.array([known[kind] for kind in kinds])
    ore = crust + enriched + spread(group, district) + scatter(rng, group, len(deposits), parameters.deposit_sd)
    metal = np.array([names.index(parameters.metals[one]) if one in parameters.metals else -1 for one, _ in kinds])
    mined = np.flatnonzero(metal >= 0)
    ore[mined, metal[mined]] = np.log(deposits["grade"].to_numpy()[mined] * 1e6)
    return np.asarray(np.minimum(ore, np.log(FULL_MG_KG)))


def _enrichment(parameters: Samples, names: list[str], family: str, host: str) -> Floats:
    factors = parameters.enriched.get(f"{family}:{host}", parameters.enriched.get(host, {}))
    return np.asarray(np.log([factors.get(name, 1.0) for name in names]))


def _ore_lead(
    rng: np.random.Generator, parameters: Samples, deposits: pl.DataFrame, age: Floats, mu: Floats, kappa: Floats
) -> Floats:
    """Lead of ores: as old as the setting says, else nearly as old as the province."""
    count = len(deposits)
    youngest, oldest = (
        np.array([parameters.ages_ga.get(host, (0.0, 0.0))[end] for host in deposits["host"]]) for end in (0, 1)
    )
    share = rng.random(count)
    formed = np.where(oldest > 0, youngest + share * (oldest - youngest), age * (0.85 + 0.15 * share))
    own_mu, own_kappa = rng.normal(0.0, 0.5, (2, count))
    return growth(formed, mu * (1 + parameters.mu_sd * own_mu), kappa * (1 + parameters.kappa_sd * own_kappa))
