"""A part of a graph: the flows of some goods, years and areas, and everything that belongs to them."""

from collections.abc import Sequence

import polars as pl

from graphs.errors import UnknownCode
from graphs.schema import EDGE_TABLES, NODES, key_of
from graphs.schema_companies import NODES as COMPANIES
from graphs.schema_places import NODES as PLACES
from graphs.schema_ships import NODES as SHIPS
from graphs.stores.base import Graph

_LABELS = {*PLACES, *SHIPS, *COMPANIES}
APART = _LABELS | {name for name, edge in EDGE_TABLES.items() if _LABELS & {edge.start, edge.end}}
"""Tables that say nothing of any flow."""


def part(
    graph: Graph,
    *,
    family: str | None = None,
    commodity: str | None = None,
    years: tuple[int, int] | None = None,
    areas: Sequence[str] = (),
    among: Sequence[str] = (),
    source: str | None = None,
) -> Graph:
    """Flows that meet every condition given (`areas`: at either end; `among`: at both), trade edges likewise, and
    what they touch.

    Alerts stay with their flows, bans with their goods, mine output with its family and year; places, ships and
    companies belong to no flow and stay out. Frames stay lazy apart from the keys of nodes. Raises UnknownCode where
    no flow and no trade edge is left.
    """
    conditions = _conditions(family, years, areas, source)
    tables = {name: rows for name, rows in graph.tables.items() if name not in APART}
    if "Flow" in tables:
        goods = pl.col("commodity") == commodity if commodity else pl.lit(True)
        tables["Flow"] = tables["Flow"].filter(*conditions, _ends("exporter", "importer", areas, among), goods)
    for table, edge in EDGE_TABLES.items():
        if table in tables and edge.name == "EXPORTS_TO":
            tables[table] = tables[table].filter(*conditions, _ends("start", "end", areas, among))
        elif table in tables and edge.name == "PRODUCES":
            mine = [pl.col("end") == family] if family else []
            mine += [pl.col("year").is_between(*years)] if years else []
            mine += [pl.col("start").is_in(one) for one in (areas, among) if one]
            tables[table] = tables[table].filter(*mine) if mine else tables[table]
    if commodity:  # trade edges hold whole families
        tables = {name: rows for name, rows in tables.items() if "EXPORTS_TO" not in name and "PRODUCES" not in name}
    return Graph(graph.snapshot, _touched(tables), about=graph.about)


def _ends(start: str, end: str, areas: Sequence[str], among: Sequence[str]) -> pl.Expr:
    """True where one end is one of `areas` and both are `among` others; no list asks for nothing."""
    one = (pl.col(start).is_in(areas) | pl.col(end).is_in(areas)) if areas else pl.lit(True)
    both = (pl.col(start).is_in(among) & pl.col(end).is_in(among)) if among else pl.lit(True)
    return one & both


def _conditions(
    family: str | None, years: tuple[int, int] | None, areas: Sequence[str], source: str | None
) -> list[pl.Expr]:
    found = [pl.col("family") == family] if family else []
    found += [pl.col("year").is_between(*years)] if years else []
    return found + ([pl.col("source") == source] if source else [])


def _touched(tables: dict[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """Edges of the flows that are left, and the nodes at the ends of edges that are left."""
    flows = _keys(tables, "Flow", "flow_id")
    edges, wanted = {}, {"Flow": flows}
    for table, edge in EDGE_TABLES.items():
        if table not in tables:
            continue
        rows = tables[table]
        for column, label in (("start", edge.start), ("end", edge.end)):
            if label == "Flow":
                rows = rows.filter(pl.col(column).is_in(flows.implode()))
        edges[table] = rows.collect().lazy()
    traded = [table for table in edges if not table.startswith(("Ban", "Commodity"))]
    _collect(edges, traded, wanted)
    if flows.is_empty() and not any("EXPORTS_TO" in table and _height(edges[table]) for table in edges):
        raise UnknownCode("the graph holds no trade that meets these conditions: name other goods, years or areas")
    for table in ("Commodity-IN_FAMILY-Family", "Ban-COVERS-Commodity", "Ban-DECREED_BY-Country"):
        if table in edges:
            edges[table] = _belonging(edges[table], table, wanted)
            _collect(edges, [table], wanted)
    nodes = {
        label: tables[label].filter(pl.col(key_of(label)).is_in(wanted.get(label, _none()).implode()))
        for label in NODES
        if label in tables
    }
    return nodes | edges


def _belonging(rows: pl.LazyFrame, table: str, wanted: dict[str, pl.Series]) -> pl.LazyFrame:
    """Edges that hang on nodes already there: a family on its commodity, a ban on what it covers."""
    column, label = {
        "Commodity-IN_FAMILY-Family": ("start", "Commodity"),
        "Ban-COVERS-Commodity": ("end", "Commodity"),
        "Ban-DECREED_BY-Country": ("start", "Ban"),
    }[table]
    return rows.filter(pl.col(column).is_in(wanted.get(label, _none()).implode()))


def _collect(edges: dict[str, pl.LazyFrame], names: Sequence[str], wanted: dict[str, pl.Series]) -> None:
    """Note the nodes at both ends of these edges."""
    for name in names:
        edge = EDGE_TABLES[name]
        for column, label in (("start", edge.start), ("end", edge.end)):
            found = edges[name].select(column).unique().collect()[column]
            wanted[label] = pl.concat([wanted.get(label, _none()), found.rename("")]).unique().sort()


def _keys(tables: dict[str, pl.LazyFrame], label: str, key: str) -> pl.Series:
    return tables[label].select(key).collect()[key].rename("") if label in tables else _none()


def _none() -> pl.Series:
    return pl.Series("", [], dtype=pl.String)


def _height(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())
