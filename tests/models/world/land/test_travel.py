import numpy as np
import pytest

from models.world.land.sphere import KM_PER_DEGREE, distance_km, unit_vectors
from models.world.land.travel import graph, nearest, path_sum, steps

LINE = np.ones((1, 5), dtype=bool)


def line(cost=(1.0, 1.0, 1.0, 1.0)):
    pairs = steps(LINE, np.arange(5.0), np.zeros(1))
    return graph(pairs, np.array(cost), 5)


def test_neighbours_share_sides_and_corners_and_stand_once():
    mask = np.array([[True, True], [False, True]])
    pairs = steps(mask, np.array([0.0, 1.0]), np.array([0.0, -1.0]))
    assert sorted(zip(pairs.start.tolist(), pairs.end.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 3)]
    assert sorted(pairs.length_km / KM_PER_DEGREE) == pytest.approx([1.0, 1.0, 2**0.5], rel=1e-3)


def test_falling_corners_are_neighbours_too():
    mask = np.array([[False, True], [True, False]])
    pairs = steps(mask, np.array([0.0, 1.0]), np.array([0.0, -1.0]))
    assert (pairs.start.tolist(), pairs.end.tolist()) == ([1], [2])


def test_each_node_goes_to_the_nearest_source():
    cost, source = nearest(line(), np.array([0, 4]))
    assert source[[0, 1, 3, 4]].tolist() == [0, 0, 1, 1]
    assert cost == pytest.approx([0, 1, 2, 1, 0], abs=1e-6)


def test_a_head_start_moves_the_border():
    _, source = nearest(line(), np.array([0, 4]), np.array([0.0, 2.5]))
    assert source.tolist() == [0, 1, 1, 1, 1]


def test_what_no_source_reaches_has_none():
    pairs = steps(np.array([[True, True, False, True, True]]), np.arange(5.0), np.zeros(1))
    cost, source = nearest(graph(pairs, pairs.length_km, 5), np.array([0]))
    assert source.tolist() == [0, 0, -1, -1, -1]
    assert np.isinf(cost[3])


def test_sums_along_paths():
    # Node 0 is the source of row 0 and node 4 of row 1 on a line of five.
    before = np.array([[-9999, 0, 1, 2, 3], [1, 2, 3, 4, -9999]])
    length = np.array([[0.0, 1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0, 0.0]])
    assert path_sum(before, np.array([0, 1, 1]), np.array([3, 2, 4]), length).tolist() == [6.0, 70.0, 0.0]


def test_distances_on_the_sphere():
    assert distance_km(0, 0, 90, 0) == pytest.approx(6371 * np.pi / 2)
    assert distance_km(10, 60, 11, 60) == pytest.approx(KM_PER_DEGREE / 2, rel=1e-3)
    assert distance_km(0, 90, 123, -90) == pytest.approx(6371 * np.pi)
    assert unit_vectors([0.0, 90.0], [0.0, 0.0]) == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]), abs=1e-12)
