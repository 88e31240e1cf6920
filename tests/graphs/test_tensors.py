"""PyTorch Geometric is an extra of several GB: round trips run where it is installed, the refusal where it is not."""

import importlib.util

import numpy as np
import polars as pl
import pytest

from graphs.errors import InputError
from graphs.measures.network import network
from graphs.schema import EDGES, NODES, dtypes, schema_of
from graphs.tensors import from_data, from_hetero, to_data, to_hetero
from tests.graphs.network_rows import edges, made

INSTALLED = all(importlib.util.find_spec(name) for name in ("torch", "torch_geometric"))
needs_torch = pytest.mark.skipif(not INSTALLED, reason="the extra gnn (torch, torch-geometric) is not installed")


def frame(table, *rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dtypes(schema_of(table)), orient="row")


def tables() -> dict[str, pl.DataFrame]:
    flow = ("baci:A:B:7108:2020", "baci", "A", "B", "7108", "gold", 2020, None, True, 1.0, None, 2.0, None, 3.0, None)
    return {
        "Country": frame("Country", ("A", "O'Brien\n", 1.0, None), ("B", "𒀀", None, 2.0), ("C", "", None, None)),
        "Residual": frame("Residual", ("_X", "Areas nes", "residual")),
        "Flow": frame("Flow", flow),
        "Country-EXPORTS_TO-Country": edges(("A", "B", 1.0, None), ("A", "B", None, 2.0), ("B", "B", 3.0, 4.0)),
        "Residual-EXPORTS_TO-Country": edges(("_X", "C", 1.0, 1.0)),
        "Flow-EXPORTED_BY-Country": frame("Flow-EXPORTED_BY-Country", (flow[0], "A")),
    }


@needs_torch
def test_tables_come_back_as_they_were():
    given = tables()
    found = from_hetero(to_hetero(given))
    assert set(found) == set(given)
    for name, rows in given.items():
        assert found[name].equals(rows), name
        assert found[name].schema == rows.schema, name


@needs_torch
def test_a_store_holds_what_the_library_expects():
    graph = to_hetero(tables())
    assert graph.validate()
    assert graph["Country"].num_nodes == 3
    assert graph["Country", "EXPORTS_TO", "Country"].edge_index.tolist() == [[0, 0, 1], [1, 1, 1]]
    assert graph["Residual", "EXPORTS_TO", "Country"].edge_index.tolist() == [[0], [2]]
    value = graph["Country", "EXPORTS_TO", "Country"]["value_usd"].numpy()
    np.testing.assert_array_equal(value, [1.0, np.nan, 3.0])


@needs_torch
def test_empty_tables_come_back_empty():
    given = {name: frame(name) for name in (*NODES, *(edge.table for edge in EDGES))}
    found = from_hetero(to_hetero(given))
    assert {name: rows.height for name, rows in found.items()} == dict.fromkeys(given, 0)
    assert all(found[name].schema == rows.schema for name, rows in given.items())


@needs_torch
def test_a_network_comes_back():
    one = made(("A", "B", 1.0, None), ("B", "A", 2.0, 4.0), nodes=["Z"])
    graph = to_data(one)
    assert graph.num_nodes == 3
    rows = from_data(graph)
    again = network(rows, graph.name)
    assert again.nodes == one.nodes
    for name in ("start", "end", "value_usd", "mass_kg"):
        np.testing.assert_array_equal(getattr(again, name), getattr(one, name))


@needs_torch
def test_an_edge_to_no_node_and_nan_are_refused():
    given = tables()
    with pytest.raises(InputError, match="'B', which is no Country"):
        to_hetero(given | {"Country": given["Country"].head(1)})
    with pytest.raises(InputError, match="holds NaN"):
        to_hetero({"Country": given["Country"].with_columns(lon=pl.lit(float("nan")))})


@pytest.mark.skipif(INSTALLED, reason="the extra gnn is installed")
@pytest.mark.parametrize("convert", [lambda: to_hetero(tables()), lambda: to_data(made(("A", "B")))])
def test_without_the_extra_it_is_named(convert):
    with pytest.raises(InputError, match=r"install the extra: pip install 'oretrace\[gnn\]'"):
        convert()
