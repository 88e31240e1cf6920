"""Cheapest ways between many vertices at once, exact, by elimination of vertices.

Vertices are taken away one by one, the one with fewest neighbours first; ways that led through it are kept as edges
between its neighbours. What is left of each vertex are its edges to vertices taken away later, a handful on a road
network. All costs to one vertex then follow from one pass up and one pass down this order (Delling, Goldberg, Nowatzyk
and Werneck 2013, PHAST; Dibbelt, Strasser and Wagner 2016, customizable contraction hierarchies), and the passes treat
all targets at once as rows of numbers. Dead ends and chains without a fork cost next to nothing.

An edge carries four amounts that add up along a way, and marks, bits that are collected along it. The first amount
decides which way is cheapest; of ways that are equally cheap the one with less of the second is taken, so that none
goes back and forth over an edge that costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Amounts = tuple[float, float, float, float, int]
AMOUNTS = 4
COLUMNS = 1024
"""Targets that one pass treats together: bounds the memory."""


@dataclass(frozen=True)
class Ways:
    """Amounts of the cheapest ways, [amount, source, target], infinite where none leads; marks [source, target]."""

    amounts: Floats
    marks: NDArray[np.uint32]


@dataclass(frozen=True)
class Hierarchy:
    """Edges of each vertex to those that were taken away later."""

    order: tuple[int, ...]
    """Vertices as they were taken away."""
    found: tuple[dict[int, Amounts], ...]
    """Of each vertex: those it was joined to when its turn came, and the cheapest edge to each."""

    @classmethod
    def of(
        cls, count: int, start: Ints, end: Ints, amounts: NDArray[np.float64], marks: NDArray[np.uint32] | None = None
    ) -> "Hierarchy":
        """Of undirected edges; `amounts` [edge, 4], none below zero; of parallel edges the cheapest counts."""
        order, found = _eliminated(_neighbours(count, start, end, amounts, marks))
        return cls(tuple(order), tuple(found))

    def ways(self, sources: Sequence[int] | Ints, targets: Sequence[int] | Ints) -> Ways:
        """From every source to every target, by the first amount, then the second; of equal ones always the same."""
        from_, to = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
        amounts = np.empty((AMOUNTS, len(from_), len(to)), dtype=np.float32)
        marks = np.empty((len(from_), len(to)), dtype=np.uint32)
        above_sources, above_targets = self._above(from_), self._above(to)
        needed = above_sources | above_targets
        rows = [vertex for vertex in self.order if needed[vertex]]
        place = np.full(len(self.found), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        edges = [_Edges.of(self.found[vertex], place) for vertex in rows]
        is_low = above_targets[rows]
        for first in range(0, len(to), COLUMNS):
            columns = to[first : first + COLUMNS]
            sums = np.full((AMOUNTS, len(rows), len(columns)), np.inf, dtype=np.float32)
            bits = np.zeros((len(rows), len(columns)), dtype=np.uint32)
            sums[:, place[columns], np.arange(len(columns))] = 0.0
            _up([(at, edges[at]) for at in range(len(rows)) if is_low[at]], sums, bits)
            _down([(at, edges[at]) for at in range(len(rows) - 1, -1, -1)], sums, bits)
            amounts[:, :, first : first + COLUMNS] = sums[:, place[from_], :]
            marks[:, first : first + COLUMNS] = bits[place[from_], :]
        return Ways(amounts, marks)

    def _above(self, vertices: Ints) -> NDArray[np.bool_]:
        """Vertices that can be reached by going up."""
        reached = bytearray(len(self.found))
        for vertex in vertices.tolist():
            reached[vertex] = 1
        for vertex in self.order:
            if reached[vertex]:
                for other in self.found[vertex]:
                    reached[other] = 1
        return np.frombuffer(reached, dtype=np.bool_)


@dataclass(frozen=True)
class _Edges:
    """Edges of one vertex to those above it, as rows of numbers."""

    heads: Ints
    amounts: Floats
    """[amount, edge]."""
    marks: NDArray[np.uint32]

    @classmethod
    def of(cls, found: dict[int, Amounts], place: Ints) -> "_Edges":
        told = np.array(list(found.values()), dtype=np.float64).reshape(-1, AMOUNTS + 1)
        heads = place[np.fromiter(found.keys(), dtype=np.int64, count=len(found))]
        sums = np.ascontiguousarray(told[:, :AMOUNTS].T, dtype=np.float32)
        return cls(heads, sums, told[:, AMOUNTS].astype(np.uint32))


def _up(rows: list[tuple[int, _Edges]], sums: Floats, bits: NDArray[np.uint32]) -> None:
    """Ways from the targets that only go up: from each vertex, those below it are final before it is asked."""
    for at, edges in rows:
        columns = np.flatnonzero(np.isfinite(sums[0, at]))
        if not len(edges.heads) or not len(columns):
            continue
        new = sums[:, at, columns][:, None, :] + edges.amounts[:, :, None]
        cells = np.ix_(edges.heads, columns)
        old, second = sums[0][cells], sums[1][cells]
        better = (new[0] < old) | ((new[0] == old) & (new[1] < second))
        for one in range(AMOUNTS):
            sums[one][cells] = np.where(better, new[one], sums[one][cells])
        marked = bits[at, columns][None, :] | edges.marks[:, None]
        bits[cells] = np.where(better, marked, bits[cells])


def _down(rows: list[tuple[int, _Edges]], sums: Floats, bits: NDArray[np.uint32]) -> None:
    """The rest of the ways: a vertex is reached from one above it, all of which are final before it is asked."""
    columns = np.arange(sums.shape[2])
    for at, edges in rows:
        heads = edges.heads
        if not len(heads):
            continue
        new = sums[0][heads] + edges.amounts[0][:, None]
        second = sums[1][heads] + edges.amounts[1][:, None]
        lowest = new.min(axis=0)
        best = np.where(new == lowest, second, np.inf).argmin(axis=0)
        old, known = sums[0, at], sums[1, at]
        better = np.flatnonzero((lowest < old) | ((lowest == old) & (second[best, columns] < known)))
        if not len(better):
            continue
        edge = best[better]
        above = heads[edge]
        sums[0, at, better] = lowest[better]
        for one in range(1, AMOUNTS):
            sums[one, at, better] = sums[one, above, better] + edges.amounts[one, edge]
        bits[at, better] = bits[above, better] | edges.marks[edge]


def _neighbours(
    count: int, start: Ints, end: Ints, amounts: NDArray[np.float64], marks: NDArray[np.uint32] | None
) -> list[dict[int, Amounts]]:
    """Of each vertex: its neighbours and the cheapest edge to each; edges from a vertex to itself lead nowhere."""
    around: list[dict[int, Amounts]] = [{} for _ in range(count)]
    bits = np.zeros(len(start), dtype=np.uint32) if marks is None else marks
    sums = amounts.tolist()
    for one, other, (a, b, c, d), bit in zip(start.tolist(), end.tolist(), sums, bits.tolist(), strict=True):
        if one != other:
            edge = (a, b, c, d, bit)
            old = around[one].get(other)
            if old is None or edge < old:
                around[one][other] = around[other][one] = edge
    return around


def _eliminated(around: list[dict[int, Amounts]]) -> tuple[list[int], list[dict[int, Amounts]]]:
    """Order of elimination, and what each vertex was joined to when its turn came. Empties `around`."""
    waiting = [(len(one), vertex) for vertex, one in enumerate(around)]
    heapify(waiting)
    order: list[int] = []
    found: list[dict[int, Amounts]] = [{} for _ in around]
    is_gone = [False] * len(around)
    while waiting:
        size, vertex = heappop(waiting)
        mine = around[vertex]
        if is_gone[vertex] or size != len(mine):
            continue
        is_gone[vertex] = True
        order.append(vertex)
        found[vertex] = mine
        listed = list(mine.items())
        for other, _ in listed:
            del around[other][vertex]
        for at, (one, (a, b, c, d, bits)) in enumerate(listed):
            theirs = around[one]
            for other, (e, f, g, h, more) in listed[:at]:
                total = a + e
                old = theirs.get(other)
                if old is None or total < old[0] or (total == old[0] and b + f < old[1]):
                    theirs[other] = around[other][one] = (total, b + f, c + g, d + h, bits | more)
        for other, _ in listed:
            heappush(waiting, (len(around[other]), other))
    return order, found
