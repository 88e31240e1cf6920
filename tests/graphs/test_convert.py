import io

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.convert import ends_of, from_igraph, from_networkx, to_igraph, to_networkx
from graphs.errors import InputError
from graphs.schema import Country, ExportsTo, dtypes
from tests.graphs.network_rows import VALUE, edges

NODE, EDGE = dtypes(Country), dtypes(ExportsTo)
HOSTILE = ["plain", "", 'O\'Brien "x"', "a\nb", "MATCH (n) DELETE n", "<script>alert(1)</script>", "𒀀金", "name"]


def countries(names) -> pl.DataFrame:
    rows = [(name, f"Land {name}", None if at % 2 else 1.5 * at, None) for at, name in enumerate(names)]
    return pl.DataFrame(rows, schema=NODE, orient="row")


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns)


def numbered(rows) -> pl.DataFrame:
    return edges(*rows).with_columns(pl.format("e{}", pl.int_range(pl.len())).alias("edge_id"))


@st.composite
def graphs(draw):
    names = draw(st.lists(st.sampled_from(HOSTILE), unique=True, max_size=6))
    if not names:
        return countries([]), numbered([])
    name = st.sampled_from(names)
    return countries(names), numbered(draw(st.lists(st.tuples(name, name, VALUE, VALUE), max_size=12)))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_igraph_and_back_is_the_same(graph):
    nodes, rows = graph
    before = nodes.clone(), rows.clone()
    found = to_igraph(nodes, rows)
    assert (found.vcount(), found.ecount(), found.is_directed()) == (nodes.height, rows.height, True)
    again = from_igraph(found, NODE, EDGE)
    assert again[0].equals(nodes)
    assert again[1].equals(rows)
    assert (again[0].schema, again[1].schema) == (nodes.schema, rows.schema)
    assert nodes.equals(before[0])
    assert rows.equals(before[1])


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_networkx_and_back_is_the_same(graph):
    nodes, rows = graph
    found = to_networkx(nodes, rows)
    assert (found.number_of_nodes(), found.number_of_edges()) == (nodes.height, rows.height)
    again = from_networkx(found, NODE, EDGE)
    assert again[0].equals(nodes)
    assert in_order(again[1]).equals(in_order(rows))
    assert again[1].schema == rows.schema


def test_igraph_holds_what_the_frame_says():
    found = to_igraph(countries(["A", "B"]), edges(("A", "B", 3.0, None), ("B", "B", 1.0)))
    assert found.get_edgelist() == [(0, 1), (1, 1)]
    assert found.vs.find(code="B")["name"] == "Land B"
    assert found.es["value_usd"] == [3.0, 1.0]
    assert found.es["mass_kg"] == [None, 1.0]


def test_networkx_holds_what_the_frame_says():
    found = to_networkx(countries(["A", "B"]), edges(("A", "B", 3.0, None)))
    assert found.nodes["B"] == {"name": "Land B", "lon": None, "lat": None}
    (data,) = found["A"]["B"].values()
    assert (data["value_usd"], data["mass_kg"], data["year"]) == (3.0, None, 2020)
    assert list(found["A"]["B"]) == ["baci:A:B:gold:2020"]


def test_edges_alone_make_a_graph_of_the_ends_they_name():
    rows = edges(("B", "A"), ("C", "C")).drop("edge_id")
    nodes = ends_of(rows)
    assert nodes["code"].to_list() == ["A", "B", "C"]
    found = to_networkx(nodes, rows.select("start", "end"))
    assert sorted(found.edges) == [("B", "A", 0), ("C", "C", 1)]
    back = from_networkx(found, {"code": pl.String()}, {"start": pl.String(), "end": pl.String()})
    assert back[1].rows() == [("B", "A"), ("C", "C")]


def test_a_graph_from_elsewhere_is_read_with_what_it_has():
    text = 'graph [ directed 1 multigraph 1 node [ id 0 label "A" ] node [ id 1 label "B" ]'
    text += " edge [ source 0 target 1 key 0 value_usd 2.5 ] ]"
    outside = nx.read_gml(io.BytesIO(text.encode()))
    types = {"start": pl.String(), "end": pl.String(), "value_usd": pl.Float64(), "mass_kg": pl.Float64()}
    nodes, rows = from_networkx(outside, {"code": pl.String()}, types)
    assert nodes["code"].to_list() == ["A", "B"]
    assert rows.rows() == [("A", "B", 2.5, None)]


def test_an_empty_graph_has_its_columns():
    for found in (from_igraph(to_igraph(countries([]), edges()), NODE, EDGE),
                  from_networkx(to_networkx(countries([]), edges()), NODE, EDGE)):  # fmt: skip
        assert (found[0].schema, found[1].schema) == (NODE, EDGE)
        assert found[0].height + found[1].height == 0


@pytest.mark.parametrize("convert", [to_igraph, to_networkx])
def test_what_is_no_graph_is_refused(convert):
    with pytest.raises(InputError, match="'B', which is no node"):
        convert(countries(["A"]), edges(("A", "B")))
    with pytest.raises(InputError, match="same key twice"):
        convert(countries(["A", "A"]), edges())
    with pytest.raises(InputError, match="a null"):
        convert(countries(["A", None]), edges())


def test_edges_that_networkx_would_merge_are_refused():
    with pytest.raises(InputError, match="same edge_id"):
        to_networkx(countries(["A", "B"]), edges(("A", "B", 1.0), ("A", "B", 2.0)))


def test_missing_and_wrong_attributes_are_told():
    graph = to_igraph(countries(["A"]), edges())
    with pytest.raises(InputError, match="no attribute mass_kg; there are code"):
        from_igraph(graph, NODE | {"mass_kg": pl.Float64()}, EDGE)
    other = nx.MultiDiGraph()
    other.add_node("A", lon="east")
    with pytest.raises(InputError, match="not the type of its column"):
        from_networkx(other, NODE, EDGE)
