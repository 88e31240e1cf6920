"""The default open trade: a cube per family, and the mirror join where real trade fills the cells."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.contenders import CUBES, INTEGER
from benchmarks.joining import compare, size
from benchmarks.measuring import extra_bytes, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from benchmarks.synthetic import DECLARED, Sides
from models.flows.axes import KEYS, Axes
from models.flows.cube import Cube
from pipelines.sources import baci

SHOWN = 6


def run(setting: Setting) -> Section:
    """Cubes of all families in turn, then the join family by family and all codes at once."""
    wheel = setting.wheel()
    flows = baci.parse_wheel(wheel).flows
    if setting.quick:
        flows = flows.filter(pl.col("family").is_in(flows["family"].unique().sort().head(3).implode()))
    families = flows.partition_by("family")
    file = setting.home / "flows.parquet"
    flows.write_parquet(file)
    tables = [_cubes(families, file)]
    sides = [_drawn(family, seed) for seed, family in enumerate(families)]
    drawn = "Declarations drawn from the default flows, each side declaring four in five"
    contenders = [*INTEGER, CUBES]
    lead = f"{drawn}. Family by family, {sum(one.rows for one in sides):,} declarations"
    tables.append(compare(sides, contenders, "either", setting.rounds, lead))
    whole = _drawn(flows, seed=0)
    tables.append(compare([whole], contenders, "either", setting.rounds, f"{drawn}. All codes at once, {size(whole)}"))
    return Section("default-flows", "Cubes and mirror join of the default flows", tables)


def _cubes(families: Sequence[pl.DataFrame], file: Path) -> Table:
    """Time and size of each family's cube, the largest first."""
    rows, seconds, cells, largest = [], 0.0, 0, 0
    for family in families:
        begin = time.perf_counter()
        cube = Cube.build(family)
        spent = time.perf_counter() - begin
        seconds, cells, largest = seconds + spent, cells + cube.axes.cells, max(largest, cube.nbytes)
        shape = " x ".join(str(length) for length in cube.axes.shape)
        filled = family.height / cube.axes.cells
        rows.append((cube.nbytes, [family["family"][0], f"{family.height:,}", shape, f"{filled:.1%}", spent]))
    rows.sort(key=lambda row: -row[0])
    shown = [[*row[:4], megabytes(nbytes), f"{row[4]:.3f}"] for nbytes, row in rows[:SHOWN]]
    flows = sum(family.height for family in families)
    share = f"{flows / cells:.1%}"
    shown.append(
        [f"all {len(families)} in turn", f"{flows:,}", f"{cells:,}", share, megabytes(largest), f"{seconds:.3f}"]
    )
    peak = megabytes(extra_bytes(_building, str(file)))
    remark = f"Peak memory of building all families in turn, above the flows themselves: {peak} MB."
    columns = ("family", "flows", "cells", "filled", "MB of the cube", "s")
    return Table("Reconciled value and mass (`Cube.build`); the largest cubes, and all.", columns, shown, [remark])


def _building(file: str) -> Callable[[], object]:
    """In a process of its own: all cubes in turn, each freed before the next."""
    families = pl.read_parquet(file).partition_by("family")

    def build() -> None:
        for family in families:
            Cube.build(family)

    return build


def _drawn(flows: pl.DataFrame, seed: int) -> Sides:
    """Both sides as if each had declared four in five of the flows, in no order, on the flows' own axes."""
    generator = np.random.default_rng(seed)
    axes = Axes.of(flows)
    coded = axes.encode(flows).select(pl.col(KEYS).cast(pl.Int16), value_usd="reconciled_value_usd")
    coded = coded.with_columns(pl.col("value_usd").round(2)).filter(pl.col("value_usd") > 0)
    exports, imports = (
        coded[generator.permutation(np.flatnonzero(generator.random(coded.height) < DECLARED))] for _ in range(2)
    )
    labels = {key: [str(label) for label in names] for key, names in axes.labels().items()}
    return Sides(exports, imports, labels)
