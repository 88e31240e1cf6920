"""The embedded engine: a graph in a folder, with nothing to install or start.

Databases are filled under a temporary name, closed, and published by swapping a pointer (`ladybug_folder`); they are
opened read-only from then on. Reading imports neither Dagster nor the schemas: opening takes about a tenth of a second.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl

from graphs.errors import StoreError
from graphs.stores.base import Graph, Limits, Parameters, Progress, no_progress
from graphs.stores.ladybug_folder import DATABASE, Snapshot, current, describe, replacing
from graphs.stores.ladybug_reader import ENGINE, GIB, MIB, answer, connected, space

if TYPE_CHECKING:
    from graphs.stores.ladybug_writer import LadybugWriter

LOAD_POOL = 1024 * MIB
"""Memory that a load may use for the engine's pages; frames come on top."""
READ_POOL = 512 * MIB
"""Memory that a view may use for the engine's pages."""
LARGEST = 64 * GIB
"""Address space reserved for a load, of which only what is used costs memory: no database grows beyond it."""


class LadybugStore:
    """A graph in a folder of this machine."""

    name = "Ladybug"

    def __init__(self, folder: Path, *, pool: int = READ_POOL, load_pool: int = LOAD_POOL) -> None:
        self.folder = folder
        self._pool = pool
        self._load_pool = load_pool

    def snapshot(self) -> str | None:
        """Which graph is there and complete; None for an empty or damaged store, so that the next load fills it.

        The database is opened and counted, which takes about 0.2 s: a file that is as large as it was may still be
        damaged, and another version of the engine may have written it.
        """
        found = current(self.folder)
        if found is None or found.engine != ENGINE:
            return None
        try:
            with connected(found.database, self._pool, space(found.size)) as connection:
                return found.name if LadybugView(found, connection).counts() == found.counts else None
        except StoreError:
            return None

    @contextmanager
    def writer(self, graph: Graph, progress: Progress = no_progress) -> "Iterator[LadybugWriter]":
        """Replace the graph; whatever ends the context badly leaves the old one.

        Raises StoreError while another load into this folder is under way.
        """
        from graphs.stores.ladybug_writer import LadybugWriter  # imports the schemas, which reading does without

        with replacing(self.folder, graph.snapshot) as staged:
            with connected(staged / DATABASE, self._load_pool, LARGEST, read_only=False) as connection:
                writer = LadybugWriter(connection, progress)
                yield writer
                writer.finish()
            about = {"snapshot": graph.snapshot, "about": dict(graph.about), "counts": writer.counts}
            describe(staged, {**about, "engine": ENGINE})

    @contextmanager
    def view(self) -> "Iterator[LadybugView]":
        """Read the graph. Raises StoreError where there is none that is whole."""
        with self._open() as (found, connection):
            yield LadybugView(found, connection)

    @contextmanager
    def _open(self) -> Iterator[tuple[Snapshot, Any]]:
        found = current(self.folder)
        if found is None:
            raise StoreError(f"there is no whole graph in {self.folder}: load one first")
        with connected(found.database, self._pool, space(found.size)) as connection:
            yield found, connection


class LadybugView:
    """Reads one graph, the same from beginning to end whatever is loaded meanwhile."""

    def __init__(self, found: Snapshot, connection: Any) -> None:
        self._found = found
        self._connection = connection

    @property
    def snapshot(self) -> str:
        """Which graph is read."""
        return self._found.name

    @property
    def about(self) -> Mapping[str, str]:
        """What the graph says of itself."""
        return MappingProxyType(dict(self._found.about))

    def rows(self, statement: str, parameters: Parameters | None = None, limits: Limits | None = None) -> pl.DataFrame:
        """Answer of one Cypher statement that only reads; types as in `ladybug_values`.

        Raises LimitExceeded past a limit, never a cut-off answer; StoreError for a statement that fails. The engine
        heeds the time between its steps only: statements of strangers belong in a process of their own.
        """
        limits = limits or Limits()
        found = answer(self._connection, statement, parameters or {}, limits.seconds, limits.rows)
        return pl.DataFrame(pl.from_arrow(found))

    def counts(self) -> dict[str, int]:
        """Nodes by label and edges by table, as the engine counts them."""
        return {table: self._count(table) for table in self._found.counts}

    def _count(self, table: str) -> int:
        start, *rest = table.split("-")
        pattern = f"(:`{start}`)-[r:`{rest[0]}`]->(:`{rest[1]}`)" if rest else f"(:`{start}`)"
        return int(self.rows(f"MATCH {pattern} RETURN count(*) AS n").item())
