"""Writing the graph into the server: constraints first, then whatever differs, in one of two ways (`neo4j_ways`)."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl
from neo4j import Driver, Session

from graphs.errors import StoreError
from graphs.schema import EdgeType, key_of
from graphs.stores.base import Graph, Progress
from graphs.stores.neo4j_job import Job
from graphs.stores.neo4j_session import FAULTS, is_full
from graphs.stores.neo4j_state import LABELS, LOADING, STOP, STRAGGLERS, locked, write
from graphs.stores.neo4j_tables import TABLES, Table, unique
from graphs.stores.neo4j_ways import AtOnce, Staged

WAIT_SECONDS = 60.0
"""How long transactions of a load that was broken off may take to end."""

KEYS = (
    *((table.name, key_of(table.name)) for table in TABLES.values() if table.edge is None),
    *((label, "name") for label in LABELS),
)
"""Labels and their keys."""
CONSTRAINTS = """SHOW CONSTRAINTS YIELD type, entityType, labelsOrTypes AS labels, properties AS keys
WHERE entityType = 'NODE' AND (type ENDS WITH 'UNIQUENESS' OR type = 'NODE_KEY') RETURN labels, keys"""


class Neo4jWriter:
    """Takes the tables of one graph; tables whose content the store holds already are left alone."""

    def __init__(self, job: Job, at_once_rows: int) -> None:
        self._job = job
        self._at_once_rows = at_once_rows
        self._way: AtOnce | Staged = AtOnce(job)
        self._known = self._way.known
        self._taken: set[str] = set()

    def nodes(self, label: str, rows: pl.DataFrame) -> None:
        """All nodes of a kind."""
        self._take(TABLES[label], rows)

    def edges(self, edge: EdgeType, rows: pl.DataFrame) -> None:
        """All edges between two kinds of nodes; their ends are there already."""
        self._take(TABLES[edge.table], rows)

    def finish(self) -> None:
        """Empty the tables that were left out, and publish. Raises StoreError where one was promised and not given."""
        for name, table in TABLES.items():
            if name not in self._taken and name in self._job.graph.tables:
                raise StoreError(f"the graph has a table {name} that was not written: write it, or leave it out")
            if name not in self._taken:
                self._take(table, self._job.rows(table))
        try:
            self._way.publish()
        except FAULTS as error:
            if not is_full(error) or isinstance(self._way, Staged):
                raise
            self._stage().publish()

    def close(self) -> None:
        """Roll back what was begun."""
        if isinstance(self._way, AtOnce):
            self._way.close()

    def _take(self, table: Table, rows: pl.DataFrame) -> None:
        self._taken.add(table.name)
        content = self._job.graph.contents.get(table.name)
        if content is not None and content == self._known.get(table.name):
            self._job.progress(table.name, rows.height, rows.height)
            return
        self._way.take(table, rows)
        if isinstance(self._way, AtOnce) and self._way.size > self._at_once_rows:
            self._stage()

    def _stage(self) -> Staged:
        """Go on in many transactions, beginning with what was only compared so far."""
        if isinstance(self._way, Staged):
            return self._way
        before = self._way
        before.withdraw()
        self._way = Staged(self._job, before)
        for one in before.pending:
            self._way.write(one)
        return self._way


@contextmanager
def writing(
    driver: Driver, database: str, graph: Graph, progress: Progress, at_once_rows: int, batch_rows: int
) -> Iterator[Neo4jWriter]:
    """A writer whose graph is published when the context ends well."""
    job = Job(driver, database, graph, progress, uuid.uuid4().hex, batch_rows)
    with job.session() as session:
        constrain(session)
    take_over(job)
    writer = Neo4jWriter(job, at_once_rows)
    try:
        yield writer
        writer.finish()
    finally:
        writer.close()


def constrain(session: Session) -> None:
    """Keys are unique: this keeps a node from being there twice, and finds it at once."""
    for label, key in KEYS:
        session.run(unique(label, key)).consume()


def is_constrained(session: Session) -> bool:
    """True where every key is unique, whatever the constraints are called; an offline import leaves none."""
    found = {(*one["labels"], *one["keys"]) for one in session.run(CONSTRAINTS)}
    return found.issuperset(KEYS)


def take_over(job: Job) -> None:
    """Put this load in the place of one that is staged, and wait until no transaction of that one is left.

    What a killed load had sent may still be committed. Raises StoreError where such a transaction does not end.
    """
    with job.transaction() as transaction:
        state = locked(transaction)
        if state.status != LOADING:
            return
        write(transaction, replace(state, run=job.run))
    deadline = time.monotonic() + WAIT_SECONDS
    with job.session() as session:
        while ids := session.run(STRAGGLERS, run=job.run).single(strict=True)["ids"]:
            if time.monotonic() > deadline:
                raise StoreError(f"a broken-off load does not end ({', '.join(ids)}): restart the Neo4j server")
            session.run(STOP, ids=ids).consume()
            time.sleep(0.1)
