"""Ships that sent under two identities."""

from datetime import timedelta

import polars as pl
import pytest

from models.shipping.relayed import not_relayed
from tests.models.shipping.worlds import at, places, reports, sailed_days, whole

HOUR = 3_600
GAP = pl.DataFrame(
    {"sender": [2], "track": ["2:1"], "began_s": [10 * HOUR], "ended_s": [100 * HOUR], "lon": [5.0], "lat": [0.0],
     "lon_end": [9.0], "lat_end": [0.0]}
)  # fmt: skip


def shared(**more: object) -> pl.DataFrame:
    row = {
        "sender": 1, "track": "1:2", "first_s": 11 * HOUR, "first_lon": 5.1, "first_lat": 0.0, "last_s": 99 * HOUR,
        "last_lon": 8.9, "last_lat": 0.0, **more,
    }  # fmt: skip
    return pl.DataFrame([row])


def test_a_ship_that_was_heard_under_another_identity_was_not_silent() -> None:
    assert not_relayed(GAP, shared()).is_empty()


def test_a_ship_elsewhere_or_at_another_time_fills_no_silence() -> None:
    for more in ({"first_lon": 20.0}, {"last_lon": 20.0}, {"first_s": 50 * HOUR}, {"last_s": 60 * HOUR}, {"sender": 2}):
        assert not_relayed(GAP, shared(**more)).equals(GAP)


OWNER, BORROWER = 283_000_001, 284_000_002
IMO, OTHER_IMO = 9_074_729, 9_321_483
SHORE = places(("port:XAA:1", "port", 0.0, 40.0))
HOURS = range(0, 96, 2)


def way(hour: float) -> tuple[float, float, float, float]:
    """Of the borrower: eastwards along the equator at ten knots."""
    return hour, hour / 6, 0.0, 10.0


def rows(own_until: float, lent: tuple[float, float], own_from: float, imo: int = IMO) -> pl.DataFrame:
    """The owner's reports every two hours, and those of the borrower: its own until and from, lent between."""
    owner = reports(OWNER, [(h, 60.0 + h / 6, 10.0, 10.0) for h in HOURS], imo=OTHER_IMO, name="OWNER")
    own = reports(BORROWER, [way(h) for h in HOURS if h <= own_until or h >= own_from], imo=IMO, name="BORROWER")
    mine = reports(OWNER, [way(h + 0.1) for h in HOURS if lent[0] <= h <= lent[1]], imo=imo, name="BORROWER")
    return pl.concat([owner, own, mine]).sort("sender", "time")


def gaps(positions: pl.DataFrame) -> list[tuple[str, str | None, float, float]]:
    """Track, the other track, hours of begin and end."""
    found = whole(positions, SHORE).vessel_events.filter(pl.col("kind") == "gap").sort("began")
    return [
        (track, other, (began - at(0)) / timedelta(hours=1), (ended - at(0)) / timedelta(hours=1))
        for track, other, began, ended in found.select("track_id", "other_track", "began", "ended").iter_rows()
    ]


def test_a_ship_that_took_another_identity_at_once_was_never_silent() -> None:
    assert gaps(rows(10, (12, 80), 82)) == []


def test_a_silence_that_ends_under_another_identity_is_a_gap_of_the_ship() -> None:
    lent, own = f"{OWNER}:2", f"{BORROWER}:1"
    assert gaps(rows(10, (30, 80), 82)) == [(own, lent, 10.0, pytest.approx(30.1))]
    assert gaps(rows(10, (12, 60), 82)) == [(lent, own, pytest.approx(60.1), 82.0)]


def test_a_ship_first_heard_under_another_identity_has_its_gap_too() -> None:
    lent, own = f"{OWNER}:2", f"{BORROWER}:1"
    assert gaps(rows(-1, (0, 40), 50)) == [(lent, own, pytest.approx(40.1), 50.0)]
    assert gaps(rows(30, (50, 94), 200)) == [(own, lent, 30.0, pytest.approx(50.1))]


def test_each_of_several_ships_is_looked_at_by_itself() -> None:
    """One of two ships on borrowed identities was silent between both, the other is too far away to be one."""
    one = rows(10, (30, 80), 82)
    far = (pl.col("sender") == OWNER) & (pl.col("name") == "BORROWER")
    other = one.with_columns(
        sender=pl.col("sender") + 10, lon=pl.col("lon") - 100.0, lat=pl.when(far).then(-60.0).otherwise("lat"),
        imo=pl.when(pl.col("name") == "BORROWER").then(9_000_003).otherwise(9_000_015).cast(pl.Int32),
    )  # fmt: skip
    assert sorted(gaps(pl.concat([one, other]))) == [
        (f"{BORROWER}:1", f"{OWNER}:2", 10.0, pytest.approx(30.1)), (f"{BORROWER + 10}:1", None, 10.0, 82.0),
    ]  # fmt: skip


def test_the_sentence_names_the_other_identity() -> None:
    events = whole(rows(10, (30, 80), 82), SHORE).vessel_events.filter(pl.col("kind") == "gap")
    assert f"and was heard again as {OWNER}:2" in events["sentence"].item()
    assert events["event_id"].item().endswith(f":{OWNER}:2")


def test_without_a_number_of_its_own_the_rest_of_a_silence_is_left_out() -> None:
    """Heard under the other's number too, it may be any ship: rather one gap too few."""
    assert gaps(rows(10, (12, 60), 82, imo=OTHER_IMO)) == []


def test_ships_of_one_number_too_far_apart_are_two() -> None:
    far = rows(10, (30, 80), 82).with_columns(
        lat=pl.when((pl.col("sender") == OWNER) & (pl.col("name") == "BORROWER")).then(-60.0).otherwise("lat")
    )
    assert gaps(far) == [(f"{BORROWER}:1", None, 10.0, 82.0)]


def test_two_ships_of_one_number_on_identities_of_their_own_stay_two() -> None:
    one = reports(BORROWER, [way(h) for h in HOURS if h <= 10], imo=IMO)
    other = reports(OWNER, [way(h) for h in HOURS if h >= 30], imo=IMO)
    assert gaps(pl.concat([one, other])) == []


def test_a_silence_between_two_identities_ends_on_one_day_only() -> None:
    positions = rows(10, (30, 80), 82)
    told = pl.concat([one.events.filter(pl.col("kind") == "gap") for one in sailed_days(positions, SHORE)])
    assert told.height == 1
