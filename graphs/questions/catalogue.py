"""The named questions, and how to ask one.

```
with store.view() as view:
    ask(view, "hubs-without-production", {"commodity": "gold", "year": 2022})
```
"""

from collections.abc import Container, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from graphs.errors import InputError
from graphs.questions.named import identify
from graphs.questions.reading import Column, Parameter, Question, read
from graphs.questions.sources import resolve
from graphs.questions.values import parse, values

if TYPE_CHECKING:  # the schemas behind it take half a second to import
    from graphs.stores.base import Limits, View

__all__ = ["Column", "Parameter", "Question", "ask", "page", "parse", "question", "questions", "values"]

SUFFIX = ".cypher"
NEEDED_TABLES = {
    "production": "Country-PRODUCES-Family",
    "alerts": "Alert",
    "places": "Port",
    "ships": "Vessel-CALLED_AT-Port",
    "companies": "Company",
}
LATE = ("places", "ships", "companies")
"""Data that graphs drawn earlier do not know: asked for before an engine is, which would not know their nodes."""


@cache
def questions() -> Mapping[str, Question]:
    """Every question by name, in alphabetical order. Raises LayoutError for a file that is no question."""
    found = {file.name: file for file in files("graphs.questions").iterdir() if file.name.endswith(SUFFIX)}
    named = {name.removesuffix(SUFFIX): found[name].read_text(encoding="utf-8") for name in sorted(found)}
    return MappingProxyType({name: read(name, text) for name, text in named.items()})


def question(name: str) -> Question:
    """The question of a name. Raises InputError that names the nearest ones."""
    listed = questions()
    if name in listed:
        return listed[name]
    near = [one for one in listed if name and name in one] or get_close_matches(name, listed, n=3, cutoff=0.4)
    raise InputError(f"there is no question {name!r}{'; the nearest: ' + ', '.join(near) if near else ''}")


def ask(
    view: "View", asked: Question | str, parameters: Mapping[str, object], limits: "Limits | None" = None
) -> pl.DataFrame:
    """The answer as a frame with the question's columns and types, whether it has rows or none.

    `parameters` holds what a user writes, text or numbers; what is left out takes its default. Raises InputError
    for a value of no use, and where the graph holds none of the data that the question needs.
    """
    one = question(asked) if isinstance(asked, str) else asked
    given = values(one, parameters)
    if any(data in LATE for data in one.data):
        _need(view, one, LATE)
    found = identify(view, one, resolve(view, one, given))
    rows = view.rows(one.statement, found, limits)
    if rows.is_empty():
        _need(view, one, NEEDED_TABLES)
    return pl.DataFrame([_column(rows, column) for column in one.columns])


def _column(rows: pl.DataFrame, column: Column) -> pl.Series:
    """An engine cannot tell the type of a column without values, so each is brought to its own."""
    return rows[column.name].cast(column.dtype) if rows.height else pl.Series(column.name, [], column.dtype)


def _need(view: "View", one: Question, wanted: Container[str]) -> None:
    """An empty answer says something only where there was something to look at."""
    counts = view.counts()
    for data in one.data:
        if data in wanted and data in NEEDED_TABLES and not counts.get(NEEDED_TABLES[data]):
            raise InputError(f"{one.name} needs {data}, and this graph holds none: add it and build the graph anew")


def page() -> str:
    """The questions as a page of documentation, one section each."""
    from graphs.questions.page import page as written

    return written(questions())
