"""Frames to PyTorch Geometric and back. Needs the optional extra `gnn`; raises InputError where it is missing.

Numbers become float64 tensors with NaN for null where the schema allows null, else int64, float64 or bool tensors; text
becomes a list. Features, scaling and targets are the business of a model, not of a conversion.
"""

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.measures.network import Network
from graphs.schema import EDGE_TABLES, NODES, EdgeType, dtypes, key_of, schema_of

Tables = Mapping[str, pl.DataFrame]


def to_hetero(tables: Tables) -> Any:
    """`torch_geometric.data.HeteroData` of tables by name (`graphs.schema`), one store per node kind and edge table.

    Each store holds the table's columns; edge stores an `edge_index` of shape (2, edges) in place of start and end.
    Edges come after the nodes that they name. Raises InputError for an edge that names no node.
    """
    torch, data = _libraries()
    graph = data.HeteroData()
    index: dict[str, dict[str, int]] = {}
    for label in (name for name in NODES if name in tables):
        index[label] = {name: at for at, name in enumerate(tables[label][key_of(label)])}
        graph[label].num_nodes = tables[label].height
        _put(torch, graph[label], tables[label], label)
    for edge in (EDGE_TABLES[name] for name in EDGE_TABLES if name in tables):
        rows = tables[edge.table]
        store = graph[edge.start, edge.name, edge.end]
        ends = [_places(rows, "start", edge.start, index), _places(rows, "end", edge.end, index)]
        store.edge_index = torch.from_numpy(np.array(ends, dtype=np.int64).reshape(2, rows.height))
        _put(torch, store, rows.drop("start", "end"), edge.table)
    return graph


def from_hetero(graph: Any) -> dict[str, pl.DataFrame]:
    """Tables by name, columns and types as their schema says."""
    tables = {label: _taken(graph[label], label, {}) for label in graph.node_types}
    for start, name, end in graph.edge_types:
        edge, store = _edge(start, name, end), graph[start, name, end]
        keys = (tables[start][key_of(start)], tables[end][key_of(end)])
        places = store.edge_index.numpy()
        ends = {which: key.gather(at) for which, key, at in zip(("start", "end"), keys, places, strict=True)}
        tables[edge.table] = _taken(store, edge.table, ends)
    return tables


def to_data(network: Network) -> Any:
    """`torch_geometric.data.Data` of one network: edge_index (2, edges), edge_attr (edges, 2): USD and kg; name (list).

    float64; NaN for a mass that is unknown. Only what `Network` holds: no self-loops, no edges without a value.
    """
    torch, data = _libraries()
    index = np.stack([network.start, network.end]).astype(np.int64)
    amounts = np.stack([network.value_usd, network.mass_kg], axis=1)
    known = {"edge_index": torch.from_numpy(index), "edge_attr": torch.from_numpy(amounts)}
    return data.Data(num_nodes=len(network.nodes), name=list(network.nodes), **known)


def from_data(graph: Any) -> pl.DataFrame:
    """Edges of a network: start, end, value_usd, mass_kg, null where unknown; for `graphs.measures.network.network`."""
    names = pl.Series(graph.name, dtype=pl.String)
    start, end = graph.edge_index.numpy()
    value, mass = graph.edge_attr.numpy().T
    columns = {"start": names.gather(start), "end": names.gather(end), "value_usd": value, "mass_kg": mass}
    return pl.DataFrame(columns).with_columns(pl.col("mass_kg").fill_nan(None))


def _libraries() -> tuple[Any, Any]:
    """torch and torch_geometric.data. Raises InputError where they are not installed."""
    try:
        return importlib.import_module("torch"), importlib.import_module("torch_geometric.data")
    except ImportError as error:
        raise InputError(
            f"PyTorch Geometric needs {error.name}, which is missing; install the extra: pip install 'oretrace[gnn]'."
        ) from error


def _put(torch: Any, store: Any, rows: pl.DataFrame, table: str) -> None:
    """Columns of a table into its store."""
    rules = schema_of(table).columns()
    for column in rows.columns:
        values = rows[column]
        if values.dtype == pl.String:
            store[column] = values.to_list()
            continue
        if values.dtype.is_float() and values.is_nan().any():
            raise InputError(f"Column {column} of {table} holds NaN; missing is null in every table.")
        wanted = values.cast(pl.Float64).fill_null(float("nan")) if rules[column].nullable else values
        store[column] = torch.from_numpy(wanted.to_numpy().copy())


def _taken(store: Any, table: str, ends: Mapping[str, pl.Series]) -> pl.DataFrame:
    """A table from its store."""
    columns = []
    for column, dtype in dtypes(schema_of(table)).items():
        if column in ends:
            columns.append(ends[column].alias(column))
        elif dtype == pl.String:
            columns.append(pl.Series(column, store[column], dtype=pl.String))
        else:
            numbers = pl.Series(column, store[column].numpy())
            columns.append((numbers.fill_nan(None) if numbers.dtype.is_float() else numbers).cast(dtype))
    return pl.DataFrame(columns)


def _places(rows: pl.DataFrame, end: str, label: str, index: Mapping[str, Mapping[str, int]]) -> list[int]:
    """Node indices of one end of edges. Raises InputError for a name that is no node."""
    try:
        return [index[label][name] for name in rows[end]]
    except KeyError as error:
        raise InputError(f"An edge names {error.args[0]!r}, which is no {label}; hand in that node as well.") from error


def _edge(start: str, name: str, end: str) -> EdgeType:
    """The edge type of that name between these kinds."""
    return next(one for one in EDGE_TABLES.values() if (one.start, one.name, one.end) == (start, name, end))
