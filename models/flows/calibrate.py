"""From statistics to p-values, against a matched clean null.

p = (1 + number of null rows at least as extreme) / (null rows + 1): the conformal p-value, never zero. A family's
own null is used when it is large enough for its tests, else the null of all families together. A channel that
brings its own probability keeps it, with null_rows 0. Statistics of a stratum (`models.flows.matching`) are compared
within it. Where even the pooled null is smaller than
tests / (ALPHA * BUDGET_FACTOR), no error rate is claimed (see `is_large_enough`).
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.matching import CENTRED, named, renoised

ALPHA = 0.10
"""Nominal false-discovery rate, relative to the null."""
BUDGET_FACTOR = 10
POOLED = "pooled"
NULLS = {
    "channel": pl.String,
    "stratum": pl.UInt8,
    "family": pl.String,
    "statistic": pl.Float64,
    "tests": pl.UInt32,
}
BLOCK = ["channel", "stratum"]
SCORES = ("flow_id", "channel", "as_of", "statistic", "p_value", "null_rows", "null_block", "is_null_large",
          "tests", "gap_value_usd", "gap_mass_kg", "parts")  # fmt: skip


def null_pool(statistics: pl.LazyFrame) -> pl.DataFrame:
    """Statistics of all clean rows by channel, stratum and family, in rising order; `tests` counts those of both."""
    spelled = statistics.with_columns(pl.col("channel").cast(pl.String))
    tests = spelled.filter(is_test()).group_by(BLOCK).agg(tests=pl.len())
    clean = spelled.filter("is_null").join(tests, on=BLOCK, how="left")
    columns = [pl.col(name).cast(dtype) for name, dtype in NULLS.items()]
    return clean.select(columns).sort(*BLOCK, "family", "statistic").collect()


def is_test() -> pl.Expr:
    """False for the placebo rows of `ban_break`: countries without a ban show what chance does, and are not judged."""
    return ~((pl.col("channel").cast(pl.String) == "ban_break") & pl.col("is_null"))


def p_values(statistics: pl.DataFrame, nulls: pl.DataFrame) -> pl.DataFrame:
    """Turn one family's statistics into scores (table `scores`)."""
    tested = statistics.filter(is_test()).with_columns(pl.col("channel").cast(pl.String))
    groups = tested.group_by(BLOCK, maintain_order=True)
    scored = [
        _score(rows, str(channel), nulls.filter(channel=channel, stratum=stratum))
        for (channel, stratum), rows in groups
    ]
    if not scored:
        return _score(tested, "", nulls.head(0))
    return pl.concat(scored)


def _score(rows: pl.DataFrame, channel: str, nulls: pl.DataFrame) -> pl.DataFrame:
    """Rows of one channel, stratum and family: its own null if that is large enough, else the pooled one."""
    own = nulls.filter(pl.col("family").is_in(rows["family"].unique().implode()))
    if is_large_enough(own.height, rows.height):
        block, used, tests = str(own["family"][0]) if own.height else POOLED, own, rows.height
    else:
        block, used, tests = POOLED, nulls, int(nulls["tests"][0]) if nulls.height else rows.height
    block = named(block, int(rows["stratum"][0]) if rows.height else 0)
    large = used.height > 0 and is_large_enough(used.height, tests)
    statistics, null = rows["statistic"].to_numpy(), used["statistic"].to_numpy()
    by_null = conformal(statistics, renoised(null, statistics) if channel in CENTRED else null)
    has_own = pl.col("model_p").is_not_null()
    return rows.with_columns(
        p_value=pl.coalesce("model_p", pl.Series(by_null)),
        null_rows=pl.when(has_own).then(0).otherwise(used.height).cast(pl.UInt32),
        null_block=pl.when(has_own).then(pl.lit(channel)).otherwise(pl.lit(block)),
        is_null_large=~has_own & pl.lit(large),
        tests=pl.lit(tests, dtype=pl.UInt32),
    ).select(SCORES)


def conformal(statistics: NDArray[np.float64], null: NDArray[np.float64]) -> NDArray[np.float64]:
    """Conformal p-values of statistics against null rows; larger statistics are less plausible."""
    at_least = null.size - np.searchsorted(np.sort(null), statistics, side="left")
    return np.asarray((1.0 + at_least) / (null.size + 1.0), dtype=np.float64)


def is_large_enough(null_rows: int, tests: int) -> bool:
    """True when the null resolves the smallest p-value that a list at ALPHA needs."""
    return null_rows >= tests / (ALPHA * BUDGET_FACTOR)


def benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """q-values by Benjamini and Hochberg (1995): the smallest rate at which each row is still selected."""
    n = p.size
    order = np.argsort(p, kind="stable")
    ranked = p[order] * n / np.arange(1, n + 1)
    q: NDArray[np.float64] = np.empty(n)
    q[order] = np.minimum.accumulate(ranked[::-1])[::-1].clip(max=1.0)
    return q
