"""Edge stream: one month of the year in which far more flowed than in the pair's months before.

In the style of MIDAS (Bhatia et al. 2020), month by month, with a running mean and variance that forget:

    statistic = max over the year's months of (a_t - m_t) / sqrt(v_t),   v_t = f_t m_t
    m <- m + (a - m) / 12,   f <- f + ((a - m)^2 / m - f) / 12

a_t is the month's reconciled value, m what was usual up to then and f how much months scatter about it (MIDAS counts
edges, whose variance is their mean; dollars scatter f times as much, which also makes the score free of the
currency). A month of a source's span in which the pair has no row counts as none once the pair has traded. Needs
a year of months before; a year's score stands on its annual flow, and annual data alone say nothing.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.panel import PAIR, Matrix, Panel
from models.flows.parts import INTERVAL, answer, parts

MEMORY = 12.0
"""Months over which the running mean and scatter forget."""
MINIMUM = 12
"""Months of the pair needed before one can be called large."""
SHOWN = ("month", "month_value_usd", "usual_month_value_usd", "scatter_usd", *INTERVAL)


def edge_stream(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """In one month of the year far more was traded than in this pair's months before."""
    months = context.months.filter(pl.col("reconciled_value_usd") > 0, pl.col("exporter") != pl.col("importer"))
    year, month = pl.col("period") // 100, pl.col("period") % 100
    counted = months.sort(*PAIR, "period").with_columns(
        period=(12 * year + month - 1).cast(pl.Int32), year=year.cast(pl.Int32), month=month
    )
    found = pl.concat(
        [_stream(one) for one in counted.partition_by("source", maintain_order=True)] or [_stream(counted)]
    )
    rows = flows.with_columns(is_null=clean_pairs(flows, context)).join(
        found, left_on=[*PAIR, "period"], right_on=[*PAIR, "year"], how="inner", maintain_order="left"
    )
    unusual = (pl.col("month_value_usd") - pl.col("usual_month_value_usd")).clip(lower_bound=0.0)
    rows = rows.with_columns(gap_value_usd=unusual, gap_low_usd=unusual, gap_high_usd=unusual)
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "edge_stream")


def _stream(months: pl.DataFrame) -> pl.DataFrame:
    """The most surprising month of each pair and year."""
    panel = Panel.of(months)
    score, mean, scatter = surprises(np.nan_to_num(panel.matrix(months["reconciled_value_usd"])))
    rows = months.select(
        *PAIR,
        "year",
        pl.col("month").cast(pl.Float64),
        month_value_usd="reconciled_value_usd",
        usual_month_value_usd=pl.Series(panel.gather(mean)),
        scatter_usd=pl.Series(panel.gather(scatter)),
        statistic=pl.Series(panel.gather(score)),
    ).filter(pl.col("statistic").is_finite())
    best = rows.sort("statistic", "month", descending=[True, False])
    return best.unique([*PAIR, "year"], keep="first", maintain_order=True)


def surprises(amounts: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Score, running mean and sd before each month, each `[pair, month]`; NaN until MINIMUM months after the first.

    amounts: USD `[pair, month]`, 0 where nothing was traded.
    """
    pairs, months = amounts.shape
    score, means, sds = (np.full((pairs, months), np.nan) for _ in range(3))
    mean, scatter = np.zeros(pairs), np.zeros(pairs)
    age: NDArray[np.int64] = np.zeros(pairs, np.int64)
    for t in range(months):
        now = amounts[:, t]
        known = (age >= MINIMUM) & (mean > 0) & (scatter > 0)
        means[known, t], sds[known, t] = mean[known], np.sqrt(scatter * mean)[known]
        score[known, t] = (now[known] - mean[known]) / sds[known, t]
        age += (age > 0) | (now > 0)
        weight = 1 / np.clip(age, 1, MEMORY)
        before = np.where(mean > 0, mean, now)
        change = now - mean
        chi = np.divide(change**2, before, out=np.zeros(pairs), where=(before > 0) & (age > 1))
        scatter = scatter + weight * (chi - scatter)
        mean = mean + weight * change
    return score, means, sds
