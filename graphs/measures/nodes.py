"""What can be measured of a node, and what a high value means and does not mean.

The docstring of each measure is the text that users read. A measure takes a `Network` and gives one number per node,
NaN where it is not defined. Values are USD unless the name says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graphs.measures.network import Floats, Network, Whole

MOST_ROUNDS = 1000
"""Of power iteration; trade networks need 5 to 60."""
SETTLED = 1e-11
"""Scores that change by less are done."""
NEGLIGIBLE = 1e-9
"""Scores below this share of the largest are 0: outside the group that leads they only die away."""


@dataclass(frozen=True)
class Measure:
    """A measure with its words."""

    name: str
    of: Callable[[Network], Floats]
    high: str
    """What a high value means."""
    is_not: str
    """What a high value does not mean."""
    is_low_first: bool = False
    """Rank 1 is the lowest value instead of the highest."""

    @property
    def meaning(self) -> str:
        """First sentence of the function's docstring."""
        return (self.of.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")


def in_degree(network: Network) -> Floats:
    """Number of areas that it imports from."""
    return network.total(np.ones(len(network.end)), network.end)


def out_degree(network: Network) -> Floats:
    """Number of areas that it exports to."""
    return network.total(np.ones(len(network.start)), network.start)


def in_strength(network: Network) -> Floats:
    """Value of its imports, USD."""
    return network.total(network.value_usd, network.end)


def out_strength(network: Network) -> Floats:
    """Value of its exports, USD."""
    return network.total(network.value_usd, network.start)


def in_mass(network: Network) -> Floats:
    """Mass of its imports, kg; undefined where any import lacks its mass, since a partial sum would be too small."""
    return network.total(network.mass_kg, network.end)


def out_mass(network: Network) -> Floats:
    """Mass of its exports, kg; undefined where any export lacks its mass, since a partial sum would be too small."""
    return network.total(network.mass_kg, network.start)


def pagerank(network: Network) -> Floats:
    """Share of time that a dollar spends there which follows exports at random in proportion to their value.

    PageRank with damping 0.85, edges weighted by value; a node without exports sends it anywhere. Sums to 1.
    """
    if not network.nodes:
        return np.zeros(0)
    return np.array(network.graph.pagerank(weights=network.value_usd.tolist()), dtype=np.float64)


def hub(network: Network) -> Floats:
    """How much it exports to the areas that import from the main exporters (HITS hub score, largest is 1).

    First left singular vector of the value matrix. One very large flow can decide it: the rest are then near 0.
    """
    return _hits(network)[0]


def authority(network: Network) -> Floats:
    """How much it imports from the areas that export to the main importers (HITS authority score, largest is 1).

    First right singular vector of the value matrix. One very large flow can decide it: the rest are then near 0.
    """
    return _hits(network)[1]


def betweenness(network: Network) -> Floats:
    """Number of pairs of other areas whose cheapest route leads through it, shares where several are cheapest.

    An edge costs largest value / value, at most 1e8, so that routes prefer large flows; directed, not normalised.
    """
    return np.array(network.graph.betweenness(weights=network.cost.tolist()), dtype=np.float64)


def constraint(network: Network) -> Floats:
    """Burt's constraint: how far its trade hangs on few partners who also trade with each other. Rank 1 is the lowest.

    c_i = sum over j of (p_ij + sum over q of p_iq p_qj)^2, p_ij the share of j in the trade of i both ways. Undefined
    without a partner. Below 1 / partners it cannot fall; near 1 for a single partner.
    """
    found = network.graph.constraint(weights=network.value_usd.tolist()) if len(network.start) else []
    return np.array(found or [np.nan] * len(network.nodes), dtype=np.float64)


def pass_through(network: Network) -> Floats:
    """Smaller of imports and exports over the larger, 0 to 1: 1 where as much value leaves as enters.

    Undefined without trade. Small traders reach 1 easily: read it beside `passed_usd`.
    """
    entering, leaving = in_strength(network), out_strength(network)
    larger = np.maximum(entering, leaving)
    traded = larger > 0
    share: Floats = np.divide(np.minimum(entering, leaving), larger, out=np.full(len(larger), np.nan), where=traded)
    return share


def passed_usd(network: Network) -> Floats:
    """Smaller of the values of its imports and exports, USD: what can have passed through at most."""
    return np.minimum(in_strength(network), out_strength(network))


def core(network: Network) -> Floats:
    """Largest k such that it belongs to a group whose members each trade with at least k others of the group.

    k-core number of the network without directions.
    """
    return np.array(network.undirected.coreness(), dtype=np.float64)


def cut_off(network: Network) -> Floats:
    """Number of areas that would hang together with the rest no longer if it stopped trading; 0 if it holds nobody.

    For an articulation point: nodes of its connected part outside the largest piece that is left. Directions ignored.
    """
    found = np.zeros(len(network.nodes))
    parts = np.array(network.undirected.connected_components().membership, dtype=np.int64)
    for node in network.undirected.articulation_points():
        found[node] = _outside_largest(network, node, parts)
    return found


def _outside_largest(network: Network, node: int, parts: Whole) -> float:
    """Nodes of its part, apart from itself, outside the largest piece that its removal leaves."""
    members = np.flatnonzero((parts == parts[node]) & (np.arange(len(parts)) != node))
    pieces = network.undirected.induced_subgraph(members.tolist()).connected_components().sizes()
    return float(len(members) - max(pieces))


def _hits(network: Network) -> tuple[Floats, Floats]:
    """Hub and authority scores by power iteration from equal scores; zeros where nothing is traded.

    igraph's own begins at random, and where groups lead equally it ends there too. From equal scores all of them lead.
    """
    size, hubs = len(network.nodes), np.ones(len(network.nodes))
    if not len(network.start):
        return np.zeros(size), np.zeros(size)
    weight = network.value_usd / network.value_usd.max()
    for _ in range(MOST_ROUNDS):
        before = hubs
        authorities = network.total(weight * hubs[network.start], network.end)
        hubs = network.total(weight * authorities[network.end], network.start)
        hubs, authorities = hubs / hubs.max(), authorities / authorities.max()
        if np.abs(hubs - before).max() < SETTLED:
            break
    return np.where(hubs < NEGLIGIBLE, 0.0, hubs), np.where(authorities < NEGLIGIBLE, 0.0, authorities)


_SIZE = "Much trade is no sign of anything wrong: most of it is bought and sold at home or refined for others."
_BROKER = "A broker is not a wrongdoer: entrepôts, refiners and exchanges stand between others as their trade."
MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure("in_degree", in_degree, "Buys from many areas.", _SIZE),
        Measure("out_degree", out_degree, "Sells to many areas.", _SIZE),
        Measure("in_strength", in_strength, "Buys much.", _SIZE),
        Measure("out_strength", out_strength, "Sells much.", _SIZE),
        Measure("in_mass", in_mass, "Buys much by weight.", f"{_SIZE} Mass is gross, not content."),
        Measure("out_mass", out_mass, "Sells much by weight.", f"{_SIZE} Mass is gross, not content."),
        Measure("pagerank", pagerank, "A market where chains of trade end.", "Not where the goods are used up."),
        Measure("hub", hub, "Supplies the main markets.", "It need not produce: re-exporters score as well."),
        Measure("authority", authority, "Draws on the main suppliers.", "It need not use the goods itself."),
        Measure("betweenness", betweenness, "Large flows between others could lead through it.",
                f"{_BROKER} Goods need not take the cheapest route, or travel on at all."),
        Measure("constraint", constraint, "Depends on few partners who also deal with each other.",
                f"A low value marks a broker. {_BROKER}", is_low_first=True),
        Measure("pass_through", pass_through, "As much leaves as enters, as at a hub.",
                f"{_BROKER} A producer that also imports balances too, and what leaves need not be what entered."),
        Measure("passed_usd", passed_usd, "Much value both enters and leaves.",
                f"{_BROKER} What leaves need not be what entered."),
        Measure("core", core, "Belongs to the densely connected centre.", "Says nothing of amounts."),
        Measure("cut_off", cut_off, "Others are connected only through it.",
                "A sole partner in the data may be a sole reporter: missing edges make such points."),
    )
}  # fmt: skip
"""Every measure of a node, by name."""
