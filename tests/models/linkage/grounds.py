"""Small networks made by hand, and slow ways through any network to compare with."""

from datetime import date

import networkx as nx
import polars as pl

from graphs.tables_places import Places
from models.linkage.network import COLUMN, EDGES, NODES, By, Network

KM = 111.19492664455873
"""One degree along a meridian or the equator."""


def places(*rows: dict[str, object]) -> pl.DataFrame:
    """Table places; each row states place_id, kind, lon, lat and what matters besides."""
    filled = [
        {"name": str(one["place_id"]).rpartition(":")[2], "source": "test", "known_from": date(1900, 1, 1)} | one
        for one in rows
    ]
    schema = Places.create_empty().schema
    return Places.cast(pl.DataFrame(filled, schema=schema)).sort("place_id")


def place(place_id: str, lon: float, lat: float, country: str | None = None, **more: object) -> dict[str, object]:
    """One row of places; its kind is the beginning of the id."""
    kind = place_id.partition(":")[0]
    return {"place_id": place_id, "kind": kind, "lon": lon, "lat": lat, "country": country} | more


def nodes(mode: str, *at: tuple[float, float], country: str | None = None) -> pl.DataFrame:
    """Table network_nodes of one mode, numbered from 0."""
    rows = [(number, lon, lat, country, mode) for number, (lon, lat) in enumerate(at)]
    return pl.DataFrame(rows, schema=NODES, orient="row")


def edges(mode: str, *rows: tuple[int, int, float], passage: str | None = None) -> pl.DataFrame:
    """Table network_edges of one mode."""
    told = [(start, end, mode, km, passage, f"{mode}s of the test") for start, end, km in rows]
    return pl.DataFrame(told, schema=EDGES, orient="row")


def as_networkx(network: Network, by: By) -> nx.Graph:
    """The same network, of parallel edges the cheapest."""
    graph = nx.Graph()
    graph.add_nodes_from(range(network.vertices.height))
    for edge in network.edges.iter_rows(named=True):
        weight = edge[COLUMN[by]]
        if not graph.has_edge(edge["start"], edge["end"]) or weight < graph[edge["start"]][edge["end"]]["weight"]:
            graph.add_edge(edge["start"], edge["end"], weight=weight, **edge)
    return graph
