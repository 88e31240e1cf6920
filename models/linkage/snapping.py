"""Points to a network: the nearest vertex, and what the straight line to it costs.

Beyond the network nothing is known but the distance. The way is taken to be `friction` times as long as the straight
line and to be gone at the pace and price of row `off_network`: both stand in the table of costs and can be changed
there. The length of this part is told with every way, so that a reader sees how much of it is a guess.
"""

from collections.abc import Mapping

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
NOWHERE = -1


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


def of_use(count: int, start: Ints, end: Ints) -> Mask:
    """Vertices that lie in a piece of at least LEAST_PIECE vertices, or in the largest where all are smaller."""
    if not count:
        return np.zeros(0, dtype=np.bool_)
    label, size = pieces(count, start, end)
    return np.asarray(size[label] >= min(LEAST_PIECE, int(size.max())))
