from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.land.sphere import distance_km
from models.world.shipping.cargoes import Clock
from models.world.shipping.fishing import PAIR_KM, Trawler, fished
from models.world.shipping.harbours import harbours
from models.world.shipping.lanes import drawn
from models.world.shipping.meetings import KINDS, meetings, wanted
from models.world.shipping.partners import BESIDE_KM, escorted, partners
from models.world.shipping.tracks import DRIFTING, FISHING, MOORED, MOVING, Track, motion, piece_at
from tests.models.world.shipping.seas import joined_ports

CONFIG = WorldConfig.sized("small", 1)
SHIPPING = CONFIG.shipping
NETWORK = joined_ports()
OFF_PORT = harbours(NETWORK, SHIPPING)
LANES = drawn(NETWORK, {(0, 2), (0, 3), (1, 3)}, 30.0, 9.0)
CLOCK = Clock(date(2024, 10, 1), days=10, lead_days=5)
DAY, HOUR = 86_400.0, 3_600.0


def legs(count: int = 40, spare_h: float = 200.0, may_halt: bool = True) -> pl.DataFrame:
    """Passages of as many ships, every second with goods of a scheme."""
    pairs = [(0, 2), (0, 3), (1, 3)]
    departs = np.linspace(0.6, 3.0, count) * DAY
    return pl.DataFrame(
        {
            "start": [pairs[at % 3][0] for at in range(count)], "end": [pairs[at % 3][1] for at in range(count)],
            "departs_s": departs, "latest_s": departs + spare_h * HOUR, "has_scheme": np.arange(count) % 2 == 0,
            "service_kn": np.full(count, 12.0), "may_halt": np.full(count, may_halt),
        }
    )  # fmt: skip


def chosen(passages: pl.DataFrame, stations: bool = True) -> pl.DataFrame:
    everywhere = np.full(4, stations)
    return meetings(np.random.default_rng(3), CONFIG, passages, LANES, NETWORK.ports, everywhere, CLOCK)


def test_halts_are_as_many_as_wanted_and_none_is_in_the_passage_of_another() -> None:
    found = chosen(legs())
    assert dict(found["kind"].value_counts().iter_rows()) == {
        kind: count for kind, count in wanted(CONFIG).items() if count
    }
    assert found["passage"].is_unique().all()
    assert found["passage"].is_sorted()


def test_every_halt_is_where_its_kind_may_be() -> None:
    passages = legs()
    for row in chosen(passages).iter_rows(named=True):
        kind, leg = KINDS[row["kind"]], passages.row(row["passage"], named=True)
        lane = LANES[leg["start"], leg["end"]]
        to_end = min(lane.km[row["point"]], lane.km[-1] - lane.km[row["point"]])
        here = lane.lon[row["point"]], lane.lat[row["point"]]
        assert kind.to_end_km[0] <= to_end <= kind.to_end_km[1]
        assert distance_km(*here, NETWORK.ports.lon, NETWORK.ports.lat).min() >= kind.to_port_km >= 10
        assert kind.hours[0] <= row["hours"] <= kind.hours[1]
        assert (row["home"] in (leg["start"], leg["end"])) == (kind.partner is not None)


@pytest.mark.parametrize(("honest", "expected"), [(0.0, 6), (0.5, 3)])
def test_most_that_meet_in_the_dark_carry_goods_of_a_scheme(honest: float, expected: int) -> None:
    passages = legs(240).with_columns(has_scheme=pl.int_range(pl.len()) % 20 == 0)
    shipping = replace(SHIPPING, dark_transfers=(6, 6, 6), dark_honest=honest)
    config = replace(CONFIG, shipping=shipping)
    found = meetings(np.random.default_rng(3), config, passages, LANES, NETWORK.ports, np.full(4, True), CLOCK)
    dark = found.filter(pl.col("kind") == "dark_transfer")
    assert dark.height == 6
    assert passages["has_scheme"].gather(dark["passage"]).sum() == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    "passages", [legs(spare_h=1.0), legs(may_halt=False), legs().with_columns(departs_s=9.5 * DAY)]
)
def test_nobody_halts_without_time_or_leave_or_unobserved(passages: pl.DataFrame) -> None:
    assert chosen(passages).is_empty()


def test_without_stations_only_those_halt_that_need_not_be_heard() -> None:
    kinds = set(chosen(legs(), stations=False)["kind"])
    assert kinds
    assert not any(KINDS[kind].is_heard for kind in kinds)


def ship() -> Track:
    """A ship on the lane from port 0 to 2 at 20 km/h that drifts for five hours at its fifth point."""
    lane = LANES[0, 2]
    time_s = np.append(lane.km[:6], lane.km[5:]) / 20 * HOUR
    time_s[6:] += 5 * HOUR
    lon, lat = np.insert(lane.lon, 6, lane.lon[5] + 0.03), np.insert(lane.lat, 6, lane.lat[5])
    state = np.full(len(lon), MOVING)
    state[5] = DRIFTING
    return Track(
        np.zeros(len(lon), dtype=int), time_s, lon, lat, state, np.full(len(lon), 9.0), np.zeros(len(lon), bool)
    )


@pytest.mark.parametrize("home", [0, 2])
def test_a_partner_is_beside_the_ship_for_all_of_the_meeting_and_comes_from_its_port(home: int) -> None:
    track = ship()
    met = pl.DataFrame(
        {
            "vessel": [0], "partner": [1], "home": [home], "start": [0], "departs_s": [0.0],
            "arrives_s": [track.time_s[-1]], "begins_s": [track.time_s[5]],
        }
    )  # fmt: skip
    log = partners(np.random.default_rng(1), met, track, OFF_PORT, np.array([9.0, 5.0]))
    assert set(log.track.vessel.tolist()) == {1}
    times = track.time_s[5] + np.linspace(0, 4.99, 30) * HOUR
    one, other = (
        motion(which, piece_at(which, np.full(30, number), times), times)
        for number, which in enumerate((track, log.track))
    )
    apart = distance_km(one.lon, one.lat, other.lon, other.lat)
    assert apart.min() >= BESIDE_KM[0] - 0.001
    assert apart.max() <= BESIDE_KM[1] + 0.001
    assert other.speed_kn.max() < 1.0
    ports = NETWORK.ports
    ends = log.track.lon[[0, -1]], log.track.lat[[0, -1]]
    assert distance_km(*ends, ports.lon[home], ports.lat[home]).max() < 2
    speeds = motion(log.track, log.track.pieces, log.track.time_s[log.track.pieces]).speed_kn
    assert speeds.max() < 10
    (voyage,) = log.voyages.iter_rows(named=True)
    assert (voyage["start"], voyage["end"]) == (home, home)
    assert voyage["departs_s"] < times[0] < times[-1] < voyage["arrives_s"]
    assert log.calls["came"].to_list() == [False, True]


def test_tugs_come_in_beside_ships_one_after_the_other() -> None:
    hours = np.array([5.0, 5.5, 12.0])
    stays = pl.DataFrame(
        {
            "vessel": [0, 1, 2], "place": [2, 2, 2], "sets_off_s": hours * HOUR, "berths_s": (hours + 0.8) * HOUR,
            "anchor_lon": np.full(3, NETWORK.ports.lon[2] + 0.05), "anchor_lat": np.full(3, NETWORK.ports.lat[2]),
            "berth_lon": np.full(3, NETWORK.ports.lon[2] + 0.01), "berth_lat": np.full(3, NETWORK.ports.lat[2]),
        }
    )  # fmt: skip
    log = escorted(np.random.default_rng(1), stays, np.array([7, 8]), OFF_PORT, np.full(9, 4.0), most=5)
    assert set(log.track.vessel.tolist()) == {7}  # only one port has arrivals
    for hour, served in zip(hours, (True, False, True), strict=True):
        time = np.array([(hour + 0.4) * HOUR])
        now = motion(log.track, piece_at(log.track, np.array([7]), time), time)
        apart = float(distance_km(now.lon[0], now.lat[0], NETWORK.ports.lon[2] + 0.03, NETWORK.ports.lat[2]))
        assert (apart < 0.3) == served
    assert log.calls["place"].to_list() == [2]
    assert log.voyages.is_empty()


def trawled(count: int = 8):
    lane = LANES[0, 2]
    fleet = [Trawler(at, 0, lane, 10.0, 3.0, at < 3) for at in range(count)]
    return fished(np.random.default_rng(5), fleet, OFF_PORT, CLOCK)


def test_fishing_vessels_go_out_fish_slowly_and_come_home() -> None:
    log = trawled()
    track, pieces = log.track, log.track.pieces
    now = motion(track, pieces, track.time_s[pieces])
    assert now.speed_kn[track.state[pieces] == FISHING].max() < 6
    assert now.speed_kn[track.state[pieces] == MOVING].max() < 10.5
    home = track.state == MOORED
    assert distance_km(track.lon[home], track.lat[home], NETWORK.ports.lon[0], NETWORK.ports.lat[0]).max() < 2.5
    assert (np.diff(track.time_s)[np.diff(track.vessel) == 0] >= 0).all()
    row, column = NETWORK.water.cells(track.lon[track.state == FISHING], track.lat[track.state == FISHING])
    assert NETWORK.water.is_water[row, column].all()


def test_trips_and_stays_follow_each_other() -> None:
    log = trawled()
    for vessel in range(8):
        trips = log.voyages.filter(pl.col("vessel") == vessel).sort("departs_s")
        calls = log.calls.filter(pl.col("vessel") == vessel).sort("arrives_s")
        assert trips["arrives_s"].to_list() == calls["arrives_s"].to_list()
        assert trips["departs_s"][1:].to_list() == calls["leaves_s"][:-1].to_list()
        assert (trips["arrives_s"] > trips["departs_s"]).all()


def test_the_first_two_fish_in_a_pair_and_never_drift() -> None:
    track = trawled().track
    one, other = track.take(track.vessel == 0), track.take(track.vessel == 1)
    apart = distance_km(one.lon, one.lat, other.lon, other.lat)
    assert PAIR_KM[0] * 0.95 <= apart.min() <= apart.max() <= PAIR_KM[1] * 1.05
    assert DRIFTING not in one.state
    assert set(track.vessel[track.state == DRIFTING].tolist()) == {2}  # the only other one that may


def test_more_of_a_kind_are_wanted_in_larger_worlds() -> None:
    small, medium = (wanted(replace(CONFIG, size=size)) for size in ("small", "medium"))
    assert all(small[kind] < medium[kind] for kind in small)
