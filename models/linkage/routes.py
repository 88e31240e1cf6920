"""Ways from one place or point to another: the best, and others that differ from it.

    routes(network, "port:wpi:46570", (28.28, -15.41), k=3, modes=None, avoid=("ZMB", "suez"))

The first way is the best by cost, hours or km. Others are found by making the edges of earlier ways PENALTY times as
dear and asking again (penalty method: Chen, Bell and Bogenberger 2007, IEEE Trans. ITS 8(1)); one counts where no more
than SHARED of it runs along an earlier one. It is told with its own cost, not the raised one.

A point that is no place is joined to the nearest road, river or sea lane by a straight line (`models.linkage.ends`).
Where the two ends are nearer to each other than the network is to them, or where it knows no roads at all, one straight
line is a way too, flagged (`is_estimated`). Airports without a listed route between them may be linked by a flight
nobody listed, equally flagged.
"""

from collections.abc import Collection
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from graphs.errors import InputError
from models.linkage.ends import End, Ends
from models.linkage.network import COLUMN, By, Network
from models.linkage.snapping import Ints

PENALTY = 1.4
SHARED = 0.7
TRIES = 4
"""Searches for each further way that was asked for."""
SCHEMA = pl.Schema({
    "route": pl.Int64(), "step": pl.Int64(), "from_place": pl.String(), "to_place": pl.String(), "mode": pl.String(),
    "length_km": pl.Float64(), "hours": pl.Float64(), "cost_usd_per_t": pl.Float64(), "off_network_km": pl.Float64(),
    "is_estimated": pl.Boolean(), "crosses_border": pl.Boolean(), "passages": pl.List(pl.String()),
    "lon_lat": pl.List(pl.List(pl.Float64())), "source": pl.String(),
})  # fmt: skip


def routes(
    network: Network,
    start: End,
    end: End,
    k: int = 1,
    modes: Collection[str] | None = None,
    avoid: Collection[str] = (),
    by: By = "cost",
) -> pl.DataFrame:
    """Steps of up to k ways (columns of SCHEMA), route 1 the best; none where no way is known.

    A step is as much of the way as goes by one mode between two places; `transfer` steps are handling. Positions of
    `lon_lat` are [lon, lat]. Raises InputError for unknown ends, modes and names to avoid, equal ends, and k below 1.
    """
    if k < 1 or start == end:
        raise InputError(f"{k} ways from {start} to {end} were asked for: name two places and at least one way")
    ends = Ends(network.only(modes, avoid), modes, avoid)
    for one in (start, end):
        ends.check(one)
    asked = ends.joined(start, end, is_alone=k == 1)
    found = _ways(asked, k, by)
    steps = [row for number, path in enumerate(found, 1) for row in _steps(asked, path, number)]
    return pl.DataFrame(steps, schema=SCHEMA, orient="row")


def _ways(network: Network, k: int, by: By) -> list[list[int]]:
    """Edges of up to k ways between the last two vertices."""
    search = _Search(network)
    weights = network.edges[COLUMN[by]].to_numpy().astype(np.float64).copy()
    length = np.maximum(network.edges["length_km"].to_numpy(), 1e-9)
    found: list[list[int]] = []
    true = weights.copy()
    for _ in range(1 if k == 1 else TRIES * k):
        path = search.best(weights)
        if not path:
            break
        if all(length[list(set(path) & set(old))].sum() <= SHARED * length[path].sum() for old in found):
            found.append(path)
            if len(found) == k:
                break
        weights[path] *= PENALTY
    return found[:1] + sorted(found[1:], key=lambda one: (float(true[one].sum()), one))


class _Search:
    """Best way between the last two vertices, again and again with other weights.

    The whole graph in igraph takes longer to make than one search takes: here only the pairs of vertices are sorted.
    """

    def __init__(self, network: Network) -> None:
        self.count = network.vertices.height
        start, end = network.ends()
        keys = np.minimum(start, end) * self.count + np.maximum(start, end)
        self.order = np.argsort(keys, kind="stable")
        self.keys, self.first, self.many = np.unique(keys[self.order], return_index=True, return_counts=True)

    def best(self, weights: NDArray[np.float64]) -> list[int]:
        """Edges of the best way, in order; none where no way leads there."""
        if not len(self.keys):
            return []
        edge, least = self._cheapest(weights)
        rows, columns = np.divmod(self.keys, self.count)
        graph = csr_array((least, (rows, columns)), shape=(self.count, self.count))
        start, end = self.count - 2, self.count - 1
        cost, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
        if not np.isfinite(cost[end]):
            return []
        along = [end]
        while along[-1] != start:
            along.append(int(before[along[-1]]))
        pairs = [min(one, other) * self.count + max(one, other) for one, other in pairwise(reversed(along))]
        return [int(edge[at]) for at in np.searchsorted(self.keys, pairs)]

    def _cheapest(self, weights: NDArray[np.float64]) -> tuple[Ints, NDArray[np.float64]]:
        """Of each pair of vertices the edge that costs least, the first of equals, and what it costs."""
        ordered = weights[self.order]
        least = np.minimum.reduceat(ordered, self.first)
        is_least = np.flatnonzero(ordered == np.repeat(least, self.many))
        group = np.searchsorted(self.first, is_least, side="right") - 1
        at = np.empty(len(self.keys), dtype=np.int64)
        at[group[::-1]] = is_least[::-1]
        return self.order[at], least


def _steps(network: Network, path: list[int], number: int) -> list[tuple[object, ...]]:
    """Rows of one way: edges of one mode taken together up to the next place, and handling where there is any."""
    edges = network.edges[path].to_dicts()
    at = network.vertices.height - 2
    rows: list[tuple[object, ...]] = []
    group: list[tuple[dict[str, object], int, int]] = []

    def close() -> None:
        if group:
            rows.extend(_step(network, group, number, len(rows)))
            group.clear()

    for edge in edges:
        one, other = int(edge["start"]), int(edge["end"])
        here, there = (one, other) if one == at else (other, one)
        at = there
        if max(one, other) >= network.vertices.height - 2 and edge["cost_usd_per_t"] == 0 and edge["hours"] == 0:
            continue  # an end that is a place stands for it
        if group and group[-1][0]["mode"] != edge["mode"]:
            close()
        group.append((edge, here, there))
        if network.vertices["place_id"][there] is not None:
            close()
    close()
    return rows


def _step(
    network: Network, group: list[tuple[dict[str, object], int, int]], number: int, done: int
) -> list[tuple[object, ...]]:
    """One step between the handling that it begins with, that of its first edge, and the one that it ends with."""
    vertices = network.vertices
    along = [group[0][1], *(there for _, _, there in group)]

    def name(at: int) -> str:
        placed = vertices["place_id"][at]
        return placed if placed is not None else f"{vertices['lat'][at]:.4f},{vertices['lon'][at]:.4f}"

    def total(column: str) -> float:
        return sum((float(edge[column]) for edge, _, _ in group), 0.0)  # type: ignore[arg-type]

    first, last = name(along[0]), name(along[-1])
    passages = list(dict.fromkeys(str(edge["passage"]) for edge, _, _ in group if edge["passage"] is not None))
    sources = sorted({str(edge["source"]) for edge, _, _ in group if edge["source"] is not None})
    points = [[float(vertices["lon"][at]), float(vertices["lat"][at])] for at in along]
    rows: list[tuple[object, ...]] = []
    first_edge = group[0][0]
    before = float(first_edge["fixed_hours"]), float(first_edge["fixed_usd_per_t"])  # type: ignore[arg-type]
    handled = total("fixed_hours"), total("fixed_usd_per_t")
    after = handled[0] - before[0], handled[1] - before[1]

    def handling(place: str, hours: float, usd: float, at: list[float]) -> None:
        if hours or usd:
            rows.append((number, done + len(rows) + 1, place, place, "transfer", 0.0, hours, usd, 0.0, False, False, [],
                         [at], "table of transport costs"))  # fmt: skip

    handling(first, *before, points[0])
    rows.append(
        (number, done + len(rows) + 1, first, last, str(first_edge["mode"]), total("length_km"),
         total("hours") - handled[0], total("cost_usd_per_t") - handled[1], total("off_network_km"),
         any(bool(edge["is_estimated"]) for edge, _, _ in group),
         any(bool(edge["crosses_border"]) for edge, _, _ in group), passages, points, "; ".join(sources))
    )  # fmt: skip
    handling(last, *after, points[-1])
    return rows


def totals(steps: pl.DataFrame) -> pl.DataFrame:
    """One row per way: length_km, hours, cost_usd_per_t, off_network_km, off_share, is_estimated, modes in order."""
    return (
        steps.group_by("route", maintain_order=True)
        .agg(
            pl.col("length_km", "hours", "cost_usd_per_t", "off_network_km").sum(),
            pl.col("is_estimated").any(),
            pl.col("mode").filter(pl.col("mode") != "transfer").rle().struct.field("value").alias("modes"),
        )
        .with_columns(off_share=pl.when(pl.col("length_km") > 0).then(pl.col("off_network_km") / pl.col("length_km")))
        .sort("route")
    )
