from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.commodities import (
    FAMILIES,
    HS_EDITIONS,
    contained_factor,
    contained_source,
    density_of,
    family_expr,
    family_named,
    family_of,
    production_of,
    title_of,
)
from graphs.errors import UnknownCode
from graphs.families import PRODUCED, Produced, read_codes

CODES = sorted({code for one in FAMILIES.values() for code in one.codes})
ANY_CODE = st.text(alphabet="0123456789", min_size=2, max_size=6)
LISTED = st.builds(lambda code, tail: (code + tail)[: max(6, len(code))], st.sampled_from(CODES), ANY_CODE)
MISSION = (
    "gold", "bauxite", "sand", "tin", "tantalum", "tungsten", "cobalt", "copper", "nickel", "diamonds", "timber",
    "mercury",
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("710812", "gold"),
        ("7108", "gold"),
        ("710900", "gold"),
        ("711299", "gold"),
        ("261690", "gold"),
        ("261610", "silver"),
        ("711019", "platinum"),
        ("710231", "diamonds"),
        ("260600", "bauxite"),
        ("281820", "bauxite"),
        ("760200", "bauxite"),
        ("250590", "sand"),
        ("440799", "timber"),
        ("440910", "timber"),
        ("260900", "tin"),
        ("261590", "tantalum"),
        ("261510", "zirconium"),
        ("810320", "tantalum"),
        ("261100", "tungsten"),
        ("810520", "cobalt"),
        ("282200", "cobalt"),
        ("260300", "copper"),
        ("260400", "nickel"),
        ("750110", "nickel"),
        ("720260", "nickel"),
        ("720293", "niobium"),
        ("280540", "mercury"),
        ("280530", "rare_earths"),
        ("870380", "hs8703"),
        ("2833", "hs2833"),
        ("26", "hs26"),
        ("TOTAL", "hstota"),
    ],
)
def test_family_of_a_code(code: str, family: str) -> None:
    assert family_of(code) == family


def test_the_mission_is_listed() -> None:
    assert set(MISSION) <= set(FAMILIES)


def test_editions() -> None:
    assert HS_EDITIONS == {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}


@given(st.lists(st.one_of(ANY_CODE, LISTED, st.just("TOTAL")), min_size=1, max_size=20))
def test_the_column_expression_equals_the_function(codes: list[str]) -> None:
    frame = pl.DataFrame({"commodity": codes}).select(family_expr())
    assert frame.to_series().to_list() == [family_of(code) for code in codes]


@given(st.one_of(ANY_CODE, LISTED))
def test_a_family_can_be_named_and_knows_its_code(code: str) -> None:
    family = family_named(family_of(code))
    assert family.name == family_of(code)
    assert any(code.startswith(prefix) for prefix in family.codes)


@pytest.mark.parametrize("bad", ["", "hs", "goldd", "GOLD"])
def test_unknown_family_is_refused(bad: str) -> None:
    with pytest.raises(UnknownCode, match=r"code family .* is not listed; use a name"):
        family_named(bad)


def test_no_code_belongs_to_two_families() -> None:
    listed = [code for one in FAMILIES.values() for code in one.codes]
    assert len(set(listed)) == len(listed)
    assert [(one.name, code) for one in FAMILIES.values() for code in one.codes if family_of(code) != one.name] == []


def test_neighbours_are_outside_the_family() -> None:
    inside = [(one.name, code) for one in FAMILIES.values() for code in one.neighbours if family_of(code) == one.name]
    assert inside == []


def test_precious_goods_are_weighed_by_value() -> None:
    assert {one.name for one in FAMILIES.values() if one.weighed_by == "value"} == {
        "gold",
        "silver",
        "platinum",
        "diamonds",
    }
    assert {one.name for one in FAMILIES.values() if one.price_checked} == {"gold", "silver", "platinum"}
    assert {one.weighed_by for one in FAMILIES.values()} == {"value", "mass"}


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("260400", "Nickel ores and concentrates"),
        ("2604", "Nickel ores and concentrates"),
        ("710812", "Gold, unwrought"),
        ("440799", "Sawn wood, other"),
        ("440791", "Sawn wood (HS 440791)"),
        ("870380", "HS 870380"),
    ],
)
def test_titles(code: str, title: str) -> None:
    assert title_of(code) == title


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("260400", (0.009, 0.012, 0.018)),
        ("260300", (0.2, 0.25, 0.3)),
        ("260600", (0.19, 0.24, 0.29)),
        ("283691", (0.185, 0.187, 0.188)),
        ("440799", (1.0, 1.0, 1.0)),
        ("261690", None),  # precious metal ores hold anything from grams to kilograms per tonne
        ("280450", None),  # boron and tellurium share a code
        ("870380", None),
    ],
)
def test_contained_factors(code: str, expected: tuple[float, float, float] | None) -> None:
    assert contained_factor(code) == expected
    assert (contained_source(code) is None) == (expected is None)


# Highest possible share of the basis, from standard atomic weights (IUPAC 2021), by hand.
CEILINGS = {
    "281820": 2 * 26.982 / (2 * 26.982 + 3 * 15.999),  # Al in Al2O3
    "283691": 2 * 6.94 / (2 * 6.94 + 12.011 + 3 * 15.999),  # Li in Li2CO3
    "282010": 54.938 / (54.938 + 2 * 15.999),  # Mn in MnO2
    "282530": 2 * 50.942 / (2 * 50.942 + 5 * 15.999),  # V in V2O5
    "282570": 95.95 / (95.95 + 3 * 15.999),  # Mo in MoO3
    "282580": 2 * 121.76 / (2 * 121.76 + 3 * 15.999),  # Sb in Sb2O3
    "281990": 2 * 51.996 / (2 * 51.996 + 3 * 15.999),  # Cr in Cr2O3
    "282540": 58.693 / (58.693 + 15.999),  # Ni in NiO
    "2817": 65.38 / (65.38 + 15.999),  # Zn in ZnO
    "283030": 112.414 / (112.414 + 32.06),  # Cd in CdS
    "310420": (2 * 39.098 + 15.999) / (2 * (39.098 + 35.45)),  # K2O per KCl
}


@pytest.mark.parametrize("code", sorted(CEILINGS))
def test_no_compound_holds_more_than_its_formula(code: str) -> None:
    factor = contained_factor(code)
    assert factor is not None
    assert CEILINGS[code] * 0.9 <= factor[2] <= CEILINGS[code] * 1.001


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("Tantalum (Ta2O5)", 2 * 180.948 / (2 * 180.948 + 5 * 15.999)),
        ("Niobium (Nb2O5)", 2 * 92.906 / (2 * 92.906 + 5 * 15.999)),
        ("Chromium (Cr2O3)", 2 * 51.996 / (2 * 51.996 + 3 * 15.999)),
        ("Lithium (Li2O)", 2 * 6.94 / (2 * 6.94 + 15.999)),
        ("Arsenic", 2 * 74.922 / (2 * 74.922 + 3 * 15.999)),
    ],
)
def test_oxides_in_production_tables_become_metal(name: str, factor: float) -> None:
    produced = production_of(name)
    assert produced is not None
    assert produced.factor == pytest.approx(factor, rel=1e-3)


def test_every_range_is_ordered_and_sourced() -> None:
    rows = read_codes("contained.csv")
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        low, mid, high = (float(row[one]) for one in ("low", "mid", "high"))
        assert 0 < low <= mid <= high, row
        assert len(row["source"]) > 2, row
        assert contained_factor(row["code"]) == (low, mid, high), row


def test_only_more_metal_than_goods_where_the_basis_is_a_heavier_compound() -> None:
    above = {code for one in FAMILIES.values() for code, (_, _, high) in one.contained.items() if high > 1}
    assert above == {"8108", "280530", "251990", "252020"}


@pytest.mark.parametrize(
    ("code", "middle"), [("440799", 690.0), ("440310", 800.0), ("250590", 1600.0), ("710812", None)]
)
def test_densities(code: str, middle: float | None) -> None:
    density = density_of(code)
    assert (density[1] if density else None) == middle


@pytest.mark.parametrize(
    ("name", "produced"),
    [
        ("Gold", Produced("gold", "content", 1.0)),
        ("Gold ", Produced("gold", "content", 1.0)),
        ("Bauxite", Produced("bauxite", "ore", 1.0)),
        ("Chromium", Produced("chromium", "ore", 1.0)),
        ("Diamonds (Gem)", Produced("diamonds", "content", 1.0)),
        ("Aluminium", None),
        ("Oil Sands (part of Petroleum)", None),
    ],
)
def test_production_rows(name: str, produced: Produced | None) -> None:
    assert production_of(name) == produced


def test_unknown_production_row_is_refused() -> None:
    with pytest.raises(UnknownCode, match=r"production row 'Unobtainium' is in no list; add it to"):
        production_of("Unobtainium")


def test_production_rows_name_listed_families_and_can_become_contained_metal() -> None:
    fed = {name: one for name, one in PRODUCED.items() if one}
    assert {one.family for one in fed.values()} | {"timber"} == set(FAMILIES)
    assert {one.basis for one in fed.values()} == {"content", "ore"}
    ores = {one.family for one in fed.values() if one.basis == "ore"}
    assert [name for name in ores if contained_factor(FAMILIES[name].codes[0]) is None] == []
    assert all(name in FAMILIES[one.family].production_names for name, one in fed.items())


@pytest.mark.realdata
def test_every_code_of_the_default_trade_data_has_a_family_and_a_title(real_data: Path) -> None:
    codes = pl.read_parquet(real_data / "trade" / "baci_hs92_minerals_1995_2024.parquet", columns=["k"])["k"].unique()
    assert codes.len() == 74
    assert [code for code in codes if family_of(code) not in FAMILIES] == []
    assert [code for code in codes if "HS " in title_of(code)] == []
    without = {code for code in codes if contained_factor(code) is None}
    # Ores and scrap of precious metals, uranium ore, tellurium with boron, beryllium with its scrap.
    assert without == {
        "261610",
        "261690",
        "711290",
        "261210",
        "280450",
        "811211",
    }


@pytest.mark.realdata
def test_every_listed_code_stands_in_some_edition(real_data: Path) -> None:
    known: set[str] = set()
    for edition in ("h0", "h3", "h4", "h5", "h6"):
        known |= set(pl.read_csv(real_data / "api-fixtures" / f"ref_cmd_{edition}.csv", infer_schema_length=0)["id"])
    listed = {code for one in FAMILIES.values() for code in (*one.codes, *one.neighbours, *one.contained)}
    listed |= {row["code"] for row in read_codes("titles.csv")}
    assert sorted(listed - known) == []


@pytest.mark.realdata
def test_every_row_of_the_production_tables_is_known(real_data: Path) -> None:
    mined = pl.read_csv(real_data / "production" / "world_mining_data_2018_2024_long.csv", infer_schema_length=0)
    first = pl.read_csv(real_data / "production" / "MCS2025_World_Data.csv", infer_schema_length=0)
    raw = (real_data / "production" / "MCS2026_Commodities_Data.csv").read_bytes().decode("cp1252")
    second = pl.read_csv(raw.encode(), infer_schema_length=0)
    names = {*mined["mineral"], *first["COMMODITY"], *second["Commodity"]}
    assert len(names) > 150
    assert {name for name in names if name and production_of(name)} >= {"Gold", "Bauxite", "Nickel", "Tin"}


@pytest.mark.realdata
def test_beryl_concentrate_holds_four_percent(real_data: Path) -> None:
    mined = pl.read_csv(real_data / "production" / "world_mining_data_2018_2024_long.csv", infer_schema_length=0)
    gross = mined.filter(mineral="Beryllium (conc.)", iso3="USA", year="2023")["production"].cast(pl.Float64).item()
    usgs = pl.read_csv(real_data / "production" / "MCS2025_World_Data.csv", infer_schema_length=0)
    row = usgs.filter((pl.col("COMMODITY").str.strip_chars() == "Beryllium") & (pl.col("COUNTRY") == "United States"))
    content = float(row["PROD_2023"].item())
    produced = production_of("Beryllium (conc.)")
    assert produced is not None
    assert gross * produced.factor == pytest.approx(content, rel=0.02)
