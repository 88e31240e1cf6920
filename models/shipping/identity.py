"""One identity, one ship? Reports in order of sender and time, and the senders whose reports no one ship could send.

All reports are sorted once, by one whole number that holds the sender and the second. Two consecutive reports of a
sender are out of reach of each other if the way between them is longer than 3 km and faster than 60 kn. Only for the
few senders with such a jump the reports are given out to several ships (`heads`); all others are track 1.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.sphere import EARTH_KM, distance_km
from models.shipping.heads import Fixes, heads
from models.shipping.rules import HOUR_S, KNOT_KM_H, RULES, Rules

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.uint8]
Floats = NDArray[np.floating]
SECONDS_BITS = 33
"""Seconds since 1970 up to the year 2242."""
MOST_SENDERS = 1 << 30
"""Nine digits of an MMSI fit below."""
KM_PER_DEGREE = EARTH_KM * np.pi / 180
BLOCK = 1 << 17
"""Rows that are compared at a time: what lies between stays in the processor's cache."""


@dataclass(frozen=True)
class Tracks:
    """Reports in order of sender, track and time."""

    row: Ints
    """Row of the frame that they come from."""
    key: Keys
    """Sender (or its rank) and second in one number."""
    lon: Floats
    lat: Floats
    """Degrees; nan where the ship was heard without a position."""
    number: Numbers
    """Track of the sender from 1; 0 for a report that fits no track."""

    def seconds(self, at: Ints) -> Ints:
        """Time of some of the reports."""
        return (self.key[at] & np.uint64((1 << SECONDS_BITS) - 1)).astype(np.int64)


def tracks(
    sender: Ints, seconds: Ints, lon: Floats, lat: Floats, rules: Rules = RULES, known: Numbers | None = None,
    marks: Ints | None = None,
) -> Tracks:  # fmt: skip
    """Reports of any order as tracks; the arrays stay as they are.

    known: number of the track whose last report this is, from days before; 0 for a new one. marks: a number that stands
    for the name, IMO number and size in the report, 0 where there is none; it only breaks ties.
    """
    row, key = order(sender, seconds)
    one = Tracks(row, key, lon[row], lat[row], np.ones(len(row), dtype=np.uint8))
    first, end = _sender_spans(key, _split_rows(one, rules, known))
    for start, stop in zip(first.tolist(), end.tolist(), strict=True):
        _split(one, slice(start, stop), rules, known, marks)
    return one


def order(sender: Ints, seconds: Ints) -> tuple[Ints, Keys]:
    """Rows by sender, second and row, and their keys. Senders beyond nine digits are replaced by their rank."""
    if len(sender) and (int(sender.min()) < 0 or int(sender.max()) >= MOST_SENDERS):
        sender = np.unique(sender, return_inverse=True)[1].astype(np.int64)
    key = (sender.astype(np.uint64) << np.uint64(SECONDS_BITS)) | seconds.astype(np.uint64)
    row = pl.Series(key).arg_sort().to_numpy().astype(np.int64)
    ordered = key[row]
    # The fast sort leaves equal keys in any order: theirs is that of the rows.
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        tied = np.flatnonzero(np.append(equal, False) | np.insert(equal, 0, False))
        row[tied] = row[tied][np.lexsort((row[tied], ordered[tied]))]
    return row, ordered


def out_of_reach(one: Tracks, rules: Rules) -> Ints:
    """Reports farther from the last position of their sender than a ship gets in the time between.

    A bound comes first, without trigonometry: no way is longer than the straight one on the map of degrees. Between two
    senders lie more than a hundred years of the key, so that none is too fast.
    """
    before, after = _suspicious(one, rules)
    hours = (one.key[after] - one.key[before]).astype(np.float64) / HOUR_S
    same = one.key[before] >> np.uint64(SECONDS_BITS) == one.key[after] >> np.uint64(SECONDS_BITS)
    km = distance_km(one.lon[before], one.lat[before], one.lon[after], one.lat[after])
    return np.sort(after[same & (km > rules.jump_km) & (km > rules.fastest_kn * KNOT_KM_H * hours)])


def _suspicious(one: Tracks, rules: Rules) -> tuple[Ints, Ints]:
    """Pairs of reports that the bound does not clear: neighbours, and the two about reports without a position."""
    found = [np.empty(0, dtype=np.int64)]
    least, pace = rules.jump_km / KM_PER_DEGREE, rules.fastest_kn * KNOT_KM_H / HOUR_S / KM_PER_DEGREE
    for start in range(0, len(one.key) - 1, BLOCK):
        part = slice(start, start + BLOCK + 1)
        east, north = np.diff(one.lon[part]), np.diff(one.lat[part])
        allowed = np.maximum(np.diff(one.key[part]).astype(one.lon.dtype) * one.lon.dtype.type(pace), least)
        found.append(np.flatnonzero(east * east + north * north > allowed * allowed) + start)
    missing = np.flatnonzero(np.isnan(one.lat))
    first = missing[np.diff(missing, prepend=-2) > 1]
    last = missing[np.diff(missing, append=len(one.lat) + 1) > 1]
    inside = (first > 0) & (last < len(one.lat) - 1)
    near = np.concatenate(found)
    return np.concatenate([near, first[inside] - 1]), np.concatenate([near + 1, last[inside] + 1])


def _split_rows(one: Tracks, rules: Rules, known: Numbers | None) -> Ints:
    """Reports that show that their sender has to be looked at."""
    jumps = out_of_reach(one, rules)
    if known is None:
        return jumps
    return np.concatenate([jumps, np.flatnonzero(known[one.row] > 1)])


def _sender_spans(key: Keys, rows: Ints) -> tuple[Ints, Ints]:
    """First and end of the reports of the senders of some rows, each once."""
    bits = np.uint64(SECONDS_BITS)
    senders = np.unique(key[rows] >> bits)
    return np.searchsorted(key, senders << bits), np.searchsorted(key, (senders + np.uint64(1)) << bits)


def _split(one: Tracks, rows: slice, rules: Rules, known: Numbers | None, marks: Ints | None) -> None:
    """Numbers the ships behind one sender and puts its reports in order of them; writes into `one`."""
    row, count = one.row[rows], rows.stop - rows.start
    fixes = Fixes(
        (one.key[rows] & np.uint64((1 << SECONDS_BITS) - 1)).astype(np.int64).tolist(),
        one.lon[rows].astype(np.float64).tolist(),
        one.lat[rows].astype(np.float64).tolist(),
        [0] * count if known is None else known[row].tolist(),
        [0] * count if marks is None else marks[row].tolist(),
    )
    number = np.array(heads(fixes, rules), dtype=np.uint8)
    by_track = np.lexsort((np.arange(count), number))
    one.number[rows] = number[by_track]
    for values in (one.row, one.key, one.lon, one.lat):
        values[rows] = values[rows][by_track]
