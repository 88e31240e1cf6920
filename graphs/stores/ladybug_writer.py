"""Fills a new database of the embedded engine: tables from the schema, then one COPY from Arrow per frame."""

from typing import Any

import polars as pl

from graphs.errors import StoreError
from graphs.schema import EDGES, NODES, EdgeType, dtypes, key_of
from graphs.stores.base import Progress
from graphs.stores.ladybug_values import sentence

TYPES: dict[pl.DataType, str] = {
    pl.String(): "STRING",
    pl.Int64(): "INT64",
    pl.Float64(): "DOUBLE",
    pl.Boolean(): "BOOL",
}


class LadybugWriter:
    """Takes the tables of one graph into an empty database. Raises StoreError where the engine refuses."""

    def __init__(self, connection: Any, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress
        self.counts = dict.fromkeys([*NODES, *(edge.table for edge in EDGES)], 0)
        for statement in definitions():
            self._run("the tables of the graph", statement, {})

    def nodes(self, label: str, rows: pl.DataFrame) -> None:
        """All nodes of a kind. Raises StoreError for a key that comes twice."""
        self._copy(label, rows.select(*dtypes(NODES[label])), f"COPY `{label}` FROM $frame")

    def edges(self, edge: EdgeType, rows: pl.DataFrame) -> None:
        """All edges between two kinds of nodes. Raises StoreError for an end that is not there."""
        ends = f"(from='{edge.start}', to='{edge.end}')"
        self._copy(edge.table, rows.select("start", "end", *edge.properties), f"COPY `{edge.name}` FROM $frame {ends}")

    def finish(self) -> None:
        """Write everything into the database's own file, so that no log is left beside it."""
        self._run("the graph", "CHECKPOINT", {})

    def _copy(self, table: str, rows: pl.DataFrame, statement: str) -> None:
        self._progress(table, 0, rows.height)
        if rows.height:
            self._run(table, statement, {"frame": rows.to_arrow()})
        self.counts[table] += rows.height
        self._progress(table, rows.height, rows.height)

    def _run(self, what: str, statement: str, parameters: dict[str, Any]) -> None:
        try:
            self._connection.execute(statement, parameters).close()
        except (RuntimeError, MemoryError) as error:
            raise StoreError(f"{what} could not be loaded: {sentence(error)}") from None


def definitions() -> list[str]:
    """Statements that make the tables: one per label, one per edge name with every pair of labels it joins."""
    made = [
        f"CREATE NODE TABLE `{label}` ({_columns(dtypes(schema))}, PRIMARY KEY (`{key_of(label)}`))"
        for label, schema in NODES.items()
    ]
    names: dict[str, list[EdgeType]] = {}
    for edge in EDGES:
        names.setdefault(edge.name, []).append(edge)
    for name, edges in names.items():
        pairs = ", ".join(f"FROM `{edge.start}` TO `{edge.end}`" for edge in edges)
        properties = _columns(edges[0].properties)
        made.append(f"CREATE REL TABLE `{name}` ({pairs}{', ' if properties else ''}{properties})")
    return made


def _columns(found: dict[str, pl.DataType]) -> str:
    return ", ".join(f"`{name}` {TYPES[dtype]}" for name, dtype in found.items())
