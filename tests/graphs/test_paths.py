import math
from itertools import pairwise

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.paths import by_cost, by_risk, by_value, routes
from tests.graphs.network_rows import NAMES, ROWS, edges

DIAMOND = edges(("A", "B", 8.0), ("B", "D", 8.0), ("A", "C", 4.0), ("C", "D", 4.0), ("A", "D", 1.0), ("D", "A", 8.0))


def walked(found: pl.DataFrame) -> list[tuple[str, ...]]:
    """Areas of each route in order."""
    rows = found.partition_by("route", maintain_order=True)
    assert all(one["step"].to_list() == list(range(1, one.height + 1)) for one in rows)
    assert all(before == after for one in rows for before, after in zip(one["end"][:-1], one["start"][1:], strict=True))
    return [(one["start"][0], *one["end"]) for one in rows]


def test_large_flows_are_preferred():
    found = routes(by_value(DIAMOND), "A", "D", 9)
    assert walked(found) == [("A", "B", "D"), ("A", "C", "D"), ("A", "D")]
    assert found.group_by("route").agg(pl.col("route_length").first()).sort("route")["route_length"].to_list() == [
        2.0,
        4.0,
        8.0,
    ]
    assert found["value_usd"].to_list() == [8.0, 8.0, 4.0, 4.0, 1.0]


def test_cheap_edges_are_preferred():
    found = routes(by_cost(DIAMOND, "value_usd"), "A", "D", 2)
    assert walked(found) == [("A", "D"), ("A", "C", "D")]


def test_the_route_most_likely_to_go_well():
    risky = DIAMOND.with_columns(risk=pl.Series([0.1, 0.1, 0.5, 0.0, 0.2, 0.0]))
    found = routes(by_risk(risky, "risk"), "A", "D", 3)
    assert walked(found) == [("A", "B", "D"), ("A", "D"), ("A", "C", "D")]
    chances = [1 - math.exp(-one["route_length"][0]) for one in found.partition_by("route", maintain_order=True)]
    assert chances == pytest.approx([1 - 0.9 * 0.9, 0.2, 0.5])


def test_a_certain_loss_is_no_way():
    risky = DIAMOND.with_columns(risk=pl.Series([1.0, 0.1, 0.5, None, 0.2, 0.0]))
    assert walked(routes(by_risk(risky, "risk"), "A", "D", 9)) == [("A", "D")]


def test_areas_that_are_not_connected_have_no_route():
    found = routes(by_value(edges(("A", "B"), ("C", "B"))), "A", "C")
    assert found.is_empty()
    assert found.columns[:3] == ["route", "route_length", "step"]


def slow(rows, origin, destination) -> list[tuple[float, tuple[str, ...]]]:
    """All simple paths with their lengths, by trying them all."""
    cost = {}
    for start, end, value, _ in rows:
        if start != end and value is not None:
            cost[start, end] = min(value, cost.get((start, end), math.inf))
    graph = nx.DiGraph(list(cost))
    if origin not in graph or destination not in graph:
        return []
    paths = nx.all_simple_paths(graph, origin, destination)
    return sorted((sum(cost[pair] for pair in pairwise(path)), tuple(path)) for path in paths)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.integers(1, 6))
def test_the_k_shortest_are_those_of_trying_all(rows, k):
    rows = [*rows, ("A", "A", 1.0, 1.0), ("B", "B", 1.0, 1.0)]  # both are known
    frame = edges(*rows)
    before = frame.clone()
    found = routes(by_cost(frame, "value_usd"), "A", "B", k)
    assert frame.equals(before)
    every = slow(rows, "A", "B")
    paths = walked(found)
    lengths = [one["route_length"][0] for one in found.partition_by("route", maintain_order=True)]
    assert lengths == [length for length, _ in every[:k]]
    assert len(set(paths)) == len(paths)
    assert set(zip(lengths, paths, strict=True)) <= set(every)
    if len(every) <= k:
        assert list(zip(lengths, paths, strict=True)) == every


@settings(max_examples=40, deadline=None)
@given(ROWS, st.permutations(NAMES))
def test_row_order_and_names_do_not_matter(rows, order):
    rows = [*rows, ("A", "A", 1.0, 1.0), ("B", "B", 1.0, 1.0)]
    name = dict(zip(NAMES, order, strict=True))
    one = routes(by_value(edges(*rows)), "A", "B", 3)
    assert one.equals(routes(by_value(edges(*rows[::-1])), "A", "B", 3))
    renamed = edges(*((name[start], name[end], *rest) for start, end, *rest in rows))
    other = routes(by_value(renamed), name["A"], name["B"], 3)
    lengths = [frame.unique("route").sort("route")["route_length"].to_list() for frame in (one, other)]
    assert lengths[0] == pytest.approx(lengths[1])


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: routes(by_value(DIAMOND), "A", "Q"), "from or to Q"),
        (lambda: routes(by_value(DIAMOND), "A", "A"), "name two areas"),
        (lambda: routes(by_value(DIAMOND), "A", "B", 0), "at least one route"),
        (lambda: by_cost(DIAMOND, "hours"), "no column hours"),
        (lambda: by_cost(DIAMOND.with_columns(value_usd=-1.0), "value_usd"), "below zero"),
        (lambda: by_risk(DIAMOND, "value_usd"), "outside 0 to 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(action, words):
    with pytest.raises(InputError, match=words):
        action()
