"""Artefacts of the partner's name: transit, merchants, and the rule of origin."""

import polars as pl

from models.world.artefacts.quiet import LINE, Done, Quiet, drawn, lasting, met, numbered, says, summed

KIND = "transit_misattribution"
RESOLD_SHARE = 3
"""One in so many of these artefacts is about goods that a hub sold."""


def transit_misattribution(quiet: Quiet) -> Done:
    """The two sides name other partners, since the goods changed ship or hands in a third country."""
    rows = _chosen(quiet)
    ships, sales = rows.filter(pl.col("via").is_not_null()), rows.filter(pl.col("via").is_null())
    goods = [
        met(quiet.goods.filter(~pl.col("is_reexport")), ships.drop("origin"), [*LINE, "via"]),
        met(quiet.goods.filter("is_reexport"), sales.drop("via"), [*LINE, "origin"]),
    ]
    return Done.of(rows, says(pl.concat(goods, how="diagonal"), "partner"))


def _chosen(quiet: Quiet) -> pl.DataFrame:
    """Pairs that ship by way of a third country, and hubs that sell what others dug."""
    rules, chance = quiet.config.artefacts, quiet.chance(KIND)
    number = rules.in_forms[quiet.config.size]
    shipped = quiet.goods.filter(pl.col("via").is_not_null(), ~pl.col("is_reexport"))
    resold = quiet.goods.filter(pl.col("is_reexport"), pl.col("origin") != pl.col("exporter"))
    ships = drawn(summed(shipped, [*LINE, "via"]), number - number // RESOLD_SHARE, rules.size_power, chance)
    sales = drawn(summed(resold, [*LINE, "origin"]), number - ships.height, rules.size_power, chance)
    rows = numbered(pl.concat([ships, sales], how="diagonal"), KIND, chance)
    return _told(lasting(rows, quiet.config, rules.lasting_years, chance, rules.always))


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Who names whom: `side` writes `says`, the country of transit or the seller."""
    is_sale = pl.col("via").is_null()
    by_importer = is_sale | (pl.col("place") % 2 == 0)
    text = (
        pl.when(is_sale)
        .then(pl.format("{} names the seller {} where others name the origin {}.", "importer", "exporter", "origin"))
        .when(by_importer)
        .then(pl.format("{} names {}, where goods from {} change ship.", "importer", "via", "exporter"))
        .otherwise(pl.format("{} names {}, where goods for {} change ship.", "exporter", "via", "importer"))
    )
    return rows.with_columns(
        side=pl.when(by_importer).then(pl.lit("import")).otherwise(pl.lit("export")),
        says=pl.coalesce("via", "exporter"),
        country=pl.when(by_importer).then("importer").otherwise("exporter"),
        partner=pl.coalesce("via", "exporter"),
        description=text,
    )
