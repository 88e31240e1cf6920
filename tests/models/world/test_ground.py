import numpy as np
import pytest

from models.world.config import WorldConfig
from models.world.ground import ground
from models.world.tables import Area, Country, Deposit, Leg, Outline, Place, Reach
from tests.models.world.lands import small, small_again

FRAMES = {
    "countries": Country,
    "outlines": Outline,
    "reaches": Reach,
    "places": Place,
    "legs": Leg,
    "deposits": Deposit,
    "areas": Area,
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_their_schema(name):
    assert FRAMES[name].is_valid(getattr(small(), name))


@pytest.mark.parametrize("name", FRAMES)
def test_the_same_seed_gives_the_same_frames_and_another_seed_others(name):
    again = getattr(small_again(), name)
    assert again.equals(getattr(small(), name))
    assert not again.equals(getattr(small(2), name))


def test_the_grid_is_small_whole_numbers():
    assert small().grid.dtype == np.int16
    assert small().grid.shape == small().terrain.elevation_m.shape


def test_another_choice_of_families_leaves_the_land_as_it_is():
    other = ground(WorldConfig(1, "small", countries=12, first_year=2012, families=("gold", "tin")))
    assert np.array_equal(other.grid, small().grid)
    assert other.reaches.equals(small().reaches)
    gold = small().deposits.filter(family="gold")
    assert other.deposits.filter(family="gold").equals(gold)
