"""A trade network read as supply and need, and what of the need is met when parts of it are gone.

An area that exports more than it imports supplies the difference, one that imports more needs it. What is there moves
along the edges, as much over each as in the data, so that with nothing removed every need is met. `graphs.disruption`
says what this is good for.
"""

from dataclasses import dataclass

import igraph as ig
import numpy as np

from graphs.errors import InputError
from graphs.measures.network import Floats, Mask, Network

TINY = 1e-9
"""Losses below this share of the network's value are rounding of the flow algorithm."""


@dataclass(frozen=True)
class Rewiring:
    """How far others make up for what is lost. Raises InputError for a slack below 0."""

    slack: float = 0.2
    """Remaining edges and suppliers can grow by this share of their value."""
    market: str | None = None
    """Whose supply counts; None for everybody's."""

    def __post_init__(self) -> None:
        if self.slack < 0:
            raise InputError(f"A slack of {self.slack} was asked for; name a share of at least 0.")


class Supply:
    """Needs, sources and capacities of a network. Raises InputError for a market that is not in it."""

    def __init__(self, network: Network, rewiring: Rewiring | None = None) -> None:
        self.rewiring = rewiring or Rewiring()
        self.network = network
        self.edges = np.ones(len(network.start), dtype=bool)
        if self.rewiring.market is not None:
            if self.rewiring.market not in network.nodes:
                raise InputError(f"{self.rewiring.market} does not trade here; name a market of this network.")
            self.market = network.nodes.index(self.rewiring.market)
            self.edges = network.start != self.market  # what it sends on is its own affair
        value = np.where(self.edges, network.value_usd, 0.0)
        balance = network.total(value, network.start) - network.total(value, network.end)
        self.source: Floats = np.maximum(balance, 0.0)
        self.need: Floats = np.maximum(-balance, 0.0)
        if self.rewiring.market is not None:
            self.need = np.where(np.arange(len(balance)) == self.market, self.need, 0.0)

    @property
    def nodes(self) -> Mask:
        """All of them."""
        return np.ones(len(self.network.nodes), dtype=bool)

    def loss(self, nodes: Mask, edges: Mask, slack: float | None = None) -> float:
        """Unmet need of the nodes left, USD, if only these nodes and edges are left."""
        network = self.network
        edges = edges & self.edges & nodes[network.start] & nodes[network.end]
        need = float(self.need[nodes].sum())
        scale = need or 1.0
        grown = 1 + (self.rewiring.slack if slack is None else slack)
        unmet = (
            need - _flow(network, edges, grown / scale, np.where(nodes, self.source, 0.0), self.need * nodes) * scale
        )
        return unmet if unmet > TINY * self.network.value_usd.sum() else 0.0

    def at_most(self, what: str) -> Floats:
        """Most that can be lost with each node or edge: what it sends on, or carries."""
        value = np.where(self.edges, self.network.value_usd, 0.0)
        return self.network.total(value, self.network.start) if what == "node" else value

    def without(self, what: str, at: int, nodes: Mask, edges: Mask) -> tuple[Mask, Mask]:
        """The same nodes and edges without one of them."""
        if what == "node":
            return nodes & (np.arange(len(nodes)) != at), edges
        return nodes, edges & (np.arange(len(edges)) != at)


def _flow(network: Network, edges: Mask, grown: float, source: Floats, need: Floats) -> float:
    """Largest flow from all sources to all needs; capacities of edges and sources times `grown`, needs as they are."""
    size = len(network.nodes)
    supplying, needing = np.flatnonzero(source), np.flatnonzero(need)
    if not (len(supplying) and len(needing) and edges.any()):
        return 0.0
    starts = np.concatenate([network.start[edges], np.full(len(supplying), size), needing])
    ends = np.concatenate([network.end[edges], supplying, np.full(len(needing), size + 1)])
    wanted = need[needing] / need.sum()
    room = np.concatenate([network.value_usd[edges] * grown, source[supplying] * grown, wanted])
    graph = ig.Graph(n=size + 2, edges=list(zip(starts.tolist(), ends.tolist(), strict=True)), directed=True)
    return float(graph.maxflow_value(size, size + 1, room.tolist()))
