"""The schema that each stored table must satisfy, and the parts by which some tables are read."""

from collections.abc import Mapping
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from graphs.commodities import family_expr
from graphs.periods import year_of
from graphs.schema import schema_of
from graphs.tables import TABLES, Declarations, Flows, Quarantine
from pipelines.graph_store import EDGES, NODES
from pipelines.home import REFUSED

SCHEMAS: Mapping[str, type[dy.Schema]] = {
    **TABLES,
    "parsed": Declarations,
    "baci": Flows,
    **dict.fromkeys(REFUSED, Quarantine),
}
"""Tables without an entry are intermediate: their columns are an agreement between two models."""
DRAWN = (NODES, EDGES)
"""Tables whose partitions are node types and edge types, each with a schema of its own."""


@dataclass(frozen=True)
class Share:
    """How a table is read in parts: what tells the parts, and which columns no reader of a part looks at."""

    key: pl.Expr
    unread: tuple[str, ...] = ()


WHOLE = "true"
"""Share of `carrying_capacity` that channels read: periods of which every day was read."""

SHARES: Mapping[str, Share] = {
    "parsed": Share(year_of("period")),
    # A file that came anew with the same rows gives its years new hashes of bytes, and its flows nothing new.
    "declarations": Share(family_expr("commodity"), ("raw_sha256", "raw_row")),
    "baci": Share(pl.col("family")),
    "carrying_capacity": Share(pl.col("is_whole")),
    # Ships call at ports and anchorages; where else a city lies or where the row comes from is none of their business.
    "places": Share(
        pl.col("kind"),
        (
            "name",
            "locode",
            "iata",
            "icao",
            "size",
            "max_draught_m",
            "max_length_m",
            "source",
            "same_why",
            "known_from",
            "raw_sha256",
        ),
    ),
}


def schema_for(
    table: str, partition: str | None, schemas: Mapping[str, type[dy.Schema]] = SCHEMAS
) -> type[dy.Schema] | None:
    """What one file of a table must satisfy; None for an intermediate table."""
    return schema_of(partition) if table in DRAWN and partition else schemas.get(table)


def describe(table: str) -> str:
    """Columns and dtypes of a table as text, so that a changed schema is changed code."""
    schema = SCHEMAS.get(table)
    columns = schema.columns() if schema else {}
    return f"{table}: " + ", ".join(f"{name} {rule.dtype} {rule.nullable}" for name, rule in columns.items())
