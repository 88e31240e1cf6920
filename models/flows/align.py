"""The mirror join as indexing: both sides meet at the same places of a cube, so no keys are compared.

Declarations whose exporter, importer, commodity and period are places on the axes of a cube have a
flat index. Rows of one cell add up, as the rows of one flow by transport mode do.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.axes import KEYS, Index, flat_index
from models.flows.dense import Vector

Shape = tuple[int, int, int, int]
Marks = NDArray[np.bool_]


def add_up(flat: Index, values: Vector, cells: int) -> Vector:
    """Sum of the values at each flat index, 0 where there is none; one NaN makes its cell NaN."""
    # Of no rows at all numpy makes whole numbers.
    return np.bincount(flat, values, cells).astype(np.float64, copy=False)


def add_up_sides(exports: pl.DataFrame, imports: pl.DataFrame, shape: Shape, value: str) -> tuple[Vector, Vector]:
    """Flat cubes of both sides; integer columns KEYS inside `shape`, no null in `value`.

    Memory: 16 bytes a cell, and 8 bytes a row for the index.
    """

    def side(rows: pl.DataFrame) -> Vector:
        return add_up(flat_index(rows, shape), rows[value].to_numpy(), _cells(shape))

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
    Memory: 6 bytes a cell, and 24 bytes a row of either side. The cubes themselves are not needed for it.
    """

    def mark(rows: pl.DataFrame) -> tuple[Index, Marks]:
        flat, marks = flat_index(rows, shape), np.zeros(_cells(shape), bool)
        marks[flat] = True
        return flat, marks

    with ThreadPoolExecutor(2) as pool:
        (export_flat, exported), (import_flat, imported) = pool.map(mark, (exports, imports))
        found = np.flatnonzero(exported | imported)
        # Only places that are found are ever read, so the others may hold anything.
        order = np.empty(_cells(shape), np.int32)
        order[found] = np.arange(found.size, dtype=np.int32)
        sides = ((export_flat, exports[value].to_numpy()), (import_flat, imports[value].to_numpy()))
        export, import_ = pool.map(lambda side: add_up(order[side[0]], side[1], found.size), sides)
    pairs = pl.DataFrame([*_places(found, shape), pl.Series("export", export), pl.Series("import", import_)])
    return pairs.filter(pl.Series(exported[found] & imported[found])) if both else pairs


def _cells(shape: Shape) -> int:
    """Number of cells of a cube."""
    return int(np.prod(shape, dtype=np.int64))


def _places(flat: Index, shape: Shape) -> list[pl.Series]:
    """Places on the four axes, KEYS, of each flat index."""
    # Half the width divides in a third of the time.
    rest = flat.astype(np.uint32) if _cells(shape) <= np.iinfo(np.uint32).max else flat
    columns = []
    for key, size in reversed(list(zip(KEYS, shape, strict=True))):
        above = rest // size
        columns.append(pl.Series(key, (rest - above * size).astype(np.uint16)))
        rest = above
    return columns[::-1]
