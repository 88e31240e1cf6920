from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.land.sphere import distance_km
from models.world.parameters.shipping import Shipping
from models.world.shipping.harbours import harbours
from models.world.shipping.lanes import drawn
from models.world.shipping.passages import Halts, Sailing, legs_of, sailed_legs
from models.world.shipping.tracks import ANCHORED, DRIFTING, MOORED, motion, piece_at
from tests.models.world.shipping.seas import joined_ports

SHIPPING = Shipping()
NETWORK = joined_ports()
LANES = drawn(NETWORK, {(0, 2)}, 30.0, 9.0)
NO_HALTS = Halts(*(np.empty(0, kind) for kind in (np.int64, np.int64, float, float)))
HOUR = 3600.0
SERVICE_KN = 12.0


def stops(berth_h: float, is_berthed: bool = True, is_off: bool = False) -> pl.DataFrame:
    """One ship leaves port 0 at hour 0 and is to be at a berth of port 2 at `berth_h`, for ten hours."""
    place, off_port = np.array([0, 2]), harbours(NETWORK, SHIPPING)
    berth, anchorage = (make(np.random.default_rng(1), place) for make in (off_port.berths, off_port.anchorages))
    return pl.DataFrame(
        {
            "vessel": [0, 0], "place": place, "berth_s": [-10 * HOUR, berth_h * HOUR],
            "depart_s": [0.0, (berth_h + 10) * HOUR], "is_berthed": [True, is_berthed], "load": [3, -1],
            "laden": [0.0, 0.0], "draught_m": [11.0, 7.0], "reported_m": [11.0, 7.0], "berth_lon": berth[0],
            "berth_lat": berth[1], "anchor_lon": anchorage[0], "anchor_lat": anchorage[1], "is_off": [False, is_off],
        }
    )  # fmt: skip


def sail(berth_h: float, halts: Halts = NO_HALTS, **changes: bool) -> Sailing:
    made = stops(berth_h, **changes)
    return sailed_legs(np.random.default_rng(2), SHIPPING, made, np.array([SERVICE_KN]), LANES, halts)


QUICK_H = float(LANES[0, 2].km[-1]) / (SERVICE_KN * 1.852) + 3
"""Hours that are just enough, approaches included."""


def test_legs_join_following_stops() -> None:
    (leg,) = legs_of(stops(50.0)).iter_rows(named=True)
    assert (leg["start"], leg["end"], leg["departs_s"], leg["latest_s"], leg["load"]) == (0, 2, 0.0, 49 * HOUR, 3)


@pytest.mark.parametrize("spare_h", [-3.0, 0.0, 10.0, 60.0])
def test_a_ship_is_at_its_berth_when_it_is_to_be_and_waits_at_anchor_before(spare_h: float) -> None:
    found = sail(QUICK_H + spare_h)
    stay = found.stays.row(1, named=True)
    assert stay["came_s"] == found.legs["arrives_s"][0] <= stay["arrives_s"] <= stay["berths_s"]
    assert stay["berths_s"] <= (QUICK_H + spare_h) * HOUR
    assert stay["rests"] == (spare_h >= 10.0)
    states = found.track.state.tolist()
    assert (ANCHORED in states) == (spare_h >= 10.0)
    assert MOORED in states
    assert (np.diff(found.track.time_s) >= 0).all()


def test_who_has_time_sails_slower_but_not_slower_than_is_economic() -> None:
    speeds = [
        found.legs["length_km"][0] / (found.legs["arrives_s"][0] / HOUR) / 1.852
        for found in (sail(QUICK_H), sail(QUICK_H + 5), sail(QUICK_H + 300))
    ]
    assert speeds[0] > speeds[1] > speeds[2] > 0.85 * SHIPPING.economic * SERVICE_KN
    assert speeds[0] <= 1.05 * SERVICE_KN


def test_a_passage_begins_and_ends_at_its_berths() -> None:
    found, plan = sail(QUICK_H + 20), stops(QUICK_H + 20)
    times = np.array([-5.0, QUICK_H + 25]) * HOUR
    where = motion(found.track, piece_at(found.track, np.zeros(2, dtype=int), times), times)
    assert where.lon == pytest.approx(plan["berth_lon"].to_numpy())
    assert where.lat == pytest.approx(plan["berth_lat"].to_numpy())
    assert distance_km(where.lon, where.lat, NETWORK.ports.lon[[0, 2]], NETWORK.ports.lat[[0, 2]]).max() < 2


def test_a_ship_without_a_berth_stays_at_anchor() -> None:
    found = sail(QUICK_H + 20, is_berthed=False)
    assert found.track.state.tolist().count(MOORED) == 2  # before it left, and its very end
    assert np.isnan(found.stays["berths_s"][1])
    assert found.stays["arrives_s"][1] == found.legs["arrives_s"][0]


def test_a_halt_takes_its_hours_at_its_speed_and_is_told() -> None:
    point = len(LANES[0, 2].km) // 2
    halts = Halts(np.array([0]), np.array([point]), np.array([5.0]), np.array([0.6]))
    with_halt, without = sail(QUICK_H + 30, halts), sail(QUICK_H + 25)
    (begins,) = with_halt.halts_s
    drifting = np.flatnonzero(with_halt.track.state == DRIFTING)
    assert with_halt.track.time_s[drifting].tolist() == [begins]
    assert with_halt.track.time_s[drifting + 1] - begins == pytest.approx([5 * HOUR])
    now = motion(with_halt.track, drifting, np.array([begins + HOUR]))
    assert now.speed_kn[0] == pytest.approx(0.6, rel=0.01)
    longer = with_halt.legs["arrives_s"][0] - without.legs["arrives_s"][0]
    assert longer == pytest.approx(5 * HOUR, rel=0.2)


def test_draught_changes_when_the_ship_leaves() -> None:
    track = sail(QUICK_H).track
    assert set(track.draught_m[track.time_s < 0]) == {11.0}  # no earlier stop is known
    assert set(track.draught_m[track.time_s >= 0]) == {11.0}
    more = pl.concat(
        [
            stops(QUICK_H),
            stops(QUICK_H).with_columns(vessel=pl.lit(1, dtype=pl.Int64), reported_m=pl.Series([5.0, 6.0])),
        ]
    )
    both = sailed_legs(np.random.default_rng(2), SHIPPING, more, np.full(2, SERVICE_KN), LANES, NO_HALTS).track
    assert set(both.draught_m[both.vessel == 1]) == {5.0}


def test_a_transponder_is_off_only_at_the_berth() -> None:
    track = sail(QUICK_H + 20, is_off=True).track
    assert track.state[track.is_off].tolist() == [MOORED]
    assert track.time_s[track.is_off][0] == pytest.approx((QUICK_H + 20) * HOUR)


def test_ships_keep_to_their_own_side_of_a_lane() -> None:
    wide = replace(LANES[0, 2], spread_km=np.where(LANES[0, 2].spread_km > 0, 9.0, 0.0))
    many = pl.concat([stops(QUICK_H).with_columns(vessel=pl.lit(at, dtype=pl.Int64)) for at in range(30)])
    made = sailed_legs(np.random.default_rng(2), SHIPPING, many, np.full(30, SERVICE_KN), {(0, 2): wide}, NO_HALTS)
    middle = len(wide.km) // 2
    first = np.flatnonzero(np.diff(made.track.vessel, prepend=-1))
    lons, lats = made.track.lon[first + 1 + middle], made.track.lat[first + 1 + middle]
    away = distance_km(lons, lats, wide.lon[middle], wide.lat[middle])
    assert away.max() <= 9.05
    assert away.mean() > 1.0
