"""Flows by name: found, missed, and raised without a scheme, each with the reason that the analysis gave."""

import polars as pl

from models.grading.truth import FLOW, Truth

COLUMNS = (
    "outcome", "truth_id", "kind", *FLOW, "hidden_usd", "rank", "claim_level", "unmatched_usd", "main_cause", "why",
)  # fmt: skip
UNTESTED = "No channel could test this flow."


def named(seen: pl.DataFrame, traces: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """One row per flow and outcome.

    Outcomes in this order: `found` (the first alert of each scheme), `noticed` (the first flow that stood out, of each
    other scheme), `missed` (of each scheme of which nothing stood out the flow that hides most), `raised` (artefacts
    above level 1), `flagged` (other alerts on artefacts), `unknown` (the rest).
    """
    alerts = seen.filter("is_selected")
    too_high = (pl.col("claim_level") >= 2) & pl.col("is_benign")
    nothing = ~pl.col("is_scheme") & ~pl.col("is_benign")
    return pl.concat(
        [
            _first(alerts, truth, "found"),
            _first(_others(seen.filter(pl.col("claim_level") >= 1), alerts), truth, "noticed"),
            _missed(traces),
            _benign(seen.filter(too_high), "raised"),
            _benign(alerts.filter(pl.col("is_benign"), ~too_high), "flagged"),
            _benign(alerts.filter(nothing), "unknown"),
        ]
    )


def _first(rows: pl.DataFrame, truth: Truth, outcome: str) -> pl.DataFrame:
    """The first flow of each scheme."""
    kinds = truth.schemes.select("scheme_id", pl.col("kind").cast(pl.String))
    first = rows.filter("is_scheme").unique("scheme_id", keep="first", maintain_order=True)
    return _columns(first.join(kinds, on="scheme_id", how="left", maintain_order="left"), outcome, "scheme_id")


def _others(rows: pl.DataFrame, alerts: pl.DataFrame) -> pl.DataFrame:
    """Rows of schemes that have no alert."""
    return rows.join(alerts.select("scheme_id").drop_nulls(), on="scheme_id", how="anti", maintain_order="left")


def _missed(traces: pl.DataFrame) -> pl.DataFrame:
    noticed = traces.filter(pl.col("claim_level") >= 1).select("scheme_id")
    rows = traces.join(noticed, on="scheme_id", how="anti").rename({"hidden_value_usd": "hidden_usd"})
    rows = rows.sort("hidden_usd", "scheme_id", *FLOW, descending=[True, *[False] * 5])
    rows = rows.unique("scheme_id", keep="first", maintain_order=True)
    why = pl.when("is_scored").then("why_level").otherwise(pl.lit(UNTESTED))
    level = pl.when("is_scored").then("claim_level")
    return _columns(
        rows.with_columns(why_level=why, claim_level=level, unmatched_usd=pl.lit(None, pl.Float64)),
        "missed",
        "scheme_id",
    )


def _benign(rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    return _columns(rows.rename({"artefact_kind": "kind"}), outcome, "artefact_id")


def _columns(rows: pl.DataFrame, outcome: str, truth_id: str) -> pl.DataFrame:
    full = rows.with_columns(outcome=pl.lit(outcome), truth_id=truth_id, why="why_level")
    return full.select(COLUMNS).cast({"rank": pl.UInt32, "claim_level": pl.UInt8, "year": pl.Int32})
