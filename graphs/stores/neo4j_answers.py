"""Answers of the server as tables of plain values, the same as the embedded engine's.

Whole numbers are Int64, fractions Float64, days and times ISO 8601 text. Nodes, edges, paths and maps are JSON text:
properties in the order of their names; `label` is the label of a node or the type of an edge; a path is
`{"nodes": [...], "relationships": [...]}`. A list of plain values is a list, any other list JSON text. The server
does not say the type of a column that holds no value: it is the one that the schema gives that name, else Null.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

import polars as pl
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

SCALARS: dict[type, pl.DataType] = {bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64(), str: pl.String()}


def frame(names: Sequence[str], records: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Records, each with a value for every name, as a table."""
    columns = zip(*records, strict=True) if records else ((),) * len(names)
    return pl.DataFrame([column(name, values) for name, values in zip(names, columns, strict=True)])


def column(name: str, values: Sequence[Any]) -> pl.Series:
    """One column of an answer."""
    cells = [plain(one) for one in values]
    dtype = _dtype([one for one in cells if one is not None])
    if dtype is None or dtype == pl.Int64():
        dtype = _known(name, dtype)
    if dtype == pl.String():
        cells = [one if one is None or isinstance(one, str) else text(one) for one in cells]
    return pl.Series(name, cells, dtype, strict=False)


def plain(value: Any) -> Any:
    """A value as JSON can hold it; numbers that are none stay floats at the top."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Node():
            return {"label": ":".join(sorted(value.labels)), **_inner(dict(value))}
        case Relationship():
            return {"label": value.type, **_inner(dict(value))}
        case Path():
            return {"nodes": [plain(one) for one in value.nodes],
                    "relationships": [plain(one) for one in value.relationships]}  # fmt: skip
        case Duration():
            return value.iso_format()
        case Date() | DateTime() | Time():
            return value.iso_format()
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case bytes() | bytearray():
            return value.hex()
        case dict():
            return _inner(value)
        case list() | tuple():
            return [plain(one) for one in value]
    return str(value)


def size(value: Any) -> int:
    """About how large a value is: text and bytes by their length, any other plain value 8, the rest by their parts."""
    match value:
        case str() | bytes() | bytearray():
            return len(value)
        case Node() | Relationship():
            return size(dict(value))
        case Path():
            return size(value.nodes) + size(value.relationships)
        case dict():
            return sum(len(name) + size(one) for name, one in value.items())
        case list() | tuple():
            return sum(map(size, value))
    return 8


def text(value: Any) -> str:
    """JSON with its names in order."""
    return json.dumps(_finite(value), ensure_ascii=False, sort_keys=True)


def _inner(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(one) for name, one in properties.items()}


def _finite(value: Any) -> Any:
    """JSON knows no infinite number and none that is not a number: they are named."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _dtype(cells: Sequence[Any]) -> pl.DataType | None:
    """The one type of these values, none of them null; text where they have several, None where there is none."""
    kinds = {type(one) for one in cells}
    if kinds == {list}:
        inner = [one for cell in cells for one in cell]
        found = _dtype([one for one in inner if one is not None])
        scalar = all(one is None or type(one) in SCALARS for one in inner)
        mixed = found == pl.String() and any(not isinstance(one, str | None) for one in inner)
        return pl.List(found or pl.Null()) if scalar and not mixed else pl.String()
    if kinds == {int, float}:
        return pl.Float64()
    if len(kinds) == 1:
        return SCALARS.get(kinds.pop(), pl.String())
    return pl.String() if kinds else None


def _known(name: str, found: pl.DataType | None) -> pl.DataType | None:
    """The type that the schema gives a property of this name, where it is only one and wide enough."""
    from graphs.schema import EDGES, NODES, dtypes

    schemas = [*NODES.values(), *(edge.schema for edge in EDGES)]
    kinds = {dtype for schema in schemas for column, dtype in dtypes(schema).items() if column == name}
    dtype = kinds.pop() if len(kinds) == 1 else None
    return dtype if found is None or dtype == pl.Float64() else found
