"""The mirror join as indexing: both sides are added up at the same places, so no keys are compared.

Declarations whose exporter, importer, commodity and period are places on the axes of a cube meet at
their flat index. Rows of one cell add up, as rows of one flow by transport mode do.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.axes import KEYS, Index, flat_index
from models.flows.dense import Vector

Shape = tuple[int, int, int, int]


def add_up(flat: Index, values: Vector, cells: int) -> Vector:
    """Sum of the values at each flat index, 0 where there is none; one NaN makes its cell NaN."""
    # Of no rows at all numpy makes whole numbers.
    return np.bincount(flat, values, cells).astype(np.float64, copy=False)


def add_up_sides(exports: pl.DataFrame, imports: pl.DataFrame, shape: Shape, value: str) -> tuple[Vector, Vector]:
    """Flat cubes of both sides; integer columns KEYS inside `shape`, no null in `value`.

    Memory: 16 bytes a cell, and 8 bytes a row for the index.
    """
    cells = int(np.prod(shape, dtype=np.int64))

    def side(rows: pl.DataFrame) -> Vector:
        return add_up(flat_index(rows, shape), rows[value].to_numpy(), cells)

    # numpy lets go of the interpreter while it adds, so that the sides run beside each other.
    with ThreadPoolExecutor(2) as both:
        export, imported = both.map(side, (exports, imports))
    return export, imported


def mirror_join(
    exports: pl.DataFrame, imports: pl.DataFrame, shape: Shape, value: str = "value_usd", *, both: bool = False
) -> pl.DataFrame:
    """Flows with the exporter's and the importer's declaration side by side, in the order of the cube.

    exports, imports: integer columns KEYS (places on the axes, inside `shape`) and `value`, without nulls.
    both: only flows that both sides declare, else those of either side.
    Returns KEYS (UInt16), export and import; a side that declared nothing, or 0, is 0.
    Same rows as a full (or inner) join on KEYS after adding up repeated keys, without those of value 0.
    """
    export, imported = add_up_sides(exports, imports, shape, value)
    exported, received = pl.col("export") != 0, pl.col("import") != 0
    pairs = pl.DataFrame({"export": export, "import": imported}).lazy().with_row_index("flat")
    found = pairs.filter(exported & received if both else exported | received).collect()
    return found.select(*_places(found["flat"].to_numpy(), shape), "export", "import")


def _places(flat: NDArray[np.uint32], shape: Shape) -> list[pl.Series]:
    """Places on the four axes, KEYS, of each flat index."""
    columns = []
    for key, size in reversed(list(zip(KEYS, shape, strict=True))):
        rest = flat // size
        columns.append(pl.Series(key, (flat - rest * size).astype(np.uint16)))
        flat = rest
    return columns[::-1]
