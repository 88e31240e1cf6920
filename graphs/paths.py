"""Routes through a trade network: the k cheapest between two areas, by value, by cost or by risk.

    routes(by_value(edges), "COD", "CHE", k=5)

A route visits no area twice. That edges lead from one area to another does not show that any goods took the way: a
route is a way that goods could take, to be looked at together with the amounts (`graphs.chains`).
"""

import igraph as ig
import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.sums import settled

LENGTH = "length"
STEPS = {"route": pl.Int64, "route_length": pl.Float64, "step": pl.Int64, "row": pl.Int64}


def by_value(edges: pl.DataFrame) -> pl.DataFrame:
    """Edges with a `length` that is short for large flows: largest value / value_usd. Those without a value go out."""
    valued = edges.filter(pl.col("value_usd") > 0)
    return valued.with_columns((pl.col("value_usd").max() / pl.col("value_usd")).alias(LENGTH))


def by_cost(edges: pl.DataFrame, column: str) -> pl.DataFrame:
    """Edges with the cost in a column as `length`; those without one go out. Raises InputError for costs below 0."""
    priced = _known(edges, column)
    if priced.filter(~(pl.col(column) >= 0)).height:
        raise InputError(f"Column {column} holds costs below zero; a cost is at least 0.")
    return priced.with_columns(pl.col(column).cast(pl.Float64).alias(LENGTH))


def by_risk(edges: pl.DataFrame, column: str) -> pl.DataFrame:
    """Edges with `length` -log(1 - risk), so that the shortest route is the one most likely to go well throughout.

    The risk of a route is 1 - product of (1 - risk) = 1 - exp(-length): its edges go wrong independently of each other.
    Edges without a risk, or with risk 1, are left out. Raises InputError for risks outside 0 to 1.
    """
    known = _known(edges, column)
    if known.filter(~pl.col(column).is_between(0, 1)).height:
        raise InputError(f"Column {column} holds risks outside 0 to 1; a risk is a chance.")
    return known.filter(pl.col(column) < 1).with_columns((-(-pl.col(column)).log1p()).alias(LENGTH))


def routes(edges: pl.DataFrame, origin: str, destination: str, k: int = 5) -> pl.DataFrame:
    """Route (1 is the shortest), route_length, step, and the edge of each step with all its columns.

    `edges` has start, end and length; of parallel edges the shortest counts. Fewer than k routes where there are fewer,
    none for areas that are not connected. Routes of equal length stand in the order of their names; which of them make
    the cut at k is not defined. Raises InputError for an area without edges, for equal ends and for k below 1.
    """
    usable = _shortest_parallels(edges)
    names = sorted({*edges["start"], *edges["end"]})
    for name in (origin, destination):
        if name not in names:
            raise InputError(f"No edge here leads from or to {name}; name an area that trades.")
    if origin == destination or k < 1:
        raise InputError(
            f"{k} routes from {origin} to {destination} were asked for; name two areas and at least one route."
        )
    found = _paths(usable, names, names.index(origin), names.index(destination), k)
    lengths = [float(usable[LENGTH].gather(path).sum()) for path in found]
    order = sorted(range(len(found)), key=lambda at: (settled(lengths[at]), usable["end"].gather(found[at]).to_list()))
    steps = [
        (route, lengths[at], step, row) for route, at in enumerate(order, 1) for step, row in enumerate(found[at], 1)
    ]
    return _told(steps, usable)


def _told(steps: list[tuple[int, float, int, int]], edges: pl.DataFrame) -> pl.DataFrame:
    """One row per step: its route, that route's length, its number, and the edge with all columns."""
    placed = pl.DataFrame(steps, schema=STEPS, orient="row")
    return pl.concat([placed.drop("row"), edges[placed["row"].to_list()]], how="horizontal")


def _known(edges: pl.DataFrame, column: str) -> pl.DataFrame:
    """Edges that have the column. Raises InputError where there is none of that name."""
    if column not in edges.columns:
        raise InputError(f"The edges have no column {column}; there are {', '.join(edges.columns)}.")
    return edges.filter(pl.col(column).is_not_null())


def _shortest_parallels(edges: pl.DataFrame) -> pl.DataFrame:
    """One edge per pair, the shortest, without those from an area to itself; sorted."""
    between = edges.filter(pl.col("start") != pl.col("end"))
    rest = [name for name in edges.columns if name not in ("start", "end", LENGTH)]
    return between.sort("start", "end", LENGTH, *rest).unique(["start", "end"], keep="first", maintain_order=True)


def _paths(edges: pl.DataFrame, names: list[str], origin: int, destination: int, k: int) -> list[list[int]]:
    """Row numbers of each path's edges, by Yen's algorithm in igraph."""
    index = {name: at for at, name in enumerate(names)}
    pairs = [(index[start], index[end]) for start, end in edges.select("start", "end").iter_rows()]
    graph = ig.Graph(n=len(names), edges=pairs, directed=True)
    if not np.isfinite(graph.distances(origin, destination)[0][0]):
        return []
    found: list[list[int]] = graph.get_k_shortest_paths(
        origin, destination, k=k, weights=edges[LENGTH].to_list(), output="epath"
    )
    return found
