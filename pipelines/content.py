"""A hash of what a table says, whatever file, chunks or row groups it lies in.

Two frames have the same hash exactly if they have the same columns, dtypes, rows and row order. The bytes of a
Parquet file cannot serve: they change with the writer's version and with the time kept in its metadata.
"""

import hashlib
from typing import Any

import numpy as np
import polars as pl

BLOCK_ROWS = 1 << 20
"""Rows hashed at a time, so that a table larger than memory can be hashed as it is scanned."""


def content_hash(table: pl.DataFrame | pl.LazyFrame) -> str:
    """SHA-256 of columns, dtypes and values, as hex; a lazy frame is read block by block."""
    lazy = table.lazy()
    schema = lazy.collect_schema()
    digest = hashlib.sha256(repr([(name, str(dtype)) for name, dtype in schema.items()]).encode())
    height = table.height if isinstance(table, pl.DataFrame) else int(lazy.select(pl.len()).collect().item())
    for start in range(0, height, BLOCK_ROWS):
        block = lazy.slice(start, BLOCK_ROWS).collect()
        for column in block:
            _add(digest, column)
    return digest.hexdigest()


def shares(table: pl.DataFrame, key: pl.Expr) -> dict[str, str]:
    """Hash of the rows of each value of `key`: a reader of one value need not care when the others change."""
    keyed = table.with_columns(key.cast(pl.String).alias("_share"))
    groups = keyed.partition_by("_share", as_dict=True, maintain_order=True, include_key=False)
    return {str(value): content_hash(rows) for (value,), rows in sorted(groups.items())}


def _add(digest: Any, column: pl.Series) -> None:
    """Add one column: which values are null, then the values with nulls filled, in a form without free choices."""
    digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
    if isinstance(column.dtype, pl.List):
        digest.update(column.list.len().fill_null(0).to_numpy().tobytes())
        _add(digest, column.drop_nulls().explode(empty_as_null=False, keep_nulls=False))
    elif isinstance(column.dtype, pl.Struct):
        for field in column.struct.fields:
            _add(digest, column.struct.field(field))
    elif isinstance(column.dtype, pl.Enum):
        digest.update("\n".join(column.dtype.categories).encode())
        _add(digest, column.to_physical())
    elif column.dtype in (pl.String, pl.Categorical, pl.Null):
        texts = column.cast(pl.String)
        digest.update(texts.str.len_bytes().fill_null(0).to_numpy().tobytes())
        digest.update(texts.str.join().item().encode())
    else:
        numbers = column.to_physical()
        zero = False if numbers.dtype == pl.Boolean else 0
        digest.update(np.ascontiguousarray(numbers.fill_null(zero).to_numpy()).tobytes())
