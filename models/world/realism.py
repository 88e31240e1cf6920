"""How declared trade looks, measured the same way on real declarations and on those of a world.

All measures take one table of flows, one row per exporter, importer, commodity and year, with what either side declares
(null where it declares nothing) and whether it reported that year at all (FLOWS). Size bands are orders of magnitude of
the larger declaration in USD. The measures know nothing of how a world is made.
"""

from collections.abc import Mapping, Sequence

import polars as pl

FLOWS: Mapping[str, pl.DataType] = {
    "exporter": pl.String(),
    "importer": pl.String(),
    "commodity": pl.String(),
    "year": pl.Int32(),
    "export_value_usd": pl.Float64(),
    "import_value_usd": pl.Float64(),
    "export_mass_kg": pl.Float64(),
    "import_mass_kg": pl.Float64(),
    "exporter_reported": pl.Boolean(),
    "importer_reported": pl.Boolean(),
}
QUANTILES = (0.01, 0.25, 0.5, 0.75, 0.99)
WIDE = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = ("below 1 k", "1-10 k", "10-100 k", "0.1-1 M", "1-10 M", "10-100 M", "above 100 M")
SMALLEST, LARGEST = 2, 8
"""Powers of ten that bound the bands."""
TOP = 10
"""Partners that count in NDCG."""
MANY = 20
"""Flows below which a quantile or share is not told."""


def banded(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows between different ends with `value_usd` (the larger declaration, unless given) and `band`."""
    between = flows.filter(pl.col("exporter") != pl.col("importer"))
    if "value_usd" not in flows.columns:
        between = between.with_columns(value_usd=pl.max_horizontal("export_value_usd", "import_value_usd"))
    traded = between.filter(pl.col("value_usd") > 0)
    # log10(1000) falls short of 3 by rounding.
    power = (pl.col("value_usd").log10() + 1e-9).floor().clip(SMALLEST, LARGEST).cast(pl.Int32) - SMALLEST
    return traded.with_columns(band=power.replace_strict(dict(enumerate(BANDS)), return_dtype=pl.Enum(BANDS)))


def mirror_gaps(flows: pl.DataFrame) -> pl.DataFrame:
    """Quantiles of log(M / X) in value by commodity and band, and its `rows`."""
    both = banded(flows).filter((pl.col("export_value_usd") > 0) & (pl.col("import_value_usd") > 0))
    gap = (pl.col("import_value_usd") / pl.col("export_value_usd")).log()
    return _quantiles(both.with_columns(gap=gap), "gap", QUANTILES)


def mass_gaps(flows: pl.DataFrame) -> pl.DataFrame:
    """Quantiles of log(M / X) in unit value: what the masses of the two sides disagree on beyond the values."""
    names = ("export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg")
    both = banded(flows).filter(pl.all_horizontal(pl.col(name) > 0 for name in names))
    value = (pl.col("import_value_usd") / pl.col("export_value_usd")).log()
    mass = (pl.col("import_mass_kg") / pl.col("export_mass_kg")).log()
    return _quantiles(both.with_columns(gap=value - mass), "gap", WIDE)


def gap_persistence(flows: pl.DataFrame) -> pl.DataFrame:
    """Rank correlation of log(M / X) with that of the same line in the year before, by commodity; above 10 k USD."""
    large = pl.col("value_usd") >= 1e4
    both = banded(flows).filter(large & (pl.col("export_value_usd") > 0) & (pl.col("import_value_usd") > 0))
    line = ["exporter", "importer", "commodity"]
    gap = both.select(*line, "year", gap=(pl.col("import_value_usd") / pl.col("export_value_usd")).log())
    before = gap.select(*line, pl.col("year") + 1, before="gap")
    pairs = gap.join(before, on=[*line, "year"]).group_by("commodity")
    return pairs.agg(rows=pl.len(), correlation=pl.corr("gap", "before", method="spearman")).sort("commodity")


def one_sided(flows: pl.DataFrame) -> pl.DataFrame:
    """Share of what one side declares that the other does not, although it reported that year.

    `importer_silent` is of exports whose importer reported (`exports`), `exporter_silent` likewise (`imports`).
    """
    frame = banded(flows)
    export, imported = (pl.col(f"{side}_value_usd").fill_null(0.0) > 0 for side in ("export", "import"))
    exports, imports = export & pl.col("importer_reported"), imported & pl.col("exporter_reported")
    counted = frame.group_by("commodity", "band").agg(
        exports=exports.sum(),
        importer_silent=(exports & imported.not_()).sum() / exports.sum(),
        imports=imports.sum(),
        exporter_silent=(imports & export.not_()).sum() / imports.sum(),
    )
    return counted.sort("commodity", "band")


def missing_reports(reporting: pl.DataFrame) -> pl.DataFrame:
    """Share of reporters that have no rows, by age (0 is the last year); of those who ever report.

    reporting: `reporter`, `year`.
    """
    known = reporting.select("reporter", "year").unique()
    everyone = known["reporter"].n_unique()
    by_year = known.group_by("year").len().with_columns(age=pl.col("year").max() - pl.col("year"))
    return by_year.select("age", "year", missing=1 - pl.col("len") / everyone).sort("age")


def persistence(flows: pl.DataFrame) -> pl.DataFrame:
    """Mean NDCG@10 of last year's value as a forecast of an exporter's partners, by commodity.

    Per exporter and year with trade in both: DCG = sum over the ten largest partners of last year of
    value / log2(rank + 1), over the same of this year's own order. Gains are values, as in the node tasks of the
    Temporal Graph Benchmark (Huang et al. 2023).
    """
    keys = ["exporter", "importer", "commodity", "year"]
    frame = banded(flows).select(*keys, "value_usd")
    before = frame.with_columns(pl.col("year") + 1).rename({"value_usd": "before_usd"})
    node = ["exporter", "commodity", "year"]
    both = frame.join(before, on=keys, how="full", coalesce=True).with_columns(
        pl.col("value_usd", "before_usd").fill_null(0.0)
    )
    both = both.filter(
        (pl.col("value_usd").sum().over(node) > 0) & (pl.col("before_usd").sum().over(node) > 0)
    ).with_columns(
        forecast=_place("before_usd", node),
        ideal=_place("value_usd", node),
    )
    scores = both.group_by(node).agg(
        score=_gain("forecast", pl.col("before_usd") > 0) / _gain("ideal", pl.col("value_usd") > 0)
    )
    return scores.group_by("commodity").agg(rows=pl.len(), ndcg=pl.col("score").mean()).sort("commodity")


def _place(column: str, node: list[str]) -> pl.Expr:
    """Rank within a node, the largest first; ties by the partner's name."""
    return pl.struct(-pl.col(column), "importer").rank("ordinal").over(node)


def _gain(place: str, known: pl.Expr) -> pl.Expr:
    counts = known & (pl.col(place) <= TOP)
    return (pl.col("value_usd") / (pl.col(place) + 1).log(2)).filter(counts).sum()


def degrees(flows: pl.DataFrame) -> pl.DataFrame:
    """Partners and value of each country that trades, by commodity: quantiles within a year, middle of all years.

    `direction` out or in; `degree_median`, `degree_90`, `degree_most` partners; `top_share` and `top5_share` of the
    year's value; `strength_spread` log10 of the 90 % quantile over the median of value.
    """
    frame = banded(flows)
    parts = []
    for direction, node in (("out", "exporter"), ("in", "importer")):
        nodes = frame.group_by("commodity", "year", node).agg(degree=pl.len(), value=pl.col("value_usd").sum())
        yearly = nodes.group_by("commodity", "year").agg(
            degree_median=pl.col("degree").median(),
            degree_90=pl.col("degree").quantile(0.9, "linear"),
            degree_most=pl.col("degree").max().cast(pl.Float64),
            top_share=pl.col("value").max() / pl.col("value").sum(),
            top5_share=pl.col("value").top_k(5).sum() / pl.col("value").sum(),
            strength_spread=(pl.col("value").quantile(0.9, "linear") / pl.col("value").median()).log10(),
        )
        middle = yearly.group_by("commodity").agg(pl.exclude("year").median())
        parts.append(middle.with_columns(direction=pl.lit(direction)))
    return pl.concat(parts).sort("commodity", "direction")


def unit_values(flows: pl.DataFrame) -> pl.DataFrame:
    """Quantiles of the log of importers' USD per kg over its median of the commodity and year, by band."""
    weighed = banded(flows).filter((pl.col("import_mass_kg") > 0) & (pl.col("import_value_usd") > 0))
    price = (pl.col("import_value_usd") / pl.col("import_mass_kg")).log()
    own = price - price.median().over("commodity", "year")
    return _quantiles(weighed.with_columns(price=own), "price", WIDE)


def sizes(flows: pl.DataFrame) -> pl.DataFrame:
    """Share of flows in each band by commodity."""
    counted = banded(flows).group_by("commodity", "band").agg(rows=pl.len())
    return counted.with_columns(share=pl.col("rows") / pl.col("rows").sum().over("commodity")).sort("commodity", "band")


def _quantiles(frame: pl.DataFrame, column: str, quantiles: Sequence[float]) -> pl.DataFrame:
    """Quantiles (`q25` and so on) by commodity and band of at least MANY rows."""
    asked = [pl.col(column).quantile(one, "linear").alias(f"q{round(100 * one)}") for one in quantiles]
    found = frame.group_by("commodity", "band").agg(pl.len().alias("rows"), *asked)
    return found.filter(pl.col("rows") >= MANY).sort("commodity", "band")
