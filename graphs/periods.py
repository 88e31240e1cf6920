"""Periods as whole numbers, the way customs write them: 2020 is a year, 202003 a month.

`known_from` says from which day a row could have been known: its publication date where the source
states one, else the end of the period plus the lag that the source states.
"""

from calendar import monthrange
from datetime import date

import polars as pl

from graphs.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2199


def is_annual(period: int) -> bool:
    """True for a year, False for a month; raises InputError for anything else."""
    if FIRST_YEAR <= period <= LAST_YEAR:
        return True
    year, month = divmod(period, 100)
    if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
        return False
    raise InputError(f"period {period} is neither a year (2020) nor a month (202003)")


def period_end(period: int) -> date:
    """Last day of a year or month."""
    if is_annual(period):
        return date(period, 12, 31)
    year, month = divmod(period, 100)
    return date(year, month, monthrange(year, month)[1])


def year_of(column: str = "period") -> pl.Expr:
    """Calendar year of a period column."""
    period = pl.col(column)
    return pl.when(period > LAST_YEAR).then(period // 100).otherwise(period).cast(pl.Int32)


def known_from(lag_days: int, column: str = "period") -> pl.Expr:
    """Period end plus a source's stated lag, for rows that carry no publication date."""
    period = pl.col(column)
    monthly = period > LAST_YEAR
    year = pl.when(monthly).then(period // 100).otherwise(period)
    month = pl.when(monthly).then(period % 100).otherwise(12)
    return pl.date(year, month, 1).dt.month_end().dt.offset_by(f"{lag_days}d")


def known_by(as_of: date | None) -> pl.Expr:
    """Filter: rows that could be known on `as_of` (all of them when it is None)."""
    return pl.lit(True) if as_of is None else pl.col("known_from") <= as_of
