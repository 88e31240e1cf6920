"""The server engine: a graph in Neo4j, Community edition or larger, reached over Bolt.

One database holds one graph; nodes of other labels are left alone. An update is the difference between what the server
holds and the new frames, in one transaction, so that a reader has the old graph or the new one. Past `AT_ONCE_ROWS`, or
where the server lacks the memory, the load goes in staged and readers are told to wait (`neo4j_ways`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from graphs.stores.base import Graph, Progress, no_progress
from graphs.stores.neo4j_session import Address
from graphs.stores.neo4j_state import snapshot_in
from graphs.stores.neo4j_view import Neo4jView
from graphs.stores.neo4j_writer import Neo4jWriter, constrain, is_constrained, writing

AT_ONCE_ROWS = 200_000
"""Rows that a load writes in one transaction: about 0.3 GB of the server's heap."""
BATCH_ROWS = 20_000
"""Rows of one statement."""


class Neo4jStore:
    """A graph in a database of a Neo4j server. Nothing is asked of the server before the first use."""

    name = "Neo4j"

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        database: str = "neo4j",
        *,
        at_once_rows: int = AT_ONCE_ROWS,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self.address = Address(url, user, password, database)
        self._at_once_rows = at_once_rows
        self._batch_rows = batch_rows

    def __repr__(self) -> str:
        return f"Neo4jStore({self.address.url!r}, database={self.address.database!r})"

    def snapshot(self) -> str | None:
        """Which graph is there and complete.

        None for an empty store, a load that is not finished, a damaged graph, which has more or fewer nodes of a label
        or edges of a type than the load left, and one without constraints, as an import leaves it: a load mends both.
        """
        one = self.address
        with one.driver() as driver, driver.session(database=one.database) as session:
            with session.begin_transaction() as transaction:
                found = snapshot_in(transaction)
            return found if found and is_constrained(session) else None

    @contextmanager
    def writer(self, graph: Graph, progress: Progress = no_progress) -> Iterator[Neo4jWriter]:
        """Replace the graph.

        Whatever ends the context badly leaves the old one, unless the load was too large for one transaction: then
        the next load goes on where this one stopped, and readers are told so. Raises StoreError where the server
        does not answer, where an edge names a node that is not there, and where another load takes over.
        """
        one = self.address
        sizes = self._at_once_rows, self._batch_rows
        with one.driver() as driver, writing(driver, one.database, graph, progress, *sizes) as writer:
            yield writer

    def constrain(self) -> None:
        """Make keys unique and quick to find, as every load does first; an offline import cannot."""
        with self.address.driver() as driver, driver.session(database=self.address.database) as session:
            constrain(session)
            session.run("CALL db.awaitIndexes(3600)").consume()

    def view(self) -> Neo4jView:
        """Read the graph. Raises StoreError where there is none, or a load is under way."""
        return Neo4jView(self.address)
