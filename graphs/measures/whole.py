"""Figures of a whole network. The docstring of each is the text that users read; NaN where it is not defined."""

from collections.abc import Callable

import numpy as np
import polars as pl

from graphs.measures.network import Floats, Network

TRIADS = ("003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C",
          "210", "300")  # fmt: skip
"""Types of three nodes (Holland and Leinhardt): pairs trading both ways, one way and not at all, then the shape."""


def density(network: Network) -> float:
    """Share of all possible directed pairs that trade."""
    possible = len(network.nodes) * (len(network.nodes) - 1)
    return len(network.start) / possible if possible else np.nan


def reciprocity(network: Network) -> float:
    """Share of edges that are answered by an edge the other way."""
    return float(network.graph.reciprocity()) if len(network.start) else np.nan


def value_reciprocity(network: Network) -> float:
    """Share of value that is answered: smaller of both directions, added up over all edges, by all value."""
    back = _answered(network)
    total = network.value_usd.sum()
    return float(np.minimum(network.value_usd, back).sum() / total) if total else np.nan


def assortativity(network: Network) -> float:
    """Correlation over edges of the exporter's number of markets with the importer's number of suppliers.

    Above 0 where areas with many partners trade with each other; below 0 where they trade with areas of few partners,
    as round a hub. Not defined where one of the two never varies.
    """
    if len(network.start) < 2:
        return np.nan
    leaving = np.bincount(network.start, minlength=len(network.nodes))[network.start].astype(np.float64)
    entering = np.bincount(network.end, minlength=len(network.nodes))[network.end].astype(np.float64)
    if not (np.ptp(leaving) and np.ptp(entering)):
        return np.nan
    return float(network.graph.assortativity_degree(directed=True))


def largest_share(network: Network) -> float:
    """Share of areas in the largest connected part, directions ignored."""
    return max(network.undirected.connected_components().sizes()) / len(network.nodes) if network.nodes else np.nan


def concentration(network: Network) -> float:
    """Herfindahl index of edges: chance that two dollars drawn at random travelled the same edge."""
    total = network.value_usd.sum()
    return float(np.sum((network.value_usd / total) ** 2)) if total else np.nan


FIGURES: dict[str, Callable[[Network], float]] = {
    one.__name__: one
    for one in (density, reciprocity, value_reciprocity, assortativity, largest_share, concentration)
}  # fmt: skip
"""Every figure of a whole network, by name."""


def figures(network: Network) -> pl.DataFrame:
    """Figure, value and meaning; first the counts of nodes, edges and what was kept out."""
    counts = {
        "nodes": (len(network.nodes), "Areas that trade, with others or with themselves."),
        "edges": (len(network.start), "Pairs with trade of known value, each direction for itself."),
        "self_loops": (network.self_loops, "Edges of an area with itself, kept out of every measure."),
        "unvalued": (network.unvalued, "Edges whose value is unknown or zero, kept out of every measure."),
    }
    rows = [(name, float(count), words) for name, (count, words) in counts.items()]
    rows += [(name, of(network), (of.__doc__ or "").partition("\n")[0]) for name, of in FIGURES.items()]
    return pl.DataFrame(rows, schema=["figure", "value", "meaning"], orient="row").fill_nan(None)


def triads(network: Network) -> pl.DataFrame:
    """How often each of the 16 types of three nodes occurs: triad, count. Counts add up to all choices of three."""
    size = len(network.nodes)
    found = [int(one) for one in tuple(network.graph.triad_census())[1:]] if size > 2 else [0] * 15
    found = [size * (size - 1) * (size - 2) // 6 - sum(found), *found]
    return pl.DataFrame({"triad": TRIADS, "count": found}, schema={"triad": pl.String, "count": pl.Int64})


def _answered(network: Network) -> Floats:
    """Value of the edge the other way, 0 where there is none."""
    size = len(network.nodes)
    forward, backward = network.start * size + network.end, network.end * size + network.start
    order = np.argsort(forward)
    at = np.minimum(np.searchsorted(forward[order], backward), max(len(order) - 1, 0))
    if not len(order):
        return network.value_usd
    return np.where(forward[order][at] == backward, network.value_usd[order][at], 0.0)
