"""Hubs: countries that sell what they bought, commodity by commodity and year by year.

    passed  = min(imports, exports)       USD; what can have passed through within the year
    covered = passed / exports            share of the exports that the imports of the same year can account for

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
    """Exports and imports of every country by commodity and year, in time order: USD and kg (None counts as none)."""
    sides = [
        rows.select(
            *("source", "commodity", "period"),
            pl.col(end).alias("country"),
            pl.col("value_usd").alias(f"{name}_usd"),
            pl.col("reconciled_mass_kg").alias(f"{name}_kg"),
        )
        for end, name in (("exporter", "exports"), ("importer", "imports"))
    ]
    both = pl.concat(sides, how="diagonal").group_by(*HUB, "period")
    sums = both.agg(pl.col("exports_usd", "imports_usd", "exports_kg").sum()).sort(*HUB, "period")
    passed = pl.min_horizontal("exports_usd", "imports_usd")
    return sums.with_columns(passed_usd=passed, covered_share=passed / pl.col("exports_usd"))


def hubs(known: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Country-years of `books` that sold what they bought, without the producers that are known."""
    passing = known.filter(pl.col("covered_share") >= COVERED, pl.col("exports_usd") > 0)
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
