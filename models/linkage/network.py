"""One network of all modes: roads, railways, rivers, sea lanes, airways, and places where goods change between them.

    network = Network.of(nodes, edges, places, costs)
    network.distances(["port:wpi:46570"], ["city:geonames:2306104"], "cost")

Vertices are the nodes of the networks and, after them, the places. A place is joined to the nearest node of each mode
that serves its kind; that join is a straight line and counts as off the network. Loading is part of the join: it holds
what a change between road and its mode takes, and nothing for roads themselves; a change between two other modes takes
both. All edges can be used both ways; a border takes the mean of both directions, on roads and railways only: a river
may be the border itself and change sides at every bend.

    cost   = length x price + border + loading          USD per tonne
    hours  = length / speed + border + loading

The country of a node that states none is that of the nearest city: near a border that is a guess. Lengths are those of
the networks; where one states less than the straight line, the straight line counts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import igraph as ig
import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.sphere import distance_km
from graphs.transport import Cost, border, friction, transfer
from models.linkage.snapping import STRAIGHT_KM, Dry, Floats, Ints, Mask, crosses_water, nearest, of_use, per_km

By = Literal["cost", "hours", "km"]
MODES = ("road", "rail", "river", "sea", "air")
LAND = ("road", "rail", "river")
STOPPED = ("road", "rail")
"""Modes that are held up at a border."""
COLUMN: dict[By, str] = {"cost": "cost_usd_per_t", "hours": "hours", "km": "length_km"}
SERVES: dict[str, dict[str, float]] = {
    "port": {"sea": 300.0, "road": 100.0, "rail": 20.0, "river": 5.0},
    "airport": {"road": 100.0},
    "city": {"road": 100.0, "rail": 20.0, "river": 5.0},
    "border": {"road": 50.0, "rail": 5.0},
    "smelter": {"road": 100.0, "rail": 20.0},
    "refinery": {"road": 100.0, "rail": 20.0},
}
"""Modes that serve a kind of place, and how far the nearest node may lie, km; other kinds are no vertices."""
NODES = {"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64, "country": pl.String, "mode": pl.String}
EDGES = {
    "start": pl.UInt32,
    "end": pl.UInt32,
    "mode": pl.String,
    "length_km": pl.Float64,
    "passage": pl.String,
    "source": pl.String,
}


def joined(parts: Sequence[tuple[pl.DataFrame, pl.DataFrame]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges of several networks as one, numbered through in the order given."""
    nodes, edges, first = [pl.DataFrame(schema=NODES)], [pl.DataFrame(schema=EDGES)], 0
    for more_nodes, more_edges in parts:
        shift = pl.lit(first, dtype=pl.UInt32)
        nodes.append(more_nodes.with_columns(pl.col("node") + shift).select(list(NODES)).cast(NODES))  # type: ignore[arg-type]
        moved = more_edges.with_columns(pl.col("start", "end") + shift)
        edges.append(moved.select(list(EDGES)).cast(EDGES))  # type: ignore[arg-type]
        first += more_nodes.height
    return pl.concat(nodes), pl.concat(edges)


def met(nodes: pl.DataFrame, edges: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of joined networks: nodes of one mode at one position as one, so that extracts of neighbouring countries meet
    where both hold the end of a line. Of equal edges the first stands."""
    spot = ["mode", "lon", "lat"]
    once = nodes.unique(spot, keep="first", maintain_order=True).drop("node").with_row_index("node")
    at = nodes.join(once.rename({"node": "at"}), on=spot, how="left", maintain_order="left")["at"]
    one, other = at.gather(edges["start"]), at.gather(edges["end"])
    moved = edges.with_columns(pl.min_horizontal(one, other).alias("start"), pl.max_horizontal(one, other).alias("end"))
    kept = moved.unique(["start", "end", "length_km", "passage"], keep="first", maintain_order=True)
    return once.select(list(NODES)).cast(NODES), kept.cast(EDGES)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Network:
    """Vertices, edges with what they take and cost, and the table of costs they were made from."""

    vertices: pl.DataFrame
    """place_id (null for nodes of networks), kind, name, country, mode (null for places), lon, lat; row = number."""
    edges: pl.DataFrame
    """start, end, mode, length_km, hours, cost_usd_per_t, off_network_km, fixed_hours, fixed_usd_per_t (parts of hours
    and cost that are handling), crosses_border, is_estimated, passage, source."""
    costs: Mapping[str, Cost]
    dry: Dry | None = None
    """Where land is; without it a straight line may lead across water."""

    @classmethod
    def of(
        cls,
        nodes: pl.DataFrame,
        edges: pl.DataFrame,
        places: pl.DataFrame,
        costs: Mapping[str, Cost],
        airways: pl.DataFrame | None = None,
        dry: Dry | None = None,
    ) -> "Network":
        """From tables network_nodes, network_edges, places; `airways` has from_place, to_place: listed routes.

        Only places that stand for themselves (`same_as` null) become vertices. Raises InputError where an edge ends
        at a node that is not listed.
        """
        standing = places.filter(pl.col("same_as").is_null(), pl.col("kind").cast(pl.String).is_in(list(SERVES)))
        standing = standing.with_columns(pl.col("kind").cast(pl.String)).sort("place_id")
        told = nodes.sort("node").with_columns(_countries(nodes.sort("node"), standing))
        vertices = pl.concat([told, standing], how="diagonal_relaxed").select(
            "place_id", "kind", "name", "country", "mode", "lon", "lat"
        )
        number = pl.Series(told["node"]).cast(pl.Int64)
        ways = _known(edges, number)
        mine = [ways, _joins(vertices, ways, nodes.height, friction(costs), dry)]
        if airways is not None:
            mine.append(_air(airways, vertices, nodes.height))
        return cls(vertices, _priced(pl.concat(mine, how="diagonal_relaxed"), vertices, costs), costs, dry)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Vertex of each place_id."""
        placed = self.vertices.with_row_index("at").filter(pl.col("place_id").is_not_null())
        return dict(placed.select("place_id", "at").iter_rows())

    def vertex(self, place_id: str) -> int:
        """Vertex of a place. Raises InputError for one that is none."""
        if place_id not in self.numbers:
            raise InputError(f"{place_id} is no place of this network: name one of table places that counts for itself")
        return self.numbers[place_id]

    def positions(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of all vertices."""
        return self.vertices["lon"].to_numpy(), self.vertices["lat"].to_numpy()

    def only(self, modes: Collection[str] | None = None, avoid: Collection[str] = ()) -> "Network":
        """The edges of some modes that touch no avoided country and lead through no avoided strait.

        Vertices keep their numbers. Raises InputError for a name that is neither.
        """
        known_modes = [*MODES, "transfer"]
        for one in modes or ():
            if one not in known_modes:
                raise InputError(f"mode {one!r} is unknown: use {', '.join(MODES)}")
        edges = self.edges if modes is None else self.edges.filter(pl.col("mode").is_in(list(modes)))
        if not avoid:
            return replace(self, edges=edges)
        countries = set(self.vertices["country"].drop_nulls().unique())
        passages = set(self.edges["passage"].drop_nulls().unique())
        for one in avoid:
            if one not in countries and one not in passages:
                straits = ", ".join(sorted(passages)) or "none"
                raise InputError(f"{one} is no country of this network and no strait of it ({straits})")
        bad = self.vertices["country"].is_in(list(avoid)).fill_null(False)
        kept = edges.filter(
            bad.gather(edges["start"]).not_(), bad.gather(edges["end"]).not_(),
            pl.col("passage").is_in(list(avoid)).fill_null(False).not_(),
        )  # fmt: skip
        return replace(self, edges=kept)

    def ends(self) -> tuple[Ints, Ints]:
        """First and second vertex of all edges."""
        return self.edges["start"].to_numpy().astype(np.int64), self.edges["end"].to_numpy().astype(np.int64)

    @cached_property
    def graph(self) -> ig.Graph:
        """The edges in igraph, undirected, in their order."""
        pairs = self.edges.select(pl.col("start", "end").cast(pl.Int64)).to_numpy()
        return ig.Graph(n=self.vertices.height, edges=pairs, directed=False)

    def distances(self, starts: Sequence[str], ends: Sequence[str], by: By = "cost") -> Floats:
        """Cheapest, fastest or shortest way from each place to each other, [start, end]; infinite where none leads."""
        from_, to = [self.vertex(one) for one in starts], [self.vertex(one) for one in ends]
        at = {vertex: column for column, vertex in enumerate(dict.fromkeys(to))}
        weights = self.edges[COLUMN[by]].to_list()
        found = self.graph.distances(from_, list(at), weights=weights, algorithm="dijkstra")
        return np.array(found, dtype=np.float64).reshape(len(from_), len(at))[:, [at[one] for one in to]]

    def usable(self, mode: str) -> Mask:
        """Nodes of a mode that lie in a piece of its network of some size."""
        mask: Mask = (self.vertices["mode"] == mode).fill_null(False).to_numpy()
        mine = self.edges.filter(pl.col("mode") == mode)
        start, end = (mine[name].to_numpy().astype(np.int64) for name in ("start", "end"))
        within = mask[start] & mask[end]
        if not within.any():
            return mask
        places = np.flatnonzero(mask)
        number = np.full(len(mask), -1, dtype=np.int64)
        number[places] = np.arange(len(places))
        mask = mask.copy()
        km = mine["length_km"].to_numpy()[within] if mode == "river" else None
        mask[places] = of_use(len(places), number[start[within]], number[end[within]], km)
        return mask


def straight_km(network: Network) -> float:
    """How far a straight line over land may reach: without any road known, as far as it must."""
    mapped = (network.edges["mode"] == "road") & (network.edges["off_network_km"] == 0)
    return STRAIGHT_KM if (network.vertices["mode"] == "road").any() or mapped.any() else np.inf


def _countries(nodes: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    """Country of every node: as stated, else of the nearest city for nodes on land."""
    cities = places.filter(pl.col("kind") == "city", pl.col("country").is_not_null())
    stated = nodes["country"].cast(pl.String)
    on_land = nodes["mode"].cast(pl.String).is_in(LAND).to_numpy()
    asked = np.flatnonzero(on_land & stated.is_null().to_numpy())
    if not cities.height or not len(asked):
        return stated
    lon, lat = (nodes[name].to_numpy()[asked] for name in ("lon", "lat"))
    row, _ = nearest(lon, lat, cities["lon"].to_numpy(), cities["lat"].to_numpy())
    return stated.scatter(asked, cities["country"].gather(row)).alias("country")


def _known(edges: pl.DataFrame, number: pl.Series) -> pl.DataFrame:
    """Edges with the rows of their nodes as ends."""
    place = pl.DataFrame({"node": number, "at": np.arange(len(number))})
    ended = edges.with_columns(pl.col("start", "end").cast(pl.Int64))
    for end in ("start", "end"):
        ended = ended.join(place.rename({"node": end, "at": f"{end}_at"}), on=end, how="left", maintain_order="left")
    lost = ended.filter(pl.col("start_at").is_null() | pl.col("end_at").is_null())
    if lost.height:
        start, end = lost.select("start", "end").row(0)
        raise InputError(f"the network has an edge from node {start} to {end}, one of which is not among its nodes")
    return ended.select(
        pl.col("start_at").alias("start"), pl.col("end_at").alias("end"), pl.col("mode").cast(pl.String), "length_km",
        pl.lit(0.0).alias("off_network_km"), pl.lit(False).alias("is_join"), "passage", "source",
    )  # fmt: skip


def _joins(vertices: pl.DataFrame, ways: pl.DataFrame, nodes: int, winding: float, dry: Dry | None) -> pl.DataFrame:
    """Straight lines from places to the nearest node of each mode that serves them, over land for modes over land."""
    lon, lat = vertices["lon"].to_numpy(), vertices["lat"].to_numpy()
    bare = Network(vertices, ways, {})
    found = []
    for mode in (*LAND, "sea"):
        usable = bare.usable(mode)
        usable[nodes:] = False
        kinds = [kind for kind, reach in SERVES.items() if mode in reach] if usable.any() else []
        listed = [np.flatnonzero((vertices["kind"] == kind).fill_null(False).to_numpy()) for kind in kinds]
        together = np.concatenate([np.zeros(0, dtype=np.int64), *listed])
        every, apart = nearest(lon[together], lat[together], lon, lat, usable)
        if mode != "sea":
            close = np.flatnonzero(apart <= max((SERVES[kind][mode] for kind in kinds), default=0.0))
            ends = lon[together[close]], lat[together[close]], lon[every[close]], lat[every[close]]
            apart[close[crosses_water(*ends, dry)]] = np.inf
        first = 0
        for kind, at in zip(kinds, listed, strict=True):
            node, km = every[first : first + len(at)], apart[first : first + len(at)]
            first += len(at)
            near = km <= SERVES[kind][mode]
            if len(at):
                found.append((mode, at[near], node[near], km[near] * (1.0 if mode == "sea" else winding)))
    frames = [
        pl.DataFrame({"start": at, "end": node, "length_km": km, "off_network_km": km}).with_columns(
            pl.lit(mode).alias("mode"), pl.lit(True).alias("is_join"), pl.lit("straight line").alias("source")
        )
        for mode, at, node, km in found
    ]
    return pl.concat(frames) if frames else ways.clear()


def _air(airways: pl.DataFrame, vertices: pl.DataFrame, nodes: int) -> pl.DataFrame:
    """Great circles between airports with a listed route, each pair once."""
    at = vertices.slice(nodes).select("place_id").with_row_index("at", nodes).with_columns(pl.col("at").cast(pl.Int64))
    pairs = airways.select("from_place", "to_place")
    for end, name in (("from_place", "one"), ("to_place", "other")):
        pairs = pairs.join(at.rename({"place_id": end, "at": name}), on=end, how="inner")
    ends = pairs.select(
        pl.min_horizontal("one", "other").alias("start"), pl.max_horizontal("one", "other").alias("end")
    )
    ends = ends.filter(pl.col("start") != pl.col("end")).unique().sort("start", "end")
    return ends.with_columns(
        length_between(vertices, ends).alias("length_km"), pl.lit("air").alias("mode"), pl.lit(True).alias("is_join"),
        pl.lit(0.0).alias("off_network_km"), pl.lit("listed route").alias("source"),
    )  # fmt: skip


def length_between(vertices: pl.DataFrame, ends: pl.DataFrame) -> pl.Series:
    """Great circle between start and end of each row, km."""
    lon, lat = vertices["lon"].to_numpy(), vertices["lat"].to_numpy()
    one, other = ends["start"].to_numpy(), ends["end"].to_numpy()
    return pl.Series("length_km", distance_km(lon[one], lat[one], lon[other], lat[other]), dtype=pl.Float64)


def _priced(edges: pl.DataFrame, vertices: pl.DataFrame, costs: Mapping[str, Cost]) -> pl.DataFrame:
    """Edges with hours and cost; a straight line over land is taken at the rate beyond the network."""
    rates = {one: per_km(costs, one) for one in (*MODES, "off_network")}
    loads = {one: transfer(costs, "road", one) for one in MODES if one != "road"}
    on_land = pl.col("mode").is_in(LAND)
    by = pl.when(on_land & (pl.col("off_network_km") > 0)).then(pl.lit("off_network")).otherwise("mode")
    is_loaded = pl.col("is_join") & (pl.col("mode") != "road")

    def of(figures: Mapping[str, float], key: pl.Expr) -> pl.Expr:
        return key.replace_strict(dict(figures), default=0.0, return_dtype=pl.Float64)

    borders = _borders(edges, vertices, costs)
    is_stopped = pl.col("mode").is_in(STOPPED)
    told = pl.concat([edges, borders], how="horizontal").with_columns(
        pl.max_horizontal("length_km", length_between(vertices, edges)).alias("length_km"),
        pl.col("passage").cast(pl.String),
        (of({one: row.fixed_hours for one, row in loads.items()}, pl.col("mode")) * is_loaded).alias("fixed_hours"),
        (of({one: row.fixed_usd_per_t for one, row in loads.items()}, pl.col("mode")) * is_loaded).alias(
            "fixed_usd_per_t"
        ),
    )
    price = of({one: usd for one, (usd, _) in rates.items()}, by)
    pace = of({one: hours for one, (_, hours) in rates.items()}, by)
    return told.with_columns(
        (pl.col("length_km") * pace + is_stopped * pl.col("border_hours") + pl.col("fixed_hours")).alias("hours"),
        (pl.col("length_km") * price + is_stopped * pl.col("border_usd") + pl.col("fixed_usd_per_t")).alias(
            "cost_usd_per_t"
        ),
        pl.lit(False).alias("is_estimated"),
    ).select(
        "start", "end", "mode", "length_km", "hours", "cost_usd_per_t", "off_network_km", "fixed_hours",
        "fixed_usd_per_t", "crosses_border", "is_estimated", "passage", "source",
    )  # fmt: skip


def _borders(edges: pl.DataFrame, vertices: pl.DataFrame, costs: Mapping[str, Cost]) -> pl.DataFrame:
    """Of every edge: whether its ends lie in two countries, and what the crossing takes (mean of both directions)."""
    country = vertices["country"]
    pairs = pl.DataFrame({"one": country.gather(edges["start"]), "other": country.gather(edges["end"])})
    crosses = (pl.col("one") != pl.col("other")).fill_null(False)
    listed = []
    for one, other in pairs.filter(crosses).unique().sort("one", "other").iter_rows():
        listed.append((one, other, *border(costs, one, other)))
    schema = {"one": pl.String, "other": pl.String, "border_hours": pl.Float64, "border_usd": pl.Float64}
    known = pl.DataFrame(listed, schema=schema, orient="row")
    return pairs.join(known, on=["one", "other"], how="left", maintain_order="left").select(
        crosses.alias("crosses_border"), pl.col("border_hours", "border_usd").fill_null(0.0)
    )
