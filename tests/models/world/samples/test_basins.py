import numpy as np

from models.world.samples.basins import down_by, main_branch, reached

#  0 -> 1 -> 2 -> 3 -> out, 4 -> 2, 5 -> out
TREE = np.array([1, 2, 3, -1, 2, -1])
TO_SEA = np.array([30.0, 20.0, 10.0, 0.0, 15.0, 0.0])


def test_every_wanted_node_below_a_start_is_found():
    start, node = reached(TREE, np.array([0, 4, 5]), np.array([1, 3, 4]))
    assert sorted(zip(start.tolist(), node.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 3), (1, 4)]


def test_nothing_wanted_is_nothing_found():
    start, node = reached(TREE, np.array([0]), np.array([], dtype=np.int64))
    assert len(start) == len(node) == 0


def test_going_down_stops_at_the_distance_or_the_outlet():
    starts = np.array([0, 0, 0, 4])
    assert down_by(TREE, TO_SEA, starts, np.array([0.0, 12.0, 999.0, 5.0])).tolist() == [0, 2, 3, 2]


def test_the_main_branch_is_the_largest_of_those_that_meet():
    assert main_branch(TREE, np.array([1, 2, 9, 10, 5, 1])).tolist() == [-1, 0, 4, 2, -1, -1]
