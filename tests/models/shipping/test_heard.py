"""Hours of a port that count as heard, against each hour looked at by itself."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.shipping.coverage import CELL
from models.shipping.heard import BUSY, NEAR_H, QUIET_H, bulk_ports, heard

FIRST = date(2024, 10, 1)
ALL = (1 << 24) - 1


def port(lon: float = 10.5, lat: float = 5.5, **other: object) -> pl.DataFrame:
    row = {
        "place_id": "port:XAA:1", "kind": "port", "country": "XAA", "lon": lon, "lat": lat, "same_as": None,
        "max_draught_m": None, "max_length_m": None, **other,
    }  # fmt: skip
    text = ("place_id", "kind", "country", "same_as")
    return pl.DataFrame([row], schema={name: pl.String if name in text else pl.Float64 for name in row})


def cells(*rows: tuple[int, int, int, int, int]) -> pl.DataFrame:
    """Day after the first, cell_lon, cell_lat, hours, ships that fell silent."""
    told = [(FIRST + timedelta(days=day), *more) for day, *more in rows]
    schema = {"known_from": pl.Date, CELL[0]: pl.Int16, CELL[1]: pl.Int16, "hours_seen": pl.UInt32}
    return pl.DataFrame(told, schema={**schema, "fell_silent": pl.UInt16}, orient="row")


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=one) for one in range(count)]


def share(coverage: pl.DataFrame, count: int = 2, where: pl.DataFrame | None = None) -> float:
    found = heard(coverage, port() if where is None else where, days(count))
    return float(found.shares("XAA", FIRST, FIRST + timedelta(days=count - 1))[0])


def test_a_report_speaks_for_three_hours_before_and_after() -> None:
    assert share(cells((0, 10, 5, 1 << 12, 0))) == pytest.approx(7 / 48)


def test_a_quiet_time_between_two_reports_is_an_empty_port() -> None:
    assert share(cells((0, 10, 5, 1, 0), (1, 10, 5, 1 << 23, 0))) == 1.0


def test_a_silence_on_a_day_on_which_ships_vanished_is_not_heard() -> None:
    assert share(cells((0, 10, 5, 1, 1), (1, 10, 5, 1 << 23, 0))) == pytest.approx(8 / 48)


def test_a_silence_of_more_than_a_fortnight_is_not_heard() -> None:
    noon = 1 << 12
    assert share(cells((0, 10, 5, noon, 0), (14, 10, 5, noon, 0)), 15) == pytest.approx((14 * 24 + 3 + 4) / (15 * 24))
    assert share(cells((0, 10, 5, noon, 0), (15, 10, 5, noon, 0)), 16) == pytest.approx(2 * 7 / (16 * 24))


def test_a_silence_that_begins_late_in_a_day_is_not_heard() -> None:
    """The file of the next day may hold another region, and the ships that were there may have sailed on."""
    for hour, heard_h in ((20, 3 + 40 + 4), (21, 7 + 7)):
        assert share(cells((0, 10, 5, 1 << hour, 0), (2, 10, 5, 1 << 12, 0)), 3) == pytest.approx(heard_h / 72)


def test_a_busy_port_is_not_empty_for_days() -> None:
    until_noon, from_noon = (1 << 13) - 1, ALL & ~((1 << 12) - 1)
    busy = [(day, 10, 5, ALL, 0) for day in (0, 1, 8, 9)]
    found = share(cells(*busy[:2], (2, 10, 5, until_noon, 0), (7, 10, 5, from_noon, 0), *busy[2:]), 10)
    assert found == pytest.approx((2 * 48 + 2 * 12 + 1 + 6) / 240)
    # Another that is heard once in two days, at noon, is quiet as long without a failure.
    calm = cells(*((day, 10, 5, 1 << 12, 0) for day in (0, 2, 7, 9)))
    assert share(calm, 10) == pytest.approx((9 * 24 + 3 + 4) / 240)


def test_an_unread_day_is_not_heard() -> None:
    read = [FIRST, FIRST + timedelta(days=2)]
    found = heard(cells((0, 10, 5, ALL, 0), (2, 10, 5, ALL, 0)), port(), read)
    assert found.shares("XAA", FIRST, read[-1])[0] == pytest.approx(2 / 3)


def test_the_waters_of_a_port_reach_into_the_next_cell_and_no_farther() -> None:
    assert share(cells((0, 11, 5, ALL, 0)), 1) == 0.0
    assert share(cells((0, 11, 5, ALL, 0)), 1, port(lon=10.95)) == 1.0
    assert share(cells((0, -180, 5, ALL, 0)), 1, port(lon=179.95)) == 1.0


def test_a_port_counts_only_where_it_is_one_and_admits_ships_of_bulk() -> None:
    assert bulk_ports(port()).height == 1
    for other in ({"same_as": "port:XAA:2"}, {"kind": "anchorage"}, {"max_draught_m": 3.0}, {"max_length_m": 60.0}):
        assert bulk_ports(port(**other)).is_empty()
    assert share(cells((0, 10, 5, ALL, 0))) > 0
    assert heard(cells((0, 10, 5, ALL, 0)), port(), days(1)).shares("XAB", FIRST, FIRST).size == 0


@given(st.lists(st.tuples(st.integers(0, ALL), st.integers(0, 1)), min_size=1, max_size=20), st.integers(0, 20))
def test_hours_are_those_of_the_slow_way(told: list[tuple[int, int]], sparse: int) -> None:
    """Each hour by itself: a report near by, or one before and one after with nothing between that speaks for a
    receiver that failed."""
    rows = [(day, 10, 5, mask if day % 7 < 3 or sparse < 10 else 0, fell) for day, (mask, fell) in enumerate(told)]
    found = heard(cells(*rows), port(), days(len(told)))
    on = [day * 24 + hour for day, *_, mask, _ in rows for hour in range(24) if mask >> hour & 1]
    fell = {day for day, *_, one in rows if one}
    slow = []
    for hour in range(len(told) * 24):
        before, after = max((h for h in on if h <= hour), default=None), min((h for h in on if h >= hour), default=None)
        near = any(abs(h - hour) <= NEAR_H for h in on)
        calm = before is not None and after is not None and after - before <= QUIET_H
        if calm and before < after:
            outside = [h for h in range(len(told) * 24) if not before < h < after]
            loud = sum(any(abs(h - one) <= NEAR_H for one in on) for h in outside)
            calm = not any(day in fell for day in range(before // 24, after // 24 + 1))
            is_busy = loud >= BUSY * len(outside) and len(outside) >= 24
            calm = calm and before % 24 < 21 and (after - before <= 24 or not is_busy)
        slow.append(near or calm)
    assert np.array_equal(found.hours[0], slow)
