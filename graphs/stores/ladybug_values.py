"""Answers of the embedded engine as frames of plain values, the same as the server's.

Whole numbers are Int64, fractions Float64, days and times ISO 8601 text. Nodes, edges, paths and maps are JSON text:
properties that are not null, in the order of their names; `label` is the label of a node or the type of an edge; a
path is `{"nodes": [...], "relationships": [...]}`. A list of plain values is a list, any other list JSON text.
"""

import json
import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from graphs.errors import StoreError

WHOLE = {"INT8", "INT16", "INT32", "INT64", "INT128", "UINT8", "UINT16", "UINT32", "UINT64", "SERIAL"}
FRACTIONS = {"FLOAT", "DOUBLE"}
HIDDEN = {"_ID", "_SRC", "_DST"}


def frame(result: Any) -> pl.DataFrame:
    """A whole result of the engine. Raises StoreError for two columns of one name and numbers beyond 64 bits."""
    names, types = result.get_column_names(), result.get_column_data_types()
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise StoreError(f"two columns are called {sorted(twice)[0]!r}: give each its own name with AS")
    rows = result.get_all() if not all(map(is_plain, types)) else []
    arrow = None if rows else result.get_as_arrow(fallbackExtensionTypes=True)
    columns = []
    for at, (name, kind) in enumerate(zip(names, types, strict=True)):
        values = [row[at] for row in rows] if arrow is None else pl.from_arrow(arrow.column(at))
        columns.append(column(name, kind, values))
    return pl.DataFrame(columns)


def is_plain(kind: str) -> bool:
    """True for a type that Arrow hands over as it shall be: numbers, texts, truth values and lists of them."""
    return kind.removesuffix("[]") in WHOLE | FRACTIONS | {"STRING", "BOOL"}


def dtype(kind: str) -> pl.DataType:
    """Type of a frame's column for a type of the engine."""
    inner = kind.removesuffix("[]")
    if inner in WHOLE:
        found: pl.DataType = pl.Int64()
    elif inner in FRACTIONS or inner.startswith("DECIMAL"):
        found = pl.Float64()
    else:
        found = pl.Boolean() if inner == "BOOL" else pl.String()
    return pl.List(found) if inner != kind and is_plain(kind) else found


def column(name: str, kind: str, values: Any) -> pl.Series:
    """One column of an answer."""
    wanted = dtype(kind)
    try:
        if isinstance(values, pl.Series):
            return values.cast(wanted).alias(name)
        return pl.Series(name, [scalar(one, kind) for one in values], dtype=wanted)
    except (pl.exceptions.InvalidOperationError, OverflowError, TypeError) as error:
        raise StoreError(f"column {name!r} holds a value that does not fit {wanted}: {error}") from None


def scalar(value: Any, kind: str) -> Any:
    """One value as the frame holds it."""
    if value is None or is_plain(kind):
        return int(value) if isinstance(value, Decimal) else value
    if kind.startswith("DECIMAL") and not kind.endswith("]"):
        return float(value)
    made = plain(value)
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, sort_keys=True)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    match value:
        case {"_NODES": nodes, "_RELS": edges}:
            return {"nodes": plain(nodes), "relationships": plain(edges)}
        case dict():
            named = {"label" if key == "_LABEL" else str(key): plain(one) for key, one in value.items()
                     if key not in HIDDEN and not ("_LABEL" in value and one is None)}  # fmt: skip
            return named
        case list() | tuple():
            return [plain(one) for one in value]
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case date() | datetime():
            return value.isoformat()
        case timedelta():
            return f"PT{value.total_seconds():g}S"
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case bytes():
            return value.hex()
    return str(value)


def sentence(error: Exception) -> str:
    """The engine's complaint on one line."""
    return re.sub(r"\s+", " ", str(error)).strip().removesuffix(".")
