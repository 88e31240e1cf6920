"""Two ways of writing a graph: at once, in one transaction, or in many, with readers told to wait.

At once is for updates: the server keeps a transaction in memory until it is committed, about 1.5 kB for a row. What is
larger, or what the server finds too large for its memory, goes in staged. Until it is complete the Load node says
`loading` and no reader gets an answer; after a kill the next load compares what is there and goes on.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

import polars as pl
from neo4j import Session, Transaction

from graphs.errors import StoreError
from graphs.stores.neo4j_job import TRIES, Job, compared, is_empty, pause, put
from graphs.stores.neo4j_session import FAULTS, LOST, is_full, is_passing
from graphs.stores.neo4j_state import (
    ANNOUNCE,
    BATCH,
    LOADING,
    MARK,
    OWN,
    WITHDRAW,
    State,
    counted,
    locked,
    state_in,
    trusted,
    write,
)
from graphs.stores.neo4j_tables import Difference, Step, Table, difference, parts

T = TypeVar("T")
OVERTAKEN = "another load has taken the place of this one in the Neo4j store: let it finish"


class Way(Protocol):
    """How differences get into the store."""

    def take(self, table: Table, rows: pl.DataFrame) -> None:
        """Bring a table to these rows, now or when the graph is published."""

    def publish(self) -> None:
        """Let readers have the graph."""


class AtOnce:
    """Everything in one transaction: compared while the lock is held, written at the end."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._session = job.session()
        try:
            self.seen = self._begin()
            self.known = trusted(self._transaction, self.seen)
            self.empty = is_empty(self._transaction)
        except BaseException:
            close(self._session)
            raise
        self.pending: list[Difference] = []

    @property
    def size(self) -> int:
        """Rows to write so far."""
        return sum(one.size for one in self.pending)

    def take(self, table: Table, rows: pl.DataFrame) -> None:
        """Compare a table."""
        found = difference(table, None, rows) if self.empty else compared(self._transaction, table, rows)
        self.pending.append(found)

    def publish(self) -> None:
        """Write and commit, again from the beginning where the server or the connection gave way."""
        patiently(self._attempt)
        patiently(lambda: self._mark(WITHDRAW))

    def withdraw(self) -> None:
        """Roll back, for good, and take back what readers were told of a new graph."""
        self.close()
        patiently(lambda: self._mark(WITHDRAW))

    def close(self) -> None:
        """Roll back what is not committed and give the lock away."""
        close(self._transaction)
        close(self._session)

    def _attempt(self) -> None:
        try:
            if self._transaction.closed() and self._is_there():
                return
            self._publish()
        except BaseException:
            self.close()
            raise

    def _publish(self) -> None:
        for one in self.pending:
            for part, done in one.batches(self._job.batch_rows):
                put(self._transaction, one.table, part)
                self._job.progress(one.table.name, done, one.rows)
        for one in self.pending:
            for part in parts(one.postponed, self._job.batch_rows):
                put(self._transaction, one.table, part)
        self._mark(ANNOUNCE)
        write(self._transaction, self._job.finished(counted(self._transaction)))
        self._transaction.commit()
        self._session.close()

    def _mark(self, statement: str) -> None:
        with self._job.transaction() as transaction:
            transaction.run(statement, run=self._job.run).consume()

    def _is_there(self) -> bool:
        """Begin again; True where the broken attempt had been committed after all."""
        self._session = self._job.session()
        found = self._begin()
        if found.run == self._job.run:
            self.close()
            return True
        if found.run != self.seen.run:
            raise StoreError(OVERTAKEN)
        return False

    def _begin(self) -> State:
        """A transaction in the session, with its turn."""
        self._transaction = self._session.begin_transaction(metadata={MARK: self._job.run})
        return locked(self._transaction)


class Staged:
    """Many transactions, while the Load node says that a load is under way."""

    def __init__(self, job: Job, before: AtOnce) -> None:
        self._job = job
        self._empty = before.empty
        seen = before.seen
        wanted = job.graph.contents
        kept = {name: content for name, content in before.known.items() if wanted.get(name) == content}
        self._contents = kept
        self._counts = dict(seen.counts)
        self._postponed: list[Difference] = []
        patiently(lambda: self._begin(seen))

    def take(self, table: Table, rows: pl.DataFrame) -> None:
        """Bring a table to these rows."""
        self.write(difference(table, None, rows) if self._empty else self._compared(table, rows))

    def write(self, found: Difference) -> None:
        """Write a difference, all but the removal of nodes."""
        found = self._surely(found, self._write)
        self._postponed.append(found)
        name = found.table.name
        if found.postponed[2].is_empty() and name in self._job.graph.contents:
            self._contents[name] = self._job.graph.contents[name]
            patiently(lambda: self._tell(partial(self._so_far, found.table)))

    def publish(self) -> None:
        """Remove nodes that are no more, then tell readers."""
        for one in self._postponed:
            self._surely(one, self._remove)
        patiently(lambda: self._tell(self._job.finished))

    def _so_far(self, table: Table, counts: Mapping[str, int]) -> State:
        """What the Load node says once a table is in."""
        self._counts[table.kind] = counts[table.kind]
        return self._state

    @property
    def _state(self) -> State:
        return State(LOADING, None, self._contents, {}, self._counts, self._job.run)

    def _begin(self, seen: State) -> None:
        with self._job.transaction() as transaction:
            found = locked(transaction)
            if found.run not in (seen.run, self._job.run):
                raise StoreError(OVERTAKEN)
            write(transaction, self._state)

    def _surely(self, found: Difference, action: Callable[[Difference], None]) -> Difference:
        """Write; compare once more where the connection broke and nobody knows what was committed."""
        for failures in range(TRIES):
            try:
                action(found)
                return found
            except LOST:
                if failures == TRIES - 1:
                    raise
                found = patiently(partial(self._again, found.table))
        return found

    def _write(self, found: Difference) -> None:
        for part, done in found.batches(self._job.batch_rows):
            self._put(found.table, part)
            self._job.progress(found.table.name, done, found.rows)

    def _remove(self, found: Difference) -> None:
        for part in parts(found.postponed, self._job.batch_rows):
            self._put(found.table, part)

    def _put(self, table: Table, part: Step) -> None:
        """One batch; in halves where the server has no memory for it, again after a deadlock."""
        try:
            patiently(lambda: self._commit(table, part), lost=False)
        except FAULTS as error:
            if not is_full(error) or part[2].height < 2:
                raise
            for half in parts(part, -(-part[2].height // 2)):
                self._put(table, half)

    def _commit(self, table: Table, part: Step) -> None:
        with self._job.transaction(**{BATCH: self._job.run}) as transaction:
            if not transaction.run(OWN, run=self._job.run).single(strict=True)["n"]:
                raise StoreError(OVERTAKEN)
            put(transaction, table, part)

    def _tell(self, told: Callable[[Mapping[str, int]], State]) -> None:
        with self._job.transaction() as transaction:
            found = state_in(transaction)
            if found.run != self._job.run:
                raise StoreError(OVERTAKEN)
            write(transaction, told(counted(transaction)))

    def _again(self, table: Table) -> Difference:
        return self._compared(table, self._job.rows(table))

    def _compared(self, table: Table, rows: pl.DataFrame) -> Difference:
        with self._job.transaction() as transaction:
            return compared(transaction, table, rows)


def patiently(action: Callable[[], T], *, lost: bool = True) -> T:
    """Try again after a deadlock, and, if that does no harm, after a lost connection."""
    for failures in range(1, TRIES):
        try:
            return action()
        except FAULTS as error:
            if not is_passing(error) and not (lost and isinstance(error, LOST)):
                raise
            pause(failures)
    return action()


def close(one: Session | Transaction) -> None:
    """Close it, whatever the server says: what is not committed is rolled back."""
    with suppress(*FAULTS):
        one.close()
