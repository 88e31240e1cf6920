"""Illegal zones: sites that a scheme may draw on together, and the years in which they dig."""

import polars as pl

from models.world.config import WorldConfig
from models.world.totals import totals

MONTHS = 12


def zoned(
    config: WorldConfig, sites: pl.DataFrame, site_months: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Zones of illegal sites of one country and family, their output by year and the sites it comes from; only the
    longest run of years in which they dig."""
    illegal = sites.filter(pl.col("kind").cast(pl.String) == "illegal").sort("site_id")
    chance = config.chance("schemes", "zones")
    group = (pl.col("place") // config.schemes.zone_sites).cast(pl.String)
    members = (
        illegal.with_columns(luck=pl.Series(chance.random(illegal.height), dtype=pl.Float64))
        .with_columns(place=pl.col("luck").rank("ordinal").over("country", "family") - 1)
        .select("site_id", "family", "country", zone_id=pl.concat_str("country", "family", group, separator=":"))
    )
    months = (
        site_months.join(members, on="site_id", how="inner")
        .filter(pl.col("contained_kg") > 0)
        .with_columns(year=pl.col("month").dt.year(), month=pl.col("month").dt.month().cast(pl.Int32))
        .sort("zone_id", "site_id", "year", "month")
    )
    spells = _longest(_by_year(months))
    keys = ["zone_id", "year"]
    by_site = totals(months, [*keys, "site_id"], "contained_kg").rename({"contained_kg": "site_kg"})
    shares = by_site.join(spells, on=keys, how="inner", maintain_order="left")
    shares = shares.select(*keys, "site_id", share=pl.col("site_kg") / pl.col("contained_kg"))
    years = spells.group_by("zone_id").agg(first_year=pl.col("year").min(), last_year=pl.col("year").max())
    zones = members.select("zone_id", "family", "country").unique().join(years, on="zone_id", how="inner")
    return zones.sort("zone_id"), spells, shares


def _longest(years: pl.DataFrame) -> pl.DataFrame:
    """Of each zone the longest run of years with output, the first of them if several are as long."""
    run = (pl.col("year") - pl.col("year").rank("ordinal").over("zone_id").cast(pl.Int32)).alias("run")
    runs = years.with_columns(run)
    length = runs.group_by("zone_id", "run").agg(length=pl.len())
    length = length.sort("zone_id", "length", "run", descending=[False, True, False])
    chosen = length.unique("zone_id", keep="first", maintain_order=True)
    return runs.join(chosen, on=["zone_id", "run"], how="semi", maintain_order="left").drop("run")


def _by_year(months: pl.DataFrame) -> pl.DataFrame:
    """zone_id, year, contained_kg, timing."""
    calendar = pl.DataFrame({"month": range(1, MONTHS + 1)}, schema={"month": pl.Int32})
    sums = totals(months, ["zone_id", "year", "month"], "contained_kg")
    whole = sums.select("zone_id", "year").unique().join(calendar, how="cross")
    whole = whole.join(sums, on=["zone_id", "year", "month"], how="left").sort("zone_id", "year", "month")
    years = whole.group_by("zone_id", "year", maintain_order=True).agg(kg=pl.col("contained_kg").fill_null(0.0))
    year_kg = pl.col("kg").list.sum()
    return years.select("zone_id", "year", contained_kg=year_kg, timing=pl.col("kg") / year_kg)
