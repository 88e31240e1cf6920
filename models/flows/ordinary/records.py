"""Causes that lie in the record of mine output."""

import polars as pl

from models.flows.ordinary.finding import ALWAYS, IS_BALANCE, Finding


def output_record(family: str) -> Finding:
    """The source of mine output files two entries under this country's code, so that its own output is not known.

    Seen: World Mining Data files French Guiana under Guyana's code, and from 2023 its figure in place of Guyana's.
    """
    is_doubled = IS_BALANCE & (pl.col("is_output_doubled") == 1)
    return Finding(
        testable=ALWAYS,
        bears_on=IS_BALANCE,
        not_bearing="it bears on balances with mine output only, and this flow stands out for another reason",
        is_possible=is_doubled,
        covers_usd=pl.when(is_doubled).then(pl.col("gap_value_usd")).otherwise(0.0),
        covers_kg=pl.when(is_doubled).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.lit("Two entries of one year stand under this code; their sum may be of two countries, or one twice."),
        why_excluded=pl.lit("one entry at most stands under this code"),
    )
