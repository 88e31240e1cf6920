"""Questions about ships beside slow answers."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from models.shipping.state import track_id
from pipelines import ship_queries
from pipelines.home import Home
from pipelines.ship_queries import Wanted
from tests.pipelines import moving_home
from tests.pipelines.moving_home import CALLS, DRACO, EVENTS, ORION, ORION_TWO, VOYAGES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return moving_home.make(tmp_path_factory.mktemp("ships") / "home")


@given(st.one_of(st.integers(1, 999_999_999), st.integers(-(1 << 52), -1)), st.integers(1, 4))
def test_a_track_names_its_sender(sender, number):
    frame = pl.DataFrame({"sender": [sender], "number": [number]})
    (name,) = frame.select(track_id())[:, 0]
    assert ship_queries.sender_of(name) == (sender, number)


@pytest.mark.parametrize("text", ["", "1", "x:1", "1:", ":1", "f1:2", "1:2:3"])
def test_what_is_no_track_is_refused(text):
    with pytest.raises(InputError, match="is no track"):
        ship_queries.sender_of(text)


DAYS = [None, date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 2), date(2024, 10, 3), date(2024, 10, 4)]


@pytest.mark.parametrize("since", DAYS)
@pytest.mark.parametrize("until", DAYS)
def test_days_bound_every_table_as_a_slow_answer_does(home, since, until):
    last = {row["track_id"]: row["last_seen"] for row in moving_home.VESSELS}

    def within(row, began, ended) -> bool:
        is_late = since is None or (ended or last[row["track_id"]]).date() >= since
        return is_late and (until is None or began.date() <= until)

    wanted = Wanted(since=since, until=until)
    asked = (
        (ship_queries.calls_of, CALLS, "call_id", "arrived", "left"),
        (ship_queries.voyages_of, VOYAGES, "voyage_id", "departed", "arrived"),
        (ship_queries.events, EVENTS, "event_id", "began", "ended"),
    )
    for query, rows, key, began, ended in asked:
        expected = {row[key] for row in rows if within(row, row[began], row[ended])}
        assert set(query(home, wanted)[key]) == expected


def test_the_two_ships_of_one_identity_share_no_report(home):
    one, other = (ship_queries.positions(home, track) for track in (ORION, ORION_TWO))
    assert set(one["lat"]) == {-0.1}
    assert set(other["lat"]) == {60.0}
    whole = home.scan("vessel_positions").collect()
    assert one.height + other.height == whole.height
    assert one["time"].is_sorted()


def test_reports_are_bounded_by_days(home):
    found = ship_queries.positions(home, ORION, date(2024, 10, 2), date(2024, 10, 2))
    assert {one.date() for one in found["time"]} == {date(2024, 10, 2)}


def test_a_ship_whose_days_are_not_there_has_no_reports(home):
    assert ship_queries.positions(home, DRACO).height == 0


def test_an_unknown_ship_is_refused(home):
    with pytest.raises(InputError, match="no ship has the track"):
        ship_queries.positions(home, "111111111:1")


def test_events_of_other_lists_are_told_and_not_counted(tmp_path):
    home = moving_home.make(tmp_path / "home")
    published = moving_home.event("gap", DRACO, 1, 20, source="gfw")
    moving_home.put(home, "vessel_events", [*EVENTS, published])
    assert ship_queries.events(home, Wanted(who=DRACO)).height == 2
    counts = dict(ship_queries.ships(home, Wanted()).select("track_id", "events").iter_rows())
    assert counts[DRACO] == 1
