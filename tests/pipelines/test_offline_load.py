"""An offline load into a server that is kept here is tested with that server (`test_neo4j_server`)."""

from pathlib import Path

import pytest

from graphs.errors import InputError
from graphs.stores.ladybug import LadybugStore
from graphs.stores.neo4j import Neo4jStore
from pipelines.home import Home
from pipelines.offline_load import load_offline
from tests.graphs.stores.contract_graph import contract_graph


def test_the_embedded_store_has_no_offline_load(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="for a Neo4j server"):
        load_offline(Home.open(tmp_path, create=True), contract_graph(), LadybugStore(tmp_path / "store"))


def test_for_a_server_of_others_the_files_and_the_command_are_left(tmp_path: Path) -> None:
    home, graph = Home.open(tmp_path / "home", create=True), contract_graph()
    said = load_offline(home, graph, Neo4jStore("bolt://127.0.0.1:1", "neo4j", "word"), tmp_path / "nobody")
    assert "bin/neo4j-admin database import full" in said
    assert "word" not in said.replace("password", "")
    for name, rows in graph.counts().items():
        if rows:
            assert f"{name}.csv" in said
            assert (home.path / "graph" / "import" / f"{name}.csv").stat().st_size > 0
