"""Frames to graphs of other libraries and back: igraph, networkx, PyTorch Geometric.

Node and edge frames are as in `graphs.schema`: nodes with a key column, edges with `start` and `end`. Parallel edges,
self-loops, nodes without edges, nulls and any text in a name survive the way there and back. The way back is given the
columns wanted and their types (`graphs.schema.dtypes`), since a graph knows no types and an empty one no columns.
PyTorch Geometric is the optional extra `gnn`: `graphs.tensors`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import igraph as ig
import networkx as nx
import polars as pl

from graphs.errors import InputError

Types = Mapping[str, pl.DataType]
ENDS = ("start", "end")
EDGE_KEY = "edge_id"


def ends_of(edges: pl.DataFrame, key: str = "code") -> pl.DataFrame:
    """The nodes that edges name, sorted, for a graph of which nothing else is known: one column, the key."""
    names = pl.concat([edges["start"].alias(key), edges["end"].alias(key)]).unique().sort()
    return names.to_frame()


def to_igraph(nodes: pl.DataFrame, edges: pl.DataFrame, key: str = "code") -> ig.Graph:
    """Directed graph; columns are vertex and edge attributes, null is None. Vertices and edges in the order of rows.

    The key is an attribute like the others: find a vertex by `graph.vs.find(code="GHA")`. The attribute `name` is the
    name for a reader where nodes have one, not igraph's key. Raises InputError for repeated or missing keys.
    """
    index = _index(nodes, edges, key)
    pairs = [(index[start], index[end]) for start, end in edges.select(ENDS).iter_rows()]
    graph = ig.Graph(n=nodes.height, edges=pairs, directed=True)
    for column in nodes.columns:
        graph.vs[column] = nodes[column].to_list()
    for column in edges.columns:
        if column not in ENDS:
            graph.es[column] = edges[column].to_list()
    return graph


def from_igraph(
    graph: ig.Graph, node_types: Types, edge_types: Types, key: str = "code"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges with the columns wanted, in the order of the graph. Raises InputError for one not there."""
    names = _attribute(graph.vs, key, graph.vcount())
    nodes = {column: _attribute(graph.vs, column, graph.vcount()) for column in node_types}
    pairs = graph.get_edgelist()
    ends = {"start": [names[start] for start, _ in pairs], "end": [names[end] for _, end in pairs]}
    edges = {
        column: ends[column] if column in ENDS else _attribute(graph.es, column, graph.ecount())
        for column in edge_types
    }
    return _frame(nodes, node_types), _frame(edges, edge_types)


def to_networkx(nodes: pl.DataFrame, edges: pl.DataFrame, key: str = "code") -> nx.MultiDiGraph:
    """Graph whose nodes are the keys; the other columns are attributes, null is None.

    An edge's key is its `edge_id` where there is one, else its row. Raises InputError for repeated or missing keys.
    """
    _index(nodes, edges, key)
    graph = nx.MultiDiGraph()
    rest = [column for column in nodes.columns if column != key]
    about = nodes.select(rest).iter_rows(named=True) if rest else _bare(nodes)
    graph.add_nodes_from(zip(nodes[key], about, strict=True))
    keys = edges[EDGE_KEY].to_list() if EDGE_KEY in edges.columns else list(range(edges.height))
    if len({*zip(edges["start"], edges["end"], keys, strict=True)}) < edges.height:
        raise InputError(f"Two edges between the same nodes have the same {EDGE_KEY}; give each its own.")
    kept = [column for column in edges.columns if column not in ENDS]
    values = edges.select(kept).iter_rows(named=True) if kept else _bare(edges)
    graph.add_edges_from(zip(edges["start"], edges["end"], keys, values, strict=True))
    return graph


def from_networkx(
    graph: nx.MultiDiGraph, node_types: Types, edge_types: Types, key: str = "code"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges with the columns wanted, edges grouped by start; null where a node or edge lacks an attribute.

    Raises InputError for values of another type than the column's.
    """
    found = list(graph.nodes(data=True))
    nodes = {column: [name if column == key else data.get(column) for name, data in found] for column in node_types}
    pairs = list(graph.edges(keys=True, data=True))
    special = {"start": 0, "end": 1}
    edges = {
        column: [
            one[special[column]] if column in special else one[3].get(column, one[2] if column == EDGE_KEY else None)
            for one in pairs
        ]
        for column in edge_types
    }
    return _frame(nodes, node_types), _frame(edges, edge_types)


def _bare(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """No attributes for any row."""
    return [{} for _ in range(rows.height)]


def _index(nodes: pl.DataFrame, edges: pl.DataFrame, key: str) -> dict[str, int]:
    """Row of each node by its key. Raises InputError where keys repeat or an edge ends at no node."""
    index = {name: at for at, name in enumerate(nodes[key])}
    if None in index or len(index) < nodes.height:
        raise InputError(f"Column {key} of the nodes holds a null or the same key twice; every node needs its own key.")
    for name in pl.concat([edges["start"], edges["end"]]).unique():
        if name not in index:
            raise InputError(f"An edge names {name!r}, which is no node; hand in every node that has an edge.")
    return index


def _attribute(sequence: Any, name: str, size: int) -> Sequence[Any]:
    """An igraph attribute; an empty graph may lack any."""
    if name in sequence.attributes():
        found: Sequence[Any] = sequence[name]
        return found
    if size:
        raise InputError(f"The graph has no attribute {name}; there are {', '.join(sequence.attributes()) or 'none'}.")
    return []


def _frame(columns: Mapping[str, Sequence[Any]], types: Types) -> pl.DataFrame:
    """Columns with their types. Raises InputError for a value that has another."""
    try:
        return pl.DataFrame(dict(columns), schema=dict(types))
    except (TypeError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"An attribute of the graph has not the type of its column ({reason}); convert it.") from error
