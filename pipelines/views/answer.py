"""A table of answers for people: every column as its name says (USD, kg, shares), wide text shortened to fit.

Nothing of a row is hidden: where the terminal is too narrow for a table, each row is a block of lines.
"""

from collections.abc import Iterator, Sequence

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import dim, fitted, grid, pairs

AREAS = frozenset({"country", "exporter", "importer", "partner", "hub", "market", "producer", "node", "area"})
"""Columns that hold area codes, shown with their names."""
NAME = "_name"
UNITS = {"_usd_per_kg": "", "_usd": "", "_kg": " mass"}
"""How a column's unit is told in its heading; the values carry theirs."""


def answer(rows: pl.DataFrame, width: int) -> Iterator[RenderableType]:
    """The rows as a table, or as blocks where it does not fit. A code and its name become one column."""
    rows = _named(rows)
    numeric = [rows.schema[name].is_numeric() for name in rows.columns]
    header = [(">" if right else "") + _heading(name) for name, right in zip(rows.columns, numeric, strict=True)]
    cells = [[cell(name, value) for name, value in zip(rows.columns, row, strict=True)] for row in rows.iter_rows()]
    cut = [at for at, name in enumerate(rows.columns) if not numeric[at] and name not in ("year", "commodity")]
    table = fitted(header, [[Text(one) for one in row] for row in cells], cut, width)
    if table is not None:
        yield table
        return
    for row in cells:
        yield pairs(zip(map(_heading, rows.columns), row, strict=True))
        yield Text()


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
        return wording.place(text) if name in AREAS and text.isalnum() else text
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
