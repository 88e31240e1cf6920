"""Statements of users on a real server: the same guard, the limits of the server, and what it leaves open behind."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import LimitExceeded, StatementRefused, StoreError
from graphs.stores.base import Store, load
from graphs.stores.neo4j import Neo4jStore
from pipelines.neo4j_process import Neo4jServer
from pipelines.statement import Allowance, answer
from tests.graph_servers import emptied
from tests.graphs.stores.test_ladybug_differences import DIFFERENCES, difference_graph
from tests.pipelines.test_statement import DOORS

COUNT = "MATCH (c:Country) RETURN count(*) AS n"


@pytest.fixture(scope="module")
def server(neo4j_server: Neo4jServer) -> Store:
    """A server with the graph of the page about Cypher."""
    store = emptied(neo4j_server).store
    load(store, difference_graph())
    return store


def behind(store: Store, statement: str) -> pl.DataFrame | str:
    """What the server does with a statement that did not pass the guard: its answer, or its complaint."""
    try:
        with store.view() as view:
            return view.rows(statement)
    except StoreError as error:
        return f"{type(error).__name__}: {error}"


def opens(store: Store) -> bool:
    return answer(store, COUNT).item() == 3


@pytest.mark.parametrize(("statement", "neo4j"), [(one[0], one[2]) for one in DIFFERENCES])
def test_the_server_answers_as_the_page_says(server: Store, statement: str, neo4j: str) -> None:
    assert answer(server, statement)["x"].to_list() == [json.loads(neo4j)]


@pytest.mark.parametrize("door", DOORS)
def test_the_guard_closes_every_door(server: Store, door: str) -> None:
    with pytest.raises(StatementRefused):
        answer(server, door.format(secret="secret.csv", folder="x", database="x"))


@contextmanager
def website(folder: Path) -> Iterator[str]:
    """Address of a folder on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


def test_behind_the_guard_a_reading_server_has_doors(server: Store, tmp_path: Path) -> None:
    """Why the guard is there: these pass in read mode."""
    (tmp_path / "secret.csv").write_text("1,2\n")
    with website(tmp_path) as address:
        found = behind(server, f"LOAD CSV FROM '{address}/secret.csv' AS row RETURN row[0] AS x")
    assert isinstance(found, pl.DataFrame), found
    assert found["x"].to_list() == ["1"]
    for door in ("CALL dbms.listConfig() YIELD name RETURN count(name) AS x", "SHOW TRANSACTIONS YIELD username AS x"):
        found = behind(server, door)
        assert isinstance(found, pl.DataFrame), found
        assert found.height > 0
    assert opens(server)


@pytest.mark.parametrize("door", ["SHOW USERS", "TERMINATE TRANSACTIONS 'neo4j-transaction-999999'", *DOORS[15:19]])
def test_behind_the_guard_the_graph_stays_as_it_is(server: Store, door: str) -> None:
    behind(server, door.format())
    assert opens(server)


@pytest.mark.parametrize(
    "statement",
    [
        "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(x + y) AS n",
        "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN collect(x + y) AS n",
    ],
)
def test_a_statement_without_measure_ends(server: Store, statement: str) -> None:
    with pytest.raises(LimitExceeded):
        answer(server, statement, limits=Allowance(seconds=1))
    assert opens(server)


def test_too_many_rows_are_refused_not_cut(server: Store) -> None:
    assert answer(server, "MATCH (c:Country) RETURN c.code AS c", limits=Allowance(rows=3)).height == 3
    with pytest.raises(LimitExceeded, match="more than 2 rows"):
        answer(server, "MATCH (c:Country) RETURN c.code AS c", limits=Allowance(rows=2))


def test_parameters_that_are_missing_are_told_before_the_server_is_asked() -> None:
    nowhere = Neo4jStore("bolt://127.0.0.1:9", "neo4j", "")
    with pytest.raises(StoreError, match=r"the parameter \$x is not given"):
        answer(nowhere, "RETURN $x AS x")
