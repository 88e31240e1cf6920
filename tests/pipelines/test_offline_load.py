"""An offline load into a server that is kept here is tested with that server (`test_neo4j_server`)."""

import subprocess
from pathlib import Path

import pytest

from graphs.errors import InputError
from graphs.stores.ladybug import LadybugStore
from graphs.stores.neo4j import Neo4jStore
from pipelines.home import Home
from pipelines.neo4j_process import Listening
from pipelines.offline_load import is_of, load_offline
from tests.graphs.stores.contract_graph import contract_graph


def test_the_embedded_store_has_no_offline_load(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="for a Neo4j server"):
        load_offline(Home.open(tmp_path, create=True), contract_graph(), LadybugStore(tmp_path / "store"))


def test_for_a_server_of_others_the_files_and_a_command_that_runs_are_left(tmp_path: Path) -> None:
    """The command is run here with a program that notes where it stands and which files it sees."""
    home, graph = Home.open(tmp_path / "home of mine", create=True), contract_graph()
    store = Neo4jStore("bolt://127.0.0.1:1", "neo4j", "word")
    is_loaded, said = load_offline(home, graph, store, tmp_path / "nobody")
    assert not is_loaded
    assert "word" not in said.replace("password", "")
    assert "then start it and run `oretrace graph load`, which makes the constraints" in said.lower()

    program = tmp_path / "server" / "bin" / "neo4j-admin"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\npwd\nfor one; do echo "$one"; test ! -f "${one##*=}" || echo seen; done\n')
    program.chmod(0o755)
    line = next(one for one in said.splitlines() if one.startswith("  cd "))
    line = line.replace("NEO4J_HOME", str(tmp_path / "server"))
    ran = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()
    files = home.path / "graph" / "import"
    assert (Path(ran[0]), ran[1:4], ran[-1]) == (files, ["database", "import", "full"], "neo4j")
    given = [one.partition("./")[2] for one in ran if ".csv" in one]
    assert ran.count("seen") == len(given)
    assert {f"{name}.csv" for name in (*graph.tables, "Load")} == set(given)
    assert all((files / name).stat().st_size > 0 for name in given)


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("bolt://127.0.0.1:7777", True),
        ("bolt://localhost:7777", True),
        ("neo4j://localhost:7777", True),
        ("neo4j://127.0.0.1:7777/", True),
        ("bolt://LOCALHOST:7777", True),
        ("bolt://localhost", False),
        ("bolt://localhost:7778", False),
        ("bolt://127.0.0.2:7777", False),
        ("bolt://example.org:7777", False),
        ("bolt+s://localhost:7777", False),
        ("bolt://localhost:none", False),
    ],
)
def test_a_kept_server_is_known_by_any_of_its_addresses(url: str, is_ours: bool) -> None:
    assert is_of(url, Listening(1, 7777, 2, "lts", "1g")) is is_ours
    assert is_of("neo4j://localhost", Listening(1, 7687, 2, "lts", "1g"))
