"""Edge stream: one month of the year in which far more flowed than in the pair's months before.

In the style of MIDAS (Bhatia et al. 2020), month by month, with a running mean and variance that forget:

    statistic = max over the year's months of (a_t - m_t) / sqrt(v_t),   v_t = f_t m_t
    m <- m + (a - m) / 12,   f <- f + ((a - m)^2 / m - f) / 12

a_t is the month's reconciled value, m what was usual up to then and f how much months scatter about it (MIDAS counts
edges, whose variance is their mean; dollars scatter f times as much, which also makes the score free of the
currency). A month in which either office reported and the pair has no row counts as none once the pair has traded; a
month in which neither reported is missing and skipped. Needs a year of months before; a year's score stands on its
annual flow, and annual data alone say nothing. What the month holds beyond m is unmatched; how far off that amount
may be is not known, so it has no interval.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.periods import LAST_YEAR
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
    months = context.months.filter(pl.col("exporter") != pl.col("importer")).sort(*PAIR, "period")
    counted = months.with_columns(
        period=counted_month(), year=(pl.col("period") // 100).cast(pl.Int32), month=pl.col("period") % 100
    )
    heard = _heard(counted, context.reporting)
    streams = [
        _stream(one, heard.filter(pl.col("source") == source))
        for (source,), one in counted.partition_by("source", as_dict=True, maintain_order=True).items()
    ]
    found = pl.concat(streams or [_stream(counted, heard)])
    rows = flows.with_columns(is_null=clean_pairs(flows, context)).join(
        found, left_on=[*PAIR, "period"], right_on=[*PAIR, "year"], how="inner", maintain_order="left"
    )
    unusual = (pl.col("month_value_usd") - pl.col("usual_month_value_usd")).clip(lower_bound=0.0)
    unknown = {name: pl.lit(None, dtype=pl.Float64) for name in INTERVAL}
    rows = rows.with_columns(gap_value_usd=unusual, **unknown)
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "edge_stream")


def counted_month() -> pl.Expr:
    """Months counted through the years, so that neighbours differ by one."""
    return (12 * (pl.col("period") // 100) + pl.col("period") % 100 - 1).cast(pl.Int32)


def _heard(months: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """source, country, period (counted), side: who declared anything that month."""
    listed = reporting.filter(pl.col("period") > LAST_YEAR).select(
        "source",
        country="reporter",
        period=counted_month(),
        side=pl.when(pl.col("direction").cast(pl.String) == "X").then(pl.lit("exporter")).otherwise(pl.lit("importer")),
    )
    declared = [
        months.filter(pl.col(f"{side}_value_usd").is_not_null()).select(
            "source", "period", country=end, side=pl.lit(end)
        )
        for end, side in (("exporter", "export"), ("importer", "import"))
    ]
    return pl.concat([listed, *declared], how="diagonal").unique(maintain_order=True)


def _stream(months: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """The most surprising month of each pair and year."""
    panel = Panel.of(months)
    traded = panel.matrix(months["reconciled_value_usd"])
    nothing = np.isnan(traded) & (_reported(panel, heard, "exporter") | _reported(panel, heard, "importer"))
    score, mean, scatter = surprises(np.where(nothing, 0.0, traded))
    rows = months.select(
        *PAIR,
        "year",
        pl.col("month").cast(pl.Float64),
        month_value_usd="reconciled_value_usd",
        usual_month_value_usd=pl.Series(panel.gather(mean)),
        scatter_usd=pl.Series(panel.gather(scatter)),
        statistic=pl.Series(panel.gather(score)),
    ).filter(pl.col("statistic").is_finite(), pl.col("month_value_usd") > 0)
    best = rows.sort("statistic", "month", descending=[True, False])
    return best.unique([*PAIR, "year"], keep="first", maintain_order=True)


def _reported(panel: Panel, heard: pl.DataFrame, side: str) -> NDArray[np.bool_]:
    """`[pair, month]`: whether the country on this side of the pair declared anything that month."""
    out = np.zeros(panel.shape, bool)
    if not panel.years.size:
        return out
    ends = panel.pairs.select(country=side).with_row_index("pair")
    mine = ends.join(heard.filter(pl.col("side") == side), on="country").with_columns(
        at=pl.col("period") - int(panel.years[0])
    )
    mine = mine.filter(pl.col("at").is_between(0, panel.years.size - 1))
    out[mine["pair"].to_numpy(), mine["at"].to_numpy()] = True
    return out


def surprises(amounts: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Score, running mean and sd before each month, each `[pair, month]`; NaN until MINIMUM months after the first.

    amounts: USD `[pair, month]`, 0 where nothing was traded, NaN where nobody reported.
    """
    pairs, months = amounts.shape
    score, means, sds = (np.full((pairs, months), np.nan) for _ in range(3))
    mean, scatter = np.zeros(pairs), np.zeros(pairs)
    age: NDArray[np.int64] = np.zeros(pairs, np.int64)
    for t in range(months):
        seen = np.isfinite(amounts[:, t])
        now = np.where(seen, amounts[:, t], 0.0)
        known = seen & (age >= MINIMUM) & (mean > 0) & (scatter > 0)
        means[known, t], sds[known, t] = mean[known], np.sqrt(scatter * mean)[known]
        score[known, t] = (now[known] - mean[known]) / sds[known, t]
        age += seen & ((age > 0) | (now > 0))
        weight = np.where(seen, 1 / np.clip(age, 1, MEMORY), 0.0)
        before = np.where(mean > 0, mean, now)
        change = now - mean
        chi = np.divide(change**2, before, out=np.zeros(pairs), where=(before > 0) & (age > 1))
        scatter = scatter + np.where(age > 1, weight * (chi - scatter), 0.0)
        mean = mean + weight * change
    return score, means, sds
