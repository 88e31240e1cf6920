"""The matched clean null: pairs whose numbers are good enough to show what ordinary looks like.

A reporter is clean in a source when the spread of its mirror ratios is in the lowest third of all
reporters with at least MINIMUM two-sided rows there. Where a source holds no declarations (BACI), the
third of countries with the highest mean political stability takes that place. A pair is clean when
both ends are.
"""

import polars as pl

from models.flows.context import Context

MINIMUM = 10
"""Two-sided rows below which a reporter's spread is not known."""
THIRD = 1 / 3


def clean_pairs(flows: pl.DataFrame, context: Context) -> pl.Series:
    """True for flows between two clean countries, in the order of `flows`."""
    countries = clean_countries(flows, context)
    listed = [
        pl.struct("source", country).is_in(
            countries.select(pl.struct("source", pl.col("country").alias(country))).to_series().implode()
        )
        for country in ("exporter", "importer")
    ]
    return flows.select(is_null=listed[0] & listed[1])["is_null"]


def clean_countries(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Clean countries by source: columns source, country."""
    two_sided = flows.filter(pl.col("export_value_usd") > 0, pl.col("import_value_usd") > 0)
    declared = _by_spread(two_sided)
    silent = flows.select("source").unique().join(declared.select("source").unique(), on="source", how="anti")
    return pl.concat([declared, silent.join(_stable(context.governance), how="cross")])


def _by_spread(two_sided: pl.DataFrame) -> pl.DataFrame:
    """Lowest third of reporters by the spread of log(M / X) around each pair's own median."""
    ratio = (pl.col("import_value_usd") / pl.col("export_value_usd")).log()
    off = two_sided.select(
        "source",
        "exporter",
        "importer",
        off=(ratio - ratio.median().over("source", "exporter", "importer", "commodity")).abs(),
    )
    sides = pl.concat([off.select("source", "off", country=side) for side in ("exporter", "importer")])
    spread = sides.group_by("source", "country").agg(pl.col("off").mean(), pl.len()).filter(pl.col("len") >= MINIMUM)
    return spread.filter(pl.col("off") <= pl.col("off").quantile(THIRD).over("source")).select("source", "country")


def _stable(governance: pl.DataFrame) -> pl.DataFrame:
    """Third of countries with the highest mean political stability."""
    mean = governance.group_by("country").agg(pl.col("estimate").mean()).drop_nulls()
    return mean.filter(pl.col("estimate") >= pl.col("estimate").quantile(1 - THIRD)).select("country")
