"""Tables for machines: csv, json or Parquet, to stdout or to a file, with nothing but data on stdout.

Files are written under a temporary name and renamed, so a reader never meets half of one.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import polars as pl

from graphs.errors import InputError

SLICE_ROWS = 1 << 16


class TableFormat(StrEnum):
    """How a table is shown."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class TextFormat(StrEnum):
    """How an explanation is shown."""

    TEXT = "text"
    JSON = "json"


def check_target(how: TableFormat, out: Path | None) -> None:
    """Refuse, before any work, what could not be delivered. Raises InputError."""
    if out is not None and how is TableFormat.TABLE:
        raise InputError(f"{out} needs a format: add --format csv, json or parquet")
    if out is not None and not out.parent.is_dir():
        raise InputError(f"{out} cannot be written, because there is no folder {out.parent}: make it first")
    if out is None and how is TableFormat.PARQUET and sys.stdout.isatty():
        raise InputError("Parquet is not for the screen: name a file with --out, or send it through a pipe")


def write(rows: pl.DataFrame | pl.LazyFrame, how: TableFormat, out: Path | None) -> int:
    """Write a table to a file or to stdout and return its number of rows."""
    with _opened(out) as stream:
        if how is TableFormat.PARQUET:
            return _parquet(rows, stream)
        return _csv(rows, stream) if how is TableFormat.CSV else _json(rows, stream)


def say(sentence: str) -> bool:
    """Tell on stderr that nothing was found; False, so that a command can end with it."""
    print(f"oretrace: {sentence}", file=sys.stderr)
    return False


def write_json(value: Any) -> None:
    """One json value to stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def _csv(rows: pl.DataFrame | pl.LazyFrame, stream: IO[bytes]) -> int:
    names = rows.lazy().collect_schema().names()
    stream.write(pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_csv().encode())
    height = 0
    for batch in _batches(rows):
        stream.write(_flat(batch).write_csv(include_header=False).encode())
        height += batch.height
    return height


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists and structs as the text that json shows for them; a null stays a null."""
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested()]
    if not nested:
        return rows
    found = [json.loads(line) for line in rows.select(nested).write_ndjson().rstrip("\n").split("\n")]
    texts = {
        name: [None if row[name] is None else json.dumps(row[name], ensure_ascii=False) for row in found]
        for name in nested
    }
    return rows.with_columns(pl.Series(name, texts[name], dtype=pl.String) for name in nested)


def _json(rows: pl.DataFrame | pl.LazyFrame, stream: IO[bytes]) -> int:
    """A json array with one object a line."""
    height = 0
    stream.write(b"[")
    for batch in _batches(rows):
        lines = batch.write_ndjson().rstrip("\n").split("\n")
        stream.write((",\n" if height else "\n").encode() + ",\n".join(lines).encode())
        height += batch.height
    stream.write(b"\n]\n" if height else b"]\n")
    return height


def _parquet(rows: pl.DataFrame | pl.LazyFrame, stream: IO[bytes]) -> int:
    """Parquet has its lengths at the end, so it is written whole."""
    table = rows.lazy().collect()
    table.write_parquet(stream)
    return table.height


def _batches(rows: pl.DataFrame | pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Slices whose text fits easily into memory."""
    yield from (batch for batch in rows.lazy().collect().iter_slices(SLICE_ROWS) if batch.height)


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[bytes]]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
        temporary.replace(out)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}): choose another file") from error
    finally:
        temporary.unlink(missing_ok=True)
