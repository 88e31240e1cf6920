"""What the last run changed, as text for people."""

from collections.abc import Iterator

import polars as pl
from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import STRONG, dim, grid, heading, level

TITLES = {"appeared": "Appeared", "vanished": "Vanished", "moved": "Moved"}


def change_list(changes: pl.DataFrame, before: str, after: str) -> Iterator[RenderableType]:
    """Everything to print: counts, then one table per kind of change."""
    counts = {name: changes.filter(pl.col("change") == name).height for name in (*TITLES, "unchanged")}
    words = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    yield Text(f"{words}.")
    if before and after:
        yield dim(f"Alerts of {_moment(after)} against those of {_moment(before)}.")
    for name, title in TITLES.items():
        rows = changes.filter(pl.col("change") == name)
        if rows.height:
            yield Text()
            yield heading(title)
            yield _table(rows)


def _table(rows: pl.DataFrame) -> RenderableType:
    table = grid(
        Column("list", no_wrap=True),
        Column("rank", justify="right", style=STRONG, no_wrap=True),
        Column("level", no_wrap=True),
        Column("flow", overflow="fold"),
        Column("goods", overflow="fold"),
        Column("period", no_wrap=True),
        header=True,
    )
    for row in rows.iter_rows(named=True):
        table.add_row(
            row["list"],
            _move(row["old_rank"], row["new_rank"]),
            _levels(row["old_claim_level"], row["new_claim_level"]),
            f"{wording.place(row['exporter'])} to {wording.place(row['importer'])}",
            wording.goods(row["commodity"]),
            wording.month(row["period"]),
        )
    return table


def _move(old: int | None, new: int | None) -> str:
    if old is None or new is None:
        return f"{new or old:,}"
    return f"{new:,}" if old == new else f"{old:,} → {new:,}"


def _levels(old: int | None, new: int | None) -> Text:
    if old is not None and new is not None and old != new:
        return Text.assemble(level(old), " → ", level(new))
    shown = new if new is not None else old
    return level(shown or 0)


def _moment(text: str) -> str:
    """2025-06-30 12:00 of an ISO time."""
    return text[:16].replace("T", " ")
