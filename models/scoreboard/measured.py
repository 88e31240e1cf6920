"""What is measured on one case, in a form that sums over cases: every figure is an amount out of a whole.

A figure over several cases is the sum of amounts over the sum of wholes: the mean of a rate that each case has one of
(whole 1), the share of all flows of all cases (whole: the flows), or the ratio of two means. Its interval draws cases
with replacement (worlds, or plantings of one cube), DRAWS times, from the 5th to the 95th percentile: its upper end is
the upper 95 % bound.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from models.scoreboard.names import ALL

SCHEMA: dict[str, pl.DataType] = {
    "part": pl.String(),
    "case": pl.String(),
    "detector": pl.String(),
    "measure": pl.String(),
    "band": pl.String(),
    "amount": pl.Float64(),
    "whole": pl.Float64(),
}
FIGURES: dict[str, pl.DataType] = {
    "part": pl.String(),
    "detector": pl.String(),
    "measure": pl.String(),
    "band": pl.String(),
    "value": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "cases": pl.Int64(),
}
KEY = ("part", "detector", "measure", "band")
DRAWS = 2000
BOUNDS = (5.0, 95.0)
SEED = 95


class Amount(NamedTuple):
    """One figure of one case; NaN amounts and wholes of zero say nothing and are left out."""

    detector: str
    measure: str
    band: str
    amount: float
    whole: float = 1.0


def frame(part: str, case: str, amounts: Iterable[Amount]) -> pl.DataFrame:
    """The case's amounts as a table."""
    return pl.DataFrame([(part, case, *one) for one in amounts], schema=SCHEMA, orient="row")


def figures(measured: pl.DataFrame) -> pl.DataFrame:
    """Figures over cases with their intervals, in the order in which they were first measured."""
    known = measured.filter(pl.col("amount").is_finite(), pl.col("whole") > 0)
    return pl.DataFrame(list(_summed(known)), schema=FIGURES, orient="row")


def _summed(known: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    for key, rows in known.sort(*KEY, "case").group_by(*KEY, maintain_order=True):
        amount, whole = rows["amount"].to_numpy(), rows["whole"].to_numpy()
        yield (*key, amount.sum() / whole.sum(), *_interval(amount, whole), rows.height)


def _interval(amount: np.ndarray, whole: np.ndarray) -> tuple[float | None, float | None]:
    """Percentiles over cases drawn with replacement; null for fewer than three."""
    if amount.size < 3:
        return None, None
    drawn = np.random.default_rng(SEED).integers(0, amount.size, (DRAWS, amount.size))
    low, high = np.percentile(amount[drawn].sum(axis=1) / whole[drawn].sum(axis=1), BOUNDS)
    return float(low), float(high)


def compared(measured: pl.DataFrame, one: str, other: str, measure: str, band: str = ALL) -> pl.DataFrame:
    """Rows whose figures are the ratio and the difference of two detectors' means of a measure, case by case."""
    mine = measured.filter(pl.col("measure") == measure, pl.col("band") == band)
    sides = [mine.filter(pl.col("detector") == name).select("part", "case", "amount") for name in (one, other)]
    both = sides[0].join(sides[1], on=["part", "case"], suffix="_other", maintain_order="left")
    named = both.with_columns(detector=pl.lit(one), band=pl.lit(band))
    ratio = named.with_columns(measure=pl.lit(f"{measure} over {other}"), whole=pl.col("amount_other"))
    less = named.with_columns(
        measure=pl.lit(f"{measure} less {other}"), amount=pl.col("amount") - pl.col("amount_other"), whole=pl.lit(1.0)
    )
    return pl.concat([one.select(list(SCHEMA)) for one in (ratio, less)])
