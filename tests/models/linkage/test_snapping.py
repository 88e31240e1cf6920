"""Points find the nearest vertex on the sphere, and scraps of a network are no help."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.sphere import distance_km
from models.linkage.snapping import LEAST_PIECE, LEAST_RIVER_KM, NOWHERE, WET_KM, crosses_water, nearest, of_use, pieces

POINTS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=12)


@given(POINTS, POINTS)
def test_no_vertex_is_nearer_than_the_one_found(
    points: list[tuple[float, float]], among: list[tuple[float, float]]
) -> None:
    lon, lat = np.array(points).T
    there_lon, there_lat = np.array(among).T
    row, km = nearest(lon, lat, there_lon, there_lat)
    for at in range(len(points)):
        all_km = distance_km(lon[at], lat[at], there_lon, there_lat)
        assert km[at] == pytest.approx(all_km.min(), abs=1e-3)
        assert all_km[row[at]] == pytest.approx(all_km.min(), abs=1e-3)


def test_the_other_side_of_the_date_line_is_near() -> None:
    row, km = nearest(np.array([179.9]), np.array([0.0]), np.array([-179.9, 170.0]), np.array([0.0, 0.0]))
    assert row.tolist() == [0]
    assert km[0] == pytest.approx(0.2 * 111.195, rel=1e-3)


def test_nobody_is_near_where_nothing_is_allowed() -> None:
    at = np.array([1.0])
    row, km = nearest(at, at, at, at, np.array([False]))
    assert (row.tolist(), km.tolist()) == ([NOWHERE], [np.inf])


def test_pieces_are_counted_and_scraps_left_out() -> None:
    line = np.arange(LEAST_PIECE - 1)
    label, size = pieces(LEAST_PIECE + 2, line, line + 1)
    assert size[label].tolist() == [LEAST_PIECE] * LEAST_PIECE + [1, 1]
    assert of_use(LEAST_PIECE + 2, line, line + 1).tolist() == [True] * LEAST_PIECE + [False, False]


def test_the_largest_piece_counts_where_all_are_small() -> None:
    assert of_use(4, np.array([0, 1]), np.array([1, 2])).tolist() == [True, True, True, False]


def test_pieces_of_rivers_count_by_their_length() -> None:
    start, end = np.array([0, 2, 4]), np.array([1, 3, 5])
    long = np.array([LEAST_RIVER_KM, LEAST_RIVER_KM - 1, 300.0])
    assert of_use(7, start, end, long).tolist() == [True, True, False, False, True, True, False]
    assert of_use(4, start[:2], end[:2], np.array([3.0, 2.0])).tolist() == [True, True, False, False]


def bay(west: float, east: float):  # type: ignore[no-untyped-def]
    """Land everywhere but between two meridians."""
    return lambda lon, lat: ~((lon > west) & (lon < east))


def test_a_line_over_a_wide_water_is_none_and_one_over_a_creek_is() -> None:
    one, other, zero = np.array([0.0, 0.6, 0.0]), np.array([1.0, 0.9, 0.0]), np.zeros(3)
    wide, creek = bay(0.3, 0.3 + 1.5 * WET_KM / 111.2), bay(0.3, 0.3 + 0.6 * WET_KM / 111.2)
    assert crosses_water(one, zero, other, zero, wide).tolist() == [True, False, False]
    assert crosses_water(other, zero, one, zero, wide).tolist() == [True, False, False]
    assert not crosses_water(one, zero, other, zero, creek).any()
    assert not crosses_water(one, zero, other, zero, None).any(), "where land is not known nothing is said"
    two_creeks = lambda lon, lat: creek(lon, lat) & bay(0.7, 0.7 + 0.6 * WET_KM / 111.2)(lon, lat)  # noqa: E731
    assert not crosses_water(one, zero, other, zero, two_creeks).any()


def test_a_line_across_the_date_line_is_looked_at_there() -> None:
    sea = lambda lon, lat: np.abs(lon) < 179.7  # noqa: E731
    ends = np.array([179.5]), np.array([-17.0]), np.array([-179.5]), np.array([-17.0])
    assert crosses_water(*ends, sea).tolist() == [True]
    assert crosses_water(*ends, lambda lon, lat: np.abs(lon) > 179.4).tolist() == [False]
