"""What stands beside the rows of single partners: re-exports, world totals, headings, the total of all goods."""

import polars as pl

from models.world.config import WorldConfig
from models.world.customs.months import HEADING
from models.world.customs.offices import edition_of
from models.world.customs.sums import added

WORLD = 0
TOTAL = 0
"""Stands for the code of all goods."""
OPENNESS, GROWTH = 0.22, 0.03
"""All goods that a middling country trades one way, over its GDP, and the growth of that by year."""
LEAST_TOTAL = 1.5
"""All goods over those of this world's commodities, at least."""
SIDE = ("reporter", "year", "month", "flow", "edition")
VALUES = ("value_usd", "freight_usd")


def flows(offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `flow`: exports X and imports M, and beside them re-exports RX of offices that publish them."""
    shows = offices.filter("shows_reexports")["reporter"]
    plain = rows.with_columns(flow=pl.when("is_export").then(pl.lit("X")).otherwise(pl.lit("M")))
    passed = plain.filter(
        pl.col("reporter").is_in(shows.implode()) & pl.col("is_export") & (pl.col("reexport_usd") > 0)
    )
    share = pl.col("reexport_usd") / pl.col("value_usd")
    mass = (pl.col("mass_kg") * share).round(3)
    reexports = passed.with_columns(flow=pl.lit("RX"), mass_kg=mass, value_usd=pl.col("reexport_usd"))
    return pl.concat([plain, reexports]).drop("is_export", "reexport_usd")


def with_totals(
    config: WorldConfig, offices: pl.DataFrame, reporting: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Partner rows that are told, headings, world totals (with what is withheld), and all goods of all who report."""
    six = rows.with_columns(digits=pl.lit(6, pl.Int32))
    four = rows.with_columns(pl.col("commodity") // HEADING, digits=pl.lit(4, pl.Int32))
    four = _summed(four, ("partner", "is_withheld"))
    both = pl.concat([six, four.select(six.columns)])
    world = _summed(both.with_columns(partner=pl.lit(WORLD, pl.Int32), is_withheld=False), ("partner", "is_withheld"))
    shows = pl.col("reporter").is_in(offices.filter("shows_headings")["reporter"].implode())
    told = both.filter(pl.col("is_withheld").not_() & ((pl.col("digits") == 6) | shows))
    return pl.concat([told, world.select(six.columns), _all_goods(config, offices, reporting, world, six.columns)])


def _summed(rows: pl.DataFrame, more: tuple[str, ...]) -> pl.DataFrame:
    """Sums by reporter, period, flow and code; mass of what was weighed, estimated if any part is."""
    keys = (*SIDE, *more, "commodity", "digits")
    sums = added(rows.with_columns(pl.col("mass_kg").fill_null(0.0)), keys, (*VALUES, "mass_kg"))
    marks = rows.group_by(keys).agg(pl.col("is_estimated").any(), pl.col("is_fob").all())
    frame = sums.join(marks, on=keys, how="left", maintain_order="left")
    weighed = pl.when(pl.col("mass_kg") > 0).then(pl.col("mass_kg").round(3))
    return frame.with_columns(weighed.alias("mass_kg"), *(pl.col(name).round(3) for name in VALUES))


def _all_goods(
    config: WorldConfig, offices: pl.DataFrame, reporting: pl.DataFrame, world: pl.DataFrame, columns: list[str]
) -> pl.DataFrame:
    """One annual row per office that reports, year and direction; larger than what is listed of it."""
    keys = ["reporter", "year", "flow"]
    size = offices.select("reporter", "gdp_usd", "values_fob", "edition_lag")
    frame = reporting.join(pl.DataFrame({"flow": ["M", "X"]}), how="cross")
    frame = frame.join(size, on="reporter", how="left", maintain_order="left")
    listed = added(world.filter((pl.col("month") == 0) & (pl.col("digits") == 6)), keys, ["value_usd"])
    frame = frame.join(listed, on=keys, how="left", maintain_order="left")
    usual = pl.col("gdp_usd") * OPENNESS * (1 + GROWTH) ** (pl.col("year") - config.first_year)
    value = pl.max_horizontal(usual, pl.col("value_usd").fill_null(0.0) * LEAST_TOTAL).round(0)
    return frame.with_columns(
        value_usd=value,
        freight_usd=pl.lit(0.0),
        mass_kg=pl.lit(None, pl.Float64),
        is_estimated=False,
        is_fob=(pl.col("flow") == "X") | pl.col("values_fob"),
        month=pl.lit(0, pl.Int32),
        partner=pl.lit(WORLD, pl.Int32),
        commodity=pl.lit(TOTAL, pl.Int32),
        digits=pl.lit(0, pl.Int32),
        is_withheld=False,
        edition=edition_of(pl.col("year"), pl.col("edition_lag")),
    ).select(columns)
