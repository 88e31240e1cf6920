"""Declared transport modes: how goods crossed a border, as far as an office says."""

import polars as pl

from graphs.periods import LAST_YEAR

BY_SEA = "sea"
NAMELESS = ("other", "unknown")
"""Modes that name no way."""


def mode_shares(modes: pl.DataFrame) -> pl.DataFrame:
    """Per source, exporter, importer, commodity and year (table `transport_modes`): known_mode_share and
    other_mode_share of what is declared by mode.

    By mass, else by value, else not at all: an unknown amount is not nothing. Months add up to the year. Of two sides
    the one with more by other ways counts, since each names the way over its own border. What names no way counts as
    another one.
    """
    mode = pl.col("mode").cast(pl.String)
    keys = ["source", "exporter", "importer", "commodity", "year", "side"]
    rows = modes.with_columns(
        year=pl.when(pl.col("period") > LAST_YEAR).then(pl.col("period") // 100).otherwise("period").cast(pl.Int32),
        is_annual=pl.col("period") <= LAST_YEAR,
        is_sea=mode == BY_SEA,
        is_named=~mode.is_in(NAMELESS),
    )
    # A year that is declared as such is not counted again by its months.
    rows = rows.filter(pl.col("is_annual") | ~pl.col("is_annual").any().over(keys))
    is_weighed = pl.col("mass_kg").is_not_null().all().over(keys)
    is_valued = pl.col("value_usd").is_not_null().all().over(keys)
    rows = rows.with_columns(amount=pl.when(is_weighed).then("mass_kg").when(is_valued).then("value_usd"))
    rows = rows.filter(pl.col("amount").is_not_null())
    rows = rows.sort(*keys, "period", "mode")
    total = pl.col("amount").sum()
    sides = rows.group_by(keys, maintain_order=True).agg(
        total=total,
        known_mode_share=pl.col("amount").filter("is_named").sum() / total,
        other_mode_share=1 - pl.col("amount").filter("is_sea").sum() / total,
    )
    return (
        sides.filter(pl.col("total") > 0)
        .group_by(keys[:-1], maintain_order=True)
        .agg(pl.col("known_mode_share", "other_mode_share").max())
    )
