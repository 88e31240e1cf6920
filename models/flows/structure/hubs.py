"""Hubs: countries that sell what they bought, commodity by commodity and year by year.

    covered = min(imports, exports) / exports       share of the exports that the imports of the year can account for

A country is a hub of a commodity where `covered` is at least half and, where the output of mines is known for that
year, its own output is below half of what its exports contain.
"""

import polars as pl

from graphs.commodities import contained_factor
from models.flows.context import Context

HUB = ("source", "country", "commodity")
COVERED = 0.5
OWN = 0.5


def books(rows: pl.DataFrame) -> pl.DataFrame:
    """Exports and imports of every country by commodity and year, in time order, in USD and kg.

    A country's own declarations where it makes them, else the reconciled amount. An unknown mass adds nothing.
    """
    sides = [
        rows.select(
            *("source", "commodity", "period"),
            pl.col(end).alias("country"),
            pl.coalesce(f"{name[:-1]}_value_usd", "value_usd").alias(f"{name}_usd"),
            pl.col("reconciled_mass_kg").alias(f"{name}_kg"),
        )
        for end, name in (("exporter", "exports"), ("importer", "imports"))
    ]
    both = pl.concat(sides, how="diagonal").group_by(*HUB, "period")
    sums = both.agg(pl.col("exports_usd", "imports_usd", "exports_kg").sum()).sort(*HUB, "period")
    covered = pl.min_horizontal("exports_usd", "imports_usd") / pl.col("exports_usd")
    return sums.with_columns(covered_share=pl.when(pl.col("exports_usd") > 0).then(covered))


def hubs(known: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Country-years of `books` that sold what they bought, without the producers that are known."""
    passing = known.filter(pl.col("covered_share") >= COVERED)
    own = _output(context).rename({"year": "period"})
    rows = passing.join(own, on=["country", "period"], how="left", maintain_order="left")
    codes = rows["commodity"].unique().sort()
    content = pl.DataFrame(
        {"commodity": codes, "content": pl.Series([_content(code) for code in codes], dtype=pl.Float64)}
    )
    rows = rows.join(content, on="commodity", how="left", maintain_order="left")
    produces = pl.col("output_kg") >= OWN * pl.col("exports_kg") * pl.col("content")
    return rows.filter(~produces.fill_null(False)).drop("output_kg", "content")


def _output(context: Context) -> pl.DataFrame:
    """Mine output in kg by country and year."""
    mine = context.production.filter(pl.col("commodity") == context.family)
    return mine.group_by("country", "year").agg(output_kg=pl.col("mass_kg").max())


def _content(code: str) -> float:
    """kg of the basis in one kg of goods; 1 where no range is known, so that only large output makes a producer."""
    factor = contained_factor(code)
    return factor[1] if factor else 1.0
