"""What is known of a world, and what it knows of each scored flow."""

from dataclasses import dataclass

import polars as pl

FLOW = ("exporter", "importer", "commodity", "year")
"""A flow as both an analysis and the truth name it."""


@dataclass(frozen=True)
class Truth:
    """The truth tables that grading reads (schemas in models.world.tables)."""

    schemes: pl.DataFrame
    scheme_flows: pl.DataFrame
    artefacts: pl.DataFrame
    artefact_flows: pl.DataFrame
    true_flows: pl.DataFrame


def seen_by(alerts: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Scored flows in their order, each with what the truth knows of it.

    Adds `is_scheme` (a scheme left a trace on it that somebody published), `scheme_id` (the one that hides most there),
    `hidden_usd` (over all of them), `is_unseen` (only schemes without a published trace), `artefact_id`,
    `artefact_kind` (the first of several), `is_benign` (an artefact touches it, and no scheme), `hidden_share` (of the
    unmatched value; above 1 where more is hidden than the declarations differ by) and `true_usd` (what really moved
    there, FOB; null for nothing).
    """
    rows = alerts.sort("rank").with_columns(year="period")
    for table in (_schemes(truth), _unseen(truth), _artefacts(truth), true_values(truth)):
        rows = rows.join(table, on=FLOW, how="left", maintain_order="left")
    is_scheme = pl.col("scheme_id").is_not_null()
    is_unseen = pl.col("is_unseen").fill_null(False) & ~is_scheme
    hidden_usd = pl.col("hidden_usd").fill_null(0.0)
    return rows.with_columns(
        is_scheme=is_scheme,
        is_unseen=is_unseen,
        hidden_usd=hidden_usd,
        hidden_share=part_of_gap(hidden_usd),
        is_benign=pl.col("artefact_id").is_not_null() & ~is_scheme & ~is_unseen,
    )


def traces(alerts: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Every flow on which a scheme left a published trace, with its scheme and what became of the flow.

    Columns of scheme_flows, `kind` and `strength` of the scheme; `is_scored`, `is_selected` and `claim_level` (0 where
    it was not scored); `true_usd` as in `seen_by`, and what the alert says.
    """
    known = truth.schemes.select("scheme_id", pl.col("kind").cast(pl.String), "strength")
    judged = alerts.select(
        "exporter", "importer", "commodity", pl.col("period").alias("year"), "rank", "is_selected", "claim_level",
        "main_cause", "why_level", "channel", "p_value", "gap_value_usd", "export_value_usd", "import_value_usd",
        is_scored=pl.lit(True),
    )  # fmt: skip
    rows = truth.scheme_flows.filter("is_visible").join(known, on="scheme_id", how="inner")
    return (
        rows.join(judged, on=FLOW, how="left")
        .join(true_values(truth), on=FLOW, how="left")
        .with_columns(pl.col("is_scored", "is_selected").fill_null(False), pl.col("claim_level").fill_null(0))
        .sort("scheme_id", *FLOW)
    )


def part_of_gap(hidden_usd: pl.Expr) -> pl.Expr:
    """Hidden over unmatched value; null where nothing is unmatched."""
    return pl.when(pl.col("gap_value_usd") > 0).then(hidden_usd / pl.col("gap_value_usd"))


def true_values(truth: Truth) -> pl.DataFrame:
    """What really moved, USD, by flow."""
    return truth.true_flows.select(*FLOW, true_usd="value_usd")


def _schemes(truth: Truth) -> pl.DataFrame:
    visible = truth.scheme_flows.filter("is_visible").sort("hidden_value_usd", "scheme_id", descending=[True, False])
    return visible.group_by(FLOW, maintain_order=True).agg(
        pl.col("scheme_id").first(), hidden_usd=pl.col("hidden_value_usd").sum()
    )


def _unseen(truth: Truth) -> pl.DataFrame:
    return truth.scheme_flows.filter(~pl.col("is_visible")).select(FLOW).unique().with_columns(is_unseen=pl.lit(True))


def _artefacts(truth: Truth) -> pl.DataFrame:
    kinds = truth.artefacts.select("artefact_id", artefact_kind=pl.col("kind").cast(pl.String))
    rows = truth.artefact_flows.join(kinds, on="artefact_id", how="inner").sort("artefact_id")
    return rows.group_by(FLOW, maintain_order=True).agg(pl.col("artefact_id", "artefact_kind").first())
