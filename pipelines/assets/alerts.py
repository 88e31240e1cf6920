"""The list: each family's flows ranked, then all families in one order."""

import dagster as dg
import polars as pl

from graphs.periods import known_by
from graphs.tables import Alerts
from models.flows.alerts import order, rank
from models.flows.reconcile import reconcile
from pipelines.assets.tables import EVERY, table
from pipelines.partitions import FAMILIES
from pipelines.workspace import Workspace


@table("alerts", partitions=FAMILIES)
def ranked(
    context: dg.AssetExecutionContext,
    workspace: dg.ResourceParam[Workspace],
    flows: pl.LazyFrame,
    scores: pl.DataFrame,
    causes: pl.DataFrame,
) -> pl.DataFrame:
    """Claim level, episode and sentence for every scored flow of one family."""
    as_of = workspace.memo.as_of()
    return rank(reconcile(flows.filter(known_by(as_of)).collect()), scores, causes, context.partition_key)


@table("alerts", ins={"ranked": dg.AssetIn(partition_mapping=EVERY)})
def alerts(ranked: pl.LazyFrame) -> pl.DataFrame:
    """All families in one total order without ties; the alerts among them are marked."""
    if not ranked.collect_schema():
        return Alerts.create_empty()  # a home without trade
    return order(ranked).select(Alerts.column_names())
