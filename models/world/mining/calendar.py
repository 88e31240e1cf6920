"""Months of a world as whole numbers: 0 is January of its first year."""

import polars as pl

from models.world.config import SIZES, WorldConfig


def month_count(config: WorldConfig) -> int:
    """Number of months of a world."""
    return 12 * len(config.years)


def month_starts(config: WorldConfig) -> pl.Series:
    """First day of every month of a world."""
    first, last = pl.date(config.first_year, 1, 1), pl.date(config.last_year, 12, 1)
    return pl.select(pl.date_range(first, last, "1mo").alias("month")).to_series()


def month_number(column: str, config: WorldConfig) -> pl.Expr:
    """Number of the month in which a date lies; below 0 before the world begins."""
    day = pl.col(column)
    return (day.dt.year().cast(pl.Int64) - config.first_year) * 12 + day.dt.month().cast(pl.Int64) - 1


def first_of(column: str, config: WorldConfig) -> pl.Expr:
    """First day of a month given by its number: the inverse of `month_number`."""
    number = pl.col(column)
    return pl.date(config.first_year + number.floordiv(12), number.mod(12) + 1, 1)


def of_size(config: WorldConfig, counts: tuple[int, int, int]) -> int:
    """The count that is meant for the size of the world."""
    return counts[SIZES.index(config.size)]
