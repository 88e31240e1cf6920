"""Which years and code families Dagster knows of: those that the data hold; and the tables of the graph."""

from collections.abc import Iterable

import dagster as dg

from graphs.schema import EDGE_TABLES, NODES
from pipelines.memo import Memo

FAMILIES = dg.DynamicPartitionsDefinition(name="families")
"""Code families that the data hold."""
YEARS = dg.DynamicPartitionsDefinition(name="years")
"""Years that the declarations cover."""
CALENDAR = dg.TimeWindowPartitionsDefinition(start="1962", fmt="%Y", cron_schedule="0 0 1 1 *", end_offset=1)
"""Years that UN Comtrade can be asked for."""
NODE_TYPES = dg.StaticPartitionsDefinition(list(NODES))
EDGE_TYPES = dg.StaticPartitionsDefinition(list(EDGE_TABLES))
TELLS_YEARS = "parsed"
TELL_FAMILIES = ("declarations", "baci")


def announce(instance: dg.DagsterInstance, memo: Memo, table: str) -> None:
    """Tell Dagster of the partitions that a table, just written, has brought."""
    if table == TELLS_YEARS:
        _add(instance, YEARS, memo.years())
    elif table in TELL_FAMILIES:
        _add(instance, FAMILIES, memo.families())


def synchronise(instance: dg.DagsterInstance, memo: Memo) -> None:
    """Tell Dagster of all partitions, and of those that are gone."""
    for kind, names in ((YEARS, memo.years()), (FAMILIES, memo.families())):
        _add(instance, kind, names)
        for gone in set(instance.get_dynamic_partitions(kind.name or "")) - set(names):
            instance.delete_dynamic_partition(kind.name or "", gone)


def _add(instance: dg.DagsterInstance, kind: dg.DynamicPartitionsDefinition, names: Iterable[str]) -> None:
    known = set(instance.get_dynamic_partitions(kind.name or ""))
    if new := [one for one in names if one not in known]:
        instance.add_dynamic_partitions(kind.name or "", new)
