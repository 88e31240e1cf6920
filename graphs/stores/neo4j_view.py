"""Reading the graph from the server: each statement together with the Load node, before and after."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import polars as pl
from neo4j import READ_ACCESS, Driver, Session, Transaction

from graphs.errors import LimitExceeded, StoreError
from graphs.stores.base import Limits, Parameters
from graphs.stores.neo4j_answers import frame
from graphs.stores.neo4j_session import FAULTS, FETCH_ROWS, explained, is_late
from graphs.stores.neo4j_state import State, readable
from graphs.stores.neo4j_tables import TABLES

REPLACED = "the graph in the Neo4j store was replaced meanwhile: ask again"


class Neo4jView:
    """Reads one graph; refuses once another is there."""

    def __init__(self, session: Session, state: State, where: str) -> None:
        self._session = session
        self._state = state
        self._where = where

    @property
    def snapshot(self) -> str:
        """Which graph is read."""
        return str(self._state.snapshot)

    @property
    def about(self) -> Mapping[str, str]:
        """What the graph says of itself."""
        return self._state.about

    def rows(self, statement: str, parameters: Parameters | None = None, limits: Limits | None = None) -> pl.DataFrame:
        """Answer of one Cypher statement that only reads; types as in `neo4j_answers`.

        Raises LimitExceeded past a limit, never a cut-off answer; StatementRefused for a write; StoreError for a
        statement that fails, and where the graph is being replaced.
        """
        limits = limits or Limits()
        try:
            with self._session.begin_transaction(timeout=limits.seconds) as transaction:
                self._check(transaction)
                result = transaction.run(statement, dict(parameters or {}))
                names, records = result.keys(), result.fetch(limits.rows + 1)
                if len(records) > limits.rows:
                    raise LimitExceeded(f"the answer has more than {limits.rows} rows, the limit: ask for less")
                self._check(transaction)
        except FAULTS as error:
            if is_late(error):
                raise LimitExceeded(
                    f"the statement took longer than {limits.seconds:g} s: ask for less, or allow more time"
                ) from error
            raise explained(error, self._where) from error
        return frame(names, records)

    def counts(self) -> dict[str, int]:
        """Nodes by label and edges by table."""
        return {name: int(self.rows(table.count).item()) for name, table in TABLES.items()}

    def _check(self, transaction: Transaction) -> None:
        """The graph is still the one that this view reads, and nobody is replacing it."""
        found = readable(transaction)
        if (found.run, found.snapshot) != (self._state.run, self._state.snapshot):
            raise StoreError(REPLACED)


@contextmanager
def viewing(driver: Driver, database: str, where: str) -> Iterator[Neo4jView]:
    """A view of the graph that is there now."""
    with driver.session(database=database, default_access_mode=READ_ACCESS, fetch_size=FETCH_ROWS) as session:
        with session.begin_transaction() as transaction:
            state = readable(transaction)
        yield Neo4jView(session, state, where)
