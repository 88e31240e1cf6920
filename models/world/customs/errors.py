"""Errors of amounts: what an office's value and mass are off by.

    log declared = log true + office + commodity of the office + line + year

The last two are heavy-tailed and the wider the smaller the row; mass has an error of its own beside that of value, and
exporters' values fall short a little. Rare blunders of unit come on top.
"""

import numpy as np
import polars as pl

from graphs.units import POUND_KG
from models.world.config import WorldConfig
from models.world.customs.draws import Draws, Vector
from models.world.customs.lines import by_size, families, keys, lasting
from models.world.parameters.customs import OTHERS

MASS_BLUNDERS = (1e3, 1e-3, 1 / POUND_KG, POUND_KG)
"""Grams or tonnes for kilograms, pounds for kilograms or the other way round."""
LARGEST_ERROR = 9.0
"""Log error that none exceeds."""


def with_errors(config: WorldConfig, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the errors of value and mass."""
    customs = config.customs
    spread, lasts = by_size(customs.value_spread, rows), by_size(customs.value_lasts, rows)
    tails = customs.value_tail, customs.year_tail
    line = lasting(Draws.of(config, "value"), rows, lasts, *tails)
    value = np.clip(_habits(config, rows) + spread * line, -LARGEST_ERROR, LARGEST_ERROR)
    weight = lasting(Draws.of(config, "mass"), rows, lasts, *tails)
    mass = np.clip(value + by_size(customs.mass_spread, rows) * weight, -LARGEST_ERROR, LARGEST_ERROR)
    value_factor, mass_factor = np.exp(value - _shortfall(config, rows)), np.exp(mass)
    blunder = Draws.of(config, "blunder")
    thousand = np.where(blunder.uniform(*keys(rows), nth=1) < 0.5, 1e3, 1e-3)
    value_factor *= np.where(blunder.uniform(*keys(rows)) < customs.value_blunders, thousand, 1.0)
    kind = (blunder.uniform(*keys(rows), nth=3) * len(MASS_BLUNDERS)).astype(int)
    is_hit = blunder.uniform(*keys(rows), nth=2) < customs.blunders
    mass_factor *= np.where(is_hit, np.array(MASS_BLUNDERS)[kind], 1.0)
    values = (pl.col(name) * pl.Series(value_factor) for name in ("value_usd", "reexport_usd", "freight_usd"))
    return rows.with_columns(*values, pl.col("mass_kg") * pl.Series(mass_factor))


def _habits(config: WorldConfig, rows: pl.DataFrame) -> Vector:
    """Errors that an office makes in everything of one direction, and in one commodity."""
    customs = config.customs
    office = Draws.of(config, "office bias").normal(*keys(rows, ("is_export", "reporter")))
    commodity = Draws.of(config, "commodity bias").normal(*keys(rows, ("is_export", "reporter", "commodity")))
    habits: Vector = customs.office_bias * office + customs.commodity_bias * commodity
    return habits


def _shortfall(config: WorldConfig, rows: pl.DataFrame) -> Vector:
    """Log shortfall of exporters' values; 0 for importers."""
    short = config.customs.short_exports
    log = families(rows).replace_strict(short, default=short[OTHERS], return_dtype=pl.Float64).to_numpy()
    shortfall: Vector = log * rows["is_export"].to_numpy()
    return shortfall
