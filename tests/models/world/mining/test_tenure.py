"""Permits, protected areas and countries under points."""

import numpy as np
import polars as pl
import pytest

from models.world.land.sphere import distance_km
from models.world.mining.tenure import NOWHERE, country_at, land, moved, nearest_protected, permit_of
from tests.models.world.mining_ground import tiny_ground

GROUND = tiny_ground(("gold", "nickel"))
PERMITS, PROTECTED = land(GROUND.areas, "permit"), land(GROUND.areas, "protected")


def test_points_lie_in_their_country_or_on_water() -> None:
    lon, lat = np.array([1.0, 8.0, 1.0, -0.7]), np.array([9.0, 9.0, 1.0, 5.0])
    assert country_at(GROUND, lon, lat).tolist() == [0, 1, 2, -1]


def test_a_deposit_has_the_permit_for_its_own_family_only() -> None:
    gold = GROUND.deposits.filter(pl.col("deposit_id") == "deposit:XAB:gold:1")
    found = permit_of(gold, PERMITS)
    assert PERMITS.areas["area_id"][int(found[0])] == "permit:XAB:gold:1"
    assert permit_of(gold.with_columns(family=pl.lit("tin")), PERMITS).tolist() == [NOWHERE]


def test_a_deposit_off_the_permits_has_none() -> None:
    free = GROUND.deposits.filter(pl.col("deposit_id") == "deposit:XAA:gold:3")
    assert permit_of(free, PERMITS).tolist() == [NOWHERE]


def test_the_nearest_protected_area_is_of_the_same_country_and_within_reach() -> None:
    spots = pl.DataFrame({"country": ["XAA", "XAA", "XAB"], "lon": [3.4, 3.4, 3.4], "lat": [8.4, 7.4, 8.4]})
    # The area of XAA covers 2.6 to 4.2 E and 7.6 to 9.2 N: 22 km north of the second point.
    row = PROTECTED.areas["area_id"].to_list().index("protected:XAA:1")
    assert nearest_protected(spots, PROTECTED, 30.0).tolist() == [row, row, NOWHERE]
    assert nearest_protected(spots, PROTECTED, 20.0).tolist() == [row, NOWHERE, NOWHERE]


def test_inside_counts_any_area_of_the_kind() -> None:
    inside = PERMITS.is_inside(np.array([1.0, 1.5, 2.0]), np.array([5.4, 5.4, 5.4]))
    assert inside.tolist() == [True, False, True]


def test_moving_goes_the_distance_in_the_direction() -> None:
    lon, lat = np.array([10.0, 10.0]), np.array([40.0, 40.0])
    east, north = moved(lon, lat, np.array([5.0, 5.0]), np.array([0.0, np.pi / 2]))
    assert distance_km(lon, lat, east, north) == pytest.approx([5.0, 5.0], rel=1e-3)
    assert north[0] > 40
    assert east[1] > 10
    assert east[0] == 10
