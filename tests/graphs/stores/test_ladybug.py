"""What the embedded store promises beyond the contract: a load that is killed anywhere, and whoever reads meanwhile."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import LimitExceeded, StoreError
from graphs.schema import EDGE_TABLES, NODES, dtypes
from graphs.stores.base import Graph, Limits, load, no_progress
from graphs.stores.ladybug import LOAD_POOL, LadybugStore
from graphs.stores.ladybug_folder import ABOUT, DATABASE, LOCK, POINTER
from graphs.stores.ladybug_reader import connected
from graphs.stores.ladybug_writer import LadybugWriter, definitions
from tests.conftest import REPOSITORY

IN_FAMILY = EDGE_TABLES["Commodity-IN_FAMILY-Family"]
HOSTILE = [
    "'",
    '"',
    "`",
    "\\",
    "a'); MATCH (n) DETACH DELETE n; //",
    "line\nbreak\r\n\ttab",
    "<script>alert(1)</script>",
    "𐍈😀 Ünïcödé 中文",
    "$x {y} %s",
    "",
    " ",
    "NULL",
    "\\u0027",
    "a,b;c|d",
]


def small(snapshot: str, size: int, names: list[str] | None = None) -> Graph:
    """So many commodities, all of one family."""
    names = names or [f"name {at}" for at in range(size)]
    codes = [f"{at:06}" for at in range(size)]
    nodes = pl.LazyFrame({"code": codes, "title": names, "family": "gold"}, schema_overrides={"title": pl.String})
    family = pl.LazyFrame({"name": ["gold"], "title": ["Gold"], "basis": ["content"], "weighed_by": ["value"]})
    edges = pl.LazyFrame({"start": codes, "end": ["gold"] * size}, schema={"start": pl.String, "end": pl.String})
    tables = {"Commodity": nodes, "Family": family, IN_FAMILY.table: edges}
    return Graph(snapshot, tables, about={"as_of": "2025-01-31", "size": str(size)})


def whole(store: LadybugStore) -> tuple[str, int]:
    """Snapshot and size that a reader finds; everything that it finds fits together."""
    with store.view() as view:
        size = int(view.about["size"])
        counts = view.counts()
        assert (counts["Commodity"], counts[IN_FAMILY.table], counts["Family"]) == (size, size, 1)
        return view.snapshot, size


def folders(root: Path) -> list[str]:
    return sorted(one.name for one in root.iterdir() if one.is_dir())


@pytest.fixture
def store(tmp_path: Path) -> LadybugStore:
    return LadybugStore(tmp_path / "graph")


def test_a_graph_comes_back_as_it_went_in(store: LadybugStore) -> None:
    assert store.snapshot() is None
    assert load(store, small("one", 3)) is True
    assert store.snapshot() == "one"
    with store.view() as view:
        assert (view.snapshot, view.about["as_of"]) == ("one", "2025-01-31")
        found = view.rows("MATCH (c:Commodity)-[:IN_FAMILY]->(f:Family) RETURN c.code, c.title, f.name ORDER BY c.code")
        assert set(view.counts()) == {*NODES, *EDGE_TABLES}
    assert found.rows() == [(f"00000{at}", f"name {at}", "gold") for at in range(3)]


def test_loading_twice_changes_nothing(store: LadybugStore) -> None:
    load(store, small("one", 3))
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in store.folder.rglob("*")}
    assert load(store, small("one", 3)) is False
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in store.folder.rglob("*")} == before


def test_writing_a_snapshot_that_is_there_replaces_it(store: LadybugStore) -> None:
    load(store, small("one", 3))
    with store.writer(small("one", 3)) as writer:
        for label, rows in small("one", 3).nodes():
            writer.nodes(label, rows)
    with store.view() as view:
        assert view.counts()[IN_FAMILY.table] == 0


def test_only_the_graph_and_the_one_before_it_are_kept(store: LadybugStore) -> None:
    for at in range(1, 5):
        load(store, small(f"s{at}", at))
    assert [name.split("-")[0] for name in folders(store.folder)] == ["s3", "s4"]
    assert whole(store) == ("s4", 4)


def test_an_error_while_loading_leaves_the_old_graph(store: LadybugStore) -> None:
    load(store, small("one", 3))

    def stopped(table: str, done: int, total: int) -> None:
        if table == "Family" and done:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load(store, small("two", 5), stopped)
    assert whole(store) == ("one", 3)
    assert len(folders(store.folder)) == 1


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("Commodity", {"code": ["1", "1"], "title": ["a", "b"], "family": ["f", "f"]}, "primary key value 1"),
        (IN_FAMILY.table, {"start": ["1"], "end": ["gold"]}, "primary key value 1"),
    ],
)
def test_rows_that_do_not_fit_are_named(store: LadybugStore, table: str, rows: dict, said: str) -> None:
    """A key that comes twice, an edge without its node."""
    with pytest.raises(StoreError, match=f"{table} could not be loaded: .*{said}"):
        load(store, Graph("bad", {table: pl.LazyFrame(rows)}))
    assert (store.snapshot(), folders(store.folder)) == (None, [])


def test_without_a_graph_the_reader_is_told(store: LadybugStore) -> None:
    with pytest.raises(StoreError, match=r"no whole graph in .*: load one first"), store.view():
        pass


@pytest.mark.parametrize("damage", ["pointer", "cut short", "about", "size", "gone"])
def test_a_damaged_graph_is_no_graph_and_can_be_loaded_again(store: LadybugStore, damage: str) -> None:
    load(store, small("one", 3))
    (folder,) = [store.folder / name for name in folders(store.folder)]
    if damage == "pointer":
        (store.folder / POINTER).write_text('{"current": "../../etc')
    elif damage == "cut short":
        os.truncate(folder / DATABASE, 5000)
    elif damage == "about":
        (folder / ABOUT).write_text("")
    elif damage == "size":
        change(folder / ABOUT, size=None)
    else:
        folder.rename(store.folder / "elsewhere")
    assert store.snapshot() is None
    with pytest.raises(StoreError, match="load one first"), store.view():
        pass
    assert load(store, small("one", 3)) is True
    assert whole(store) == ("one", 3)


def change(file: Path, **values: object) -> None:
    """Give a json file other values; None takes one away."""
    found = {**json.loads(file.read_text()), **values}
    file.write_text(json.dumps({name: value for name, value in found.items() if value is not None}))


def overwrite(file: Path, start: int) -> None:
    """Zeros from a place to the end: as large as before."""
    whole = file.read_bytes()
    file.write_bytes(whole[:start] + bytes(len(whole) - start))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: overwrite(folder / DATABASE, 0),
        lambda folder: overwrite(folder / DATABASE, 4096),
        lambda folder: overwrite(folder / DATABASE, 100_000),
        lambda folder: change(folder / ABOUT, counts={"Commodity": 4}),
        lambda folder: change(folder / ABOUT, engine="ladybug 0.1.0"),
        lambda folder: change(folder / ABOUT, engine=None),
        lambda folder: (folder / f"{DATABASE}.wal").write_bytes(b"left by somebody" * 100),
        lambda folder: (folder / f"{DATABASE}.shadow").write_bytes(b"left by somebody" * 100),
    ],
    ids=["zeros", "zeros after the head", "half zeros", "rows lost", "another engine", "an engine unknown", "log",
         "shadow"],
)  # fmt: skip
def test_what_does_not_open_or_is_not_whole_is_loaded_again(
    store: LadybugStore, damage: Callable[[Path], object]
) -> None:
    """As large as it was, so that only opening and counting tells."""
    load(store, small("one", 3))
    (folder,) = [store.folder / name for name in folders(store.folder)]
    damage(folder)
    before = {one: one.read_bytes() for one in folder.iterdir()}
    assert store.snapshot() is None
    assert {one: one.read_bytes() for one in folder.iterdir()} == before
    assert load(store, small("one", 3)) is True
    assert (store.snapshot(), whole(store)) == ("one", ("one", 3))


def test_reading_removes_nothing_and_the_next_load_does(store: LadybugStore) -> None:
    load(store, small("one", 3))
    (folder,) = [store.folder / one for one in folders(store.folder)]
    stray = folder / f"{DATABASE}.shadow"
    stray.write_bytes(b"left by somebody" * 100)
    with pytest.raises(StoreError, match=r"does not open: .*load the graph again"), store.view():
        pass
    assert stray.exists()
    load(store, small("one", 3))
    assert not stray.exists()
    assert whole(store) == ("one", 3)


def test_a_table_that_cannot_be_read_is_not_told_as_a_graph_that_cannot_be_written(store: LadybugStore) -> None:
    load(store, small("one", 3))
    tables = {"Commodity": pl.scan_parquet(store.folder / "absent.parquet")}
    with pytest.raises(FileNotFoundError, match="absent"):
        load(store, Graph("two", tables))
    assert (whole(store), len(folders(store.folder))) == (("one", 3), 1)


def test_a_database_that_refuses_its_tables_is_told(tmp_path: Path) -> None:
    with connected(tmp_path / DATABASE, LOAD_POOL, 1 << 30, read_only=False) as connection:
        LadybugWriter(connection, no_progress)
        with pytest.raises(StoreError, match=r"the tables of the graph could not be loaded: .*already exists"):
            LadybugWriter(connection, no_progress)


def test_a_pointer_leads_nowhere_else(store: LadybugStore, tmp_path: Path) -> None:
    load(LadybugStore(tmp_path / "other"), small("other", 2))
    (other,) = folders(tmp_path / "other")
    load(store, small("one", 3))
    (store.folder / POINTER).write_text(json.dumps({"current": f"../other/{other}", "previous": None}))
    assert store.snapshot() is None


def test_names_of_any_kind_are_data(store: LadybugStore) -> None:
    load(store, small("one'); DROP", len(HOSTILE), HOSTILE))
    assert whole(store) == ("one'); DROP", len(HOSTILE))
    with store.view() as view:
        found = view.rows("MATCH (c:Commodity) RETURN c.title AS title ORDER BY c.code")
        assert found["title"].to_list() == HOSTILE
        for at, name in enumerate(HOSTILE):
            same = view.rows("MATCH (c:Commodity {title: $title}) RETURN c.code AS code", {"title": name})
            assert same["code"].to_list() == [f"{at:06}"]


def test_nulls_stay_nulls(store: LadybugStore) -> None:
    rows = pl.LazyFrame({"code": ["AAA", "BBB"], "name": ["a", "b"], "lon": [None, 1.5], "lat": [None, 0.0]})
    load(store, Graph("one", {"Country": rows.cast({"lon": pl.Float64, "lat": pl.Float64})}))
    with store.view() as view:
        found = view.rows("MATCH (c:Country) RETURN c.lon AS lon, c.lat AS lat, c ORDER BY c.code")
    assert found.select("lon", "lat").rows() == [(None, None), (1.5, 0.0)]
    assert found["c"].to_list() == [
        '{"code": "AAA", "label": "Country", "name": "a"}',
        '{"code": "BBB", "label": "Country", "lat": 0.0, "lon": 1.5, "name": "b"}',
    ]


@pytest.mark.parametrize(
    ("value", "expected", "dtype"),
    [
        ("1", 1, pl.Int64()),
        ("sum(1)", 1, pl.Int64()),
        ("cast(1 AS INT8)", 1, pl.Int64()),
        ("1.5", 1.5, pl.Float64()),
        ("cast(1.5 AS FLOAT)", 1.5, pl.Float64()),
        ("cast(1.5 AS DECIMAL(5, 2))", 1.5, pl.Float64()),
        ("'a'", "a", pl.String()),
        ("true", True, pl.Boolean()),
        ("NULL", None, pl.String()),
        ("[1, NULL]", [1, None], pl.List(pl.Int64)),
        ("['a']", ["a"], pl.List(pl.String)),
        ("[[1], [2]]", "[[1], [2]]", pl.String()),
        ("{b: 1, a: 'é'}", '{"a": "é", "b": 1}', pl.String()),
        ("date('2020-01-02')", "2020-01-02", pl.String()),
        ("timestamp('2020-01-02 03:04:05')", "2020-01-02T03:04:05", pl.String()),
        ("interval('90 minutes')", "PT5400S", pl.String()),
    ],
)
def test_values_are_plain_and_keep_their_type_without_rows(
    store: LadybugStore, value: str, expected: object, dtype: pl.DataType
) -> None:
    load(store, small("one", 1))
    with store.view() as view:
        found = view.rows(f"MATCH (c:Commodity) RETURN {value} AS x")
        none = view.rows(f"MATCH (c:Commodity) RETURN {value} AS x LIMIT 0")
    assert (found["x"].to_list(), found["x"].dtype) == ([expected], dtype)
    assert (none.height, none["x"].dtype) == (0, dtype)


def test_nodes_edges_and_paths_are_json(store: LadybugStore) -> None:
    load(store, small("one", 1))
    with store.view() as view:
        found = view.rows("MATCH p = (c:Commodity)-[e:IN_FAMILY]->(f) RETURN e, p, [f] AS l")
    family = {"basis": "content", "label": "Family", "name": "gold", "title": "Gold", "weighed_by": "value"}
    commodity = {"code": "000000", "family": "gold", "label": "Commodity", "title": "name 0"}
    edge = {"label": "IN_FAMILY"}
    assert [json.loads(one) for one in found.row(0)] == [
        edge,
        {"nodes": [commodity, family], "relationships": [edge]},
        [family],
    ]


@pytest.mark.parametrize(
    ("statement", "parameters", "expected"),
    [
        ("RETURN $x * $x AS n", {"x": 100}, 10_000),  # the engine alone: 8 bits, overflow
        ("MATCH (c:Commodity) WHERE $x IS NULL OR c.code = $x RETURN count(*) AS n", {"x": None}, 3),
        ("MATCH (c:Commodity) WHERE $x IS NULL OR c.code = $x RETURN count(*) AS n", {"x": "000001"}, 1),
        ("MATCH (c:Commodity) WHERE c.code IN $x RETURN count(*) AS n", {"x": ["000001", "000002", "x"]}, 2),
        ("MATCH (c:Commodity) WITH c ORDER BY c.code SKIP $x LIMIT $y RETURN count(c) AS n", {"x": 1, "y": 1}, 1),
        ("RETURN $x AS n", {"x": 2**40}, 2**40),
        ("RETURN '$x' AS n", {"x": 1}, "$x"),
    ],
)
def test_parameters_mean_what_they_mean_on_the_server(
    store: LadybugStore, statement: str, parameters: dict, expected: object
) -> None:
    load(store, small("one", 3))
    with store.view() as view:
        assert view.rows(statement, parameters).item() == expected


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("RETURN 1 AS a, 2 AS a", "two columns are called 'a': give each its own name with AS"),
        ("RETURN sum(9223372036854775807) + 1 AS a", "column 'a' holds a number that does not fit 64 bits"),
        ("MATCH (n:Nothing) RETURN n", "the statement cannot be answered: .*Nothing"),
        ("RETURN $x AS a", r"the parameter \$x is not given"),
        ("RETURN 1 AS a; RETURN 2 AS a", "the text holds 2 statements: give one at a time"),
        ("CREATE (:Family {name: 'x'})", "the statement cannot be answered: .*read-only"),
    ],
)
def test_a_statement_that_fails_says_why(store: LadybugStore, statement: str, said: str) -> None:
    load(store, small("one", 1))
    with store.view() as view, pytest.raises(StoreError, match=said) as caught:
        view.rows(statement)
    assert "\n" not in str(caught.value)


def test_limits_fail_and_never_cut(store: LadybugStore) -> None:
    load(store, small("one", 30))
    with store.view() as view:
        assert view.rows("MATCH (c:Commodity) RETURN c.code", limits=Limits(rows=30)).height == 30
        with pytest.raises(LimitExceeded, match="has 30 rows and the limit is 29"):
            view.rows("MATCH (c:Commodity) RETURN c.code", limits=Limits(rows=29))
        numbers = " ".join(f"UNWIND range(1, 9000) AS {name}" for name in "abc")
        with pytest.raises(LimitExceeded, match=r"took longer than 0\.2 s"):
            view.rows(f"{numbers} RETURN sum(a * b + c) AS s", limits=Limits(seconds=0.2))
        assert view.rows("MATCH (c:Commodity) RETURN count(*) AS n").item() == 30


def test_a_view_keeps_its_graph_while_others_are_loaded(store: LadybugStore) -> None:
    load(store, small("s1", 1))
    with store.view() as view:
        for at in range(2, 5):
            load(store, small(f"s{at}", at))
        assert (view.snapshot, view.counts()["Commodity"]) == ("s1", 1)
    assert whole(store) == ("s4", 4)


def test_a_reader_beside_a_loader_finds_one_graph_or_the_other(store: LadybugStore) -> None:
    load(store, small("s1", 1))
    done = threading.Event()

    def loading() -> None:
        for at in range(2, 10):
            load(store, small(f"s{at}", at))
        done.set()

    loader = threading.Thread(target=loading)
    loader.start()
    found = set()
    while not done.is_set():
        found.add(whole(store))
    loader.join()
    assert found <= {(f"s{at}", at) for at in range(1, 10)}
    assert len(found) > 1


SCRIPT = """
import os, signal, sys
from pathlib import Path
from graphs.errors import OretraceError
from graphs.stores import ladybug_folder
from graphs.stores.base import load
from graphs.stores.ladybug import LadybugStore
from tests.graphs.stores.test_ladybug import small

root, point = Path(sys.argv[1]), sys.argv[2]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
flush, calls = ladybug_folder._flush, []

def flushed(path):
    calls.append(path)
    if point == f"flush {len(calls)}":
        die()
    flush(path)

def progress(table, done, total):
    if point == f"{table} {'ended' if done else 'began'}":
        die()

def hold():
    print("held", flush=True)
    sys.stdin.read()

ladybug_folder._flush = flushed
store = LadybugStore(root)
if point == "hold":
    with store.writer(small("two", 5)):
        hold()
elif point == "full":
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        load(store, small("two", 50_000))
    except OretraceError as error:
        print(error)
elif point == "again and again":
    for at in range(1000):
        load(store, small(f"s{at}", 10 + at))
        print(at, flush=True)
else:
    load(store, small("two", 5), progress)
"""


def process(root: Path, point: str) -> "subprocess.Popen[str]":
    """A process that loads, and kills itself at a point."""
    command = [sys.executable, "-c", SCRIPT, str(root), point]
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


POINTS = ("Commodity began", "Family ended", f"{IN_FAMILY.table} ended", *(f"flush {at}" for at in range(1, 7)))


@pytest.mark.parametrize("point", POINTS)
def test_a_load_that_is_killed_leaves_a_whole_graph(store: LadybugStore, point: str) -> None:
    """The old one until the pointer is swapped, which is before the sixth flush."""
    load(store, small("one", 3))
    with process(store.folder, point) as loader:
        assert loader.wait() == -signal.SIGKILL
    assert whole(store) == (("two", 5) if point == "flush 6" else ("one", 3))
    load(store, small("three", 4))
    assert whole(store) == ("three", 4)
    assert len(folders(store.folder)) == 2
    assert {one.name for one in store.folder.iterdir()} == {POINTER, LOCK, *folders(store.folder)}


def test_a_load_that_is_killed_at_any_moment_leaves_a_whole_graph(store: LadybugStore) -> None:
    load(store, small("s0", 10))
    chance = random.Random(4)
    for _ in range(4):
        with process(store.folder, "again and again") as loader:
            assert loader.stdout
            loader.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            loader.kill()
        name, size = whole(store)
        assert name == f"s{size - 10}"
    load(store, small("last", 2))
    assert len(folders(store.folder)) == 2


def test_a_full_disk_leaves_the_old_graph(store: LadybugStore) -> None:
    """Writing fails past 200 kB, as it does where no room is left."""
    load(store, small("one", 3))
    with process(store.folder, "full") as loader:
        assert loader.stdout
        said = loader.stdout.read()
    assert re.match(r"Commodity could not be loaded: .*IO exception: Cannot write", said)
    assert said.count("\n") == 1
    assert whole(store) == ("one", 3)
    assert len(folders(store.folder)) == 1


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"the graph cannot be written to .*: Not a directory"):
        load(LadybugStore(tmp_path / "file" / "graph"), small("one", 3))


def test_of_two_loads_at_once_one_is_refused(store: LadybugStore) -> None:
    """And it does not sweep what the other is writing."""
    load(store, small("one", 3))
    with process(store.folder, "hold") as loader:
        assert loader.stdout
        assert loader.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=r"another load into .* is under way: wait for it and try again"):
            load(store, small("three", 4))
        assert len(folders(store.folder)) == 2
        assert whole(store) == ("one", 3)
        loader.kill()
    load(store, small("three", 4))
    assert whole(store) == ("three", 4)


def test_files_of_others_are_left_alone(store: LadybugStore) -> None:
    load(store, small("one", 3))
    (store.folder / "notes.txt").write_text("mine")
    (store.folder / "mine").mkdir()
    load(store, small("two", 3))
    load(store, small("three", 3))
    assert (store.folder / "notes.txt").read_text() == "mine"
    assert (store.folder / "mine").is_dir()


def test_every_type_of_the_schema_has_a_table() -> None:
    made = "\n".join(definitions())
    assert made.count("CREATE NODE TABLE") == len(NODES)
    assert made.count("CREATE REL TABLE") == len({edge.name for edge in EDGE_TABLES.values()})
    assert all(f"FROM `{edge.start}` TO `{edge.end}`" in made for edge in EDGE_TABLES.values())
    assert all(f"`{name}` " in made for schema in NODES.values() for name in dtypes(schema))


def test_reading_imports_neither_dagster_nor_the_schemas() -> None:
    heavy = ["dagster", "dataframely", "sklearn", "igraph", "neo4j"]
    check = f"import graphs.stores.ladybug, sys; print([one for one in {heavy} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
