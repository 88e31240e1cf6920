"""Communities: groups that trade more with each other than chance would have it, and how stable they are.

Leiden (Traag, Waltman and van Eck 2019) on the network without directions, value both ways as weight, modularity as
its aim. It begins at random and may end elsewhere with another seed, so it runs many times. A community that comes and
goes with the seed, or with a few missing edges, is no finding.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations

import igraph as ig
import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.measures.intervals import Missing, thinned
from graphs.measures.network import Floats, Network, Whole

MEMBERS = {"node": pl.String, "community": pl.Int64, "size": pl.Int64, "stays": pl.Float64}


@dataclass(frozen=True)
class Search:
    """How communities are looked for. Raises InputError for fewer than two runs."""

    runs: int = 20
    """Runs with different seeds."""
    resolution: float = 1.0
    """Above 1 for smaller communities, below for larger ones."""
    missing_edges: float = 0.0
    """Share of edges that each run does without, at random: stability under missing data and not over seeds alone."""

    def __post_init__(self) -> None:
        if self.runs < 2:
            raise InputError(f"{self.runs} runs say nothing of stability; name at least two.")


@dataclass(frozen=True)
class Communities:
    """The best partition found and its stability."""

    members: pl.DataFrame
    """Node, community (1 has most members), size, stays: how often, on average, another member is found with it; for a
    community of one, how often it is found alone."""
    modularity: float
    """Of the best partition, on the whole network; NaN without edges."""
    agreement: float
    """Mean adjusted Rand index between two runs: 1 the same, 0 as alike as chance."""


def communities(network: Network, rng: np.random.Generator, search: Search | None = None) -> Communities:
    """Leiden over many seeds; the partition with the highest modularity on the whole network is told.

    Isolated nodes are communities of their own. Raises InputError through `Search`.
    """
    search = search or Search()
    found = [_run(network, rng, search) for _ in range(search.runs)]
    graph = network.undirected
    weights = graph.es["weight"] if graph.ecount() else None
    aims = [graph.modularity(one.tolist(), weights=weights) if weights else np.nan for one in found]
    best = found[int(np.argmax(aims))] if weights else found[0]
    numbered = _numbered(best)
    stays = _stays(numbered, found)
    size = np.bincount(numbered, minlength=1)[numbered] if len(numbered) else numbered
    columns = {"node": list(network.nodes), "community": numbered, "size": size, "stays": stays}
    frame = pl.DataFrame(columns, schema=MEMBERS)
    pairs = [rand_index(one, other) for one, other in combinations(found, 2)]
    return Communities(frame.sort("community", "node"), float(np.max(aims)), float(np.mean(pairs)))


def rand_index(one: Whole, other: Whole) -> float:
    """Adjusted Rand index of two partitions (Hubert and Arabie 1985); 1 where both have nothing to tell apart."""
    if not len(one):
        return 1.0
    table = np.zeros((one.max() + 1, other.max() + 1), dtype=np.int64)
    np.add.at(table, (one, other), 1)
    both, rows, columns = (_pairs(counts) for counts in (table, table.sum(axis=1), table.sum(axis=0)))
    all_pairs = len(one) * (len(one) - 1) / 2
    expected = rows * columns / all_pairs if all_pairs else 0.0
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else float((both - expected) / (highest - expected))


def _pairs(counts: Whole) -> float:
    return float(np.sum(counts * (counts - 1)) / 2)


def _run(network: Network, rng: np.random.Generator, search: Search) -> Whole:
    """Membership of each node in one run."""
    if search.missing_edges:
        network, _ = thinned(network, rng, Missing(search.missing_edges, 0.0))
    graph = network.undirected
    with _seeded(int(rng.integers(2**31))):
        weights = graph.es["weight"] if graph.ecount() else None
        found = graph.community_leiden("modularity", weights=weights, resolution=search.resolution, n_iterations=-1)
    return np.array(found.membership, dtype=np.int64)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """igraph draws from one generator of the process: ours meanwhile, its own again afterwards."""
    ig.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        ig.set_random_number_generator(random)


def _numbered(membership: Whole) -> Whole:
    """Communities numbered from 1 by size, equal sizes by their first node."""
    if not len(membership):
        return membership
    _, first, place, size = np.unique(membership, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, len(size) + 1)
    return number[place]


def _stays(community: Whole, runs: list[Whole]) -> Floats:
    """Mean share of a node's fellow members found with it; if it has none, share of runs in which it is alone."""
    fellows = community[:, None] == community[None, :]
    np.fill_diagonal(fellows, False)
    count = fellows.sum(axis=1)
    total = np.zeros(len(community))
    for run in runs:
        together = run[:, None] == run[None, :]
        np.fill_diagonal(together, False)
        alone = (~together.any(axis=1)).astype(np.float64)
        total += np.where(count > 0, (fellows & together).sum(axis=1) / np.maximum(count, 1), alone)
    return total / len(runs)
