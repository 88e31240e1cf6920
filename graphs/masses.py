"""Masses: which were declared, which were estimated, which were computed from the value.

Three signs, each checked against 230,141 UN Comtrade import rows of 2018-2024 that carry the estimation flag:

- *One unit value for all partners* of a reporter, flow, commodity and period: the amounts were made from the values
  (11,330 of 11,707 rows so found were flagged as estimated; 20 of 12,105 groups without estimates look alike).
- *Thousandths of a kilogram among whole kilograms*: the UN estimates to three decimals what an office that writes whole
  kilograms left out. 99.5 % of the masses so found are estimated; 37 % of the estimates are so found. Used only
  where the source does not say.
- The source's own flag.

An estimated mass stays, flagged. A quantity in a unit of mass stands in for a missing mass, unless it was made
from the value.
"""

import polars as pl

from graphs.flags import Flag, raised
from graphs.units import kg_per

GROUP = ["source", "reporter", "flow", "commodity", "period"]
OFFICE = ["source", "reporter", "flow", "period"]
# Relative half-width and rounding unit within which amounts count as one unit value, for this many partners.
UNIT_VALUE_TOLERANCE, ROUNDING, SHARED_BY = 0.0025, 0.5, 4
# An amount below this may share a unit value by rounding alone.
EVIDENT = 100.0
# An office writes whole kilograms if so many and such a share of its masses are whole.
WHOLE_ROWS, WHOLE_SHARE = 4, 0.7


def weigh(declarations: pl.DataFrame) -> pl.DataFrame:
    """Fill missing masses from quantities, and set MASS_FROM_VALUE, MASS_ESTIMATED and NO_MASS.

    Needs `is_counted` and all rows of a reporter, flow and period together. Doing it twice changes nothing.
    """
    weighed = pl.when(pl.col("quantity") > 0).then(pl.col("quantity") * kg_per("quantity_unit"))
    frame = _estimates(declarations.with_columns(weighed.alias("weighed_kg")))
    amount, missing = pl.coalesce("mass_kg", "weighed_kg"), pl.col("mass_kg").is_null()
    shared = one_unit_value(frame, amount).with_columns(pl.lit(True).alias("all_shared"))
    partly = one_unit_value(frame.filter(missing), pl.col("weighed_kg")).with_columns(pl.lit(True).alias("rest_shared"))
    for found in (shared, partly):
        frame = frame.join(found, on=GROUP, how="left", maintain_order="left")
    made = pl.col("all_shared").fill_null(False) | (missing & pl.col("rest_shared").fill_null(False))
    made = made & amount.is_not_null() & (pl.col("value_usd") > 0)
    frame = frame.with_columns(
        (pl.col("flags") | raised({Flag.MASS_FROM_VALUE: made})).alias("flags"),
        pl.when(made & missing.not_()).then(True).otherwise(pl.col("is_mass_estimated")).alias("is_mass_estimated"),
        pl.when(made).then(pl.col("mass_kg")).otherwise(amount).alias("mass_kg"),
    )
    return _flagged(frame).drop("weighed_kg", "all_shared", "rest_shared")


def one_unit_value(declarations: pl.DataFrame, amount: pl.Expr) -> pl.DataFrame:
    """Keys (GROUP) in which one unit value fits every counted partner within rounding, four of them clearly."""
    pairs = declarations.filter(pl.col("is_counted") & (pl.col("value_usd") > 0) & (amount > 0))
    low = (amount - ROUNDING) * (1 - UNIT_VALUE_TOLERANCE) / pl.col("value_usd")
    high = (amount + ROUNDING) * (1 + UNIT_VALUE_TOLERANCE) / pl.col("value_usd")
    fits = pairs.group_by(GROUP).agg(
        low.max().alias("low"),
        high.min().alias("high"),
        pl.col("partner").filter(amount >= EVIDENT).n_unique().alias("partners"),
    )
    return fits.filter((pl.col("partners") >= SHARED_BY) & (pl.col("low") <= pl.col("high"))).select(GROUP)


def _estimates(frame: pl.DataFrame) -> pl.DataFrame:
    """`is_mass_estimated` true where the source is silent and thousandths stand among whole kilograms."""
    mass = pl.col("mass_kg")
    silent = frame.filter(pl.col("is_mass_estimated").is_null() & (mass > 0))
    fine = (mass * 100 - (mass * 100).round(0)).abs() > 1e-3
    if not silent.select(fine.any()).item():
        return frame
    own = pl.col("is_counted") & (mass > 0)
    offices = (
        frame.filter(own).group_by(OFFICE).agg((mass == mass.round(0)).sum().alias("whole"), pl.len().alias("masses"))
    )
    whole = offices.filter((pl.col("whole") >= WHOLE_ROWS) & (pl.col("whole") >= WHOLE_SHARE * pl.col("masses")))
    marked = frame.join(
        whole.select(*OFFICE, pl.lit(True).alias("is_whole")), on=OFFICE, how="left", maintain_order="left"
    )
    found = pl.col("is_mass_estimated").is_null() & pl.col("is_whole") & fine
    estimated = pl.when(found).then(True).otherwise(pl.col("is_mass_estimated"))
    return marked.with_columns(estimated.alias("is_mass_estimated")).drop("is_whole")


def _flagged(frame: pl.DataFrame) -> pl.DataFrame:
    weighed = pl.col("mass_kg").is_not_null()
    others = pl.lit(0xFFFFFFFF ^ int(Flag.NO_MASS | Flag.MASS_ESTIMATED), dtype=pl.UInt32)
    fixed = pl.col("flags") & others
    tests = {Flag.NO_MASS: weighed.not_(), Flag.MASS_ESTIMATED: weighed & pl.col("is_mass_estimated")}
    estimated = pl.when(weighed).then(pl.col("is_mass_estimated"))
    return frame.with_columns((fixed | raised(tests)).alias("flags"), estimated.alias("is_mass_estimated"))
