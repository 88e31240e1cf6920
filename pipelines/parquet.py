"""One table in, one Parquet file out: checked first, then renamed into place, so that bad data never replaces good.

The file's key-value metadata says what it is, so that the rename also publishes the memo by which the next run
knows whether it must do this again:

| key (`oretrace.` before each) | meaning |
|---|---|
| `code`, `inputs` | which code made it from which inputs |
| `content` | hash of what it says (see `pipelines.content`) |
| `shares` | the same for each part of it that others read alone, as json |
| `rows`, `rows_before` | rows now, and in the version that it replaced |
| `latest` | last `known_from`, where rows carry one |
| `written` | when, UTC |
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dataframely as dy
import polars as pl
from upath import UPath

from graphs.errors import SchemaError
from pipelines.content import BLOCK_ROWS, content_hash, shares
from pipelines.home import is_local, read_meta
from pipelines.schemas import Share

PREFIX = "oretrace."
ROW_GROUP_ROWS = 1 << 16
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "adl", "memory"})
"""Protocols whose uploads appear whole or not at all; others get a temporary name and a move."""


def write_table(
    name: str,
    table: pl.DataFrame | pl.LazyFrame,
    path: UPath,
    *,
    schema: type[dy.Schema] | None,
    meta: Mapping[str, str],
    share: Share | None = None,
) -> dict[str, str]:
    """Check a table and publish it at `path` in one step; returns the metadata it was written with.

    A lazy table is streamed to disk and checked there. Raises SchemaError, leaving what stood at `path`.
    """
    rows_before = read_meta(path).get("rows")
    with staging(path) as staged:
        checked = table
        if isinstance(table, pl.LazyFrame):
            streamed = staged.with_name(f"{staged.name}.stream")
            table.sink_parquet(streamed, row_group_size=ROW_GROUP_ROWS)
            checked = pl.scan_parquet(streamed)
        if schema is not None:
            checked = check(name, checked, schema)
        full = {**meta, **_describe(checked, share), "written": datetime.now(UTC).isoformat(timespec="seconds")}
        if rows_before is not None:
            full["rows_before"] = rows_before
        kept = {f"{PREFIX}{key}": text for key, text in full.items()}
        if isinstance(checked, pl.LazyFrame):
            checked.sink_parquet(staged, row_group_size=ROW_GROUP_ROWS, metadata=kept)
        else:
            checked.write_parquet(staged, row_group_size=ROW_GROUP_ROWS, metadata=kept)
        _publish(staged, path)
    return full


def check(name: str, table: pl.DataFrame | pl.LazyFrame, schema: type[dy.Schema]) -> pl.DataFrame | pl.LazyFrame:
    """The table with its columns in the schema's order. Raises SchemaError naming table, rule, rows and first key."""
    found = dict(table.lazy().collect_schema())
    wanted = {column: rule.dtype for column, rule in schema.columns().items()}
    if missing := [column for column in wanted if column not in found]:
        raise SchemaError(f"table {name} lacks the column {missing[0]!r}; nothing was written")
    if extra := [column for column in found if column not in wanted]:
        raise SchemaError(f"table {name} has a column {extra[0]!r} that its schema does not know; nothing was written")
    table = _listed(name, table, {one: dtype for one, dtype in wanted.items() if isinstance(dtype, pl.Enum)})
    found = dict(table.lazy().collect_schema())
    for column, dtype in wanted.items():
        if found[column] != dtype:
            raise SchemaError(
                f"table {name} holds {_short(found[column])} in {column!r} where its schema says {_short(dtype)}; "
                "nothing was written"
            )
    ordered = table.select(list(wanted))
    if isinstance(ordered, pl.LazyFrame) and _holds_by_blocks(ordered, schema):
        return ordered
    if not schema.is_valid(ordered):
        raise SchemaError(_broken_rule(name, ordered.lazy().collect(), schema))
    return ordered


def _holds_by_blocks(table: pl.LazyFrame, schema: type[dy.Schema]) -> bool:
    """True if every block of rows holds to the schema and the blocks follow each other in order of the key.

    Then no key stands in two blocks, and a table of any length is checked in the memory of one block. False says only
    that the table must be looked at as a whole.
    """
    key = schema.primary_key()
    last: tuple[Any, ...] | None = None
    for start in range(0, int(table.select(pl.len()).collect().item()), BLOCK_ROWS):
        block = table.slice(start, BLOCK_ROWS).collect()
        if not key or not schema.is_valid(block):
            return False
        ends = block.select(key).sort(key)
        if last is not None and (None in (*last, *ends.row(0)) or last >= ends.row(0)):
            return False
        last = ends.row(-1)
    return True


def _listed(name: str, table: pl.DataFrame | pl.LazyFrame, enums: Mapping[str, pl.Enum]) -> pl.DataFrame | pl.LazyFrame:
    """Text where the schema lists the allowed words becomes those words. Raises SchemaError at any other."""
    schema = table.lazy().collect_schema()
    for column, listed in enums.items():
        if schema[column] != pl.String:
            continue
        strange = ~pl.col(column).is_in(list(listed.categories))
        found = table.lazy().filter(strange).select(pl.len(), pl.col(column).first()).collect().row(0)
        if found[0]:
            raise SchemaError(
                f"table {name}: {found[0]} rows hold in {column!r} a word that its schema does not list, "
                f"first {found[1]!r}; nothing was written"
            )
        table = table.with_columns(pl.col(column).cast(listed))
    return table


def _broken_rule(name: str, table: pl.DataFrame, schema: type[dy.Schema]) -> str:
    """One sentence about the first rule in the schema's order that rows break."""
    failure = schema.filter(table).failure
    rule, rows = next(iter(sorted(failure.counts().items(), key=lambda pair: (pair[0] != "primary_key", pair[0]))))
    details = failure.details()
    first = details.filter(pl.col(rule) == "invalid").row(0, named=True)
    key = ", ".join(f"{column} {first[column]!s}" for column in schema.primary_key())
    verb = "row breaks" if rows == 1 else "rows break"
    return f"table {name}: {rows} {verb} the rule {rule.replace('|', ' ')!r}, first at {key}; nothing was written"


def _short(dtype: Any) -> str:
    text = str(dtype)
    return text if len(text) < 40 else f"{text[:37]}..."


def _describe(table: pl.DataFrame | pl.LazyFrame, share: Share | None) -> dict[str, str]:
    found = {"content": content_hash(table)}
    lazy = table.lazy()
    found["rows"] = str(lazy.select(pl.len()).collect().item())
    if "known_from" in lazy.collect_schema():
        latest = lazy.select(pl.col("known_from").max()).collect().item()
        found["latest"] = latest.isoformat() if latest else ""
    if share is not None:
        found["shares"] = json.dumps(shares(lazy.collect().drop(share.unread), share.key))
    return found


@contextmanager
def staging(path: UPath) -> Iterator[Path]:
    """A name beside the target (or in a local folder, for a remote target) that is removed again."""
    if not is_local(path):
        with TemporaryDirectory(prefix="oretrace-") as folder:
            yield Path(folder) / path.name
        return
    target = Path(path.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield staged
    finally:
        for left in (staged, staged.with_name(f"{staged.name}.stream")):
            left.unlink(missing_ok=True)


def _publish(staged: Path, path: UPath) -> None:
    if is_local(path):
        with staged.open("rb") as stream:
            os.fsync(stream.fileno())
        staged.replace(path.path)
    elif path.protocol in OBJECT_STORES:
        path.fs.put_file(str(staged), path.path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        path.fs.put_file(str(staged), hidden.path)
        path.fs.mv(hidden.path, path.path)
