"""Nodes and edges of `graphs.schema_places` from the tables places and legs; part of `graphs.build`.

Ways by sea lead from every port to every large one: hundreds of thousands. The graph keeps those to the nearest ports
and those between large ports; all others are ways over several of these.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from graphs.edge_types import EdgeType
from graphs.ids import SEPARATOR
from graphs.schema_places import SailsThrough
from graphs.tidied import Tidy

LABELS = {"port": "Port", "airport": "Airport", "city": "Place", "border": "Place", "smelter": "Place",
          "refinery": "Place", "strait": "Place"}  # fmt: skip
"""Node type of each kind of place; anchorages have none."""
ALWAYS = ("port", "border", "smelter", "refinery", "strait")
"""Kinds that are nodes whether or not a leg touches them."""
NEAREST = 8
"""Ways by sea that each port keeps, the cheapest first."""
LARGE = "Large"
"""Harbour size of ports between which every way by sea is kept (World Port Index)."""
TO = ">"
"""Between the two ends in the identifier of an edge: identifiers of places hold colons."""


def standing(tidy: Tidy) -> pl.LazyFrame:
    """Places that count for all that were joined to them, with the `label` of their node."""
    label = pl.col("kind").cast(pl.String).replace_strict(LABELS, default=None, return_dtype=pl.String)
    return tidy.places.filter(pl.col("same_as").is_null()).with_columns(pl.col("kind").cast(pl.String), label=label)


def nodes(label: str, tidy: Tidy) -> pl.LazyFrame:
    """Nodes of a kind; places without a leg only where their kind alone is worth a node."""
    ends = pl.concat([tidy.legs.select(place_id=end) for end in ("from_place", "to_place")]).unique()
    mine = standing(tidy).filter(pl.col("label") == label)
    touched = mine.join(ends, on="place_id", how="semi").filter(~pl.col("kind").is_in(ALWAYS))
    return pl.concat([mine.filter(pl.col("kind").is_in(ALWAYS)), touched])


def located(found: pl.LazyFrame, key: str, countries: pl.LazyFrame) -> pl.LazyFrame:
    """Edges from nodes to the countries that they name, as far as these are nodes."""
    return found.select(start=key, end="country").join(countries.select(end="code"), on="end", how="semi")


def legs(edge: EdgeType, tidy: Tidy) -> pl.LazyFrame:
    """Ways between two kinds of places."""
    known = standing(tidy).select("place_id", "label", "size")
    return _kept(tidy, known).filter(pl.col("from_label") == edge.start, pl.col("to_label") == edge.end).with_columns(
        edge_id=pl.format(f"{{}}{TO}{{}}{SEPARATOR}{{}}", "from_place", "to_place", "mode"),
        start="from_place",
        end="to_place",
    )  # fmt: skip


def _kept(tidy: Tidy, known: pl.LazyFrame) -> pl.LazyFrame:
    """Legs between nodes, those by sea thinned out alike in both directions."""
    rows = tidy.legs.with_columns(pl.col("mode").cast(pl.String))
    for end in ("from", "to"):
        ends = known.rename({"place_id": f"{end}_place", "label": f"{end}_label", "size": f"{end}_size"})
        rows = rows.join(ends, on=f"{end}_place", how="inner")
    rows = rows.filter(pl.col("from_label").is_not_null(), pl.col("to_label").is_not_null())
    is_sea = pl.col("mode") == "sea"
    sea = rows.filter(is_sea).sort("from_place", "cost_usd_per_t", "to_place")
    is_near = pl.int_range(pl.len()).over("from_place") < NEAREST
    between_large = (pl.col("from_size") == LARGE) & (pl.col("to_size") == LARGE)
    chosen = sea.filter(is_near | between_large.fill_null(False))
    pairs = [chosen.select(from_place=one, to_place=other) for one, other in (_ENDS, _ENDS[::-1])]
    thinned = sea.join(pl.concat(pairs).unique(), on=list(_ENDS), how="semi")
    return pl.concat([rows.filter(~is_sea), thinned])


_ENDS = ("from_place", "to_place")


def sails_through(tidy: Tidy) -> pl.LazyFrame:
    """Straits on the cheapest way by sea between each pair of countries that trade with each other.

    From any port of the one to any port of the other, along the legs that the graph keeps: by Dijkstra's algorithm,
    from all ports of an exporter at once.
    """
    known = standing(tidy).select("place_id", "label", "size", "country", "kind").collect()
    sea = _kept(tidy, known.lazy().drop("country", "kind")).filter(pl.col("mode") == "sea").sort(*_ENDS).collect()
    traded = tidy.annual.filter(
        pl.col("exporter_kind").cast(pl.String) == "country", pl.col("importer_kind").cast(pl.String) == "country",
        pl.col("exporter") != pl.col("importer"),
    ).select("exporter", "importer").unique().sort("exporter", "importer").collect()  # fmt: skip
    straits = set(known.filter(pl.col("kind") == "strait")["place_id"])
    ports = known.filter(pl.col("label") == "Port", pl.col("country").is_not_null()).sort("place_id")
    schema = {name: rule.dtype for name, rule in SailsThrough.columns().items()}
    return pl.DataFrame(list(_ways(sea, traded, ports, straits)), schema=schema, orient="row").lazy()


def _ways(
    sea: pl.DataFrame, traded: pl.DataFrame, ports: pl.DataFrame, straits: set[str]
) -> Iterator[tuple[str, str, str, str, str, str, float, float]]:
    """Rows of SAILS_THROUGH."""
    ids = pl.concat([sea["from_place"], sea["to_place"].rename("from_place")]).unique().sort()
    number = {place: at for at, place in enumerate(ids.to_list())}
    start = np.array([number[one] for one in sea["from_place"]], dtype=np.int64)
    end = np.array([number[one] for one in sea["to_place"]], dtype=np.int64)
    row = {ends: at for at, ends in enumerate(zip(start.tolist(), end.tolist(), strict=True))}
    cost = np.maximum(sea["cost_usd_per_t"].to_numpy(), 1e-9)  # the library takes a way of zero for none
    graph = csr_array((cost, (start, end)), shape=(len(number), len(number)))
    at: dict[str, list[int]] = {}
    for place, country in ports.select("place_id", "country").iter_rows():
        if place in number:
            at.setdefault(country, []).append(number[place])
    km, usd, passages = sea["length_km"].to_list(), sea["cost_usd_per_t"].to_list(), sea["passages"].to_list()
    for (exporter,), rows in traded.group_by("exporter", maintain_order=True):
        if exporter not in at:
            continue
        costs, before, _ = dijkstra(graph, indices=at[str(exporter)], min_only=True, return_predecessors=True)
        for importer in rows["importer"]:
            goal = min(at.get(importer, ()), key=lambda one: (costs[one], one), default=None)
            if goal is None or not np.isfinite(costs[goal]):
                continue
            path = _path(before, goal)
            steps = [row[pair] for pair in pairwise(path)]
            told = (
                importer,
                ids[path[0]],
                ids[goal],
                sum(km[step] for step in steps),
                sum(usd[step] for step in steps),
            )
            for strait in sorted({f"strait:{one}" for step in steps for one in passages[step]} & straits):
                yield f"{exporter}{SEPARATOR}{importer}{SEPARATOR}{strait}", str(exporter), strait, *told


def _path(before: np.ndarray, goal: int) -> list[int]:
    """Vertices of a way, the first first."""
    path = [goal]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]
