"""Lines on a map: running longitudes, great circles, thinning, and the window that holds them; degrees and km."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import asin, atan2, ceil, cos, degrees, floor, hypot, isfinite, radians, sin, sqrt
from typing import TypeVar

from graphs.sphere import EARTH_KM

Point = tuple[float, float]
"""Longitude and latitude; the longitude may run beyond 180 degrees."""
P = TypeVar("P", bound=tuple[float, float])
BEND_KM = 250.0
"""A longer stretch is drawn as a great circle, with a point at least every so many kilometres."""
EDGE = 85.0
"""Latitude beyond which no map of the usual kind reaches."""
SMALLEST_DEG = 1.5
"""Least height and width of a window: outlines are too coarse for more detail."""
MARGIN = 0.10
"""Share of the window left free on each side."""


def is_place(lon: float | None, lat: float | None) -> bool:
    """Whether two numbers are a place on Earth."""
    if lon is None or lat is None or not (isfinite(lon) and isfinite(lat)):
        return False
    return abs(lon) <= 360 and abs(lat) <= 90


def km(one: Point, other: Point) -> float:
    """Length of the great circle between two places (haversine)."""
    (lon, lat), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def running(points: Iterable[Point], before: Point | None = None) -> list[Point]:
    """The same places with longitudes that run on: no step is more than half a turn, so that no line goes back
    across the whole map at the 180th meridian. `before` is the place from which the line comes."""
    out: list[Point] = []
    for lon, lat in points:
        last = out[-1][0] if out else (before[0] if before else None)
        out.append((lon, lat) if last is None else (lon - 360 * round((lon - last) / 360), lat))
    return out


def bent(points: Sequence[Point]) -> list[Point]:
    """Running points, with long stretches as great circles: the shortest way on a globe, which a map bends."""
    out = list(points[:1])
    for here, there in pairwise(points):
        steps = ceil(km(here, there) / BEND_KM)
        out += [_between(here, there, at / steps) for at in range(1, steps)]
        out.append(there)
    return running(out)


def _between(one: Point, other: Point, share: float) -> Point:
    """The place at a share of the great circle."""
    angle = km(one, other) / EARTH_KM
    if sin(angle) < 1e-9:  # the same place, or the far side of the Earth, to which every way is as short
        return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
    parts = ((sin((1 - share) * angle) / sin(angle), one), (sin(share * angle) / sin(angle), other))
    x = sum(part * cos(radians(lat)) * cos(radians(lon)) for part, (lon, lat) in parts)
    y = sum(part * cos(radians(lat)) * sin(radians(lon)) for part, (lon, lat) in parts)
    z = sum(part * sin(radians(lat)) for part, (_, lat) in parts)
    return degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))


def thinned(points: Sequence[P], tolerance: float) -> list[P]:
    """The points of a line without which it would be further off than `tolerance` (Douglas and Peucker 1973)."""
    if len(points) < 3:
        return list(points)
    if points[0] == points[-1]:  # a ring: its far side stays, or nothing would be left of it
        far = max(range(len(points)), key=lambda at: _apart(points[0], points[at]))
        if _apart(points[0], points[far]) == 0:
            return [points[0], points[-1]]
        return thinned(points[: far + 1], tolerance)[:-1] + thinned(points[far:], tolerance)
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        inside = range(first + 1, last)
        off, at = max(((_off(points[at], points[first], points[last]), at) for at in inside), default=(0.0, 0))
        if off > tolerance:
            kept.add(at)
            waiting += [(first, at), (at, last)]
    return [points[at] for at in sorted(kept)]


def spaced(points: Sequence[P], least: float) -> list[P]:
    """The ends, and of the rest every point that is at least so far from the one kept before it: one quick pass."""
    out = list(points[:1])
    for one in points[1:-1]:
        if _apart(one, out[-1]) >= least:
            out.append(one)
    return out + list(points[-1:] if len(points) > 1 else [])


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _off(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Distance of a point from a stretch."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


Window = tuple[float, float, float, float]
"""West, south, east, north."""


def window(points: Iterable[Point]) -> Window:
    """What holds all points with a margin; the whole world where there are none."""
    given = list(points)
    if not given:
        return -180.0, -60.0, 180.0, EDGE
    lons, lats = zip(*given, strict=True)
    west, east = _widened(min(lons), max(lons))
    south, north = _widened(max(-EDGE, min(lats)), min(EDGE, max(lats)))
    return west, max(-EDGE, south), east, min(EDGE, north)


def _widened(low: float, high: float) -> tuple[float, float]:
    size = max(high - low, SMALLEST_DEG * (1 - 2 * MARGIN)) / (1 - 2 * MARGIN)
    return (low + high - size) / 2, (low + high + size) / 2


def turns(west: float, east: float, reach: float = 200.0) -> range:
    """Turns of the Earth by which a picture that reaches from -reach to reach must be moved to fill a window."""
    return range(ceil((west - reach) / 360), floor((east + reach) / 360) + 1)
