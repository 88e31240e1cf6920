"""Why a flow with a trace could not be tested: which office was silent, or how short the past is."""

from collections.abc import Iterator

import polars as pl

from models.flows.history import MINIMUM
from models.grading.figures import ALL, Figure
from models.grading.truth import FLOW

PART = "untested"
REASONS = (
    "neither office reported that year",
    "the exporter's office did not report that year",
    "the importer's office did not report that year",
    "neither side declares it",
    "fewer than three earlier years were declared",
    "no channel has enough to compare it with",
)
"""The first that holds."""


def with_reasons(traces: pl.DataFrame, reporting: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Traces (`models.grading.truth.traces`) with `untested`, one of REASONS; null where the flow was scored.

    `reporting` and `flows`: tables of the analysis, of the same source as its alerts.
    """
    told = flows.select("exporter", "importer", "commodity", year="period").unique()
    rows = (
        traces.join(_spoke(reporting, "X"), on=("exporter", "year"), how="left")
        .join(_spoke(reporting, "M"), on=("importer", "year"), how="left")
        .join(told.with_columns(is_told=pl.lit(True)), on=FLOW, how="left")
        .join(_past(traces, told), on=FLOW, how="left")
    )
    exporter, importer, is_told = (pl.col(one).fill_null(False) for one in ("spoke_X", "spoke_M", "is_told"))
    holds = (
        ~exporter & ~importer, ~exporter, ~importer, ~is_told, pl.col("past_years").fill_null(0) < MINIMUM,
        pl.lit(True),
    )  # fmt: skip
    reason = pl.coalesce(*(pl.when(one).then(pl.lit(name)) for one, name in zip(holds, REASONS, strict=True)))
    found = rows.with_columns(untested=pl.when(~pl.col("is_scored")).then(reason))
    return found.select(*traces.columns, "untested").sort("scheme_id", *FLOW)


def untested(traces: pl.DataFrame) -> Iterator[Figure]:
    """How many flows with a trace could not be tested for which reason (`with_reasons`)."""
    rows = traces.filter(pl.col("untested").is_not_null())
    for one in REASONS:
        hits = int((rows["untested"] == one).sum())
        yield Figure(PART, one, ALL, "flows", hits / rows.height if rows.height else None, hits=hits, total=rows.height)


def _spoke(reporting: pl.DataFrame, direction: str) -> pl.DataFrame:
    """Who published rows of a direction, by year."""
    end = "exporter" if direction == "X" else "importer"
    rows = reporting.filter(pl.col("direction").cast(pl.String) == direction)
    return rows.select(pl.col("reporter").alias(end), year="period").unique().with_columns(
        pl.lit(True).alias(f"spoke_{direction}")
    )  # fmt: skip


def _past(traces: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Earlier years in which anybody declares the same flow."""
    line = ["exporter", "importer", "commodity"]
    flows = traces.filter(~pl.col("is_scored")).select(FLOW).unique()
    earlier = flows.join(told.rename({"year": "then"}), on=line).filter(pl.col("then") < pl.col("year"))
    return earlier.group_by(FLOW).agg(past_years=pl.len())
