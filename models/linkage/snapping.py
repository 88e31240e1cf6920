"""Points to a network: the nearest vertex, and what the straight line to it costs.

Beyond the network nothing is known but the distance. The way is taken to be `friction` times as long as the straight
line and to be gone at the pace and price of row `off_network`: both stand in the table of costs and can be changed
there. The length of this part is told with every way, so that a reader sees how much of it is a guess.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from graphs.sphere import arc_km, unit_vectors
from graphs.transport import Cost

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
STRAIGHT_KM = 500.0
"""No straight line is drawn further than this where a network of roads is known: nothing says that a way exists."""
LEAST_PIECE = 100
"""Vertices of a connected piece of the network; a smaller one is a scrap that leads nowhere."""
LEAST_RIVER_KM = 50.0
"""The same of waterways, by their length: a river is one piece from its mouth to the last landing, of few vertices."""
NOWHERE = -1
SAMPLE_KM, WET_KM = 5.0, 20.0
"""A straight line is looked at so often, and so long a stretch of it without land below is water that no lorry crosses:
outlines of countries are true to some 4 km, and creeks have ferries."""
Dry = Callable[[Floats, Floats], Mask]
"""Whether points (lon, lat) lie on land, as far as outlines tell."""


def per_km(costs: Mapping[str, Cost], mode: str) -> tuple[float, float]:
    """USD per tonne and hours for one kilometre."""
    row = costs[mode]
    return row.usd_per_t_km or 0.0, 1.0 / row.km_per_hour if row.km_per_hour else 0.0


def nearest(
    lon: Floats, lat: Floats, among_lon: Floats, among_lat: Floats, allowed: Mask | None = None
) -> tuple[Ints, Floats]:
    """Nearest of some vertices and its distance, km, for each point; NOWHERE and infinity where there is none."""
    usable = np.arange(len(among_lon)) if allowed is None else np.flatnonzero(allowed)
    if not len(usable) or not len(lon):
        return np.full(len(lon), NOWHERE, dtype=np.int64), np.full(len(lon), np.inf)
    tree = cKDTree(unit_vectors(among_lon[usable], among_lat[usable]))
    apart, at = tree.query(unit_vectors(lon, lat))
    return usable[at].astype(np.int64), arc_km(apart)


def pieces(count: int, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Number of the connected piece of every vertex, and the vertices of every piece."""
    ones = np.ones(len(start), dtype=np.int8)
    _, label = connected_components(coo_array((ones, (start, end)), shape=(count, count)), directed=False)
    return label.astype(np.int64), np.bincount(label, minlength=1).astype(np.int64)


def of_use(count: int, start: Ints, end: Ints, km: Floats | None = None) -> Mask:
    """Vertices that lie in a piece of at least LEAST_PIECE vertices, or in the largest where all are smaller.

    With the lengths of the edges, km: in a piece of at least LEAST_RIVER_KM, or in the longest.
    """
    if not count:
        return np.zeros(0, dtype=np.bool_)
    label, size = pieces(count, start, end)
    if km is None:
        return np.asarray(size[label] >= min(LEAST_PIECE, int(size.max())))
    long = np.bincount(label[start], weights=km, minlength=len(size))
    return np.asarray(long[label] >= min(LEAST_RIVER_KM, float(long.max())))


def crosses_water(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats, dry: Dry | None) -> Mask:
    """Of straight lines from points to others: whether WET_KM of one hold no land; none where `dry` is not known."""
    one, other = unit_vectors(lon, lat), unit_vectors(other_lon, other_lat)
    km = arc_km(np.linalg.norm(one - other, axis=-1))
    wet = np.zeros(len(km), dtype=np.bool_)
    long = np.flatnonzero(km >= WET_KM)
    if dry is None or not len(long):
        return wet
    many = np.ceil(km[long] / SAMPLE_KM).astype(np.int64)
    line = np.repeat(np.arange(len(long)), many)
    first = np.repeat(np.cumsum(many) - many, many)
    part = ((np.arange(len(line)) - first + 0.5) / many[line])[:, None]
    points = one[long][line] * (1 - part) + other[long][line] * part
    is_dry = dry(np.degrees(np.arctan2(points[:, 1], points[:, 0])),
                 np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1]))))  # fmt: skip
    # Samples since the last one on land, or since the line began.
    at = np.arange(len(line))
    since = at - np.maximum(np.maximum.accumulate(np.where(is_dry, at, -1)), first - 1)
    longest = np.zeros(len(long))
    np.maximum.at(longest, line, since * (km[long] / many)[line])
    wet[long] = longest >= WET_KM
    return wet
