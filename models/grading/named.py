"""Flows by name: what was found, what was missed and what was raised without a scheme, each with its reason."""

import polars as pl

from models.grading.offices import beside_truth
from models.grading.truth import FLOW, Truth, part_of_gap

SCHEMA: dict[str, pl.DataType] = {
    "outcome": pl.String(),
    "truth_id": pl.String(),
    "kind": pl.String(),
    "exporter": pl.String(),
    "importer": pl.String(),
    "commodity": pl.String(),
    "year": pl.Int32(),
    "hidden_usd": pl.Float64(),
    "hidden_share": pl.Float64(),
    "rank": pl.UInt32(),
    "claim_level": pl.UInt8(),
    "channel": pl.String(),
    "p_value": pl.Float64(),
    "gap_value_usd": pl.Float64(),
    "export_value_usd": pl.Float64(),
    "import_value_usd": pl.Float64(),
    "true_usd": pl.Float64(),
    "off": pl.String(),
    "off_side": pl.String(),
    "main_cause": pl.String(),
    "why": pl.String(),
}
COLUMNS = tuple(SCHEMA)


def named(seen: pl.DataFrame, traces: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """One row per flow and outcome.

    Outcomes in this order: `found` (of each scheme the alert of which it makes most, largest share first), `noticed`
    (the first flow that stood out, of each other scheme), `missed` (of each scheme of which nothing stood out the flow
    that hides most), `raised` (artefacts above level 1), `flagged` (other alerts on artefacts), `unknown` (the rest).
    """
    alerts = seen.filter("is_selected")
    too_high = (pl.col("claim_level") >= 2) & pl.col("is_benign")
    nothing = ~pl.col("is_scheme") & ~pl.col("is_benign")
    by_share = alerts.sort("hidden_share", "rank", descending=[True, False], nulls_last=True)
    return pl.concat(
        [
            _first(by_share, truth, "found"),
            _first(_others(seen.filter(pl.col("claim_level") >= 1), alerts), truth, "noticed"),
            _missed(traces),
            _benign(seen.filter(too_high), "raised"),
            _benign(alerts.filter(pl.col("is_benign"), ~too_high), "flagged"),
            _columns(beside_truth(alerts.filter(nothing)), "unknown", "artefact_id"),
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
    why = pl.when("is_scored").then("why_level").otherwise(pl.format("Not tested: {}.", "untested"))
    level = pl.when("is_scored").then("claim_level")
    told = rows.with_columns(why_level=why, claim_level=level, hidden_share=part_of_gap(pl.col("hidden_usd")))
    return _columns(told, "missed", "scheme_id")


def _benign(rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    return _columns(rows.rename({"artefact_kind": "kind"}), outcome, "artefact_id")


def _columns(rows: pl.DataFrame, outcome: str, truth_id: str) -> pl.DataFrame:
    """Rows with all columns, null where this outcome knows nothing of one."""
    full = rows.with_columns(outcome=pl.lit(outcome), truth_id=truth_id, why="why_level")
    unknown = [pl.lit(None).alias(name) for name in COLUMNS if name not in full.columns]
    return full.with_columns(unknown).select(COLUMNS).cast(SCHEMA)  # type: ignore[arg-type]
