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
UPPER = (0.25, 0.5, 0.75, 0.95)
LINE = ("exporter", "importer", "commodity")
BANDS = ("below 1 k", "1-10 k", "10-100 k", "0.1-1 M", "1-10 M", "10-100 M", "above 100 M")
SMALLEST, LARGEST = 2, 8
"""Powers of ten that bound the bands."""
TOP = 10
"""Partners that count in NDCG."""
LARGE_USD = 1e4
"""Least value of flows whose gap or silence is followed from year to year."""
SILENT = 0.01
"""Share of the partner's value below which a side counts as silent."""
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
    pairs = _gap_pairs(flows).filter(pl.col("value_usd") >= LARGE_USD, pl.col("value_before_usd") >= LARGE_USD)
    found = pairs.group_by("commodity").agg(rows=pl.len(), correlation=pl.corr("gap", "before", method="spearman"))
    return found.sort("commodity")


def gap_changes(flows: pl.DataFrame) -> pl.DataFrame:
    """Quantiles of |change| of log(M / X) from one year to the next, by commodity and band of the smaller year."""
    pairs = _gap_pairs(flows)
    smaller = pairs.with_columns(
        change=(pl.col("gap") - pl.col("before")).abs(), value_usd=pl.min_horizontal("value_usd", "value_before_usd")
    )
    return _quantiles(banded(smaller), "change", UPPER)


def _gap_pairs(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows that both sides declare in two years on end: LINE, `year`, and of either year gap and larger value."""
    both = banded(flows).filter((pl.col("export_value_usd") > 0) & (pl.col("import_value_usd") > 0))
    gap = (pl.col("import_value_usd") / pl.col("export_value_usd")).log()
    years = both.select(*LINE, "year", "value_usd", gap=gap)
    before = years.select(*LINE, pl.col("year") + 1, before="gap", value_before_usd="value_usd")
    return years.join(before, on=[*LINE, "year"], how="inner")


def silence_changes(flows: pl.DataFrame) -> pl.DataFrame:
    """Whether a silent partner stays silent, by commodity and band of what the other side declares.

    Of flows above 10 k USD that one side declares in two years on end, the other's office publishing in both:
    `stays` is the share of those silent in the second year among those silent in the first, `falls` among the others.
    Silent is who declares less than a hundredth of the other's value.
    """
    sides = []
    for silent, told in (("export", "import"), ("import", "export")):
        known = flows.filter(pl.col(f"{silent}er_reported")).with_columns(value_usd=f"{told}_value_usd")
        rows = banded(known).filter(pl.col("value_usd") >= LARGE_USD)
        is_silent = pl.col(f"{silent}_value_usd").fill_null(0.0) < SILENT * pl.col("value_usd")
        years = rows.select(*LINE, "year", "band", is_silent=is_silent)
        before = years.select(*LINE, pl.col("year") + 1, was_silent="is_silent")
        sides.append(years.join(before, on=[*LINE, "year"], how="inner"))
    counted = (
        pl.concat(sides)
        .group_by("commodity", "band")
        .agg(
            rows=pl.len(),
            stays=pl.col("is_silent").filter("was_silent").mean(),
            falls=pl.col("is_silent").filter(pl.col("was_silent").not_()).mean(),
        )
    )
    return counted.filter(pl.col("rows") >= MANY).sort("commodity", "band")


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
