"""The graph: drawn from the tidy tables, loaded into the store, measured, and shown."""

from dataclasses import fields, replace

import dagster as dg
import polars as pl

from graphs.build import Tidy, build
from graphs.periods import known_by
from graphs.stores.base import load
from graphs.tables import Measures
from pipelines.assets.tables import EVERY, table
from pipelines.graph_store import drawn
from pipelines.memo_graph import tables_of
from pipelines.pages import gallery, publish
from pipelines.partitions import EDGE_TYPES, FAMILIES, NODE_TYPES
from pipelines.trade import Market, holdings
from pipelines.workspace import Workspace

UNDATED = ("alerts", "network_nodes", "network_edges")
"""Tables without `known_from`: alerts state their day, and networks have none."""
DRAWN_FROM = [
    dg.AssetDep("flows", partition_mapping=EVERY),
    *(dg.AssetDep(one.name) for one in fields(Tidy) if one.name != "flows"),
]
"""Read by name and not as inputs: each part needs a few of them (`tables_of`), and Dagster records every input."""


@table("graph", partitions=NODE_TYPES, deps=DRAWN_FROM)
def graph_nodes(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> pl.DataFrame:
    """All nodes of one kind."""
    return _drawn(context.partition_key, workspace)


@table("graph", partitions=EDGE_TYPES, deps=DRAWN_FROM)
def graph_edges(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> pl.DataFrame:
    """All edges of one name between two kinds of nodes."""
    return _drawn(context.partition_key, workspace)


@table("graph", deps=[graph_nodes, graph_edges])
def graph_store(workspace: dg.ResourceParam[Workspace]) -> pl.DataFrame:
    """Load the graph into its store; nothing is done where it holds this very graph already."""
    graph, store = drawn(workspace.home), workspace.store
    load(store, graph)
    as_of = workspace.memo.as_of()
    rows = [(name, count, store.name, graph.snapshot, as_of) for name, count in graph.counts().items()]
    return pl.DataFrame(rows, schema=["table", "rows", "engine", "snapshot", "as_of"], orient="row")


@table("graph", partitions=FAMILIES, deps=[dg.AssetDep(graph_edges, partition_mapping=EVERY)])
def measures(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> pl.DataFrame:
    """Measure the network of one family's last whole year."""
    home, family = workspace.home, context.partition_key
    if holdings(home, family).is_empty():
        return Measures.create_empty()
    market = Market.of(home, family, None, None)
    key = {"source": market.source, "family": family, "as_of": workspace.memo.as_of()}
    year = pl.lit(market.year, pl.Int64).alias("year")
    return market.measured().with_columns(year, *(pl.lit(value).alias(name) for name, value in key.items()))


@table("graph", deps=[graph_nodes, graph_edges])
def views(workspace: dg.ResourceParam[Workspace], alerts: pl.LazyFrame) -> pl.DataFrame:
    """Write a page for each family with alerts and for each of the first alerts."""
    found = publish(workspace.home, gallery(workspace.home))
    return found.with_columns(as_of=pl.lit(workspace.memo.as_of()))


def _drawn(part: str, workspace: Workspace) -> pl.DataFrame:
    """One table of the graph, from what was known on the day of the analysis.

    An event of a country that the flows do not hold tells nothing of them, and stays out.
    """
    home, told = workspace.home, tables_of(part)
    tables = {name: home.scan(name) for name in told if name != "flows" or home.has(name)}  # ships alone have no flows
    known = known_by(workspace.memo.as_of())
    tidy = Tidy(**{name: one if name in UNDATED else one.filter(known) for name, one in tables.items()})
    areas = pl.concat([tidy.flows.select(country=end) for end in ("exporter", "importer")]).unique()
    return build(part, replace(tidy, events=tidy.events.join(areas, on="country", how="semi"))).collect()
