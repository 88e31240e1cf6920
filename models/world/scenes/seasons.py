"""Seasons of a place: rain, greenness, level of rivers."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from models.world.scenes.fields import Floats

SHARPNESS = 1.6
"""How much the wet months stand out from the others."""
LEAST_FLOOD = 0.85
"""Amplitude of the level of rivers even where rain hardly changes: they carry the seasons of places upstream."""
YEAR_SD = 0.18
"""How much the height of floods differs between years."""


@dataclass(frozen=True)
class Seasons:
    """What a place's months are like, each of shape [month]."""

    wetness: Floats
    """Rain, 0 in the driest to 1 in the wettest month of an ordinary year."""
    greenness: Floats
    """What grass and crops make of it, a month later."""
    level: Floats
    """Height of rivers, 0 at low water to about 1 at an ordinary flood; years differ."""
    dry: Floats
    """Months of fire and clearing, 0 to 1."""


def seasons(rng: np.random.Generator, lat: float, months: tuple[date, ...]) -> Seasons:
    """Rain peaks when the sun stands high: July in the north, January in the south; weakly near the equator."""
    peak = (7.0 if lat >= 0 else 1.0) + rng.normal(0.0, 0.7)
    amplitude = float(np.clip(abs(lat) / 10, 0.45, 1.0))
    month = np.array([one.month for one in months], dtype=np.float64)
    rain = _wave(month, peak, amplitude)
    years = np.array([one.year for one in months])
    unlike = dict(zip(np.unique(years).tolist(), rng.normal(0.0, YEAR_SD, len(np.unique(years))), strict=True))
    level = _wave(month, peak + 1.0, max(amplitude, LEAST_FLOOD)) * (
        1 + np.array([unlike[int(year)] for year in years])
    )
    dry = np.clip(_wave(month, peak + 6.0, 1.0) * 1.5 - 0.5, 0.0, 1.0)
    return Seasons(rain, _wave(month, peak + 1.0, amplitude), np.clip(level, 0.0, None), dry)


def _wave(month: Floats, peak: float, amplitude: float) -> Floats:
    wave = ((1 + np.cos(2 * np.pi * (month - peak) / 12)) / 2) ** SHARPNESS
    values: Floats = 0.5 + amplitude * (wave - 0.5)
    return values
