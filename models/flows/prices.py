"""World unit values, and the mass that a price implies.

Declared masses are the weaker half of trade data: grams booked as kilograms, dore booked as gold, offices that
fill a mass in from the value. The world unit value of a commodity and year is the value-weighted median over its
larger flows; for gold this is within 2 % of the market price. Value over world unit value is the mass that the
price implies (for gold, fine mass).
"""

import polars as pl

MARKET = ("source", "commodity", "period")
BLUNDERS = {
    "x1000": 1e3,
    "x1000000": 1e6,
    "/1000": 1e-3,
    "troy ounces": 1000 / 31.1034768,
    "grams per ounce": 31.1034768,
}
"""Unit blunders by name, with the factor that they multiply a mass by."""
OUT_OF_RANGE = 10.0
"""Declared over implied mass beyond which a blunder is looked for (and below its inverse)."""
CLOSE = 2.0
"""A blunder explains a mass that comes within this factor of the implied one."""


def world_unit_values(flows: pl.DataFrame) -> pl.DataFrame:
    """USD per kg by source, commodity and period: value-weighted median of the flows that make half of all trade.

    Returns MARKET columns, `usd_per_kg`, and `priced_flows`, the flows behind it. Trade without mass gives no row.
    """
    priced = flows.filter(
        pl.col("reconciled_value_usd") > 0,
        pl.col("reconciled_mass_kg") > 0,
        ~pl.col("is_export_mass_estimated").fill_null(False),
        ~pl.col("is_import_mass_estimated").fill_null(False),
    ).with_columns(unit=pl.col("reconciled_value_usd") / pl.col("reconciled_mass_kg"))
    large = priced.sort("reconciled_value_usd", "flow_id", descending=[True, False]).filter(
        pl.col("reconciled_value_usd").cum_sum().over(MARKET) - pl.col("reconciled_value_usd")
        <= pl.col("reconciled_value_usd").sum().over(MARKET) / 2
    )
    ordered = large.sort("unit", "flow_id")
    reached = pl.col("reconciled_value_usd").cum_sum() >= pl.col("reconciled_value_usd").sum() / 2
    return ordered.group_by(MARKET).agg(usd_per_kg=pl.col("unit").filter(reached).first(), priced_flows=pl.len())


def implied_mass(value: str = "reconciled_value_usd") -> pl.Expr:
    """Mass in kg that the world unit value implies; needs the column usd_per_kg."""
    return pl.col(value) / pl.col("usd_per_kg")


def blunder(mass: pl.Expr, implied: pl.Expr) -> pl.Expr:
    """Factor by which a unit blunder multiplied a mass, or 1 where none is apparent."""
    ratio = mass / implied
    out = pl.lit(1.0)
    for factor in BLUNDERS.values():
        close = (ratio / factor).is_between(1 / CLOSE, CLOSE)
        out = pl.when(close & ~ratio.is_between(1 / OUT_OF_RANGE, OUT_OF_RANGE)).then(factor).otherwise(out)
    return out
