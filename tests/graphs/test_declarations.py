from datetime import date

import polars as pl
import pytest
from hypothesis import given

from graphs.declarations import reporting, tidy
from graphs.flags import names
from graphs.tables import Declarations, Quarantine
from tests.graphs.trade_rows import CLEAN_ROWS, DIRTY_ROWS, SHA, declared, raw, tidied


def one(frame: pl.DataFrame, column: str) -> object:
    assert frame.height == 1
    return frame[column][0]


def test_an_import_comes_from_the_partner_and_an_export_goes_to_it() -> None:
    rows = declared({"flow_code": "M"}, {"flow_code": "X"}, {"flow_code": "RX"}, {"flow_code": "RM"})
    ends = [(row["flow"], row["exporter"], row["importer"]) for row in rows.iter_rows(named=True)]
    assert ends == [("M", "IDN", "CHN"), ("X", "CHN", "IDN"), ("RX", "CHN", "IDN"), ("RM", "IDN", "CHN")]


def test_every_row_says_where_it_came_from() -> None:
    rows = declared({}, {"partner_iso": "AUS"})
    assert rows["raw_row"].to_list() == [1, 2]
    assert rows["raw_sha256"].to_list() == [SHA, SHA]
    assert rows["source"].to_list() == ["comtrade", "comtrade"]


def test_an_annual_row_is_known_a_year_after_its_end_and_a_monthly_row_four_months() -> None:
    rows = declared({"period": "2019"}, {"period": "202003"})
    # 2019 ends on 31 December 2019; 365 days later is 30 December 2020, a leap year. 31 March 2020 + 120 days.
    assert rows["known_from"].to_list() == [date(2020, 12, 30), date(2020, 7, 29)]


def test_a_stated_publication_date_goes_before_the_lag() -> None:
    assert one(declared({"published": "2021-05-04T11:24:10Z"}), "known_from") == date(2021, 5, 4)


def test_zero_mass_beside_a_value_is_missing_and_never_zero() -> None:
    rows = declared({"mass": 0.0, "quantity": 0.0})
    assert (one(rows, "mass_kg"), one(rows, "quantity")) == (None, None)
    assert names(rows["flags"][0]) == ["no_mass"]
    nothing = declared({"mass": 0.0, "value": 0.0})
    assert (one(nothing, "mass_kg"), one(nothing, "value_usd")) == (0.0, 0.0)


def test_an_undeclared_optional_amount_is_null_whether_empty_or_nan() -> None:
    for nothing in (None, float("nan")):
        rows = declared({"mass": nothing, "cif_value": nothing})
        assert (one(rows, "mass_kg"), one(rows, "cif_value_usd")) == (None, None)


def test_the_value_falls_back_on_what_the_direction_is_valued_in() -> None:
    rows = declared(
        {"value": None, "cif_value": 110.0, "fob_value": 100.0},
        {"value": None, "cif_value": 110.0, "fob_value": 100.0, "flow_code": "X"},
    )
    assert rows["value_usd"].to_list() == [110.0, 100.0]


@pytest.mark.parametrize(
    ("cells", "basis"),
    [
        ({"flow_code": "X"}, "FOB"),
        ({}, "CIF"),
        ({"cif_value": 1000.0, "fob_value": 900.0}, "CIF"),
        # Canada, South Africa and Mexico leave CIF empty (or 0) and give the FOB value as the value.
        ({"cif_value": 0.0, "fob_value": 1000.0}, "FOB"),
        ({"cif_value": None, "fob_value": 1000.0}, "FOB"),
        ({"reporter_iso": "CAN"}, "FOB"),
        ({"reporter_iso": "CAN", "cif_value": 1000.0}, "CIF"),
    ],
)
def test_what_an_import_value_includes(cells: dict[str, object], basis: str) -> None:
    row = declared(cells)
    assert one(row, "value_basis") == basis
    assert ("fob_import" in names(row["flags"][0])) == (basis == "FOB" and cells.get("flow_code") != "X")


@pytest.mark.parametrize(
    ("cells", "estimated"),
    [
        ({}, None),
        ({"is_mass_estimated": "True"}, True),
        ({"is_mass_estimated": False}, False),
        # Legacy flag, a sum of 2 (quantity estimated) and 4 (mass estimated).
        ({"estimation_flag": 0.0}, False),
        ({"estimation_flag": 2.0}, False),
        ({"estimation_flag": 4}, True),
        ({"estimation_flag": "6"}, True),
    ],
)
def test_who_says_that_a_mass_was_estimated(cells: dict[str, object], estimated: bool | None) -> None:
    row = declared(cells)
    assert one(row, "is_mass_estimated") is estimated
    assert ("mass_estimated" in names(row["flags"][0])) == (estimated is True)


@pytest.mark.parametrize(
    ("cells", "flags", "counted"),
    [
        ({"partner_iso": "W00"}, ["world"], False),
        ({"partner_iso": "R4"}, ["group"], False),
        ({"reporter_iso": "EUR"}, ["group"], False),
        ({"partner_iso": "_X"}, ["residual"], True),
        ({"partner_iso": "XX"}, ["residual", "special_code"], True),
        ({"partner_iso": "X2"}, [], True),
        ({"partner_iso": "CHN"}, ["self"], True),
        ({"commodity": "999999"}, ["special_code"], True),
    ],
)
def test_peculiar_ends_and_codes_are_flagged(cells: dict[str, object], flags: list[str], counted: bool) -> None:
    row = declared(cells)
    assert names(row["flags"][0]) == flags
    assert one(row, "is_counted") is counted


@pytest.mark.parametrize(
    ("cells", "field", "found", "reason"),
    [
        ({"flow_code": "Z"}, "flow_code", "Z", "row 1: flow code 'Z' is unknown; expected one of M, X"),
        ({"value": -1.0}, "value", "-1.0", "row 1: value -1.0 is negative; correct it or leave it empty"),
        ({"value": "many"}, "value", "many", "row 1: value many is not a number; write 1234.5"),
        ({"value": "1,234"}, "value", "1,234", "row 1: value 1,234 is not a number"),
        ({"value": float("nan")}, "value", "NaN", "row 1: value is not a finite number"),
        ({"value": "nan"}, "value", "nan", "row 1: value is not a finite number"),
        ({"value": "inf"}, "value", "inf", "row 1: value is not a finite number"),
        ({"mass": -5}, "mass", "-5", "row 1: mass -5 is negative"),
        ({"mass": float("inf")}, "mass", "inf", "row 1: mass is not a finite number"),
        ({"cif_value": "x"}, "cif_value", "x", "row 1: cif_value x is not a number"),
        ({"period": "202013"}, "period", "202013", "row 1: period 202013 is neither a year"),
        ({"reporter_iso": None}, "reporter_iso", None, "row 1: no country code is given"),
        ({"partner_iso": None, "partner_code": 9999.0}, "partner_iso", "9999", "row 1: area number 9999 is not"),
        ({"commodity": "26O400"}, "commodity", "26O400", "row 1: commodity code '26O400' is not an HS code"),
        ({"classification": "S3"}, "classification", "S3", "row 1: classification 'S3' is not an edition"),
        ({"customs": "X"}, "customs", "X", "row 1: customs procedure 'X' is unknown"),
        ({"mode": "sea"}, "mode", "sea", "row 1: transport mode 'sea' is unknown"),
        ({"quantity_unit": "bushel"}, "quantity_unit_code", "bushel", "row 1: unit 'bushel' has no conversion"),
        ({"surplus": "7"}, "surplus", "7", "row 1: the row has more cells than the header"),
        ({"value": None, "mass": None}, "value", None, "row 1: the row declares neither a value nor a mass"),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_its_reason(
    cells: dict[str, object], field: str, found: str | None, reason: str
) -> None:
    result = tidied(cells)
    assert result.declarations.height == 0
    refused = result.quarantine.row(0, named=True)
    assert (refused["field"], refused["found"], refused["raw_row"]) == (field, found, 1)
    assert refused["reason"].startswith(reason)
    assert (refused["file"], refused["raw_sha256"]) == ("rows.csv", SHA)


def test_the_reason_names_the_row_and_leaves_the_others_alone() -> None:
    result = tidied({}, {"partner_iso": "AUS", "flow_code": "Z"}, {"partner_iso": "PHL"})
    assert result.declarations["raw_row"].to_list() == [1, 3]
    assert result.quarantine["raw_row"].to_list() == [2]
    assert result.quarantine["reason"][0].startswith("row 2: ")


def test_an_exact_repetition_is_kept_once() -> None:
    result = tidied({}, {})
    assert result.declarations["raw_row"].to_list() == [1]
    assert result.quarantine["reason"].to_list() == ["row 2: repeats row 1 of rows.csv; one of them was kept"]


def test_of_two_rows_that_disagree_the_larger_is_kept() -> None:
    result = tidied({"value": 90.0}, {"value": 100.0})
    assert result.declarations["value_usd"].to_list() == [100.0]
    assert result.quarantine["reason"][0].startswith("row 1: declares the same key as row 2 of rows.csv with other")
    assert result.quarantine["found"].to_list() == ["90.0"]


def test_text_and_numbers_give_the_same_declarations() -> None:
    numbers = raw({"period": 2020, "reporter_iso": None, "reporter_code": 156, "value": 12.5, "commodity": 260400})
    texts = raw({"period": "2020", "reporter_iso": " ", "reporter_code": "156.0", "value": " 12.5 ", "mass": "50"})
    tidy_one, tidy_other = (tidy(frame, source="s", file="f", raw_sha256=SHA) for frame in (numbers, texts))
    assert tidy_one.declarations.equals(tidy_other.declarations)
    assert tidy_one.declarations.height == 1


def test_no_rows_give_no_declarations() -> None:
    result = tidy(raw({}).clear(), source="s", file="f", raw_sha256=SHA)
    assert (result.declarations.height, result.quarantine.height) == (0, 0)
    assert Declarations.is_valid(result.declarations)


@given(DIRTY_ROWS)
def test_rows_in_are_rows_out_and_quarantined(rows: list[dict[str, object]]) -> None:
    before = raw(*rows)
    copy = before.clone()
    result = tidy(before, source="comtrade", file="f", raw_sha256=SHA)
    kept, refused = result.declarations["raw_row"].to_list(), result.quarantine["raw_row"].to_list()
    assert sorted(kept + refused) == list(range(1, len(rows) + 1))
    assert Declarations.is_valid(result.declarations)
    assert Quarantine.is_valid(result.quarantine)
    assert before.equals(copy)


@given(CLEAN_ROWS)
def test_no_amount_is_negative_or_nan(rows: list[dict[str, object]]) -> None:
    amounts = tidied(*rows).declarations.select(pl.col(pl.Float64))
    assert not amounts.select(pl.any_horizontal(pl.all().is_nan() | (pl.all() < 0))).to_series().any()


def test_reporting_says_in_which_direction_somebody_reported() -> None:
    rows = declared({}, {"partner_iso": "W00"}, {"partner_iso": "AUS"}, {"flow_code": "X", "partner_iso": "W00"})
    found = reporting(rows)
    assert found.select("reporter", "period", "direction", "rows").rows() == [
        ("CHN", 2020, "M", 2),
        # A world total alone: it reported, and none of it can be paired.
        ("CHN", 2020, "X", 0),
    ]
