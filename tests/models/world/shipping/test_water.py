import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from scipy.sparse.csgraph import connected_components

from models.world.land.sphere import distance_km, unit_vectors
from models.world.shipping.water import room, squares, water
from tests.models.world.shipping.seas import GAP, WALL, axes, mask, sea


def random_mask(seed: int, share: float) -> np.ndarray:
    """Blobs of land and water."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((21, 30)), 1.2)
    return noise > np.quantile(noise, 1 - share)


@given(st.integers(0, 10_000), st.floats(0.2, 1.0))
@settings(max_examples=40, deadline=None)
def test_squares_hold_each_cell_of_water_once_and_no_land(seed: int, share: float) -> None:
    wet = random_mask(seed, share)
    square, corner, size = squares(wet)
    assert ((square >= 0) == wet).all()
    for number, (first, side) in enumerate(zip(corner.tolist(), size.tolist(), strict=True)):
        row, column = divmod(first, wet.shape[1])
        assert (square[row : row + side, column : column + side] == number).all()
        assert (square == number).sum() == side * side


@given(st.integers(0, 10_000), st.floats(0.2, 0.8))
@settings(max_examples=30, deadline=None)
def test_squares_are_joined_as_cells_are(seed: int, share: float) -> None:
    wet = random_mask(seed, share)
    made = water(np.arange(30) * 0.5, 5 - np.arange(21) * 0.5, wet)
    parts, _ = ndimage.label(wet)
    count, part = connected_components(made.graph, directed=False)
    assert count == parts.max()
    assert len({*zip(parts[wet].tolist(), part[made.square[wet]].tolist(), strict=True)}) == count


def test_open_sea_has_large_squares() -> None:
    square, _, size = squares(np.ones((16, 16), dtype=bool))
    assert size.tolist() == [8, 8, 8, 8]
    assert square[0, 0] == square[7, 7] != square[8, 8]


@given(st.integers(0, 10_000), st.floats(0.3, 0.95))
@settings(max_examples=20, deadline=None)
def test_room_is_never_larger_than_the_way_to_land(seed: int, share: float) -> None:
    wet, lons, lats = random_mask(seed, share), np.arange(30) * 0.5, 55 - np.arange(21) * 0.5
    dry_lon, dry_lat = (axis[~wet] for axis in np.meshgrid(lons, lats))
    for row, column in np.argwhere(wet)[::17]:
        nearest = distance_km(lons[column], lats[row], dry_lon, dry_lat).min()
        assert room(lons, lats, wet)[row, column] <= nearest


def test_no_straight_way_leads_through_the_wall_but_through_its_gap() -> None:
    made, (lons, lats) = sea(), axes()
    points = unit_vectors(lons[[2, 30, 2, 30]], lats[[10, 10, GAP, GAP]])
    assert not made.is_clear(points, 0, 1)
    assert made.is_clear(points, 2, 3)
    assert not mask()[10, WALL]


def test_points_outside_the_map_count_to_its_edge() -> None:
    row, column = sea().cells(np.array([-50.0, 50.0]), np.array([80.0, -80.0]))
    assert (row.tolist(), column.tolist()) == ([0, 19], [0, 31])


def test_the_nearest_water_lies_beside_a_port() -> None:
    made, (lons, lats) = sea(), axes()
    square, lon, lat = made.nearest(lons[[4]], lats[[1]])
    assert square[0] >= 0
    assert distance_km(lon[0], lat[0], lons[4], lats[1]) == pytest.approx(55.6, abs=1.0)
