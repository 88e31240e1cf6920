"""In which country a point lies: by the outlines of map pages (Natural Earth 1:50 million, thinned to some 4 km).

A point on the coast may lie outside every outline, and one within some kilometres of a border beyond it. Borders are
drawn as they are held, not as they are claimed.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

FILE = Path(__file__).resolve().parent.parent / "views" / "templates" / "outlines.svg"
"""The picture that `pipelines.views.outlines` makes: hundredths of a degree, y to the south."""
SOURCE = "Natural Earth outlines"
COUNTRY = re.compile(r'<path id="land-([A-Z]{3})" d="([^"]+)"/>')
NUMBER = re.compile(r"-?\d+")
TURN = 360.0
Ring = NDArray[np.float64]
Floats = NDArray[np.float64]
INVENTED = "^X[A-Z]{2}$"
KOSOVO = "XKX"
"""A user-assigned code that everybody uses, and no invention."""


def countries_at(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> pl.Series:
    """ISO 3166 alpha-3 of the country around each point; null where no outline holds it."""
    codes, tree = _outlines()
    found = np.full(len(lon), -1, dtype=np.int64)
    for shift in (0.0, TURN, -TURN):  # outlines run on beyond 180 degrees
        open_ = np.flatnonzero(found < 0)
        if len(open_):
            at, area = tree.query(shapely.points(lon[open_] + shift, lat[open_]), predicate="within")
            # Of two thinned outlines that overlap the first counts.
            first = np.unique(at, return_index=True)[1]
            found[open_[at[first]]] = area[first]
    listed = pl.Series("country", codes, dtype=pl.String)
    at = pl.Series("at", found, dtype=pl.Int64)
    return listed.gather(at.set(at < 0, None))


def dry(places: pl.DataFrame) -> Callable[[Floats, Floats], NDArray[np.bool_]] | None:
    """Whether points lie on land, for a straight line that must not cross a sea; None where places are invented."""
    is_invented = places["country"].str.contains(INVENTED) & (places["country"] != KOSOVO)
    return None if is_invented.any() else lambda lon, lat: countries_at(lon, lat).is_not_null().to_numpy()


@cache
def _outlines() -> tuple[list[str], shapely.STRtree]:
    """Code of each polygon, and a tree over all of them."""
    codes: list[str] = []
    areas: list[shapely.Polygon] = []
    for code, path in COUNTRY.findall(FILE.read_text(encoding="utf-8")):
        for polygon in _polygons(path):
            codes.append(code)
            areas.append(polygon)
    shapely.prepare(areas)
    return codes, shapely.STRtree(areas)


def _polygons(path: str) -> list[shapely.Polygon]:
    """Polygons of one country's path; a part that runs against the first one is a hole in the part before it."""
    rings = [_ring(part) for part in path.split("M") if part]
    shells: list[tuple[Ring, list[Ring]]] = []
    for ring in rings:
        if not shells or (_turns(ring) > 0) == (_turns(rings[0]) > 0):
            shells.append((ring, []))
        else:
            shells[-1][1].append(ring)
    return [shapely.make_valid(shapely.Polygon(shell, holes)) for shell, holes in shells]


def _ring(part: str) -> Ring:
    """Longitudes and latitudes of one part."""
    numbers = np.array([int(one) for one in NUMBER.findall(part)], dtype=np.float64).reshape(-1, 2)
    places = np.cumsum(numbers, axis=0) / 100
    return np.column_stack([places[:, 0], -places[:, 1]])


def _turns(ring: Ring) -> float:
    """Twice the signed area."""
    closed = [*ring.tolist(), ring[0].tolist()]
    return float(sum(here[0] * there[1] - there[0] * here[1] for here, there in pairwise(closed)))
