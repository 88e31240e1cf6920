"""Cells of bills of lading: read by the terms of their publisher, refused with a reason, and never guessed."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import UnknownCode
from graphs.manifest_rows import FIELDS, Terms, Told, country_of, read_hs, read_imo, tidy_manifests
from graphs.tables import Quarantine
from graphs.tables_companies import Manifests

TERMS = Terms("bills", "%d/%m/%Y", mass_unit="kg", value_unit="USD")
GOOD = {"shipper": "Kabano Ltd", "day": "03/02/2021", "mass": "25,000.50"}


def told(*rows: dict[str, str | None], terms: Terms = TERMS, latest: date | None = None) -> Told:
    cells = {name: [row.get(name) for row in rows] for name in (*FIELDS, "surplus")}
    raw = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String())).with_row_index("raw_row", offset=1)
    return tidy_manifests(raw, terms, file="bills.csv", raw_sha256="ab", latest=latest)


def one(row: dict[str, str | None], terms: Terms = TERMS) -> dict[str, object]:
    found = told(row, terms=terms)
    assert found.quarantine.is_empty()
    assert Manifests.is_valid(found.manifests)
    return found.manifests.to_dicts()[0]


def test_a_whole_row_is_read_as_it_stands() -> None:
    row = {
        "shipper": " Kabano Ltd ", "consignee": "TO ORDER", "notify": "N/A", "shipper_country": "Ghana",
        "consignee_country": "ci", "notify_country": "XAA", "commodity": "2606.00.00", "description": "BAUXITE IN BULK",
        "mass": "25.5", "mass_unit": "tonnes", "packages": "1,200", "package_kind": "BAGS", "value": "1 000.5",
        "value_unit": "kUSD", "from": "Tema, Ghana", "to": "CNSHA", "vessel": "MV DEROTI", "imo": "IMO9074729",
        "day": "03/02/2021", "published": "01/04/2021", "bill": "B1", "master": "M1",
    }  # fmt: skip
    assert one(row) == {
        "raw_sha256": "ab", "raw_row": 1, "mapping": "bills", "day": date(2021, 2, 3),
        "shipper": "Kabano Ltd", "consignee": "TO ORDER", "notify": None,
        "shipper_country": "GHA", "consignee_country": "CIV", "notify_country": "XAA",
        "shipper_id": None, "consignee_id": None, "notify_id": None,
        "commodity": "260600", "description": "BAUXITE IN BULK", "mass_kg": 25500.0, "packages": 1200,
        "package_kind": "BAGS", "value_usd": 1000500.0, "from_text": "Tema, Ghana", "to_text": "CNSHA",
        "from_place": None, "to_place": None, "vessel_text": "MV DEROTI", "imo": 9074729, "track_id": None,
        "bill": "B1", "is_counted": True, "known_from": date(2021, 4, 1),
    }  # fmt: skip


def test_columns_that_a_file_lacks_are_null() -> None:
    raw = pl.DataFrame(
        {"raw_row": [1], "shipper": ["Kabano"], "day": ["03/02/2021"]}, schema_overrides={"raw_row": pl.UInt32}
    )
    found = tidy_manifests(raw, TERMS, file="bills.csv", raw_sha256="ab")
    assert found.manifests.select("shipper", "consignee", "mass_kg", "imo").rows() == [("Kabano", None, None, None)]
    empty = tidy_manifests(raw.clear(), TERMS, file="bills.csv", raw_sha256="ab")
    assert empty.manifests.equals(Manifests.create_empty())
    assert empty.quarantine.is_empty()


@pytest.mark.parametrize(
    ("cell", "terms", "mass_kg"),
    [
        ("25000", TERMS, 25000.0),
        ("25,000.50", TERMS, 25000.5),
        ("25 000.50", TERMS, 25000.5),
        ("0", TERMS, None),
        ("0.00", TERMS, None),
        ("", TERMS, None),
        ("N/A", TERMS, None),
        ("100", Terms("b", "%d/%m/%Y", mass_unit="lb"), 45.359237),
        ("25.000,50", Terms("b", "%d/%m/%Y", mass_unit="kg", decimal=","), 25000.5),
        ("25,5", Terms("b", "%d/%m/%Y", mass_unit="kg", decimal=","), 25.5),
    ],
)
def test_a_mass_is_read_by_the_terms(cell: str, terms: Terms, mass_kg: float | None) -> None:
    found = one(GOOD | {"mass": cell}, terms)["mass_kg"]
    assert found == (None if mass_kg is None else pytest.approx(mass_kg))


def test_no_packages_are_none_only_where_nothing_is_stated() -> None:
    assert one(GOOD | {"packages": "0"})["packages"] == 0
    assert one(GOOD)["packages"] is None


def test_days_and_publication() -> None:
    assert one(GOOD)["known_from"] == date(2021, 3, 5)
    stated = Terms("b", "%d/%m/%Y", mass_unit="kg", published=date(2022, 1, 1))
    assert one({"shipper": "Kabano"}, stated)["known_from"] == date(2022, 1, 1)
    assert one({"shipper": "Kabano"}, stated)["day"] is None
    lagged = Terms("b", "%Y-%m-%d %H:%M:%S", mass_unit="kg", known_after_days=0)
    assert one({"shipper": "Kabano", "day": "2021-02-03 23:59:59"}, lagged)["known_from"] == date(2021, 2, 3)
    found = told(GOOD, latest=date(2021, 2, 2))
    assert found.quarantine["reason"].to_list() == [
        "row 1: day '03/02/2021' lies after 2021-02-02, when the file was taken; correct it"
    ]
    assert told(GOOD, latest=date(2021, 2, 3)).quarantine.is_empty()


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"day": "31/02/2021"}, "day", "day '31/02/2021' is none in the form '%d/%m/%Y'"),
        ({"day": "2021-02-03"}, "day", "is none in the form"),
        ({"day": "01/01/0021"}, "day", "lies before 1900"),
        ({"day": None}, "day", "no day is given, and no publication"),
        ({"published": "soon"}, "day", "day 'soon' is none"),
        ({"mass": "-5"}, "mass", "mass is no amount; write it without a sign, such as 25,000.50"),
        ({"mass": "nan"}, "mass", "mass is no amount"),
        ({"mass": "inf"}, "mass", "mass is no amount"),
        ({"mass": "12,5"}, "mass", "mass is no amount"),
        ({"mass": "1e5"}, "mass", "mass is no amount"),
        ({"mass": "٣"}, "mass", "mass is no amount"),
        ({"mass": "9" * 400}, "mass", "mass is above 600,000,000 kg, which no bill holds"),
        ({"mass": "700000000"}, "mass", "mass is above"),
        ({"mass_unit": "tons"}, "mass_unit", "unit 'tons' has no conversion"),
        ({"mass_unit": "m3"}, "mass_unit", "measures volume and does not convert to kg"),
        ({"value": "free"}, "value", "value is no amount"),
        ({"value": "5", "value_unit": "EUR"}, "value_unit", "unit 'EUR' has no conversion"),
        ({"packages": "1.5"}, "packages", "packages are no whole number"),
        ({"packages": "-1"}, "packages", "packages is no amount"),
        ({"commodity": "26O600"}, "commodity", "is no HS code"),
        ({"commodity": "260600;260700"}, "commodity", "write one code"),
        ({"commodity": "000000"}, "commodity", "is no HS code"),
        ({"commodity": "2606000000000"}, "commodity", "is no HS code"),
        ({"imo": "9074720"}, "imo", "has a wrong check digit"),
        ({"imo": "12345"}, "imo", "write its seven digits"),
        ({"shipper_country": "Atlantis"}, "shipper_country", "country 'Atlantis' is unknown"),
        ({"shipper_country": "QQQ"}, "shipper_country", "area code 'QQQ' is not in the list"),
        ({"shipper": "k" * 301}, "shipper", "shipper has 301 characters, more than 300"),
        ({"description": "k" * 10_001}, "description", "more than 10,000"),
        ({"consignee": "Kab\ufffdno"}, "consignee", "holds bytes that are no text"),
        ({"surplus": "x"}, "surplus", "it has more cells than the header"),
        ({"shipper": "--", "mass": None}, "shipper", "it names neither a party nor goods nor a mass"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row(change: dict[str, str | None], field: str, reason: str) -> None:
    found = told(GOOD, GOOD | change)
    assert found.manifests["raw_row"].to_list() == [1]
    (refused,) = found.quarantine.to_dicts()
    assert Quarantine.is_valid(found.quarantine)
    assert (refused["raw_row"], refused["field"], refused["file"]) == (2, field, "bills.csv")
    assert reason in refused["reason"]
    assert refused["reason"].startswith("row 2: ")
    assert len(refused["reason"]) < 250


def test_a_mass_without_a_unit_is_refused() -> None:
    found = told(GOOD, terms=Terms("b", "%d/%m/%Y"))
    assert found.quarantine["reason"].to_list() == ["row 1: mass has no unit; state mass_unit in the mapping"]


def test_units_and_countries_may_have_names_of_their_own() -> None:
    terms = Terms("b", "%d/%m/%Y", units={"Pounds": "lb"}, countries={"Cote d Ivoire": "CIV"})
    row = one(GOOD | {"mass": "100", "mass_unit": "Pounds", "shipper_country": "Cote d Ivoire"}, terms)
    assert (row["mass_kg"], row["shipper_country"]) == (pytest.approx(45.359237), "CIV")


def test_a_master_bill_with_house_bills_does_not_count() -> None:
    rows = [
        GOOD | {"bill": bill, "master": master} for bill, master in [("M", None), ("H1", "M"), ("H2", "M"), ("X", "X")]
    ]
    found = told(*rows, GOOD)
    assert found.masters == {"M"}
    assert found.manifests["is_counted"].to_list() == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("code", "read"),
    [("26", "26"), ("2606", "2606"), ("260600", "260600"), ("71081200", "710812"), ("1012100", "010121"), (None, None)],
)
def test_hs_codes_keep_six_digits(code: str | None, read: str | None) -> None:
    assert read_hs(code) == (read,)


def test_imo_numbers() -> None:
    assert read_imo("IMO 9319466") == (9319466,)
    assert read_imo("imo9074729") == (9074729,)
    assert read_imo("0") == read_imo("0000000") == read_imo(None) == (None,)


@given(st.integers(100_000, 999_999))
def test_one_of_ten_check_digits_is_right(number: int) -> None:
    right = []
    for last in range(10):
        try:
            right.append(read_imo(f"{number}{last}"))
        except UnknownCode:
            continue
    total = sum((7 - at) * int(digit) for at, digit in enumerate(str(number)))
    assert right == [(int(f"{number}{total % 10}"),)]


@pytest.mark.parametrize(
    ("text", "code"), [("GHA", "GHA"), ("gh", "GHA"), ("Ghana", "GHA"), ("XAA", "XAA"), ("viet nam", "VNM")]
)
def test_countries_are_read_by_code_and_name(text: str, code: str) -> None:
    assert country_of(text) == code


@given(st.lists(st.fixed_dictionaries({}, optional={name: st.text(max_size=12) for name in FIELDS}), max_size=8))
def test_every_row_is_kept_or_refused(rows: list[dict[str, str | None]]) -> None:
    found = told(*rows)
    numbers = [*found.manifests["raw_row"], *found.quarantine["raw_row"]]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert Manifests.is_valid(found.manifests)
    assert Quarantine.is_valid(found.quarantine)
