import polars as pl
import pytest

from graphs import rows
from graphs.errors import InputError, UnknownCode, UnknownUnit


@pytest.mark.parametrize(
    ("period", "year", "expected"),
    [
        ("2020", None, 2020),
        ("202003", None, 202003),
        ("2020-03", None, 202003),
        ("2020M11", None, 202011),
        (None, "2019", 2019),
    ],
)
def test_periods_are_read_in_every_published_form(period: str | None, year: str | None, expected: int) -> None:
    assert rows.read_period(period, year) == (expected,)


@pytest.mark.parametrize("period", ["202013", "202000", "20", "1850", "2020Q1", "20200101"])
def test_what_is_neither_a_year_nor_a_month_is_refused(period: str) -> None:
    with pytest.raises(InputError, match=period):
        rows.read_period(period, None)


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("M", None, "M"),
        ("rx", None, "RX"),
        # The legacy bulk files number the flows: 1 import, 2 export, 3 re-export, 4 re-import.
        ("1", None, "M"),
        ("2", None, "X"),
        ("3", None, "RX"),
        ("4", None, "RM"),
        (None, "Re-Export", "RX"),
        (None, "Import", "M"),
    ],
)
def test_flows_are_read_in_every_published_form(code: str | None, name: str | None, expected: str) -> None:
    assert rows.read_flow(code, name) == (expected,)


@pytest.mark.parametrize("code", ["5", "E", "Exit", None])
def test_an_unknown_flow_names_those_that_are_known(code: str | None) -> None:
    with pytest.raises(UnknownCode, match="expected one of M, X, RM, RX"):
        rows.read_flow(code, None)


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("_X ", "899", ("_X", "residual")),
        ("XX ", "839", ("XX", "residual")),
        ("X2 ", "838", ("X2", "zone")),
        ("S19", "490", ("S19", "residual")),
        ("E19", "568", ("E19", "residual")),
        ("WLD", "0", ("W00", "world")),
        ("W00", "0", ("W00", "world")),
        ("EU2", "97", ("EUR", "group")),
        ("R4 ", "975", ("R4", "group")),
        ("ANT", "530", ("ANT", "country")),
        ("SCG", "891", ("SCG", "country")),
        # No ISO code: the legacy files leave it empty for areas that are no country.
        (None, "490", ("S19", "residual")),
        (None, "899", ("_X", "residual")),
        (None, "842", ("USA", "country")),
        (None, "381", ("ITA", "country")),
        # Codes that ISO leaves to users pass as they are, whatever their number.
        ("XAB", "9001", ("XAB", "country")),
        ("XAB", None, ("XAB", "country")),
        # An ISO code nobody knows beside a number that is known.
        ("QQQ", "156", ("CHN", "country")),
    ],
)
def test_areas_are_read_from_the_code_else_from_the_number(
    code: str | None, number: str | None, expected: tuple[str, str]
) -> None:
    assert rows.read_area(code, number) == expected


@pytest.mark.parametrize(("code", "number"), [(None, None), ("QQQ", None), ("QQQ", "9999"), (None, "-1"), (None, "x")])
def test_an_unknown_area_is_refused(code: str | None, number: str | None) -> None:
    with pytest.raises(UnknownCode):
        rows.read_area(code, number)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("260400", "260400"),
        ("10511", "010511"),
        ("1", "01"),
        ("2604", "2604"),
        ("TOTAL", "TOTAL"),
        ("9999AA", "9999AA"),
    ],
)
def test_commodity_codes_get_their_leading_zero_back(code: str, expected: str) -> None:
    assert rows.read_commodity(code) == (expected,)


@pytest.mark.parametrize("code", ["26040010", "26O400", "", None, "nickel"])
def test_other_commodity_codes_are_refused(code: str | None) -> None:
    with pytest.raises(UnknownCode, match=r"HS code|commodity code"):
        rows.read_commodity(code)


def test_other_classifications_are_refused() -> None:
    assert rows.read_revision("H4") == ("H4",)
    assert rows.read_revision("HS") == (None,)
    with pytest.raises(UnknownCode, match="'S3' is not an edition of the Harmonized System"):
        rows.read_revision("S3")


def test_units_by_number_or_name() -> None:
    assert rows.read_unit("8", None) == ("kg",)
    assert rows.read_unit("12", "Volume in cubic meters") == ("m³",)
    assert rows.read_unit(None, "kg") == ("kg",)
    assert rows.read_unit("-1", "N/A") == (None,)
    assert rows.read_unit("1", "No Quantity") == (None,)
    assert rows.read_unit(None, None) == (None,)
    with pytest.raises(UnknownUnit, match="99"):
        rows.read_unit("99", None)


def test_services_are_not_goods() -> None:
    with pytest.raises(UnknownCode, match="'S' is not trade in goods"):
        rows.read_type("S")


def test_truth_in_every_published_form() -> None:
    frame = pl.DataFrame({"said": ["True", "false", "1", "0", " TRUE ", "1.0", "", None, "perhaps"]})
    expected = [True, False, True, False, True, True, None, None, None]
    assert frame.select(rows.truth("said")).to_series().to_list() == expected
    assert pl.DataFrame({"said": [True, None]}).select(rows.truth("said")).to_series().to_list() == [True, None]


def test_cells_of_numbers_and_of_text_read_alike() -> None:
    floats = pl.DataFrame({"code": [842.0, 97.0, None]}).select(rows.cell("code"))
    texts = pl.DataFrame({"code": [" 842.0 ", "97", "nan"]}).select(rows.cell("code"))
    assert floats.to_series().to_list() == texts.to_series().to_list() == ["842", "97", None]
