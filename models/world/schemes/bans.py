"""Exports of goods whose export is banned."""

import polars as pl

from models.world.schemes.acts import Acts, dug, ship, without_site
from models.world.schemes.circular import beside_trade
from models.world.schemes.market import Market
from models.world.schemes.spells import MONTHS
from models.world.totals import totals

NEIGHBOURS = 2
"""Nearest countries through which banned goods may pass."""


def ban_evasion(cast: pl.DataFrame, market: Market) -> Acts:
    """Banned goods go on leaving: without a form, through a neighbour that calls them its own, or under another code.

    They come from an illegal zone, else from output that is on no export form; never more than the zone digs, nor than
    a fixed share of what the country's mines do.
    """
    rows = beside_trade(cast, market).join(
        market.banned, left_on=["exporter", "commodity", "year"], right_on=["country", "commodity", "year"], how="semi"
    )
    rows = limited(rows.drop("timing"), market)
    rows = rows.join(_allowed(cast, market), on="scheme_id", how="left")
    by = pl.col("variant")
    coded = (by == "code") & pl.col("allowed").is_not_null()
    direct = ship(
        rows.filter(by != "neighbour").with_columns(
            export_share=pl.when(coded).then(1.0).otherwise(0.0), export_commodity=pl.when(coded).then("allowed")
        ),
        market.terms,
    )
    passed = rows.filter(by == "neighbour")
    passed = passed.sort("scheme_id", "year", "importer")
    once = passed.unique(["scheme_id", "year"], keep="first", maintain_order=True).drop("contained_kg")
    over = once.join(totals(passed, ["scheme_id", "year"], "contained_kg"), on=["scheme_id", "year"])
    over = over.with_columns(importer="third", export_share=pl.lit(0.0), import_share=pl.lit(0.0))
    on = passed.with_columns(exporter="third", import_partner="third")
    goods = pl.concat([direct, ship(over, market.terms), ship(on, market.terms)])
    unknown = goods.join(rows.filter(pl.col("zone_id").is_null()), on="scheme_id", how="semi")
    origins = pl.concat([dug(goods, rows, market), without_site(unknown, "unrecorded")])
    return Acts(goods, origins, Acts.none().parts)


def limited(rows: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Rows that ship no more than there is; goods of a zone leave in the months in which it digs."""
    zones = market.zone_years.rename({"contained_kg": "dug_kg"})
    rows = rows.join(zones, on=["zone_id", "year"], how="left")
    counted = market.output.rename({"country": "exporter"})
    rows = rows.join(counted, on=["exporter", "family", "year"], how="left")
    zoned = pl.col("zone_id").is_not_null()
    limit = pl.when(zoned).then("dug_kg").otherwise(market.rules.evaded_share * pl.col("counted_kg")).fill_null(0.0)
    kg = pl.min_horizontal("contained_kg", limit * pl.col("weight"))
    even = pl.lit([1 / MONTHS] * MONTHS, dtype=pl.List(pl.Float64))
    return rows.with_columns(contained_kg=kg, timing=pl.col("timing").fill_null(even)).filter(kg > 0)


def _allowed(cast: pl.DataFrame, market: Market) -> pl.DataFrame:
    """scheme_id, allowed: the first other code that is not banned as well."""
    others = pl.DataFrame(
        [(code, other) for code, listed in market.rules.other_codes.items() for other in listed],
        schema={"commodity": pl.String, "allowed": pl.String},
        orient="row",
    )
    rows = cast.select("scheme_id", "exporter", "commodity").join(
        others, on="commodity", how="inner", maintain_order="left_right"
    )
    rows = rows.join(
        market.banned, left_on=["exporter", "allowed"], right_on=["country", "commodity"], how="anti",
        maintain_order="left",
    )  # fmt: skip
    return rows.unique("scheme_id", keep="first", maintain_order=True).select("scheme_id", "allowed")


def ban_stages(market: Market) -> pl.DataFrame:
    """Pairs that traded before a ban, with a neighbour of the exporter, and its illegal zones where it has any."""
    bans = market.banned.group_by("country", "commodity").agg(
        banned_from=pl.col("year").min(), banned_to=pl.col("year").max()
    )
    bans = bans.rename({"country": "exporter"})
    pairs = market.pairs.join(bans, on=["exporter", "commodity"], how="inner")
    pairs = pairs.filter(
        pl.col("first_year") < pl.col("banned_from"), pl.col("value_usd") >= market.rules.least_value_usd
    ).drop("first_year", "last_year")
    near = market.near.group_by("country", maintain_order=True).head(NEIGHBOURS)
    rows = pairs.join(near, left_on="exporter", right_on="country", how="inner").rename({"other": "third"})
    rows = rows.filter(pl.col("third") != pl.col("importer"))
    zones = market.zones.rename({"country": "exporter"})
    rows = rows.join(zones, on=["exporter", "family"], how="left")
    first = pl.max_horizontal("banned_from", "first_year", market.years.start + market.rules.quiet_years)
    return rows.with_columns(
        hub=pl.lit(None, dtype=pl.String),
        first_year=first,
        latest_onset=first + 1,
        last_year=pl.min_horizontal("banned_to", "last_year"),
        weight=pl.col("value_usd").sqrt() / pl.col("km"),
    )
