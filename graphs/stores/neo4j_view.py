"""Reading the graph from the server: each statement together with the Load node, before and after."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import polars as pl
from neo4j import READ_ACCESS, Driver, Session, Transaction

from graphs.errors import LimitExceeded, StoreError
from graphs.stores.base import Limits, Parameters
from graphs.stores.neo4j_answers import frame, size
from graphs.stores.neo4j_session import FAULTS, Address, explained, is_late
from graphs.stores.neo4j_state import State, readable
from graphs.stores.neo4j_tables import TABLES

ROWS = 1_000
"""Rows that are sent at a time: what lies here unread when an answer turns out too large."""
ANSWER_BYTES = 256 << 20
"""Most of an answer, text by its length and 8 for any other plain value. One row is in memory before it is weighed: how
large that can be is bounded by what the server allows a transaction."""
GRACE_SECONDS = 5.0
"""How long past its time the server may take to stop a statement. It asks itself between rows, never inside an
expression: one that searches a text with a regular expression may go on for hours, and then the connection is cut."""
TAKEN = "give whole numbers within 64 bits, and text that is Unicode"
Answer = tuple[Sequence[str], Sequence[Sequence[Any]]]
REPLACED = "the graph in the Neo4j store was replaced meanwhile: ask again"


class Neo4jView:
    """Reads one graph, the one that is there when its context begins; refuses once another is there."""

    _driver: Driver
    _session: Session
    _state: State

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            undone.push(self._connection)
            self._connect()
            with self._session.begin_transaction() as transaction:
                self._state = readable(transaction)
            undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

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
        late = f"the statement took longer than {limits.seconds:g} s: ask for less, or allow more time"
        with self._deadline(limits.seconds + GRACE_SECONDS) as is_over:
            try:
                names, records = self._read(statement, dict(parameters or {}), limits)
            except (OverflowError, UnicodeError) as error:  # of the driver, before anything is sent
                raise StoreError(f"the server takes no such value ({error}): {TAKEN}") from error
            except FAULTS as error:
                if is_late(error) or is_over.is_set():
                    raise LimitExceeded(late) from error
                raise explained(error, self._address.url) from error
        return frame(names, records)

    def counts(self) -> dict[str, int]:
        """Nodes by label and edges by table."""
        return {name: int(self.rows(table.count).item()) for name, table in TABLES.items()}

    def _read(self, statement: str, parameters: dict[str, Any], limits: Limits) -> Answer:
        """Names and records of an answer, within its limits of rows and memory."""
        records, weight = [], 0
        with self._session.begin_transaction(timeout=limits.seconds) as transaction:
            self._check(transaction)
            result = transaction.run(statement, parameters)
            for record in result:
                records.append(record)
                weight += size(record)
                if len(records) > limits.rows:
                    raise LimitExceeded(f"the answer has more than {limits.rows} rows, the limit: ask for less")
                if weight > ANSWER_BYTES:
                    raise LimitExceeded(f"the answer has more than {ANSWER_BYTES >> 20} MB, the limit: ask for less")
            self._check(transaction)
        return result.keys(), records

    def _check(self, transaction: Transaction) -> None:
        """The graph is still the one that this view reads, and nobody is replacing it."""
        found = readable(transaction)
        if (found.run, found.snapshot) != (self._state.run, self._state.snapshot):
            raise StoreError(REPLACED)

    def _connect(self) -> None:
        self._driver = self._connection.enter_context(self._address.driver())
        self._session = self._connection.enter_context(
            self._driver.session(database=self._address.database, default_access_mode=READ_ACCESS, fetch_size=ROWS)
        )

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        """Cut the connection after so long, which ends any wait for an answer; the event tells of it.

        The server goes on until it can stop. Whoever asks again does so over a new connection.
        """
        is_over = threading.Event()

        def cut() -> None:
            is_over.set()
            self._driver.close()

        timer = threading.Timer(seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield is_over
        finally:
            timer.cancel()
            timer.join()
            if is_over.is_set():
                self._connection.close()
                self._connect()
