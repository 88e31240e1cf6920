"""Places by what people call them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from pipelines.place_queries import KINDS, find, main_place, standing
from tests.pipelines.moving_home import PLACES, PORT_A, PORT_B, frame

EVERY = frame("places", PLACES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alpha", PORT_A),
        ("port of ALPHA", PORT_A),
        ("Alpha harbour", PORT_A),
        ("XAALP", PORT_A),
        ("XA ALP", PORT_A),
        ("port:XAA:2", PORT_A),
        ("city:XAA:1", "city:XAA:1"),
        ("Gamma", "city:XAA:2"),
        ("XAL", "airport:iata:XAL"),
        ("XXAL", "airport:iata:XAL"),
        ("airport Alpha", "airport:iata:XAL"),
        ("roads alpha", "anchorage:XAA:1"),
        ("Twin, XBB", "port:XBB:9"),
        ("Suez Canal", "strait:suez"),
    ],
)
def test_a_place_is_found_by_name_code_or_id(text, expected):
    assert find(EVERY, text).place_id == expected


def test_a_mode_says_which_kind_is_meant():
    assert find(EVERY, "Beta").place_id == PORT_B
    assert find(EVERY, "Beta", ("air",)).place_id == "airport:iata:XBE"


def test_what_else_has_the_name_is_told():
    assert [one.rpartition("[")[2] for one in find(EVERY, "Alpha").others] == ["city:XAA:1]"]
    assert find(EVERY, PORT_A).others == ()


@pytest.mark.parametrize(("text", "lon", "lat"), [("6.2,-1.6", -1.6, 6.2), ("-33.9, 18.4", 18.4, -33.9), ("0 0", 0, 0)])
def test_latitude_and_longitude_are_a_place(text, lon, lat):
    found = find(EVERY, text)
    assert (found.lon, found.lat, found.place_id) == (lon, lat, None)
    assert found.end == (lon, lat)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_of_the_globe_can_be_written(lat, lon):
    found = find(EVERY, f"{lat:.6f},{lon:.6f}")
    assert found.lat == pytest.approx(lat, abs=1e-5)
    assert found.lon == pytest.approx(lon, abs=1e-5)


@pytest.mark.parametrize("text", ["91,0", "0,181", "-95.5,10"])
def test_a_point_beyond_the_globe_is_refused(text):
    with pytest.raises(InputError, match="lies nowhere"):
        find(EVERY, text)


def test_places_apart_of_one_name_are_listed_and_none_is_guessed():
    with pytest.raises(InputError, match=r"several places.*port:XAA:9\].*port:XBB:9\]"):
        find(EVERY, "Twin")


@pytest.mark.parametrize("text", ["Nowhere", "  ", "ZZZZZ", "port:XAA:77"])
def test_no_place_is_said(text):
    with pytest.raises(InputError, match="is called"):
        find(EVERY, text)


def test_only_kinds_that_are_asked_for_count():
    assert find(EVERY, "Alpha", kinds=("city",)).place_id == "city:XAA:1"
    with pytest.raises(InputError, match="no port or anchorage is called"):
        find(EVERY, "Gamma", kinds=("port", "anchorage"))


def test_an_anchorage_is_an_end_by_its_position():
    """The network has no vertex for it."""
    assert find(EVERY, "anchorage:XAA:1").end == (0.08, 0.0)
    assert find(EVERY, "Alpha").end == PORT_A


def test_a_country_is_stood_for_by_its_port_with_most_calls_else_the_largest_else_its_city():
    places = standing(EVERY)
    assert main_place(places, "XAA").place_id == PORT_A
    calls = pl.DataFrame({"place_id": ["port:XAA:3", "port:XAA:3", PORT_A]})
    assert main_place(places, "XAA", calls).place_id == "port:XAA:3"
    assert main_place(places, "XCC").place_id == "city:XCC:1"
    assert main_place(places, "XDD") is None


def test_without_sizes_the_port_of_the_largest_city_stands_for_its_country_and_a_city_for_what_flies():
    def place(place_id: str, lon: float, **more: object) -> dict[str, object]:
        kind = place_id.partition(":")[0]
        return {"place_id": place_id, "name": place_id, "kind": kind, "country": "XEE", "lon": lon, "lat": 0.0, **more}

    rows = [
        place("port:a", 0.0), place("port:b", 1.0), place("port:c", 2.0),
        place("city:a", 0.1, size="100,000 and more"), place("city:b", 1.1, size="1,000,000 and more"),
        place("city:inland", 9.0, size="5,000,000 and more"),
    ]  # fmt: skip
    places = pl.DataFrame(rows, schema_overrides={"kind": EVERY.schema["kind"]})
    places = pl.concat([EVERY.clear(), places], how="diagonal_relaxed")
    assert main_place(places, "XEE").place_id == "port:b"
    assert main_place(places, "XEE", is_bulk=False).place_id == "city:inland"
    assert main_place(places.filter(pl.col("kind") != "city"), "XEE", is_bulk=False).place_id == "port:a"


def test_joined_rows_do_not_count_for_themselves():
    assert "port:XAA:2" not in standing(EVERY)["place_id"].to_list()
    assert set(KINDS) == set(EVERY.schema["kind"].categories.to_list())
