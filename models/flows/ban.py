"""Ban break: partners go on declaring imports of goods whose export is banned.

For an exporter under a published ban (table `events`) for at least half of the year,

    r = log10((M + 1000) / (X + 1000)) in USD       how much the partner declares beyond what the exporter does
    statistic = r - max(usual r, 0)                 usual: median of the pair's last five years without a ban

so that an exporter whose silence is a habit does not look as if it had fallen silent under the ban. The null is a
placebo: the same statistic for exporters that never banned these codes, whatever their faults. The unmatched amount
is what the partner declares beyond what is usual for the pair, in USD and by mass:

    M + 1000 - (X + 1000) * max(usual M / X, 1)      above zero where the statistic is
    M_kg - X_kg * max(usual M_kg / X_kg, 1)          where the exporter declares nothing: the same share as in USD

A pair with no earlier year that was free of a ban (`history_years` 0) is compared with par: M - X. The mass is null
where that of a declared value is unknown.
"""

import polars as pl

from models.flows.context import Context
from models.flows.panel import PAIR
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts

ROUNDING_USD = 1000.0
WINDOW = 5
"""Years without a ban that make what is usual."""
MARKET = ["exporter", "commodity", "period"]
HALF_A_YEAR = 0.5
"""A ban that covers less of the year leaves room for goods shipped before it or after."""
SHOWN = (
    "banned_share_of_year", "log10_ratio", "usual_log10_ratio", "usual_log10_ratio_mass", "history_years", *INTERVAL,
)  # fmt: skip


def ban_break(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Partners declare imports from a country in a year in which it had banned this export."""
    declared = flows.filter(
        pl.col("import_value_usd") > ROUNDING_USD, pl.col("exporter_reported"), pl.col("exporter") != pl.col("importer")
    )
    rows = declared.join(banned_shares(declared, context.events), on=MARKET, how="left", maintain_order="left")
    in_force = pl.col("banned_share_of_year") >= HALF_A_YEAR
    exports = pl.col("export_value_usd").fill_null(0.0)
    imports_kg, exports_kg = pl.col("import_mass_kg"), pl.col("export_mass_kg")
    rows = rows.with_columns(
        log10_ratio=((pl.col("import_value_usd") + ROUNDING_USD) / (exports + ROUNDING_USD)).log10(),
        log10_ratio_mass=pl.when(imports_kg > 0, exports_kg > 0).then((imports_kg / exports_kg).log10()),
    )
    rows = _gaps(_usual(rows, in_force))
    banned = rows.filter(in_force).select("commodity").unique()
    bans = rows.filter(pl.col("banned_share_of_year") > 0).select("commodity", "exporter").unique()
    placebo = rows.join(banned, on="commodity", how="semi").join(bans, on=["commodity", "exporter"], how="anti")
    rows = pl.concat([rows.filter(in_force), placebo]).with_columns(
        statistic=pl.col("log10_ratio") - _at_least_par(pl.col("usual_log10_ratio")), is_null=~in_force
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "ban_break")


def _usual(rows: pl.DataFrame, in_force: pl.Expr) -> pl.DataFrame:
    """Add usual_log10_ratio and usual_log10_ratio_mass, medians of the pair's last WINDOW years before this one without
    a ban, and history_years, how many there are; no ratio is usual where there are none."""
    free = rows.filter(~in_force).sort(*PAIR, "period")
    past = free.select(
        *PAIR,
        "period",
        *(
            pl.col(name).rolling_median(WINDOW, min_samples=1).over(PAIR).alias(f"usual_{name}")
            for name in ("log10_ratio", "log10_ratio_mass")
        ),
        history_years=pl.col("log10_ratio").cum_count().over(PAIR).clip(upper_bound=WINDOW),
    ).sort("period")
    found = rows.sort("period", "flow_id").join_asof(
        past, on="period", by=PAIR, strategy="backward", allow_exact_matches=False, check_sortedness=False
    )
    return found.with_columns(pl.col("history_years").fill_null(0))


def _gaps(rows: pl.DataFrame) -> pl.DataFrame:
    """Add gap_value_usd with its 80 % interval, by the spread of the two declarations, and gap_mass_kg."""
    imports, exports = pl.col("import_value_usd"), pl.col("export_value_usd").fill_null(0.0)
    usual = pl.col("usual_log10_ratio")
    accounted = (exports + ROUNDING_USD) * _factor(usual) - ROUNDING_USD
    low, high = ((sds * pl.col("reconciled_log_sd")).exp() for sds in (-NORMAL_80, NORMAL_80))
    rows = rows.with_columns(
        (imports * spread - accounted).clip(lower_bound=0.0).alias(name)
        for name, spread in (("gap_value_usd", pl.lit(1.0)), *zip(INTERVAL, (low, high), strict=True))
    )
    # Where no earlier year states both masses, they lie apart as the values do.
    usual_mass = pl.coalesce("usual_log10_ratio_mass", usual)
    beyond = (pl.col("import_mass_kg") - pl.col("export_mass_kg") * _factor(usual_mass)).clip(lower_bound=0.0)
    share = pl.col("gap_value_usd") / imports
    return rows.with_columns(gap_mass_kg=pl.when(exports == 0).then(pl.col("import_mass_kg") * share).otherwise(beyond))


def _at_least_par(usual: pl.Expr) -> pl.Expr:
    """A usual log ratio, or par where it lies below or nothing is usual."""
    return usual.fill_null(0.0).clip(lower_bound=0.0)


def _factor(usual: pl.Expr) -> pl.Expr:
    """The ratio of such a logarithm, at least 1."""
    return pl.lit(10.0).pow(_at_least_par(usual))


def banned_shares(flows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """`banned_share_of_year` for every exporter, commodity and year of `flows`: the part of it that bans cover, 0 to 1.

    Days that several bans cover count once.
    """
    markets = flows.select(MARKET).unique()
    days = _days(markets, events.filter(pl.col("kind").cast(pl.String) == "ban"))
    fresh = (pl.col("last") - pl.max_horizontal("first", "counted_until")).dt.total_days()
    new_year = pl.date(pl.col("period"), 1, 1)
    whole = (new_year.dt.offset_by("1y") - new_year).dt.total_days()
    covered = days.group_by(MARKET).agg(share=fresh.clip(lower_bound=0).sum() / whole.first())
    shares = markets.join(covered, on=MARKET, how="left", maintain_order="left")
    return shares.select(*MARKET, banned_share_of_year=pl.col("share").fill_null(0.0))


def _days(markets: pl.DataFrame, bans: pl.DataFrame) -> pl.DataFrame:
    """Every ban that covers a market with the days of the year that it covers, `first` up to and without `last`."""
    prefixed = bans.select("country", "start", "end", prefix=pl.col("codes").str.split(" ")).explode("prefix")
    rows = markets.join(prefixed, left_on="exporter", right_on="country")
    rows = rows.filter(pl.col("commodity").str.starts_with(pl.col("prefix")))
    new_year = pl.date(pl.col("period"), 1, 1)
    next_year = new_year.dt.offset_by("1y")
    rows = rows.with_columns(
        first=pl.max_horizontal(new_year, "start"),
        last=pl.min_horizontal(next_year, pl.col("end").dt.offset_by("1d").fill_null(next_year)),
    )
    rows = rows.filter(pl.col("first") < pl.col("last")).sort(*MARKET, "first", "last")
    return rows.with_columns(counted_until=pl.col("last").cum_max().shift(1).over(MARKET))
