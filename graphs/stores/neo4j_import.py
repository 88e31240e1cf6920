"""Filling a server that is stopped: csv files from the frames, then the server's own import tool.

Several times faster than loading over Bolt, and only for a server that one may stop; whatever its database held is
replaced. The new database is built beside the old one and takes its place in the end, so that an import that is killed
leaves the old graph. Days, texts and numbers arrive as they are in the frames; a null is an absent property.
"""

import json
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphs.errors import StoreError
from graphs.schema import key_of
from graphs.stores.base import Graph
from graphs.stores.neo4j_state import READY
from graphs.stores.neo4j_swap import NEXT, replace_database, settle
from graphs.stores.neo4j_tables import TABLES, Table

TYPES = {pl.String(): "string", pl.Int64(): "long", pl.Float64(): "double", pl.Boolean(): "boolean"}
NO_REASON = ("WARNING", "Command Failed")


@dataclass(frozen=True)
class Seconds:
    """How long an import took."""

    csv: float
    tool: float


def write_csv(graph: Graph, folder: Path) -> list[str]:
    """Write one file per table and one for the Load node; returns the arguments that name them to the tool.

    Paths are relative to the folder. Text is always quoted, so that an empty one differs from a missing one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arguments, has_breaks = [], False
    for name, table in TABLES.items():
        if name not in graph.tables:
            continue
        rows = graph.tables[name].select(pl.col(one).cast(dtype) for one, dtype in table.columns.items())
        file = f"{name}.csv"
        rows.select(pl.col(one).alias(header) for one, header in headers(table).items()).sink_csv(
            folder / file, quote_style="non_numeric"
        )
        arguments.append(f"--relationships={table.edge.name}=./{file}" if table.edge else f"--nodes={name}=./{file}")
        has_breaks = has_breaks or _has_breaks(rows, table)
    arguments.append(f"--nodes=Load=./{_write_load(graph, folder)}")
    return [*arguments, *(["--multiline-fields=true"] if has_breaks else [])]


def headers(table: Table) -> dict[str, str]:
    """The tool's names for the columns of a table."""
    typed = {name: f"{name}:{TYPES[dtype]}" for name, dtype in table.columns.items()}
    if table.edge is None:
        return {**typed, key_of(table.name): f"{key_of(table.name)}:ID({table.name})"}
    return {**typed, "start": f":START_ID({table.edge.start})", "end": f":END_ID({table.edge.end})"}


def command(admin: Sequence[str], arguments: Sequence[str], database: str) -> list[str]:
    """Command line of the import, to be run in the folder of the files while the server is stopped."""
    # Those that name files take several: one that takes a single value must stand before the database.
    fixed = ["--verbose", "--overwrite-destination=true", "--id-type=string", "--bad-tolerance=0"]
    return [*admin, "database", "import", "full", *arguments, *fixed, database]


def import_full(
    graph: Graph, folder: Path, admin: Sequence[str], surroundings: Mapping[str, str], home: Path, database: str
) -> Seconds:
    """Replace the database of a stopped server by this graph; `folder` is where the csv files may lie.

    The rest as for `import_csv`.
    """
    begin = time.perf_counter()
    arguments = write_csv(graph, folder)
    written = time.perf_counter() - begin
    return Seconds(written, import_csv(arguments, folder, admin, surroundings, home, database))


def import_csv(
    arguments: Sequence[str],
    folder: Path,
    admin: Sequence[str],
    surroundings: Mapping[str, str],
    home: Path,
    database: str,
) -> float:
    """Replace the database of a stopped server by what `write_csv` left in a folder; returns the seconds it took.

    `admin` starts the server's administration tool, `surroundings` is the environment that it needs, `home` the
    server's folder. Raises StoreError with the tool's complaint; the old database is still there then. Constraints
    are made by the server once it runs (`Neo4jStore.constrain`).
    """
    begin = time.perf_counter()
    settle(home / "data", database)
    line = command(admin, arguments, NEXT)
    done = subprocess.run(line, cwd=folder, env=dict(surroundings), capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoreError(f"the import failed: {_complaint(done.stderr + done.stdout)}")
    replace_database(home / "data", database)
    return time.perf_counter() - begin


def _write_load(graph: Graph, folder: Path) -> str:
    """The Load node of a complete graph."""
    told = {
        "name:ID(Load)": "graph",
        "status": READY,
        "snapshot": graph.snapshot,
        "contents": json.dumps(dict(graph.contents)),
        "about": json.dumps(dict(graph.about)),
        "counts": json.dumps(_counts(graph)),
        "run": uuid.uuid4().hex,
    }
    pl.DataFrame([told]).write_csv(folder / "Load.csv", quote_style="non_numeric")
    return "Load.csv"


def _counts(graph: Graph) -> dict[str, int]:
    """Nodes of each label and edges of each type, as the server will count them."""
    found = dict.fromkeys((table.kind for table in TABLES.values()), 0)
    for name, rows in graph.counts().items():
        found[TABLES[name].kind] += rows
    return found


def _has_breaks(rows: pl.LazyFrame, table: Table) -> bool:
    """True where a text goes over several lines: the tool reads such files in a slower way."""
    texts = [pl.col(name).str.contains("[\r\n]").any() for name, dtype in table.columns.items() if dtype == pl.String()]
    return bool(rows.select(pl.any_horizontal(pl.lit(False), *texts)).collect().item()) if texts else False


def _complaint(said: str) -> str:
    """The line that tells why: the tool surrounds it with banners and traces, and the last cause is the first."""
    lines = [line.strip() for line in said.splitlines() if line.strip().strip("-")]
    lines = [line for line in lines if not line.startswith(NO_REASON)]
    marks = ("original error:", "Caused by:")
    causes = [line.removeprefix(mark) for mark in marks for line in reversed(lines) if line.startswith(mark)]
    telling = [line for line in lines if "Exception" in line or "rror" in line]
    return next(iter([*causes, *telling, *lines]), "no reason given").strip(" .")
