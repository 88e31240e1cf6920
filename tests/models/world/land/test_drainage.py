import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.land.drainage import accumulate, filled, first_below, levels_down, steepest, steps_down, sum_down

SEA = -10.0


def flat_lats(rows):
    return np.zeros(rows)


@st.composite
def heights(draw):
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return np.where(rng.random((rows, columns)) < 0.2, SEA, rng.integers(0, 6, (rows, columns)).astype(float))


@st.composite
def trees(draw):
    """Each node runs into one before it or out, then names are shuffled."""
    nodes = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parents = np.array([rng.integers(-1, node) if node else -1 for node in range(nodes)])
    name = rng.permutation(nodes)
    downstream = np.full(nodes, -1)
    downstream[name] = np.where(parents >= 0, name[parents.clip(0)], -1)
    return downstream


def sum_above(downstream, amount, node):
    return amount[node] + sum(sum_above(downstream, amount, one) for one in np.flatnonzero(downstream == node))


def test_a_pit_is_filled_to_its_lowest_rim():
    heights_m = np.array([[9, 9, 9, 9], [9, 1, 4, SEA], [9, 9, 9, 9]], dtype=float)
    level = filled(heights_m, np.full((3, 4), 0.5))
    assert level.tolist() == [[9, 9, 9, 9], [9, 4.5, 4, SEA], [9, 9, 9, 9]]


@given(heights())
def test_filling_never_lowers_and_leaves_the_sea(heights_m):
    level = filled(heights_m, np.full(heights_m.shape, 1e-3))
    assert (level >= heights_m).all()
    assert (level[heights_m < 0] == heights_m[heights_m < 0]).all()


@given(heights())
def test_every_cell_of_land_drains_to_the_sea_or_over_the_edge(heights_m):
    level = filled(heights_m, np.full(heights_m.shape, 1e-3))
    rows, columns = heights_m.shape
    downstream = steepest(level, flat_lats(rows), 1.0)
    steps = steps_down(downstream)
    wet = np.pad(heights_m < 0, 1, constant_values=True)
    for cell in np.flatnonzero(heights_m >= 0):
        end = cell
        for _ in range(steps[cell]):
            assert level.flat[downstream[end]] < level.flat[end]
            end = downstream[end]
        row, column = divmod(int(end), columns)
        assert downstream[end] == -1
        assert wet[row : row + 3, column : column + 3].any()


def test_water_takes_the_steepest_way_by_true_distance():
    # At 60 degrees a step east is half as long as a step south: a fall of 3 east is steeper than one of 5 south.
    level = np.pad(np.array([[9.0, 6.0], [4.0, 6.0]]), 1, constant_values=99.0)
    assert steepest(level, np.full(4, 60.0), 1.0)[5] == 6
    assert steepest(level, np.zeros(4), 1.0)[5] == 9


@given(trees())
def test_sums_over_a_tree_are_those_of_a_slow_walk(downstream):
    amount = np.arange(1.0, len(downstream) + 1)
    assert accumulate(downstream, amount).tolist() == [
        sum_above(downstream, amount, node) for node in range(len(downstream))
    ]


@given(trees())
def test_sums_down_a_tree_follow_the_way_out(downstream):
    amount = np.arange(1.0, len(downstream) + 1)
    found = sum_down(downstream, amount)
    for node in range(len(downstream)):
        below = found[downstream[node]] if downstream[node] >= 0 else 0.0
        assert found[node] == amount[node] + below


@given(trees())
def test_levels_run_only_into_later_ones(downstream):
    place = {int(node): at for at, nodes in enumerate(levels_down(downstream)) for node in nodes}
    assert sorted(place) == list(range(len(downstream)))
    assert all(place[one] < place[int(downstream[one])] for one in place if downstream[one] >= 0)


def test_the_first_wanted_node_below():
    #  0 -> 1 -> 2 -> out, 3 -> out
    downstream = np.array([1, 2, -1, -1])
    assert first_below(downstream, np.array([False, True, False, False])).tolist() == [1, 1, -1, -1]
    assert first_below(downstream, np.array([True, False, True, False])).tolist() == [0, 2, 2, -1]


def test_water_in_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        steps_down(np.array([1, 0]))
