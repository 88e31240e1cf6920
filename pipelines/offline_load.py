"""A first load into Neo4j with the server's own importer: several times faster, and the server is down meanwhile.

A server that `make neo4j` keeps is stopped, filled and started again. For any other server the files are written and
the command is told, since it must be run where that server lies.
"""

import shlex
from pathlib import Path

from graphs.errors import InputError
from graphs.stores.base import Graph, Store
from graphs.stores.neo4j import Neo4jStore
from graphs.stores.neo4j_import import command, import_full, write_csv
from pipelines.home import Home
from pipelines.neo4j_process import listening_in
from pipelines.neo4j_server import FOLDER, paused


def load_offline(home: Home, graph: Graph, store: Store, folder: Path = FOLDER) -> str:
    """Replace the graph of a server; returns what was done, or what is left to do, in words.

    Raises InputError for the embedded store, and StoreError where the importer complains: the old graph is there then.
    """
    if not isinstance(store, Neo4jStore):
        raise InputError("--offline is for a Neo4j server: set ORETRACE_GRAPH_URL, or leave --offline out")
    files, database = home.path / "graph" / "import", store.address.database
    found = listening_in(folder)
    if found is None or found.url != store.address.url:
        line = shlex.join(command(["bin/neo4j-admin"], write_csv(graph, files), database))
        return (
            f"The server at {store.address.url} is not one that `make neo4j` keeps here. The files lie in {files}: "
            f"with that server stopped, run in that folder\n  {line}"
        )
    with paused(folder) as server:
        took = import_full(graph, files, server.admin, server.surroundings, server.folder, database)
    store.constrain()
    rows = sum(graph.counts().values())
    return f"Graph {graph.snapshot}: {rows:,} nodes and edges, csv in {took.csv:.0f} s, import in {took.tool:.0f} s."
