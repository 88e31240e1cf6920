"""One identity, one ship or several; beside a slow reference that compares every report with the one before it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphs.sphere import distance_km
from models.shipping.heads import LAST, LONE, UNSETTLED
from models.shipping.identity import order, out_of_reach, tracks
from models.shipping.rules import RULES

HOUR = 3_600


def run(rows: list[tuple[int, int, float, float]], **more: list[int]):
    sender, seconds, lon, lat = (np.array(column) for column in zip(*rows, strict=True))
    given_more = {name: np.array(one, dtype=np.uint8 if name == "known" else np.int64) for name, one in more.items()}
    return tracks(sender.astype(np.int64), seconds.astype(np.int64), lon.astype(float), lat.astype(float), **given_more)


def numbers(rows: list[tuple[int, int, float, float]], **more: list[int]) -> list[int]:
    """Track of each row, in the order in which the rows are given."""
    found = run(rows, **more)
    return np.array(found.number)[np.argsort(found.row)].tolist()


def slow_jumps(rows: list[tuple[int, int, float, float]]) -> set[int]:
    """Rows that cannot be reached from the one before of their sender that has a position."""
    found, last = set(), {}
    for at, (sender, seconds, lon, lat) in sorted(enumerate(rows), key=lambda one: (one[1][0], one[1][1], one[0])):
        if np.isnan(lat):
            continue
        if sender in last:
            before, from_lon, from_lat = last[sender]
            km = float(distance_km(from_lon, from_lat, lon, lat))
            if km > RULES.jump_km and km > RULES.fastest_kn * 1.852 * (seconds - before) / HOUR:
                found.add(at)
        last[sender] = seconds, lon, lat
    return found


REPORT = st.tuples(
    st.integers(201_000_000, 201_000_003),
    st.integers(1_700_000_000, 1_700_050_000),
    st.one_of(st.floats(-180, 180), st.floats(179.9, 180), st.floats(-180, -179.9)),
    st.one_of(st.floats(-90, 90), st.just(float("nan"))),
)


@given(st.lists(REPORT, min_size=1, max_size=40))
def test_jumps_are_those_of_the_slow_reference(rows: list[tuple[int, int, float, float]]) -> None:
    sender, seconds = (np.array([row[at] for row in rows], dtype=np.int64) for at in (0, 1))
    lat = np.array([row[3] for row in rows])
    lon = np.where(np.isnan(lat), np.nan, [row[2] for row in rows])
    row, key = order(sender, seconds)
    plain = type(run(rows))(row, key, lon[row], lat[row], np.ones(len(row), dtype=np.uint8))
    assert set(row[out_of_reach(plain, RULES)].tolist()) == slow_jumps(rows)


@given(st.lists(st.tuples(st.integers(-5, 2**60), st.integers(0, 5)), min_size=1, max_size=60))
def test_order_is_by_sender_second_and_row(pairs: list[tuple[int, int]]) -> None:
    sender, seconds = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    assert order(sender, seconds)[0].tolist() == np.lexsort((np.arange(len(pairs)), seconds, sender)).tolist()


def test_one_ship_stays_one_and_arrays_stay_as_they_are() -> None:
    rows = [(201_000_001, HOUR * at, 0.1 * at, 0.0) for at in (3, 1, 2, 0)]
    assert numbers(rows) == [1, 1, 1, 1]
    lon = np.array([row[2] for row in rows])
    kept = lon.copy()
    tracks(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), lon, np.zeros(4))
    assert (lon == kept).all()


def test_two_ships_that_send_by_turns_are_two_tracks() -> None:
    rows = [(201_000_001, HOUR * at // 2, 40.0 * (at % 2) + 0.05 * at, 10.0) for at in range(12)]
    assert numbers(rows) == [1, 2] * 6


def test_a_lone_report_elsewhere_is_no_ship() -> None:
    rows = [(201_000_001, HOUR * at, 0.1 * at, 0.0) for at in range(6)]
    rows[3] = (201_000_001, 3 * HOUR, 50.0, 0.0)
    assert numbers(rows) == [1, 1, 1, LONE, 1, 1]


def test_a_lone_first_report_is_no_ship() -> None:
    rows = [(201_000_001, 0, 50.0, 0.0), *((201_000_001, HOUR * at, 0.1 * at, 0.0) for at in range(1, 5))]
    assert numbers(rows) == [LONE, 1, 1, 1, 1]


def test_other_senders_keep_their_tracks() -> None:
    split = [(201_000_002, HOUR * at // 2, 40.0 * (at % 2), 10.0) for at in range(8)]
    plain = [(sender, HOUR * at, 0.1 * at, 0.0) for sender in (201_000_001, 201_000_003) for at in range(4)]
    assert numbers([*plain[:4], *split, *plain[4:]]) == [1] * 4 + [1, 2] * 4 + [1] * 4


def test_a_day_goes_on_where_the_day_before_ended() -> None:
    rows = [
        (201_000_001, 0, 0.0, 0.0),
        (201_000_001, 60, 40.0, 0.0),
        *((201_000_001, HOUR * at, 40.0, 0.0) for at in (1, 2)),
    ]
    assert numbers(rows, known=[1, 2, 0, 0]) == [1, 2, 2, 2]


def test_a_report_without_position_goes_to_the_ship_with_its_name() -> None:
    rows = [(201_000_001, HOUR * at // 2, 40.0 * (at % 2), 10.0) for at in range(6)]
    rows.append((201_000_001, 4 * HOUR, float("nan"), float("nan")))
    assert numbers(rows, marks=[7, 8] * 3 + [7])[-1] == 1
    assert numbers(rows, marks=[7, 8] * 3 + [8])[-1] == 2


def test_names_break_the_tie_of_two_ships_in_one_port() -> None:
    # Both lie in one port when the third report of each comes: nearer is the wrong one.
    rows = [(5, 0, 0.0, 0.0), (5, 60, 9.0, 0.0), (5, 40 * HOUR, 4.5, 0.0), (5, 40 * HOUR + 60, 4.51, 0.0)]
    assert numbers(rows, marks=[1, 2, 2, 1], known=[1, 2, 0, 0]) == [1, 2, 2, 1]


def test_a_ship_that_passes_where_the_other_was_heard_last_stays_itself() -> None:
    both = [(5, HOUR * at // 2, 40.0 * (at % 2) + 0.05 * at, 10.0) for at in range(12)]
    # The second is heard no more; a week later the first sails along and beyond where it was.
    past = [(5, 160 * HOUR + HOUR * at, 38.0 + 0.2 * at, 10.0) for at in range(20)]
    way = [(5, 6 * HOUR + HOUR * at, 0.6 + 37.4 * at / 154, 10.0) for at in range(154)]
    assert numbers([*both, *way, *past])[12:] == [1] * (len(past) + len(way))


def jumping(count: int, start: int = 0) -> list[tuple[int, int, float, float]]:
    """Reports of a receiver that is jammed: minute by minute, two at each of six places far apart."""
    return [(5, start + 60 * at, 20.0 * (at // 2 % 6), 0.0) for at in range(count)]


def test_an_identity_that_jumps_without_end_runs_out_of_numbers_and_stops_nothing() -> None:
    told = numbers(jumping(600))
    first = told[: 2 * LAST]
    assert first == [number for number in range(1, LAST + 1) for _ in range(2)]
    assert set(told[2 * LAST :]) == {LONE}
    assert LAST < UNSETTLED


def test_numbers_of_earlier_days_are_kept_where_none_is_free() -> None:
    old = [(5, 0, 20.0 * at, 50.0) for at in range(2)]
    told = numbers([*old, *jumping(40, 60)], known=[LAST - 1, LAST, *[0] * 40])
    assert told[:2] == [LAST - 1, LAST]
    assert set(told[2:]) <= {LONE, LAST - 1, LAST}
