"""Flows by name: found, missed, and raised without a scheme, each with the reason that the analysis gave."""

import polars as pl

from models.grading.truth import FLOW, Truth

COLUMNS = (
    "outcome", "truth_id", "kind", *FLOW, "hidden_usd", "rank", "claim_level", "unmatched_usd", "main_cause", "why",
)  # fmt: skip
UNTESTED = "No channel could test this flow."


def named(seen: pl.DataFrame, traces: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """One row per flow and outcome.

    Outcomes in this order: `found` (the first alert of each scheme), `missed` (of each scheme without an alert the flow
    that hides most), `raised` (artefacts above level 1), `flagged` (other alerts on artefacts), `unknown` (the rest).
    """
    alerts = seen.filter("is_selected")
    too_high = (pl.col("claim_level") >= 2) & pl.col("is_benign")
    nothing = ~pl.col("is_scheme") & ~pl.col("is_benign")
    return pl.concat(
        [
            _found(alerts, truth),
            _missed(traces),
            _benign(seen.filter(too_high), "raised"),
            _benign(alerts.filter(pl.col("is_benign"), ~too_high), "flagged"),
            _benign(alerts.filter(nothing), "unknown"),
        ]
    )


def _found(alerts: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    kinds = truth.schemes.select("scheme_id", pl.col("kind").cast(pl.String))
    first = alerts.filter("is_scheme").unique("scheme_id", keep="first", maintain_order=True)
    return _columns(first.join(kinds, on="scheme_id", how="left", maintain_order="left"), "found", "scheme_id")


def _missed(traces: pl.DataFrame) -> pl.DataFrame:
    found = traces.filter("is_selected").select("scheme_id")
    rows = traces.join(found, on="scheme_id", how="anti").rename({"hidden_value_usd": "hidden_usd"})
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
