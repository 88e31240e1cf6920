"""Days one after the other tell what all of them tell; hand-made calls, meetings and slow times."""

import math
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphs.tables_ships import PortCalls, VesselEvents, Vessels, Voyages
from models.shipping.fold import sail, sail_parts
from models.shipping.heads import LAST
from tests.models.shipping.worlds import (
    DAY,
    at,
    days,
    heard,
    places,
    reports,
    sailed_days,
    shore_of,
    small_ships,
    whole,
)
from tests.models.world.shipping.seas import small, small_ground

PORT = places(("port:A", "port", 0.0, 0.0), ("anchorage:B", "anchorage", 0.06, 0.0), ("port:C", "port", 3.0, 0.0))
SHIP = 201_000_001


def passage(sender: int = SHIP, start: float = 0.0, **more: object) -> pl.DataFrame:
    """Twelve hours at A from `start`, 18 hours to C, and a day there."""
    rest = [(start + hour, 0.005, 0.0, 0.0) for hour in range(13)]
    sea = [(start + 12 + hour, 0.005 + 2.99 * hour / 18, 0.0, 10.0) for hour in range(1, 18)]
    end = [(start + 30 + hour, 3.0, 0.0, 0.1) for hour in range(24)]
    before = [(start - 1, -0.3, 0.0, 9.0)]
    return reports(sender, [*before, *rest, *sea, *end], **more)


def test_a_call_begins_with_its_first_rest_and_ends_with_its_last() -> None:
    found = whole(passage(start=2.0), PORT).port_calls.sort("arrived")
    assert found.select("place_id", "arrived", "left", "is_whole").rows() == [
        ("port:A", at(2), at(14), True), ("port:C", at(32), None, False),
    ]  # fmt: skip
    assert found["berthed"].to_list() == [at(2), at(32)]


def test_a_voyage_leads_from_one_call_to_the_next() -> None:
    told = whole(passage(start=2.0), PORT).voyages
    assert told.select("from_place", "to_place", "departed", "arrived").rows() == [("port:A", "port:C", at(14), at(32))]
    assert told["length_km"].item() == pytest.approx(2.995 * 111.19, rel=0.01)
    assert told["seen_share"].item() == 1.0
    assert told["is_laden"].item() is None
    assert told["cargo_t"].item() is None


def test_calls_within_a_minute_keep_names_of_their_own() -> None:
    shore = places(("port:A", "port", 0.0, 0.0), ("port:D", "port", 0.1, 0.0))
    drift = [(5 * number / 3600, (0.0499, 0.0499, 0.0501, 0.0501)[number % 4], 0.0, 0.2) for number in range(12)]
    found = whole(reports(SHIP, drift), shore)
    assert found.port_calls["place_id"].to_list().count("port:A") == 3
    assert found.port_calls["call_id"].is_unique().all()
    assert found.voyages.height == 5
    assert found.voyages["voyage_id"].is_unique().all()


def test_cargo_is_told_from_a_draught_that_was_set_anew() -> None:
    size = {"ais_type": 70, "length_m": 180.0, "width_m": 30.0, "imo": 9_000_001}
    ship = passage(start=2.0, **size)
    ship = ship.with_columns(draught_m=pl.when(pl.col("time") <= at(14)).then(6.0).otherwise(10.5).cast(pl.Float32))
    found = whole(ship, PORT)
    assert found.vessels["kind"].item() == "bulk_carrier"
    one = found.voyages.row(0, named=True)
    assert one["is_laden"] is True
    full = max(10.5, 0.33 * (180 / 5.3) * 1.0)
    assert one["cargo_t"] == pytest.approx(0.8 * 180 * 30 * 1.025 * (10.5 - 0.58 * full), rel=0.02)
    assert 0 < one["cargo_low_t"] < one["cargo_t"] < one["cargo_high_t"]


def test_a_wait_at_the_anchorage_belongs_to_the_call_at_the_berth() -> None:
    waits = [(hour, 0.08, 0.0, 0.2) for hour in range(1, 6)]
    berth = [(hour, 0.005, 0.0, 0.0) for hour in range(6, 20)]
    ship = reports(SHIP, [(0, 0.5, 0.0, 9.0), *waits, *berth, (21, 0.5, 0.0, 9.0)])
    found = whole(ship, PORT).port_calls
    assert found.select("place_id", "arrived", "berthed", "left").rows() == [("port:A", at(1), at(6), at(19))]


def test_a_silence_within_a_port_is_one_call_and_says_that_transponders_are_powered_down_there() -> None:
    ship = reports(SHIP, [(0, 0.5, 0.0, 9.0), (3, 0.05, 0.0, 5.0), (15, 0.05, 0.0, 5.0), (18, 0.5, 0.0, 9.0)])
    found = whole(ship, PORT)
    assert found.port_calls.select("place_id", "rests", "confidence").rows() == [("port:A", 0, 0.6)]
    gap = found.vessel_events.row(0, named=True)
    assert (gap["kind"], gap["main_cause"], gap["confidence"]) == ("gap", "power_down", 0.0)


def test_a_ship_that_passes_or_stops_once_makes_no_call() -> None:
    passes = [(hour / 4, 0.2 - 0.05 * hour, 0.02, 12.0) for hour in range(9)]
    once = [(5 + hour / 4, 0.2 - 0.05 * hour, 0.02, 0.5 if hour == 4 else 12.0) for hour in range(9)]
    assert whole(reports(SHIP, [*passes, *once]), PORT).port_calls.is_empty()


def test_days_tell_the_same_wherever_they_are_cut() -> None:
    ship = pl.concat([passage(start=hour, sender=SHIP + number) for number, hour in enumerate((2.0, 9.5, 20.25))])
    alone = [whole(ship.filter(pl.col("sender") == SHIP + number), PORT) for number in range(3)]
    together = whole(ship, PORT)
    apart = pl.concat([one.port_calls for one in alone]).sort("call_id")
    assert together.port_calls.drop("known_from").equals(apart.drop("known_from"))
    shifted = ship.with_columns(pl.col("time") + timedelta(hours=7))
    moved = whole(shifted, PORT).port_calls.with_columns(pl.col("arrived", "left") - timedelta(hours=7))
    columns = ["track_id", "place_id", "arrived", "left", "rests"]
    assert moved.select(columns).sort(columns).equals(together.port_calls.select(columns).sort(columns))


def test_no_gap_across_a_day_that_was_not_read() -> None:
    second = DAY + timedelta(days=1)
    ship = reports(SHIP, [(20, 1.0, 1.0, 9.0), (30, 1.5, 1.0, 9.0), (50, 2.5, 1.0, 9.0)])
    assert whole(ship, PORT).vessel_events.filter(pl.col("kind") == "gap").height == 2
    assert whole(ship, PORT, unread=[second]).vessel_events.is_empty()


def meeting(sender: int, north_m: float, kn: float, hours: tuple[float, float] = (21.0, 27.0)) -> pl.DataFrame:
    """Alongside at sea, over midnight, with reports every quarter of an hour; apart before and after."""
    count = math.floor((hours[1] - hours[0]) * 4)
    side = 1 if sender == SHIP else -1
    km_h = kn * 1.852
    rows = [(hours[0] - 3 + k, 1.0 + 0.4 * side * (3 - k) / 3, 1.0 + north_m / 111_195, 9.0) for k in range(3)]
    rows += [(hours[0] + k / 4, 1.0 + km_h * k / 4 / 111.195, 1.0 + north_m / 111_195, kn) for k in range(count + 1)]
    end = rows[-1]
    rows += [(hours[1] + k, end[1] + 0.15 * side * k, end[2], 9.0) for k in range(1, 4)]
    return reports(sender, rows)


def met(first: pl.DataFrame, second: pl.DataFrame, shore: pl.DataFrame = PORT) -> pl.DataFrame:
    return whole(pl.concat([first, second]).sort("sender", "time"), shore).vessel_events.filter(
        pl.col("kind") == "encounter"
    )


def test_two_ships_alongside_over_midnight_meet_once() -> None:
    found = met(meeting(SHIP, 0, 0.5), meeting(SHIP + 1, 300, 0.5))
    assert found.select("track_id", "other_track").rows() == [(f"{SHIP}:1", f"{SHIP + 1}:1")]
    one = found.row(0, named=True)
    assert abs((one["began"] - at(21)).total_seconds()) <= 1_200
    assert abs((one["ended"] - at(27)).total_seconds()) <= 1_200
    assert {part["name"] for part in one["parts"]} >= {"hours", "speed_kn", "apart_km"}
    assert "ordinary reasons" in one["sentence"]


@pytest.mark.parametrize(
    ("north_m", "kn", "hours"), [(700, 0.5, (21.0, 27.0)), (300, 4.0, (21.0, 27.0)), (300, 0.5, (21.0, 22.5))]
)
def test_ships_too_far_apart_too_fast_or_too_short_do_not_meet(
    north_m: float, kn: float, hours: tuple[float, float]
) -> None:
    assert met(meeting(SHIP, 0, kn, hours), meeting(SHIP + 1, north_m, kn, hours)).is_empty()


def test_ships_in_an_anchorage_do_not_meet() -> None:
    queue = places(("anchorage:B", "anchorage", 1.05, 1.0))
    assert met(meeting(SHIP, 0, 0.5), meeting(SHIP + 1, 300, 0.5), queue).is_empty()


def test_a_slow_time_over_midnight_is_told_once_and_a_short_one_not() -> None:
    def slow(hours: int) -> pl.DataFrame:
        drift = [(20 + k, 1.0 + 0.01 * k, 1.0, 0.6) for k in range(hours + 1)]
        return reports(SHIP, [(19, 0.8, 1.0, 9.0), *drift, (21 + hours, 1.4, 1.0, 9.0), (22 + hours, 1.6, 1.0, 9.0)])

    found = whole(slow(12), PORT).vessel_events
    assert found.select("kind", "began", "ended").rows() == [("loitering", at(20), at(32))]
    assert whole(slow(6), PORT).vessel_events.is_empty()


def test_a_lone_report_is_told_a_day_later_and_changes_nothing() -> None:
    ship = passage(start=2.0)
    lone = reports(SHIP, [(8.5, 80.0, 40.0, 5.0)])
    found = whole(pl.concat([ship, lone]).sort("sender", "time"), PORT)
    assert found.port_calls.equals(whole(ship, PORT).port_calls)
    assert found.vessel_events.select("kind", "began").rows() == [("impossible_position", at(8.5))]


def test_a_ship_on_anothers_identity_over_days_is_a_track_of_its_own() -> None:
    other = passage(start=3.3).with_columns(pl.col("lon") + 60.0, speed_kn=pl.lit(3.0, dtype=pl.Float32))
    shore = pl.concat([PORT, places(("port:D", "port", 60.0, 0.0), ("port:E", "port", 63.0, 0.0))])
    both = pl.concat([passage(start=2.0), other]).unique(["sender", "time"], maintain_order=True).sort("sender", "time")
    found = whole(both, shore)
    assert found.vessels["track_id"].to_list() == [f"{SHIP}:1", f"{SHIP}:2"]
    assert found.vessels["is_split"].all()
    assert found.vessel_events["kind"].to_list() == ["identity_collision"]
    assert set(found.port_calls["track_id"]) == {f"{SHIP}:1"}


def test_an_identity_that_jumps_over_midnight_runs_out_of_numbers_and_every_report_is_told() -> None:
    """A ship sails for two days; meanwhile 1,200 reports of its identity come from six places, two at a time."""
    jumps = [(20 + at / 60, 20.0 + 20.0 * (at // 2 % 6), 40.0, None) for at in range(1_200)]
    both = pl.concat([passage(start=2.0), reports(SHIP, jumps)]).unique(["sender", "time"], maintain_order=True)
    told = sailed_days(both.sort("time"), PORT)
    assert set(pl.concat([one.vessels["number"] for one in told])) == set(range(1, LAST + 1))
    on_tracks = sum(one.vessels["reports"].sum() for one in told)
    aside = sum(one.events.filter(pl.col("kind") == "impossible_position").height for one in told)
    open_still = told[-1].state.filter(pl.col("kind") == "lone").height
    assert aside > 0
    assert on_tracks + aside + open_still == both.height


def test_the_order_of_rows_does_not_matter() -> None:
    ship = pl.concat([passage(), meeting(SHIP + 1, 0, 0.5), meeting(SHIP + 2, 300, 0.5)])
    today = ship.filter(pl.col("time").dt.date() == DAY)
    one, other = sail(today, None, PORT, DAY), sail(today.sample(fraction=1.0, shuffle=True, seed=1), None, PORT, DAY)
    for name in ("calls", "events", "vessels", "state"):
        assert getattr(one, name).equals(getattr(other, name)), name


def test_a_day_without_reports_keeps_what_is_open() -> None:
    told = sailed_days(passage(start=2.0), PORT)
    empty = sail(passage().clear(), told[0].state, PORT, DAY + timedelta(days=1))
    kinds = empty.state.filter(pl.col("kind") != "day")
    assert kinds.equals(told[0].state.filter(pl.col("kind") != "day"))


def test_tables_keep_their_schemas() -> None:
    found = small_ships()
    for schema, frame in (
        (Vessels, found.vessels), (PortCalls, found.port_calls), (Voyages, found.voyages),
        (VesselEvents, found.vessel_events),
    ):  # fmt: skip
        assert frame.height > 0
        schema.validate(frame, cast=True)
        assert frame.columns == schema.column_names()


def test_every_gap_faces_every_ordinary_reason_and_says_so() -> None:
    gaps = small_ships().vessel_events.filter(pl.col("kind") == "gap")
    assert gaps.height > 5
    for row in gaps.iter_rows(named=True):
        assert [one["cause"] for one in row["causes"]] == ["reception", "power_down", "satellite", "unread_day"]
        shares = [one["share"] or 0.0 for one in row["causes"] if one["verdict"] == "possible"]
        assert row["confidence"] == pytest.approx(1 - max(shares, default=0.0))
        assert (row["main_cause"] is None) == (not shares)
        assert row["sentence"].startswith("Fell silent for")


def test_without_any_place_ships_are_heard_and_call_nowhere() -> None:
    found = whole(passage(start=2.0), PORT.clear())
    assert found.vessels.height == 1
    assert found.port_calls.is_empty()
    assert found.vessel_events["place_id"].null_count() == found.vessel_events.height


def test_a_day_in_parts_by_sender_tells_what_the_whole_day_tells() -> None:
    positions = heard(small())
    shore = shore_of(small_ground(5)[1].places)
    senders = positions["sender"].unique().sort()
    bounds = [senders[senders.len() // 3], senders[senders.len() // 2], None]
    once = parts = None
    for day in days(positions)[:4]:
        today = positions.filter(pl.col("time").dt.date() == day)
        above = [None, *bounds]
        split = [
            (until, today.filter((pl.col("sender") > (low or 0)) & (pl.col("sender") <= (until or 1 << 40))))
            for low, until in zip(above, bounds, strict=False)
        ]
        once = sail(today, once.state if once else None, shore, day)
        parts = sail_parts(split, parts.state if parts else None, shore, day)
        for name in ("calls", "events", "vessels", "state"):
            assert_frame_equal(getattr(parts, name), getattr(once, name))
    assert once is not None
    assert once.events.height > 0
    assert once.calls.height > 0
