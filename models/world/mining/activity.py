"""How hard each site works in each month, as a share of its capacity.

    activity = open x ramp x growth x price ** elasticity x season x noise x idle after raids

with ramp a logistic curve of age, price the mean of the past half year over its long-run level, season highest when
it is dry, and noise an autoregressive process in logs. Strikes and bans are multiplied in by the caller.
"""

import numpy as np
import polars as pl
from scipy.signal import lfilter

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints
from models.world.mining.calendar import month_count
from models.world.tables import SITE_KINDS

DRY_MONTH_NORTH, DRY_MONTH_SOUTH = 0, 6
"""Middle of the dry season of the tropics, and of the warm season elsewhere the other way round."""
TROPICS = 30.0
PRICE_BOUNDS = (0.4, 2.5)


def kind_of(plan: pl.DataFrame) -> Ints:
    """Kind of each site as its place in SITE_KINDS."""
    return np.array([SITE_KINDS.index(kind) for kind in plan["kind"]], dtype=np.int64)


def activity(config: WorldConfig, plan: pl.DataFrame, pressure: Floats) -> Floats:
    """Activity of each site [site, month]; 0 before its opening and after its closing."""
    chance, mining, months = config.chance("mining", "activity"), config.mining, month_count(config)
    kind = kind_of(plan)
    family = np.array([config.families.index(one) for one in plan["family"]], dtype=np.int64)
    elasticity = np.array(mining.elasticity)[kind][:, None]
    growth = np.where(kind == 0, mining.legal_growth, 0.0)[:, None] * (np.arange(months) - months / 2) / 12
    price = np.clip(pressure[family], *PRICE_BOUNDS) ** elasticity
    noise = _noise(config, kind, months, chance)
    share = _ramp(plan, months) * np.exp(growth + noise) * price * _season(config, plan, kind, months)
    return np.asarray(share * _idle(config, kind, months, chance))


def _ramp(plan: pl.DataFrame, months: int) -> Floats:
    """Logistic growth from the opening, 0 where the site is not open."""
    age = np.arange(months)[None, :] - plan["opening"].to_numpy()[:, None]
    half = plan["ramp_months"].to_numpy()[:, None]
    closing = plan["closing"].fill_null(months).to_numpy()[:, None]
    is_open = (age >= 0) & (np.arange(months)[None, :] <= closing)
    return np.asarray(is_open / (1 + np.exp(-3 * (np.clip(age, 0, 200) - half) / half)))


def _noise(config: WorldConfig, kind: Ints, months: int, chance: np.random.Generator) -> Floats:
    """Autoregressive noise with the standard deviation of the site's kind, logs."""
    memory = config.mining.activity_memory
    steps = chance.standard_normal((kind.size, months))
    steps[:, 1:] *= np.sqrt(1 - memory**2)
    standard = lfilter([1.0], [1.0, -memory], steps, axis=1)
    return np.asarray(standard * np.array(config.mining.activity_sd)[kind][:, None])


def _season(config: WorldConfig, plan: pl.DataFrame, kind: Ints, months: int) -> Floats:
    """Yearly swing around 1 by kind and latitude."""
    lat = plan["lat"].to_numpy()
    is_north = (lat >= 0) == (np.abs(lat) < TROPICS)
    dry = np.where(is_north, DRY_MONTH_NORTH, DRY_MONTH_SOUTH)[:, None]
    amplitude = np.array(config.mining.season_amplitude)[kind][:, None]
    return np.asarray(1 + amplitude * np.cos(2 * np.pi * (np.arange(months)[None, :] - dry) / 12))


def _idle(config: WorldConfig, kind: Ints, months: int, chance: np.random.Generator) -> Floats:
    """Factor of the months after a raid that a zone survives."""
    mining = config.mining
    rate = mining.raids_per_year / 12 * (1 - mining.raid_closes)
    raids = (chance.random((kind.size, months)) < rate) & (kind == SITE_KINDS.index("illegal"))[:, None]
    recent = lfilter(np.ones(mining.raid_months), [1.0], raids.astype(float), axis=1) > 0
    return np.where(recent, mining.raid_factor, 1.0)
