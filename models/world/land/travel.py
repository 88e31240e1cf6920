"""Ways over a grid: what it takes to go from cell to cell, and shortest paths over that."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from models.world.land.sphere import Floats, Ints, Mask, distance_km

FORWARD = ((0, 1), (1, -1), (1, 0), (1, 1))
"""Half of the eight neighbours: each pair of cells once."""


@dataclass(frozen=True)
class Steps:
    """Pairs of neighbouring cells, each once, by flat index."""

    start: Ints
    end: Ints
    length_km: Floats

    def among(self, wanted: Mask) -> "Steps":
        """Those that a mask over the pairs keeps."""
        return Steps(self.start[wanted], self.end[wanted], self.length_km[wanted])


def steps(mask: Mask, lons: Floats, lats: Floats) -> Steps:
    """Pairs of neighbours that both lie in `mask` [lat, lon], sides and corners, with the distance of their centres."""
    rows, columns = mask.shape
    cells = np.arange(rows * columns).reshape(rows, columns)
    starts, ends = [], []
    for down, right in FORWARD:
        here = slice(0, rows - down), slice(max(0, -right), columns - max(0, right))
        there = slice(down, rows), slice(max(0, right), columns + min(0, right))
        both = mask[here] & mask[there]
        starts.append(cells[here][both])
        ends.append(cells[there][both])
    start, end = np.concatenate(starts), np.concatenate(ends)
    from_row, from_column = np.divmod(start, columns)
    to_row, to_column = np.divmod(end, columns)
    return Steps(start, end, distance_km(lons[from_column], lats[from_row], lons[to_column], lats[to_row]))


def graph(pairs: Steps, cost: Floats, nodes: int) -> csr_array:
    """Both directions of each pair at its cost, as a sparse matrix over all cells."""
    start, end = np.concatenate([pairs.start, pairs.end]), np.concatenate([pairs.end, pairs.start])
    return csr_array((np.concatenate([cost, cost]), (start, end)), shape=(nodes, nodes))


def nearest(network: csr_array, sources: Ints, head_start: Floats | None = None) -> tuple[Floats, Ints]:
    """Cost [node] from the nearest source and that source's number, -1 where none leads.

    `head_start` is taken off a source's costs before they are compared: multi-source Dijkstra from one extra node per
    source, whose single edge is the largest head start less its own.
    """
    nodes, count = network.shape[0], len(sources)
    away = np.zeros(count) if head_start is None else head_start.max() - head_start
    # An edge of cost 0 is no edge to scipy.
    extra = csr_array((away + 1e-9, (np.arange(count) + nodes, sources)), shape=(nodes + count, nodes + count))
    wide = csr_array((network.data, network.indices, _longer(network.indptr, count)), shape=extra.shape)
    cost, _, source = dijkstra(wide + extra, indices=np.arange(count) + nodes, min_only=True, return_predecessors=True)
    number = np.where(source[:nodes] < 0, -1, source[:nodes] - nodes)
    return np.asarray(cost[:nodes], dtype=np.float64), np.asarray(number, dtype=np.int64)


def _longer(indptr: Ints, rows: int) -> Ints:
    """Row pointer of a sparse matrix with further, empty rows."""
    return np.concatenate([indptr, np.full(rows, indptr[-1], dtype=indptr.dtype)])


def path_sum(before: Ints, rows: Ints, ends: Ints, length: Floats) -> Floats:
    """Sum of what each step measures along shortest paths, all paths at once.

    `before` [row, node] is the node before each on the way from the row's source, negative at the source; `length`
    [row, node] the measure of the step into a node; path n goes in row `rows[n]` to node `ends[n]`.
    """
    at, total = ends.copy(), np.zeros(len(ends))
    while (moving := before[rows, at] >= 0).any():
        total[moving] += length[rows[moving], at[moving]]
        at[moving] = before[rows[moving], at[moving]]
    return total
