"""Where water runs: filled depressions, steepest descent, and sums down a tree.

Cells are flat indices of a [row, column] grid, row 0 in the north; -1 means that water leaves the tree. Trees are given
as `downstream`, one next node for each node, so that the same sums serve cells and river reaches.
"""

from heapq import heapify, heappop, heappush

import numpy as np
from scipy import ndimage

from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints, Mask

MOVES = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
"""The eight neighbours of a cell as rows and columns away."""
ALL_AROUND = np.ones((3, 3), dtype=bool)


def filled(elevation_m: Floats, step_m: Floats) -> Floats:
    """Land raised until every cell has a way down to the sea (below zero) or over the edge.

    Priority flood: from the shore inwards, lowest first, each cell is raised to at least its own `step_m` (positive)
    above the sea and the cell that reached it, so that flats drain too; uneven steps make their streams branch.
    [row, column]. Source: Barnes, Lehman and Mulla 2014.
    """
    land = elevation_m >= 0
    inner = ndimage.binary_erosion(land, ALL_AROUND, border_value=0)
    width = elevation_m.shape[1] + 2
    height: list[float] = np.pad(elevation_m, 1).ravel().tolist()
    step: list[float] = np.pad(step_m, 1).ravel().tolist()
    is_open: list[bool] = np.pad(inner, 1).ravel().tolist()
    moves = [row * width + column for row, column in MOVES]
    shore = np.flatnonzero(np.pad(land & ~inner, 1).ravel()).tolist()
    for at in shore:
        height[at] = max(height[at], step[at])
    front = [(height[at], at) for at in shore]
    heapify(front)
    while front:
        level, at = heappop(front)
        for move in moves:
            beside = at + move
            if is_open[beside]:
                is_open[beside] = False
                height[beside] = max(height[beside], level + step[beside])
                heappush(front, (height[beside], beside))
    return np.array(height).reshape(-1, width)[1:-1, 1:-1]


def steepest(elevation_m: Floats, lats: Floats, cell_degrees: float) -> Ints:
    """Next cell of each land cell of a filled surface, by the steepest way down; -1 into sea, over the edge, at sea.

    Slope = (height - neighbour's height, the sea's being 0) / distance between centres, [row, column] in, flat out.
    """
    rows, columns = elevation_m.shape
    level = np.pad(np.maximum(elevation_m, 0.0), 1)
    is_land = np.pad(elevation_m >= 0, 1)
    slope = np.empty((len(MOVES), rows, columns))
    into = np.empty((len(MOVES), rows, columns), dtype=np.int64)
    cells = np.arange(rows * columns).reshape(rows, columns)
    for number, (down, right) in enumerate(MOVES):
        window = slice(1 + down, 1 + down + rows), slice(1 + right, 1 + right + columns)
        length = cell_degrees * KM_PER_DEGREE * np.hypot(down, right * np.cos(np.radians(lats)))
        slope[number] = (level[1:-1, 1:-1] - level[window]) / length[:, None]
        into[number] = np.where(is_land[window], cells + down * columns + right, -1)
    best = slope.argmax(axis=0)[None]
    chosen = np.take_along_axis(into, best, axis=0)[0]
    return np.where(elevation_m >= 0, chosen, -1).ravel()


def sum_down(downstream: Ints, amount: Floats) -> Floats:
    """Sum of `amount` [node] from each node down to its outlet, itself included.

    Doubling: after n rounds `at` is 2^n nodes below. Raises ValueError where water runs in a circle.
    """
    end = len(downstream)
    at = np.append(np.where(downstream < 0, end, downstream), end)
    total = np.append(amount, 0.0)
    for _ in range(max(end, 2).bit_length() + 1):
        if (at == end).all():
            return total[:end]
        total, at = total + total[at], at[at]
    raise ValueError("water runs in a circle; give each node a next one that leads out")


def steps_down(downstream: Ints) -> Ints:
    """Nodes from each node to its outlet: 0 where water leaves the tree at once. Raises ValueError on a circle."""
    return np.asarray(np.rint(sum_down(downstream, (downstream >= 0).astype(np.float64))), dtype=np.int64)


def levels_down(downstream: Ints) -> list[Ints]:
    """Nodes in groups of equal distance from the outlet, farthest first: each group runs only into later ones."""
    steps = steps_down(downstream)
    order = np.argsort(-steps, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(steps[order])) + 1)


def accumulate(downstream: Ints, amount: Floats) -> Floats:
    """Sum of `amount` [node, ...] over each node and all above it."""
    total = np.array(amount, dtype=np.float64)
    for nodes in levels_down(downstream):
        inside = nodes[downstream[nodes] >= 0]
        np.add.at(total, downstream[inside], total[inside])
    return total


def first_below(downstream: Ints, wanted: Mask) -> Ints:
    """First wanted node at or below each node, -1 where there is none."""
    end = len(downstream)
    at = np.arange(end + 1)
    at[:end] = np.where(wanted, at[:end], np.where(downstream < 0, end, downstream))
    while not np.array_equal(at, at[at]):
        at = at[at]
    return np.where(at[:end] == end, -1, at[:end])
