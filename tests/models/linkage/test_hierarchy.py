"""Elimination gives the same costs as Dijkstra's algorithm, and amounts that belong to the way it took."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.linkage import hierarchy
from models.linkage.hierarchy import Hierarchy


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, int]]]:
    """Vertices and edges with whole lengths, so that sums are exact; loops, parallels and loose vertices occur."""
    count = draw(st.integers(1, 14))
    vertex = st.integers(0, count - 1)
    return count, draw(st.lists(st.tuples(vertex, vertex, st.integers(0, 20)), max_size=40))


def built(count: int, edges: list[tuple[int, int, int]]) -> tuple[Hierarchy, nx.Graph]:
    start, end, length = (np.array([edge[at] for edge in edges], dtype=np.int64) for at in range(3))
    amounts = np.stack([length, np.ones_like(length), 2 * length, np.zeros_like(length)], axis=1).astype(np.float64)
    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    for one, other, km in edges:
        if not graph.has_edge(one, other) or km < graph[one][other]["weight"]:
            graph.add_edge(one, other, weight=km)
    marks = (np.uint32(1) << np.arange(len(edges), dtype=np.uint32) % 32).astype(np.uint32)
    return Hierarchy.of(count, start, end, amounts, marks), graph


@given(graphs())
def test_costs_are_those_of_dijkstra(case: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, edges = case
    made, graph = built(count, edges)
    found = made.ways(range(count), range(count))
    expected = np.full((count, count), np.inf)
    for one, reached in nx.all_pairs_dijkstra_path_length(graph):
        for other, km in reached.items():
            expected[one, other] = km
    assert np.array_equal(found.amounts[0], expected)


@given(graphs())
def test_the_other_amounts_and_marks_are_those_of_the_way_taken(case: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, edges = case
    made, _ = built(count, edges)
    found = made.ways(range(count), range(count))
    known = np.isfinite(found.amounts[0])
    assert np.array_equal(np.isfinite(found.amounts[1]), known)
    assert np.array_equal(found.amounts[2][known], 2 * found.amounts[0][known])
    assert (found.amounts[3][known] == 0).all()
    if len(edges) <= 32:
        for one, other in zip(*np.nonzero(known), strict=True):
            on_way = [edge for at, edge in enumerate(edges) if found.marks[one, other] >> np.uint32(at) & np.uint32(1)]
            assert sum(edge[2] for edge in on_way) == found.amounts[0, one, other]
            assert len(on_way) == found.amounts[1, one, other]
            if one != other:  # the marked edges are a path: its ends have one of them, all others two
                degree: dict[int, int] = {}
                for start, end, _ in on_way:
                    degree[start], degree[end] = degree.get(start, 0) + 1, degree.get(end, 0) + 1
                assert {at for at, edges_at in degree.items() if edges_at == 1} == {one, other}


@given(graphs(), st.integers(1, 4))
def test_blocks_of_targets_change_nothing(case: tuple[int, list[tuple[int, int, int]]], columns: int) -> None:
    count, edges = case
    made, _ = built(count, edges)
    whole = made.ways(range(count), range(count))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hierarchy, "COLUMNS", columns)
        cut = made.ways(range(count), range(count))
    assert np.array_equal(whole.amounts, cut.amounts)
    assert np.array_equal(whole.marks, cut.marks)


def test_targets_may_repeat_and_sources_be_few() -> None:
    made, _ = built(4, [(0, 1, 5), (1, 2, 7)])
    found = made.ways([2], [0, 0, 3, 2])
    assert found.amounts[0].tolist() == [[12.0, 12.0, np.inf, 0.0]]
    assert found.amounts[1].tolist() == [[2.0, 2.0, np.inf, 0.0]]


def test_a_large_grid_is_exact() -> None:
    rng = np.random.default_rng(7)
    side = 25
    at = np.arange(side * side).reshape(side, side)
    start = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    end = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    edges = list(zip(start.tolist(), end.tolist(), rng.integers(1, 1000, len(start)).tolist(), strict=True))
    made, graph = built(side * side, edges)
    sources = [0, 312, 624]
    found = made.ways(sources, range(side * side)).amounts[0]
    for row, one in enumerate(sources):
        expected = nx.single_source_dijkstra_path_length(graph, one)
        assert found[row].tolist() == [expected[other] for other in range(side * side)]
