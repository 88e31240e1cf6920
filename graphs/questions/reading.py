"""A question's file: a header in comment lines, then one Cypher statement.

```
// Largest flows of a material in a year                        title
//
// meaning: Which pairs of areas traded most of a material.
// data: reconciled                                             what the graph must hold, see DATA
// parameter: year | year | | Calendar year                     name, kind, default (empty: it must be given), meaning
// derived: first_day | {year}-01-01                            made from other parameters
// key: exporter, importer                                      columns that tell rows apart; the order ends with them
// column: value_usd | number | Value, USD                      name, kind, meaning; a `?` after the kind allows null
// caveat: A pair without an edge may trade unrecorded.

MATCH ...
```
"""

from dataclasses import dataclass, field

import polars as pl

from graphs.errors import LayoutError

NAMED = ("port", "strait", "company")
"""Kinds of parameters that name a node (`graphs.questions.named`)."""
DATA = ("declared", "reconciled", "production", "alerts", "any", "places", "ships", "companies")
"""What a question needs: both declarations of flows, reconciled flows, production, alerts, flows of any source, places
with the ways between them, ships that were heard, or companies of bills of lading."""
KINDS = ("text", "area", "family", "goods", "year", "whole", "number", "source", "alert_list", "mode", *NAMED)
"""Kinds of parameters (`graphs.questions.values`)."""
COLUMN_KINDS: dict[str, pl.DataType] = {
    "text": pl.String(),
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
}
ONCE = ("meaning", "data", "key")
MANY = ("parameter", "derived", "column", "caveat")


@dataclass(frozen=True)
class Parameter:
    """Something that a question leaves open."""

    name: str
    kind: str
    default: str | None
    """As a user would write it; None where it must be given."""
    meaning: str


@dataclass(frozen=True)
class Column:
    """A column of every answer."""

    name: str
    kind: str
    is_nullable: bool
    meaning: str

    @property
    def dtype(self) -> pl.DataType:
        """Its type in a frame."""
        return COLUMN_KINDS[self.kind]


@dataclass(frozen=True)
class Question:
    """A question with its parameters, its columns and what to bear in mind."""

    name: str
    title: str
    meaning: str
    data: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    statement: str
    caveats: tuple[str, ...] = ()
    derived: dict[str, str] = field(default_factory=dict)
    """Parameters of the statement that are made from others, as patterns."""

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Columns of its answer in order, with their types, also where it is empty."""
        return {column.name: column.dtype for column in self.columns}


def read(name: str, text: str) -> Question:
    """A question from the text of its file. Raises LayoutError for a header that does not say all it must."""
    comments, statement = _split(text)
    if not comments or not statement:
        raise LayoutError(f"question {name}: the file needs a header of comment lines and a statement below it")
    fields = _fields(name, comments[1:])
    data, key = _list(fields["data"][0]), _list(fields["key"][0])
    columns = tuple(_column(name, line) for line in fields["column"])
    _check(name, "data", data, DATA)
    _check(name, "key", key, tuple(column.name for column in columns))
    return Question(
        name=name,
        title=comments[0],
        meaning=fields["meaning"][0],
        data=data,
        parameters=tuple(_parameter(name, line) for line in fields["parameter"]),
        key=key,
        columns=columns,
        statement=statement,
        caveats=tuple(fields["caveat"]),
        derived=dict(_parts(name, line, 2) for line in fields["derived"]),  # type: ignore[misc]
    )


def _split(text: str) -> tuple[list[str], str]:
    """Comment lines without their marks, and what follows them."""
    lines = text.strip().split("\n")
    first = next((at for at, line in enumerate(lines) if not line.startswith("//")), len(lines))
    return [line.removeprefix("//").strip() for line in lines[:first]], "\n".join(lines[first:]).strip()


def _fields(name: str, lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {label: [] for label in (*ONCE, *MANY)}
    for line in filter(None, lines):
        label, _, value = line.partition(":")
        if label not in found or not value.strip():
            raise LayoutError(f"question {name}: header line {line!r} is none of {', '.join(found)}")
        found[label].append(value.strip())
    for label in (*ONCE, "column"):
        if not found[label] or (label in ONCE and len(found[label]) > 1):
            raise LayoutError(f"question {name}: the header needs {label!r}{' once' if label in ONCE else ''}")
    return found


def _parts(name: str, line: str, size: int) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in line.split("|"))
    if len(parts) != size:
        raise LayoutError(f"question {name}: {line!r} has {len(parts)} parts between bars, not {size}")
    return parts


def _parameter(name: str, line: str) -> Parameter:
    label, kind, default, meaning = _parts(name, line, 4)
    _check(name, "parameter", (kind,), KINDS)
    return Parameter(label, kind, default or None, meaning)


def _column(name: str, line: str) -> Column:
    label, kind, meaning = _parts(name, line, 3)
    _check(name, "column", (kind.removesuffix("?"),), tuple(COLUMN_KINDS))
    return Column(label, kind.removesuffix("?"), kind.endswith("?"), meaning)


def _list(line: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in line.split(","))


def _check(name: str, label: str, found: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for one in found:
        if one not in allowed:
            raise LayoutError(f"question {name}: {label} says {one!r}, which is none of {', '.join(allowed)}")
