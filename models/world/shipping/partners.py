"""Vessels that come alongside at sea, and tugs that bring ships in.

A partner comes from a port along the way of the ship that it meets, goes beside it as long as they stay together, and
returns; so both keep their distance to the metre, and the partner too is on water.
"""

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints, distance_km
from models.world.shipping.arcs import KNOT_KM_H, moved
from models.world.shipping.cargoes import DAY_S
from models.world.shipping.harbours import Harbours
from models.world.shipping.logs import CALL, VOYAGE, Log, gathered, rows
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import DRIFTING, MOORED, MOVING, Track, joined

BESIDE_KM = (0.06, 0.25)
PARTNER_KN = 9.5
HOME_DAYS = (0.8, 2.5)
"""How long a partner is heard before it leaves and after it is back."""


def partners(rng: np.random.Generator, met: pl.DataFrame, track: Track, harbours: Harbours, draught_m: Floats) -> Log:
    """One partner for each meeting.

    `met` has vessel (the ship), partner (number of the vessel alongside), home, departs_s, arrives_s (of the passage),
    begins_s (of the meeting).
    """
    logs = []
    first = np.searchsorted(track.vessel, met["vessel"].to_numpy())
    end = np.searchsorted(track.vessel, met["vessel"].to_numpy(), side="right")
    for at, one in enumerate(met.iter_rows(named=True)):
        knots = track.take(np.arange(first[at], end[at]))
        passage = knots.take((knots.time_s >= one["departs_s"]) & (knots.time_s <= one["arrives_s"]))
        logs.append(_partner(rng, one, passage, harbours, float(draught_m[one["partner"]])))
    return gathered(logs)


def _partner(
    rng: np.random.Generator, one: dict[str, float], passage: Track, harbours: Harbours, draught_m: float
) -> Log:
    """The partner's knots: home, out, alongside, back, home."""
    home, number = int(one["home"]), int(one["partner"])
    begins = int(np.searchsorted(passage.time_s, one["begins_s"]))
    if home == one["start"]:
        out, back = np.arange(begins + 1), np.arange(begins + 2)[::-1]
    else:
        out, back = np.arange(begins, len(passage.time_s))[::-1], np.arange(begins + 1, len(passage.time_s))
    lon, lat = moved(passage.lon, passage.lat, rng.uniform(0, 360), rng.uniform(*BESIDE_KM))
    berth = harbours.berths(rng, np.array([home]))
    east, north = (np.concatenate([end, way[out], way[back], end]) for end, way in zip(berth, (lon, lat), strict=True))
    hours = distance_km(east[:-1], north[:-1], east[1:], north[1:]) / (PARTNER_KN * KNOT_KM_H)
    hours[len(out)] = (passage.time_s[begins + 1] - passage.time_s[begins]) / HOUR_S
    time_s = np.append(0.0, hours.cumsum()) * HOUR_S
    time_s += passage.time_s[begins] - time_s[len(out)]
    state = np.full(len(time_s), MOVING)
    state[len(out)], state[-1] = DRIFTING, MOORED
    before, after = rng.uniform(*HOME_DAYS, 2) * DAY_S
    track = joined(
        [
            _knots(number, time_s[:1] - before, berth[0], berth[1], np.array([MOORED]), draught_m),
            _knots(number, time_s, east, north, state, draught_m),
            _knots(number, time_s[-1:] + after, berth[0], berth[1], np.array([MOORED]), draught_m),
        ]
    )
    left, back_s = float(time_s[0]), float(time_s[-1])
    stays = [left - before, back_s]
    calls = rows(CALL, [number] * 2, [home] * 2, stays, stays, [left, back_s + after], [False, True])
    length = float((distance_km(east[:-1], north[:-1], east[1:], north[1:])).sum())
    voyage = rows(VOYAGE, [number], [home], [home], [left], [back_s], [length], [draught_m], [draught_m], [-1])
    return Log(track, calls, voyage)


def escorted(
    rng: np.random.Generator, stays: pl.DataFrame, tugs: Ints, harbours: Harbours, draught_m: Floats, most: int
) -> Log:
    """Tugs of the ports with most arrivals: each goes out to the anchorage and comes in beside a ship.

    `stays` has place, sets_off_s, berths_s, anchor_lon, anchor_lat, berth_lon, berth_lat, of ships that berth within
    the observed time. A tug stays within the port's waters, so that all its time is one call.
    """
    busiest = stays.group_by("place").len().sort(["len", "place"], descending=[True, False])["place"].to_list()
    logs, none = [], rows(VOYAGE, *([[]] * len(VOYAGE)))
    for number, place in zip(tugs.tolist(), busiest, strict=False):
        arrivals = stays.filter(pl.col("place") == place).sort("sets_off_s", "vessel")
        track = _tug(rng, number, place, _apart(arrivals, most), harbours, float(draught_m[number]))
        first, last = [float(track.time_s[0])], [float(track.time_s[-1])]
        logs.append(Log(track, rows(CALL, [number], [place], first, first, last, [False]), none))
    return gathered(logs)


def _apart(arrivals: pl.DataFrame, most: int) -> pl.DataFrame:
    """Arrivals that one tug can serve one after the other."""
    kept, free = [], -np.inf
    for at, (sets_off, berths) in enumerate(arrivals.select("sets_off_s", "berths_s").iter_rows()):
        if sets_off - 2 * HOUR_S > free:
            kept.append(at)
            free = berths + HOUR_S
    return arrivals[kept[:most]]


def _tug(
    rng: np.random.Generator, number: int, place: int, served: pl.DataFrame, harbours: Harbours, draught_m: float
) -> Track:
    """Base, out to the anchorage, in beside the ship, base; for each ship served."""
    lon, lat = harbours.berths(rng, np.array([place]))
    count = len(served)
    course, km = rng.uniform(0, 360, count), rng.uniform(*BESIDE_KM, count)
    anchor = moved(served["anchor_lon"].to_numpy(), served["anchor_lat"].to_numpy(), course, km)
    berth = moved(served["berth_lon"].to_numpy(), served["berth_lat"].to_numpy(), course, km)
    meets, ends = served["sets_off_s"].to_numpy(), served["berths_s"].to_numpy()
    base = np.full(count, lon[0]), np.full(count, lat[0])
    east, north = (np.stack([base[axis], anchor[axis], berth[axis], base[axis]], axis=1).ravel() for axis in (0, 1))
    time_s = np.stack([meets - 0.6 * HOUR_S, meets, ends, ends + 0.4 * HOUR_S], axis=1).ravel()
    state = np.tile([MOVING, MOVING, MOVING, MOORED], count)
    edge = np.array([MOORED])
    return joined(
        [
            _knots(number, time_s[:1] - DAY_S, lon, lat, edge, draught_m),
            _knots(number, time_s, east, north, state, draught_m),
            _knots(number, time_s[-1:] + DAY_S, lon, lat, edge, draught_m),
        ]
    )


def _knots(number: int, time_s: Floats, lon: Floats, lat: Floats, state: Ints, draught_m: float) -> Track:
    count = len(time_s)
    return Track(
        np.full(count, number), time_s, lon, lat, state.astype(np.int64), np.full(count, draught_m),
        np.zeros(count, dtype=bool),
    )  # fmt: skip
