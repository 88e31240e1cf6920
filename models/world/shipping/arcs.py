"""Points along great circles, and numbers for rows that come in runs of different length."""

import numpy as np
from numpy.typing import ArrayLike

from models.world.land.sphere import EARTH_KM, Floats, Ints, unit_vectors

KNOT_KM_H = 1.852
"""km/h of a knot."""


def between(
    lon: ArrayLike, lat: ArrayLike, other_lon: ArrayLike, other_lat: ArrayLike, share: Floats
) -> tuple[Floats, Floats]:
    """Points [n, m] at shares [m] of the great circles between points [n]: sin((1-f)w) a + sin(fw) b, normalised."""
    one, other = unit_vectors(lon, lat)[..., None, :], unit_vectors(other_lon, other_lat)[..., None, :]
    angle = np.arccos(np.clip((one * other).sum(axis=-1), -1.0, 1.0))
    small = angle < 1e-9
    safe = np.where(small, 1.0, angle)
    first = np.where(small, 1 - share, np.sin((1 - share) * safe) / np.sin(safe))
    second = np.where(small, share, np.sin(share * safe) / np.sin(safe))
    point = first[..., None] * one + second[..., None] * other
    east, north = (
        np.arctan2(point[..., 1], point[..., 0]),
        np.arctan2(point[..., 2], np.hypot(point[..., 0], point[..., 1])),
    )
    return np.degrees(east), np.degrees(north)


def bearing(lon: ArrayLike, lat: ArrayLike, other_lon: ArrayLike, other_lat: ArrayLike) -> Floats:
    """Initial course from points to others, degrees clockwise from north, [0, 360)."""
    east, north, other_east, other_north = (np.radians(np.asarray(one)) for one in (lon, lat, other_lon, other_lat))
    across = np.sin(other_east - east) * np.cos(other_north)
    along = np.cos(north) * np.sin(other_north) - np.sin(north) * np.cos(other_north) * np.cos(other_east - east)
    return np.asarray(np.degrees(np.arctan2(across, along)) % 360.0)


def moved(lon: ArrayLike, lat: ArrayLike, course: ArrayLike, km: ArrayLike) -> tuple[Floats, Floats]:
    """Points at a distance on a course, degrees; for distances that are short beside the Earth."""
    step = np.degrees(np.asarray(km) / EARTH_KM)
    north = np.asarray(lat) + step * np.cos(np.radians(course))
    return np.asarray(lon) + step * np.sin(np.radians(course)) / np.cos(np.radians(north)), north


def runs(counts: ArrayLike) -> tuple[Ints, Ints]:
    """For runs of these lengths one after the other: number of the run of each row, and of the row in it."""
    lengths = np.asarray(counts, dtype=np.int64)
    run = np.repeat(np.arange(len(lengths)), lengths)
    return run, np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
