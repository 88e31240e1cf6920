"""Every measure beside networkx or the plainest reference."""

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.measures.network import network
from graphs.measures.nodes import MEASURES
from tests.graphs.network_rows import NAMES, ROWS, edges, made, world

ALONE = [*NAMES]


def peer(rows) -> nx.DiGraph:
    """The same network built by hand: no self-loops, no missing values, parallel edges added."""
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted({*ALONE, *(one for row in rows for one in row[:2])}))
    for start, end, value, _ in rows:
        if start != end and value:
            before = graph.get_edge_data(start, end, {"value": 0.0})["value"]
            graph.add_edge(start, end, value=before + value)
    largest = max((value for *_, value in graph.edges(data="value")), default=0.0)
    for *_, data in graph.edges(data=True):
        data["cost"] = largest / data["value"]
    return graph


def both_ways(graph: nx.DiGraph) -> nx.Graph:
    return nx.Graph(graph.to_undirected())


def masses(rows, end: int) -> dict[str, float]:
    valued = [row for row in rows if row[0] != row[1] and row[2]]
    return {name: sum(math.nan if row[3] is None else row[3] for row in valued if row[end] == name) for name in ALONE}


def cut_off(graph: nx.DiGraph) -> dict[str, int]:
    whole = both_ways(graph)
    found = {}
    for node in whole:
        rest = nx.node_connected_component(whole, node) - {node}
        pieces = [len(piece) for piece in nx.connected_components(whole.subgraph(rest))]
        found[node] = sum(pieces) - max(pieces, default=0)
    return found


def pass_through(graph: nx.DiGraph) -> dict[str, float]:
    found = {}
    for node in graph:
        entering, leaving = graph.in_degree(node, weight="value"), graph.out_degree(node, weight="value")
        found[node] = min(entering, leaving) / max(entering, leaving) if entering or leaving else math.nan
    return found


REFERENCE = {
    "in_degree": lambda graph: dict(graph.in_degree()),
    "out_degree": lambda graph: dict(graph.out_degree()),
    "in_strength": lambda graph: dict(graph.in_degree(weight="value")),
    "out_strength": lambda graph: dict(graph.out_degree(weight="value")),
    "pagerank": lambda graph: nx.pagerank(graph, alpha=0.85, weight="value", tol=1e-12, max_iter=1000),
    "betweenness": lambda graph: nx.betweenness_centrality(graph, weight="cost", normalized=False),
    "constraint": lambda graph: nx.constraint(graph, weight="value"),
    "pass_through": pass_through,
    "passed_usd": lambda graph: {
        node: min(graph.in_degree(node, weight="value"), graph.out_degree(node, weight="value")) for node in graph
    },
    "core": lambda graph: nx.core_number(both_ways(graph)),
    "cut_off": cut_off,
}


def found(name, rows, nodes=ALONE) -> dict[str, float]:
    one = network(edges(*rows), nodes)
    return dict(zip(one.nodes, MEASURES[name].of(one).tolist(), strict=True))


@pytest.mark.parametrize("name", REFERENCE)
@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_agrees_with_its_reference(name, rows):
    expected = REFERENCE[name](peer(rows))
    assert found(name, rows) == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(("name", "end"), [("in_mass", 1), ("out_mass", 0)])
@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_mass_is_told_only_where_complete(name, end, rows):
    assert found(name, rows) == pytest.approx(masses(rows, end), nan_ok=True)


def test_every_measure_has_a_reference_here():
    assert set(MEASURES) == {*REFERENCE, "in_mass", "out_mass", "hub", "authority"}


@pytest.mark.parametrize("seed", range(3))
def test_hubs_and_authorities_agree_with_networkx(seed):
    frame = world(25, seed)
    rows = list(frame.select("start", "end", "value_usd", "mass_kg").iter_rows())
    graph = nx.DiGraph([(start, end, {"weight": value}) for start, end, value, _ in rows])
    for name, expected in zip(("hub", "authority"), nx.hits(graph, tol=1e-12, max_iter=10_000), strict=True):
        mine = found(name, rows, ())
        largest = max(expected.values())
        assert mine == pytest.approx({node: one / largest for node, one in expected.items()}, abs=1e-5)
        assert max(mine.values()) == pytest.approx(1.0)


def test_groups_that_lead_equally_all_lead():
    rows = [("A", "B", 5.0, 1.0), ("C", "D", 5.0, 1.0), ("E", "F", 4.0, 1.0)]
    assert found("hub", rows) == {"A": 1.0, "B": 0.0, "C": 1.0, "D": 0.0, "E": 0.0, "F": 0.0}
    assert found("authority", rows) == {"A": 0.0, "B": 1.0, "C": 0.0, "D": 1.0, "E": 0.0, "F": 0.0}


def test_a_star_by_hand():
    rows = [("A", "H", 3.0, 1.0), ("B", "H", 1.0, 1.0), ("H", "C", 2.0, 1.0)]
    assert found("betweenness", rows, ())["H"] == 2.0  # A to C and B to C
    assert found("pass_through", rows, ())["H"] == 0.5
    assert found("passed_usd", rows, ())["H"] == 2.0
    assert found("cut_off", rows, ())["H"] == 2.0  # any one of three pieces stays
    assert found("constraint", rows, ())["A"] == 1.0  # one partner
    assert found("constraint", rows, ())["H"] == pytest.approx((9 + 1 + 4) / 36)
    assert found("hub", rows, ()) == pytest.approx({"A": 1.0, "B": 1 / 3, "H": 0.0, "C": 0.0}, abs=1e-9)


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_is_measured_of_nothing(name):
    assert MEASURES[name].of(made()).tolist() == []
    alone = MEASURES[name].of(made(("A", "A"), nodes=["B"]))
    assert alone.shape == (2,)
    assert alone[0] == alone[1] or np.isnan(alone).all()


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=15, deadline=None)
@given(rows=ROWS, order=st.permutations(NAMES))
def test_renaming_nodes_renames_the_result(name, rows, order):
    renamed = dict(zip(NAMES, order, strict=True))
    other = found(name, [(renamed[start], renamed[end], *rest) for start, end, *rest in rows])
    expected = {renamed[node]: value for node, value in found(name, rows).items()}
    assert other == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", MEASURES)
def test_users_can_read_what_it_means_and_does_not_mean(name):
    one = MEASURES[name]
    assert one.name == name == one.of.__name__
    assert one.meaning.endswith(".")
    assert "\n" not in one.meaning
    assert one.high.endswith(".")
    assert one.is_not.endswith(".")


def test_brokers_are_not_called_wrongdoers():
    for name in ("betweenness", "constraint", "pass_through", "passed_usd"):
        assert "A broker is not a wrongdoer" in MEASURES[name].is_not
