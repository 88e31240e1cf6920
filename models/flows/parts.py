"""The form in which every channel answers: one row per flow, with the numbers behind the statistic."""

import polars as pl

NORMAL_80 = 1.2816
"""Half-width of an 80 % interval in standard deviations."""
INTERVAL = ("gap_low_usd", "gap_high_usd")
"""Parts that every leading channel has: the 80 % interval of its gap, null where nobody knows it."""
ANSWER = ("flow_id", "channel", "statistic", "is_null", "model_p", "gap_value_usd", "gap_mass_kg", "parts")


def parts(columns: dict[str, pl.Expr]) -> pl.Expr:
    """List of (name, value) pairs; each name carries its unit."""
    pairs = [
        pl.struct(name=pl.lit(name, dtype=pl.String), value=value.cast(pl.Float64).fill_nan(None))
        for name, value in columns.items()
    ]
    # An array first: lists of structs are put together one by one, thirty times as slowly.
    return pl.concat_arr(pairs).arr.to_list().alias("parts")


def answer(rows: pl.DataFrame, channel: str) -> pl.DataFrame:
    """Complete a channel's rows to the common form, leaving out rows it could not test."""
    missing = [
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("model_p", "gap_value_usd", "gap_mass_kg")
        if name not in rows.columns
    ]
    return (
        rows.filter(pl.col("statistic").is_finite())
        .with_columns(pl.lit(channel).alias("channel"), *missing)
        .with_columns(pl.col("gap_value_usd", "gap_mass_kg", "model_p").fill_nan(None))
        .select(ANSWER)
    )
