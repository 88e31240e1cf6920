import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.world.land.sphere import distance_km
from models.world.shipping.arcs import bearing, between, moved, runs

LON, LAT = st.floats(-170, 170), st.floats(-70, 70)


@pytest.mark.parametrize(("other", "expected"), [((0, 1), 0.0), ((1, 0), 90.0), ((0, -1), 180.0), ((-1, 0), 270.0)])
def test_courses_go_clockwise_from_north(other: tuple[float, float], expected: float) -> None:
    assert bearing(0.0, 0.0, *other) == pytest.approx(expected)


def test_a_quarter_of_the_equator_halved_is_45_degrees() -> None:
    lon, lat = between(np.array([0.0]), np.array([0.0]), np.array([90.0]), np.array([0.0]), np.array([0.0, 0.5, 1.0]))
    assert lon.tolist() == [pytest.approx([0.0, 45.0, 90.0])]
    assert lat.tolist() == [pytest.approx([0.0, 0.0, 0.0])]


@given(LON, LAT, LON, LAT, st.floats(0, 1))
@settings(max_examples=60)
def test_a_point_between_lies_at_its_share_of_the_distance(a: float, b: float, c: float, d: float, f: float) -> None:
    whole = float(distance_km(a, b, c, d))
    if whole > 19_000:  # opposite points have no single shortest way
        return
    lon, lat = between(a, b, c, d, np.array([f]))
    assert float(distance_km(a, b, lon[0], lat[0])) == pytest.approx(f * whole, abs=0.01)
    assert float(distance_km(lon[0], lat[0], c, d)) == pytest.approx((1 - f) * whole, abs=0.01)


@given(LON, LAT, st.floats(0, 359), st.floats(0.01, 20))
@settings(max_examples=60)
def test_a_short_move_has_its_length_and_course(lon: float, lat: float, course: float, km: float) -> None:
    there = moved(lon, lat, course, km)
    assert float(distance_km(lon, lat, *there)) == pytest.approx(km, rel=0.01)
    turn = abs(float(bearing(lon, lat, *there)) - course)
    assert min(turn, 360 - turn) < 1.0


def test_runs_of_different_length() -> None:
    run, step = runs([2, 0, 3])
    assert run.tolist() == [0, 0, 2, 2, 2]
    assert step.tolist() == [0, 1, 0, 1, 2]
