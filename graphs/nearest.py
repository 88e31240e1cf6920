"""Which place lies nearest to a point.

All points of a joined place count (the many cells of one anchorage, the terminals of a port), and the answer names the
place that stands for them (`same_as`): a queue of ships over twenty cells lies at one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from graphs.sphere import Floats, arc_km, chord, unit_vectors

NOBODY = -1
"""Row number of a point that no place is near."""
ROUNDING = 1 + 1e-12
"""A place exactly at the limit is within it."""


@dataclass(frozen=True)
class Nearest:
    """Places of some kinds, ready to be asked: `places` sorted by place_id, and a tree over their unit vectors."""

    places: pl.DataFrame
    tree: cKDTree | None

    @classmethod
    def of(cls, places: pl.DataFrame, kinds: Iterable[str] | None = None) -> "Nearest":
        """Of table `places`; `kinds` limits what may be near."""
        wanted = places if kinds is None else places.filter(pl.col("kind").cast(pl.String).is_in(list(kinds)))
        listed = wanted.sort("place_id")
        points = unit_vectors(listed["lon"].to_numpy(), listed["lat"].to_numpy())
        return cls(listed, cKDTree(points) if listed.height else None)

    def rows(self, lon: ArrayLike, lat: ArrayLike, within_km: float = np.inf) -> tuple[NDArray[np.int64], Floats]:
        """Row numbers of the nearest places and their distances, km; NOBODY and infinity where none is within.

        A point without a position (NaN) has no nearest place.
        """
        asked = unit_vectors(np.atleast_1d(np.asarray(lon)), np.atleast_1d(np.asarray(lat)))
        row = np.full(len(asked), NOBODY, dtype=np.int64)
        km = np.full(len(asked), np.inf)
        known = np.flatnonzero(np.isfinite(asked).all(axis=1))
        if self.tree is None or not len(known):
            return row, km
        bound = float(chord(within_km)) * ROUNDING if np.isfinite(within_km) else np.inf
        apart, found = self.tree.query(asked[known], distance_upper_bound=bound)
        is_near = np.isfinite(apart)
        row[known[is_near]] = found[is_near]
        km[known[is_near]] = arc_km(apart[is_near])
        return row, km

    def find(self, lon: ArrayLike, lat: ArrayLike, within_km: float = np.inf) -> pl.DataFrame:
        """Columns place_id (of the place that stands), point_id (the row that lies nearest), km; nulls for nobody."""
        row, km = self.rows(lon, lat, within_km)
        at = pl.Series("at", row, dtype=pl.Int64)
        at = at.set(at == NOBODY, None)
        standing = self.places.select(pl.coalesce("same_as", "place_id")).to_series()
        away = pl.Series("km", km, dtype=pl.Float64)
        return pl.DataFrame(
            {
                "place_id": standing.gather(at).alias("place_id"),
                "point_id": self.places["place_id"].gather(at),
                "km": away.set(at.is_null(), None),
            }
        )
