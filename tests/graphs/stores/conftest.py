"""Every engine: empty, or with the graph of the contract in it."""

from pathlib import Path

import pytest

from graphs.stores.base import Graph, Store, load
from pipelines.neo4j_process import Neo4jServer
from tests.graph_servers import emptied
from tests.graphs.stores.contract_graph import contract_graph

ENGINES = ("ladybug", "neo4j", "neo4j-current")
SERVERS = {"neo4j": "neo4j_server", "neo4j-current": "neo4j_current_server"}


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The graph of the contract."""
    return contract_graph()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an embedded store stays that tests only read."""
    return tmp_path_factory.mktemp("contract")


@pytest.fixture
def server(neo4j_server: Neo4jServer) -> Neo4jServer:
    """The shared server, empty."""
    return emptied(neo4j_server)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each engine in turn."""
    if request.param in SERVERS:
        return emptied(request.getfixturevalue(SERVERS[request.param])).store
    return embedded(tmp_path / "graph")


@pytest.fixture(params=ENGINES)
def loaded(request: pytest.FixtureRequest, graph: Graph, folder: Path) -> Store:
    """A store of each engine with the graph, for tests that leave it as it is."""
    server = SERVERS.get(request.param)
    found: Store = request.getfixturevalue(server).store if server else embedded(folder)
    load(found, graph)
    return found


def embedded(folder: Path) -> Store:
    """The engine that needs no server."""
    from graphs.stores.ladybug import LadybugStore

    return LadybugStore(folder)
