"""Distances on the sphere."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Grid = NDArray[np.int16]
"""[lat, lon]: row of the table of countries; -1 is water."""
Mask = NDArray[np.bool_]
EARTH_KM = 6371.0
KM_PER_DEGREE = EARTH_KM * np.pi / 180


def distance_km(lon: ArrayLike, lat: ArrayLike, other_lon: ArrayLike, other_lat: ArrayLike) -> Floats:
    """Great-circle distance, km; arguments in degrees, broadcast against each other (haversine formula)."""
    east, north, other_east, other_north = (np.radians(np.asarray(one)) for one in (lon, lat, other_lon, other_lat))
    half = np.sin((other_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(other_north) * np.sin((other_east - east) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=np.float64)


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Points as unit vectors [n, 3]: nearest on the sphere is nearest in space."""
    east, north = np.radians(np.asarray(lon)), np.radians(np.asarray(lat))
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)
