"""Statements of users on a real embedded graph: answered, or ended in one sentence, and the graph opens afterwards."""

import inspect
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import LimitExceeded, OretraceError, StatementRefused, StoreError
from graphs.stores.base import load
from graphs.stores.ladybug import LadybugStore
from graphs.stores.ladybug_folder import ABOUT, DATABASE
from graphs.stores.neo4j import Neo4jStore
from pipelines.commands.graph import cypher
from pipelines.statement import Allowance, answer, in_process
from tests.conftest import REPOSITORY
from tests.graphs.stores.test_ladybug import HOSTILE, small

SIZE = 60
COUNT = "MATCH (c:Commodity) RETURN count(*) AS n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LadybugStore:
    made = LadybugStore(tmp_path_factory.mktemp("graph"))
    load(made, small("one", SIZE))
    return made


def size(store: LadybugStore) -> int:
    return int(answer(store, COUNT).item())


def test_the_answer_is_the_view_s(store: LadybugStore) -> None:
    statement = (
        "MATCH (c:Commodity)-[e:IN_FAMILY]->(f) RETURN c.code AS code, f, e, [1, 2] AS l, 0.5 AS x ORDER BY code"
    )
    with store.view() as view:
        expected = view.rows(statement)
    found = answer(store, statement)
    assert found.equals(expected)
    assert found.schema == expected.schema
    assert found.height == SIZE
    assert answer(store, f"{statement} LIMIT 0").schema == expected.schema


@pytest.mark.parametrize("value", [*HOSTILE, 1, 2**40, 2**63 - 1, -(2**63), -1.5, True, None, [1, 2], ["a", "'"]])
def test_parameters_arrive_as_they_are(store: LadybugStore, value: object) -> None:
    with store.view() as view:
        expected = view.rows("MATCH (f:Family) RETURN $value AS value", {"value": value})
    if value in HOSTILE[::5] or not isinstance(value, str):  # the process takes a quarter of a second for each
        assert answer(store, "MATCH (f:Family) RETURN $value AS value", {"value": value}).equals(expected)
    assert expected["value"].to_list() == [value]


@pytest.mark.parametrize(
    ("statement", "parameters", "error", "said"),
    [
        ("MATCH (n) DETACH DELETE n", {}, StatementRefused, "DETACH is refused"),
        ("RETURN $x AS x", {}, StoreError, r"the parameter \$x is not given"),
        ("RETURN $x AS x", {"x": {"a": 1}}, StoreError, r"the parameter \$x is a dict: give a text"),
        ("RETURN $x AS x", {"x": object()}, StoreError, r"the parameter \$x is a object"),
        ("RETURN $x AS x", {"x": [[{}]]}, StoreError, r"the parameter \$x is a list"),
        (
            "RETURN $x AS x",
            {"x": 2**63},
            StoreError,
            r"the parameter \$x holds a whole number that does not fit 64 bits",
        ),
        (
            "RETURN $x AS x",
            {"x": [1, [-(2**63) - 1]]},
            StoreError,
            r"\$x holds a whole number that does not fit 64 bits",
        ),
        ("RETURN $x AS x", {"x": float("nan")}, StoreError, r"the parameter \$x holds nan, which is no finite number"),
        ("RETURN $x AS x", {"x": [-float("inf")]}, StoreError, r"the parameter \$x holds -inf, which is no finite"),
        ("RETURN $x AS x", {"x": "a\ud800"}, StoreError, r"the parameter \$x holds half a character"),
        ("MATCH (n:Nothing) RETURN n", {}, StoreError, "the statement cannot be answered: .*Nothing"),
        ("RETURN 1 AS a, 2 AS a", {}, StoreError, "two columns are called 'a'"),
        ("RETURN toString(1) AS x", {}, StoreError, "(?i)toString does not exist"),
    ],
)
def test_what_fails_says_why(
    store: LadybugStore, statement: str, parameters: dict, error: type[OretraceError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        answer(store, statement, parameters)
    assert "\n" not in str(caught.value)
    assert type(caught.value) is error


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, float("nan"), [float("inf")], "\udfff"])
def test_a_number_that_engines_do_not_hold_is_told_before_any_is_asked(tmp_path: Path, value: object) -> None:
    for nowhere in (LadybugStore(tmp_path), Neo4jStore("bolt://127.0.0.1:9", "neo4j", "")):
        with pytest.raises(StoreError, match=r"the parameter \$x holds ") as caught:
            answer(nowhere, "RETURN $x AS x", {"x": value})
        assert "\n" not in str(caught.value)


def test_lists_stand_in_each_other_only_so_deep(tmp_path: Path) -> None:
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    itself: list = []
    itself.append(itself)
    for value in (deep, itself):
        with pytest.raises(StoreError, match=r"the parameter \$x holds lists more than 60 deep in each other"):
            answer(LadybugStore(tmp_path), "RETURN $x AS x", {"x": value})


def test_the_command_line_allows_what_the_library_allows() -> None:
    given = inspect.signature(cypher).parameters
    assert Allowance() == Allowance(
        given["seconds"].default, given["rows"].default, memory=given["megabytes"].default << 20
    )


def test_without_a_graph_the_reader_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no whole graph in .*: load one first"):
        answer(LadybugStore(tmp_path), COUNT)


def test_too_many_rows_are_refused_not_cut(store: LadybugStore) -> None:
    every = "MATCH (c:Commodity) RETURN c.code AS code"
    assert answer(store, every, limits=Allowance(rows=SIZE)).height == SIZE
    with pytest.raises(LimitExceeded, match=f"has {SIZE} rows and the limit is {SIZE - 1}: ask for less"):
        answer(store, every, limits=Allowance(rows=SIZE - 1))


def tower(*numbers: int) -> str:
    return " ".join(f"UNWIND range(1, {one}) AS x{at}" for at, one in enumerate(numbers))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"{tower(1000000, 1000000)} RETURN count(x0 + x1) AS n", "more memory|longer than 1 s"),
        (f"{tower(1000000, 1000)} RETURN x0", "more memory|longer than 1 s"),
        (f"{tower(1000000, 30)} RETURN collect(x0) AS n", "more memory|longer than 1 s"),
        (f"{tower(30000, 30000, 3000)} RETURN sum(x0 * x1 + x2) AS n", "longer than 1 s"),
        (f"{tower(3000, 3000)} RETURN x0, x1 ORDER BY x1, x0", "more memory|longer than 1 s|has 9000000 rows"),
        ("MATCH (a)-[*1..30]-(b) RETURN count(*) AS n", "longer than 1 s|more memory"),
    ],
)
def test_a_statement_without_measure_ends_in_time_and_memory(store: LadybugStore, statement: str, said: str) -> None:
    """The process is gone at the latest half a second after its time; starting it takes a moment more."""
    begun = time.monotonic()
    with pytest.raises(LimitExceeded, match=said):
        answer(store, statement, limits=Allowance(seconds=1, memory=256 << 20))
    assert time.monotonic() - begun < 8
    assert size(store) == SIZE


def test_memory_is_limited_for_real(store: LadybugStore) -> None:
    """The largest process that a statement got to was smaller than its allowance and what the engine needs itself."""
    script = """
import resource, sys
from pathlib import Path
from graphs.errors import LimitExceeded
from pipelines.statement import Allowance, in_process
try:
    in_process(Path(sys.argv[1]), "UNWIND range(1, 1000000000) AS x RETURN collect(x) AS n", {},
               Allowance(seconds=20, memory=int(sys.argv[2]) << 20))
except LimitExceeded as error:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, error)
"""
    command = [sys.executable, "-c", script, str(store.folder), "400"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    megabytes, said = done.stdout.strip().split(" ", 1)
    assert "memory" in said
    assert int(megabytes) < 400 + 256 + 256 + 200


DOORS = [
    "LOAD FROM '{secret}' RETURN *",
    "CHECKPOINT",
    "CALL timeout=0",
    "CALL threads=64",
    "MATCH (c:Commodity) RETURN 1 AS x; MATCH (c:Commodity) RETURN 2 AS x",
    "COPY (MATCH (c:Commodity) RETURN c.code) TO '{folder}/out.csv'",
    "EXPORT DATABASE '{folder}/exported'",
    "IMPORT DATABASE '{folder}/exported'",
    "INSTALL json",
    "LOAD EXTENSION json",
    "ATTACH '{database}' AS other (dbtype lbug)",
    "DETACH other",
    "USE other",
    "BEGIN TRANSACTION",
    "CALL show_tables() RETURN *",
    "MATCH (c:Commodity) DETACH DELETE c",
    "CREATE (:Family {{name: 'x'}})",
    "MATCH (c:Commodity) SET c.title = 'x'",
    "MERGE (:Family {{name: 'x'}})",
    "DROP TABLE Commodity",
    "CREATE NODE TABLE X (k STRING, PRIMARY KEY (k))",
    "CREATE MACRO f(x) AS x + 1",
    "EXPLAIN MATCH (n) RETURN n",
    # those of a server
    "LOAD CSV FROM 'file:///{secret}' AS row RETURN row",
    "CALL dbms.listConfig()",
    "CALL dbms.listConfig() YIELD name RETURN name",
    "SHOW USERS",
    "SHOW TRANSACTIONS",
    "SHOW DATABASES YIELD * RETURN *",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
]


@pytest.mark.parametrize("door", DOORS)
def test_the_guard_closes_every_door(store: LadybugStore, tmp_path: Path, door: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(StatementRefused):
        answer(store, door.format(secret=secret, folder=tmp_path, database=tmp_path / "x"))
    assert list(tmp_path.iterdir()) == [secret]


def behind(store: LadybugStore, statement: str) -> pl.DataFrame | str:
    """What the engine does with a statement that did not pass the guard: its answer, or its complaint."""
    try:
        return in_process(store.folder, statement, {}, Allowance(seconds=5))
    except StoreError as error:
        return f"{type(error).__name__}: {error}"


def opens(store: LadybugStore) -> bool:
    """The graph is whole, in this process and in another, and nothing lies beside it, after a load if need be."""
    load(store, small("one", SIZE))
    with store.view() as view:
        whole = view.counts()["Commodity"] == SIZE
    folders = [one for one in store.folder.iterdir() if one.is_dir()]
    return (
        whole
        and size(store) == SIZE
        and all(sorted(one.name for one in folder.iterdir()) == [ABOUT, DATABASE] for folder in folders)
    )


@pytest.mark.parametrize(
    ("door", "found"),
    [
        ("CHECKPOINT", "StoreError: .*Cannot write to file"),
        ("CREATE (:Family {name: 'x'})", "StoreError: .*read-only"),
        ("MATCH (c:Commodity) DETACH DELETE c", "StoreError: .*read-only"),
        ("DROP TABLE Commodity", "StoreError: .*read-only"),
        ("INSTALL json FROM 'http://127.0.0.1:9/'", "StoreError: .*Failed to download extension"),
        ("LOAD EXTENSION json", "StoreError: .*has not been installed"),
        ("EXPORT DATABASE '{folder}/out'", "StoreError: .*not supported"),
        ("IMPORT DATABASE '{folder}/out'", "StoreError: .*"),
        ("ATTACH '{database}' AS other (dbtype lbug)", "StoreError: .*read-only"),
        ("RETURN 1 AS x; RETURN 2 AS x", "StoreError: the text holds 2 statements"),
    ],
)
def test_behind_the_guard_the_engine_refuses(store: LadybugStore, tmp_path: Path, door: str, found: str) -> None:
    """The second line of defence: the database is open for reading alone. CHECKPOINT leaves files beside it that would
    keep it from opening; the next load takes them away."""
    database = next(store.folder.glob(f"*/{DATABASE}"))
    said = behind(store, door.replace("{database}", str(database)).replace("{folder}", str(tmp_path)))
    assert isinstance(said, str)
    assert re.match(found, said)
    assert opens(store)


def test_behind_the_guard_the_engine_reads_and_writes_files(store: LadybugStore, tmp_path: Path) -> None:
    """Why the guard is there: these pass in a read-only database."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    read = behind(store, f"LOAD FROM '{secret}' RETURN *")
    assert isinstance(read, pl.DataFrame)
    assert read.rows() == [(1, 2)]
    behind(store, f"COPY (MATCH (c:Commodity) RETURN c.code) TO '{tmp_path}/out.csv'")
    assert (tmp_path / "out.csv").read_text().split() == [f"{at:06}" for at in range(SIZE)]
    assert opens(store)


def test_behind_the_guard_a_lifted_limit_still_ends(store: LadybugStore) -> None:
    """`CALL timeout=0` lifts the engine's limit, for its own process, which the system ends."""
    begun = time.monotonic()
    with pytest.raises(LimitExceeded, match="took longer than 1 s"):
        in_process(
            store.folder,
            f"CALL timeout=0; {tower(30000, 30000, 3000)} RETURN sum(x0 * x1 + x2) AS n",
            {},
            Allowance(seconds=1),
        )
    assert time.monotonic() - begun < 8
    assert opens(store)


def test_statements_side_by_side(store: LadybugStore) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(size(store))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [SIZE] * 3


def test_a_process_that_says_nothing_is_told(store: LadybugStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(StoreError, match="the process of the statement failed: it said nothing"):
        answer(store, COUNT)


def test_the_process_stands_alone(store: LadybugStore, tmp_path: Path) -> None:
    """It finds its modules from any folder, imports neither Polars nor Dagster, and keeps its word on its output."""
    request = {
        "folder": str(store.folder),
        "statement": COUNT,
        "parameters": {},
        "seconds": 5,
        "rows": 5,
        "memory": 1 << 30,
    }
    check = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pipelines.statement_process import main; main();"
        "print([one for one in ('polars', 'dagster', 'dataframely') if one in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check, str(REPOSITORY)],
        input=json.dumps(request).encode(),
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().strip() == "[]"
    assert done.stdout[:1] == b"A"
    assert pl.read_ipc_stream(done.stdout[1:]).item() == SIZE
