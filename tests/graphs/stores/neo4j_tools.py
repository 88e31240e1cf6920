"""A server's graph in tests: asked past the store, and graphs of any size."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from neo4j import GraphDatabase, Session

from graphs.stores.base import Graph
from graphs.stores.neo4j import Neo4jStore
from pipelines.neo4j_process import DATABASE, USER, Neo4jServer
from tests.graphs.stores.contract_graph import frame, frames, graph_of


@contextmanager
def session(server: Neo4jServer) -> Iterator[Session]:
    with GraphDatabase.driver(server.url, auth=(USER, server.password)) as driver, driver.session() as opened:
        yield opened


def asked(server: Neo4jServer, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    with session(server) as opened:
        return opened.run(statement, parameters).data()


def store_of(server: Neo4jServer, **sizes: int) -> Neo4jStore:
    return Neo4jStore(server.url, USER, server.password, DATABASE, **sizes)


def wide(year: int, flows: int) -> Graph:
    """So many flows of one commodity; the year is in every key and the snapshot, so that any two differ in all rows."""
    keys = [f"baci:AAA:BBB:260400:{year}:{at}" for at in range(flows)]
    row = dict(zip(frame("Flow", []).columns, frames()["Flow"].row(5), strict=True))
    flow = pl.DataFrame([row | {"flow_id": key, "year": year} for key in keys], schema=frame("Flow", []).schema)
    tables = {name: frames()[name] for name in ("Country", "Commodity", "Family", "Commodity-IN_FAMILY-Family")}
    tables |= {"Flow": flow, "Flow-OF-Commodity": flow.select(start="flow_id", end="commodity")}
    tables |= {f"Flow-{name}-Country": flow.select(start="flow_id", end=end) for name, end in ENDS.items()}
    return dataclasses.replace(graph_of(tables), snapshot=f"{year}")


ENDS = {"EXPORTED_BY": "exporter", "IMPORTED_BY": "importer"}
