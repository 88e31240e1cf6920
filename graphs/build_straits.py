"""Straits on the shortest ways by sea between countries that trade; part of `graphs.build`.

From any port of the one country to any port of the other, along the sea lanes, by Dijkstra's algorithm from all ports
of a country at once; a port is joined to the nearest point of a lane, at most
JOIN_KM away. How long a way is does not say what ships take:
canals cost money, and passages that ice closes for most of the year count as closed.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from graphs.build_places import standing
from graphs.edge_types import dtypes
from graphs.ids import SEPARATOR
from graphs.schema_places import SailsThrough
from graphs.sphere import arc_km, unit_vectors
from graphs.tidied import Tidy

JOIN_KM = 100.0
"""A port further from any lane has none: it lies on a river, or far inland."""
CLOSED = ("northwest",)
"""Passages that no way leads through; searoute leaves out the same."""
METRES = 3
"""Digits of a length in km that are kept."""
Way = tuple[str, str, str, str, str, str, float]


def sails_through(tidy: Tidy) -> pl.LazyFrame:
    """Edges SAILS_THROUGH, one for each strait on the way of a pair; none where no lanes are known."""
    nodes = tidy.network_nodes.filter(pl.col("mode") == "sea").sort("node").collect()
    lanes = tidy.network_edges.filter(
        pl.col("mode") == "sea", pl.col("passage").is_null() | ~pl.col("passage").is_in(CLOSED)
    ).sort("start", "end", "length_km").collect()  # fmt: skip
    known = standing(tidy).select("place_id", "kind", "label", "country", "lon", "lat").sort("place_id").collect()
    straits = set(known.filter(pl.col("kind") == "strait")["place_id"])
    ports = known.filter(pl.col("label") == "Port", pl.col("country").is_not_null())
    is_pair = [pl.col(f"{end}_kind").cast(pl.String) == "country" for end in ("exporter", "importer")]
    traded = tidy.annual.filter(*is_pair, pl.col("exporter") != pl.col("importer")).select("exporter", "importer")
    pairs = traded.unique().sort("exporter", "importer").collect()
    rows = list(_ways(nodes, lanes, ports, pairs, straits)) if nodes.height and lanes.height and ports.height else []
    return pl.DataFrame(rows, schema=dtypes(SailsThrough), orient="row").lazy()


def _ways(
    nodes: pl.DataFrame, lanes: pl.DataFrame, ports: pl.DataFrame, pairs: pl.DataFrame, straits: set[str]
) -> Iterator[Way]:
    """Vertices are the points of the lanes, then the ports."""
    graph, passage = _network(nodes, lanes, ports)
    ids = ports["place_id"].to_list()
    at: dict[str, list[int]] = {}
    for number, country in enumerate(ports["country"]):
        at.setdefault(country, []).append(nodes.height + number)
    for (exporter,), rows in pairs.group_by("exporter", maintain_order=True):
        if exporter not in at:
            continue
        km, before, _ = dijkstra(graph, indices=at[str(exporter)], min_only=True, return_predecessors=True)
        for importer in rows["importer"]:
            goal = min(at.get(importer, ()), key=lambda port: (km[port], port), default=None)
            if goal is None or not np.isfinite(km[goal]):
                continue
            path = _path(before, goal)
            first, last = ids[path[0] - nodes.height], ids[goal - nodes.height]
            on_way = {f"strait:{passage[step]}" for step in pairwise(path) if step in passage}
            for strait in sorted(on_way & straits):
                key = f"{exporter}{SEPARATOR}{importer}{SEPARATOR}{strait}"
                yield key, str(exporter), strait, importer, first, last, round(float(km[goal]), METRES)


def _network(
    nodes: pl.DataFrame, lanes: pl.DataFrame, ports: pl.DataFrame
) -> tuple[csr_array, dict[tuple[int, int], str]]:
    """Lengths of lanes, and of the joins of ports to them, in both directions; the strait of each lane in one."""
    number = pl.DataFrame({"node": nodes["node"].cast(pl.Int64), "at": np.arange(nodes.height)})
    ended = lanes.with_columns(pl.col("start", "end").cast(pl.Int64))
    for column in ("start", "end"):
        row = number.rename({"node": column, "at": f"{column}_at"})
        ended = ended.join(row, on=column, how="inner", maintain_order="left")
    points, shore = (unit_vectors(one["lon"].to_numpy(), one["lat"].to_numpy()) for one in (nodes, ports))
    apart, nearest = cKDTree(points).query(shore)
    near = np.flatnonzero(arc_km(apart) <= JOIN_KM)
    start = np.concatenate([ended["start_at"].to_numpy(), nodes.height + near])
    end = np.concatenate([ended["end_at"].to_numpy(), nearest[near]])
    # The library takes a way of zero for none, and adds up parallel ones: of these the shortest counts.
    km = np.maximum(np.concatenate([ended["length_km"].to_numpy(), arc_km(apart[near])]), 1e-9)
    one, other = np.concatenate([start, end]), np.concatenate([end, start])
    order = np.lexsort((np.concatenate([km, km]), other, one))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (one[order][1:] != one[order][:-1]) | (other[order][1:] != other[order][:-1])
    kept = order[new]
    names = np.concatenate([ended["passage"].to_numpy(), np.full(len(near), None)] * 2)
    size = nodes.height + ports.height
    graph = csr_array((np.concatenate([km, km])[kept], (one[kept], other[kept])), shape=(size, size))
    named = zip(one[kept].tolist(), other[kept].tolist(), names[kept].tolist(), strict=True)
    return graph, {(first, last): name for first, last, name in named if name is not None}


def _path(before: NDArray[Any], goal: int) -> list[int]:
    """Vertices of a way, the first first."""
    path = [goal]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]
