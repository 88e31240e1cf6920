"""How far a flow is from what its pair makes usual: the numbers that several themes compare.

    usual  = (n * median(last 5 log(M / X)) + 2 * c) / (n + 2),  c the source's median of the same year
    change = log(M / X) - usual
    off    = M - X * exp(usual)             USD; a side that reported and declares none counts as zero
    rise   = V - median(last 5 V)           USD; of the reconciled value, at least two years

Only the same and earlier years are read. An off or rise within a third of the larger amount is the noise of every
pair and counts as none where sums over other flows are made (as in models.flows.evidence).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.flows.evidence import ORDINARY, PRIOR_YEARS
from models.learned.features.cells import Cells, Vector, log, middle


@dataclass(frozen=True)
class Deviations:
    """Deviations of every flow, each `[flow]`, NaN where they cannot be known."""

    ratio: Vector
    """log(M / X) where both declare."""
    usual: Vector
    change: Vector
    off: Vector
    amount: Vector
    """The larger of M and X * exp(usual), USD."""
    rise: Vector
    level: Vector
    """The larger of V and its usual, USD."""


def deviations(cells: Cells) -> Deviations:
    """Compare both declarations, and the reconciled value, with what is usual for the pair."""
    exports, imports = cells.amount("exports"), cells.amount("imports")
    ratio = log(imports / exports)
    past = cells.past(ratio)
    years = np.isfinite(past).sum(axis=1)
    common = common_ratio(cells, ratio)
    usual = (years * np.nan_to_num(middle(past)) + PRIOR_YEARS * common) / (years + PRIOR_YEARS)
    heard = cells.marks("exporter_reported") & cells.marks("importer_reported")
    x, m = (np.where(heard, np.nan_to_num(side), np.nan) for side in (exports, imports))
    expected = x * np.exp(usual)
    value = cells.amount("value")
    before = middle(cells.past(value), least=2)
    return Deviations(
        ratio=ratio,
        usual=usual,
        change=ratio - usual,
        off=m - expected,
        amount=np.maximum(m, expected),
        rise=value - before,
        level=np.maximum(value, before),
    )


def common_ratio(cells: Cells, ratio: Vector) -> Vector:
    """Median log(M / X) of the source in the same year, over the family; 0 where nobody is mirrored."""
    table = pl.DataFrame({"source": cells.source, "year": cells.year, "ratio": ratio, "own": cells.is_own})
    seen = pl.col("ratio").filter(pl.col("ratio").is_not_nan() & pl.col("own"))
    middle_of_year = seen.median().over("source", "year").fill_null(0.0)
    return table.select(middle_of_year).to_series().to_numpy()


def beyond(off: Vector, amount: Vector) -> Vector:
    """The deviation where it exceeds the noise of every pair, else 0; NaN stays."""
    return np.where(np.isnan(off), np.nan, np.where(np.abs(off) > ORDINARY * amount, off, 0.0))
