"""Where schemes can be planted: pairs of countries, their past at each year, and who is heard."""

import polars as pl

from models.planting.rules import Rules

PAIR = ("source", "exporter", "importer", "commodity")
KEY = (*PAIR, "period")
GROUP = ("source", "family", "is_declared")
"""Each of these is planted by itself, so that one does not depend on another."""


def annual(flows: pl.DataFrame) -> pl.DataFrame:
    """Yearly flows between two countries, by key, with one pair of amounts for either side.

    `x_value`, `x_mass`, `m_value`, `m_mass`: what the exporter and the importer declare, null where not above 0. Where
    the source is reconciled (`is_declared` false) the one amount stands in `x_*`. `value_usd` is the larger of both.
    """
    kinds = [pl.col(f"{end}_kind").cast(pl.String) == "country" for end in ("exporter", "importer")]
    rows = flows.filter(*kinds, pl.col("period") < 10_000, pl.col("exporter") != pl.col("importer"))
    declared = pl.col("exporter_reported").is_not_null()
    rows = rows.with_columns(
        is_declared=declared,
        x_value=pl.when(declared).then("export_value_usd").otherwise("reconciled_value_usd"),
        x_mass=pl.when(declared).then("export_mass_kg").otherwise("reconciled_mass_kg"),
        m_value=pl.when(declared).then("import_value_usd"),
        m_mass=pl.when(declared).then("import_mass_kg"),
    )
    sides = ["x_value", "x_mass", "m_value", "m_mass"]
    rows = rows.with_columns(pl.when(pl.col(name) > 0).then(name).alias(name) for name in sides)
    return rows.with_columns(value_usd=pl.max_horizontal("x_value", "m_value")).sort(KEY)


def with_past(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `annual` with what was known of the pair before that year.

    `past` and `past_both`: years traded, and years that both sides declared. `past_usd`: geometric mean of the value of
    the years traded. `is_followed` looks ahead, for stages alone: the pair has a row of the next year.
    """
    traded, both = pl.col("value_usd").is_not_null(), pl.col("x_value").is_not_null() & pl.col("m_value").is_not_null()
    before = [
        column.cum_sum().shift(1, fill_value=0).over(PAIR).alias(name)
        for name, column in {
            "past": traded.cast(pl.Int32),
            "past_both": both.cast(pl.Int32),
            "past_usd": pl.col("value_usd").log().fill_null(0.0),
        }.items()
    ]
    following = [pl.col(name).shift(-1) == pl.col(name) for name in PAIR]
    is_followed = pl.all_horizontal(*following, pl.col("period").shift(-1) == pl.col("period") + 1).fill_null(False)
    return rows.with_columns(*before, is_followed=is_followed).with_columns((pl.col("past_usd") / pl.col("past")).exp())


def has_past(rules: Rules) -> pl.Expr:
    """The pair has traded for long enough and enough, judged by earlier years alone."""
    return (pl.col("past") >= rules.past_years) & (pl.col("past_usd") >= rules.least_value_usd)


def at_risk(flows: pl.DataFrame, rules: Rules | None = None) -> pl.DataFrame:
    """flow_id of the flows in whose place schemes are planted: pairs with a past, by the same rule.

    Whoever trains on plants must compare traces with these alone: a long past and a large trade mark every planted
    pair, and say nothing about schemes.
    """
    return with_past(annual(flows)).filter(has_past(rules or Rules())).select("flow_id").sort("flow_id")


def stages(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Every onset that the rules allow: GROUP, kind, variant, PAIR, onset (rows of `with_past`).

    What a scheme bends must be declared in its first two years.
    """
    x, m = pl.col("x_value").is_not_null(), pl.col("m_value").is_not_null()
    mirrored = pl.col("past_both") >= rules.mirrored_years
    declared, heard = pl.col("is_declared"), pl.col("exporter_reported") & pl.col("importer_reported")
    lives = {
        ("smuggling", "on_top"): declared & m & pl.col("exporter_reported") & mirrored,
        ("phantom_export", "export"): declared & x & pl.col("importer_reported"),
        ("round_tripping", "cycle"): declared & heard & (x | m),
    }
    tables = []
    for names, when in ((rules.variants, declared & x & m & mirrored), (rules.supply_variants, ~declared & x)):
        for kind, variants in names.items():
            for variant in variants:
                fits = lives.get((kind, variant), when)
                tables.append(
                    _onsets(rows, fits.fill_null(False), rules).with_columns(kind=pl.lit(kind), variant=pl.lit(variant))
                )
    return pl.concat(tables).select(*GROUP, "kind", "variant", "exporter", "importer", "commodity", onset="period")


def _onsets(rows: pl.DataFrame, fits: pl.Expr, rules: Rules) -> pl.DataFrame:
    """Rows with a past that fit, as does the year after."""
    return rows.filter(has_past(rules) & fits & fits.shift(-1, fill_value=False) & pl.col("is_followed"))


def heard(flows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who reported anything (source, period, country), and which markets hold declarations of exports or of imports
    (source, commodity, period, exports_held, imports_held): what `graphs.flows.pair` calls heard."""
    ends = [flows.filter(f"{end}_reported").select("source", "period", country=end) for end in ("exporter", "importer")]
    markets = flows.group_by("source", "commodity", "period").agg(
        exports_held=pl.col("exporter_reported").fill_null(False).any(),
        imports_held=pl.col("importer_reported").fill_null(False).any(),
    )
    return pl.concat(ends).unique(), markets
