"""A server for a person, as a person starts and stops it, and what it says where it cannot start."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from graphs.errors import StoreError
from graphs.stores.neo4j import Neo4jStore
from graphs.stores.neo4j_session import answers
from pipelines import neo4j_jars, neo4j_process, offline_load
from pipelines.home import Home
from pipelines.neo4j_jars import LTS, Line, default_cache, java, java_version, libraries
from pipelines.neo4j_process import Neo4jServer, free_ports, listening_in, password_in, write_privately
from pipelines.neo4j_server import paused, usual_ports
from pipelines.offline_load import load_offline
from tests.conftest import REPOSITORY
from tests.graph_servers import required
from tests.graphs.stores.contract_graph import contract_graph


def java_or_skip() -> Path:
    try:
        return java(LTS.java)
    except StoreError as error:
        if required():
            raise
        pytest.skip(str(error))


@contextmanager
def kept(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`make neo4j` in a process of its own, and what it printed once it runs."""
    command = [sys.executable, "-W", "error", "-m", "pipelines.neo4j_server", "--folder", str(folder), "--heap", "512m"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=REPOSITORY)
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith(("Stop it", "error")):
                break
        yield process, "".join(lines)
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate()[0]
    assert (process.returncode, rest) == (0, "Stopped.\n")


@pytest.mark.slow
def test_a_server_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java_or_skip()
    folder = tmp_path / "server"
    with kept(folder) as (process, told):
        found = listening_in(folder)
        assert found is not None
        word = password_in(folder)
        assert f"Neo4j answers at {found.url}, user neo4j; its password is in {folder / 'password'}" in told
        assert f"ORETRACE_GRAPH_URL={found.url}" in told
        assert f"kill {process.pid}" in told
        assert word not in told
        assert (folder / "password").stat().st_mode & 0o077 == 0
        assert Neo4jStore(found.url, "neo4j", word).snapshot() is None
        assert not answers(found.url, "neo4j", "guessed")
        with pytest.raises(StoreError, match=r"runs in .* already"):
            Neo4jServer(folder).start()

        graph, store = contract_graph(), Neo4jStore(found.url.replace("127.0.0.1", "localhost"), "neo4j", word)
        files, written = tmp_path / "home" / "graph" / "import", list[str]()

        def paused_with_files(of: Path) -> AbstractContextManager[Neo4jServer]:
            written.extend(one.name for one in files.iterdir())
            return paused(of)

        monkeypatch.setattr(offline_load, "paused", paused_with_files)
        home = Home.open(tmp_path / "home", create=True)
        is_loaded, said = load_offline(home, graph, store, folder)
        assert is_loaded
        assert graph.snapshot in said
        assert "was in Neo4j" in load_offline(home, graph, store, folder)[1]
        assert {f"{name}.csv" for name in (*graph.tables, "Load")} <= set(written)  # before the server is stopped
        assert not files.exists()
        assert store.snapshot() == graph.snapshot
        with store.view() as view:
            assert (view.snapshot, view.counts()) == (graph.snapshot, graph.counts())
        found = listening_in(folder)
        assert found is not None

        with paused(folder) as server:
            assert listening_in(folder) is None
            assert not answers(found.url, "neo4j", word)
            assert server.folder == folder
        again = listening_in(folder)
        assert again is not None
        assert (again.url, again.pid != found.pid) == (found.url, True)
        assert answers(found.url, "neo4j", word)
    assert listening_in(folder) is None
    with pytest.raises(StoreError, match="no server runs"), paused(folder):
        pass


def test_nobody_else_can_reach_it(tmp_path: Path) -> None:
    server = Neo4jServer(tmp_path)
    server._configure(1, 2)
    settings = dict(line.split("=", 1) for line in (tmp_path / "conf" / "neo4j.conf").read_text().splitlines())
    addresses = [value for name, value in settings.items() if name.endswith("listen_address")]
    assert {one.partition(":")[0] for one in addresses} == {"127.0.0.1"}
    assert settings["dbms.usage_report.enabled"] == "false"


def test_a_stopped_server_has_no_address(tmp_path: Path) -> None:
    server = Neo4jServer(tmp_path)
    for ask in (lambda: server.url, lambda: server.pid, lambda: server.store):
        with pytest.raises(StoreError, match="not running"):
            ask()
    with pytest.raises(StoreError, match="start one with make neo4j"):
        server.password  # noqa: B018
    server.stop()


def test_the_state_of_a_server_that_is_gone_is_no_server(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    told = f'{{"pid": {gone.pid}, "bolt": 1, "http": 2, "line": "lts", "heap": "1g"}}'
    (tmp_path / "server.json").write_text(told)
    assert listening_in(tmp_path) is None
    (tmp_path / "server.json").write_text(told.replace(str(gone.pid), str(os.getpid())))
    assert listening_in(tmp_path) is not None


@pytest.mark.parametrize("told", [b"", b'{"pid": 1', b"\xff\xfe", b"[]", b'{"pid": 1}', b"null", b'{"port": 1}'])
def test_a_state_that_cannot_be_read_is_no_server(tmp_path: Path, told: bytes) -> None:
    (tmp_path / "server.json").write_bytes(told)
    assert listening_in(tmp_path) is None
    everything = '{"pid": "%s", "bolt": 1, "http": 2, "line": "lts", "heap": "1g"}'
    (tmp_path / "server.json").write_text(everything % os.getpid())
    assert listening_in(tmp_path) is None


def test_a_private_file_is_written_entirely_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = tmp_path / "password", os.umask(0)
    try:
        write_privately(file, "first")
        assert (file.read_text(), file.stat().st_mode & 0o777) == ("first", 0o600)

        def killed(descriptor: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(neo4j_process.os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            write_privately(file, "second")
        assert file.read_text() == "first"
        monkeypatch.undo()
        write_privately(file, "third")
        assert [one.name for one in tmp_path.iterdir()] == ["password"]
    finally:
        os.umask(before)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("told", "version"),
    [('openjdk version "17.0.15" 2025-04-15', 17), ('java version "1.8.0_402"', 8), ('openjdk version "25" 2025', 25)],
)
def test_a_java_tells_its_version(tmp_path: Path, told: str, version: int) -> None:
    assert java_version(script(tmp_path / "java", f"echo '{told}' >&2")) == version
    assert java_version(tmp_path / "none") is None
    assert java_version(script(tmp_path / "broken", "exit 1")) is None


def test_the_oldest_java_that_will_do_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (11, 17, 21):
        script(tmp_path / f"jdk-{number}" / "bin" / "java", f"echo 'openjdk version \"{number}.0.1\"' >&2")
    monkeypatch.setattr(neo4j_jars, "JAVA_PLACES", ((str(tmp_path), "jdk-*"),))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk-21"))
    assert java(17) == tmp_path / "jdk-17" / "bin" / "java"
    assert java(18) == tmp_path / "jdk-21" / "bin" / "java"
    with pytest.raises(StoreError, match="Java 25 or newer and this machine has 11, 17, 21"):
        java(25)


def test_libraries_are_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Maven that counts its calls, and writes what Maven would."""
    fetch = (
        "for one; do case $one in -DoutputDirectory=*) d=${one#*=};; esac; done; mkdir $d; : > $d/neo4j-server-1.jar"
    )
    script(tmp_path / "bin" / "mvn", f"echo x >> {tmp_path}/calls; {fetch}")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    found = {libraries(LTS, tmp_path / "cache") for _ in range(3)}
    assert [one.name for one in found.pop().glob("*.jar")] == ["neo4j-server-1.jar"]
    assert (not found, (tmp_path / "calls").read_text()) == (True, "x\n")
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize(
    ("maven", "words"), [("echo '[ERROR] no network'; exit 1", "no network"), ("exit 0", "no reason given")]
)
def test_maven_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maven: str, words: str
) -> None:
    script(tmp_path / "bin" / "mvn", maven)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(StoreError, match=words):
        libraries(LTS, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="from a checkout"):
        libraries(Line("x", tmp_path / "pom.xml", "Main", 17), tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreError, match="no program mvn"):
        libraries(LTS, tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "oretrace"


def test_ports_are_free_ones() -> None:
    ports = {*free_ports(), *free_ports()}
    assert len(ports) >= 2
    for port in usual_ports():
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    java_or_skip()
    server = Neo4jServer(tmp_path, settings={"server.memory.pagecache.size": "a lot"})
    begin = time.monotonic()
    try:
        libraries(LTS, default_cache())
    except StoreError as error:
        if required():
            raise
        pytest.skip(str(error))
    with pytest.raises(StoreError, match="a lot"):
        server.start()
    assert time.monotonic() - begin < 120
    assert not server.alive()
