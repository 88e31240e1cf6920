import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import UnknownUnit
from graphs.units import BY_CODE, UNITS, from_code, from_kg, is_unit, kg_per, m3_per, to_kg, to_usd, unit

AMOUNTS = st.floats(min_value=1e-6, max_value=1e12, allow_nan=False)
MASSES = sorted(name for name, one in UNITS.items() if one.dimension == "mass")
VOLUMES = sorted(name for name, one in UNITS.items() if one.dimension == "volume")
OTHERS = sorted(name for name, one in UNITS.items() if one.dimension not in ("mass", "volume"))


@pytest.mark.parametrize(
    ("value", "name", "kg"),
    [
        (3.0, "kg", 3.0),
        (3.0, "g", 0.003),
        (2.0, "1000 KG", 2000.0),
        (2.0, "metr. t", 2000.0),
        (2.0, "thousand metric tons", 2e6),
        (2.0, "million metric tons", 2e9),
        (1.0, "troy oz", 0.0311034768),  # 480 grains of 64.79891 mg
        (400.0, "troy ounce", 12.44139072),  # a good delivery bar
        (1.0, "lb", 0.45359237),
        (1.0, "flask", 34.47302012),  # 76 pounds of mercury
        (5.0, "carat", 0.001),
        (5.0, "ct", 0.001),
        (1.0, "1000 ct", 0.2),
        (1.0, "million carats", 200.0),
        (1.0, " thousands of carats", 0.2),
    ],
)
def test_mass(value: float, name: str, kg: float) -> None:
    assert to_kg(value, name) == pytest.approx(kg, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "name", "density", "kg"),
    [
        (2.0, "m³", 650.0, 1300.0),
        (2.0, "m3", 650.0, 1300.0),
        (1.0, "Mio m3", 0.75, 750_000.0),
        (1.0, "BBL", 1000.0, 158.987294928),
        (1000.0, "l", 860.0, 860.0),
    ],
)
def test_volume_needs_a_density(value: float, name: str, density: float, kg: float) -> None:
    assert to_kg(value, name, density) == pytest.approx(kg, rel=1e-12)
    with pytest.raises(UnknownUnit, match=r"measures volume and does not convert to kg; state a density in kg per m3"):
        to_kg(value, name)


@given(AMOUNTS, st.sampled_from(MASSES))
def test_mass_comes_back(value: float, name: str) -> None:
    assert from_kg(to_kg(value, name), name) == pytest.approx(value, rel=1e-12)


@given(AMOUNTS, st.sampled_from(VOLUMES), st.floats(min_value=0.1, max_value=20_000.0))
def test_volume_comes_back(value: float, name: str, density: float) -> None:
    assert from_kg(to_kg(value, name, density), name, density) == pytest.approx(value, rel=1e-12)


@given(st.sampled_from(OTHERS), st.floats(min_value=0.1, max_value=20_000.0))
def test_what_is_no_mass_does_not_become_one(name: str, density: float) -> None:
    with pytest.raises(UnknownUnit, match="does not convert to kg; use another column"):
        to_kg(1.0, name, density)


@pytest.mark.parametrize(
    ("value", "name", "usd"), [(7.0, "USD", 7.0), (7.0, "kUSD", 7000.0), (2.0, "million dollars", 2e6)]
)
def test_money(value: float, name: str, usd: float) -> None:
    assert to_usd(value, name) == usd


@pytest.mark.parametrize("name", ["kg", "m3", "u"])
def test_goods_are_not_money(name: str) -> None:
    with pytest.raises(UnknownUnit, match="does not convert to USD"):
        to_usd(1.0, name)


@pytest.mark.parametrize("name", ["", "oz", "tons", "Mt", "mg", "EUR", "kgs of things", "pieces"])
def test_unknown_and_ambiguous_units_are_refused(name: str) -> None:
    with pytest.raises(UnknownUnit, match=r"has no conversion; use kg"):
        unit(name)


@pytest.mark.parametrize(
    ("code", "name"),
    [(8, "kg"), (21, "1000 KG"), (15, "g"), (13, "carat"), (12, "m³"), (5, "u"), (-1, "N/A"), (1, "No Quantity")],
)
def test_comtrade_codes(code: int, name: str) -> None:
    assert from_code(code).name == name


@pytest.mark.parametrize("code", [0, 42, 99])
def test_unknown_comtrade_code_is_refused(code: int) -> None:
    with pytest.raises(UnknownUnit, match=f"quantity unit code {code} is not in the UN Comtrade list"):
        from_code(code)


def test_names_are_compared_without_case_and_surplus_spaces() -> None:
    assert unit("  METRIC   Tons ") == unit("metric tons")


def test_column_factors() -> None:
    names = ["kg", "1000 KG", " Carat ", "m³", "u", "no such unit", None]
    frame = pl.DataFrame({"quantity_unit": names}, schema={"quantity_unit": pl.String})
    found = frame.select(kg=kg_per(), m3=m3_per(), known=is_unit())
    assert found["kg"].to_list() == [1.0, 1000.0, 0.0002, None, None, None, None]
    assert found["m3"].to_list() == [None, None, None, 1.0, None, None, None]
    assert found["known"].to_list() == [True, True, True, True, True, False, None]


@given(st.sampled_from(sorted(UNITS)), AMOUNTS)
def test_column_factors_equal_the_scalar_conversion(name: str, value: float) -> None:
    row = pl.DataFrame({"quantity_unit": [name], "quantity": [value]}).select(kg=pl.col("quantity") * kg_per()).item()
    if unit(name).dimension == "mass":
        assert math.isclose(row, to_kg(value, name), rel_tol=1e-12)
    else:
        assert row is None


@pytest.mark.realdata
def test_every_comtrade_quantity_unit_is_listed(real_data: Path) -> None:
    rows = pl.read_csv(real_data / "api-fixtures" / "ref_qtyunit.csv", infer_schema_length=0)
    assert rows.height == 41
    for code, short, long in rows.select("qtyCode", "qtyAbbr", "qtyDescription").rows():
        assert from_code(int(code)) == unit(short) == unit(long)
    assert set(BY_CODE) == {int(code) for code in rows["qtyCode"]} | {1}


@pytest.mark.realdata
def test_every_unit_of_world_mining_data_is_a_mass_or_a_volume(real_data: Path) -> None:
    file = real_data / "production" / "world_mining_data_2018_2024_long.csv"
    names = pl.read_csv(file, infer_schema_length=0)["unit"].unique().to_list()
    assert {name: unit(name).dimension for name in names} == {
        "metr. t": "mass",
        "kg": "mass",
        "ct": "mass",
        "Mio m3": "volume",
    }


@pytest.mark.realdata
def test_every_production_unit_of_usgs_is_a_mass_or_a_volume(real_data: Path) -> None:
    first = pl.read_csv(real_data / "production" / "MCS2025_World_Data.csv", infer_schema_length=0)
    names = {name for name in first["UNIT_MEAS"] if name}
    raw = (real_data / "production" / "MCS2026_Commodities_Data.csv").read_bytes().decode("cp1252")
    second = pl.read_csv(raw.encode(), infer_schema_length=0).filter(pl.col("Section").str.starts_with("World"))
    names |= {name for name in second["Unit"] if name} - {"tons"}  # one reserve of cesium, in a sentence
    assert len(names) > 8
    assert {unit(name).dimension for name in names} == {"mass", "volume"}


@pytest.mark.realdata
def test_factors_agree_with_an_independent_table(real_data: Path) -> None:
    rows = pl.read_csv(real_data / "concordance" / "qty_unit_conversion.csv", infer_schema_length=0)
    litres_in_m3 = {"volume": 1000.0}
    for code, dimension, factor in rows.select("code", "dimension", "factor_to_base").rows():
        ours = from_code(int(code))
        assert ours.dimension == dimension
        assert ours.size * litres_in_m3.get(dimension, 1.0) == pytest.approx(float(factor), rel=1e-5)
