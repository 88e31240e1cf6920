"""A first load into Neo4j with the server's own importer: several times faster, and the server is down meanwhile.

A server that `make neo4j` keeps is stopped, filled and started again. For any other server the files are written and
the command is told, since it must be run where that server lies.
"""

import shlex
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

from graphs.errors import InputError
from graphs.stores.base import Graph, Store
from graphs.stores.neo4j import Neo4jStore
from graphs.stores.neo4j_import import command, import_csv, write_csv
from pipelines.home import Home
from pipelines.neo4j_process import Listening, listening_in
from pipelines.neo4j_server import BOLT_PORT, FOLDER, paused

PROGRAM = "NEO4J_HOME/bin/neo4j-admin"
HERE = ("127.0.0.1", "localhost")
"""Names of the address on which a kept server listens."""


def load_offline(home: Home, graph: Graph, store: Store, folder: Path = FOLDER) -> tuple[bool, str]:
    """Replace the graph of a server; returns whether it is there now, and what was done or is left to do.

    Raises InputError for the embedded store, and StoreError where the importer complains: the old graph is there then.
    """
    if not isinstance(store, Neo4jStore):
        raise InputError("--offline is for a Neo4j server: set ORETRACE_GRAPH_URL, or leave --offline out")
    files = home.path.absolute() / "graph" / "import"
    found = listening_in(folder)
    if found is None or not is_of(store.address.url, found):
        return False, _left_to_do(store, write_csv(graph, files), files)
    if store.snapshot() == graph.snapshot:
        return True, f"Graph {graph.snapshot} was in {store.name}."
    try:
        return True, _filled(graph, store, files, folder)
    finally:
        shutil.rmtree(files)


def is_of(url: str, found: Listening) -> bool:
    """True where an address leads to the server that listens there: it has no encryption."""
    try:
        asked = urlsplit(url)
        port = BOLT_PORT if asked.port is None else asked.port
    except ValueError:
        return False
    return asked.scheme in ("bolt", "neo4j") and asked.hostname in HERE and port == found.bolt


def _filled(graph: Graph, store: Neo4jStore, files: Path, folder: Path) -> str:
    """Import into a server that is kept here; it is down for the import only."""
    begin = time.perf_counter()
    arguments = write_csv(graph, files)
    written = time.perf_counter() - begin
    with paused(folder) as server:
        where = server.admin, server.surroundings, server.folder
        imported = import_csv(arguments, files, *where, store.address.database)
    store.constrain()
    rows = sum(graph.counts().values())
    return f"Graph {graph.snapshot}: {rows:,} nodes and edges, csv in {written:.0f} s, import in {imported:.0f} s."


def _left_to_do(store: Neo4jStore, arguments: list[str], files: Path) -> str:
    """What to run where the server of others lies."""
    line = shlex.join(command([PROGRAM], arguments, store.address.database))
    return (
        f"The server at {store.address.url} is not one that `make neo4j` keeps here. The files lie in {files}: "
        "stop that server, and run on its machine, with its folder for NEO4J_HOME and, on another machine, "
        f"with a copy of the files\n  cd {shlex.quote(str(files))} && {line}\n"
        "Then start it and run `oretrace graph load`, which makes the constraints."
    )
