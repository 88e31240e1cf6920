"""Ships that go from port to port: when they sail, wait, berth and leave, as knots of a track.

Every passage starts at a berth, follows its lane at a distance from the middle of its own, passes or waits in the
anchorage off the next port, and ends at a berth there. A ship that would come too early goes slower; one that would
come too late goes faster. Halts (`meetings`) are pieces of a passage at a speed of their own.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints, distance_km
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import KNOT_KM_H, bearing, moved, runs
from models.world.shipping.lanes import Lane, Lanes
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import ANCHORED, DRIFTING, MOORED, MOVING, Track, joined

NEAR_KN = 5.0
"""Speed within the first distance of `lanes.APPROACH_KM`, and from anchorage to berth."""
CLOSE_KN = 9.0
"""Speed within the second."""
NEAR_KM, CLOSE_KM = 6.5, 16.5
REST_H = 2.0
"""A shorter wait is none: the ship goes straight to its berth."""
EARLY_H = 4.0
"""Ships with time to spare aim to come so much before they must."""


@dataclass(frozen=True)
class Halts:
    """Pieces of passages at a speed of their own; at most one in a passage."""

    passage: Ints
    point: Ints
    """Number of the lane's point at which it begins."""
    hours: Floats
    speed_kn: Floats


@dataclass(frozen=True)
class Points:
    """Points of passages, one passage after the other."""

    passage: Ints
    lon: Floats
    lat: Floats
    to_port_km: Floats
    """Along the lane to the nearer end."""
    halt_h: Floats
    """Hours to the next point where a halt begins here; else nan."""


@dataclass(frozen=True)
class Sailing:
    """Passages and stays as they happened."""

    track: Track
    legs: pl.DataFrame
    """Those of `legs_of` with arrives_s (in the anchorage) and length_km."""
    stays: pl.DataFrame
    """Those of the stops with arrives_s (first rest), berths_s and leaves_s (null where there was none)."""
    halts_s: Floats
    """Start of each halt."""


def legs_of(stops: pl.DataFrame) -> pl.DataFrame:
    """Passages between stops of a vessel: stop (row of the first), vessel, start, end, departs_s, latest_s, load."""
    following = stops.with_row_index("stop").with_columns(
        end=pl.col("place").shift(-1).over("vessel"), latest_s=pl.col("berth_s").shift(-1).over("vessel") - HOUR_S
    )
    return following.filter(pl.col("end").is_not_null()).select(
        pl.col("stop").cast(pl.Int64), "vessel", pl.col("place").alias("start"), "end",
        pl.col("depart_s").alias("departs_s"), "latest_s", "load",
    )  # fmt: skip


def sailed_legs(
    rng: np.random.Generator, shipping: Shipping, stops: pl.DataFrame, speed_kn: Floats, lanes: Lanes, halts: Halts
) -> Sailing:
    """Track of ships that have these stops. `speed_kn` is the service speed of each vessel.

    Stops have, beside the columns of `plans`: draught_m and reported_m (on leaving), berth_lon, berth_lat, anchor_lon,
    anchor_lat, is_off (transponder off at the berth).
    """
    legs = legs_of(stops)
    points = _points(rng, shipping, stops, legs, lanes, halts)
    hours, km = _hours(rng, shipping, points, legs, speed_kn)
    ahead = np.concatenate([[0.0], hours.cumsum()[:-1]])
    first = np.flatnonzero(np.diff(points.passage, prepend=-1))
    time_s = legs["departs_s"].to_numpy()[points.passage] + (ahead - ahead[first][points.passage]) * HOUR_S
    last = np.append(first[1:], len(time_s)) - 1
    legs = legs.with_columns(
        arrives_s=pl.Series(time_s[last]), length_km=pl.Series(np.bincount(points.passage, km, len(legs)))
    )
    stays = _stays(stops, legs)
    under_way = _under_way(points, time_s, legs, stays)
    track = joined([_rests(stays), under_way])
    return Sailing(track, legs, stays, time_s[np.isfinite(points.halt_h)])


def _points(
    rng: np.random.Generator, shipping: Shipping, stops: pl.DataFrame, legs: pl.DataFrame, lanes: Lanes, halts: Halts
) -> Points:
    """Points of all passages, with the halts in them."""
    ways = [lanes[pair] for pair in legs.select("start", "end").iter_rows()]
    passage, step = runs([len(way.km) for way in ways])
    lon, lat = _beside(rng, ways, passage)
    km = np.concatenate([np.minimum(way.km, way.km[-1] - way.km) for way in ways])
    first, last = np.flatnonzero(step == 0), np.append(np.flatnonzero(step == 0)[1:], len(step)) - 1
    leaving, reaching = stops[legs["stop"].to_numpy()], stops[legs["stop"].to_numpy() + 1]
    from_berth = leaving["is_berthed"].to_numpy()
    for axis, along in (("lon", lon), ("lat", lat)):
        along[first] = np.where(from_berth, leaving[f"berth_{axis}"], leaving[f"anchor_{axis}"])
        along[last] = reaching[f"anchor_{axis}"].to_numpy()
    return _halted(Points(passage, lon, lat, km, np.full(len(lon), np.nan)), first, halts)


def _beside(rng: np.random.Generator, ways: list[Lane], passage: Ints) -> tuple[Floats, Floats]:
    """Lanes moved sideways: each ship keeps to its side, and wanders."""
    lon, lat = np.concatenate([way.lon for way in ways]), np.concatenate([way.lat for way in ways])
    spread = np.concatenate([way.spread_km for way in ways])
    side = 0.75 * rng.uniform(-1, 1, len(ways))[passage] + 0.25 * rng.uniform(-1, 1, len(passage))
    course = bearing(lon, lat, np.roll(lon, -1), np.roll(lat, -1))
    return moved(lon, lat, course + 90.0, spread * side)


def _halted(points: Points, first: Ints, halts: Halts) -> Points:
    """With a second point after each halt's, as far ahead as the ship gets in it."""
    at = first[halts.passage] + halts.point
    hours = points.halt_h.copy()
    hours[at] = halts.hours
    length = distance_km(points.lon[at], points.lat[at], points.lon[at + 1], points.lat[at + 1])
    share = np.minimum(halts.hours * halts.speed_kn * KNOT_KM_H / length, 0.9)
    lon = points.lon[at] + share * (points.lon[at + 1] - points.lon[at])
    lat = points.lat[at] + share * (points.lat[at + 1] - points.lat[at])
    return Points(
        np.insert(points.passage, at + 1, points.passage[at]),
        np.insert(points.lon, at + 1, lon),
        np.insert(points.lat, at + 1, lat),
        np.insert(points.to_port_km, at + 1, points.to_port_km[at]),
        np.insert(hours, at + 1, np.nan),
    )


def _hours(
    rng: np.random.Generator, shipping: Shipping, points: Points, legs: pl.DataFrame, speed_kn: Floats
) -> tuple[Floats, Floats]:
    """Hours and km from each point to the next of its passage; 0 after the last.

    Cruising speed is what brings the ship in time, between the economic and its service speed; where that is too slow,
    all of the cruise is shortened alike.
    """
    count = len(legs)
    ends = np.append(points.passage[1:] != points.passage[:-1], True)
    km = np.where(ends, 0.0, distance_km(points.lon, points.lat, np.roll(points.lon, -1), np.roll(points.lat, -1)))
    middle = (points.to_port_km + np.roll(points.to_port_km, -1)) / 2
    slow_kn = np.where(middle <= NEAR_KM, NEAR_KN, CLOSE_KN)
    is_halt = np.isfinite(points.halt_h)
    is_cruise = (middle > CLOSE_KM) & ~is_halt
    slow = np.where(is_cruise, 0.0, np.where(is_halt, points.halt_h, km / (slow_kn * KNOT_KM_H)))
    spare = (legs["latest_s"] - legs["departs_s"]).to_numpy() / HOUR_S - np.bincount(points.passage, slow, count)
    cruise_km = np.bincount(points.passage, np.where(is_cruise, km, 0.0), count)
    service = speed_kn[legs["vessel"].to_numpy()]
    wanted = cruise_km / KNOT_KM_H / np.maximum(spare - EARLY_H, 0.1)
    cruise_kn = np.clip(wanted, shipping.economic * service, service)
    weather = np.clip(1 + 0.04 * rng.standard_normal(len(km)), 0.85, 1.15)
    cruise = np.where(is_cruise, km / (cruise_kn[points.passage] * KNOT_KM_H * weather), 0.0)
    long = np.bincount(points.passage, cruise, count)
    haste = np.minimum(1.0, np.maximum(spare, 0.1) / np.maximum(long, 1e-9))
    return slow + cruise * haste[points.passage], km


def _stays(stops: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """When ships reached, berthed and left: those that have time wait in the anchorage."""
    came = np.full(len(stops), np.nan)
    came[legs["stop"].to_numpy() + 1] = legs["arrives_s"].to_numpy()
    places = (stops[name].to_numpy() for name in ("anchor_lon", "anchor_lat", "berth_lon", "berth_lat"))
    shift_s = distance_km(*places) / (NEAR_KN * KNOT_KM_H) * HOUR_S
    planned, berthed = stops["berth_s"].to_numpy(), stops["is_berthed"].to_numpy()
    rests = ~berthed | (planned - shift_s - came >= REST_H * HOUR_S)
    sets_off = np.where(rests, planned - shift_s, came)
    berths = np.where(np.isnan(came), planned, sets_off + shift_s)
    return stops.with_columns(
        came_s=pl.Series(came),
        rests=pl.Series(rests & ~np.isnan(came)),
        sets_off_s=pl.Series(sets_off),
        berths_s=pl.Series(np.where(berthed, berths, np.nan)),
        arrives_s=pl.Series(np.where(rests & ~np.isnan(came), came, berths)),
        arrived_m=pl.col("reported_m").shift(1).over("vessel").fill_null(pl.col("reported_m")),
        before_m=pl.col("draught_m").shift(1).over("vessel").fill_null(pl.col("draught_m")),
    )


def _under_way(points: Points, time_s: Floats, legs: pl.DataFrame, stays: pl.DataFrame) -> Track:
    """Knots from the berth to the anchorage off the next port."""
    ends = np.append(points.passage[1:] != points.passage[:-1], True)
    rests = stays["rests"].to_numpy()[legs["stop"].to_numpy() + 1]
    state = np.where(np.isfinite(points.halt_h), DRIFTING, MOVING)
    state[ends] = np.where(rests, ANCHORED, MOVING)
    return Track(
        vessel=legs["vessel"].to_numpy()[points.passage],
        time_s=time_s,
        lon=points.lon,
        lat=points.lat,
        state=state,
        draught_m=stays["reported_m"].to_numpy()[legs["stop"].to_numpy()][points.passage],
        is_off=np.zeros(len(time_s), dtype=bool),
    )


def _rests(stays: pl.DataFrame) -> Track:
    """Knots at which ships leave the anchorage for the berth, reach the berth, and end."""
    moves = stays.filter("rests", "is_berthed")
    berths = stays.filter("is_berthed")
    final = stays.filter(pl.col("depart_s") == pl.col("depart_s").max().over("vessel"))
    leaving = _knots(moves, "sets_off_s", "anchor", MOVING)
    mooring = replace(_knots(berths, "berths_s", "berth", MOORED), is_off=berths["is_off"].to_numpy())
    over = [_knots(final.filter(pl.col("is_berthed") == at), "depart_s", name, MOORED) for at, name in _ENDS]
    return joined([leaving, mooring, *over])


_ENDS = ((True, "berth"), (False, "anchor"))


def _knots(stays: pl.DataFrame, time: str, where: str, state: int) -> Track:
    return Track(
        vessel=stays["vessel"].to_numpy(),
        time_s=stays[time].to_numpy(),
        lon=stays[f"{where}_lon"].to_numpy(),
        lat=stays[f"{where}_lat"].to_numpy(),
        state=np.full(len(stays), state),
        draught_m=stays["arrived_m"].to_numpy(),
        is_off=np.zeros(len(stays), dtype=bool),
    )
