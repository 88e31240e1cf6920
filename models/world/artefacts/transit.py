"""Artefacts of the partner's name: transit, merchants, and the rule of origin."""

import numpy as np
import polars as pl

from models.world.artefacts.quiet import LINE, Done, Quiet, drawn, lasting, met, numbered, says, summed
from models.world.totals import totals

KIND = "transit_misattribution"
SHIPPED, RESOLD = [*LINE, "via"], [*LINE, "origin"]
LEAST_PARTNERS = 4
"""Importers that an exporter must have to sell through a merchant."""


def transit_misattribution(quiet: Quiet) -> Done:
    """The two sides name other partners: the goods changed ship or hands in a third country, or only on paper there."""
    rules, chance = quiet.config.artefacts, quiet.chance(KIND)
    number = rules.in_forms[quiet.config.size]
    ships = drawn(_shipped(quiet.goods), number, rules.size_power, chance)
    sales = drawn(_resold(quiet.goods), -(-number // 2), rules.size_power, chance)
    sellers = drawn(_merchants(quiet), -(-number // 2), rules.size_power, chance)
    rows = numbered(pl.concat([ships, sales, sellers], how="diagonal"), KIND, chance)
    rows = _told(lasting(rows, quiet.config, rules.lasting_years, chance, rules.always))
    goods = [
        met(quiet.goods.filter(~pl.col("is_reexport")), rows.filter(pl.col("via").is_not_null()), SHIPPED),
        met(quiet.goods.filter("is_reexport"), rows.filter(pl.col("origin").is_not_null()), RESOLD),
        _through(quiet.goods, rows.filter(pl.col("merchant").is_not_null()), rules.merchants, chance),
    ]
    # Goods that two habits meet follow the first.
    found = pl.concat(goods, how="diagonal").unique("goods_id", keep="first", maintain_order=True)
    return Done.of(rows, says(found, "partner"))


def _shipped(goods: pl.DataFrame) -> pl.DataFrame:
    """Pairs that ship by way of a third country."""
    return summed(goods.filter(pl.col("via").is_not_null(), ~pl.col("is_reexport")), SHIPPED)


def _resold(goods: pl.DataFrame) -> pl.DataFrame:
    """Hubs that sell what others dug or made."""
    return summed(goods.filter(pl.col("is_reexport"), pl.col("origin") != pl.col("exporter")), RESOLD)


def _merchants(quiet: Quiet) -> pl.DataFrame:
    """Exporters with many importers, and the country that re-exports most of the family, where the merchants sit."""
    own = quiet.goods.filter(~pl.col("is_reexport"), pl.col("origin") == pl.col("exporter"))
    keys = ["family", "commodity", "exporter"]
    pairs = summed(own, list(LINE)).with_columns(partners=pl.lit(1.0))
    sellers = totals(pairs, keys, "value_usd", "partners").filter(pl.col("partners") >= LEAST_PARTNERS)
    hubs = summed(quiet.legal.filter("is_reexport"), ["family", "exporter"]).rename({"exporter": "merchant"})
    largest = hubs.sort("family", "value_usd", "merchant", descending=[False, True, False])
    largest = largest.drop("value_usd").with_row_index("place")
    rows = sellers.join(largest, on="family", how="inner").filter(pl.col("merchant") != pl.col("exporter"))
    rows = rows.sort(*keys, "place").unique(keys, keep="first", maintain_order=True)
    return rows.drop("partners", "place").sort(keys)


def _through(goods: pl.DataFrame, rows: pl.DataFrame, share: float, chance: np.random.Generator) -> pl.DataFrame:
    """Goods of some of an exporter's importers, which its forms declare to the merchant's country."""
    keys = ["family", "commodity", "exporter"]
    own = goods.filter(~pl.col("is_reexport"), pl.col("origin") == pl.col("exporter"))
    importers = own.select(LINE).unique().join(rows.select(*keys, "merchant"), on=keys, how="inner")
    importers = importers.filter(pl.col("importer") != pl.col("merchant")).sort(LINE)
    taken = importers.filter(pl.Series(chance.random(importers.height) < share, dtype=pl.Boolean))
    return met(own.join(taken, on=LINE, how="semi", maintain_order="left"), rows, keys)


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Who names whom: `side` writes `says`, the country of transit, the seller's or the merchant's."""
    is_sale = pl.col("origin").is_not_null()
    by_importer = is_sale | (pl.col("via").is_not_null() & (pl.col("place") % 2 == 0))
    text = (
        pl.when(is_sale)
        .then(pl.format("{} names the seller {} where others name the origin {}.", "importer", "exporter", "origin"))
        .when(pl.col("merchant").is_not_null())
        .then(pl.format("{} sells through merchants in {}, which it declares as destination.", "exporter", "merchant"))
        .when(by_importer)
        .then(pl.format("{} names {}, where goods from {} change ship.", "importer", "via", "exporter"))
        .otherwise(pl.format("{} names {}, where goods for {} change ship.", "exporter", "via", "importer"))
    )
    third = pl.coalesce("via", "merchant", "exporter")
    return rows.with_columns(
        side=pl.when(by_importer).then(pl.lit("import")).otherwise(pl.lit("export")),
        says=third,
        country=pl.when(by_importer).then("importer").otherwise("exporter"),
        partner=third,
        description=text,
    )
