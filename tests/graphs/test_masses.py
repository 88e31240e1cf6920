import polars as pl
import pytest

from graphs.declarations import settle
from graphs.flags import names
from tests.graphs.trade_rows import declared

PARTNERS = ("AUS", "BRA", "FIN", "IDN", "PHL")
# Value and quantity, invented after a real year in which every quantity is the value over 0.8525 and every mass 0.
MADE_FROM_VALUE = {
    "AUS": (52_317_431.0, 61_369_420.528),
    "BRA": (9_204_118.0, 10_796_619.355),
    "FIN": (31_775_902.0, 37_273_785.337),
    "IDN": (2_619_377.0, 3_072_582.991),
    "PHL": (804_551_263.0, 943_755_147.214),
}


def weighed(*rows: dict[str, object]) -> list[tuple[float | None, bool | None, list[str]]]:
    """Mass, whether it was estimated, and the flags about it, in the order of the rows."""
    found = settle(declared(*rows)).sort("raw_row")
    ours = ("no_mass", "mass_estimated", "mass_from_value")
    return [
        (row["mass_kg"], row["is_mass_estimated"], [one for one in names(row["flags"]) if one in ours])
        for row in found.iter_rows(named=True)
    ]


def test_a_quantity_of_kilograms_stands_in_for_a_missing_mass() -> None:
    row = {"mass": 0.0, "quantity": 70.0, "quantity_unit": "kg"}
    assert weighed(row) == [(70.0, None, [])]
    assert weighed({**row, "is_quantity_estimated": "True"}) == [(70.0, True, ["mass_estimated"])]
    assert weighed({**row, "quantity": 70.0, "quantity_unit": "1000 KG"}) == [(70_000.0, None, [])]


def test_a_quantity_of_anything_else_does_not() -> None:
    for unit in ("m³", "u", "N/A", "kg P2O5", None):
        assert weighed({"mass": None, "quantity": 70.0, "quantity_unit": unit}) == [(None, None, ["no_mass"])]


def test_a_declared_mass_goes_before_a_quantity() -> None:
    assert weighed({"mass": 50.0, "quantity": 70.0, "quantity_unit": "kg"}) == [(50.0, None, [])]


def test_a_quantity_made_from_the_value_is_never_a_mass() -> None:
    rows = [
        {"partner_iso": code, "value": value, "mass": 0.0, "quantity": quantity, "quantity_unit": "kg"}
        for code, (value, quantity) in MADE_FROM_VALUE.items()
    ]
    world = {**rows[0], "partner_iso": "W00", "value": 900_468_091.0, "quantity": 1_056_267_555.0}
    assert weighed(*rows, world) == [(None, None, ["mass_from_value", "no_mass"])] * 6


def test_a_mass_made_from_the_value_stays_and_counts_as_estimated() -> None:
    values = (12_345.0, 990.0, 70_001.0, 5_432.0, 3.0)
    # 1.37 USD per kg, rounded to whole kilograms; the last row is too small to tell.
    rows = [
        {"partner_iso": one, "value": v, "mass": float(round(v / 1.37)), "is_mass_estimated": said}
        for one, v, said in zip(PARTNERS, values, (None, False, "False", True, None), strict=True)
    ]
    assert weighed(*rows) == [(float(row["mass"]), True, ["mass_estimated", "mass_from_value"]) for row in rows]


def test_three_partners_or_one_that_differs_prove_nothing() -> None:
    rows = [{"partner_iso": one, "value": 1370.0 * at, "mass": 1000.0 * at} for at, one in enumerate(PARTNERS[:3], 1)]
    assert [flags for _, _, flags in weighed(*rows)] == [[]] * 3
    rows.append({"partner_iso": "ZAF", "value": 1370.0 * 4, "mass": 4000.0})
    assert [flags for _, _, flags in weighed(*rows)] == [["mass_estimated", "mass_from_value"]] * 4
    rows.append({"partner_iso": "ZWE", "value": 1370.0 * 5, "mass": 5100.0})
    assert [flags for _, _, flags in weighed(*rows)] == [[]] * 5


def test_small_amounts_share_a_unit_value_by_rounding_and_prove_nothing() -> None:
    rows = [{"partner_iso": one, "value": 2.0 * at, "mass": float(at)} for at, one in enumerate(PARTNERS, 1)]
    assert [flags for _, _, flags in weighed(*rows)] == [[]] * 5


def test_one_unit_value_in_another_year_or_commodity_says_nothing() -> None:
    rows = [{"partner_iso": one, "value": 1370.0 * at, "mass": 1000.0 * at} for at, one in enumerate(PARTNERS, 1)]
    rows[0]["period"] = "2021"
    rows[1]["commodity"] = "750110"
    assert [flags for _, _, flags in weighed(*rows)] == [[]] * 5


def test_missing_masses_made_from_values_beside_declared_ones() -> None:
    made = [
        {"partner_iso": one, "value": 1370.0 * at, "mass": 0.0, "quantity": 1000.0 * at, "quantity_unit": "kg"}
        for at, one in enumerate(PARTNERS, 1)
    ]
    declared_one = {"partner_iso": "ZAF", "value": 999.0, "mass": 5000.0}
    assert weighed(*made, declared_one) == [*[(None, None, ["mass_from_value", "no_mass"])] * 5, (5000.0, None, [])]


@pytest.mark.parametrize(
    ("said", "mass", "expected"),
    [
        # China's Philippine row of 2023: 15,344,090,064.927 kg among masses in whole kilograms.
        (None, 15344090064.927, (15344090064.927, True, ["mass_estimated"])),
        (False, 15344090064.927, (15344090064.927, False, [])),
        (None, 15344090064.0, (15344090064.0, None, [])),
        # Tenths are a habit of offices that weigh to 100 g.
        (None, 1602014.7, (1602014.7, None, [])),
    ],
)
def test_thousandths_among_whole_kilograms_are_estimates_where_the_source_is_silent(
    said: bool | None, mass: float, expected: tuple[float, bool | None, list[str]]
) -> None:
    whole = [{"partner_iso": one, "value": 3.0**at, "mass": 1000.0 + at} for at, one in enumerate(PARTNERS[:4], 1)]
    row = {"partner_iso": "PHL", "value": 2043552195.0, "mass": mass, "is_mass_estimated": said}
    assert weighed(*whole, row)[-1] == expected


def test_an_office_that_writes_fractions_is_believed() -> None:
    fractions = [{"partner_iso": one, "value": 3.0**at, "mass": 1000.125 * at} for at, one in enumerate(PARTNERS, 1)]
    whole = [{"reporter_iso": "FIN", "partner_iso": one, "value": 3.0, "mass": 7.0} for one in ("AUS", "BRA")]
    assert [flags for _, _, flags in weighed(*fractions, *whole)] == [[]] * 7


def test_weighing_does_not_change_the_rest() -> None:
    before = declared({"mass": 0.0, "quantity": 70.0, "quantity_unit": "kg"}, {"partner_iso": "W00"})
    after = settle(before)
    same = [name for name in before.columns if name not in ("mass_kg", "is_mass_estimated", "flags")]
    assert after.select(same).equals(before.select(same))
    assert after.schema == before.schema == pl.Schema(before.schema)
