"""Monthly declarations: an office's year, divided as its forms came in."""

import polars as pl

from models.world.config import WorldConfig
from models.world.customs.forms import ROW, Forms
from models.world.customs.freight import MONTHS
from models.world.customs.sums import added

HEADING = 100
"""A six-digit code over this is its heading: editions seldom move goods out of one."""
_MONTH = [f"{month}" for month in range(1, MONTHS + 1)]
_CELL = ["is_export", "reporter", "heading", "year"]
DIVIDED = ("value_usd", "reexport_usd", "freight_usd", "mass_kg")


def with_months(config: WorldConfig, offices: pl.DataFrame, forms: Forms, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as they are (`month` 0) and, of offices that publish months, the last years' by month.

    Shares are those of the partner in that heading, else of all partners in it, else even.
    """
    months = offices.filter(pl.col("is_monthly") & pl.col("is_fiscal").not_())["reporter"]
    recent = pl.col("year") > config.last_year - config.customs.monthly_years
    mine = pl.col("reporter").is_in(months.implode()) & recent
    annual = rows.with_columns(month=pl.lit(0, pl.Int32))
    divided = rows.filter(mine)
    if divided.is_empty():
        return annual
    divided = _shares(forms, forms.rows.filter(mine), divided.with_columns(heading=pl.col("commodity") // HEADING))
    parts = [
        divided.with_columns(*(pl.col(name) * pl.col(month) for name in DIVIDED), month=pl.lit(int(month), pl.Int32))
        .filter(pl.col(month) > 0)
        .select(annual.columns)
        for month in _MONTH
    ]
    return pl.concat([annual, *parts])


def _shares(forms: Forms, booked: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with twelve columns of shares."""
    values = pl.DataFrame(forms.months(booked), schema=_MONTH)
    frame = booked.select(*ROW, heading=pl.col("commodity") // HEADING).with_columns(values)
    frame = frame.filter(pl.sum_horizontal(_MONTH) > 0)
    for number, keys in enumerate(([*_CELL, "partner"], _CELL)):
        sums = added(frame, keys, _MONTH)
        whole = pl.sum_horizontal(_MONTH)
        named = sums.select(*keys, *((pl.col(month) / whole).alias(f"{month}:{number}") for month in _MONTH))
        rows = rows.join(named, on=keys, how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce(f"{month}:0", f"{month}:1", 1 / MONTHS).alias(month) for month in _MONTH)
