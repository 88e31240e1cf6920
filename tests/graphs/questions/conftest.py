"""Views of the graphs in `worlds`, on every engine."""

from collections.abc import Iterator

import pytest

from graphs.stores.base import Graph, View, load
from graphs.stores.ladybug import LadybugStore
from graphs.stores.neo4j import Neo4jStore
from tests.graph_servers import emptied
from tests.graphs.questions import worlds


@pytest.fixture(scope="session")
def small() -> Graph:
    return worlds.small()


@pytest.fixture(scope="session")
def embedded(small, tmp_path_factory) -> Iterator[View]:
    """The small graph in the embedded engine."""
    store = LadybugStore(tmp_path_factory.mktemp("small"))
    load(store, small)
    with store.view() as view:
        yield view


@pytest.fixture(scope="module")
def neo4j_store(neo4j_server) -> Neo4jStore:
    """An empty store of the server that tests of graphs share."""
    return emptied(neo4j_server).store
