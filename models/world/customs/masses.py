"""Masses as published: declared, made from the value, absent or 0; and values with or without freight."""

import polars as pl

from models.world.config import WorldConfig
from models.world.customs.draws import Draws
from models.world.customs.lines import keys
from models.world.customs.secrecy import CELL, NOT_SPECIFIED, touched

DECIMALS = 3
"""Of values that an office does not round, and of every estimated mass."""


def with_masses(
    config: WorldConfig, offices: pl.DataFrame, artefacts: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Rows with `is_estimated`; an estimated mass is the value over one unit value for all partners of that year.

    The unit value is the middling one of the commodity and direction among all offices, as the UN's standard unit
    values are. Offices of the artefact `estimated_mass` weigh nothing themselves. Goods that are not specified have no
    mass.
    """
    customs, draws = config.customs, Draws.of(config, "masses")
    cell = draws.uniform(*keys(rows, (*CELL, "year"))) < customs.estimating_cells
    estimated = cell | (draws.uniform(*keys(rows), nth=1) < customs.estimated_rows)
    estimated |= touched(offices, artefacts, "estimated_mass", rows)
    weighed = pl.col("mass_kg") > 0
    usual = (pl.col("value_usd") / pl.col("mass_kg")).filter(weighed).median().over("is_export", "commodity", "year")
    known = usual.is_not_null() & (pl.col("commodity") != NOT_SPECIFIED)
    rows = rows.with_columns(is_estimated=pl.Series(estimated) & known)
    mass = pl.when("is_estimated").then(pl.col("value_usd") / usual).otherwise("mass_kg")
    gone = draws.uniform(*keys(rows), nth=2)
    is_gone = pl.Series(gone < customs.no_mass) & pl.col("is_estimated").not_()
    is_gone |= pl.col("commodity") == NOT_SPECIFIED
    is_zero = pl.Series(gone >= 1 - customs.zero_mass) & pl.col("is_estimated").not_()
    return rows.with_columns(mass_kg=pl.when(is_zero).then(0.0).when(is_gone.not_()).then(mass))


def with_valuation(offices: pl.DataFrame, artefacts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `is_fob`: exports, and imports of offices that leave out freight, always or by `fob_importer`."""
    fob = offices.filter("values_fob")["reporter"]
    by_artefact = pl.Series(touched(offices, artefacts, "fob_importer", rows), dtype=pl.Boolean)
    is_fob = pl.col("is_export") | pl.col("reporter").is_in(fob.implode()) | by_artefact
    bare = pl.when(pl.col("is_export").not_() & is_fob).then("freight_usd").otherwise(0.0)
    return rows.with_columns(pl.col("value_usd") - bare, pl.col("freight_usd") - bare, is_fob=is_fob)


def rounded(offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows above the office's threshold, with amounts rounded its way."""
    habits = offices.select("reporter", "whole_usd", "whole_kg", "threshold_usd")
    frame = rows.join(habits, on="reporter", how="left", maintain_order="left")
    usd = [
        pl.when("whole_usd").then(pl.col(name).round(0)).otherwise(pl.col(name).round(DECIMALS))
        for name in ("value_usd", "reexport_usd", "freight_usd")
    ]
    kg = pl.col("mass_kg")
    is_whole = pl.col("whole_kg") & pl.col("is_estimated").not_()
    frame = frame.with_columns(*usd, pl.when(is_whole).then(kg.round(0)).otherwise(kg.round(DECIMALS)))
    kept = frame.filter((pl.col("value_usd") > 0) & (pl.col("value_usd") >= pl.col("threshold_usd")))
    return kept.drop("whole_usd", "whole_kg", "threshold_usd")
