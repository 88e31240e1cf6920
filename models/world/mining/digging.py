"""What sites dig in a month: open ground, output, and where they dig.

    output    = new area x depth x density x grade x recovery x noise
    new area  = activity x capacity
    area[t]   = area[t-1] (1 - regrowth) + new area[t]

Capacities are scaled once for each family and kind of site, so that the mean yearly output of the world is what
`Mining.minerals` says for a world of this many countries.
"""

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from scipy.signal import lfilter

from models.world import tables
from models.world.config import WorldConfig
from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints
from models.world.mining.activity import kind_of
from models.world.mining.calendar import month_starts
from models.world.mining.tenure import NOWHERE, moved
from models.world.parameters.minerals import COUNTRIES
from models.world.tables import SITE_KINDS

M2_PER_HA = 10_000.0
OLDEST_MONTHS = 240
"""Ground older than this at the beginning of the world has grown over."""


def site_months(config: WorldConfig, plan: pl.DataFrame, activity: Floats, lines: NDArray[np.object_]) -> pl.DataFrame:
    """Monthly work of sites given in the order of their identifiers (schema SiteMonth)."""
    chance = config.chance("mining", "digging")
    works = np.where(activity >= config.mining.least_activity, activity, 0.0)
    noise = np.exp(config.mining.yield_sd * chance.standard_normal(works.shape))
    rate = _met(config, plan, works * plan["capacity"].to_numpy()[:, None])
    scale = _scale(config, plan, rate * noise)[:, None]
    contained = rate * noise * scale
    new_area = rate * scale / yields(config, plan)[:, None]
    area = _open_ground(config, plan, new_area)
    rows, months = np.nonzero(works)
    lon, lat = _centres(config, plan, rows, months, lines)
    frame = pl.DataFrame(
        {
            "site_id": plan["site_id"].gather(rows),
            "month": month_starts(config).gather(months),
            "lon": lon,
            "lat": lat,
            "area_ha": area[rows, months],
            "new_area_ha": new_area[rows, months],
            "contained_kg": contained[rows, months],
        }
    )
    return tables.SiteMonth.validate(frame, cast=True)


def yields(config: WorldConfig, plan: pl.DataFrame) -> Floats:
    """Contained kg that a hectare of opened ground gives at each site."""
    is_small = kind_of(plan) != 0
    minerals = [config.mining.mineral(family) for family in plan["family"]]
    depth = np.where(is_small, [one.small_depth_m for one in minerals], [one.legal_depth_m for one in minerals])
    rock = M2_PER_HA * depth * np.array([one.density_kg_m3 for one in minerals])
    recovery = np.array([one.recovery for one in minerals]) * np.where(is_small, config.mining.small_recovery, 1.0)
    return np.asarray(rock * plan["grade"].clip(0.0, 1.0).to_numpy() * recovery)


def _met(config: WorldConfig, plan: pl.DataFrame, rate: Floats) -> Floats:
    """Rates of mines after the market's response: each family's legal output of a year goes part of the way back to
    its mean, since demand changes less than mines do. Diggings and zones follow the price alone."""
    years = rate.reshape(len(rate), -1, 12).sum(axis=2)
    is_legal = kind_of(plan) == 0
    met = rate.copy()
    for family in config.families:
        on = is_legal & (plan["family"] == family).to_numpy()
        whole = years[on].sum(axis=0)
        if whole.any():
            gap = np.maximum(whole, 1e-9 * whole.max()) / whole.mean()
            factor = np.clip(gap**-config.mining.market_response, *config.mining.market_bounds)
            met[on] *= np.repeat(factor, 12)
    return met


def _scale(config: WorldConfig, plan: pl.DataFrame, raw: Floats) -> Floats:
    """Factor for each site that brings its family and kind to the world's output."""
    kind, size = kind_of(plan), config.countries / COUNTRIES
    families = np.array([config.families.index(one) for one in plan["family"]], dtype=np.int64)
    group = families * len(SITE_KINDS) + kind
    dug = np.bincount(group, weights=raw.sum(axis=1), minlength=len(config.families) * len(SITE_KINDS))
    wanted = []
    for one in (config.mining.mineral(family) for family in config.families):
        legal = 1 - one.artisanal_share - one.illegal_share
        wanted += [share * one.output_kg for share in (legal, one.artisanal_share, one.illegal_share)]
    whole = np.array(wanted) * size * len(config.years)
    return np.asarray((whole / np.where(dug > 0, dug, 1.0))[group])


def _open_ground(config: WorldConfig, plan: pl.DataFrame, new_area: Floats) -> Floats:
    """Open ground at the end of each month, with what sites older than the world had opened before."""
    grown = np.array([config.mining.mineral(family).regrowth_factor for family in plan["family"]])
    regrowth = np.array(config.mining.regrowth_per_month)[kind_of(plan)] * grown
    before = np.clip(-plan["opening"].to_numpy(), 0, OLDEST_MONTHS)
    first_year = new_area[:, :12].mean(axis=1)
    held = first_year * (1 - (1 - regrowth) ** before) / regrowth
    opened = new_area.copy()
    opened[:, 0] += held * (1 - regrowth)
    area = np.empty_like(opened)
    for rate in np.unique(regrowth):
        on = regrowth == rate
        area[on] = lfilter([1.0], [1.0, rate - 1.0], opened[on], axis=1)
    return area


def _centres(
    config: WorldConfig, plan: pl.DataFrame, rows: Ints, months: Ints, lines: NDArray[np.object_]
) -> tuple[Floats, Floats]:
    """Where each row's work lies: illegal zones go to and fro along their river or belt."""
    lon, lat = plan["lon"].to_numpy()[rows], plan["lat"].to_numpy()[rows]
    way = (plan["speed_km"].to_numpy()[rows]) * (months - plan["opening"].to_numpy()[rows])
    line = plan["line"].fill_null(NOWHERE).to_numpy()[rows]
    belt, river = (way > 0) & (line == NOWHERE), (way > 0) & (line != NOWHERE)
    lon, lat = lon.copy(), lat.copy()
    away = to_and_fro(way[belt], np.full(belt.sum(), config.mining.belt_km))
    lon[belt], lat[belt] = moved(lon[belt], lat[belt], away, plan["bearing"].to_numpy()[rows][belt])
    if river.any():
        along = lines[line[river]]
        length = shapely.length(along) * KM_PER_DEGREE
        spot = to_and_fro(plan["start_km"].to_numpy()[rows][river] + way[river], length)
        points = shapely.line_interpolate_point(along, spot / KM_PER_DEGREE)
        lon[river], lat[river] = shapely.get_x(points), shapely.get_y(points)
    return lon, lat


def to_and_fro(way: Floats, length: Floats) -> Floats:
    """Place on a line of this length after a way that turns back at both ends."""
    phase = np.mod(way, 2 * length)
    return np.asarray(np.minimum(phase, 2 * length - phase))
