"""What receivers hear: reports of transponders ashore and from space, and the silences between.

Within reach of a station ashore a report is kept every few minutes. Elsewhere satellites hear a ship when they pass,
all ships of a tile at the same times. Silences come about because stations fail for hours (reception), because a
transponder is powered down at the berth (power_down), because no satellite came (satellite), or because it was switched
off at sea (switched_off). What would have been heard otherwise is kept until the gaps are known, so that each has its
cause.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from models.world.land.sphere import EARTH_KM, Floats, Ints, Mask, distance_km, unit_vectors
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import runs
from models.world.shipping.cargoes import Clock
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tables import GAP_CAUSES
from models.world.shipping.tracks import ANCHORED, MOORED, Track, piece_at

RECEPTION, POWER_DOWN, SATELLITE, SWITCHED_OFF = range(len(GAP_CAUSES))
HEARD = -1
PASS_S = 300.0
"""A satellite hears a ship for so long."""
TWICE = 0.08
"""Share of passes at which it hears a ship twice."""


CLEAR_H, CLEAR_KM = 3.0, 50.0
"""Stations do not fail so near to a meeting that is to be seen."""


@dataclass(frozen=True)
class Hole:
    """Time at which the stations about a point hear nothing."""

    lon: float
    lat: float
    radius_km: float
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Watch:
    """Pieces of a track, cut to the observed time, and their middles."""

    piece: Ints
    start_s: Floats
    end_s: Floats
    lon: Floats
    lat: Floats

    def take(self, rows: Mask) -> "Watch":
        """Some of them."""
        return Watch(self.piece[rows], self.start_s[rows], self.end_s[rows], self.lon[rows], self.lat[rows])


@dataclass(frozen=True)
class Reports:
    """Times at which vessels report, by vessel and time."""

    piece: Ints
    """Of the track."""
    time_s: Floats
    by_satellite: Mask
    silence: Ints
    """Index into GAP_CAUSES of why nobody heard it, HEARD otherwise."""

    def take(self, rows: Ints | Mask) -> "Reports":
        """Some of the reports."""
        return Reports(self.piece[rows], self.time_s[rows], self.by_satellite[rows], self.silence[rows])


def holes(
    rng: np.random.Generator, shipping: Shipping, count: int, lon: Floats, lat: Floats, meetings: pl.DataFrame,
    clock: Clock,
) -> list[Hole]:  # fmt: skip
    """Failures of the stations about ports; none where a meeting (lon, lat, start_s, end_s) is to be seen."""
    found: list[Hole] = []
    for at in rng.integers(0, max(len(lon), 1), 2 * count if len(lon) else 0).tolist():
        hours, start = float(rng.uniform(*shipping.hole_hours)), float(rng.uniform(0, clock.end_s))
        hole = Hole(lon[at], lat[at], float(rng.uniform(*shipping.hole_km)), start, start + hours * HOUR_S)
        if not _hides(hole, meetings) and len(found) < count:
            found.append(hole)
    return found


def _hides(hole: Hole, meetings: pl.DataFrame) -> bool:
    """Whether a failure covers a meeting or its hours before and after, or comes near it."""
    there = meetings.filter(
        pl.col("start_s") < hole.end_s + CLEAR_H * HOUR_S, pl.col("end_s") > hole.start_s - CLEAR_H * HOUR_S
    )
    away = distance_km(hole.lon, hole.lat, there["lon"].to_numpy(), there["lat"].to_numpy())
    return bool((away < hole.radius_km + CLEAR_KM).any())


def reports(
    rng: np.random.Generator, shipping: Shipping, track: Track, stations: Floats, slow: Floats, failures: list[Hole],
    off: pl.DataFrame, clock: Clock,
) -> Reports:  # fmt: skip
    """All reports of a track in the observed time, heard or not.

    stations: [n, 2] longitude and latitude. slow: [vessel] factor on the time between reports. off: vessel, start_s,
    end_s of transponders that were switched off.
    """
    watch = _watched(track, clock)
    ashore = _is_near(stations, watch.lon, watch.lat, shipping.station_km)
    rests = np.isin(track.state[watch.piece], (ANCHORED, MOORED))
    minutes = np.where(rests, shipping.resting_minutes, shipping.moving_minutes) * slow[track.vessel[watch.piece]]
    near = _by_stations(rng, watch.take(ashore), minutes[ashore] * 60)
    far = _by_satellites(rng, shipping, watch.take(~ashore), clock)
    edges = _edges(track, off)
    piece = np.concatenate([near[0], far[0], edges[0]])
    # Reports name whole seconds; the edges are never heard.
    time_s = np.concatenate([np.floor(near[1]), np.floor(far[1]), edges[1]])
    by_satellite = np.repeat([False, True, False], [len(near[0]), len(far[0]), len(edges[0])])
    order = np.lexsort((time_s, track.vessel[piece]))
    whole = Reports(piece[order], time_s[order], by_satellite[order], np.full(len(order), HEARD))
    return _silenced(track, whole, failures, off)


def _watched(track: Track, clock: Clock) -> Watch:
    """Pieces of a track within the observed time."""
    pieces = track.pieces
    start = np.clip(track.time_s[pieces], 0.0, clock.end_s)
    end = np.clip(track.time_s[pieces + 1], 0.0, clock.end_s)
    lon = (track.lon[pieces] + track.lon[pieces + 1]) / 2
    lat = (track.lat[pieces] + track.lat[pieces + 1]) / 2
    return Watch(pieces, start, end, lon, lat).take(end > start)


def _is_near(stations: Floats, lon: Floats, lat: Floats, km: float) -> Mask:
    """Whether points lie within reach of a station: the chord is 2 sin(angle / 2)."""
    if len(stations) == 0:
        return np.zeros(len(lon), dtype=bool)
    tree = cKDTree(unit_vectors(stations[:, 0], stations[:, 1]))
    return np.asarray(tree.query(unit_vectors(lon, lat))[0] <= 2 * np.sin(km / EARTH_KM / 2))


def _by_stations(rng: np.random.Generator, watch: Watch, step_s: Floats) -> tuple[Ints, Floats]:
    """Reports evenly in time, each at a random moment of its share."""
    length = watch.end_s - watch.start_s
    count = np.floor(length / step_s + rng.random(len(length))).astype(np.int64)
    of, number = runs(count)
    share = (number + rng.random(len(of))) / np.maximum(count, 1)[of]
    return watch.piece[of], watch.start_s[of] + share * length[of]


def _by_satellites(rng: np.random.Generator, shipping: Shipping, watch: Watch, clock: Clock) -> tuple[Ints, Floats]:
    """Reports at the passes over the tile of each piece."""
    tile = np.floor(watch.lon / shipping.tile_degrees) * 1_000 + np.floor(watch.lat / shipping.tile_degrees)
    tiles, number = np.unique(tile, return_inverse=True)
    most = int(clock.end_s / HOUR_S / shipping.revisit_hours * 1.3) + 30
    passes = rng.exponential(shipping.revisit_hours * HOUR_S, (len(tiles), most)).cumsum(axis=1)
    width = float(passes.max(initial=0.0)) + clock.end_s
    line = (passes + np.arange(len(tiles))[:, None] * width).ravel()
    first = np.searchsorted(line, number * width + watch.start_s)
    last = np.searchsorted(line, number * width + watch.end_s)
    of, step = runs(last - first)
    heard = rng.random(len(of)) < shipping.satellite_chance
    of, step = of[heard], step[heard]
    time_s = line[first[of] + step] - number[of] * width
    twice = np.flatnonzero(rng.random(len(of)) < TWICE)
    of, time_s = np.append(of, of[twice]), np.append(time_s, time_s[twice] + rng.uniform(20, PASS_S, len(twice)))
    inside = time_s < watch.end_s[of]
    return watch.piece[of[inside]], time_s[inside]


def _edges(track: Track, off: pl.DataFrame) -> tuple[Ints, Floats]:
    """A report at both ends of each time without a transponder: unheard, it shows the cause of the gap."""
    vessel = np.tile(off["vessel"].to_numpy(), 2)
    time_s = np.concatenate([off["start_s"].to_numpy(), off["end_s"].to_numpy()])
    piece = piece_at(track, vessel, time_s)
    return piece[piece >= 0], time_s[piece >= 0]


def _silenced(track: Track, whole: Reports, failures: list[Hole], off: pl.DataFrame) -> Reports:
    """With the cause where nobody heard a report."""
    silence = whole.silence.copy()
    lon, lat = track.lon[whole.piece], track.lat[whole.piece]
    for hole in failures:
        during = np.flatnonzero((whole.time_s >= hole.start_s) & (whole.time_s <= hole.end_s) & ~whole.by_satellite)
        inside = distance_km(hole.lon, hole.lat, lon[during], lat[during]) <= hole.radius_km
        silence[during[inside]] = RECEPTION
    silence[track.is_off[whole.piece]] = POWER_DOWN
    vessel = track.vessel[whole.piece]
    for number, start, end in off.select("vessel", "start_s", "end_s").iter_rows():
        first, last = np.searchsorted(vessel, [number, number + 1])
        mine = slice(first, last)
        dark = (whole.time_s[mine] >= start) & (whole.time_s[mine] <= end)
        silence[mine][dark] = SWITCHED_OFF
    return Reports(whole.piece, whole.time_s, whole.by_satellite, silence)


def gaps(track: Track, whole: Reports, least_s: float) -> pl.DataFrame:
    """Silences of at least `least_s` between heard reports of a vessel: vessel, start_s, end_s, cause.

    The cause is what kept most of the reports between from being heard; a transponder that was switched off at all
    counts before all others, and where nothing was sent no satellite came.
    """
    heard = np.flatnonzero(whole.silence == HEARD)
    vessel = track.vessel[whole.piece]
    one, other = heard[:-1], heard[1:]
    long = (vessel[one] == vessel[other]) & (whole.time_s[other] - whole.time_s[one] >= least_s)
    one, other = one[long], other[long]
    between = np.stack(
        [np.concatenate([[0], (whole.silence == cause).cumsum()]) for cause in range(len(GAP_CAUSES))], axis=1
    )
    count = between[other] - between[one]
    cause = np.where(
        count[:, SWITCHED_OFF] > 0, SWITCHED_OFF, np.where(count.any(axis=1), count.argmax(axis=1), SATELLITE)
    )
    return pl.DataFrame(
        {
            "vessel": vessel[one],
            "start_s": whole.time_s[one],
            "end_s": whole.time_s[other],
            "cause": pl.Series([GAP_CAUSES[at] for at in cause], dtype=pl.String),
        }
    )
