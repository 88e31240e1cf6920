"""Which flows of schemes left a trace in what offices published."""

import polars as pl

from models.world.forms import FLOW
from models.world.tables import SchemeFlow

MISSING = "hidden"
"""Role of flows on which a form is missing: it is missed only where the office whose form it is published that year."""


def published(flows: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Flows of schemes (SchemeFlow), visible where somebody handed in a form and some office published the flow.

    rows: declarations in the layout of UN Comtrade. Where goods are `hidden`, both offices must have published
    something that year, since the silence of an office that says nothing at all is no trace.
    """
    yearly = rows.filter(pl.col("freqCode") == "A")
    told = pl.concat(
        [_named(yearly, "X", "reporterISO", "partnerISO"), _named(yearly, "M", "partnerISO", "reporterISO")]
    )
    spoke = yearly.select("reporterISO", year="refYear").unique().with_columns(spoke=pl.lit(True))
    found = flows.join(told.unique().with_columns(is_told=pl.lit(True)), on=FLOW, how="left")
    for end in ("exporter", "importer"):
        found = found.join(spoke.rename({"reporterISO": end, "spoke": f"{end}_spoke"}), on=[end, "year"], how="left")
    both = pl.all_horizontal(pl.col("exporter_spoke", "importer_spoke").fill_null(False))
    is_left = pl.col("is_told").fill_null(False) & ((pl.col("role") != MISSING) | both)
    seen = found.with_columns(is_visible=pl.col("is_visible") & is_left)
    return SchemeFlow.cast(seen.select(SchemeFlow.column_names())).sort("scheme_id", *FLOW)


def _named(rows: pl.DataFrame, flow: str, exporter: str, importer: str) -> pl.DataFrame:
    """FLOW of one direction."""
    side = rows.filter(pl.col("flowCode") == flow)
    return side.select(exporter=exporter, importer=importer, commodity="cmdCode", year="refYear")
