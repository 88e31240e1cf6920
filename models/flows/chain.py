"""The whole way from flows to alerts for one family, in memory: for notebooks, tests and small questions.

The pipeline takes the same steps one asset at a time, with a null that pools all families.
"""

from dataclasses import dataclass

import polars as pl

from models.flows.alerts import order, rank
from models.flows.calibrate import null_pool, p_values
from models.flows.causes import face
from models.flows.channels import judge
from models.flows.context import Context
from models.flows.reconcile import reconcile
from models.learned.channel import with_learned


@dataclass(frozen=True)
class Chain:
    """Every table on the way, see graphs.tables."""

    flows: pl.DataFrame
    statistics: pl.DataFrame
    scores: pl.DataFrame
    causes: pl.DataFrame
    alerts: pl.DataFrame


def run(flows: pl.DataFrame, context: Context) -> Chain:
    """Reconcile, judge by channels and by trees, calibrate, face the ordinary causes, rank."""
    reconciled = reconcile(flows)
    judged = judge(reconciled, context)
    statistics = with_learned(reconciled, judged.statistics, context)
    scores = p_values(statistics, null_pool(statistics.lazy()))
    causes = face(reconciled, scores, context)
    alerts = order(rank(reconciled, scores, causes, context.family).lazy())
    return Chain(reconciled, statistics, scores, causes, alerts)
