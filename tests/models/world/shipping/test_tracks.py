import numpy as np
import pytest

from models.world.land.sphere import KM_PER_DEGREE, distance_km
from models.world.shipping.tracks import ANCHORED, MOORED, MOVING, SWING_KM, Track, joined, motion, piece_at


def track(*knots: tuple[int, float, float, float, int]) -> Track:
    """Knots as vessel, hour, longitude, latitude, state."""
    vessel, hours, lon, lat, state = (np.array(column) for column in zip(*knots, strict=True))
    count = len(knots)
    return joined(
        [Track(vessel, hours * 3600.0, lon * 1.0, lat * 1.0, state, np.full(count, 9.0), np.zeros(count, dtype=bool))]
    )


SAILS = track(
    (1, 0, 0, 0, MOVING), (1, 6, 1, 0, ANCHORED), (1, 9, 1, 0, MOVING), (1, 10, 1, 0.1, MOORED), (1, 20, 1, 0.1, 0)
)


def test_knots_come_by_vessel_and_time() -> None:
    found = joined([track((2, 1, 0, 0, 0)), track((1, 5, 0, 0, 0), (2, 0, 0, 0, 0), (1, 1, 0, 0, 0))])
    assert list(zip(found.vessel.tolist(), (found.time_s / 3600).tolist(), strict=True)) == [
        (1, 1),
        (1, 5),
        (2, 0),
        (2, 1),
    ]
    assert found.pieces.tolist() == [0, 2]
    assert joined([]).vessel.tolist() == []


def test_a_ship_is_half_way_at_half_time_with_the_speed_of_the_piece() -> None:
    now = motion(SAILS, np.array([0]), np.array([3 * 3600.0]))
    assert (now.lon[0], now.lat[0]) == pytest.approx((0.5, 0.0))
    assert now.speed_kn[0] == pytest.approx(KM_PER_DEGREE / 6 / 1.852)
    assert now.course[0] == pytest.approx(90.0)


def test_a_ship_at_anchor_swings_round_a_small_circle_without_speed() -> None:
    time_s = np.linspace(6, 9, 20) * 3600
    now = motion(SAILS, np.ones(20, dtype=int), time_s)
    assert distance_km(now.lon, now.lat, 1.0, 0.0) == pytest.approx(np.full(20, SWING_KM), rel=0.01)
    assert (now.speed_kn == 0).all()


def test_the_piece_of_a_moment() -> None:
    hours = np.array([-1.0, 0.0, 5.9, 6.0, 9.5, 19.9, 20.0])
    assert piece_at(SAILS, np.ones(7, dtype=int), hours * 3600).tolist() == [-1, 0, 0, 1, 2, 3, -1]
    assert piece_at(SAILS, np.full(7, 2), hours * 3600).tolist() == [-1] * 7
