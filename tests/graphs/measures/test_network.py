import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from graphs.errors import InputError
from graphs.measures.network import network, network_of
from tests.graphs.network_rows import ROWS, edge, edges, made


def test_one_market_is_read_and_what_is_kept_out_is_said():
    rows = edges(
        edge("A", "B", 5.0, 2.0),
        edge("A", "A", 9.0, 9.0),
        edge("B", "C", None, 3.0),
        edge("B", "C", 0.0, 3.0),
        edge("A", "B", 7.0, family="tin"),
        edge("A", "B", 7.0, year=2019),
        edge("A", "B", 7.0, source="comtrade"),
    )
    found = network_of(rows, "gold", 2020, "baci")
    assert found.nodes == ("A", "B", "C")
    assert (found.start.tolist(), found.end.tolist(), found.value_usd.tolist()) == ([0], [1], [5.0])
    assert (found.self_loops, found.unvalued) == (1, 2)
    assert found.said == (
        "3 areas and 1 edges; 1 edges of an area with itself and 2 edges without a value are kept out."
    )


def test_parallel_edges_are_added_and_a_partial_mass_is_no_mass():
    found = made(("A", "B", 1.0, 4.0), ("A", "B", 2.0, None), ("B", "A", 4.0, 1.0), ("B", "A", 8.0, 2.0))
    assert found.value_usd.tolist() == [3.0, 12.0]
    assert math.isnan(found.mass_kg[0])
    assert found.mass_kg[1] == 3.0


def test_nodes_may_be_alone():
    found = made(("B", "C"), ("D", "D"), nodes=["Z", "A"])
    assert found.nodes == ("A", "B", "C", "D", "Z")
    assert found.graph.degree() == [0, 1, 1, 0, 0]


def test_a_market_without_trade_is_an_empty_network():
    found = network_of(edges(), "gold", 2020, "baci")
    assert (found.nodes, len(found.start), found.graph.vcount()) == ((), 0, 0)


def test_cost_is_one_for_the_largest_flow():
    assert made(("A", "B", 8.0), ("B", "C", 2.0)).cost.tolist() == [1.0, 4.0]


def test_without_directions_both_ways_are_added():
    found = made(("A", "B", 1.0), ("B", "A", 2.0), ("B", "C", 4.0)).undirected
    assert sorted(zip(found.get_edgelist(), found.es["weight"], strict=True)) == [((0, 1), 3.0), ((1, 2), 4.0)]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (edges(("A", "B")).drop("mass_kg"), "lack mass_kg"),
        (edges((None, "B")), "lacks one of its ends"),
    ],
)
def test_edges_that_cannot_be_read_are_refused(frame, words):
    with pytest.raises(InputError, match=words):
        network(frame)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_row_order_does_not_matter_and_the_input_stays(rows):
    frame = edges(*rows)
    before = frame.clone()
    one, other = network(frame), network(edges(*rows[::-1]))
    assert frame.equals(before)
    assert one.nodes == other.nodes
    for name in ("start", "end", "value_usd", "mass_kg"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.value_usd.sum() == sum(value or 0 for start, end, value, _ in rows if start != end)
    assert one.frame(value_usd=one.value_usd).schema == {"start": pl.String, "end": pl.String, "value_usd": pl.Float64}
