"""Nodes and edges of `graphs.schema_companies` from the tables manifests and companies; part of `graphs.build`.

A master bill whose house bills stand in the same file is not counted again.
"""

import polars as pl

from graphs.build_places import TO
from graphs.build_ships import ports_of, vessels
from graphs.commodities import family_expr
from graphs.ids import SEPARATOR
from graphs.sums import whole
from graphs.tidied import Tidy

HEADING = 4
"""Digits from which a code has a family."""
NOT_STATED = "-"


def companies(tidy: Tidy) -> pl.LazyFrame:
    """One node for all names that count as one company, with the name and country of the one that stands for it."""
    groups = tidy.companies.group_by("group_id").agg(names=pl.len(), rows=pl.col("rows").cast(pl.Int64).sum())
    named = tidy.companies.select("company_id", "name", "country")
    return groups.rename({"group_id": "company_id"}).join(named, on="company_id", how="inner")


def bills(tidy: Tidy) -> pl.LazyFrame:
    """Bills that are counted, with `year`, and with nodes in place of the names of both parties."""
    group = tidy.companies.select("company_id", "group_id")
    rows = tidy.manifests.filter("is_counted")
    for role in ("shipper", "consignee"):
        of_role = group.rename({"company_id": f"{role}_id", "group_id": f"{role}_node"})
        rows = rows.join(of_role, on=f"{role}_id", how="left")
    return rows.with_columns(year=pl.col("day").dt.year().cast(pl.Int64))


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null(NOT_STATED)


def shipped_to(tidy: Tidy) -> pl.LazyFrame:
    """Bills added up by both parties, code and year."""
    key = ["shipper_node", "consignee_node", "commodity", "year"]
    both = bills(tidy).drop_nulls(["shipper_node", "consignee_node"])
    added = both.group_by(key).agg(shipments=pl.len(), mass_kg=whole(pl.col("mass_kg")))
    ends = pl.format(f"{{}}{TO}{{}}", "shipper_node", "consignee_node")
    return added.with_columns(
        edge_id=pl.concat_str(ends, _text("commodity"), _text("year"), separator=SEPARATOR),
        start="shipper_node",
        end="consignee_node",
        family=pl.when(pl.col("commodity").str.len_chars() >= HEADING).then(family_expr()),
    )


def shipped_on(tidy: Tidy) -> pl.LazyFrame:
    """Bills added up by company, its part in them, and ship."""
    rows = bills(tidy).join(vessels(tidy).select("track_id"), on="track_id", how="semi")
    parts = [
        rows.drop_nulls(f"{role}_node")
        .group_by(pl.col(f"{role}_node").alias("start"), pl.col("track_id").alias("end"))
        .agg(shipments=pl.len(), first_bill=pl.col("day").min(), last_bill=pl.col("day").max())
        .with_columns(role=pl.lit(role))
        for role in ("shipper", "consignee")
    ]
    days = [pl.col(name).dt.strftime("%Y-%m-%d") for name in ("first_bill", "last_bill")]
    return pl.concat(parts).with_columns(
        *days, edge_id=pl.format(f"{{}}{TO}{{}}{SEPARATOR}{{}}", "start", "end", "role")
    )


def shipped_from(tidy: Tidy) -> pl.LazyFrame:
    """Bills of shippers added up by port of loading and year."""
    ports = ports_of(tidy).select(from_place="place_id", port="port")
    rows = bills(tidy).drop_nulls("shipper_node").join(ports, on="from_place", how="inner")
    added = rows.group_by("shipper_node", "port", "year").agg(shipments=pl.len(), mass_kg=whole(pl.col("mass_kg")))
    ends = pl.format(f"{{}}{TO}{{}}", "shipper_node", "port")
    named = pl.concat_str(ends, _text("year"), separator=SEPARATOR)
    return added.with_columns(edge_id=named, start="shipper_node", end="port")


BUILDERS = {"SHIPPED_TO": shipped_to, "SHIPPED_ON": shipped_on, "SHIPPED_FROM": shipped_from}
