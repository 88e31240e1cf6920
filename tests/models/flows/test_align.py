"""The dense mirror join gives what a join on keys gives, and declarations reach the cube either way."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphs.declarations import reporting
from graphs.flows import pair
from graphs.tables import Declarations
from models.flows.align import BLOCK, mirror_join
from models.flows.axes import KEYS
from models.flows.cube import Cube

SHAPE = (2, 3, 4, 4)
places = st.tuples(*(st.integers(0, size - 1) for size in SHAPE))
sides = st.lists(st.tuples(places, st.integers(1, 10**13)), max_size=30)


def side(rows: list[tuple[tuple[int, ...], int]]) -> pl.DataFrame:
    """Encoded declarations; values are whole cents, so that sums do not depend on their order."""
    keys = {key: [row[0][at] for row in rows] for at, key in enumerate(KEYS)}
    schema: dict[str, Any] = dict.fromkeys(KEYS, pl.Int16) | {"value_usd": pl.Float64}
    return pl.DataFrame(keys | {"value_usd": [float(row[1]) for row in rows]}, schema=schema)


def joined(exports: pl.DataFrame, imports: pl.DataFrame, how: Any) -> pl.DataFrame:
    """The same on keys: add up, join, sort."""
    one = exports.group_by(KEYS).agg(pl.col("value_usd").sum().alias("export"))
    other = imports.group_by(KEYS).agg(pl.col("value_usd").sum().alias("import"))
    pairs = one.join(other, on=KEYS, how=how, coalesce=True).sort(KEYS)
    return pairs.select(pl.col(KEYS).cast(pl.UInt16), pl.col("export", "import").fill_null(0.0))


@given(sides, sides)
@settings(deadline=None, max_examples=100)
def test_equals_a_join_on_keys(exports: list[Any], imports: list[Any]) -> None:
    one, other = side(exports), side(imports)
    assert_frame_equal(mirror_join(one, other, SHAPE), joined(one, other, "full"), check_exact=True)
    assert_frame_equal(mirror_join(one, other, SHAPE, both=True), joined(one, other, "inner"), check_exact=True)


@given(sides, sides)
@settings(deadline=None, max_examples=50)
def test_a_nearly_empty_cube_gives_the_same(exports: list[Any], imports: list[Any]) -> None:
    one, other, wide = side(exports), side(imports), (50, 50, 40, 40)
    assert_frame_equal(mirror_join(one, other, wide), joined(one, other, "full"), check_exact=True)
    assert_frame_equal(mirror_join(one, other, wide, both=True), joined(one, other, "inner"), check_exact=True)


def test_rows_beyond_one_block_and_cells_beyond_one_word() -> None:
    generator, shape = np.random.default_rng(1), (3, 7, 40, 41)  # 34,440 cells, no multiple of 64
    rows = 2 * BLOCK + 1
    one, other = (
        pl.DataFrame({key: generator.integers(0, size, rows) for key, size in zip(KEYS, shape, strict=True)})
        .head(rows - 5 * at)
        .with_columns(value_usd=pl.int_range(1, rows - 5 * at + 1, dtype=pl.Int64).cast(pl.Float64))
        for at in range(2)
    )
    thin = other.filter(pl.col("commodity") == 2)
    assert_frame_equal(mirror_join(one, thin, shape), joined(one, thin, "full"), check_exact=True)
    assert_frame_equal(mirror_join(one, thin, shape, both=True), joined(one, thin, "inner"), check_exact=True)


def test_rows_of_one_flow_add_up() -> None:
    exports = side([((1, 2, 3, 0), 193_390_186), ((1, 2, 3, 0), 14)])
    imports = side([((1, 2, 3, 0), 7), ((0, 0, 1, 2), 9)])
    assert mirror_join(exports, imports, SHAPE).rows() == [(0, 0, 1, 2, 0.0, 9.0), (1, 2, 3, 0, 193_390_200.0, 7.0)]


def declaration(number: int, flow: str, commodity: str, **values: Any) -> dict[str, Any]:
    """XAA exports to XAB, or XAB imports from XAA, in 2020."""
    exporting = flow in ("X", "RX", "DX")
    row = dict.fromkeys(Declarations.column_names())
    row |= {"source": "comtrade", "exporter": "XAA", "importer": "XAB", "commodity": commodity, "flow": flow}
    row |= {"reporter": "XAA" if exporting else "XAB", "partner": "XAB" if exporting else "XAA", "period": 2020}
    row |= {"partner2": "W00", "customs": "C00", "mode": 0, "reporter_kind": "country", "partner_kind": "country"}
    row |= {"value_basis": "unknown", "is_counted": True, "flags": 0, "known_from": date(2021, 12, 31)}
    return row | {"raw_sha256": "00", "raw_row": number} | values


def test_declarations_reach_the_cube_as_their_flows_do() -> None:
    rows = [
        declaration(1, "X", "260400", value_usd=100.25, mass_kg=10.0),
        declaration(2, "M", "260400", value_usd=60.5, mass_kg=6.0, mode=1000),
        declaration(3, "M", "260400", value_usd=50.25, mode=2100),  # no mass: neither has the sum
        declaration(4, "RX", "260400", value_usd=40.0, is_counted=False),
        declaration(5, "X", "750110", value_usd=7.0, mass_kg=0.5, exporter="XAC", reporter="XAC"),
        declaration(6, "M", "750110", value_usd=8.0, mass_kg=0.5, period=2019),
    ]
    declarations = Declarations.cast(pl.DataFrame(rows, infer_schema_length=None))
    who = reporting(declarations)
    by_flows = Cube.build(pair(declarations, who), who)
    straight = Cube.from_declarations(declarations, who)
    assert straight.axes == by_flows.axes
    assert straight.axes.periods == (2019, 2020)
    for name, grid in straight.quantities():
        np.testing.assert_array_equal(grid, by_flows.quantity(name), err_msg=name)
    at = (0, 1, 0, 1)  # 260400, 2020, XAA, XAB
    assert straight.quantity("import_value")[at] == 110.75
    assert np.isnan(straight.quantity("import_mass")[at])
    assert straight.quantity("export_value")[at] == 100.25
