"""World prices: mean-reverting jump diffusions of metals, and what ores and intermediates fetch of them.

The log price x of a family's metal, sand or logs follows, month by month (dt = 1/12 year),

    x[t+1] = x[t] + k (m - x[t]) dt + s sqrt(dt) (sqrt(r) c[t] + sqrt(1 - r) e[t]) + jumps + spikes

with long-run level m, reversion k, volatility s, c one shock for all families and e the family's own. A product's
price is metal price x content x payable share x noise. A spike is an event of the world: it rises for three months
and decays; several may fall upon one family. Source: Schwartz (1997), Journal of Finance 52(3), model 1, with jumps.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.signal import lfilter

from models.world import tables
from models.world.config import WorldConfig
from models.world.land.sphere import Floats
from models.world.mining.calendar import month_count, month_starts, of_size

EVENT = {
    "kind": pl.String,
    "family": pl.String,
    "country": pl.String,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "description": pl.String,
}
"""Columns of the events of a world."""
RISE_MONTHS = 3
SPIKE_HALF_LIVES = 2
"""Half-lives after which a spike counts as over."""


@dataclass(frozen=True)
class Metals:
    """Prices of the basis of each family, USD per kg [family, month], with the spikes among them."""

    families: tuple[str, ...]
    usd_per_kg: Floats
    long_run: Floats
    spikes: pl.DataFrame


def metals(config: WorldConfig) -> Metals:
    """Monthly price paths of all families of a world."""
    chance, mining = config.chance("mining", "prices"), config.mining
    months, count = month_count(config), len(config.families)
    minerals = [mining.mineral(family) for family in config.families]
    level = np.array([one.price_usd_per_kg for one in minerals])
    volatility = np.array([one.price_volatility for one in minerals])[:, None]
    common = np.sqrt(mining.price_common_share) * chance.standard_normal(months)
    own = np.sqrt(1 - mining.price_common_share) * chance.standard_normal((count, months))
    jumps = chance.poisson(mining.price_jumps_per_year / 12, (count, months))
    jumped = np.sqrt(jumps) * mining.price_jump_sd * chance.standard_normal((count, months))
    steps = volatility * np.sqrt(1 / 12) * (common + own) + jumped
    steps[:, 0] = volatility[:, 0] / np.sqrt(2 * mining.reversion_per_year) * chance.standard_normal(count)
    logs = lfilter([1.0], [1.0, mining.reversion_per_year / 12 - 1.0], steps, axis=1)
    added, spikes = _spikes(config, chance)
    return Metals(config.families, level[:, None] * np.exp(logs + added), level, spikes)


def _spikes(config: WorldConfig, chance: np.random.Generator) -> tuple[Floats, pl.DataFrame]:
    """Log price added by spikes [family, month], and the events; each family has at most one, in the inner years."""
    mining, months = config.mining, month_count(config)
    wanted = min(of_size(config, mining.spikes), len(config.families))
    hit = np.sort(chance.choice(len(config.families), wanted, replace=False))
    starts = chance.integers(24, months - 30, wanted)
    lowest, highest = np.log(mining.spike_factor)
    peaks = chance.uniform(lowest, highest, wanted)
    age = np.arange(months)[None, :] - starts[:, None]
    decay = 0.5 ** ((age - RISE_MONTHS) / mining.spike_half_life_months)
    shape = np.where(age < 0, 0.0, np.where(age < RISE_MONTHS, (age + 1) / (RISE_MONTHS + 1), decay))
    added = np.zeros((len(config.families), months))
    added[hit] = peaks[:, None] * shape
    ends = starts + RISE_MONTHS + int(SPIKE_HALF_LIVES * mining.spike_half_life_months)
    events = [
        {
            "kind": "price_spike",
            "family": config.families[family],
            "first_year": config.first_year + start // 12,
            "last_year": config.first_year + end // 12,
            "description": f"The world price of {config.families[family]} rises by a factor of {np.exp(peak):.1f} "
            f"in {config.first_year + start // 12} and falls back within a year.",
        }
        for family, start, end, peak in zip(hit, starts, ends, peaks, strict=True)
    ]
    return added, pl.DataFrame(events, schema=EVENT)


def prices(config: WorldConfig, metal: Metals) -> pl.DataFrame:
    """Prices of all products of all families (schema Price)."""
    chance = config.chance("mining", "products")
    months = month_starts(config)
    frames = []
    for family, path in zip(metal.families, metal.usd_per_kg, strict=True):
        for commodity, content, payable in config.mining.mineral(family).products:
            noise = np.exp(config.mining.product_noise_sd * chance.standard_normal(months.len()))
            path_usd = path * content * payable * noise
            frames.append(pl.DataFrame({"commodity": commodity, "month": months, "usd_per_kg": path_usd}))
    return tables.Price.validate(pl.concat(frames).sort("commodity", "month"), cast=True)


def pressure(metal: Metals, months: int = 6) -> Floats:
    """Mean price of the `months` before each month over its long-run level [family, month]: what diggers act upon."""
    lagged = np.concatenate([np.repeat(metal.usd_per_kg[:, :1], months, axis=1), metal.usd_per_kg[:, :-1]], axis=1)
    sums = np.cumsum(lagged, axis=1)
    means = (sums[:, months - 1 :] - np.pad(sums, ((0, 0), (1, 0)))[:, : sums.shape[1] - months + 1]) / months
    return np.asarray(means / metal.long_run[:, None])
