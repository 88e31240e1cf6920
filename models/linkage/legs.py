"""The network contracted to legs between places (table legs).

Roads, railways and rivers: each node belongs to the place it is cheapest to reach from; two places whose territories
touch have a leg, the cheapest way across (the dual of a network Voronoi diagram, Erwig 2000, Networks 36(3)). Ways
between places far apart are then ways over several legs. Sea: from each port to its NEIGHBOURS nearest ports and to its
HUBS nearest large ports, and from each large port to every other. Air: listed routes. A place that no network reaches
gets straight lines to its nearest places, flagged.

Straits of a sea leg are named without their order. Both directions are rows, with the same figures.
"""

from datetime import date

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from graphs.sphere import arc_km, unit_vectors
from graphs.tables_places import Legs
from graphs.transport import border, friction
from models.linkage.hierarchy import Hierarchy
from models.linkage.network import LAND, Network, straight_km
from models.linkage.snapping import Floats, Ints, crosses_water, per_km

NEIGHBOURS = 8
HUB_SIZE = "Large"
"""Harbour size of the ports between which ships sail straight (World Port Index)."""
HUBS = 8
LINES = 3
"""Straight lines from a place that no network reaches."""
TIMELESS = date(1900, 1, 1)
AMOUNTS = ("cost_usd_per_t", "hours", "length_km", "off_network_km")


def legs(network: Network, places: pl.DataFrame) -> pl.DataFrame:
    """Table legs of the places that are vertices of the network; `places` tells the sizes of ports."""
    found = [_by_land(network, mode) for mode in LAND]
    found += [_by_sea(network, places), _by_air(network), _by_line(network)]
    one_way = pl.concat(found, how="diagonal_relaxed").filter(pl.col("start") != pl.col("end"))
    ids, country = network.vertices["place_id"], network.vertices["country"]
    ends = one_way.select(ids.gather(one_way["start"]).alias("one"), ids.gather(one_way["end"]).alias("other"))
    crosses = (country.gather(one_way["start"]) != country.gather(one_way["end"])).fill_null(False)
    told = pl.concat([one_way, ends], how="horizontal").with_columns(
        crosses.alias("crosses_border"), pl.lit(TIMELESS).alias("known_from")
    )
    both = [
        told.with_columns(pl.col(first).alias("from_place"), pl.col(second).alias("to_place"))
        for first, second in (("one", "other"), ("other", "one"))
    ]
    columns = list(Legs.columns())
    best = pl.concat(both).select(columns).sort("from_place", "to_place", "mode", "cost_usd_per_t", "length_km")
    return Legs.cast(best.unique(Legs.primary_key(), keep="first", maintain_order=True).sort(Legs.primary_key()))


def _empty() -> pl.DataFrame:
    floats = dict.fromkeys(AMOUNTS, pl.Float64)
    schema = {"start": pl.Int64, "end": pl.Int64, "mode": pl.String, **floats, "is_estimated": pl.Boolean}
    return pl.DataFrame(schema=schema | {"passages": pl.List(pl.String), "source": pl.String})


def _told(start: Ints, end: Ints, mode: str, amounts: Floats, passages: list[list[str]], source: str) -> pl.DataFrame:
    """Rows of legs; `amounts` [leg, AMOUNTS]."""
    return pl.DataFrame(
        {"start": start, "end": end, **dict(zip(AMOUNTS, amounts.T.copy(), strict=True))},
        schema_overrides={"start": pl.Int64, "end": pl.Int64} | dict.fromkeys(AMOUNTS, pl.Float64),
    ).with_columns(
        pl.lit(mode).alias("mode"), pl.lit(False).alias("is_estimated"),
        pl.Series("passages", passages, dtype=pl.List(pl.String)), pl.lit(source).alias("source"),
    )  # fmt: skip


def _source(edges: pl.DataFrame) -> str:
    """Where the edges came from, apart from the joins."""
    return "; ".join(edges["source"].drop_nulls().unique().sort().to_list())


def _by_land(network: Network, mode: str) -> pl.DataFrame:
    """Legs between places whose territories touch."""
    edges = network.edges.filter(pl.col("mode") == mode)
    is_place = network.vertices["place_id"].is_not_null().to_numpy()
    start, end = (edges[name].to_numpy().astype(np.int64) for name in ("start", "end"))
    seeds = np.unique(np.concatenate([start, end]))
    seeds = seeds[is_place[seeds]]
    if not len(seeds):
        return _empty()
    amounts = edges.select(AMOUNTS).to_numpy()
    # A place has one join per mode, so it is an end of the network of that mode and never a way through.
    count = network.vertices.height
    both = np.concatenate([start, end]), np.concatenate([end, start])
    graph, key, edge = _sparse(count, *both, np.concatenate([np.arange(len(start))] * 2), amounts[:, 0])
    _, before, owner = dijkstra(graph, indices=seeds, min_only=True, return_predecessors=True)
    at = np.flatnonzero((before >= 0) & (owner >= 0))
    last = np.zeros((count, len(AMOUNTS)))
    last[at] = amounts[edge[np.searchsorted(key, before[at].astype(np.int64) * count + at)]]
    reached = _along(np.where(before >= 0, before, np.arange(count)).astype(np.int64), last)
    owner = np.where(owner < 0, -1, owner).astype(np.int64)
    owner[seeds] = seeds
    touching = (owner[start] >= 0) & (owner[end] >= 0) & (owner[start] != owner[end])
    a, b = start[touching], end[touching]
    sums = reached[a] + reached[b] + amounts[touching]
    first, second = np.minimum(owner[a], owner[b]), np.maximum(owner[a], owner[b])
    order = np.lexsort((sums[:, 2], sums[:, 0], second, first))
    pair = np.stack([first[order], second[order]], axis=1)
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (pair[1:] != pair[:-1]).any(axis=1)
    kept = order[new]
    known = edges.filter(pl.col("source") != "straight line")
    return _told(first[kept], second[kept], mode, sums[kept], [[] for _ in kept], _source(known))


def _sparse(count: int, one: Ints, other: Ints, edge: Ints, cost: Floats) -> tuple[csr_array, Ints, Ints]:
    """Matrix of the cheapest edges; its places as one x count + other, sorted, and the edge that stands at each."""
    order = np.lexsort((edge, cost[edge], other, one))
    key = one[order] * count + other[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = key[1:] != key[:-1]
    kept = order[new]
    # The library takes an edge of zero for none.
    values = np.maximum(cost[edge[kept]], 1e-9)
    return csr_array((values, (one[kept], other[kept])), shape=(count, count)), key[new], edge[kept]


def _along(back: Ints, sums: Floats) -> Floats:
    """Amounts from the owner to every vertex, [vertex, amount], by doubling: each round looks twice as far back.

    `back` is the vertex before, itself for owners, whose sums are zero; `sums` are those of the last edge.
    """
    while True:
        further = back[back]
        if np.array_equal(further, back):
            # Everything before is an owner, which adds nothing.
            return sums
        sums = sums + sums[back]
        back = further


def _by_sea(network: Network, places: pl.DataFrame) -> pl.DataFrame:
    """From each port to the nearest ports and the nearest large ones, between large ones all, with their straits."""
    edges = network.edges.filter(pl.col("mode") == "sea")
    start, end = (edges[name].to_numpy().astype(np.int64) for name in ("start", "end"))
    is_port = (network.vertices["kind"] == "port").fill_null(False).to_numpy()
    vertices = np.unique(np.concatenate([start, end]))
    ports = vertices[is_port[vertices]]
    if len(ports) < 2:
        return _empty()
    number = np.full(network.vertices.height, -1, dtype=np.int64)
    number[vertices] = np.arange(len(vertices))
    names = edges["passage"].drop_nulls().unique().sort().to_list()
    bit = {name: 1 << at for at, name in enumerate(names)}
    marks = np.array([bit.get(one, 0) for one in edges["passage"].to_list()], dtype=np.uint32)
    ways = Hierarchy.of(len(vertices), number[start], number[end], edges.select(AMOUNTS).to_numpy(), marks)
    found = ways.ways(number[ports], number[ports])
    cost = np.array(found.amounts[0])
    np.fill_diagonal(cost, np.inf)
    large = places.filter(pl.col("size") == HUB_SIZE)["place_id"].implode()
    is_hub = network.vertices["place_id"].gather(ports).is_in(large).to_numpy()
    chosen = np.zeros(cost.shape, dtype=np.bool_)
    near = np.argsort(cost, axis=1, kind="stable")[:, :NEIGHBOURS]
    np.put_along_axis(chosen, near, True, axis=1)
    hubs = np.flatnonzero(is_hub)
    near_hubs = np.argsort(cost[:, hubs], axis=1, kind="stable")[:, :HUBS]
    np.put_along_axis(chosen, hubs[near_hubs], True, axis=1)
    chosen[np.ix_(hubs, hubs)] = True
    chosen &= np.isfinite(cost)
    one, other = np.nonzero(np.triu(chosen | chosen.T, 1))
    amounts = found.amounts[:, one, other].T.astype(np.float64)
    on_way = found.marks[one, other].tolist()
    passages = [[name for name in names if mark & bit[name]] for mark in on_way]
    known = edges.filter(pl.col("source") != "straight line")
    return _told(ports[one], ports[other], "sea", amounts, passages, _source(known))


def _by_air(network: Network) -> pl.DataFrame:
    edges = network.edges.filter(pl.col("mode") == "air")
    start, end = (edges[name].to_numpy().astype(np.int64) for name in ("start", "end"))
    return _told(start, end, "air", edges.select(AMOUNTS).to_numpy(), [[] for _ in start], _source(edges))


def _by_line(network: Network) -> pl.DataFrame:
    """Straight lines from places that no network over land reaches to the nearest places."""
    land = network.edges.filter(pl.col("mode").is_in(LAND))
    reached = np.zeros(network.vertices.height, dtype=np.bool_)
    for name in ("start", "end"):
        reached[land[name].to_numpy().astype(np.int64)] = True
    is_place = network.vertices["place_id"].is_not_null().to_numpy()
    lonely, placed = np.flatnonzero(is_place & ~reached), np.flatnonzero(is_place)
    if not len(lonely) or len(placed) < 2:
        return _empty()
    lon, lat = network.positions()
    tree = cKDTree(unit_vectors(lon[placed], lat[placed]))
    apart, at = tree.query(unit_vectors(lon[lonely], lat[lonely]), k=min(LINES + 1, len(placed)))
    start, end, km = np.repeat(lonely, at.shape[1]), placed[at.ravel()], arc_km(apart.ravel())
    good = (start != end) & (km <= straight_km(network))
    good[good] = ~crosses_water(lon[start[good]], lat[start[good]], lon[end[good]], lat[end[good]], network.dry)
    start, end, km = start[good], end[good], km[good]
    usd, hours = per_km(network.costs, "off_network")
    way = km * friction(network.costs)
    amounts = np.stack([way * usd, way * hours, way, way], axis=1)
    for row, (one, other) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        stop_hours, stop_usd = border(
            network.costs, network.vertices["country"][one], network.vertices["country"][other]
        )
        amounts[row, 0] += stop_usd
        amounts[row, 1] += stop_hours
    lines = _told(start, end, "road", amounts, [[] for _ in start], "straight line")
    return lines.with_columns(pl.lit(True).alias("is_estimated"))
