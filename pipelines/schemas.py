"""The schema that each stored table must satisfy, and the parts by which some tables are read."""

from collections.abc import Mapping

import dataframely as dy
import polars as pl

from graphs.commodities import family_expr
from graphs.periods import year_of
from graphs.tables import TABLES, Declarations, Flows, Quarantine

SCHEMAS: Mapping[str, type[dy.Schema]] = {
    **TABLES,
    "parsed": Declarations,
    "baci": Flows,
    **{f"refused_{source}": Quarantine for source in ("trade", "baci", "production", "governance")},
}
"""Tables without an entry are intermediate: their columns are an agreement between two models."""

SHARE_KEYS: Mapping[str, pl.Expr] = {
    "parsed": year_of("period"),
    "declarations": family_expr("commodity"),
    "baci": pl.col("family"),
}
"""Tables of which a reader takes one part, and how the parts are told."""


def describe(table: str) -> str:
    """Columns and dtypes of a table as text, so that a changed schema is changed code."""
    schema = SCHEMAS.get(table)
    columns = schema.columns() if schema else {}
    return f"{table}: " + ", ".join(f"{name} {rule.dtype} {rule.nullable}" for name, rule in columns.items())
