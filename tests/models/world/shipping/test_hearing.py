from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.parameters.shipping import Shipping
from models.world.shipping.cargoes import Clock
from models.world.shipping.hearing import (
    HEARD,
    POWER_DOWN,
    RECEPTION,
    SWITCHED_OFF,
    Hole,
    Reports,
    gaps,
    holes,
    reports,
)
from models.world.shipping.tracks import MOORED, MOVING, Track

CLOCK = Clock(date(2024, 10, 1), days=10, lead_days=2)
SHIPPING = Shipping()
STATION = np.array([[0.0, 0.0]])
NOBODY = pl.DataFrame(schema={"vessel": pl.Int64, "start_s": pl.Float64, "end_s": pl.Float64})


def lying(lon: float, *hours: float, state: int = MOVING, off: bool = False) -> Track:
    """One vessel at a place on the equator, with knots at these hours."""
    count = len(hours)
    return Track(
        np.zeros(count, dtype=int), np.array(hours) * 3600, np.full(count, lon), np.zeros(count), np.full(count, state),
        np.full(count, 9.0), np.full(count, off),
    )  # fmt: skip


def heard(track: Track, failures: list[Hole] | None = None, off: pl.DataFrame = NOBODY, **changes: float) -> Reports:
    shipping = replace(SHIPPING, **changes)
    return reports(np.random.default_rng(4), shipping, track, STATION, np.ones(1), failures or [], off, CLOCK)


def test_near_a_station_reports_come_every_few_minutes() -> None:
    found = heard(lying(0.5, 0, 100))
    assert (found.silence == HEARD).all()
    assert not found.by_satellite.any()
    assert len(found.time_s) == pytest.approx(100 * 60 / SHIPPING.moving_minutes, abs=2)
    assert np.diff(found.time_s).max() <= 2 * SHIPPING.moving_minutes * 60
    assert len(heard(lying(0.5, 0, 100, state=MOORED)).time_s) == pytest.approx(
        100 * 60 / SHIPPING.resting_minutes, abs=2
    )


def test_class_b_sends_less() -> None:
    track = lying(0.5, 0, 100)
    often = reports(np.random.default_rng(4), SHIPPING, track, STATION, np.ones(1), [], NOBODY, CLOCK)
    seldom = reports(np.random.default_rng(4), SHIPPING, track, STATION, np.full(1, 2.0), [], NOBODY, CLOCK)
    assert len(seldom.time_s) == pytest.approx(len(often.time_s) / 2, abs=2)


def test_out_of_reach_satellites_hear_ships_of_a_tile_at_the_same_times() -> None:
    one, other = lying(20.0, 0, 200), lying(21.0, 0, 200)
    both = Track(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in one.__dataclass_fields__))
    both = replace(both, vessel=np.array([0, 0, 1, 1]))
    found = reports(
        np.random.default_rng(4), replace(SHIPPING, satellite_chance=1.0), both, STATION, np.ones(2), [], NOBODY, CLOCK
    )
    assert found.by_satellite.all()
    first, second = ({*found.time_s[both.vessel[found.piece] == at].tolist()} for at in (0, 1))
    # All but the second reports of a pass, which come at times of their own.
    assert len(first & second) / len(first) > 0.75
    assert len(first) / 200 == pytest.approx(1 / SHIPPING.revisit_hours, rel=0.3)


def test_nothing_is_heard_outside_the_observed_time() -> None:
    found = heard(lying(0.5, -40, 300))
    assert found.time_s.min() >= 0
    assert found.time_s.max() <= CLOCK.end_s


def test_a_failed_station_leaves_a_gap_of_reception() -> None:
    track = lying(0.5, 0, 100)
    found = heard(track, [Hole(0.4, 0.0, 50.0, 30 * 3600.0, 50 * 3600.0)])
    during = (found.time_s >= 30 * 3600) & (found.time_s <= 50 * 3600)
    assert (found.silence == np.where(during, RECEPTION, HEARD)).all()
    (gap,) = gaps(track, found, 8 * 3600.0).iter_rows(named=True)
    assert gap["cause"] == "reception"
    assert gap["start_s"] <= 30 * 3600 <= 50 * 3600 <= gap["end_s"]
    assert gap["start_s"] == found.time_s[found.time_s < 30 * 3600].max()


def test_a_failure_elsewhere_silences_nobody() -> None:
    found = heard(lying(0.5, 0, 100), [Hole(5.0, 0.0, 50.0, 0.0, CLOCK.end_s)])
    assert (found.silence == HEARD).all()


def test_a_transponder_powered_down_in_port_leaves_a_gap_of_its_own() -> None:
    track = lying(0.0, 0, 20, 60, 90, state=MOORED)
    found = heard(replace(track, is_off=np.array([False, True, False, False])))
    assert set(found.silence[(found.time_s > 20 * 3600) & (found.time_s < 60 * 3600)].tolist()) == {POWER_DOWN}
    assert gaps(track, found, 8 * 3600.0)["cause"].to_list() == ["power_down"]


def test_out_of_reach_long_silences_are_the_satellites() -> None:
    track = lying(20.0, 0, 240)
    found = heard(track, revisit_hours=6.0)
    made = gaps(track, found, 8 * 3600.0)
    steps = np.diff(found.time_s)
    assert made.height == (steps >= 8 * 3600).sum() > 0
    assert set(made["cause"]) == {"satellite"}


@pytest.mark.parametrize("lon", [0.5, 20.0])
def test_a_transponder_switched_off_counts_before_all_other_causes(lon: float) -> None:
    track = lying(lon, 0, 200)
    off = pl.DataFrame({"vessel": [0], "start_s": [60 * 3600.0], "end_s": [75 * 3600.0]})
    found = heard(track, [Hole(0.5, 0.0, 50.0, 55 * 3600.0, 90 * 3600.0)], off)
    silent = (found.time_s >= 60 * 3600) & (found.time_s <= 75 * 3600)
    assert (found.silence[silent] == SWITCHED_OFF).all()
    made = gaps(track, found, 8 * 3600.0)
    dark = made.filter(pl.col("cause") == "switched_off")
    assert dark.height == 1
    assert dark["start_s"][0] < 60 * 3600 < 75 * 3600 < dark["end_s"][0]


MEETING = pl.DataFrame({"lon": [3.0], "lat": [1.0], "start_s": [0.0], "end_s": [CLOCK.end_s]})


def test_failures_lie_about_ports_and_within_the_time_and_hide_no_meeting() -> None:
    lon, lat = np.array([3.0, 40.0]), np.array([1.0, 2.0])
    found = holes(np.random.default_rng(1), SHIPPING, 20, lon, lat, MEETING.clear(), CLOCK)
    assert len(found) == 20
    assert {(one.lon, one.lat) for one in found} == {(3.0, 1.0), (40.0, 2.0)}
    assert all(0 <= one.start_s < CLOCK.end_s for one in found)
    hours = [(one.end_s - one.start_s) / 3600 for one in found]
    assert SHIPPING.hole_hours[0] <= min(hours) <= max(hours) <= SHIPPING.hole_hours[1]
    assert {one.lon for one in holes(np.random.default_rng(1), SHIPPING, 20, lon, lat, MEETING, CLOCK)} == {40.0}
    assert holes(np.random.default_rng(1), SHIPPING, 20, np.empty(0), np.empty(0), MEETING, CLOCK) == []
