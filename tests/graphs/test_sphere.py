import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.sphere import EARTH_KM, arc_km, chord, distance_km, unit_vectors

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def slow_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Angle between two vectors written out, by both of its parts (exact near 0 and near 180 degrees)."""
    one, other = (
        (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
        for a, b in ((math.radians(lon), math.radians(lat)), (math.radians(other_lon), math.radians(other_lat)))
    )
    cross = (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    return EARTH_KM * math.atan2(math.hypot(*cross), dot)


@given(LON, LAT, LON, LAT)
def test_distance_is_the_angle_between_two_vectors(lon: float, lat: float, other_lon: float, other_lat: float) -> None:
    found = float(distance_km(lon, lat, other_lon, other_lat))
    # Haversine loses digits only at opposite ends of the Earth: 1e-8 of an angle is 60 m there.
    assert found == pytest.approx(slow_km(lon, lat, other_lon, other_lat), abs=1e-6 if found < 20_000 else 0.2)


@given(LON, LAT, LON, LAT)
def test_a_chord_of_unit_vectors_is_as_long(lon: float, lat: float, other_lon: float, other_lat: float) -> None:
    apart = np.linalg.norm(unit_vectors(lon, lat) - unit_vectors(other_lon, other_lat))
    found = float(distance_km(lon, lat, other_lon, other_lat))
    assert float(arc_km(apart)) == pytest.approx(found, abs=1e-6 if found < 20_000 else 0.5)


@given(st.floats(0, 20_000))
def test_chord_and_arc_undo_each_other(km: float) -> None:
    assert float(arc_km(chord(km))) == pytest.approx(km, abs=1e-6)


def test_known_distances() -> None:
    assert float(distance_km(0, 0, 90, 0)) == pytest.approx(EARTH_KM * math.pi / 2)
    assert float(distance_km(12, 90, -77, -90)) == pytest.approx(EARTH_KM * math.pi)
    # A cap's edge at 60 degrees north, over the pole: 30 + 30 degrees.
    assert float(distance_km(0, 60, 180, 60)) == pytest.approx(EARTH_KM * math.pi / 3)
    # One degree of longitude across the date line.
    assert float(distance_km(179.5, 0, -179.5, 0)) == pytest.approx(EARTH_KM * math.pi / 180)
