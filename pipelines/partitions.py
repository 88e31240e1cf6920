"""Which years, code families, days and files Dagster knows of: those that the data hold; and tables of the graph."""

from collections.abc import Iterable

import dagster as dg

from graphs.schema import EDGE_TABLES, NODES
from pipelines.memo import Memo
from pipelines.memo_ships import files

FAMILIES = dg.DynamicPartitionsDefinition(name="families")
"""Code families that the data hold."""
YEARS = dg.DynamicPartitionsDefinition(name="years")
"""Years that the declarations cover."""
CALENDAR = dg.TimeWindowPartitionsDefinition(start="1962", fmt="%Y", cron_schedule="0 0 1 1 *", end_offset=1)
"""Years that UN Comtrade can be asked for."""
DAYS = dg.DailyPartitionsDefinition("2005-01-01", end_offset=1)
"""Days of which ships may have been heard: transponders became compulsory in 2005."""
FILES = dg.DynamicPartitionsDefinition(name="ais_files")
"""Files of ship positions, by the beginning of their SHA-256."""
NODE_TYPES = dg.StaticPartitionsDefinition(list(NODES))
EDGE_TYPES = dg.StaticPartitionsDefinition(list(EDGE_TABLES))
TELLS_YEARS = "parsed"
TELL_FAMILIES = ("declarations", "baci")
TELLS_FILES = "watched"


def announce(instance: dg.DagsterInstance, memo: Memo, table: str) -> None:
    """Tell Dagster of the partitions that a table, just written, has brought."""
    if table == TELLS_YEARS:
        _add(instance, YEARS, memo.years())
    elif table in TELL_FAMILIES:
        _add(instance, FAMILIES, memo.families())
    elif table == TELLS_FILES:
        _add(instance, FILES, files(memo))


def synchronise(instance: dg.DagsterInstance, memo: Memo) -> None:
    """Tell Dagster of all partitions, and of those that are gone."""
    for kind, names in ((YEARS, memo.years()), (FAMILIES, memo.families()), (FILES, list(files(memo)))):
        _add(instance, kind, names)
        for gone in set(instance.get_dynamic_partitions(kind.name or "")) - set(names):
            instance.delete_dynamic_partition(kind.name or "", gone)


def _add(instance: dg.DagsterInstance, kind: dg.DynamicPartitionsDefinition, names: Iterable[str]) -> None:
    known = set(instance.get_dynamic_partitions(kind.name or ""))
    if new := [one for one in names if one not in known]:
        instance.add_dynamic_partitions(kind.name or "", new)
