"""Where two declarations of a flow lie apart, for the channels that look for the rest of the goods elsewhere.

off = imports - exports, zero where they are within a third of the larger of each other: freight, rounding and the
turn of the year set every pair apart by so much. A side that reported and declares nothing declares none; where a side
did not report, off is null.
"""

import polars as pl

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.evidence import ORDINARY
from models.flows.panel import PAIR


def with_gaps(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Flows between two countries that both reported, by pair and year, with `off_usd`, `off_kg` and `is_clean`."""
    flows = flows.with_columns(is_clean=clean_pairs(flows, context)).sort(*PAIR, "period")
    heard = flows.filter(
        pl.col("exporter_reported").fill_null(False),
        pl.col("importer_reported").fill_null(False),
        pl.col("exporter") != pl.col("importer"),
    )
    return heard.with_columns(off_usd=_off("value_usd", beyond=True), off_kg=_off("mass_kg", beyond=False))


def _off(quantity: str, *, beyond: bool) -> pl.Expr:
    """Imports less exports; of a value without a mass the mass is unknown, not none."""
    sides = []
    for side in ("import", "export"):
        amount = pl.col(f"{side}_{quantity}")
        none = pl.col(f"{side}_value_usd").fill_null(0.0) == 0
        sides.append(pl.when(none).then(0.0).otherwise(amount))
    off = sides[0] - sides[1]
    if not beyond:
        return off
    return pl.when(off.abs() > ORDINARY * pl.max_horizontal(*sides)).then(off).otherwise(0.0 * off)


def over(column: str = "off_usd") -> pl.Expr:
    """Imports beyond exports."""
    return pl.col(column).clip(lower_bound=0.0)


def under(column: str = "off_usd") -> pl.Expr:
    """Exports beyond imports."""
    return (-pl.col(column)).clip(lower_bound=0.0)
