"""Supply balance: can a country have had what its exports contain?

    excess = exports - imports - production - stock allowance        (kg of contained metal, per country and year)
    z      = excess / sd, counted up to 2.75

The stock allowance is net imports cumulated over the years before, never below zero. sd combines 30 % of exports,
imports and stock, the production source's own interval (an unlisted producer made "0 to 1 t", not zero), and half
a tonne for rounding. For precious metals the contained mass is value over the
world price, since declared weights hold dore and unit faults; for ores it is mass times a content factor, whose
range adds to the sd. The excess is shared among the country's outgoing flows by contained mass, and those of
at least 5 % are judged.

A positive excess is unrecorded supply: own output, unrecorded imports, scrap or stock. It accuses nobody.
"""

import math

import polars as pl

from graphs.commodities import Family, contained_factor, family_named
from graphs.flags import Flag, has_flag
from models.flows.clean import clean_countries
from models.flows.context import Context
from models.flows.parts import NORMAL_80, answer, parts
from models.flows.prices import MARKET, OUT_OF_RANGE, implied_mass, world_unit_values

TRADE_SD = 0.30
NOT_LISTED_KG = 1000.0
"""Upper end of what a country that the production source does not list may have made."""
SATURATED = 2.75
"""z at which some 83 % of the exports are unaccounted for. The sd holds 30 % of exports, so that z ends at 3.3 for
everyone, and what lies above this differs only by how well a country's figures happen to be known."""
MATERIAL = 0.05
"""A flow below this share of its country's exports that year is too small to carry the excess."""
KEY = ("source", "country", "period")
INTERVAL_TO_SD = 1 / (2 * NORMAL_80)
"""Width of a 10-90 % interval to one sd."""


def balance(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The country exported more of this metal than it mined, imported and can have had in stock."""
    contained = contained_mass(flows, context.family)
    books = balance_sheet(contained, context)
    z = pl.col("excess_kg") / pl.col("excess_sd_kg")
    books = books.with_columns(statistic=z.clip(upper_bound=SATURATED))
    clean = clean_countries(flows, context)
    rows = contained.join(
        books.rename({"country": "exporter"}), on=["source", "exporter", "period"], how="inner", maintain_order="left"
    ).filter(pl.col("contained_kg") >= MATERIAL * pl.col("exports_kg"), pl.col("exports_kg") > 0)
    largest = pl.col("contained_kg") == pl.col("contained_kg").max().over("source", "exporter", "period")
    is_clean = pl.struct("source", country="exporter").is_in(
        clean.select(pl.struct("source", "country")).to_series().implode()
    )
    part_of_exports = pl.col("contained_kg") / pl.col("exports_kg")
    rows = rows.with_columns(
        # One null row per country and year: its flows share one statistic.
        is_null=largest & is_clean,
        gap_mass_kg=pl.col("excess_kg").clip(lower_bound=0.0) * part_of_exports,
        gap_value_usd=pl.col("excess_kg").clip(lower_bound=0.0) * part_of_exports * pl.col("usd_per_contained_kg"),
    )
    worth = part_of_exports * pl.col("usd_per_contained_kg")
    rows = rows.with_columns(
        ((pl.col("excess_kg") + sds * pl.col("excess_sd_kg")).clip(lower_bound=0.0) * worth).alias(name)
        for name, sds in (("gap_low_usd", -NORMAL_80), ("gap_high_usd", NORMAL_80))
    )
    shown = (
        "exports_kg", "imports_kg", "production_kg", "stock_allowance_kg", "excess_kg", "excess_sd_kg",
        "excess_by_declared_mass_kg", "is_listed_producer", "is_output_doubled", "gap_low_usd", "gap_high_usd",
    )  # fmt: skip
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "balance")


def contained_mass(flows: pl.DataFrame, family: str) -> pl.DataFrame:
    """Add contained_kg, declared_kg, content_sd (relative) and usd_per_contained_kg to each flow that has them."""
    spec = family_named(family)
    prices = world_unit_values(flows)
    factors = _factors(flows, spec)
    rows = flows.filter(pl.col("exporter") != pl.col("importer")).join(
        prices, on=MARKET, how="left", maintain_order="left"
    )
    rows = rows.join(factors, on=["source", "commodity"], how="inner", maintain_order="left")
    by_weight = pl.col("reconciled_mass_kg") * pl.col("content")
    if spec.price_checked:
        # What the price implies is fine metal already, whatever the weight says.
        mass, sd = implied_mass(), pl.lit(0.0)
    else:
        implied = implied_mass() * pl.col("content")
        # A weight that the price contradicts tenfold is a unit fault.
        is_fault = ~(by_weight / implied).is_between(1 / OUT_OF_RANGE, OUT_OF_RANGE)
        mass = pl.when(by_weight.is_null() | is_fault).then(implied).otherwise(by_weight)
        sd = pl.col("content_sd")
    return rows.with_columns(
        contained_kg=mass,
        content_sd=sd,
        declared_kg=by_weight,
        usd_per_contained_kg=pl.col("reconciled_value_usd") / mass,
    )


def _factors(flows: pl.DataFrame, spec: Family) -> pl.DataFrame:
    """Content by source and commodity, for the stages that the source lets be balanced.

    Only metals that mines dig for are balanced (Family.is_balanced). Where a source lacks a stage of the family
    (BACI's minerals hold bauxite and aluminium but no alumina), a smelter's purchases cannot be seen, so only the
    first stage is balanced: what a country ships as ore it dug or bought as ore.
    """
    rows: list[tuple[str, str, float, float]] = []
    for (source,), held in flows.group_by("source", maintain_order=True):
        codes = held["commodity"].unique().sort().to_list()
        stages = {code[:4] for code in spec.contained}
        whole = stages <= {code[:4] for code in codes}
        for code in codes:
            factor = contained_factor(code)
            if factor and spec.is_balanced and (whole or code.startswith(spec.codes[0])):
                rows.append((str(source), code, factor[1], math.log(factor[2] / factor[0]) * INTERVAL_TO_SD))
    schema = {"source": pl.String, "commodity": pl.String, "content": pl.Float64, "content_sd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def balance_sheet(contained: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Exports, imports, production, stock, excess and sd by source, country and year, where production is known."""
    books = _trade(contained, "exporter", "exports").join(
        _trade(contained, "importer", "imports"), on=KEY, how="full", coalesce=True
    )
    books = books.with_columns(pl.col("^(exports|imports)_.*$").fill_null(0.0)).sort(KEY)
    books = books.with_columns(_stock("imports_kg", "exports_kg"), _stock("imports_declared_kg", "exports_declared_kg"))
    return _excess(_with_production(books, context))


def _trade(contained: pl.DataFrame, side: str, name: str) -> pl.DataFrame:
    return contained.group_by("source", pl.col(side).alias("country"), "period").agg(
        pl.col("contained_kg").sum().alias(f"{name}_kg"),
        pl.col("declared_kg").sum().alias(f"{name}_declared_kg"),
        (pl.col("contained_kg") * pl.col("content_sd")).sum().alias(f"{name}_content_sd_kg"),
    )


def _stock(imports: str, exports: str) -> pl.Expr:
    """Net imports cumulated over the years before, never below zero."""
    net = (pl.col(imports) - pl.col(exports)).cum_sum().shift(1).over("source", "country", order_by="period")
    return net.fill_null(0.0).clip(lower_bound=0.0).alias(imports.replace("imports", "stock_allowance"))


def _with_production(books: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mine output beside the books; years that the production source does not cover are left out."""
    # A total of all goods has no code of its own.
    ore = next(map(contained_factor, family_named(context.family).codes), None)
    to_content = pl.when(pl.col("basis").cast(pl.String) == "ore").then(ore[1] if ore else None).otherwise(1.0)
    made = (
        context.production.filter(pl.col("commodity") == context.family)
        .with_columns(pl.col("mass_kg", "mass_low_kg", "mass_high_kg") * to_content)
        .group_by("country", period="year")
        .agg(
            production_kg=pl.col("mass_kg").mean(),
            production_sd_kg=((pl.col("mass_high_kg") - pl.col("mass_low_kg")) * INTERVAL_TO_SD).mean(),
            is_output_doubled=has_flag(Flag.DUPLICATE_PRODUCTION).any(),
        )
    )
    covered = made.filter(pl.col("production_kg") > 0).select("period").unique()
    return (
        books.join(covered, on="period", how="semi")
        .join(made, on=["country", "period"], how="left")
        .with_columns(is_listed_producer=pl.col("production_kg").is_not_null())
        .with_columns(
            pl.col("production_kg").fill_null(NOT_LISTED_KG / 2),
            pl.col("production_sd_kg").fill_null(NOT_LISTED_KG / 2),
        )
    )


def _excess(books: pl.DataFrame) -> pl.DataFrame:
    def excess(suffix: str) -> pl.Expr:
        stock = pl.col(f"stock_allowance{suffix}")
        return pl.col(f"exports{suffix}") - pl.col(f"imports{suffix}") - pl.col("production_kg") - stock

    variance = (
        sum(
            ((TRADE_SD * pl.col(name)) ** 2 for name in ("exports_kg", "imports_kg", "stock_allowance_kg")), pl.lit(0.0)
        )
        + pl.col("production_sd_kg") ** 2
        + (NOT_LISTED_KG / 2) ** 2
        + pl.col("exports_content_sd_kg") ** 2
        + pl.col("imports_content_sd_kg") ** 2
    )
    return books.with_columns(
        excess_kg=excess("_kg"), excess_by_declared_mass_kg=excess("_declared_kg"), excess_sd_kg=variance.sqrt()
    )
