"""Rows of positions held to a slow, obvious reader of one row at a time."""

import math
import re
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.position_codes import STATUSES, TYPES, code
from graphs.position_rows import FIELDS, MEASURES, POSITIONS, Told, one_a_time, tidy_positions
from graphs.tables import Quarantine
from graphs.tables_ships import VesselPositions

GOOD: dict[str, str | None] = {
    "mmsi": "280000001",
    "time": "2024-10-01T12:00:05",
    "lon": "-0.01234",
    "lat": "5.61",
    "speed": "11.5",
    "course": "90.1",
    "heading": "91",
    "status": "0",
    "draught": "9.8",
    "imo": "IMO9074729",
    "name": "INVENTED",
    "call_sign": "XA12",
    "ais_type": "70",
    "length": "180",
    "width": "30",
    "transceiver": "A",
}
UNTIL = datetime(2024, 12, 31)
BOUNDS = {"speed": 102.4, "course": 409.6, "heading": 511.0, "draught": 25.5, "length": 1022.0, "width": 126.0}
# What says "not available" in each of them, beside an empty cell.
UNSENT = {"speed": 102.3, "course": 360.0, "heading": 511.0, "draught": 0.0, "length": 0.0, "width": 0.0}
BAD = {
    "no time": ({"time": None}, "time", None, "no time is given"),
    "an empty time": ({"time": "  "}, "time", "  ", "no time is given"),
    "a word for a time": ({"time": "noon"}, "time", "noon", "time noon is no time as this layout writes it"),
    "the thirteenth month": ({"time": "2024-13-01T00:00:00"}, "time", "2024-13-01T00:00:00", "is no time"),
    "a clock of 1970": ({"time": "1970-01-01T00:00:00"}, "time", "1970-01-01T00:00:00", "lies before 2005"),
    "a time to come": ({"time": "2031-01-01T00:00:00"}, "time", "2031-01-01T00:00:00", "lies after the file was taken"),
    "no sender": ({"mmsi": None}, "mmsi", None, "no sender is given"),
    "eight digits": ({"mmsi": "28000000"}, "mmsi", "28000000", "is no identity of nine digits"),
    "ten digits": ({"mmsi": "2800000001"}, "mmsi", "2800000001", "is no identity of nine digits"),
    "letters": ({"mmsi": "28000000X"}, "mmsi", "28000000X", "is no identity of nine digits"),
    "digits of another script": ({"mmsi": "28000000٣"}, "mmsi", "28000000٣", "is no identity of nine digits"),
    "a sign": ({"mmsi": "-28000001"}, "mmsi", "-28000001", "is no identity of nine digits"),
    "nobody's identity": ({"mmsi": "000000000"}, "mmsi", "000000000", "a transponder that nobody set up"),
    "a latitude beyond the pole": ({"lat": "90.01"}, "lat", "90.01", "is no latitude (-90 to 90; 91 for none)"),
    "a longitude beyond the date line": ({"lon": "-180.5"}, "lon", "-180.5", "is no longitude"),
    "a latitude with a comma": ({"lat": "5,61"}, "lat", "5,61", "with a decimal point"),
    "a latitude that is no number": ({"lat": "nan"}, "lat", "nan", "is no latitude in degrees"),
    "an endless longitude": ({"lon": "inf"}, "lon", "inf", "is no longitude in degrees"),
    "half a position": ({"lat": None}, "lat", None, "only one of latitude and longitude is given"),
    "a speed beyond any radio": ({"speed": "102.5"}, "speed", "102.5", "speed 102.5 is not a speed in knots"),
    "a negative speed": ({"speed": "-0.1"}, "speed", "-0.1", "is not a speed in knots"),
    "a course beyond any radio": ({"course": "500"}, "course", "500", "is not a course in degrees"),
    "a heading of two numbers": ({"heading": "91 92"}, "heading", "91 92", "is not a heading in degrees"),
    "a heading beyond any radio": ({"heading": "512"}, "heading", "512", "is not a heading in degrees"),
    "a draught beyond any radio": ({"draught": "25.6"}, "draught", "25.6", "is not a draught in metres"),
    "a negative length": ({"length": "-180"}, "length", "-180", "is not a length in metres"),
    "a width beyond any radio": ({"width": "127"}, "width", "127", "is not a width in metres"),
    "an unknown status": ({"status": "16"}, "status", "16", "is no status of a ship (0 to 15)"),
    "an unknown word for a status": ({"status": "asleep"}, "status", "asleep", "is no status of a ship"),
    "an unknown type": ({"ais_type": "700"}, "ais_type", "700", "is no type of a ship (0 to 255)"),
    "an unknown transceiver": ({"transceiver": "C"}, "transceiver", "C", "is no class of a transceiver (A or B)"),
    "a damaged name": ({"name": "INV\x00ENTED"}, "name", "INV\x00ENTED", "holds what no ship can send"),
    "bytes that are no text": ({"call_sign": "XA\ufffd"}, "call_sign", "XA\ufffd", "holds what no ship can send"),
}


def raw(*rows: dict[str, str | None]) -> pl.DataFrame:
    schema = {name: pl.String() for row in rows for name in row}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return frame.with_row_index("raw_row", offset=1)


def tidied(*rows: dict[str, str | None], **options: Any) -> Told:
    given = {"source": "ais_marine", "file": "rows.csv", "raw_sha256": "ab", "file_number": 7, "until": UNTIL}
    return tidy_positions(raw(*rows), **(given | options))


def test_a_report_is_read_as_it_stands() -> None:
    told = tidied(GOOD)
    assert told.positions.to_dicts() == [
        {
            "sender": 280_000_001,
            "time": datetime(2024, 10, 1, 12, 0, 5, tzinfo=UTC),
            "lon": -0.01234,
            "lat": 5.61,
            "speed_kn": pytest.approx(11.5),
            "course_deg": pytest.approx(90.1),
            "heading_deg": 91.0,
            "status": 0,
            "draught_m": pytest.approx(9.8),
            "imo": 9074729,
            "name": "INVENTED",
            "call_sign": "XA12",
            "ais_type": 70,
            "length_m": 180.0,
            "width_m": 30.0,
            "transceiver": "A",
            "raw_row": 1,
            "day": datetime(2024, 10, 1).date(),
        }
    ]
    assert told.positions.schema == pl.Schema(POSITIONS)
    assert told.quarantine.is_empty()
    assert told.others == 0


def test_what_says_not_available_is_null_and_the_ship_was_heard() -> None:
    silent = {"lon": "181", "lat": "91.0", **{field: f"{value}" for field, value in UNSENT.items()}}
    empty = dict.fromkeys(("lon", "lat", "name", "imo", "status", "ais_type", *UNSENT), "")
    words = {"status": "15", "ais_type": "0", "name": "@@@", "imo": "IMO0000000", "call_sign": "Unknown"}
    told = tidied(GOOD | silent, GOOD | empty, GOOD | words)
    assert told.quarantine.is_empty()
    assert told.positions["sender"].to_list() == [280_000_001] * 3
    for column in ("lon", "lat", *(one.column for one in MEASURES)):
        assert told.positions[column].to_list()[:2] == [None, None]
    for column in ("status", "ais_type", "name", "imo"):
        assert told.positions[column].to_list()[1:] == [None, None]


@pytest.mark.parametrize("half", [{"lat": "91"}, {"lon": "181"}, {"lat": "91", "lon": ""}])
def test_half_a_position_that_is_not_available_is_none(half: dict[str, str]) -> None:
    told = tidied(GOOD | half)
    assert told.positions.select("lon", "lat").rows() == [(None, None)]


@pytest.mark.parametrize("kind", BAD)
def test_a_row_at_fault_is_refused_with_a_reason(kind: str) -> None:
    change, field, found, reason = BAD[kind]
    told = tidied(GOOD, GOOD | change)
    assert told.positions["raw_row"].to_list() == [1]
    (refused,) = told.quarantine.to_dicts()
    assert (refused["raw_row"], refused["field"], refused["found"]) == (2, field, found)
    assert refused["reason"].startswith("row 2: ")
    assert reason in refused["reason"]
    assert Quarantine.is_valid(told.quarantine)


@pytest.mark.parametrize("mmsi", ["002190068", "111219501", "812345678", "970010123", "992191234"])
def test_stations_aircraft_beacons_and_buoys_are_counted_apart(mmsi: str) -> None:
    told = tidied(GOOD, GOOD | {"mmsi": mmsi})
    assert told.positions["raw_row"].to_list() == [1]
    assert told.quarantine.is_empty()
    assert told.others == 1


def test_a_reader_says_which_rows_are_no_ships_and_which_it_cannot_use() -> None:
    rows = raw(GOOD, GOOD, GOOD).with_columns(
        pl.Series("is_other", [False, True, False]),
        pl.Series("fault", [None, None, "the line is cut"]),
        pl.Series("fault_found", [None, None, "3 cells"]),
    )
    told = tidy_positions(rows, source="ais_danish", file="rows.csv", raw_sha256="ab", file_number=7)
    assert told.positions["raw_row"].to_list() == [1]
    assert told.others == 1
    assert told.quarantine.select("field", "found", "reason").rows() == [("row", "3 cells", "row 3: the line is cut")]


def test_ships_that_a_file_numbers_itself_are_nobody_elses() -> None:
    own = {"number": "12", "time": "2021-03-20T00:22:00", "lon": "32.3", "lat": "31.4"}
    told = tidied(own, own | {"number": "1048575"}, own | {"number": "1048576"}, own | {"number": "x"})
    assert told.positions["sender"].to_list() == [-((7 << 20) + 12), -((7 << 20) + 1048575)]
    assert told.quarantine["field"].to_list() == ["number", "number"]
    other = tidied(own, file_number=8).positions["sender"]
    assert set(other) & set(told.positions["sender"]) == set()


def test_negative_speeds_and_courses_count_as_not_sent_where_a_layout_has_them() -> None:
    told = tidied(GOOD | {"speed": "-0.1", "course": "-49.6"}, GOOD | {"draught": "-1"}, is_signed=True)
    assert told.positions.select("speed_kn", "course_deg").rows() == [(None, None)]
    assert told.quarantine["field"].to_list() == ["draught"]


def test_numbers_with_blanks_and_the_zeros_of_spreadsheets_are_read() -> None:
    spread = GOOD | {"mmsi": " 280000001.0 ", "lat": " 5.61 ", "heading": "91.0", "ais_type": "70.0", "length": "180.0"}
    assert tidied(spread).positions.equals(tidied(GOOD).positions)


@pytest.mark.parametrize(
    "time", ["2024-10-01 12:00:05", "2024-10-01T12:00:05Z", "2024-10-01T12:00:05.000Z", " 2024-10-01T12:00:05 "]
)
def test_times_of_all_iso_shapes_are_one(time: str) -> None:
    assert tidied(GOOD | {"time": time}).positions.equals(tidied(GOOD).positions)


def test_the_number_of_a_ship_counts_with_its_check_digit_only() -> None:
    numbers = ["IMO9074729", "9074729", "imo 9074729", "9074728", "IMO907472", "0000000", "Unknown", None]
    told = tidied(*(GOOD | {"imo": one} for one in numbers))
    assert told.positions["imo"].to_list() == [9074729, 9074729, 9074729, None, None, None, None, None]


def plain_code(cell: str | None, known: Any) -> tuple[int | None, bool]:
    return (None, False) if cell is None else code(cell, known)


def plain(row: dict[str, str | None]) -> dict[str, Any] | None:
    """The slow reference: one row by Python alone; None where it is refused."""
    said: dict[str, Any] = {}
    if not re.fullmatch("[0-9]{9}", row["mmsi"] or "", re.ASCII) or row["mmsi"] == "000000000":
        return None
    for field, most in {**BOUNDS, "lon": 181.0, "lat": 91.0}.items():
        text = row[field] or None
        try:
            value = None if text is None else float(text)
        except ValueError:
            return None
        if value is None:
            said[field] = None
            continue
        if not math.isfinite(value) or value > most or (value < 0 and field in BOUNDS):
            return None
        if field in UNSENT and (value >= UNSENT[field] - 0.05 if UNSENT[field] else value == 0):
            value = None
        if field == "heading" and value is not None and value >= 360:
            value = None
        said[field] = value
    lon, lat = said["lon"], said["lat"]
    for value, limit in ((lon, 180.0), (lat, 90.0)):
        if value is not None and abs(value) > limit and value != limit + 1:
            return None
    is_nowhere = lon == 181 or lat == 91
    if (lon is None) != (lat is None) and not is_nowhere:
        return None
    if is_nowhere:
        said["lon"] = said["lat"] = None
    for field, known in (("status", STATUSES), ("ais_type", TYPES)):
        said[field], is_bad = plain_code(row[field], known)
        if is_bad:
            return None
    return said


CELLS = {
    "mmsi": st.sampled_from(["280000001", "28000001", "000000000", "", "x"]),
    "lon": st.sampled_from(["0", "-180", "180.01", "181", "", "nan", "1,5", "-0.0"]),
    "lat": st.sampled_from(["0", "-90", "90.5", "91", "", "inf", "5 6", "12.5"]),
    "speed": st.sampled_from(["0", "102.2", "102.3", "103", "-1", "", "fast"]),
    "course": st.sampled_from(["0", "359.9", "360", "410", "-1", ""]),
    "heading": st.sampled_from(["0", "359", "511", "512", "-1", ""]),
    "status": st.sampled_from(["0", "15", "16", "moored", "Reserved for future use (9)", "drunk", ""]),
    "draught": st.sampled_from(["0", "9.8", "25.5", "26", "-1", ""]),
    "ais_type": st.sampled_from(["0", "70", "255", "256", "1004", "Cargo", "boat", ""]),
    "length": st.sampled_from(["0", "180", "1023", "-1", ""]),
    "width": st.sampled_from(["0", "30", "127", "-1", ""]),
}
ROWS = st.lists(st.fixed_dictionaries({}, optional=CELLS), min_size=1, max_size=12)


@given(ROWS)
def test_every_row_is_kept_or_refused_as_the_slow_reader_does(changes: list[dict[str, str]]) -> None:
    rows = [GOOD | change for change in changes]
    told = tidied(*rows)
    expected = {at: said for at, row in enumerate(rows, start=1) if (said := plain(row)) is not None}
    assert told.positions["raw_row"].to_list() == list(expected)
    assert sorted([*told.quarantine["raw_row"], *expected]) == list(range(1, len(rows) + 1))
    columns = {one.field: one.column for one in MEASURES}
    for row in told.positions.iter_rows(named=True):
        for field, value in expected[row["raw_row"]].items():
            found = row[columns.get(field, field)]
            assert found == (value if value is None else pytest.approx(value, rel=1e-6))


def test_fields_that_a_file_lacks_are_unknown() -> None:
    told = tidied({name: GOOD[name] for name in ("mmsi", "time", "lon", "lat")})
    assert told.positions.height == 1
    known = {"sender", "time", "lon", "lat", "raw_row", "day"}
    assert {name for name in told.positions.columns if told.positions[name][0] is not None} == known
    assert set(GOOD) | {"number"} == set(FIELDS)


def test_a_day_has_one_row_a_ship_and_time_and_prefers_one_with_a_position() -> None:
    nowhere = GOOD | {"lon": "181", "lat": "91"}
    later = GOOD | {"time": "2024-10-01T12:00:06"}
    rows = tidied(nowhere, GOOD, GOOD | {"lat": "5.62"}, later).positions
    both = pl.concat([rows.with_columns(raw_file=pl.lit(file, pl.UInt16)) for file in (1, 0)])
    day = one_a_time(both)
    assert VesselPositions.is_valid(day)
    assert day.select("lat", "raw_file", "raw_row").rows() == [(5.61, 0, 2), (5.61, 0, 4)]
    assert day.equals(one_a_time(both.reverse()))
    assert day.equals(day.sort("sender", "time"))
