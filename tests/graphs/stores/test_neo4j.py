"""What the server promises beyond the contract: updates, loads that are killed, and whoever reads meanwhile."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from neo4j import Session, Transaction
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from graphs.errors import InputError, StoreError
from graphs.stores import neo4j_import, neo4j_job, neo4j_ways
from graphs.stores.base import Graph, load
from graphs.stores.neo4j import Neo4jStore
from graphs.stores.neo4j_state import State
from graphs.stores.neo4j_tables import Step, Table
from pipelines.neo4j_jars import LTS
from pipelines.neo4j_process import DATABASE, USER, Neo4jServer
from tests.conftest import REPOSITORY
from tests.graph_servers import emptied, running
from tests.graphs.stores.contract_graph import contract_graph, frame, frames, graph_of
from tests.graphs.stores.neo4j_tools import asked, session, store_of, wide
from tests.graphs.stores.test_contract import assert_holds, changed

PATIENCE_S = 120.0
ALL = "MATCH (f:Flow)-[:OF]->(c:Commodity) WHERE c.family = f.family RETURN count(*) AS n, sum(f.year) AS years"
LOADER = """
import sys
from graphs.stores.base import load
from graphs.stores.neo4j import Neo4jStore
from tests.graphs.stores.neo4j_tools import wide
url, password, at_once, batch, year, flows = sys.argv[1:]
store = Neo4jStore(url, "neo4j", password, at_once_rows=int(at_once), batch_rows=int(batch))
load(store, wide(int(year), int(flows)), lambda table, done, total: print(table, done, flush=True))
"""


def loader(server: Neo4jServer, at_once: int, batch: int, year: int, flows: int) -> subprocess.Popen[str]:
    """A load in a process of its own, that can be killed."""
    sizes = [str(one) for one in (at_once, batch, year, flows)]
    command = [sys.executable, "-W", "error", "-c", LOADER, server.url, server.password, *sizes]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)


def kill_at(process: subprocess.Popen[str], mark: str) -> None:
    """Kill the loader once it has told of this step."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(mark):
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_a_load_killed_in_its_one_transaction_leaves_the_old_graph(server: Neo4jServer) -> None:
    store = store_of(server)
    load(store, wide(2001, 300))
    kill_at(loader(server, 100_000, 100, 2002, 3000), "Flow-OF-Commodity 1500")
    assert_holds(store, wide(2001, 300))
    assert load(store, wide(2002, 500)) is True
    assert_holds(store, wide(2002, 500))


def test_a_killed_staged_load_is_told_and_completed(server: Neo4jServer) -> None:
    store = store_of(server, at_once_rows=100, batch_rows=100)
    load(store, wide(2001, 300))
    kill_at(loader(server, 100, 100, 2002, 1000), "Flow-OF-Commodity 300")
    assert store.snapshot() is None
    with pytest.raises(StoreError, match="being loaded, or a load was broken off"), store.view():
        pass
    assert asked(server, "MATCH (f:Flow) RETURN count(f) AS n")[0]["n"] == 1300  # old ones go last
    assert load(store, wide(2002, 1000)) is True
    assert_holds(store, wide(2002, 1000))
    load(store_of(emptied(server)), wide(2002, 1000))
    assert_holds(store, wide(2002, 1000))


def test_another_graph_may_follow_a_killed_load(server: Neo4jServer) -> None:
    kill_at(loader(server, 100, 100, 2001, 1000), "Flow 500")
    load(store_of(server), contract_graph())
    assert_holds(store_of(server), contract_graph())


def test_a_staged_load_stops_when_another_takes_over(server: Neo4jServer) -> None:
    """The second takes what the first has written; the first hears of it at its next batch."""
    graph = wide(2001, 400)
    store = store_of(server, at_once_rows=50, batch_rows=50)

    def interfere(table: str, done: int, total: int) -> None:
        if (table, done) == ("Flow", 200):
            load(store_of(server), wide(2002, 300))

    with pytest.raises(StoreError, match="another load has taken the place"):
        load(store, graph, interfere)
    assert_holds(store, wide(2002, 300))


def test_loads_at_once_take_turns(server: Neo4jServer) -> None:
    years = (2001, 2002, 2003)
    failed: list[BaseException] = []

    def one(year: int) -> None:
        try:
            load(store_of(server), wide(year, 200))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(year,)) for year in years]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    last = store_of(server).snapshot()
    assert last is not None
    assert_holds(store_of(server), wide(int(last), 200))


@pytest.mark.parametrize("at_once", [100_000, 100])
def test_a_reader_has_the_old_graph_or_the_new_one_or_a_sentence(server: Neo4jServer, at_once: int) -> None:
    store, sizes = store_of(server, at_once_rows=at_once, batch_rows=500), {1: 1500, 2: 2500, 3: 1500, 4: 2500}
    load(store, wide(1, sizes[1]))
    stop, seen, sentences = threading.Event(), set(), set()

    def read() -> None:
        while not stop.is_set():
            try:
                with store.view() as view:
                    for _ in range(3):
                        n, years = view.rows(ALL).row(0)
                        seen.add((view.snapshot, n, years))
            except StoreError as error:
                sentences.add(str(error))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for year in (2, 3, 4):
        load(store, wide(year, sizes[year]))
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert seen <= {(str(year), size, year * size) for year, size in sizes.items()}
    assert {snapshot for snapshot, *_ in seen} >= {"4"}
    assert all("being loaded" in one or "published" in one or "replaced" in one for one in sentences), sentences
    assert sentences


def test_a_view_is_of_one_graph(server: Neo4jServer) -> None:
    store = store_of(server)
    load(store, contract_graph())
    with store.view() as view:
        view.rows("RETURN 1 AS one")
        load(store, changed())
        with pytest.raises(StoreError, match="replaced meanwhile"):
            view.rows("RETURN 1 AS one")


def test_a_mark_left_by_a_killed_load_does_not_stop_readers(server: Neo4jServer) -> None:
    store = store_of(server)
    load(store, contract_graph())
    asked(server, "MATCH (l:Load) SET l.publishing = 'gone'")
    assert_holds(store, contract_graph())
    with (
        session(server) as opened,
        opened.begin_transaction(metadata={"oretrace_load": "gone"}),
        pytest.raises(StoreError, match="being published"),
        store.view(),
    ):
        pass


def ids(server: Neo4jServer) -> Mapping[str, str]:
    """The server's own names of everything, and of what it is."""
    nodes = asked(server, "MATCH (n) WHERE NOT n:Load RETURN elementId(n) AS id, properties(n) AS told")
    edges = asked(server, "MATCH ()-[r]->() RETURN elementId(r) AS id, properties(r) AS told")
    return {one["id"]: str(sorted(one["told"].items())) for one in (*nodes, *edges)}


def test_an_update_leaves_alone_what_is_the_same(server: Neo4jServer) -> None:
    store = store_of(server)
    load(store, contract_graph())
    asked(server, "MATCH (c:Country {code: 'DDD'}) SET c.mine = 1 CREATE (c)-[:MINE]->(:Mine)")
    before = ids(server)
    tables = frames()
    bigger = pl.when(pl.col("source") == "usgs").then(pl.col("mass_kg") * 2).otherwise("mass_kg")
    tables["Country-PRODUCES-Family"] = tables["Country-PRODUCES-Family"].with_columns(mass_kg=bigger)
    tables["Residual"] = tables["Residual"].with_columns(kind=pl.lit("group"))
    load(store, graph_of(tables))
    after = ids(server)
    assert set(before) == set(after)
    assert len([one for one in before if before[one] != after[one]]) == 2 + 2
    assert_holds(store, graph_of(tables))


def test_what_somebody_changed_by_hand_is_repaired(server: Neo4jServer) -> None:
    store, graph = store_of(server), contract_graph()
    load(store, graph)
    for statement in (
        "MATCH (c:Country {code: 'AAA'}) SET c.name = 'X', c.lon = 'east' REMOVE c.lat",
        "MATCH (f:Flow)-[r:OF]->(c) WHERE f.year = 2020 CREATE (f)-[:OF]->(c)",
        "MATCH (a:Country)-[r:EXPORTS_TO]->(b) WITH a, b, r LIMIT 1 CREATE (b)-[s:EXPORTS_TO]->(a) SET s = r",
        "CREATE (:Family {name: 'more'}), (:Residual)",
        "MATCH (f:Flow {year: 2021}) DETACH DELETE f",
    ):
        asked(server, statement)
    load(store, Graph(graph.snapshot + "x", graph.tables, {}, graph.about))
    assert_holds(store, Graph(graph.snapshot + "x", graph.tables, graph.contents, graph.about))


@pytest.mark.parametrize(
    ("at_once", "damage"),
    [
        (100_000, "MATCH (n) WHERE NOT n:Load DETACH DELETE n"),
        (10, "MATCH (n) WHERE NOT n:Load DETACH DELETE n"),
        (100_000, "MATCH (n:Flow {year: 2021}) DETACH DELETE n"),
        (100_000, "MATCH ()-[r:OF]->() WITH r LIMIT 1 DELETE r"),
        (100_000, "CREATE (:Country {code: 'XYZ', name: 'X'})"),
        (100_000, "MATCH (l:Load) REMOVE l.counts"),  # as a load by an earlier version
    ],
)
def test_a_damaged_graph_is_filled_again(server: Neo4jServer, at_once: int, damage: str) -> None:
    """Though the Load node still says that it is there: the server's own counts tell."""
    store = store_of(server, at_once_rows=at_once, batch_rows=50)
    load(store, contract_graph())
    asked(server, damage)
    assert store.snapshot() is None
    assert load(store, contract_graph()) is True
    assert_holds(store, contract_graph())
    assert load(store, contract_graph()) is False


def test_a_load_of_what_is_there_makes_the_constraints_that_are_missing(server: Neo4jServer) -> None:
    store, graph = store_of(server), contract_graph()
    load(store, graph)
    before = ids(server)
    for mend in (lambda: load(store, graph), store.constrain):
        asked(server, "DROP CONSTRAINT oretrace_country")
        assert store.snapshot() is None
        mend()
        assert store.snapshot() == graph.snapshot
    asked(server, "DROP CONSTRAINT oretrace_country")
    asked(server, "CREATE CONSTRAINT mine FOR (c:Country) REQUIRE c.code IS UNIQUE")
    assert load(store, graph) is False
    asked(server, "DROP CONSTRAINT mine")
    store.constrain()
    assert ids(server) == before


def test_what_a_killed_staged_load_left_is_trusted_only_while_it_is_there(server: Neo4jServer) -> None:
    kill_at(loader(server, 100, 100, 2002, 1000), "Flow-OF-Commodity 300")
    asked(server, "MATCH (f:Flow) WITH f LIMIT 10 DETACH DELETE f")
    load(store_of(server, at_once_rows=100, batch_rows=100), wide(2002, 1000))
    assert_holds(store_of(server), wide(2002, 1000))


def fault(code: str, message: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=f"Neo.{code}", message=message)


def test_a_retry_that_fails_is_closed_and_tried_again(server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """First a write fails, then the transaction that begins again: what is broken is left behind, and closed."""
    deadlock, sessions = fault("TransientError.Transaction.DeadlockDetected", "deadlock"), list[Session]()
    put, locked, opened = neo4j_ways.put, neo4j_ways.locked, neo4j_job.Job.session
    failing = {"put": [False, True], "locked": [False, True, False]}

    def fail(name: str, transaction: Transaction) -> None:
        if failing[name] and failing[name].pop(0):
            with suppress(Neo4jError):
                transaction.run("RETURN 1 / 0").consume()
            raise deadlock

    def failing_put(transaction: Transaction, table: Table, part: Step) -> None:
        fail("put", transaction)
        put(transaction, table, part)

    def failing_locked(transaction: Transaction) -> State:
        fail("locked", transaction)
        return locked(transaction)

    def remembered(job: neo4j_job.Job) -> Session:
        sessions.append(opened(job))
        return sessions[-1]

    monkeypatch.setattr(neo4j_ways, "put", failing_put)
    monkeypatch.setattr(neo4j_ways, "locked", failing_locked)
    monkeypatch.setattr(neo4j_job.Job, "session", remembered)
    monkeypatch.setattr(neo4j_job, "PAUSE_SECONDS", 0.01)
    load(store_of(server), contract_graph())
    assert failing == {"put": [], "locked": []}
    assert all(one.closed() for one in sessions)
    assert_holds(store_of(server), contract_graph())


def test_a_load_that_is_found_too_large_at_its_commit_takes_back_its_mark(
    server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, full = store_of(server), fault("TransientError.General.MemoryPoolOutOfMemoryError", "no memory")
    load(store, wide(2001, 100))
    write, failing = neo4j_ways.write, [True]

    def failing_write(transaction: Transaction, state: State) -> None:
        if failing and failing.pop():
            raise full
        write(transaction, state)

    monkeypatch.setattr(neo4j_ways, "write", failing_write)
    load(store, wide(2002, 100))
    assert not failing
    assert asked(server, "MATCH (l:Load) RETURN l.publishing AS run") == [{"run": None}]
    assert_holds(store, wide(2002, 100))


def test_a_table_that_was_promised_must_come(server: Neo4jServer) -> None:
    with pytest.raises(StoreError, match="Country that was not written"), store_of(server).writer(contract_graph()):
        pass
    assert store_of(server).snapshot() is None


@pytest.mark.parametrize(
    ("url", "password", "error", "words"),
    [
        ("bolt://127.0.0.1:1", "x", StoreError, "no answer from the Neo4j server"),
        ("https://127.0.0.1:1", "x", InputError, "is no address"),
        (None, "wrong-password", StoreError, "knows no such user with such a password"),
    ],
)
def test_a_server_that_does_not_let_us_in(
    server: Neo4jServer, url: str | None, password: str, error: type[Exception], words: str
) -> None:
    store = Neo4jStore(url or server.url, USER, password)
    with pytest.raises(error, match=words):
        store.snapshot()
    assert password not in repr(store)


@pytest.mark.slow
def test_a_load_too_large_for_the_servers_memory_goes_in_staged(tmp_path: Path) -> None:
    """Here the server itself ends the one transaction. Later it is killed, and recovers."""
    settings = {"db.memory.transaction.max": "8m"}
    with running(tmp_path / "server", LTS, **settings) as server:
        store, is_staged = store_of(server), threading.Event()
        load(store, contract_graph())

        def look(*_: object) -> None:
            if not is_staged.is_set() and store.snapshot() is None:
                is_staged.set()  # readers are told to wait

        load(store, wide(2002, 6000), look)
        assert is_staged.is_set()
        assert_holds(store, wide(2002, 6000))

        with pytest.raises(ServiceUnavailable):
            delete_and_kill(server)
        server.start()
        store = store_of(server)
        assert_holds(store, wide(2002, 6000))
        imports_offline(server, tmp_path / "files")


def delete_and_kill(server: Neo4jServer) -> None:
    with session(server) as opened, opened.begin_transaction() as broken:
        broken.run("MATCH (f:Flow) WITH f LIMIT 100 DETACH DELETE f").consume()
        server.kill()


def imports_offline(server: Neo4jServer, files: Path) -> None:
    """An import ends where an online load does, and updates go on from there; one that fails changes nothing."""
    graph, where = contract_graph(), (server.surroundings, server.folder, DATABASE)
    broken = {name: rows for name, rows in frames().items() if name in ("Family", "Commodity")}
    broken["Commodity-IN_FAMILY-Family"] = frame("Commodity-IN_FAMILY-Family", [("260400", "none")])
    with server.stopped():
        before = sizes(server.folder / "data" / "databases" / DATABASE)
        with pytest.raises(StoreError, match=r"the import failed: .* missing node none"):
            neo4j_import.import_full(graph_of(broken), files / "broken", server.admin, *where)
        assert sizes(server.folder / "data" / "databases" / DATABASE) == before
        neo4j_import.import_full(graph, files / "whole", server.admin, *where)
    store = store_of(server)
    assert store.snapshot() is None  # as yet without constraints
    assert load(store, graph) is True
    assert_holds(store, graph)
    assert load(store, graph) is False
    load(store, changed())
    assert_holds(store, changed())


def sizes(folder: Path) -> dict[str, int]:
    found = {one.relative_to(folder).as_posix(): one.stat().st_size for one in folder.rglob("*") if one.is_file()}
    assert found
    return found
