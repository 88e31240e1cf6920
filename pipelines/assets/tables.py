"""How an asset is declared: its table's meaning, code version, group and partitions, in one place."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import dagster as dg

from graphs.tables import TABLES
from pipelines.code_version import code_version
from pipelines.schemas import describe
from pipelines.settings import redact

GROUPS = ("raw", "tidy", "flows", "scores", "alerts", "graph")
FOLLOWS = dg.AutomationCondition.eager().without(~dg.AutomationCondition.any_deps_missing())
"""An asset of any other group than raw is made again once its inputs were; a year never asked for is no obstacle."""
EVERY = dg.AllPartitionMapping()

Function = Callable[..., Any]
Declare = Callable[[Function], dg.AssetsDefinition]

MEANINGS: Mapping[str, str] = {
    "baci": "Reconciled trade of BACI, as flows with neither declaration.",
    "comtrade": "Answers of UN Comtrade for one year: what was asked, and where the bytes lie in the archive.",
    "parsed": "Declarations of all files and answers, row by row, before they are settled against each other.",
    "refused_trade": "Rows of declarations that could not be used.",
    "refused_baci": "Rows of BACI that could not be used.",
    "refused_production": "Rows of production tables that could not be used.",
    "refused_governance": "Rows of governance tables that could not be used.",
    "refused_events": "Rows of event tables that could not be used.",
    "nulls": "Statistics of the matched clean null of all families.",
    "graph_nodes": "Nodes of the graph, one kind at a time.",
    "graph_edges": "Edges of the graph, one name between two kinds of nodes at a time.",
    "ranked": "One family's scored flows with claim level and sentence, before the order over all families.",
}


def table(group: str, *, partitions: dg.PartitionsDefinition[Any] | None = None, **more: Any) -> Declare:
    """Declare an asset whose name is its table's."""

    def declare(function: Function) -> dg.AssetsDefinition:
        made: dg.AssetsDefinition = dg.asset(
            group_name=group,
            partitions_def=partitions,
            description=_meaning(function.__name__),
            code_version=code_version(function, describe(function.__name__)),
            automation_condition=None if group == "raw" else FOLLOWS,
            kinds={"polars", "parquet"},
            **more,
        )(discreet(function))
        return made

    return declare


def tables(group: str, *names: str, partitions: dg.PartitionsDefinition[Any] | None = None, **more: Any) -> Declare:
    """Declare several assets that one function makes together."""

    def declare(function: Function) -> dg.AssetsDefinition:
        version = code_version(function, *map(describe, names))
        outs = {
            name: dg.AssetOut(
                group_name=group,
                description=_meaning(name),
                code_version=version,
                automation_condition=None if group == "raw" else FOLLOWS,
                kinds={"polars", "parquet"},
            )
            for name in names
        }
        return dg.multi_asset(outs=outs, partitions_def=partitions, **more)(discreet(function))

    return declare


def discreet(function: Function) -> Function:
    """The function with secrets struck out of whatever it raises, since Dagster keeps errors in its log."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            error.args = tuple(redact(one) if isinstance(one, str) else one for one in error.args)
            raise

    return wrapped


def _meaning(name: str) -> str:
    return MEANINGS.get(name) or (TABLES[name].__doc__ or "").strip()
