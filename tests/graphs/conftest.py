"""Servers that all tests of graphs share. Whoever uses one loads a graph of its own: the one before may be any."""

from collections.abc import Iterator

import pytest

from pipelines.neo4j_jars import CURRENT, LTS
from pipelines.neo4j_process import Neo4jServer
from tests.graph_servers import running


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """The line with long support."""
    with running(tmp_path_factory.mktemp("neo4j"), LTS) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_current_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """The current line; skips where no Java runs it."""
    with running(tmp_path_factory.mktemp("neo4j-current"), CURRENT) as server:
        yield server
