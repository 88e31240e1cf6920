"""Real Neo4j servers for tests: started once a session on free ports, in a temporary folder, and stopped.

With `ORETRACE_REQUIRE_NEO4J=1` a missing Java, Maven or server is a failure; else such tests skip with the reason.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from graphs.errors import StoreError
from pipelines.neo4j_jars import CURRENT, Line, java
from pipelines.neo4j_process import USER, Neo4jServer

EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


def required() -> bool:
    """True where a missing server is a failure."""
    return os.environ.get("ORETRACE_REQUIRE_NEO4J") == "1"


@contextmanager
def running(folder: Path, line: Line, **settings: str) -> Iterator[Neo4jServer]:
    """A server of the test's own; the test skips where there can be none, unless it must not.

    The current line skips even then where no Java runs it.
    """
    server = Neo4jServer(folder, line, heap="512m", page_cache="64m", settings=settings)
    try:
        if line == CURRENT:
            _java_or_skip(line)
        server.start()
    except StoreError as error:
        if required():
            raise
        pytest.skip(f"no Neo4j server: {error}")
    try:
        yield server
    finally:
        server.kill()  # the folder is thrown away: no need of ten seconds of farewell


def emptied(server: Neo4jServer) -> Neo4jServer:
    """The server without a node."""
    with (
        GraphDatabase.driver(server.url, auth=(USER, server.password)) as driver,
        driver.session() as session,
    ):
        session.run(EMPTY).consume()
    return server


def _java_or_skip(line: Line) -> None:
    try:
        java(line.java)
    except StoreError as error:
        pytest.skip(str(error))
