"""Where two declarations do not agree, and did not use to differ like this.

A pair may always differ by half, and an office may never name a partner: both are habits, and a habit is no
dispute. Where both speak, their log ratio must lie more than ALIKE away from par and from the pair's usual one: the
median over its last WINDOW years on record, as far as both declared (par, where they never did). Where one side is
silent, it must have reported, and have declared in at least half of those years. Only earlier years are read.
"""

import math

import polars as pl

from models.flows.panel import PAIR

ALIKE = math.log(2)
"""Two declarations within a factor of two of each other, or of the pair's usual ratio, agree."""
WINDOW = 5
"""Earlier years that make a habit."""
MAJORITY = 0.5
"""Share of those years in which both must have spoken before a silence is a dispute."""


def disputed(flows: pl.DataFrame) -> pl.DataFrame:
    """Per flow_id: `is_disputed`, false where the source holds no declarations."""
    ratio = (pl.col("import_value_usd") / pl.col("export_value_usd")).log()
    rows = flows.sort("flow_id").select(
        *PAIR,
        "flow_id",
        "period",
        is_declared=pl.col("exporter_reported").is_not_null(),
        have_reported=pl.col("exporter_reported") & pl.col("importer_reported"),
        ratio=pl.when(ratio.is_finite()).then(ratio),
    )
    before = pl.col("ratio").shift(1)
    both = pl.col("ratio").is_not_null().cast(pl.Float64).shift(1)
    rows = rows.sort(*PAIR, "period").with_columns(
        # After years of silence the last usual ratio still stands.
        usual=before.rolling_median(WINDOW, min_samples=1).forward_fill().over(PAIR).fill_null(0.0),
        both_spoke=both.rolling_mean(WINDOW, min_samples=1).over(PAIR),
    )
    differs = pl.min_horizontal(pl.col("ratio").abs(), (pl.col("ratio") - pl.col("usual")).abs()) > ALIKE
    falls_silent = pl.col("have_reported") & (pl.col("both_spoke") >= MAJORITY)
    said = pl.when(pl.col("ratio").is_null()).then(falls_silent.fill_null(False)).otherwise(differs)
    return rows.select("flow_id", is_disputed=pl.col("is_declared") & said)
