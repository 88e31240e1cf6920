"""Causes that lie in supply no mine and no trade statistic shows."""

import polars as pl

from graphs.commodities import family_named
from models.flows.ordinary.finding import ALWAYS, IS_BALANCE, IS_PASSING, ZERO, Finding

VAULTS = ("GBR", "CHE", "HKG", "SGP", "USA", "ARE", "DEU")
"""Countries whose vaults and free ports hold metal for others."""
BULK = "bulk goods are not kept in vaults"
UNDER_CONTRACT = "no source counts what goes abroad to be refined, graded or stored under contract and goes on or back"


def stocks(family: str) -> Finding:
    """Metal moved between vaults, out of earlier stock, or for refining under contract."""
    if family_named(family).weighed_by != "value":
        return Finding(
            testable=~IS_PASSING & (~IS_BALANCE | pl.col("stock_allowance_kg").is_not_null()),
            covers_usd=ZERO,
            covers_kg=ZERO,
            why_not=UNDER_CONTRACT,
            why_excluded=pl.lit(BULK),
        )
    vault = pl.col("exporter").is_in(VAULTS) | pl.col("importer").is_in(VAULTS)
    return Finding(
        testable=~IS_PASSING & pl.when(IS_BALANCE).then(~pl.col("exporter").is_in(VAULTS)).otherwise(~vault),
        covers_usd=ZERO,
        covers_kg=ZERO,
        why_not=f"no source counts what vaults hold; {UNDER_CONTRACT}",
        why_excluded=pl.when(IS_BALANCE)
        .then(
            pl.format(
                "net imports of earlier years ({} t) are already allowed for",
                (pl.col("stock_allowance_kg") / 1e3).round(1).cast(pl.String),
            )
        )
        .otherwise(pl.lit("neither country is known for vaults")),
    )


def scrap(family: str) -> Finding:
    """Scrap, by-product and recycled metal, which no mine produced."""
    if not family_named(family).production_names:
        return Finding(
            testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not a metal that is recycled")
        )
    return Finding(
        testable=~IS_BALANCE,
        covers_usd=ZERO,
        covers_kg=ZERO,
        why_not="no source counts scrap and by-product of this metal by country",
        why_excluded=pl.lit("both sides' declarations would hold it alike"),
    )
