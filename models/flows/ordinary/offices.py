"""Causes that lie with the offices: who reports, when, and how completely."""

import polars as pl

from graphs.events import BREAKS, FISCAL_YEARS, Break
from graphs.flags import Flag, has_flag
from models.flows.ordinary.finding import ALWAYS, IS_BANNED, IS_MIRROR, Finding, found

SMALL_FLOW_USD = 10_000.0
LATE_DAYS = 400
"""A year that ended less than this before `as_of` is still being revised."""
MONTH_DAYS = 365.25 / 12
"""Days of a mean month."""
BAN_STOPS_EXPORTS = "a published export ban explains why exports stop, and explains no arrival"
STOPPED = 0.5
"""An office that declares less than this share of what all its other partners declare does so with everyone."""


def late_data(family: str) -> Finding:
    """The year is recent: figures are still coming in or being revised."""
    age = (pl.col("as_of") - pl.date(pl.col("period"), 12, 31)).dt.total_days()
    young = (age < LATE_DAYS) | has_flag(Flag.PROVISIONAL) | (pl.col("period") == pl.col("source_last_period"))
    return Finding(
        testable=ALWAYS,
        covers_usd=pl.when(young).then(pl.col("gap_value_usd")).otherwise(0.0),
        covers_kg=pl.when(young).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.lit("The year is the source's latest, or ended too recently to be final."),
        why_excluded=pl.when(~young.fill_null(False)).then(
            pl.format(
                "The year ended {} months before the day of the analysis, and the source holds a later one.",
                (age / MONTH_DAYS).round(0).cast(pl.Int64),
            )
        ),
    )


def reporter_break(family: str) -> Finding:
    """The silent side stopped declaring this code, or declares it short with everyone, not with this partner alone."""
    now = pl.col("others_own_usd") / pl.col("others_theirs_usd")
    stopped = (pl.col("own_total_usd").fill_null(0.0) == 0) & (pl.col("past_coverage") > 0)
    has_others = pl.col("others_theirs_usd") > SMALL_FLOW_USD
    everyone = has_others & (now < STOPPED)
    known = pl.any_horizontal([_is_in(one) for one in BREAKS])
    part = pl.when(IS_BANNED).then(0.0).when(known | stopped).then(1.0).when(everyone).then(1 - now).otherwise(0.0)
    with_others = pl.format(
        "With all other partners it declares {} of what they declare, against {} usually.",
        now.round(2).cast(pl.String),
        pl.col("past_coverage").round(2).cast(pl.String).fill_null("an unknown share"),
    )
    return Finding(
        needs_silent_side=True,
        # Of growth it cannot be said whether an office began to declare or goods began to move.
        testable=IS_MIRROR & (pl.col("past_coverage").is_not_null() | has_others | IS_BANNED | known),
        covers_usd=part * pl.col("gap_value_usd"),
        covers_kg=part * pl.col("gap_mass_kg"),
        text=pl.when(known)
        .then(pl.coalesce([pl.when(_is_in(one)).then(pl.lit(f"Known break: {one.reason}.")) for one in BREAKS]))
        .when(stopped)
        .then(pl.lit("The silent side declares this code with nobody that year, though it did before."))
        .otherwise(with_others),
        why_not="the silent side's earlier declarations of this code cannot be compared",
        why_excluded=pl.when(IS_BANNED)
        .then(pl.lit(BAN_STOPS_EXPORTS))
        .when((known | stopped | everyone).fill_null(False))
        .then(None)
        .when(has_others)
        .then(with_others)
        .when(pl.col("own_total_usd") > 0)
        .then(pl.lit("The silent side declares this code that year, as it did before."))
        .otherwise(pl.lit("The silent side declared this code with nobody in earlier years either.")),
    )


def _is_in(known: Break) -> pl.Expr:
    """True where the silent side is in a known break of its reporting."""
    covered = pl.any_horizontal([pl.col("commodity").str.starts_with(prefix) for prefix in known.prefixes])
    return (pl.col("office") == known.office) & covered & (pl.col("period") <= known.last_year)


def fiscal_year(family: str) -> Finding:
    """One side's year does not end in December, so a part of its trade stands in a neighbouring year."""
    listed = pl.col("exporter").is_in(FISCAL_YEARS) | pl.col("importer").is_in(FISCAL_YEARS)
    return Finding(
        testable=pl.col("next_years_cells") > 0,
        bears_on=IS_MIRROR & listed,
        not_bearing="neither side is known to report by a fiscal year",
        covers_usd=pl.col("next_years_value_usd"),
        covers_kg=pl.col("next_years_mass_kg"),
        text=found("next_years", "Neighbouring years of a side that reports by fiscal year"),
        why_excluded=found("next_years", "Neighbouring years of a side that reports by fiscal year"),
        why_not="neither neighbouring year can be compared",
    )


def habit(family: str) -> Finding:
    """The silent side often declares none of this pair's trade: the silence is a level, and no change."""
    share = pl.when(IS_BANNED).then(0.0).otherwise(pl.col("silent_years_share"))
    told = pl.format(
        "In {} % of the last years in which its partner declared this trade, it declared none or hardly any.",
        (100 * share).round(0).cast(pl.Int64),
    )
    return Finding(
        needs_silent_side=True,
        testable=pl.col("silent_years_share").is_not_null() | IS_BANNED,
        covers_usd=share * pl.col("gap_value_usd"),
        covers_kg=share * pl.col("gap_mass_kg"),
        text=told,
        why_excluded=pl.when(IS_BANNED).then(pl.lit(BAN_STOPS_EXPORTS)).otherwise(told),
        why_not="the pair has no earlier years to compare",
    )


def missing_reporter(family: str) -> Finding:
    """The silent side did not report, or leaves out flows as small as this one."""
    size = pl.max_horizontal("export_value_usd", "import_value_usd", "reconciled_value_usd")
    small = size < SMALL_FLOW_USD
    absent = pl.any_horizontal(
        pl.col(f"{side}_value_usd").is_null() & ~pl.col(f"{end}_reported")
        for side, end in (("export", "exporter"), ("import", "importer"))
    ).fill_null(False)
    return Finding(
        needs_silent_side=True,
        testable=ALWAYS,
        covers_usd=pl.when(small | absent).then(pl.col("gap_value_usd")).otherwise(0.0),
        covers_kg=pl.when(small | absent).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.when(absent)
        .then(
            pl.lit("The silent side published nothing that year, or the source does not hold its side of this trade.")
        )
        .otherwise(pl.lit("The flow is below 10,000 USD, where offices round or leave out.")),
        why_not="the source does not say who reported",
        why_excluded=pl.when(~(small | absent).fill_null(False)).then(pl.lit("the silent side reported that year")),
    )
