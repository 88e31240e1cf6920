"""Tables of ships: keys, bounds, units, and what a null may stand for."""

from datetime import UTC, date, datetime

import dataframely as dy
import polars as pl
import pytest

from graphs.tables_ships import SHIPS, AisCoverage, VesselPositions

UNITS = ("_usd", "_kg", "_t", "_m", "_km", "_kn", "_deg", "_log_sd")
# Numbers without a unit in their name: degrees of places, hours, and shares from 0 to 1.
PURE = {"lon", "lat", "lon_end", "lat_end", "hours", "confidence", "seen_share", "seen_share_out", "seen_share_in"}
HEARD = {
    "sender": 280_000_001,
    "time": datetime(2024, 10, 1, 12, 0, 5, tzinfo=UTC),
    "lon": -0.01,
    "lat": 5.62,
    "speed_kn": 11.5,
    "course_deg": 90.0,
    "heading_deg": 91.0,
    "status": 0,
    "draught_m": 9.8,
    "imo": 9074729,
    "name": "INVENTED",
    "length_m": 180.0,
    "width_m": 30.0,
    "ais_type": 70,
    "transceiver": "A",
    "raw_file": 0,
    "raw_row": 1,
    "known_from": date(2024, 10, 1),
}
SILENT = dict.fromkeys(
    ("lon", "lat", "speed_kn", "course_deg", "heading_deg", "status", "draught_m", "imo", "name", "length_m",
     "width_m", "ais_type", "transceiver")
)  # fmt: skip


def _positions(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=VesselPositions.create_empty().schema)


def test_a_report_passes_unchanged_and_so_does_one_that_only_says_that_it_was_heard() -> None:
    frame = _positions(HEARD, HEARD | SILENT | {"raw_row": 2, "time": datetime(2024, 10, 1, 13, tzinfo=UTC)})
    assert VesselPositions.validate(frame).equals(frame)


@pytest.mark.parametrize(
    "change",
    [{"lat": 91.0}, {"lon": 181.0}, {"lat": float("nan")}, {"speed_kn": -0.1}, {"status": 16}, {"sender": None},
     {"time": None}, {"course_deg": 360.5}],
    ids=str,
)  # fmt: skip
def test_a_report_with_a_value_out_of_bounds_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(dy.exc.ValidationError):
        VesselPositions.validate(_positions(HEARD | change))


def test_a_ship_says_one_thing_at_a_time() -> None:
    with pytest.raises(dy.exc.ValidationError):
        VesselPositions.validate(_positions(HEARD, HEARD | {"raw_row": 2}))


def test_the_same_cell_of_two_days_is_two_rows() -> None:
    row = {"cell_lon": -1, "cell_lat": 5, "reports": 3, "senders": 1, "hours_seen": 7, "fell_silent": 0}
    days = [row | {"known_from": date(2024, 10, day)} for day in (1, 2)]
    schema = AisCoverage.create_empty().schema
    assert AisCoverage.is_valid(pl.DataFrame(days, schema=schema))
    assert not AisCoverage.is_valid(pl.DataFrame([days[0], days[0]], schema=schema))


@pytest.mark.parametrize("name", sorted(SHIPS))
def test_every_table_has_a_key_a_meaning_a_day_and_units(name: str) -> None:
    table = SHIPS[name]
    assert table.primary_key()
    assert (table.__doc__ or "").strip().endswith(".")
    assert "known_from" in table.column_names()
    columns = table.columns()
    assert [column for column, one in columns.items() if not one.description] == []
    floats = [column for column, one in columns.items() if isinstance(one, dy.Float64 | dy.Float32)]
    assert [column for column in floats if not column.endswith(UNITS) and column not in PURE] == []
    assert table.validate(table.create_empty()).columns == list(table.column_names())
