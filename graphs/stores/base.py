"""Where a graph is kept: Store, Writer and View, the three nouns that every engine answers to.

```
with store.writer(graph) as writer:      # all or nothing: a reader sees the old graph or the new one
    writer.nodes("Country", frame)
    writer.edges(edge_type, frame)
with store.view() as view:               # read-only, one graph from beginning to end
    view.rows("MATCH (c:Country) RETURN c.code AS code ORDER BY code")
```

The frames are checked before they come here (`graphs.schema`), and no result depends on which store holds them.
Who only reads does not load the schema library: it is imported where a graph is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

if TYPE_CHECKING:
    from graphs.schema import EdgeType

Parameters = Mapping[str, Any]
Progress = Callable[[str, int, int], None]
"""Called with a table's name, rows done and rows in all."""


def no_progress(table: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Graph:
    """A graph as frames, named by its content."""

    snapshot: str
    tables: Mapping[str, pl.LazyFrame]
    """By name of the node type or edge table (`graphs.schema`); a table left out is empty."""
    contents: Mapping[str, str] = field(default_factory=dict)
    """Content hash of each table, so that a writer can leave alone what has not changed; may be empty."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What a reader is told of the graph as a whole: as_of, sources, licences."""

    def nodes(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Node frames, one at a time."""
        from graphs.schema import NODES

        return ((label, self.tables[label].collect()) for label in NODES if label in self.tables)

    def edges(self) -> Iterator[tuple[EdgeType, pl.DataFrame]]:
        """Edge frames, one at a time."""
        from graphs.schema import EDGES

        return ((edge, self.tables[edge.table].collect()) for edge in EDGES if edge.table in self.tables)

    def counts(self) -> dict[str, int]:
        """Rows of every table, 0 for one left out."""
        from graphs.schema import EDGE_TABLES, NODES

        found = {name: rows.select(pl.len()).collect().item() for name, rows in self.tables.items()}
        return {name: found.get(name, 0) for name in (*NODES, *EDGE_TABLES)}


@dataclass(frozen=True)
class Limits:
    """How much a statement may ask for."""

    seconds: float = 30.0
    rows: int = 100_000


class Writer(Protocol):
    """Takes the tables of one graph, nodes before edges. What it took is published when its context ends well."""

    def nodes(self, label: str, rows: pl.DataFrame) -> None:
        """All nodes of a kind."""

    def edges(self, edge: EdgeType, rows: pl.DataFrame) -> None:
        """All edges between two kinds of nodes; their ends are there already."""


class View(Protocol):
    """Reads one graph. Raises StoreError in one sentence where a statement cannot be answered."""

    @property
    def snapshot(self) -> str:
        """Which graph is read."""

    @property
    def about(self) -> Mapping[str, str]:
        """What the graph says of itself."""

    def rows(self, statement: str, parameters: Parameters | None = None, limits: Limits | None = None) -> pl.DataFrame:
        """Answer of one Cypher statement that only reads. Raises StoreError past a limit, never a cut-off answer."""

    def counts(self) -> dict[str, int]:
        """Nodes by label and edges by table."""


class Store(Protocol):
    """A place for one graph."""

    @property
    def name(self) -> str:
        """The engine, for a reader: Ladybug or Neo4j."""

    def snapshot(self) -> str | None:
        """Which graph is there and complete; None for an empty store."""

    def writer(self, graph: Graph, progress: Progress = no_progress) -> AbstractContextManager[Writer]:
        """Replace the graph. Whatever ends the context badly leaves the old one."""

    def view(self) -> AbstractContextManager[View]:
        """Read the graph. Raises StoreError where there is none, or a load is under way."""


def load(store: Store, graph: Graph, progress: Progress = no_progress) -> bool:
    """Bring a store to this graph; False where it held it already, and nothing was done."""
    if store.snapshot() == graph.snapshot:
        return False
    with store.writer(graph, progress) as writer:
        for label, rows in graph.nodes():
            writer.nodes(label, rows)
        for edge, rows in graph.edges():
            writer.edges(edge, rows)
    return True
