"""How an asset is declared: its table's meaning, code version, group and partitions, in one place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

import dagster as dg

from graphs.tables import TABLES
from pipelines.code_version import code_version
from pipelines.schemas import describe
from pipelines.settings import redact

GROUPS = ("raw", "tidy", "shipping", "flows", "scores", "alerts", "graph")
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
    "refused_places": "Rows of lists of places and of air routes that could not be used.",
    "network_nodes": "Points at which roads, railways, rivers or sea lanes meet or end.",
    "network_edges": "Roads, railways, rivers and sea lanes between those points.",
    "refused_network": "Lines of networks that could not be used.",
    "refused_legs": "Rows of lists of legs that could not be used.",
    "refused_manifests": "Rows of bills of lading that could not be used.",
    "watched": "Files of watched folders: when each was taken into the archive, or why it was refused.",
    "ais_read": "Reports of ships as one file holds them, in its order, before they are put into days.",
    "refused_ais": "Rows of ship positions that could not be used.",
    "day_calls": "Calls at ports and anchorages that ended on one day.",
    "day_events": "Silences, meetings, stops and doubtful identities that ended on one day.",
    "day_vessels": "What ships said of themselves on one day.",
    "vessel_state": "Where every ship stood at the end of one day, and what had begun and not ended.",
    "gfw_events": "Events as Global Fishing Watch published them.",
    "refused_gfw": "Events of Global Fishing Watch that could not be used.",
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
        with _redacted():
            return function(*args, **kwargs)

    @wraps(function)
    def steps(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with _redacted():
            yield from function(*args, **kwargs)

    return steps if isgeneratorfunction(function) else wrapped


@contextmanager
def _redacted() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.args = tuple(redact(one) if isinstance(one, str) else one for one in error.args)
        raise


def _meaning(name: str) -> str:
    return MEANINGS.get(name) or (TABLES[name].__doc__ or "").strip()
