"""Which flows of schemes left a trace in what offices published."""

import polars as pl

from models.world.forms import FLOW
from models.world.tables import SchemeFlow

MISSING = "hidden"
"""Role of flows on which one side's form is missing."""
BENT = ("false_value", "late", "phantom")
"""Roles of flows on which the exporter's form is false."""


def published(flows: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Flows of schemes (SchemeFlow), visible where somebody handed in a form and some office published the flow.

    rows: declarations in the layout of UN Comtrade. Where a form is missing both offices must have published something
    that year, and where the exporter's is false his own, since nothing is odd of an office that says nothing at all.
    """
    yearly = rows.filter(pl.col("freqCode") == "A")
    told = pl.concat(
        [_named(yearly, "X", "reporterISO", "partnerISO"), _named(yearly, "M", "partnerISO", "reporterISO")]
    )
    spoke = yearly.select("reporterISO", year="refYear").unique().with_columns(spoke=pl.lit(True))
    found = flows.join(told.unique().with_columns(is_told=pl.lit(True)), on=FLOW, how="left")
    for end in ("exporter", "importer"):
        found = found.join(spoke.rename({"reporterISO": end, "spoke": f"{end}_spoke"}), on=[end, "year"], how="left")
    known = found.with_columns(pl.col("is_told", "exporter_spoke", "importer_spoke").fill_null(False))
    missed = pl.when(pl.col("role") == MISSING).then("importer_spoke").otherwise(pl.lit(True))
    judged = pl.when(pl.col("role").is_in([MISSING, *BENT])).then("exporter_spoke").otherwise(pl.lit(True))
    seen = known.with_columns(is_visible=pl.col("is_visible") & pl.col("is_told") & missed & judged)
    return SchemeFlow.cast(seen.select(SchemeFlow.column_names())).sort("scheme_id", *FLOW)


def _named(rows: pl.DataFrame, flow: str, exporter: str, importer: str) -> pl.DataFrame:
    """FLOW of one direction."""
    side = rows.filter(pl.col("flowCode") == flow)
    return side.select(exporter=exporter, importer=importer, commodity="cmdCode", year="refYear")
