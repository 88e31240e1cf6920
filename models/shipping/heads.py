"""Several ships on one identity: each report goes to the nearest ship that can have sent it.

Reports are taken in order of time. A ship can have sent a report if it comes there from its last one at 30 kn or less
(or is within 3 km of it). Of several that can, one with the same name and number goes first, then the nearest: the
speed would favour a ship long silent, which gets anywhere slowly. For the same reason every hour of silence counts like
another 5 knots of way: a ship that passes where the other was heard last does not become the other. If none can, the
report begins another ship. A ship with a single report is none: that report is LONE, an impossible position.

Numbers are one byte each, and days keep them. Where an identity jumps so often that all are given, as one does whose
receivers are jammed, further ships get none: their reports are LONE too, left aside and told as impossible positions.
No number is given anew, so a ship that comes to such an identity later is not told apart from the rest.
"""

from dataclasses import dataclass
from math import asin, cos, isnan, radians, sin, sqrt

from graphs.sphere import EARTH_KM
from models.shipping.rules import HOUR_S, KNOT_KM_H, Rules

LONE = 0
"""Number of a report that fits no track."""
UNSETTLED = 255
"""Given as the known number of a report that fitted no track so far: it is looked at again."""
LAST = UNSETTLED - 1
"""Greatest number of a track: above it lies what stands for something else."""
STALE_KN = 5.0
"""Way by which an hour of silence counts against a ship."""


@dataclass(frozen=True)
class Fixes:
    """Reports of one sender in order of time; see `identity.tracks`."""

    seconds: list[int]
    lon: list[float]
    lat: list[float]
    known: list[int]
    marks: list[int]


@dataclass
class Head:
    """A ship as far as it is known."""

    number: int
    """From days before; 0 for a new one."""
    seconds: int
    lon: float
    lat: float
    mark: int
    fixes: list[int]


def heads(fixes: Fixes, rules: Rules) -> list[int]:
    """Track number of each report, at most LAST; LONE for those that fit none, and for new tracks once none is free.

    New tracks are numbered by their first report, after the greatest number from days before.
    """
    open_heads: list[Head] = []
    closed: list[Head] = []
    for at in range(len(fixes.seconds)):
        head = _next(fixes, at, open_heads, rules)
        if head is None:
            if len(open_heads) == rules.heads:
                closed.append(_let_go(open_heads))
            head = Head(_known(fixes, at), fixes.seconds[at], fixes.lon[at], fixes.lat[at], fixes.marks[at], [])
            open_heads.append(head)
        _add(head, fixes, at)
    return _numbered(sorted([*closed, *open_heads], key=lambda one: one.fixes[0]), len(fixes.seconds))


def _next(fixes: Fixes, at: int, open_heads: list[Head], rules: Rules) -> Head | None:
    """The head that a report goes to; None for a new one."""
    if _known(fixes, at):
        return None
    if isnan(fixes.lon[at]):
        same = [one for one in open_heads if fixes.marks[at] and one.mark == fixes.marks[at]]
        return max(same or open_heads, key=lambda one: one.seconds, default=None)
    found: list[tuple[bool, float, int]] = []
    for number, head in enumerate(open_heads):
        km = _reach(head, fixes, at, rules)
        if km is not None:
            differs = bool(head.mark and fixes.marks[at] and head.mark != fixes.marks[at])
            found.append((differs, km, number))
    return open_heads[min(found)[2]] if found else None


def _known(fixes: Fixes, at: int) -> int:
    """Number of the track whose last report of an earlier day this is, else 0."""
    return 0 if fixes.known[at] == UNSETTLED else fixes.known[at]


def _reach(head: Head, fixes: Fixes, at: int, rules: Rules) -> float | None:
    """Distance from a head's last position and its silence, km; None where no ship gets there in time."""
    if isnan(head.lon):
        return rules.jump_km
    km = _km(head.lon, head.lat, fixes.lon[at], fixes.lat[at])
    hours = (fixes.seconds[at] - head.seconds) / HOUR_S
    kn = km / (hours + rules.buffer_hours) / KNOT_KM_H
    return km + STALE_KN * KNOT_KM_H * hours if km <= rules.jump_km or kn <= rules.head_kn else None


def _km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance (haversine)."""
    north, other_north = radians(lat), radians(other_lat)
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(sqrt(half), 1.0))


def _add(head: Head, fixes: Fixes, at: int) -> None:
    head.fixes.append(at)
    if not isnan(fixes.lon[at]):
        head.seconds, head.lon, head.lat = fixes.seconds[at], fixes.lon[at], fixes.lat[at]
    head.mark = fixes.marks[at] or head.mark


def _let_go(open_heads: list[Head]) -> Head:
    """Takes out the head with fewest reports, of these the one silent for longest."""
    return open_heads.pop(min(range(len(open_heads)), key=lambda at: _weight(open_heads[at])))


def _weight(head: Head) -> tuple[bool, bool, int]:
    return head.number > 0, len(head.fixes) > 1, head.seconds


def _numbered(found: list[Head], count: int) -> list[int]:
    numbers, last = [LONE] * count, max((one.number for one in found), default=0)
    for head in found:
        if not head.number and len(head.fixes) > 1 and last < LAST:
            last += 1
            head.number = last
        for at in head.fixes:
            numbers[at] = head.number
    return numbers
