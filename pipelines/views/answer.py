"""A table of answers for people: every column as its name says (USD, kg, shares), wide text shortened to fit.

What a narrow terminal has no room for is named below the table.
"""

from collections.abc import Iterator, Sequence

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import dim, grid, pairs, with_room

AREAS = frozenset({"country", "exporter", "importer", "partner", "hub", "market", "producer", "node", "area"})
"""Columns that hold area codes, shown with their names."""
NAME = "_name"
WHOLE = frozenset({"year", "commodity", "path", "sentence"})
"""Columns that say nothing when they are cut."""
FEWEST = 4
"""Columns below which rows are told in blocks instead."""
UNITS = {"_usd_per_kg": "", "_usd": "", "_kg": " mass"}
"""How a column's unit is told in its heading; the values carry theirs."""


def answer(rows: pl.DataFrame, width: int) -> Iterator[RenderableType]:
    """The rows as a table, its last columns left out where there is no room, or as blocks where even that is too wide.

    A code and its name become one column.
    """
    rows = _named(rows)
    table = _table(rows, width)
    yield from table
    for row in () if table else rows.iter_rows():
        yield pairs((_heading(name), cell(name, value)) for name, value in zip(rows.columns, row, strict=True))
        yield Text()


def _table(rows: pl.DataFrame, width: int) -> list[RenderableType]:
    numeric = [rows.schema[name].is_numeric() for name in rows.columns]
    header = [(">" if right else "") + _heading(name) for name, right in zip(rows.columns, numeric, strict=True)]
    cells = [[cell(name, value) for name, value in zip(rows.columns, row, strict=True)] for row in rows.iter_rows()]
    cut = [at for at, name in enumerate(rows.columns) if not numeric[at] and name not in WHOLE]
    last_first = range(len(header) - 1, FEWEST - 1, -1)
    return with_room(header, [[Text(one) for one in row] for row in cells], cut, width, last_first)


def notes(sentences: Sequence[str]) -> Iterator[RenderableType]:
    """What must be known to read the table, below it."""
    table = grid()
    for one in sentences:
        table.add_row(dim("·"), dim(one))
    yield table


def cell(name: str, value: object) -> str:
    """One value in the unit that its column's name carries."""
    if value is None:
        return wording.NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        text = " ".join(value.split())
        is_area = name in AREAS or name.startswith("hub_")
        return wording.place(text) if is_area and text.isalnum() else text
    if isinstance(value, int):
        return str(value) if "year" in name or name in ("rank", "since", "until") else f"{value:,}"
    if isinstance(value, float):
        return _measured(name, value)
    return str(value)


def _measured(name: str, value: float) -> str:
    if name.endswith("usd_per_kg"):
        return wording.price(value)
    if name.endswith("_usd"):
        return wording.usd(value)
    if name.endswith("_kg"):
        return wording.mass(value)
    if "share" in name.split("_"):
        return wording.share(value)
    return wording.number(value)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """`exporter` and `exporter_name` joined: Togo (TGO)."""
    for name in [one for one in rows.columns if f"{one}{NAME}" in rows.columns]:
        known = pl.col(f"{name}{NAME}").is_not_null() & (pl.col(f"{name}{NAME}") != pl.col(name))
        both = pl.when(known).then(pl.format("{} ({})", f"{name}{NAME}", name)).otherwise(pl.col(name))
        rows = rows.with_columns(both.alias(f"{name}{NAME}")).drop(name).rename({f"{name}{NAME}": name})
    return rows


def _heading(name: str) -> str:
    for suffix, word in UNITS.items():
        if name.endswith(suffix):
            plain = wording.spelled(name.removesuffix(suffix))
            return plain if plain.endswith(word.strip()) else plain + word
    return wording.spelled(name)
