"""Fishing vessels: trips from one port to a ground near a lane and back, trawling to and fro; some in pairs.

Pairs trawl a few hundred metres apart for days, faster than two knots: near, and no meeting. Single vessels drift at
night, slow and far from any port: no call.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints, distance_km
from models.world.shipping.arcs import KNOT_KM_H, moved, runs
from models.world.shipping.cargoes import DAY_S, Clock
from models.world.shipping.harbours import Harbours
from models.world.shipping.lanes import Lane
from models.world.shipping.logs import CALL, VOYAGE, Log, gathered, rows
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import DRIFTING, FISHING, MOORED, MOVING, Track, joined

GROUND_KM = (35.0, 110.0)
"""Distance of grounds from the port, along the lane."""
TRIP_DAYS = (1.5, 5.0)
HOME_HOURS = (14.0, 60.0)
TRAWL_KN = (2.8, 4.4)
GROUND_RADIUS_KM = 10.0
NIGHT_HOURS = (5.0, 8.0)
NIGHT_CHANCE = 0.12
"""Chance that a single vessel drifts after a haul."""
PAIR_KM = (0.15, 0.4)
PAIR_SHARE = 0.3
"""Share of vessels that fish in pairs."""


@dataclass(frozen=True)
class Trawler:
    """A fishing vessel's port, way and pace."""

    vessel: int
    place: int
    lane: Lane
    """From its port to the nearest other."""
    speed_kn: float
    draught_m: float
    drifts: bool
    """At night, if it does not fish in a pair."""


def fished(rng: np.random.Generator, trawlers: list[Trawler], harbours: Harbours, clock: Clock) -> Log:
    """Trips of all vessels; every second of the first `PAIR_SHARE` follows the one before."""
    leaders = int(len(trawlers) * PAIR_SHARE / 2)
    logs: list[Log] = []
    for at, one in enumerate(trawlers):
        in_pair, is_second = at // 2 < leaders, at % 2 == 1
        logs.append(
            _beside(rng, logs[-1], one) if in_pair and is_second else _trips(rng, one, harbours, clock, in_pair)
        )
    return gathered(logs)


def _beside(rng: np.random.Generator, first: Log, second: Trawler) -> Log:
    """The same trips, a little aside."""
    track, vessel = first.track, pl.lit(second.vessel, dtype=pl.Int64)
    lon, lat = moved(track.lon, track.lat, rng.uniform(0, 360), rng.uniform(*PAIR_KM))
    count, draught = len(track.vessel), pl.lit(second.draught_m)
    return Log(
        replace(
            track, vessel=np.full(count, second.vessel), lon=lon, lat=lat, draught_m=np.full(count, second.draught_m)
        ),
        first.calls.with_columns(vessel=vessel),
        first.voyages.with_columns(vessel=vessel, before_m=draught, after_m=draught),
    )


def _trips(rng: np.random.Generator, one: Trawler, harbours: Harbours, clock: Clock, in_pair: bool) -> Log:
    """Trips from before the observed time until its end; nobody drifts beside another."""
    place = np.array([one.place])
    berth_lon, berth_lat = harbours.berths(rng, place)
    ground = _ground(rng, one.lane)
    lon, lat = np.append(berth_lon, one.lane.lon[1 : ground + 1]), np.append(berth_lat, one.lane.lat[1 : ground + 1])
    radius = min(GROUND_RADIUS_KM, 1.0 + 2 * float(one.lane.spread_km[ground]))
    starts, ends, lengths, knots = [], [], [], []
    start = -7 * DAY_S + rng.uniform(0, 4) * DAY_S
    while start < clock.end_s:
        days = rng.uniform(*TRIP_DAYS)
        trip = _trip(rng, one.speed_kn, lon, lat, radius, days * 24, one.drifts and not in_pair)
        knots.append((trip[0] * HOUR_S + start, *trip[1:]))
        starts.append(start)
        lengths.append(float(distance_km(trip[1][:-1], trip[2][:-1], trip[1][1:], trip[2][1:]).sum()))
        ends.append(float(knots[-1][0][-1]))
        start = ends[-1] + rng.uniform(*HOME_HOURS) * HOUR_S
    time_s, east, north, state = (np.concatenate(parts) for parts in zip(*knots, strict=True))
    count, trips = len(time_s), len(starts)
    last = Track(
        *(np.array([value]) for value in (one.vessel, start, berth_lon[0], berth_lat[0], MOORED, one.draught_m, False))
    )
    track = Track(
        np.full(count, one.vessel), time_s, east, north, state.astype(np.int64), np.full(count, one.draught_m),
        np.zeros(count, dtype=bool),
    )  # fmt: skip
    calls = rows(CALL, [one.vessel] * trips, [one.place] * trips, ends, ends, [*starts[1:], start], [True] * trips)
    here, draught = [one.place] * trips, [one.draught_m] * trips
    voyages = rows(VOYAGE, [one.vessel] * trips, here, here, starts, ends, lengths, draught, draught, [-1] * trips)
    return Log(joined([track, last]), calls, voyages)


def _ground(rng: np.random.Generator, lane: Lane) -> int:
    """Point of the lane about which the vessel fishes: one with room, at the usual distance if there is one."""
    usual = np.flatnonzero((lane.km >= GROUND_KM[0]) & (lane.km <= min(GROUND_KM[1], float(lane.km[-1]) - 20)))
    if usual.size == 0:
        return len(lane.km) // 2
    room = lane.spread_km[usual]
    return int(rng.choice(usual[room >= np.median(room)]))


def _trip(
    rng: np.random.Generator, speed_kn: float, lon: Floats, lat: Floats, radius_km: float, hours: float, nights: bool
) -> tuple[Floats, Floats, Floats, Ints]:
    """Hours from the start, places and states of one trip: out along the way, hauls in a circle, back."""
    out_km = np.concatenate([[0.0], distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]).cumsum()])
    out = out_km / (speed_kn * KNOT_KM_H)
    hauls = max(int((hours - 2 * out[-1]) / 2.0), 3)
    away = radius_km * np.sqrt(rng.uniform(0.15, 1.0, hauls))
    turn = rng.uniform(0, 360) + np.cumsum(rng.uniform(100, 260, hauls))
    east, north = moved(lon[-1], lat[-1], turn, away)
    east, north = np.append(lon[-1], east), np.append(lat[-1], north)
    haul = distance_km(east[:-1], north[:-1], east[1:], north[1:]) / (rng.uniform(*TRAWL_KN, hauls) * KNOT_KM_H)
    drifts = (rng.random(hauls) < NIGHT_CHANCE) & nights
    night = np.where(drifts, rng.uniform(*NIGHT_HOURS, hauls), 0.0)
    # A night is one more knot after its haul, a little way off.
    haul_at, _ = runs(1 + drifts)
    is_night = np.append(haul_at[1:] == haul_at[:-1], False)
    is_night = np.roll(is_night, 1)
    ends = out[-1] + np.where(is_night, (haul + night).cumsum()[haul_at], ((haul + night).cumsum() - night)[haul_at])
    fish_lon, fish_lat = moved(east[1:][haul_at], north[1:][haul_at], 90.0, np.where(is_night, 0.6, 0.0))
    back = distance_km(fish_lon[-1], fish_lat[-1], lon[-1], lat[-1]) / (speed_kn * KNOT_KM_H)
    home = ends[-1] + back + (out[-1] - out)[::-1]
    state = np.concatenate([np.full(len(lon), MOVING), np.full(len(ends), FISHING), np.full(len(lon), MOVING)])
    state[len(lon) - 1] = FISHING
    state[len(lon) : len(lon) + len(ends)][np.append(is_night[1:], False)] = DRIFTING
    state[len(lon) + len(ends) - 1] = MOVING
    state[-1] = MOORED
    return (
        np.concatenate([out, ends, home]),
        np.concatenate([lon, fish_lon, lon[::-1]]),
        np.concatenate([lat, fish_lat, lat[::-1]]),
        state,
    )
