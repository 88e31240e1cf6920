"""How a check counts and answers."""

from collections.abc import Sequence

import dagster as dg
import dataframely as dy
import polars as pl

from pipelines.home import PARTITIONED, Home
from pipelines.memo import Memo


def outcome(ok: bool, sentence: str, *, is_error: bool = False, **numbers: float | int | str) -> dg.AssetCheckResult:
    """What a check says; one that is no error only warns."""
    severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(passed=ok, severity=severity, description=sentence, metadata=numbers)


def rows_of(memo: Memo, table: str) -> int:
    """Rows of a table over all its partitions, as its files say."""
    parts: Sequence[str | None] = memo.home.partitions(table) if table in PARTITIONED else [None]
    return sum(int(memo.meta(table, part).get("rows", 0)) for part in parts)


def scan(home: Home, table: str, schema: type[dy.Schema]) -> pl.LazyFrame:
    """The table, empty where a home has none of it."""
    return home.scan(table) if home.has(table) else schema.create_empty().lazy()
