"""What the way to the importer costs and how long it takes.

    CIF / FOB = 1 + min(most, freight x mode x (km / 5000)^a x (USD per kg)^b x exp(spread z)),    z standard normal

z belongs to the exporter, importer and commodity. Goods take `km / speed + days at the border` of their mode; those
that arrive after the turn of the year are the next year's imports.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.world.config import WorldConfig
from models.world.customs.draws import Draws, Vector

EARTH_KM = 6371.0
REFERENCE_KM, NEAREST_KM = 5000.0, 50.0
DAYS_PER_MONTH = 365.25 / 12
MONTHS = 12
LONGEST_MONTHS = 4
"""Transit beyond this counts as this long."""
Months = NDArray[np.float64]


def distances_km(offices: pl.DataFrame) -> NDArray[np.float64]:
    """Great circle between the seats of all pairs, in the order of `offices`."""
    lon, lat = (np.radians(offices[name].to_numpy()) for name in ("lon", "lat"))
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    km: Vector = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def cif_over_fob(config: WorldConfig, goods: pl.DataFrame) -> Vector:
    """Factor of each goods; needs the numbers of exporter, importer and commodity, and `km`."""
    customs = config.customs
    unit_value = (goods["value_usd"] / goods["mass_kg"]).to_numpy()
    unit_value = np.where(np.isfinite(unit_value) & (unit_value > 0), unit_value, 1.0)
    far = np.maximum(goods["km"].to_numpy(), NEAREST_KM) / REFERENCE_KM
    mode = _by_mode(goods, customs.freight_by_mode)
    z = Draws.of(config, "freight").normal(*(goods[name].to_numpy() for name in ("exporter", "importer", "commodity")))
    share = customs.freight * mode * far**customs.freight_distance * unit_value**customs.freight_unit_value
    factor: Vector = 1.0 + np.minimum(share * np.exp(customs.freight_spread * z), customs.freight_most)
    return factor


def months_under_way(config: WorldConfig, goods: pl.DataFrame) -> Vector:
    """Time from departure to clearance of each goods."""
    days = goods["km"].to_numpy() / _by_mode(goods, config.customs.km_per_day)
    days += _by_mode(goods, config.customs.days_at_border)
    return np.minimum(days / DAYS_PER_MONTH, LONGEST_MONTHS)


def arrivals(departures: Months, delay: Vector) -> Months:
    """Shares by month of arrival `[goods, 17]` from shares by month of departure `[goods, 12]`.

    Goods leave evenly over a month: after 1.3 months three tenths of them arrive two months later, the rest one.
    """
    arriving = np.zeros((len(departures), MONTHS + LONGEST_MONTHS + 1))
    whole = np.floor(delay).astype(int)
    part = (delay - whole)[:, None]
    for months in range(LONGEST_MONTHS + 1):
        rows = whole == months
        arriving[rows, months : months + MONTHS] += departures[rows] * (1 - part[rows])
        if months < LONGEST_MONTHS:
            arriving[rows, months + 1 : months + 1 + MONTHS] += departures[rows] * part[rows]
    return arriving


def by_year(months: Months, is_fiscal: NDArray[np.bool_]) -> Months:
    """Shares `[goods, 2]` that count in the year of departure and in the next, for offices whose year ends in June
    or in December."""
    halves = [months[:, at : at + MONTHS // 2].sum(axis=1) for at in (0, MONTHS // 2)]
    rest = months[:, MONTHS:].sum(axis=1)
    now = np.where(is_fiscal, halves[0], halves[0] + halves[1])
    return np.stack([now, np.where(is_fiscal, halves[1] + rest, rest)], axis=1)


def _by_mode(goods: pl.DataFrame, values: Mapping[str, float]) -> Vector:
    found: Vector = goods["mode"].cast(pl.String).replace_strict(values, return_dtype=pl.Float64).to_numpy()
    return found
