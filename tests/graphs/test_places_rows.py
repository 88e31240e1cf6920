from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.places_rows import TIMELESS, merge, numbered, tidy_places
from graphs.tables import Quarantine
from graphs.tables_places import Places
from tests.graphs.place_rows import places, raw, told


def test_a_row_is_read_as_it_stands() -> None:
    row = places({"size": " Large ", "max_draught_m": "11.5", "name": " Tema ", "locode": "gh tem"}).row(0, named=True)
    assert row == {
        "place_id": "port:a:1",
        "kind": "port",
        "name": "Tema",
        "country": "GHA",
        "lon": 0.02,
        "lat": 5.63,
        "locode": "GHTEM",
        "iata": None,
        "icao": None,
        "size": "Large",
        "max_draught_m": 11.5,
        "max_length_m": None,
        "source": "a",
        "same_as": None,
        "same_why": None,
        "known_from": date(1900, 1, 1),
        "raw_sha256": "0" * 64,
    }
    assert date(1900, 1, 1) == TIMELESS


@pytest.mark.parametrize(
    ("cells", "field", "found", "reason"),
    [
        ({"place_id": " "}, "place_id", None, "no place_id is given"),
        ({"kind": "mine"}, "kind", "mine", "kind of place 'mine' is unknown; expected one of port, anchorage"),
        ({"kind": None}, "kind", None, "kind of place None is unknown"),
        ({"country": "Atlantis"}, "country", "Atlantis", "area code 'Atlantis' is not in the list of countries"),
        ({"country": "NA"}, "country", None, "no country is given"),
        ({"country": None}, "country", None, "no country is given; fill in the ISO alpha-3 code"),
        ({"country": "EUR"}, "country", "EUR", "EUR is no country (group)"),
        ({"country": "W00"}, "country", "W00", "W00 is no country (world)"),
        ({"name": ""}, "name", None, "no name is given"),
        ({"lon": "east"}, "lon", "east", "lon is not between -180 and 180 degrees"),
        ({"lon": "180.1"}, "lon", "180.1", "lon is not between -180 and 180 degrees"),
        ({"lat": "-90.5"}, "lat", "-90.5", "lat is not between -90 and 90 degrees"),
        ({"lat": "nan"}, "lat", "nan", "lat is not between -90 and 90 degrees"),
        ({"lat": None}, "lat", None, "lat is not between -90 and 90 degrees"),
        ({"lon": "0.0", "lat": "0"}, "lon", "0.0", "it lies at 0, 0, which stands for unknown"),
        ({"max_draught_m": "-1"}, "max_draught_m", "-1", "max_draught_m is not above zero metres"),
        ({"max_length_m": "long"}, "max_length_m", "long", "max_length_m is not above zero metres"),
        ({"max_length_m": "inf"}, "max_length_m", "inf", "max_length_m is not above zero metres"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, Any], field: str, found: str | None, reason: str) -> None:
    answer = told({}, cells)
    assert answer.places["place_id"].to_list() == ["port:a:1"]
    refused = answer.quarantine.row(0, named=True)
    assert (refused["field"], refused["found"]) == (field, found)
    assert refused["reason"].startswith(f"row 2: {reason}")


def test_a_repeated_id_is_refused_and_the_first_kept() -> None:
    answer = told({"name": "One"}, {"name": "Two", "place_id": "port:a:1"})
    assert answer.places["name"].to_list() == ["One"]
    assert answer.quarantine["reason"].to_list() == ["row 2: it repeats a place_id of an earlier row, which was kept"]


def test_a_strait_belongs_to_nobody() -> None:
    assert places({"kind": "strait", "country": None, "locode": None})["country"].to_list() == [None]


def test_a_code_that_is_none_is_left_out_and_named() -> None:
    answer = told({"locode": "EG"}, {"iata": "ACC", "icao": "DGAA"}, {"iata": "AC"})
    assert answer.places["locode"].to_list() == [None, "GHTEM", "GHTEM"]
    assert answer.places["iata"].to_list() == [None, "ACC", None]
    assert answer.notes == (
        "a.csv: 1 locode codes are none and were left out (EG at Tema)",
        "a.csv: 1 iata codes are none and were left out (AC at Tema)",
    )


def test_a_code_of_another_country_is_left_out_and_named() -> None:
    """Saint Petersburg in Florida must not be joined with the Russian harbour whose code its list gives it."""
    answer = told(
        {"name": "St Petersburg", "country": "USA", "locode": "RULED"},
        {"name": "Pointe des Galets", "country": "REU", "locode": "FRPDG"},
        {"name": "Port Ankora", "country": "XAA", "locode": "XAANK"},
        {"name": "Nowhere", "country": "GHA", "locode": "GCXXX"},
    )
    assert answer.places["locode"].to_list() == [None, "FRPDG", "XAANK", "GCXXX"]
    assert answer.notes == (
        "a.csv: 1 UN/LOCODEs name another country than their row and were left out (RULED at St Petersburg)",
    )


def test_a_list_that_repeats_its_numbers_keeps_both_rows() -> None:
    ids = pl.DataFrame({"n": ["7", "8", "7", "7"]}).select(numbered(pl.format("port:a:{}", "n")).alias("id"))
    assert ids["id"].to_list() == ["port:a:7", "port:a:8", "port:a:7:2", "port:a:7:3"]


def test_lists_become_one_table_and_the_first_stands() -> None:
    one, two = places({"name": "One"}), places({"name": "Two"}, {"name": "Three"}, source="b")
    assert merge([one, two])["name"].to_list() == ["One", "Three"]
    assert merge([]).equals(Places.create_empty())


CELL = st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["GHA", "port", "1.5", "-200", "nan", "USNYC"]))
ROW = st.fixed_dictionaries({}, optional=dict.fromkeys(("place_id", "kind", "country", "lon", "lat", "locode"), CELL))


@given(st.lists(ROW, min_size=1, max_size=8))
def test_every_row_is_kept_or_refused_with_a_reason(rows: list[dict[str, Any]]) -> None:
    given_rows = raw(*rows)
    answer = tidy_places(given_rows, source="a", file="a.csv", raw_sha256="0" * 64)
    assert Places.is_valid(answer.places)
    assert Quarantine.is_valid(answer.quarantine)
    assert answer.places.height + answer.quarantine.height == given_rows.height
    again = tidy_places(given_rows, source="a", file="a.csv", raw_sha256="0" * 64)
    assert again.places.equals(answer.places)
