"""Tables that people write and no run touches: rows are added, one process at a time, and never changed.

Imports neither Dagster nor the schema library.
"""

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from graphs.errors import HomeError, InputError
from pipelines.home import Home, is_local, write_atomically


def read(home: Home, table: str, schema: pl.Schema) -> pl.DataFrame:
    """All rows, oldest first; an empty table where there is none. Raises HomeError for a damaged file."""
    path = home.table_path(table)
    if not path.exists():
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_parquet(path.path if is_local(path) else io.BytesIO(path.read_bytes())).cast(schema)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise HomeError(f"{table} in {path} cannot be read: restore this file from a copy") from error


def judged(schema: pl.Schema, *, reviewer: str, verdict: str, note: str | None) -> dict[str, Any]:
    """Who judged what and why. Raises InputError for an empty reviewer or a verdict that the schema does not have."""
    name, known = reviewer.strip(), schema["verdict"].categories.to_list()  # type: ignore[attr-defined]
    if not name:
        raise InputError("a judgement needs the name of its reviewer: give --reviewer NAME")
    if verdict not in known:
        raise InputError(f"verdict {verdict!r} is none of {', '.join(known)}")
    return {"reviewer": name, "verdict": verdict, "note": note.strip() if note and note.strip() else None}


def add(home: Home, table: str, schema: pl.Schema, row: Mapping[str, Any], now: datetime | None = None) -> pl.DataFrame:
    """Add a row, with `judged_at` later than every row before it, and return it."""
    with _alone(home):
        before = read(home, table, schema)
        full = {**row, "judged_at": _after(before, now or datetime.now(UTC))}
        added = pl.DataFrame([full], schema=schema, orient="row")
        _write(home, table, pl.concat([before, added]))
    return added


def _after(before: pl.DataFrame, moment: datetime) -> datetime:
    """A moment later than every earlier judgement, so that the order of appending is never lost."""
    last = before["judged_at"].max()
    if isinstance(last, datetime) and moment <= last:
        return datetime.fromtimestamp(last.timestamp() + 1e-3, UTC)
    return moment


def _write(home: Home, table: str, rows: pl.DataFrame) -> None:
    stream = io.BytesIO()
    rows.write_parquet(stream)
    path = home.table_path(table)
    if not is_local(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, stream.getvalue())


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Only one process at a time may append to a home. The lock ends with the process, however it ends."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    file = Path(home.path) / ".judging"
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
