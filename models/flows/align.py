"""The mirror join as indexing: both sides meet at the same places of a cube, so no keys are compared.

Declarations whose exporter, importer, commodity and period are places on the axes of a cube have a
flat index. Rows of one cell add up, as the rows of one flow by transport mode do.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.axes import KEYS, Index, flat_index
from models.flows.dense import Vector

Shape = tuple[int, int, int, int]
Marks = NDArray[np.bool_]
SPARSE = 8
"""Cells per filled cell above which sums are kept for the filled cells only; measured, both ways cost the same."""


def add_up(flat: NDArray[np.signedinteger[Any]], values: Vector, cells: int) -> Vector:
    """Sum of the values at each flat index, 0 where there is none; one NaN makes its cell NaN."""
    # Of no rows at all numpy makes whole numbers.
    return np.bincount(flat, values, cells).astype(np.float64, copy=False)


def add_up_sides(exports: pl.DataFrame, imports: pl.DataFrame, shape: Shape, value: str) -> tuple[Vector, Vector]:
    """Flat cubes of both sides; integer columns KEYS inside `shape`, no null in `value`.

    Memory: 16 bytes a cell, and 8 bytes a row for the index.
    """

    def side(rows: pl.DataFrame) -> Vector:
        return add_up(flat_index(rows, shape), rows[value].to_numpy(), math.prod(shape))

    # numpy lets go of the interpreter while it adds, so that the sides run beside each other.
    with ThreadPoolExecutor(2) as pool:
        export, imported = pool.map(side, (exports, imports))
    return export, imported


def mirror_join(
    exports: pl.DataFrame, imports: pl.DataFrame, shape: Shape, value: str = "value_usd", *, both: bool = False
) -> pl.DataFrame:
    """Flows with the exporter's and the importer's declaration side by side, in the order of the cube.

    exports, imports: integer columns KEYS (places on the axes, inside `shape`) and `value`, without nulls.
    both: only flows that both sides declare, else those of either side.
    Returns KEYS (UInt16), export and import, 0 where that side has no row: the rows of a full (or inner)
    join on KEYS after repeated keys are added up.
    Memory: 2 bytes a cell, and 16 more where over an eighth of the cells is filled, else 4; 24 bytes a row.
    """

    def mark(rows: pl.DataFrame) -> tuple[Index, Marks]:
        flat, marks = flat_index(rows, shape), np.zeros(math.prod(shape), bool)
        marks[flat] = True
        return flat, marks

    with ThreadPoolExecutor(2) as pool:
        (export_flat, exported), (import_flat, imported) = pool.map(mark, (exports, imports))
        found = np.flatnonzero(exported & imported if both else exported | imported)
        sum_at = _summing(found, math.prod(shape))
        places = pool.submit(_places, found, shape)
        export, import_ = pool.map(sum_at, (export_flat, import_flat), (exports[value], imports[value]))
    return pl.DataFrame([*places.result(), pl.Series("export", export), pl.Series("import", import_)])


def _summing(found: Index, cells: int) -> Callable[[Index, pl.Series], Vector]:
    """How to add values up by flat index and read the sums at the found cells."""
    if found.size * SPARSE > cells:
        return lambda flat, values: add_up(flat, values.to_numpy(), cells)[found]
    # Rows at places that are not wanted all go to one more sum, which is dropped.
    order = np.full(cells, found.size, np.int32)
    order[found] = np.arange(found.size, dtype=np.int32)
    return lambda flat, values: add_up(order[flat], values.to_numpy(), found.size + 1)[:-1]


def _places(flat: Index, shape: Shape) -> list[pl.Series]:
    """Places on the four axes, KEYS, of each flat index."""
    # Half the width divides in a third of the time.
    rest = flat.astype(np.uint32) if math.prod(shape) <= np.iinfo(np.uint32).max else flat
    columns = []
    for key, size in reversed(list(zip(KEYS, shape, strict=True))):
        above = rest // size
        columns.append(pl.Series(key, (rest - above * size).astype(np.uint16)))
        rest = above
    return columns[::-1]
