"""The cube against a slow reference that looks every cell up in a dictionary, and its invariants."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphs.errors import InputError, SchemaError
from models.flows.axes import KEYS, Axes
from models.flows.cube import COLUMNS, Cube

SCHEMA: dict[str, Any] = {
    "source": pl.String,
    "exporter": pl.String,
    "importer": pl.String,
    "commodity": pl.String,
    "family": pl.String,
    "period": pl.Int32,
    "exporter_reported": pl.Boolean,
    "importer_reported": pl.Boolean,
    **dict.fromkeys(COLUMNS.values(), pl.Float64),
}
REPORTING: dict[str, Any] = {"source": pl.String, "reporter": pl.String, "period": pl.Int32, "direction": pl.String}
COUNTRIES = ("XAA", "XAB", "XAC", "_X")
CODES = {"260400": "nickel", "750110": "nickel", "710812": "gold"}
YEARS = (2019, 2020, 2022)


def flow(exporter: str, importer: str, **values: Any) -> dict[str, Any]:
    """One flow of nickel ore in 2020; both sides reported unless said otherwise."""
    row = dict.fromkeys(SCHEMA) | {"source": "comtrade", "exporter": exporter, "importer": importer}
    row |= {"commodity": "260400", "family": "nickel", "period": 2020}
    return row | {"exporter_reported": True, "importer_reported": True} | values


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA)


def cell(cube: Cube, name: str, exporter: str, importer: str) -> float:
    """One value of a cube with one commodity and one period."""
    part = cube.slice(exporter=exporter, importer=importer)
    return float(part.quantity(name).item())


@st.composite
def worlds(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Flows as pairing makes them: who reported belongs to country, period and direction, not to the row."""
    sides = st.sets(st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(YEARS)))
    exporting, importing = draw(sides), draw(sides)
    keys = st.tuples(*map(st.sampled_from, (COUNTRIES, COUNTRIES, tuple(CODES), YEARS)))
    cents = st.none() | st.integers(0, 10**13).map(lambda cent: cent / 100)
    rows = []
    for exporter, importer, code, year in draw(st.sets(keys, min_size=1, max_size=12)):
        row = flow(exporter, importer, commodity=code, family=CODES[code], period=year)
        row["exporter_reported"] = (exporter, year) in exporting
        row["importer_reported"] = (importer, year) in importing
        for column in COLUMNS.values():
            side = column.split("_")[0]
            if side == "reconciled" or row[f"{side}er_reported"]:
                row[column] = draw(cents)
        rows.append(row)
    listed = [("comtrade", who, year, way) for way, side in (("X", exporting), ("M", importing)) for who, year in side]
    return table(*rows), pl.DataFrame(sorted(listed), schema=REPORTING, orient="row")


def reference(flows: pl.DataFrame, reporting: pl.DataFrame, name: str) -> dict[tuple[str, int, str, str], float]:
    """Every cell of a quantity, one at a time, straight from the definition."""
    rows = {tuple(row[key] for key in KEYS): row for row in flows.to_dicts()}
    reported = {(row["reporter"], row["period"], row["direction"]) for row in reporting.to_dicts()}
    seen = [row[side] for row in rows.values() for side in ("exporter", "importer")]
    side = name.split("_")[0]
    cells = {}
    for code in {key[0] for key in rows}:
        for year in range(min(key[1] for key in rows), max(key[1] for key in rows) + 1):
            for exporter in set(seen):
                for importer in set(seen):
                    row = rows.get((code, year, exporter, importer), {})
                    value, mass = row.get(f"{side}_value_usd"), row.get(f"{side}_mass_kg")
                    who = {"export": (exporter, year, "X"), "import": (importer, year, "M")}.get(side)
                    if value is not None or mass is not None:
                        own = value if name.endswith("value") else mass
                        cells[code, year, exporter, importer] = math.nan if own is None else own
                    else:
                        cells[code, year, exporter, importer] = 0.0 if who in reported else math.nan
    return cells


def same(one: Cube, other: Cube) -> bool:
    """Same axes and, bit for bit, the same arrays."""
    arrays, others = dict(one.quantities()), dict(other.quantities())
    return (
        one.axes == other.axes
        and arrays.keys() == others.keys()
        and all(np.array_equal(arrays[name], others[name], equal_nan=True) for name in arrays)
    )


@given(worlds())
@settings(deadline=None, max_examples=60)
def test_every_cell_equals_the_slow_reference(world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    flows, reporting = world
    cube = Cube.build(flows, reporting)
    for name, grid in cube.quantities():
        cells = reference(flows, reporting, name)
        assert grid.size == len(cells)
        for place, value in np.ndenumerate(grid):
            labels = tuple(names[at] for names, at in zip(cube.axes.labels().values(), place, strict=True))
            assert value == cells[labels] or (math.isnan(value) and math.isnan(cells[labels])), (name, labels)


@given(worlds(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_row_order_does_not_matter(world: tuple[pl.DataFrame, pl.DataFrame], random: Any) -> None:
    flows, reporting = world
    order = list(range(flows.height))
    random.shuffle(order)
    assert same(Cube.build(flows[order], reporting.reverse()), Cube.build(flows, reporting))


@given(worlds())
@settings(deadline=None, max_examples=40)
def test_the_frame_of_a_cube_builds_the_same_cube(world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    flows, reporting = world
    cube = Cube.build(flows, reporting)
    frame = cube.to_frame()
    assume(frame.height)
    assert same(Cube.build(frame, reporting, axes=cube.axes), cube)


@given(worlds())
@settings(deadline=None, max_examples=40)
def test_swapping_the_sides_turns_the_mirror_round(world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    flows, reporting = world
    swapped = flows.rename({"export_value_usd": "import_value_usd", "import_value_usd": "export_value_usd"})
    swapped = swapped.rename({"export_mass_kg": "import_mass_kg", "import_mass_kg": "export_mass_kg"})
    assume(Cube.build(flows, reporting).export_value is not None)
    ratio, turned = Cube.build(flows, reporting).mirror(), Cube.build(swapped, reporting).mirror()
    np.testing.assert_array_equal(turned, -ratio)


@given(worlds())
@settings(deadline=None, max_examples=40)
def test_partners_add_up_to_the_totals_of_the_flows(world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    flows, reporting = world
    cube = Cube.build(flows, reporting)
    for name, _ in cube.quantities():
        by_exporter = np.nansum(cube.total(name, over="importer"), axis=(0, 1))
        for exporter, total in zip(cube.axes.exporters, by_exporter, strict=True):
            rows = flows.filter(pl.col("exporter") == exporter)
            assert total == pytest.approx(rows[COLUMNS[name]].sum(), rel=1e-12)


def test_missing_and_none_are_told_apart() -> None:
    flows = table(
        flow("XAA", "XAB", export_value_usd=5.0),  # XAB reported and names no XAA
        flow("XAA", "XAC", export_value_usd=7.0, importer_reported=False),  # XAC did not report
    )
    cube = Cube.build(flows)
    assert cell(cube, "import_value", "XAA", "XAB") == 0.0
    assert math.isnan(cell(cube, "import_value", "XAA", "XAC"))
    assert cell(cube, "export_value", "XAA", "XAA") == 0.0
    # XAB has no export of its own and nothing says that it declared exports.
    assert math.isnan(cell(cube, "export_value", "XAB", "XAC"))


def test_reporting_fills_pairs_without_any_row() -> None:
    flows = table(flow("XAA", "XAB", import_value_usd=5.0, exporter_reported=False))
    rows = [("comtrade", "XAB", 2020, "X"), ("other", "XAA", 2020, "X"), ("comtrade", "XAA", 2020, "M")]
    cube = Cube.build(flows, pl.DataFrame(rows, schema=REPORTING, orient="row"))
    assert cell(cube, "export_value", "XAB", "XAA") == 0.0
    assert math.isnan(cell(cube, "export_value", "XAA", "XAB"))


def test_a_value_without_a_mass_has_an_unknown_mass_not_none() -> None:
    cube = Cube.build(table(flow("XAA", "XAB", export_value_usd=5.0)))
    assert math.isnan(cell(cube, "export_mass", "XAA", "XAB"))
    assert cell(cube, "import_mass", "XAA", "XAB") == 0.0


def test_cents_survive() -> None:
    cube = Cube.build(table(flow("IDN", "CHN", import_value_usd=193_390_186.37)))
    assert cell(cube, "import_value", "IDN", "CHN") == 193_390_186.37


def test_mirror_is_the_log_of_import_over_export() -> None:
    cube = Cube.build(table(flow("XAA", "XAB", export_value_usd=100.0, import_value_usd=110.0)))
    np.testing.assert_allclose(cube.mirror()[0, 0, 0, 1], 0.0953101798, rtol=1e-9)  # ln 1.1
    assert np.isnan(cube.mirror()).sum() == 3
    assert np.isnan(cube.mirror("mass")).all()


def test_reconciled_source_holds_only_reconciled_quantities() -> None:
    row = flow("XAA", "XAB", source="baci", exporter_reported=None, importer_reported=None)
    cube = Cube.build(table(row | {"reconciled_value_usd": 5.0}))
    assert cube.export_value is None
    assert cube.nbytes == 2 * 4 * 8  # value and mass, 2 x 2 countries, float64
    assert cube.to_frame()["exporter_reported"].to_list() == [None]
    with pytest.raises(InputError, match="holds reconciled_value, reconciled_mass, not 'export_value'"):
        cube.mirror()


def test_aggregate_adds_the_codes_of_a_family() -> None:
    ore, matte = {"commodity": "260400"}, {"commodity": "750110"}
    flows = table(
        flow("XAA", "XAB", export_value_usd=5.0, export_mass_kg=50.0, **ore),
        flow("XAA", "XAB", export_value_usd=7.0, export_mass_kg=70.0, **matte),
        flow("XAA", "XAC", export_value_usd=1.0, export_mass_kg=10.0, **ore),
        flow("XAA", "XAC", export_value_usd=2.0, **matte),  # no mass: the sum of masses is unknown
    )
    cube = Cube.build(flows).aggregate()
    assert cube.axes.commodities == ("nickel",)
    assert cell(cube, "export_value", "XAA", "XAB") == 12.0
    assert cell(cube, "export_mass", "XAA", "XAB") == 120.0
    assert cell(cube, "export_value", "XAA", "XAC") == 3.0
    assert math.isnan(cell(cube, "export_mass", "XAA", "XAC"))
    assert cell(cube, "export_mass", "XAA", "XAA") == 0.0


def test_totals_skip_those_who_did_not_report() -> None:
    flows = table(
        flow("XAA", "XAC", export_value_usd=5.0),
        flow("XAB", "XAC", import_value_usd=9.0, exporter_reported=False),
    )
    exports = Cube.build(flows).total("export_value", over="exporter")[0, 0]
    np.testing.assert_array_equal(exports, [0.0, 0.0, 5.0])
    imports = Cube.build(flows).total("import_value", over="exporter")[0, 0]
    np.testing.assert_array_equal(imports, [np.nan, np.nan, 9.0])


def test_slice_keeps_the_order_asked_for_and_four_axes() -> None:
    flows = table(flow("XAA", "XAB", export_value_usd=5.0), flow("XAA", "XAC", export_value_usd=7.0))
    part = Cube.build(flows).slice(exporter="XAA", importer=["XAC", "XAB"])
    np.testing.assert_array_equal(part.quantity("export_value"), [[[[7.0, 5.0]]]])
    assert part.axes.importers == ("XAC", "XAB")
    assert part.importer_reported.tolist() == [[True, True]]
    with pytest.raises(InputError, match="importer 'XAA' is not on the cube's axis; it holds 2 labels from XAC to XAB"):
        part.slice(importer="XAA")


def test_years_and_months_have_no_holes() -> None:
    flows = table(*(flow("XAA", "XAB", period=period) for period in (2022, 2020, 202102, 202011)))
    assert Axes.of(flows).periods == (2020, 2021, 2022, 202011, 202012, 202101, 202102)


def test_a_flow_held_twice_is_refused() -> None:
    row = flow("XAA", "XAB", export_value_usd=5.0)
    with pytest.raises(SchemaError, match="hold comtrade:XAA:XAB:260400:2020 more than once"):
        Cube.build(table(row, row))


def test_one_cube_holds_one_source() -> None:
    flows = table(flow("XAA", "XAB", export_value_usd=5.0), flow("XAA", "XAB", source="baci", reconciled_value_usd=6.0))
    assert cell(Cube.build(flows, source="comtrade"), "export_value", "XAA", "XAB") == 5.0
    with pytest.raises(InputError, match="these flows come from baci and comtrade; name one"):
        Cube.build(flows)
    with pytest.raises(InputError, match="these flows come from no source at all"):
        Cube.build(flows.clear())


def test_foreign_axes_are_refused() -> None:
    flows = table(flow("XAA", "XAB", export_value_usd=5.0))
    with pytest.raises(InputError, match="importer 'XAB' is not on the cube's axes"):
        Cube.build(flows, axes=Axes(("260400",), (2020,), ("XAA",), ("XAA",)))


def test_build_leaves_its_input_alone() -> None:
    flows = table(flow("XAA", "XAB", export_value_usd=5.0))
    before = flows.clone()
    Cube.build(flows)
    assert flows.equals(before)
