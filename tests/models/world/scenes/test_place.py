import numpy as np
import pytest

from models.world.scenes.place import square, utm


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(9.0, 0.0, 32632), (9.0, -0.1, 32732), (-180.0, 10.0, 32601), (179.9, 10.0, 32660), (11.999, 5.0, 32632)],
)
def test_zones_of_utm(lon, lat, code):
    assert utm(lon, lat) == code


def test_the_central_meridian_has_easting_500000():
    made = square(9.0, 0.0, 10.0, 20, (0.0, 0.0))
    assert made.transform == (10.0, 0.0, 499_900.0, 0.0, -10.0, 100.0)
    assert made.centre == pytest.approx((9.0, 0.0), abs=1e-6)


def test_a_point_lies_where_it_is_asked_for():
    made = square(12.345, -6.789, 10.0, 40, (5.0, -3.0))
    row, column = made.pixels_of(np.array([12.345]), np.array([-6.789]))
    assert row[0] == pytest.approx(25.0, abs=0.51)
    assert column[0] == pytest.approx(17.0, abs=0.51)
    assert made.left_m % 10 == 0
    assert made.top_m % 10 == 0


def test_a_step_north_is_a_row_up():
    made = square(30.0, 10.0, 10.0, 40, (0.0, 0.0))
    row, column = made.pixels_of(np.array([30.0, 30.0]), np.array([10.0, 10.0 + 100 / 110_600]))
    assert row[0] - row[1] == pytest.approx(10.0, abs=0.1)
    assert column[0] == pytest.approx(column[1], abs=0.6)
