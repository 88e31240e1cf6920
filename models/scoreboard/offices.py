"""A score without what all flows of an exporter's office share that year.

An office that is late, reads a code in a new way or loses forms sets all its flows of a year apart at once. Schemes
take a few flows of an office. So before a score is compared with flows of other exporters,

    s' = s - max(0, n / (n + SHRINK) * (median of the office's n scores that year - median of all scores))

Nothing is added to the flows of quiet offices. The same is taken from tests and from the null, and no label is read.
"""

import numpy as np
import polars as pl

from models.metrics import Floats

SHRINK = 20.0
"""Flows of all offices that an office's year is blended with, as for the spreads of models.flows.structure.past."""
OFFICE = ("source", "exporter", "period")


def less_office(rows: pl.DataFrame, score: Floats) -> Floats:
    """The scores of these flows (table `flows`) less their office's share; NaN stays NaN and counts nowhere."""
    known = rows.select(OFFICE).with_columns(score=pl.Series(score, dtype=pl.Float64).fill_nan(None))
    count = pl.col("score").count().over(OFFICE)
    above = pl.col("score").median().over(OFFICE) - pl.col("score").median()
    less = pl.col("score") - (count / (count + SHRINK) * above).clip(lower_bound=0.0)
    return known.select(less.fill_null(np.nan))["score"].to_numpy()
