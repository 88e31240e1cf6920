"""Schemes that sell what illegal zones dig."""

import polars as pl

from models.world.schemes.acts import Acts, dug, from_zone, ship, take
from models.world.schemes.invoices import handled
from models.world.schemes.market import Market
from models.world.schemes.stages import halved, known, pair_stages, zone_stages

HUB_POWER = 0.5
"""How much more likely launderers choose a larger hub: weight = re-exports to this power over the distance."""
USUAL = 20.0
"""How much rather laundered goods go to a customer of the permitted mine; they would stand out elsewhere."""
THIRDS = 3
"""Largest sellers to a hub whose name may be used for another's goods."""


def smuggling(cast: pl.DataFrame, market: Market) -> Acts:
    """Goods leave without a form and are declared on arrival: those of an illegal zone, or a part of legal trade."""
    rows = from_zone(cast.filter(pl.col("zone_id").is_not_null()), market)
    goods = ship(rows.with_columns(export_share=pl.lit(0.0)), market.terms)
    legal = handled(cast.filter(pl.col("zone_id").is_null()))
    on_top = Acts(goods, dug(goods, rows, market), Acts.none().parts)
    return Acts.both([on_top, take(legal, market, export_share=pl.lit(0.0))])


def smuggling_stages(market: Market) -> pl.DataFrame:
    """Illegal zones as often as pairs that trade."""
    return halved([zone_stages(market), pair_stages(market)])


def permit_laundering(cast: pl.DataFrame, market: Market) -> Acts:
    """A zone's output leaves as that of a permitted mine: nothing is missing between the two sides, and more leaves
    than the country's mines dig."""
    rows = from_zone(cast, market)
    goods = ship(rows, market.terms)
    return Acts(goods, dug(goods, rows, market), Acts.none().parts)


def permit_stages(market: Market) -> pl.DataFrame:
    """Zones in countries whose permitted mines export the family, and rather the customers of these."""
    rows = zone_stages(market).join(market.pairs, on=["family", "exporter"], how="semi")
    return rows.with_columns(weight=pl.col("weight") * pl.when(pl.col("known") > 1).then(USUAL).otherwise(1.0))


def hub_laundering(cast: pl.DataFrame, market: Market) -> Acts:
    """A zone's output reaches a hub without forms, or under a third country's name, and leaves it as the hub's own.

    No form calls it a re-export, so `is_reexport` stays false.
    """
    into = from_zone(cast.with_columns(importers=pl.concat_list("hub")), market)
    renamed = (pl.col("variant") == "third") & pl.col("third").is_not_null()
    entry = into.with_columns(
        export_share=pl.lit(0.0),
        import_share=pl.when(renamed).then(1.0).otherwise(0.0),
        import_partner=pl.when(renamed).then("third"),
    )
    rows = from_zone(cast, market)
    exit_ = rows.with_columns(exporter="hub", import_partner="hub")
    goods = pl.concat([ship(entry, market.terms), ship(exit_, market.terms)])
    return Acts(goods, dug(goods, rows, market), Acts.none().parts)


def hub_stages(market: Market) -> pl.DataFrame:
    """Zones with hubs that re-export the family, near ones rather, and those to whom the hub sells."""
    rows = zone_stages(market).drop("hub", "third").join(market.hubs, on="family", how="inner")
    rows = rows.filter(pl.col("hub") != pl.col("exporter"), pl.col("hub") != pl.col("importer"))
    rows = rows.join(market.near, left_on=["exporter", "hub"], right_on=["country", "other"], how="inner")
    sellers = market.pairs.sort("family", "importer", "value_usd", "exporter", descending=[False, False, True, False])
    sellers = sellers.unique(["family", "importer", "exporter"], keep="first", maintain_order=True)
    sellers = sellers.group_by("family", "importer", maintain_order=True).head(THIRDS)
    sellers = sellers.select("family", hub="importer", third="exporter")
    rows = rows.join(sellers, on=["family", "hub"], how="left").filter(
        pl.col("third").is_null() | ~pl.col("third").is_in(pl.concat_list("exporter", "importer"))
    )
    rows = known(rows.drop("known"), market, "hub")
    pull = pl.col("passed").pow(HUB_POWER) * pl.col("known") / pl.col("km")
    return rows.with_columns(weight=pl.col("weight") * pull)
