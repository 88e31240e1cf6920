"""What the world mines, and what production offices publish of it.

Truth (`output`) is the sum of sites. Published (`reported_output`) is legal output and a part of artisanal output,
never illegal; with errors, estimates, gaps, figures that only repeat the last, countries that are not listed, and
one whose output stands under its neighbour's name, as World Mining Data book French Guiana under Guyana.
"""

import numpy as np
import polars as pl

from graphs.commodities import contained_factor, family_named, production_of
from models.world import tables
from models.world.config import WorldConfig
from models.world.land.sphere import Floats, distance_km
from models.world.mining.calendar import of_size

KEY = ("country", "family", "year")
LISTED = {
    "gold": ("Gold", "kg"),
    "nickel": ("Nickel", "metr. t"),
    "bauxite": ("Bauxite", "metr. t"),
    "tin": ("Tin", "metr. t"),
    "tantalum": ("Tantalum (Ta2O5)", "metr. t"),
    "cobalt": ("Cobalt", "metr. t"),
    "copper": ("Copper", "metr. t"),
    "sand": ("Sand and gravel (construction)", "metr. t"),
}
"""Name and unit of each family in the table; timber is no mineral."""
UNIT_KG = {"kg": 1.0, "metr. t": 1000.0}
PROVISIONAL_YEARS = 1
ESTIMATED_DIGITS = 2
"""Significant digits of an estimate."""


def output(site_months: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Output by country, family and year, apart by kind of site (schema Output)."""
    named = site_months.join(sites.select("site_id", "kind", "country", "family"), on="site_id", maintain_order="left")
    kinds = {"legal_kg": "legal_mine", "artisanal_kg": "artisanal", "illegal_kg": "illegal"}
    kind = pl.col("kind").cast(pl.String)
    sums = named.group_by("country", "family", pl.col("month").dt.year().alias("year"), maintain_order=True).agg(
        pl.col("contained_kg").filter(kind == name).sum().alias(column) for column, name in kinds.items()
    )
    return tables.Output.validate(sums.sort(KEY), cast=True)


def reported_output(
    config: WorldConfig, truth: pl.DataFrame, sites: pl.DataFrame, country_years: pl.DataFrame
) -> pl.DataFrame:
    """Mine output as published, in the long layout of World Mining Data: columns mineral, iso3, year, production, unit
    and source_flag (r reported, p provisional, e estimated); an empty production is not known."""
    chance = config.chance("mining", "reported")
    pairs = _pairs(config, truth, country_years, chance)
    grid = pairs.join(pl.DataFrame({"year": list(config.years)}, schema={"year": pl.Int32}), how="cross")
    rows = grid.join(truth, on=KEY, how="left", maintain_order="left").with_columns(
        pl.col("legal_kg", "artisanal_kg").fill_null(0.0)
    )
    rows = rows.with_columns(counted=pl.col("legal_kg") + pl.col("counted_share") * pl.col("artisanal_kg"))
    rows = rows.filter((pl.col("counted") > 0).cum_sum().over("country", "family") > 0)
    rows = _published(config, rows, chance)
    rows = _under_neighbour(rows, sites, chance)
    listed = pl.DataFrame(
        [(family, *names) for family, names in LISTED.items()], schema=["family", "mineral", "unit"], orient="row"
    )
    order = ("mineral", "iso3", "year", "production")
    return (
        rows.join(listed, on="family")
        .select("mineral", pl.col("country").alias("iso3"), "year", "production", "unit", "source_flag")
        .sort(order)
    )


def _pairs(
    config: WorldConfig, truth: pl.DataFrame, country_years: pl.DataFrame, chance: np.random.Generator
) -> pl.DataFrame:
    """Pairs of country and family that the table lists, with the habits of their offices."""
    mining = config.mining
    score = country_years.group_by("country").agg(pl.col("governance").mean().round(9)).sort("country", "governance")
    rank = (pl.col("governance").rank("ordinal") - 1) / max(score.height - 1, 1)
    worst, best = mining.artisanal_counted
    offices = score.with_columns(counted_share=worst + (best - worst) * rank, rank=rank)
    odds = np.exp(-2.0 * offices["rank"].to_numpy())
    silent = chance.choice(
        offices.height, of_size(config, mining.unlisted_countries), replace=False, p=odds / odds.sum()
    )
    listed = offices.filter(~pl.int_range(pl.len()).is_in(silent.tolist()))
    pairs = truth.filter(pl.col("family").is_in(list(LISTED))).select("country", "family").unique()
    pairs = pairs.join(listed, on="country").sort("country", "family")
    draws = chance.random((3, pairs.height))
    return pairs.with_columns(
        estimates=pl.Series(draws[0] < mining.estimated_countries) | (pl.col("rank") < 0.1),
        repeats=pl.Series(np.where(draws[1] < mining.repeated_last, 1 + (draws[1] * 1e6).astype(int) % 2, 0)),
    ).filter(pl.Series(draws[2] >= mining.unlisted_pairs))


def _published(config: WorldConfig, rows: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """Add production in the unit of the table, null where not known, and source_flag."""
    mining = config.mining
    size = rows.height
    provisional = pl.col("year") > config.last_year - PROVISIONAL_YEARS
    estimated = pl.col("estimates") & pl.Series(chance.random(size) < 0.6)
    flag = pl.when(estimated).then(pl.lit("e")).when(provisional).then(pl.lit("p")).otherwise(pl.lit("r"))
    errors = dict(zip("rpe", mining.count_error_sd, strict=True))
    rows = rows.with_columns(source_flag=flag, unit_kg=_in_table_units())
    sd = pl.col("source_flag").replace_strict(errors, return_dtype=pl.Float64)
    error = (sd * pl.Series(chance.standard_normal(size))).exp()
    figure = pl.col("counted") * error / pl.col("unit_kg")
    rough = figure.round_sig_figs(ESTIMATED_DIGITS)
    production = pl.when(pl.col("source_flag") == "e").then(rough).otherwise(figure.round())
    is_known = pl.Series(chance.random(size) >= mining.missing_cells)
    return _repeated(config, rows.with_columns(production=pl.when(is_known).then(production)))


def _in_table_units() -> pl.Expr:
    """Contained kg in one unit of the table, by family."""
    factors = {}
    for family, (name, unit) in LISTED.items():
        feeds = production_of(name)
        content = contained_factor(family_named(family).codes[0]) if feeds and feeds.basis == "ore" else None
        factors[family] = UNIT_KG[unit] * (feeds.factor if feeds else 1.0) * (content[1] if content else 1.0)
    return pl.col("family").replace_strict(factors, return_dtype=pl.Float64)


def _repeated(config: WorldConfig, rows: pl.DataFrame) -> pl.DataFrame:
    """Replace the last one or two figures of some pairs by the one before them, marked as estimates."""
    is_stale = pl.col("year") > config.last_year - pl.col("repeats")
    held = pl.when(~is_stale).then("production").forward_fill().over("country", "family", order_by="year")
    return rows.with_columns(
        production=pl.when(is_stale).then(held).otherwise("production"),
        source_flag=pl.when(is_stale).then(pl.lit("e")).otherwise("source_flag"),
    )


def _under_neighbour(rows: pl.DataFrame, sites: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """Book the output of one small producer under the country that mines nearest to it."""
    centres = (
        sites.filter(pl.col("country").is_in(rows["country"].unique().to_list()))
        .sort("site_id")
        .group_by("country", maintain_order=True)
        .agg(pl.col("lon", "lat").mean(), pl.len().alias("sites"))
        .sort("country")
    )
    if centres.height < 2:
        return rows
    small = centres.with_row_index().filter(pl.col("sites") <= pl.col("sites").median())["index"].to_list()
    moved = int(chance.choice(small))
    lon, lat = centres["lon"].to_numpy(), centres["lat"].to_numpy()
    away: Floats = distance_km(lon, lat, lon[moved], lat[moved])
    away[moved] = np.inf
    names = centres["country"]
    return rows.with_columns(country=pl.col("country").replace(names[moved], names[int(away.argmin())]))
