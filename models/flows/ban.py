"""Ban break: partners go on declaring imports of goods whose export is banned.

For an exporter under a published ban (graphs.events) for at least half of the year, statistic =
log10((M + 1000) / (X + 1000)) in USD: how much the partner declares beyond what the exporter does. The null is a
placebo: the same statistic for exporters that never banned these codes, in the years in which somebody did, whatever
their faults. The unmatched amount is M - X.
"""

import polars as pl

from graphs.events import BANS, Ban
from models.flows.context import Context
from models.flows.parts import NORMAL_80, answer, parts

ROUNDING_USD = 1000.0
HALF_A_YEAR = 0.5
"""A ban that covers less of the year leaves room for goods shipped before it or after."""


def ban_break(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Partners declare imports from a country in a year in which it had banned this export."""
    declared = flows.filter(
        pl.col("import_value_usd") > ROUNDING_USD, pl.col("exporter_reported"), pl.col("exporter") != pl.col("importer")
    )
    share = banned_share()
    rows = declared.with_columns(banned_share_of_year=share)
    in_force = pl.col("banned_share_of_year") >= HALF_A_YEAR
    markets = rows.filter(in_force).select("commodity", "period").unique()
    bans = rows.filter(pl.col("banned_share_of_year") > 0).select("commodity", "exporter").unique()
    exports = pl.col("export_value_usd").fill_null(0.0)
    placebo = rows.join(markets, on=["commodity", "period"], how="semi").join(
        bans, on=["commodity", "exporter"], how="anti"
    )
    rows = pl.concat([rows.filter(in_force), placebo]).with_columns(
        statistic=((pl.col("import_value_usd") + ROUNDING_USD) / (exports + ROUNDING_USD)).log10(),
        is_null=~in_force,
        gap_value_usd=(pl.col("import_value_usd") - exports).clip(lower_bound=0.0),
        gap_mass_kg=(pl.col("import_mass_kg") - pl.col("export_mass_kg").fill_null(0.0)).clip(lower_bound=0.0),
    )
    rows = rows.with_columns(
        (pl.col("import_value_usd") * (sds * pl.col("reconciled_log_sd")).exp() - exports)
        .clip(lower_bound=0.0)
        .alias(name)
        for name, sds in (("gap_low_usd", -NORMAL_80), ("gap_high_usd", NORMAL_80))
    )
    shown = ("banned_share_of_year", "gap_low_usd", "gap_high_usd")
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "ban_break")


def banned_share() -> pl.Expr:
    """Share of each flow's year in which a published ban covered its export."""
    return pl.sum_horizontal([_share_of_year(ban) for ban in BANS] or [pl.lit(0.0)]).clip(upper_bound=1.0)


def _share_of_year(ban: Ban) -> pl.Expr:
    """Share of the flow's year in which this ban covers it."""
    covered = pl.any_horizontal([pl.col("commodity").str.starts_with(prefix) for prefix in ban.prefixes])
    year = pl.col("period")
    first, last = pl.date(year, 1, 1), pl.date(year, 12, 31)
    start = pl.max_horizontal(first, pl.lit(ban.start))
    end = last if ban.end is None else pl.min_horizontal(last, pl.lit(ban.end))
    days = ((end - start).dt.total_days() + 1).clip(lower_bound=0)
    share = days / ((last - first).dt.total_days() + 1)
    return pl.when(covered & (pl.col("exporter") == ban.exporter)).then(share).otherwise(0.0)
