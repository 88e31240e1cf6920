"""Loading a graph into both engines, beside what one would write by hand for each."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ladybug
import polars as pl
from neo4j import Driver, GraphDatabase

from benchmarks.measuring import extra_bytes, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from graphs.schema import EDGE_TABLES, EDGES, NODES, dtypes, key_of, schema_of
from graphs.stores.base import Graph, Store, load
from graphs.stores.ladybug import LARGEST, LOAD_POOL, LadybugStore
from graphs.stores.ladybug_writer import definitions
from graphs.stores.neo4j import BATCH_ROWS, Neo4jStore
from graphs.stores.neo4j_import import command, import_full, write_csv
from graphs.stores.neo4j_swap import NEXT
from pipelines.neo4j_process import DATABASE, USER, Neo4jServer

FLOWS, QUICK_FLOWS = 250_000, 5_000
"""Each has three edges, and one of the network besides: a million edges."""
SAMPLE = 2_000
"""Edges written one by one, from whose rate that of all follows."""
ROUNDS = 3
HEAP = "4g"
EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS"
COLUMNS = ("way", "nodes/s", "edges/s", "min s", "middle s", "max s", "times the plain way")
Times = tuple[float, float]
"""Seconds of the nodes and of the edges."""


def run(setting: Setting) -> Section:
    """Neo4j over Bolt, Neo4j offline, then the embedded engine; every way in turn, into an empty store."""
    graph = synthetic(QUICK_FLOWS if setting.quick else FLOWS)
    rounds = min(setting.rounds, ROUNDS)
    with Neo4jServer(setting.home / "neo4j", heap=HEAP, page_cache="1g") as server:
        tables = [online(server, graph, rounds), offline(server, graph, setting.home, rounds)]
    return Section("stores", "Loading the graph", [*tables, embedded(graph, setting.home, rounds)])


def synthetic(flows: int) -> Graph:
    """Flows of 200 countries, six codes and ten years, of invented amounts."""
    at = pl.int_range(flows, dtype=pl.Int64, eager=True)
    ends = {"exporter": (at * 7 + at // 3) % 200, "importer": (at * 13 + at // 11) % 200}
    named = {name: "X" + one.cast(pl.String).str.zfill(3) for name, one in ends.items()}
    values = {"commodity": (at % 6 + 260_400).cast(pl.String), "year": at % 10 + 2010, "value_usd": at * 1.37 + 1}
    base = pl.DataFrame({"at": at, **named, **values, "source": ["baci"] * flows, "family": ["nickel"] * flows})
    base = base.with_columns(flow_id=pl.concat_str("source", "exporter", "importer", "commodity", "at", separator=":"))
    flow = _shaped("Flow", base.with_columns(mass_kg=pl.col("value_usd") / 3))
    codes = [f"X{one:03}" for one in range(200)]
    tables = {
        "Country": _shaped("Country", pl.DataFrame({"code": codes, "name": codes})),
        "Commodity": _shaped("Commodity", base.select(code="commodity", title="commodity", family="family").unique()),
        "Flow": flow,
        "Flow-EXPORTED_BY-Country": flow.select(start="flow_id", end="exporter"),
        "Flow-IMPORTED_BY-Country": flow.select(start="flow_id", end="importer"),
        "Flow-OF-Commodity": flow.select(start="flow_id", end="commodity"),
    }
    network = flow.with_columns(edge_id="flow_id", start="exporter", end="importer", flows=pl.lit(1, pl.Int64))
    tables["Country-EXPORTS_TO-Country"] = _shaped("Country-EXPORTS_TO-Country", network)
    return Graph(f"synthetic-{flows}", {name: rows.lazy() for name, rows in tables.items()})


def online(server: Neo4jServer, graph: Graph, rounds: int) -> Table:
    """Over Bolt: ours, a plain UNWIND of maps in batches with constraints in place, and MERGE one by one."""
    store = server.store
    with GraphDatabase.driver(server.url, auth=(USER, server.password), notifications_min_severity="OFF") as driver:
        ways: dict[str, Callable[[], Times]] = {
            "oretrace": lambda: written(store, graph),
            f"UNWIND, {BATCH_ROWS:,} rows a transaction": lambda: unwound(driver, graph),
        }
        for way in ways.values():  # once each, so that the server has compiled what they need
            way()
            _empty(driver)
        taken: dict[str, list[Times]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                taken[name].append(way())
                _same(store if name == "oretrace" else driver, graph)
                _empty(driver)
        one_by_one = merged(driver, graph)
        _empty(driver)
    lines = _lines(taken, graph)
    plain = edges_per_second(taken[f"UNWIND, {BATCH_ROWS:,} rows a transaction"], graph)
    lines.append(["MERGE one by one", "", f"{one_by_one:,.0f}", "", "", "", f"{one_by_one / plain:.3f}"])
    ours = edges_per_second(taken["oretrace"], graph)
    remarks = [
        f"MERGE one by one: the rate of {SAMPLE:,} edges; oretrace writes {ours / one_by_one:,.0f} times as many.",
        f"Memory of the loading process above the graph: {megabytes(client_bytes(server, graph))} MB; of the server, "
        f"with a heap of {HEAP}: {megabytes(resident(server.pid))} MB.",
    ]
    return Table(f"{_size(graph)}, over Bolt into an empty Neo4j server on this machine.", COLUMNS, lines, remarks)


def written(store: Store, graph: Graph) -> Times:
    """Ours; what is done once at the end counts as edges."""
    begin = time.perf_counter()
    with store.writer(graph) as writer:
        for label, rows in graph.nodes():
            writer.nodes(label, rows)
        between = time.perf_counter()
        for edge, rows in graph.edges():
            writer.edges(edge, rows)
    return between - begin, time.perf_counter() - between


def unwound(driver: Driver, graph: Graph) -> Times:
    """The way of the manuals: constraints, then maps in batches, labelled MATCH for the ends."""
    begin = time.perf_counter()
    with driver.session() as session:
        for label in NODES:
            key = key_of(label)
            session.run(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE").consume()
        for label, rows in graph.nodes():
            for part in rows.iter_slices(BATCH_ROWS):
                session.run(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", rows=part.to_dicts()).consume()
        between = time.perf_counter()
        for edge, rows in graph.edges():
            statement = f"UNWIND $rows AS row {_edge(edge.table)} CREATE (a)-[r:{edge.name}]->(b) SET r = row.told"
            for part in rows.iter_slices(BATCH_ROWS):
                session.run(statement, rows=_told(part)).consume()
    return between - begin, time.perf_counter() - between


def merged(driver: Driver, graph: Graph) -> float:
    """Edges per second of one MERGE a transaction, all nodes in place."""
    nodes = Graph("nodes", {name: rows for name, rows in graph.tables.items() if name in NODES})
    unwound(driver, nodes)
    table = "Flow-OF-Commodity"
    rows = _told(graph.tables[table].head(SAMPLE).collect())
    statement = f"WITH $row AS row {_edge(table)} MERGE (a)-[:{EDGE_TABLES[table].name}]->(b)"
    begin = time.perf_counter()
    with driver.session() as session:
        for row in rows:
            session.run(statement, row=row).consume()
    return len(rows) / (time.perf_counter() - begin)


def offline(server: Neo4jServer, graph: Graph, home: Path, rounds: int) -> Table:
    """The import tool alone, and by us, on a server that is stopped."""
    files = home / "import"
    with server.stopped():
        arguments = write_csv(graph, files)
        line = command(server.admin, arguments, NEXT)
        bare, ours, csv = [], [], []

        def alone() -> None:
            begin = time.perf_counter()
            subprocess.run(line, cwd=files, env=server.surroundings, capture_output=True, check=True)
            bare.append((0.0, time.perf_counter() - begin))
            for kind in ("databases", "transactions"):
                shutil.rmtree(server.folder / "data" / kind / NEXT)

        def whole() -> None:
            took = import_full(graph, files, server.admin, server.surroundings, server.folder, DATABASE)
            ours.append((0.0, took.tool))
            csv.append(took.csv)

        for at in range(rounds + 1):  # who goes first writes while the disk still works for the one before: in turn
            for way in (alone, whole) if at % 2 else (whole, alone):
                way()
    begin = time.perf_counter()
    server.store.constrain()
    constrained = time.perf_counter() - begin
    _same(server.store, graph)
    lines = _lines({"oretrace": ours, "the tool alone": bare}, graph, nodes=False)
    remark = f"Writing the csv files takes {min(csv):.1f} s and constraints {constrained:.1f} s more, not counted here."
    return Table(f"{_size(graph)}, offline import, start of Java included.", COLUMNS, lines, [remark])


def embedded(graph: Graph, home: Path, rounds: int) -> Table:
    """The embedded engine: ours, and COPY from Arrow alone into the same tables."""
    ways: dict[str, Callable[[Path], Times]] = {
        "oretrace": lambda folder: written(LadybugStore(folder), graph),
        "COPY from Arrow": lambda folder: copied(folder, graph),
    }
    taken: dict[str, list[Times]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            folder = home / "embedded"
            folder.mkdir()
            taken[name].append(way(folder))
            if name == "oretrace":
                _same(LadybugStore(folder), graph)
            shutil.rmtree(folder)
    lines = _lines({name: one[1:] for name, one in taken.items()}, graph)
    extra = megabytes(extra_bytes(_embedded, str(home / "memory"), graph.counts()["Flow"]))
    remark = f"Memory of oretrace above the graph: {extra} MB. Both end with a checkpoint; oretrace also publishes."
    return Table(f"{_size(graph)}, into an empty Ladybug database.", COLUMNS, lines, [remark])


def copied(folder: Path, graph: Graph) -> Times:
    """One COPY per frame, nothing else."""
    with _database(folder / "raw") as connection:
        for statement in definitions():
            connection.execute(statement)
        begin = time.perf_counter()
        for label, rows in graph.nodes():
            connection.execute(f"COPY `{label}` FROM $frame", {"frame": rows.to_arrow()})
        between = time.perf_counter()
        for edge, rows in graph.edges():
            ends = f"(from='{edge.start}', to='{edge.end}')"
            frame = rows.select("start", "end", *edge.properties).to_arrow()
            connection.execute(f"COPY `{edge.name}` FROM $frame {ends}", {"frame": frame})
        connection.execute("CHECKPOINT")
        return between - begin, time.perf_counter() - between


def edges_per_second(taken: Sequence[Times], graph: Graph) -> float:
    """Rate of the middle round."""
    return _edges(graph) / sorted(edges for _, edges in taken)[len(taken) // 2]


def client_bytes(server: Neo4jServer, graph: Graph) -> int | None:
    """Memory of a process that loads, above that of the graph."""
    return extra_bytes(_client, server.url, server.password, graph.counts()["Flow"])


def resident(pid: int) -> int | None:
    """Memory of a process, from the kernel; Linux only."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")]
    return found[0] if found else None


def _client(url: str, password: str, flows: int) -> Callable[[], object]:
    graph = synthetic(flows)
    return lambda: load(Neo4jStore(url, USER, password), graph)


def _embedded(folder: str, flows: int) -> Callable[[], object]:
    graph = synthetic(flows)
    return lambda: load(LadybugStore(Path(folder)), graph)


@contextmanager
def _database(file: Path) -> Iterator[ladybug.Connection]:
    with (
        ladybug.Database(file, buffer_pool_size=LOAD_POOL, max_db_size=LARGEST) as database,
        ladybug.Connection(database) as connection,
    ):
        yield connection


def _shaped(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Columns of a table in order; null for those that are not given."""
    wanted = dtypes(schema_of(name))
    given = {one: pl.col(one) if one in rows.columns else pl.lit(None) for one in wanted}
    return rows.select(given[one].cast(kind).alias(one) for one, kind in wanted.items())


def _edge(table: str) -> str:
    edge = EDGE_TABLES[table]
    start, end = (f"(%s:{label} {{{key_of(label)}: row.%s}})" for label in (edge.start, edge.end))
    return f"MATCH {start % ('a', 'start')} MATCH {end % ('b', 'end')}"


def _told(rows: pl.DataFrame) -> list[Mapping[str, object]]:
    """Rows as maps, properties apart from the ends."""
    others = [name for name in rows.columns if name not in ("start", "end")]
    told = rows.select("start", "end", told=pl.struct(others) if others else pl.lit(None))
    return [one | {"told": one["told"] or {}} for one in told.to_dicts()]


def _same(place: Store | Driver, graph: Graph) -> None:
    """Every row has arrived."""
    if isinstance(place, Driver):
        with place.session() as session:
            nodes = session.run("MATCH (n) RETURN count(n) AS n").single(strict=True)
            edges = session.run("MATCH ()-[r]->() RETURN count(r) AS n").single(strict=True)
        found = nodes["n"], edges["n"]
    else:
        with place.view() as view:
            counts = view.counts()
        found = sum(counts[name] for name in NODES), sum(counts[edge.table] for edge in EDGES)
    if found != (_nodes(graph), _edges(graph)):
        raise RuntimeError(f"{found} nodes and edges arrived instead of {_nodes(graph)} and {_edges(graph)}")


def _empty(driver: Driver) -> None:
    with driver.session() as session:
        session.run(EMPTY).consume()


def _nodes(graph: Graph) -> int:
    return sum(rows for name, rows in graph.counts().items() if name in NODES)


def _edges(graph: Graph) -> int:
    return sum(rows for name, rows in graph.counts().items() if name in EDGE_TABLES)


def _size(graph: Graph) -> str:
    return f"{_nodes(graph):,} nodes and {_edges(graph):,} edges"


def _lines(taken: Mapping[str, Sequence[Times]], graph: Graph, *, nodes: bool = True) -> list[list[str]]:
    """One line a way; the last is the plain one that the others are measured by."""
    *_, plain = taken
    lines = []
    for name, rounds in taken.items():
        totals = sorted(sum(one) for one in rounds)
        middle = sorted(one[0] for one in rounds)[len(rounds) // 2]
        rate = f"{_nodes(graph) / middle:,.0f}" if nodes else ""
        ratio = edges_per_second(rounds, graph) / edges_per_second(taken[plain], graph)
        seconds = [f"{one:.1f}" for one in (totals[0], totals[len(totals) // 2], totals[-1])]
        lines.append([name, rate, f"{edges_per_second(rounds, graph):,.0f}", *seconds, f"{ratio:.2f}"])
    return lines
