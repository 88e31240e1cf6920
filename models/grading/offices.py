"""Alerts of which the truth knows nothing: what the two offices booked, beside what really moved.

With e and i what exporter and importer declare (nothing counts as zero) and t the true value, a side is far below where
it is under t / FAR, and far above where it is over FAR t. Where both are, the one that is further off by ratio counts.
"""

from collections.abc import Iterator

import polars as pl

from models.grading.figures import ALL, Figure, share

PART = "offices"
FAR = 30.0
BELOW, ABOVE, NEAR, NOTHING = (
    "one side far below the truth",
    "one side far above the truth",
    "both sides within 30 times the truth",
    "nothing moved there in truth",
)
CLASSES = (BELOW, ABOVE, NEAR, NOTHING)
"""What the offices did; near is within FAR times, so that partners, codes, dates or habits make the gap."""


def beside_truth(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `models.grading.truth.seen_by` with `off` (one of CLASSES) and `off_side` (exporter or importer)."""
    exports, imports, true = (
        pl.col(one).fill_null(0.0) for one in ("export_value_usd", "import_value_usd", "true_usd")
    )
    low, high = pl.min_horizontal(exports, imports), pl.max_horizontal(exports, imports)
    is_low, is_high = low * FAR < true, high > FAR * true
    off = (
        pl.when(true <= 0).then(pl.lit(NOTHING))
        .when(is_low & (~is_high | (low * high < true * true))).then(pl.lit(BELOW))
        .when(is_high).then(pl.lit(ABOVE))
        .otherwise(pl.lit(NEAR))
    )  # fmt: skip
    is_exporter = pl.when(pl.col("off") == BELOW).then(exports <= imports).otherwise(exports >= imports)
    side = pl.when(is_exporter).then(pl.lit("exporter")).otherwise(pl.lit("importer"))
    return rows.with_columns(off=off).with_columns(off_side=pl.when(pl.col("off").is_in([BELOW, ABOVE])).then(side))


def offices(seen: pl.DataFrame) -> Iterator[Figure]:
    """Share of each class among the alerts that touch neither a scheme nor an artefact."""
    unknown = pl.col("is_selected") & ~pl.col("is_scheme") & ~pl.col("is_unseen") & ~pl.col("is_benign")
    rows = beside_truth(seen.filter(unknown))
    for one in CLASSES:
        yield share((PART, one, ALL, "alerts"), rows["off"] == one, rows["exporter"])
