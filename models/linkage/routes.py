"""Ways from one place or point to another: the best, and others that differ from it.

    routes(network, "port:wpi:46570", (28.28, -15.41), k=3, modes=None, avoid=("ZMB", "suez"))

The first way is the best by cost, hours or km. Others are found by making the edges of earlier ways PENALTY times as
dear and asking again (penalty method: Chen, Bell and Bogenberger 2007, IEEE Trans. ITS 8(1)); one counts where no more
than SHARED of it runs along an earlier one. It is told with its own cost, not the raised one.

A point that is no place is joined to the nearest road, river or sea lane by a straight line. Where the two ends are
nearer to each other than the network is to them, or where it knows no roads at all, one straight line is a way too; it
is flagged (`is_estimated`), pays the border between the countries of its ends (a point lies in that of the nearest
vertex), counts within one country alone where any is to be avoided, and leads over no water. Airports without a listed
route between them may be linked by a flight nobody listed, equally flagged.
"""

from collections.abc import Collection
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from graphs.errors import InputError
from graphs.sphere import distance_km
from graphs.transport import border, friction, transfer
from models.linkage.network import COLUMN, By, Network, straight_km
from models.linkage.snapping import NOWHERE, Ints, Mask, crosses_water, nearest, per_km

End = str | tuple[float, float]
"""place_id, or longitude and latitude."""
PENALTY = 1.4
SHARED = 0.7
TRIES = 4
"""Searches for each further way that was asked for."""
NEAR_AIRPORTS, AIRPORT_KM = 3, 300.0
SEA_KM = 100.0
"""A point that far from a lane can still be at sea."""
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
    for one in (start, end):
        _check_end(network, one, avoid)
    asked = _with_ends(network.only(modes, avoid), start, end, modes, avoid, is_alone=k == 1)
    found = _ways(asked, k, by)
    steps = [row for number, path in enumerate(found, 1) for row in _steps(asked, path, number)]
    return pl.DataFrame(steps, schema=SCHEMA, orient="row")


def _check_end(network: Network, end: End, avoid: Collection[str]) -> None:
    if not isinstance(end, str):
        lon, lat = end
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise InputError(f"{lat}, {lon} lies nowhere: degrees north are -90 to 90, degrees east -180 to 180")
        return
    country = network.vertices["country"][network.vertex(end)]
    if country in avoid:
        raise InputError(
            f"{end} lies in {country}, which is to be avoided: name another place or avoid other countries"
        )


def _with_ends(
    network: Network, start: End, end: End, modes: Collection[str] | None, avoid: Collection[str], *, is_alone: bool
) -> Network:
    """The network with both ends as its last two vertices, joined to what they can use; of parallel edges one stays
    where more ways than one are asked for."""
    count = network.vertices.height
    lon, lat = network.positions()
    ends: list[tuple[float, float]] = []
    joins: list[dict[str, object]] = []
    for number, one in enumerate((start, end)):
        at = count + number
        if isinstance(one, str):
            vertex = network.vertex(one)
            ends.append((float(lon[vertex]), float(lat[vertex])))
            joins.append(_edge(at, vertex, "road", 0.0))
        else:
            ends.append(one)
            joins += _lines(network, at, one)
    if modes is None or "road" in modes:
        joins += _direct(network, count, ends, avoid)
    joins += _flights(network, count, ends, modes, avoid)
    named = [one if isinstance(one, str) else f"{one[1]:.4f},{one[0]:.4f}" for one in (start, end)]
    more = pl.DataFrame(
        {"place_id": named, "lon": [one[0] for one in ends], "lat": [one[1] for one in ends]},
        schema={"place_id": pl.String, "lon": pl.Float64, "lat": pl.Float64},
    )
    edges = pl.DataFrame(joins, schema_overrides=dict(network.edges.schema))
    every = pl.concat([network.edges, edges], how="diagonal_relaxed")
    kept = every if is_alone else _without_parallels(every)
    return Network(pl.concat([network.vertices, more], how="diagonal_relaxed"), kept, network.costs, network.dry)


def _without_parallels(edges: pl.DataFrame) -> pl.DataFrame:
    """Of the edges of one mode between two vertices only the shortest: the others are no other way."""
    pair = {"one": pl.min_horizontal("start", "end"), "other": pl.max_horizontal("start", "end")}
    ordered = edges.with_columns(**pair).sort("one", "other", "mode", "length_km", "cost_usd_per_t")
    return ordered.unique(["one", "other", "mode"], keep="first", maintain_order=True).drop("one", "other")


def _edge(start: int, end: int, mode: str, km: float, **more: object) -> dict[str, object]:
    """One edge without handling; amounts of zero unless stated."""
    told = {
        "start": start, "end": end, "mode": mode, "length_km": km, "hours": 0.0, "cost_usd_per_t": 0.0,
        "off_network_km": 0.0, "fixed_hours": 0.0, "fixed_usd_per_t": 0.0, "crosses_border": False,
        "is_estimated": False, "passage": None, "source": "straight line",
    }  # fmt: skip
    return told | more


def _line(
    network: Network, start: int, end: int, km: float, mode: str = "road", *, is_estimated: bool = False
) -> dict[str, object]:
    """A straight line over land of so many km to the network of a mode, at the rate beyond it, and loading there."""
    usd, hours = per_km(network.costs, "off_network")
    way = km * friction(network.costs)
    load = None if mode == "road" else transfer(network.costs, "road", mode)
    fixed_hours, fixed_usd = (0.0, 0.0) if load is None else (load.fixed_hours, load.fixed_usd_per_t)
    return _edge(
        start, end, mode, way, hours=way * hours + fixed_hours, cost_usd_per_t=way * usd + fixed_usd,
        off_network_km=way, fixed_hours=fixed_hours, fixed_usd_per_t=fixed_usd, is_estimated=is_estimated,
    )  # fmt: skip


def _lines(network: Network, at: int, point: tuple[float, float]) -> list[dict[str, object]]:
    """From a point to the nearest road and river, and at sea to the nearest lane."""
    lon, lat = network.positions()
    here = np.array([point[0]]), np.array([point[1]])
    found = []
    for mode in ("road", "river", "sea"):
        node, km = nearest(*here, lon, lat, _served(network, mode))
        if node[0] == NOWHERE:
            continue
        is_near = mode != "sea" and km[0] <= straight_km(network)
        if is_near and not _is_wet(network, point, (float(lon[node[0]]), float(lat[node[0]]))):
            found.append(_line(network, at, int(node[0]), float(km[0]), mode))
        elif mode == "sea" and km[0] <= SEA_KM and not found:
            usd, hours = per_km(network.costs, "sea")
            way = float(km[0])
            found.append(
                _edge(at, int(node[0]), "sea", way, hours=way * hours, cost_usd_per_t=way * usd, off_network_km=way)
            )
    return found


def _served(network: Network, mode: str) -> Mask:
    """Nodes of a mode; where the network has none, places that legs of the mode lead to."""
    usable = network.usable(mode)
    if usable.any():
        return usable
    mine = network.edges.filter(pl.col("mode") == mode, pl.col("off_network_km") == 0)
    usable[np.concatenate([mine["start"].to_numpy(), mine["end"].to_numpy()]).astype(np.int64)] = True
    return usable


def _direct(
    network: Network, count: int, ends: list[tuple[float, float]], avoid: Collection[str]
) -> list[dict[str, object]]:
    """One straight line from end to end, if it is not too far, leads over land and into nothing that is avoided."""
    km = float(distance_km(*ends[0], *ends[1]))
    if km > straight_km(network) or _is_wet(network, *ends):
        return []
    lands = [_land(network, one) for one in ends]
    if lands[0] != lands[1] and not set(avoid).isdisjoint(network.vertices["country"].unique()):
        return []
    return [_over_border(network, _line(network, count, count + 1, km, is_estimated=True), *lands)]


def _over_border(network: Network, line: dict[str, object], one: str | None, other: str | None) -> dict[str, object]:
    """A straight line from one country to another, with what the border takes."""
    stop_hours, stop_usd = border(network.costs, one, other)
    return line | {
        "hours": line["hours"] + stop_hours, "cost_usd_per_t": line["cost_usd_per_t"] + stop_usd,  # type: ignore[operator]
        "crosses_border": None not in (one, other) and one != other,
    }  # fmt: skip


def _land(network: Network, point: tuple[float, float]) -> str | None:
    """Country of the vertex nearest to a point, of those that have one."""
    lon, lat = network.positions()
    known = network.vertices["country"].is_not_null().to_numpy()
    at, _ = nearest(np.array([point[0]]), np.array([point[1]]), lon, lat, known)
    return None if at[0] == NOWHERE else network.vertices["country"][int(at[0])]


def _is_wet(network: Network, one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether the straight line between two points leads over water."""
    lon, lat, other_lon, other_lat = (np.array([number]) for number in (*one, *other))
    return bool(crosses_water(lon, lat, other_lon, other_lat, network.dry)[0])


def _flights(
    network: Network, count: int, ends: list[tuple[float, float]], modes: Collection[str] | None, avoid: Collection[str]
) -> list[dict[str, object]]:
    """Flights nobody listed between airports near the ends, and lines to those that no road joins."""
    if modes is not None and "air" not in modes:
        return []
    country = network.vertices["country"]
    is_open = (network.vertices["kind"] == "airport") & country.is_in(list(avoid)).fill_null(False).not_()
    airports = np.flatnonzero(is_open.fill_null(False).to_numpy())
    lon, lat = network.positions()
    flown_from = network.edges.filter(pl.col("mode") == "air")
    is_served = np.isin(airports, pl.concat([flown_from["start"], flown_from["end"]]).to_numpy())
    near = []
    for one in ends:
        km = distance_km(one[0], one[1], lon[airports], lat[airports])
        # Who names an airport means it; else those with any listed route come before strips that have none.
        reach = 0.0 if (km == 0.0).any() else AIRPORT_KM
        listed_near = (km <= reach) & is_served
        usable = np.flatnonzero(listed_near if listed_near.any() else km <= reach)
        order = usable[np.argsort(km[usable], kind="stable")[:NEAR_AIRPORTS]]
        near.append([(int(airports[at]), float(km[at])) for at in order])
    usd, hours = per_km(network.costs, "air")
    load = transfer(network.costs, "road", "air")
    listed = {
        (min(one), max(one)) for one in network.edges.filter(pl.col("mode") == "air").select("start", "end").rows()
    }
    joins = [
        _over_border(network, _line(network, count + end, at, km), _land(network, ends[end]), country[at])
        for end, side in enumerate(near)
        for at, km in side
        if not _is_wet(network, ends[end], (float(lon[at]), float(lat[at])))
    ]
    for here, _ in near[0]:
        for there, _ in near[1]:
            if here == there or (min(here, there), max(here, there)) in listed:
                continue
            flown = float(distance_km(lon[here], lat[here], lon[there], lat[there]))
            cost, time = flown * usd + load.fixed_usd_per_t, flown * hours + load.fixed_hours
            joins.append(
                _edge(
                    here, there, "air", flown, hours=time, cost_usd_per_t=cost, fixed_hours=load.fixed_hours,
                    fixed_usd_per_t=load.fixed_usd_per_t, is_estimated=True, source="flight that no list has",
                )
            )  # fmt: skip
    return joins


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
