"""One load of the server: who writes what, and how a batch of rows gets there."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl
from neo4j import Driver, Session, Transaction

from graphs.errors import StoreError
from graphs.stores.base import Graph, Progress
from graphs.stores.neo4j_session import FETCH_ROWS
from graphs.stores.neo4j_state import LABELS, READY, State
from graphs.stores.neo4j_tables import ID, Difference, Step, Table, difference

TRIES = 6
PAUSE_SECONDS = 0.5
"""Wait after the first failure; it doubles each time, 15 s in all."""
READ_ROWS = 50_000
ANY = f"MATCH (n) WHERE {' AND '.join(f'NOT n:{label}' for label in LABELS)} RETURN 1 LIMIT 1"


@dataclass(frozen=True)
class Job:
    """One load: what is written, where, and by whom."""

    driver: Driver
    database: str
    graph: Graph
    progress: Progress
    run: str
    batch_rows: int

    def session(self) -> Session:
        """A session in the database of the graph."""
        return self.driver.session(database=self.database, fetch_size=FETCH_ROWS)

    @contextmanager
    def transaction(self, **metadata: str) -> Iterator[Transaction]:
        """A transaction that is committed when its context ends well, else rolled back."""
        with self.session() as session, session.begin_transaction(metadata=metadata) as transaction:
            yield transaction

    def finished(self, counts: Mapping[str, int]) -> State:
        """What the Load node says in the end."""
        one = self.graph
        return State(READY, one.snapshot, one.contents, one.about, counts, self.run)

    def rows(self, table: Table) -> pl.DataFrame:
        """A table of the graph once more; nothing for one that it leaves out."""
        found = self.graph.tables.get(table.name)
        return pl.DataFrame(schema=table.columns) if found is None else found.collect()


def pause(failures: int) -> None:
    """Wait before the next try."""
    time.sleep(PAUSE_SECONDS * 2 ** (failures - 1))


def is_empty(transaction: Transaction) -> bool:
    """True where there is no node but our own marks, so that no table need be asked for."""
    return transaction.run(ANY).single() is None


def compared(transaction: Transaction, table: Table, rows: pl.DataFrame) -> Difference:
    """What makes the table that the server holds equal to these rows."""
    there = transaction.run(table.count).single(strict=True)["n"]
    return difference(table, _held(transaction, table) if there else None, rows)


def put(transaction: Transaction, table: Table, part: Step) -> None:
    """One batch. Raises StoreError where fewer rows were written than given: an edge whose ends are not there."""
    statement, parameters, rows = part
    written = transaction.run(statement, parameters(rows)).single(strict=True)["n"]
    if written != rows.height:
        raise StoreError(
            f"{rows.height - written} rows of {table.name} could not be written since the nodes or edges that they "
            "speak of are not in the store: check the graph, and load it again"
        )


def _held(transaction: Transaction, table: Table) -> pl.DataFrame:
    """All rows of a table as the server holds them. A value of another type is converted, else null."""
    schema = {ID: pl.String(), **table.columns}
    found = transaction.run(table.read)
    frames = [pl.DataFrame(schema=schema)]
    while rows := found.fetch(READ_ROWS):
        columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
        frames.append(pl.DataFrame([pl.Series(name, one, dtype, strict=False) for (name, dtype), one in columns]))
    return pl.concat(frames)
