"""Where vessels are at any time: knots in time, between which they move evenly."""

from dataclasses import dataclass, fields

import numpy as np

from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints, Mask, distance_km
from models.world.shipping.arcs import KNOT_KM_H, bearing

MOVING, ANCHORED, MOORED, FISHING, DRIFTING = range(5)
"""What a vessel does from a knot to the next."""
SWING_KM = 0.12
"""Radius of the circle in which an anchored ship swings with the tide."""
TIDE_S = 12.42 * 3_600.0


@dataclass(frozen=True)
class Track:
    """Knots of vessels, by vessel and time. From the last knot of a vessel on it is not seen any more."""

    vessel: Ints
    time_s: Floats
    lon: Floats
    lat: Floats
    state: Ints
    """From here to the next knot."""
    draught_m: Floats
    """As reported from here on."""
    is_off: Mask
    """The transponder is powered down from here to the next knot."""

    def take(self, rows: Ints | Mask) -> "Track":
        """Some of the knots."""
        return Track(*(getattr(self, one.name)[rows] for one in fields(self)))

    @property
    def pieces(self) -> Ints:
        """Knots that are followed by another of their vessel."""
        return np.flatnonzero(self.vessel[1:] == self.vessel[:-1])


_NOBODY = Track(*(np.empty(0, kind) for kind in (np.int64, float, float, float, np.int64, float, bool)))


def joined(tracks: list[Track]) -> Track:
    """All knots in order; of knots of one vessel at one time those of the later track come last."""
    whole = Track(*(np.concatenate([getattr(one, part.name) for one in [_NOBODY, *tracks]]) for part in fields(Track)))
    return whole.take(np.lexsort((whole.time_s, whole.vessel)))


@dataclass(frozen=True)
class Motion:
    """Where vessels are and how they move."""

    lon: Floats
    lat: Floats
    speed_kn: Floats
    course: Floats


def motion(track: Track, piece: Ints, time_s: Floats) -> Motion:
    """Motion at times within pieces: even between knots; ships at anchor swing round theirs with the tide."""
    after = piece + 1
    length = np.maximum(track.time_s[after] - track.time_s[piece], 1.0)
    share = np.clip((time_s - track.time_s[piece]) / length, 0.0, 1.0)
    lon = track.lon[piece] + share * (track.lon[after] - track.lon[piece])
    lat = track.lat[piece] + share * (track.lat[after] - track.lat[piece])
    ends = track.lon[piece], track.lat[piece], track.lon[after], track.lat[after]
    speed = distance_km(*ends) / (length / 3_600.0) / KNOT_KM_H
    angle = 2 * np.pi * time_s / TIDE_S + track.vessel[piece]
    swing = np.where(track.state[piece] == ANCHORED, SWING_KM / KM_PER_DEGREE, 0.0)
    course = np.where(track.state[piece] == ANCHORED, np.degrees(angle) % 360.0, bearing(*ends))
    east = swing * np.sin(angle) / np.cos(np.radians(lat))
    return Motion(lon + east, lat + swing * np.cos(angle), speed, course)


def piece_at(track: Track, vessel: Ints, time_s: Floats) -> Ints:
    """Piece in which each vessel is at a time; -1 before its first knot and from its last one on."""
    low = min(float(track.time_s.min(initial=0.0)), float(time_s.min(initial=0.0)))
    width = max(float(track.time_s.max(initial=0.0)), float(time_s.max(initial=0.0))) - low + 1.0
    knots = track.vessel * width + (track.time_s - low)
    piece = np.searchsorted(knots, vessel * width + (time_s - low), side="right") - 1
    safe = np.clip(piece, 0, max(len(knots) - 2, 0))
    within = (piece >= 0) & (piece < len(knots) - 1) & (track.vessel[safe] == vessel)
    return np.where(within & (track.vessel[safe + 1] == vessel), safe, -1)
