"""Lines of a map: nothing goes the long way round the Earth, and thinning keeps what can be seen."""

from itertools import pairwise
from math import hypot

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphs.sphere import distance_km
from pipelines.views.map_lines import BEND_KM, bent, is_place, km, running, spaced, thinned, turns, window

LON = st.floats(-180, 180).map(lambda one: round(one, 3))
LAT = st.floats(-85, 85).map(lambda one: round(one, 3))
POINTS = st.lists(st.tuples(LON, LAT), max_size=25)
GRID = st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=1, max_size=30)


def test_a_line_over_the_antimeridian_runs_on():
    assert running([(170.0, 10.0), (-170.0, 12.0), (-150.0, 12.0)]) == [(170.0, 10.0), (190.0, 12.0), (210.0, 12.0)]
    assert running([(-170.0, 0.0), (170.0, 0.0)]) == [(-170.0, 0.0), (-190.0, 0.0)]
    assert running([(-170.0, 0.0)], (175.0, 0.0)) == [(190.0, 0.0)]
    assert running([]) == []


@given(POINTS, st.none() | st.tuples(st.floats(-900, 900), LAT))
def test_running_longitudes_are_the_same_places_and_never_jump(points, before):
    out = running(points, before)
    assert [one[1] for one in out] == [one[1] for one in points]
    assert all(abs((one[0] - other[0]) / 360 - round((one[0] - other[0]) / 360)) < 1e-9
               for one, other in zip(out, points, strict=True))  # fmt: skip
    assert all(abs(here[0] - there[0]) <= 180 + 1e-6 for here, there in pairwise(out))


@given(LON, LAT, LON, LAT)
def test_length_is_that_of_the_house(lon, lat, lon2, lat2):
    assert km((lon, lat), (lon2, lat2)) == pytest.approx(float(distance_km(lon, lat, lon2, lat2)), abs=1e-6)


def placed(points):
    """Places without the turn of the Earth at which they stand."""
    return {(round(lon % 360, 6) % 360, lat) for lon, lat in points}


@given(POINTS)
def test_a_bent_line_is_as_long_has_the_same_corners_and_no_long_stretch(points):
    corners = running(points)
    assume(all(km(*pair) < 20_000 for pair in pairwise(corners)))  # to the far side of the Earth every way is as short
    line = bent(corners)
    assert placed(corners) <= placed(line)
    assert line[:1] == corners[:1]
    assert placed(line[-1:]) == placed(corners[-1:])
    direct = sum(km(*pair) for pair in pairwise(corners))
    assert sum(km(*pair) for pair in pairwise(line)) == pytest.approx(direct, rel=1e-6, abs=1e-3)
    assert all(km(*pair) <= BEND_KM * 1.001 for pair in pairwise(line))
    assert all(abs(here[0] - there[0]) <= 180 + 1e-6 for here, there in pairwise(line))


def test_a_great_circle_bends_to_the_pole():
    line = bent([(-120.0, 45.0), (0.0, 45.0)])
    assert max(lat for _, lat in line) == pytest.approx(63.4, abs=0.3)


def off(point, start, end):
    """Distance from a stretch, by looking at very many places of it."""
    return min(hypot(point[0] - start[0] - share / 200 * (end[0] - start[0]),
                     point[1] - start[1] - share / 200 * (end[1] - start[1])) for share in range(201))  # fmt: skip


@given(GRID, st.sampled_from([0.5, 2.0, 8.0]))
def test_thinning_keeps_ends_and_order_and_stays_near(points, tolerance):
    kept = thinned(points, tolerance)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    rest = iter(points)
    assert all(one in rest for one in kept)  # a subsequence
    stretches = list(pairwise(kept)) or [(kept[0], kept[0])]
    assert all(min(off(one, *stretch) for stretch in stretches) <= tolerance + 0.3 for one in points)


def test_a_straight_line_keeps_its_ends_and_a_ring_its_far_side():
    assert thinned([(at, 2 * at) for at in range(50)], 0.1) == [(0, 0), (49, 98)]
    ring = [(0, 0), (1, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    assert thinned(ring, 0.5) == [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    assert thinned([(3, 3), (3, 3), (3, 3)], 0.5) == [(3, 3), (3, 3)]


@given(GRID)
def test_spacing_keeps_the_ends(points):
    kept = spaced(points, 5.0)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert all(hypot(one[0] - other[0], one[1] - other[1]) >= 5.0 for one, other in pairwise(kept[:-1]))


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-85, 85)), min_size=1, max_size=9))
def test_the_window_holds_every_point(points):
    west, south, east, north = window(points)
    assert west < east
    assert -85 <= south < north <= 85
    assert all(west <= lon <= east and south <= lat <= north for lon, lat in points)


def test_one_place_has_a_window_and_no_place_has_the_world():
    west, south, east, north = window([(10.0, 50.0)])
    assert (east - west, north - south) == pytest.approx((1.5, 1.5))
    assert window([]) == (-180.0, -60.0, 180.0, 85.0)


@given(st.floats(-900, 900), st.floats(1, 700))
def test_repeated_pictures_fill_the_window(west, size):
    """Every degree of the window lies in a picture of 400 degrees moved by one of the turns."""
    moved = [360 * one for one in turns(west, west + size)]
    for at in range(21):
        lon = west + size * at / 20
        assert any(one - 200 <= lon <= one + 200 for one in moved)


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [(0.0, 0.0, True), (181.0, 0.0, True), (0.0, 91.0, False), (float("nan"), 0.0, False), (None, 0.0, False),
     (0.0, float("inf"), False), (400.0, 0.0, False)],
)  # fmt: skip
def test_what_is_no_place(lon, lat, expected):
    assert is_place(lon, lat) is expected
