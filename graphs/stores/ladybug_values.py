"""Answers of the embedded engine as tables of plain values, the same as the server's.

Whole numbers are Int64, fractions Float64, days and times ISO 8601 text. Nodes, edges, paths and maps are JSON text:
properties that are not null, in the order of their names; `label` is the label of a node or the type of an edge; a
path is `{"nodes": [...], "relationships": [...]}`. A list of plain values is a list, any other list JSON text.
"""

import json
import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from graphs.errors import StoreError

WHOLE = {"INT8", "INT16", "INT32", "INT64", "INT128", "UINT8", "UINT16", "UINT32", "UINT64", "SERIAL"}
PLAIN = {**dict.fromkeys(WHOLE, pa.int64()), "FLOAT": pa.float64(), "DOUBLE": pa.float64(), "BOOL": pa.bool_(),
         "STRING": pa.large_string()}  # fmt: skip
"""Types that Arrow hands over as they shall be, alone or in lists."""
HIDDEN = {"_ID", "_SRC", "_DST"}


def table(result: Any) -> pa.Table:
    """A whole result of the engine. Raises StoreError for two columns of one name and numbers beyond 64 bits."""
    names, kinds = result.get_column_names(), result.get_column_data_types()
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StoreError(f"two columns are called {twice[0]!r}: give each its own name with AS")
    if not names:
        return pa.table({})
    rows = result.get_all() if None in map(dtype, kinds) else []
    result.reset_iterator()
    arrow = result.get_as_arrow(fallbackExtensionTypes=True)
    columns = []
    for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        wanted = dtype(kind)
        try:
            made = arrow.column(at).cast(wanted) if wanted else texts(row[at] for row in rows)
        except pa.ArrowInvalid as error:
            raise StoreError(f"column {name!r} holds a number that does not fit 64 bits: {sentence(error)}") from None
        columns.append(made)
    return pa.table(columns, names=names)


def dtype(kind: str) -> pa.DataType | None:
    """Type of a column of plain values or lists of them; None for what becomes text."""
    if kind.startswith("DECIMAL") and "[" not in kind:
        return pa.float64()
    found = PLAIN.get(kind.removesuffix("[]"))
    return pa.large_list(found) if found and kind.endswith("[]") else found


def texts(values: Any) -> pa.Array:
    """A column of values that are neither numbers nor texts."""
    made = [plain(one) for one in values]
    return pa.array([as_text(one) if isinstance(one, dict | list) else one for one in made], pa.large_string())


def as_text(value: Any) -> str:
    """JSON with its names in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    match value:
        case {"_NODES": nodes, "_RELS": edges}:
            return {"nodes": plain(nodes), "relationships": plain(edges)}
        case {"_LABEL": label}:
            kept = {name: plain(one) for name, one in value.items() if name not in HIDDEN and one is not None}
            return {"label": label, **{name: one for name, one in kept.items() if name != "_LABEL"}}
        case dict():
            return {str(name): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case date():
            return value.isoformat()
        case timedelta():
            return f"PT{value.total_seconds():g}S"
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case bytes():
            return value.hex()
    return str(value)


def sentence(error: Exception) -> str:
    """A complaint on one line."""
    return " ".join(str(error).split()).removesuffix(".")
