"""Schemes that leave goods where they are and bend what the forms say of their value, weight or code."""

import polars as pl

from models.world.schemes.acts import Acts, routes, take, within
from models.world.schemes.market import Market
from models.world.schemes.stages import pair_stages


def handled(cast: pl.DataFrame) -> pl.DataFrame:
    """Routes with the share of the pair's goods that the actors bend."""
    return routes(cast).with_columns(share=pl.col("handled") * pl.col("force"))


def under_invoicing(cast: pl.DataFrame, market: Market) -> Acts:
    """The exporter declares a part of the value, or of the weight at an honest price; the buyer pays the rest abroad.

    The importer declares the truth: its duties are low and its books must balance.
    """
    declared = within(market.rules.invoice)
    weight = pl.when(pl.col("variant") == "weight").then(declared).otherwise(1.0)
    return take(handled(cast), market, export_value_factor=declared, export_mass_factor=weight)


def misclassification(cast: pl.DataFrame, market: Market) -> Acts:
    """One side puts the goods under another code: the exporter to avoid a royalty or a licence, the importer a duty."""
    by = pl.col("variant")
    return take(
        handled(cast),
        market,
        export_commodity=pl.when(by == "exporter").then("other_code"),
        import_commodity=pl.when(by == "importer").then("other_code"),
    )


def coded_stages(market: Market) -> pl.DataFrame:
    """Pairs whose goods have a code beside their own."""
    return pair_stages(market).filter(pl.col("commodity").is_in(list(market.rules.other_codes)))
