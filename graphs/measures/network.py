"""A trade network: one source, code family and year of EXPORTS_TO, ready for measuring.

Trade of an area with itself and edges without a value enter no measure; both are counted, so that a reader can be told.
Parallel edges are added up. Nodes and edges stand in the order of their names, whatever the order of the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import igraph as ig
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError
from graphs.sums import total, whole

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
LONGEST = 1e8
"""Cost of a flow of a hundred-millionth of the largest, and of all that are smaller."""
NEEDED = ("start", "end", "value_usd", "mass_kg")


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes by name, and edges as arrays of equal length."""

    nodes: tuple[str, ...]
    start: Whole
    """Index of the exporter in `nodes`."""
    end: Whole
    value_usd: Floats
    """Above zero."""
    mass_kg: Floats
    """NaN where unknown: of no edge, or of one of the parallel edges added up."""
    self_loops: int = 0
    """Edges of an area with itself, kept out."""
    unvalued: int = 0
    """Edges between two areas whose value is unknown or zero, kept out."""

    @property
    def said(self) -> str:
        """Size and what was kept out, in one sentence."""
        out = f"{self.self_loops} edges of an area with itself and {self.unvalued} edges without a value are kept out"
        return f"{len(self.nodes)} areas and {len(self.start)} edges; {out}."

    @cached_property
    def graph(self) -> ig.Graph:
        """Directed graph of the node indices; edges in the order of the arrays."""
        pairs = list(zip(self.start.tolist(), self.end.tolist(), strict=True))
        return ig.Graph(n=len(self.nodes), edges=pairs, directed=True)

    @cached_property
    def undirected(self) -> ig.Graph:
        """The same without directions, one edge per pair; its edge attribute `weight` is the value both ways."""
        both = ig.Graph(n=len(self.nodes), edges=self.graph.get_edgelist(), directed=False)
        both.es["weight"] = self.value_usd.tolist()
        return both.simplify(combine_edges="sum")

    @cached_property
    def cost(self) -> Floats:
        """Length of each edge where routes are sought: largest value / value, so that large flows are short.

        At most LONGEST: igraph takes routes for equal whose lengths agree in ten digits, and behind an edge of 1e11 all
        others would look alike.
        """
        cost: Floats = self.value_usd.max(initial=0.0) / self.value_usd
        return np.minimum(cost, LONGEST)

    def total(self, of: Floats, at: Whole) -> Floats:
        """Sum over the edges of each node, at their starts or ends."""
        added: Floats = np.bincount(at, weights=of, minlength=len(self.nodes)).astype(np.float64)
        return added

    def kept(self, edges: Mask, value_usd: Floats | None = None) -> Self:
        """The network with some edges only, all nodes, and other values if given (one for each edge of before)."""
        value = self.value_usd if value_usd is None else value_usd
        kept = self.start[edges], self.end[edges], value[edges], self.mass_kg[edges]
        return replace(self, start=kept[0], end=kept[1], value_usd=kept[2], mass_kg=kept[3])

    def frame(self, **columns: Any) -> pl.DataFrame:
        """One row per edge: start, end and the columns given."""
        names = np.array(self.nodes, dtype=object)
        ends = {"start": names[self.start].tolist(), "end": names[self.end].tolist()}
        return pl.DataFrame({**ends, **columns}, schema_overrides={"start": pl.String, "end": pl.String})


def of_market(edges: pl.DataFrame, family: str, year: int, source: str) -> pl.DataFrame:
    """Edges of one family, year and source; `edges` is the union of the EXPORTS_TO tables."""
    return edges.filter(pl.col("family") == family, pl.col("year") == year, pl.col("source") == source)


def network_of(edges: pl.DataFrame, family: str, year: int, source: str, nodes: Iterable[str] = ()) -> Network:
    """The network of one family, year and source. Empty where nothing was traded. Raises InputError."""
    return network(of_market(edges, family, year, source), nodes)


def network(edges: pl.DataFrame, nodes: Iterable[str] = ()) -> Network:
    """All rows of the frame as one network, with further nodes that may have no edge.

    Needs start, end, value_usd (USD) and mass_kg. Raises InputError where one of them, or a name, is missing.
    """
    if missing := [name for name in NEEDED if name not in edges.columns]:
        raise InputError(
            f"The edges lack {', '.join(missing)}; hand in EXPORTS_TO edges as graphs.schema describes them."
        )
    if edges["start"].null_count() + edges["end"].null_count():
        raise InputError("An edge lacks one of its ends; hand in edges whose start and end are both named.")
    loops = pl.col("start") == pl.col("end")
    between = edges.filter(~loops)
    valued = between.filter(pl.col("value_usd") > 0)
    names = sorted({*edges["start"], *edges["end"], *nodes})
    added = _added(valued, names)
    return Network(
        tuple(names),
        added["start"].to_numpy(),
        added["end"].to_numpy(),
        added["value_usd"].to_numpy(),
        added["mass_kg"].to_numpy(),
        edges.height - between.height,
        between.height - valued.height,
    )


def _added(edges: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Parallel edges added up, ends as indices."""
    index = pl.DataFrame({"name": names, "at": range(len(names))}, schema={"name": pl.String, "at": pl.Int64})
    value, mass = pl.col("value_usd").cast(pl.Float64), pl.col("mass_kg").cast(pl.Float64)
    summed = edges.group_by("start", "end").agg(
        value_usd=total(value),
        mass_kg=whole(mass).fill_null(float("nan")),
    )
    for end in ("start", "end"):
        summed = summed.join(index, left_on=end, right_on="name").drop(end).rename({"at": end})
    return summed.sort("start", "end")
