"""Coverage and the ordinary reasons of a silence."""

from datetime import date, timedelta

import polars as pl
import pytest

from models.shipping.causes import SHIP_CAUSES, causes
from models.shipping.coverage import coverage, hours
from models.shipping.fold import EVENT
from models.shipping.rules import HOUR_S
from tests.models.shipping.worlds import DAY, at, places, reports, whole

START_S = int(at(0).timestamp())


def cells(heard: dict[int, set[int]], lon: float = 10.5, fell: int = 0) -> pl.DataFrame:
    """Coverage of one cell: hours heard on each of the days."""
    rows = [
        (DAY + timedelta(days=day), int(lon), 0, 10, 3, sum(1 << hour for hour in those), fell)
        for day, those in heard.items()
    ]
    types = {"known_from": pl.Date, "cell_lon": pl.Int16, "cell_lat": pl.Int16, "reports": pl.UInt32,
             "senders": pl.UInt32, "hours_seen": pl.UInt32, "fell_silent": pl.UInt16}  # fmt: skip
    return pl.DataFrame(rows, schema=types, orient="row")


def gap(began_h: float = 26, ended_h: float = 40, **more: object) -> pl.DataFrame:
    row = {
        "kind": "gap", "track": "1:1", "other": None, "began_s": START_S + int(began_h * HOUR_S),
        "ended_s": START_S + int(ended_h * HOUR_S), "lon": 10.5, "lat": 0.5, "lon_end": 10.6, "lat_end": 0.5,
        "place_id": "port:A", "place_km": 200.0, "place_end": "port:A", "place_end_km": 200.0, "kn": 5.0,
        "kn_before": 9.0, "kn_after": 9.0, "km": 100.0, "apart_km": None, **more,
    }  # fmt: skip
    return pl.DataFrame([row], schema=EVENT)


def verdicts(found: pl.DataFrame) -> dict[str, str]:
    return {one["cause"]: one["verdict"] for one in found["causes"].item().to_list()}


ALL = set(range(24))


def test_where_others_are_heard_throughout_no_reason_is_found() -> None:
    told = causes(gap(), cells({0: ALL, 1: ALL, 2: ALL}))
    assert verdicts(told) == dict.fromkeys(SHIP_CAUSES, "excluded")
    assert told.select("main_cause", "confidence").row(0) == (None, 1.0)


def test_where_nobody_is_heard_any_more_the_receiver_may_have_failed() -> None:
    told = causes(gap(), cells({0: ALL, 1: {0, 1, 2, 16, 17, 18, 19, 20, 21, 22, 23}, 2: ALL}))
    assert verdicts(told)["reception"] == "possible"
    assert told.select("main_cause", "confidence").row(0) == ("reception", 0.0)


def test_where_several_fell_silent_the_receiver_may_have_failed() -> None:
    told = causes(gap(), cells({0: ALL, 1: ALL, 2: ALL}, fell=5))
    assert told.select("main_cause", "confidence").row(0) == ("reception", 0.5)


def test_far_from_receivers_a_satellite_may_come_late() -> None:
    told = causes(gap(), cells({0: {3, 9, 15}, 1: {2, 16}, 2: {4}}))
    assert told.select("main_cause", "confidence").row(0) == ("satellite", 0.0)
    assert verdicts(told)["reception"] == "excluded" or verdicts(told)["reception"] == "cannot_test"


def test_without_coverage_nothing_about_receivers_can_be_tested() -> None:
    told = causes(gap(), cells({}))
    assert verdicts(told)["reception"] == verdicts(told)["satellite"] == "cannot_test"


@pytest.mark.parametrize(("more", "verdict"), [
    ({"place_km": 1.0, "place_end_km": 2.0, "kn": 0.1}, "possible"),
    ({"place_km": 1.0, "place_end_km": 2.0, "place_end": "port:B", "kn": 0.1}, "excluded"),
    ({"place_km": 1.0, "place_end_km": 20.0, "kn": 0.1}, "excluded"),
    ({"place_id": None, "place_km": None}, "cannot_test"),
])  # fmt: skip
def test_powering_down_is_possible_only_within_one_port(more: dict[str, object], verdict: str) -> None:
    assert verdicts(causes(gap(**more), cells({0: ALL, 1: ALL})))["power_down"] == verdict


def test_coverage_counts_reports_senders_hours_and_who_fell_silent() -> None:
    one = reports(1, [(0.2, 10.2, 0.5, 9.0), (5.5, 10.3, 0.5, 9.0), (6.0, None, None, None)])
    other = reports(2, [(0.4, 10.4, 0.5, 0.0), (23.9, 10.4, 0.5, 9.0), (23.95, 180.0, 0.5, 9.0)])
    told = coverage(pl.concat([one, other]), DAY)
    # The first ship moved and was not heard for five hours; the second lay still, and its day ends before three hours.
    assert told.select("cell_lon", "cell_lat", "reports", "senders", "hours_seen", "fell_silent").rows() == [
        (-180, 0, 1, 1, 1 << 23, 0), (10, 0, 4, 2, 1 | 1 << 5 | 1 << 23, 1),
    ]  # fmt: skip
    first = (DAY - date(1970, 1, 1)).days * 24
    assert hours(told).filter(pl.col("cell_lon") == 10)["hour"].to_list() == [first, first + 5, first + 23]


def test_no_sentence_says_why() -> None:
    ship = reports(201_000_001, [(0, 1.0, 1.0, 9.0), (12, 2.0, 1.0, 9.0), (13, 2.1, 1.0, 9.0)])
    told = whole(ship, places(("port:A", "port", 0.0, 0.0))).vessel_events
    assert told["sentence"].item().startswith("Fell silent for 12.0 h 157 km from port:A; ")
