"""How far ships sail along the sea lanes from one place at sea to another: ports, and anchorages like them.

A place is joined to the nearest node of the lanes, as ports are in `network`, so that a pair of ports has the length
of its sea leg. Where it is farther to the lanes than from one place straight to the other, ships sail beside the lanes,
and no way along them is told: two berths of one bay, or a port and the anchorage before it.
"""

from itertools import groupby

import polars as pl

from graphs.transport import costs
from models.linkage.network import COLUMN, Network, length_between

SEA = ("port", "anchorage")


def sea_km(nodes: pl.DataFrame, edges: pl.DataFrame, places: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of places (from_place, to_place) that a way leads between, with its length_km, in order of both.

    nodes, edges: tables network_nodes and network_edges, of which the sea's count. places: table places.
    """
    wanted = pairs.select("from_place", "to_place").unique().sort("from_place", "to_place")
    at_sea = places.filter(pl.col("kind").cast(pl.String).is_in(SEA), _is_end(wanted))
    network = Network.of(
        nodes.filter(pl.col("mode").cast(pl.String) == "sea"),
        edges.filter(pl.col("mode").cast(pl.String) == "sea"),
        at_sea.with_columns(kind=pl.lit("port")),
        costs(),  # which no length depends on
    ).only(["sea"])
    ways = _along(network, wanted)
    weights, found = network.edges[COLUMN["km"]].to_list(), []
    for start, group in groupby(ways, key=lambda one: one[0]):
        ends = [other for _, other in group]
        km = network.graph.distances(
            [network.vertex(start)], [network.vertex(one) for one in ends], weights=weights, algorithm="dijkstra"
        )[0]
        found += [(start, end, length) for end, length in zip(ends, km, strict=True)]
    schema = {"from_place": pl.String, "to_place": pl.String, "length_km": pl.Float64}
    return pl.DataFrame(found, schema=schema, orient="row").filter(pl.col("length_km").is_finite())


def _is_end(pairs: pl.DataFrame) -> pl.Expr:
    return pl.col("place_id").is_in(pl.concat([pairs["from_place"], pairs["to_place"]]).unique().implode())


def _along(network: Network, pairs: pl.DataFrame) -> list[tuple[str, str]]:
    """Pairs of places that are nearer to the lanes, taken together, than to each other."""
    of = {at: place for place, at in network.numbers.items()}
    # Only joins begin at places.
    joins = network.edges.select(pl.col("start").cast(pl.Int64), "length_km")
    km = {of[start]: length for start, length in joins.iter_rows() if start in of}
    known = [(one, other) for one, other in pairs.iter_rows() if one in km and other in km]
    ends = [[network.vertex(pair[side]) for pair in known] for side in (0, 1)]
    straight = length_between(network.vertices, pl.DataFrame(ends, schema={"start": pl.Int64, "end": pl.Int64}))
    return [pair for pair, apart in zip(known, straight, strict=True) if km[pair[0]] + km[pair[1]] < apart]
