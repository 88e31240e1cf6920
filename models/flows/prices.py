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
IMPOSSIBLE_PRICE = 300.0
"""Times the world's price, or parts of it, beyond any grade: nickel ore alone runs from 0.03 to 2.5 USD per kg, and
thousands written for units are 1,000 times off."""
LEADING_FLOWS = 20
"""Largest flows whose middle price tells which prices are impossible, before any of them has weight."""
CLOSE = 2.0
"""A blunder explains a mass that comes within this factor of the implied one."""


def world_unit_values(flows: pl.DataFrame) -> pl.DataFrame:
    """USD per kg by source, commodity and period: value-weighted median of the flows that make half of all trade.

    A flow with an impossible price, or with two declared prices ten times apart, has no say: a value a thousand times
    too large would outweigh all others.
    Returns MARKET columns, `usd_per_kg`, and `priced_flows`, the flows behind it. Trade without mass gives no row.
    """
    prices = [pl.col(f"{side}_value_usd") / pl.col(f"{side}_mass_kg") for side in ("import", "export")]
    apart = prices[0] / prices[1]
    priced = flows.filter(
        apart.is_between(1 / OUT_OF_RANGE, OUT_OF_RANGE) | ~apart.is_finite().fill_null(False),
        pl.col("reconciled_value_usd") > 0,
        pl.col("reconciled_mass_kg") > 0,
        ~pl.col("is_export_mass_estimated").fill_null(False),
        ~pl.col("is_import_mass_estimated").fill_null(False),
    ).with_columns(unit=pl.col("reconciled_value_usd") / pl.col("reconciled_mass_kg"))
    ranked = priced.sort("reconciled_value_usd", "flow_id", descending=[True, False])
    leading = pl.col("unit").head(LEADING_FLOWS).median().over(MARKET)
    possible = ranked.filter((pl.col("unit") / leading).is_between(1 / IMPOSSIBLE_PRICE, IMPOSSIBLE_PRICE))
    large = possible.filter(
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
