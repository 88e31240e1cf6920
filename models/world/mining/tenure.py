"""Whose ground it is: permits, protected areas and countries under points.

Positions are degrees; over the few kilometres of a site the ground is taken as flat.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from models.world.ground import Ground
from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints

NOWHERE = -1
"""Row of an area that is not there."""


@dataclass(frozen=True)
class Land:
    """Areas of one kind in the order of their identifiers, with their shapes."""

    areas: pl.DataFrame
    shapes: NDArray[np.object_]
    tree: shapely.STRtree

    def holding(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Pairs (point, area) of points that lie within areas, in this order."""
        points, found = self.tree.query(shapely.points(lon, lat), predicate="intersects")
        order = np.lexsort((found, points))
        return np.asarray(points[order]), np.asarray(found[order])

    def is_inside(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Whether each point lies in any of the areas."""
        inside = np.zeros(lon.size, dtype=bool)
        inside[self.holding(lon, lat)[0]] = True
        return inside


def land(areas: pl.DataFrame, kind: str) -> Land:
    """Areas of one kind."""
    chosen = areas.filter(pl.col("kind").cast(pl.String) == kind).sort("area_id")
    shapes = np.asarray(shapely.from_wkb(chosen["geometry"].to_numpy()), dtype=object)
    return Land(chosen, shapes, shapely.STRtree(shapes))


def country_at(ground: Ground, lon: Floats, lat: Floats) -> Ints:
    """Row of the country under each point, -1 on water."""
    return np.asarray(ground.grid.ravel()[ground.terrain.cell_of(lon, lat)], dtype=np.int64)


def moved(lon: Floats, lat: Floats, distance_km: Floats, bearing: Floats) -> tuple[Floats, Floats]:
    """Points at a distance in a direction, radians clockwise from north."""
    north = distance_km * np.cos(bearing) / KM_PER_DEGREE
    east = distance_km * np.sin(bearing) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    return lon + east, lat + north


def permit_of(deposits: pl.DataFrame, permits: Land) -> Ints:
    """Row of the first permit for its own family that lies over each deposit, -1 where there is none."""
    points, found = permits.holding(deposits["lon"].to_numpy(), deposits["lat"].to_numpy())
    same = deposits["family"].to_numpy()[points] == permits.areas["family"].to_numpy()[found]
    rows = np.full(deposits.height, NOWHERE, dtype=np.int64)
    rows[points[same][::-1]] = found[same][::-1]
    return rows


def nearest_protected(deposits: pl.DataFrame, protected: Land, reach_km: float) -> Ints:
    """Row of the nearest protected area of each deposit's own country within reach, -1 where there is none."""
    rows = np.full(deposits.height, NOWHERE, dtype=np.int64)
    if not protected.shapes.size:
        return rows
    points = shapely.points(deposits["lon"].to_numpy(), deposits["lat"].to_numpy())
    pairs, spans = protected.tree.query_nearest(
        points, max_distance=reach_km / KM_PER_DEGREE, return_distance=True, all_matches=False
    )
    same = deposits["country"].to_numpy()[pairs[0]] == protected.areas["country"].to_numpy()[pairs[1]]
    near = same & (spans * KM_PER_DEGREE <= reach_km)
    rows[pairs[0][near]] = pairs[1][near]
    return rows
