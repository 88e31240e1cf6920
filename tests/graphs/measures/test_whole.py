import math

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings

from graphs.errors import InputError
from graphs.measures.backbone import backbone
from graphs.measures.network import network
from graphs.measures.whole import FIGURES, TRIADS, figures, triads
from tests.graphs.measures.test_nodes import both_ways, peer
from tests.graphs.network_rows import NAMES, ROWS, edges, made


def told(one) -> dict[str, float | None]:
    return dict(figures(one).select("figure", "value").iter_rows())


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_figures_agree_with_networkx(rows):
    graph = peer(rows)
    found = told(network(edges(*rows), NAMES))
    assert found["nodes"] == graph.number_of_nodes()
    assert found["edges"] == graph.number_of_edges()
    assert found["density"] == pytest.approx(nx.density(graph))
    assert found["largest_share"] == max(map(len, nx.connected_components(both_ways(graph)))) / len(NAMES)
    values = dict(nx.get_edge_attributes(graph, "value"))
    if values:
        assert found["reciprocity"] == pytest.approx(nx.overall_reciprocity(graph))
        answered = sum(min(value, values.get(pair[::-1], 0)) for pair, value in values.items())
        assert found["value_reciprocity"] == pytest.approx(answered / sum(values.values()))
        assert found["concentration"] == pytest.approx(
            sum((one / sum(values.values())) ** 2 for one in values.values())
        )
    else:
        assert found["reciprocity"] is found["value_reciprocity"] is found["concentration"] is None


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_assortativity_is_a_plain_correlation_over_edges(rows):
    graph = peer(rows)
    pairs = [(graph.out_degree(start), graph.in_degree(end)) for start, end in graph.edges]
    one, other = zip(*pairs, strict=True) if pairs else ((), ())
    if len(set(one)) < 2 or len(set(other)) < 2:
        expected = None
    else:
        middle, centre = sum(one) / len(one), sum(other) / len(other)
        both = sum((a - middle) * (b - centre) for a, b in pairs)
        expected = both / math.sqrt(sum((a - middle) ** 2 for a in one) * sum((b - centre) ** 2 for b in other))
    assert told(network(edges(*rows), NAMES))["assortativity"] == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_triads_agree_with_networkx(rows):
    found = triads(network(edges(*rows), NAMES))
    assert found["triad"].to_list() == list(TRIADS)
    assert dict(found.iter_rows()) == nx.triadic_census(peer(rows))
    assert found["count"].sum() == math.comb(len(NAMES), 3)


def test_what_is_kept_out_is_counted_and_every_figure_says_what_it_is():
    found = figures(made(("A", "A"), ("A", "B", None), ("A", "B", 2.0)))
    assert found["figure"].to_list() == ["nodes", "edges", "self_loops", "unvalued", *FIGURES]
    assert found["value"][:4].to_list() == [2.0, 1.0, 1.0, 1.0]
    assert all(words.endswith(".") for words in found["meaning"])


def test_a_network_of_nothing():
    assert told(made()) | dict.fromkeys(("nodes", "edges", "self_loops", "unvalued"), None) == dict.fromkeys(
        ("nodes", "edges", "self_loops", "unvalued", *FIGURES)
    )
    assert triads(made())["count"].sum() == 0
    assert backbone(made()).is_empty()


def test_backbone_by_hand():
    found = backbone(made(("A", "B", 98.0), ("A", "C", 1.0), ("A", "D", 1.0), ("E", "B", 98.0)))
    by_pair = {(start, end): rest for start, end, *rest in found.iter_rows()}
    assert by_pair["A", "B"] == pytest.approx([98.0, 0.02**2, 0.5, True])  # 3 exports; one of two equal imports
    assert by_pair["A", "C"] == pytest.approx([1.0, 0.99**2, 1.0, False])
    assert by_pair["E", "B"] == pytest.approx([98.0, 1.0, 0.5, False])  # its only export: nothing to compare


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_backbone_keeps_every_edge_and_its_chances_are_chances(rows):
    one = network(edges(*rows))
    found = backbone(one, 0.3)
    assert found.height == len(one.start)
    assert found.equals(backbone(network(edges(*rows[::-1])), 0.3))
    assert found.select(pl.col("p_start", "p_end").is_between(0, 1).all()).row(0) == (True, True)
    assert (found["is_backbone"] == (found.select(pl.min_horizontal("p_start", "p_end")).to_series() < 0.3)).all()


def test_alpha_is_a_chance():
    with pytest.raises(InputError, match="alpha 0"):
        backbone(made(), 0.0)
