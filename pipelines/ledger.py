"""What people decided about alerts: appended, never changed, and untouched by any run.

One table, `judgements` (graphs.tables.Judgements). A later judgement of the same reviewer counts instead of the
earlier one, which stays. Two reviewers who hold a candidate (level 2) for implausible, with nobody holding it for
explained, raise it to level 3, reviewed. That belongs to the alert as judged: a run with later data makes an alert
with another `as_of`, beside which the earlier judgement is shown without raising it.

Imports neither Dagster nor the schema library.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from graphs.errors import HomeError, InputError
from pipelines.home import Home, is_local, write_atomically

SCHEMA = pl.Schema(
    {
        "alert_id": pl.String(),
        "judged_at": pl.Datetime("us", "UTC"),
        "reviewer": pl.String(),
        "verdict": pl.Enum(["implausible", "explained", "undecided"]),
        "note": pl.String(),
    }
)
CANDIDATE, REVIEWED = 2, 3
REVIEWERS_NEEDED = 2


def read(home: Home) -> pl.DataFrame:
    """All judgements, oldest first; an empty table where there is none. Raises HomeError for a damaged file."""
    path = home.table_path("judgements")
    if not path.exists():
        return pl.DataFrame(schema=SCHEMA)
    try:
        return pl.read_parquet(path.path if is_local(path) else io.BytesIO(path.read_bytes())).cast(SCHEMA)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise HomeError(f"judgements in {path} cannot be read: restore this file from a copy") from error


def append(
    home: Home, alert_id: str, *, reviewer: str, verdict: str, note: str | None = None, now: datetime | None = None
) -> pl.DataFrame:
    """Add one judgement and return it as a row. Raises InputError for an empty reviewer or an unknown verdict."""
    name = reviewer.strip()
    if not name:
        raise InputError("a judgement needs the name of its reviewer: give --reviewer NAME")
    if verdict not in SCHEMA["verdict"].categories:  # type: ignore[attr-defined]
        raise InputError(f"verdict {verdict!r} is none of implausible, explained, undecided")
    with _alone(home):
        before = read(home)
        moment = _after(before, now or datetime.now(UTC))
        text = note.strip() if note and note.strip() else None
        row = pl.DataFrame(
            {"alert_id": [alert_id], "judged_at": [moment], "reviewer": [name], "verdict": [verdict], "note": [text]},
            schema=SCHEMA,
        )
        _write(home, pl.concat([before, row]))
    return row


def current(judgements: pl.DataFrame) -> pl.DataFrame:
    """The judgement that counts of each reviewer about each alert: the last."""
    return judgements.sort("judged_at").unique(["alert_id", "reviewer"], keep="last", maintain_order=True)


def reviewed(judgements: pl.DataFrame) -> list[str]:
    """Alerts that two reviewers hold for implausible and nobody for explained."""
    counts = (
        current(judgements)
        .group_by("alert_id", maintain_order=True)
        .agg(
            against=(pl.col("verdict") == "implausible").sum(),
            explained=(pl.col("verdict") == "explained").any(),
        )
    )
    chosen = counts.filter(pl.col("against") >= REVIEWERS_NEEDED, ~pl.col("explained"))
    return chosen["alert_id"].to_list()


def about(judgements: pl.DataFrame, list_name: str, flow_id: str) -> pl.DataFrame:
    """Every judgement about a flow on one list, whatever the `as_of` under which it was judged."""
    return judgements.filter(pl.col("alert_id").str.starts_with(f"{list_name}:{flow_id}:"))


def _after(before: pl.DataFrame, moment: datetime) -> datetime:
    """A moment later than every earlier judgement, so that the order of appending is never lost."""
    last = before["judged_at"].max()
    if isinstance(last, datetime) and moment <= last:
        return datetime.fromtimestamp(last.timestamp() + 1e-3, UTC)
    return moment


def _write(home: Home, judgements: pl.DataFrame) -> None:
    stream = io.BytesIO()
    judgements.write_parquet(stream)
    path = home.table_path("judgements")
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
