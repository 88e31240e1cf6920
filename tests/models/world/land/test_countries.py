import numpy as np
import pytest
import shapely
from scipy import ndimage

from graphs.countries import areas, is_user_assigned
from models.world.config import WorldConfig
from models.world.land.countries import FORBIDDEN_NUMBER, codes, divided, numbers, outlines
from models.world.land.names import company_names, country_names, place_names
from models.world.parameters.geography import Geography
from tests.models.world.lands import by_hand, small


def test_codes_and_numbers_are_free_for_users():
    countries = small().countries
    assert countries["country"].to_list() == codes(12)
    assert codes(99)[25:28] == ["XAZ", "XBA", "XBB"]
    assert all(is_user_assigned(one) for one in codes(99))
    assert countries["numeric"].to_list() == list(range(900, 912))


def test_the_number_of_a_group_of_countries_is_left_out():
    assert FORBIDDEN_NUMBER not in numbers(99)
    assert numbers(99)[74:77] == [974, 976, 977]
    assert len(set(numbers(99))) == 99


def test_every_cell_of_land_has_a_country_and_every_country_land():
    ground = small()
    assert ((ground.grid >= 0) == ground.terrain.is_land).all()
    assert np.unique(ground.grid[ground.grid >= 0]).tolist() == list(range(12))


def test_areas_add_up_to_the_land():
    ground = small()
    land = ground.terrain.cell_area_km2[ground.terrain.is_land].sum()
    assert ground.countries["area_km2"].sum() == pytest.approx(land)


def test_the_seat_stands_in_its_country():
    ground = small()
    cells = ground.terrain.cell_of(ground.countries["lon"].to_numpy(), ground.countries["lat"].to_numpy())
    assert ground.grid.ravel()[cells].tolist() == list(range(12))


@pytest.mark.parametrize("seed", range(1, 6))
def test_landlocked_and_island_countries_occur(seed):
    ground = small(seed)
    assert not ground.countries["is_coastal"].all()
    parts, count = ndimage.label(ground.terrain.is_land, np.ones((3, 3)))
    owners = [set(ground.grid[parts == part].tolist()) for part in range(1, count + 1)]
    shared = set().union(*(one for one in owners if len(one) > 1))
    assert set(range(12)) - shared, "no country without a neighbour on land"


def test_wealth_goes_with_governance_over_many_countries():
    wealth, governance = [], []
    for seed in range(1, 6):
        countries = small(seed).countries
        wealth += np.log(countries["gdp_usd"] / countries["population"]).to_list()
        governance += countries["governance"].to_list()
    # 60 pairs of correlation 0.65: standard error 0.08
    assert np.corrcoef(wealth, governance)[0, 1] == pytest.approx(0.65, abs=0.25)


def test_outlines_hold_exactly_the_cells():
    ground = small()
    shapes = shapely.from_wkb(ground.outlines["geometry"].to_list())
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {6}
    cell = ground.terrain.cell_degrees**2
    cells = np.bincount(ground.grid[ground.grid >= 0])
    assert shapely.area(shapes) == pytest.approx(cells * cell)
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(ground.terrain.is_land.sum() * cell)


def test_outline_of_a_hand_made_country_in_two_parts():
    land = by_hand([[5, 5, -1, 5], [5, 5, -1, -1]])
    grid = np.array([[0, 0, -1, 0], [0, 1, -1, -1]])
    first, second = shapely.from_wkb(outlines(land, grid, ["XAA", "XAB"])["geometry"].to_list())
    assert shapely.area([first, second]).tolist() == [4.0, 1.0]
    assert shapely.get_num_geometries(first) == 2
    assert second.bounds == (-1.0, -1.0, 0.0, 0.0)


def test_names_are_invented_pronounceable_and_distinct():
    real = {one.name.casefold() for one in areas().values()}
    found = [name for seed in range(20) for name in country_names(np.random.default_rng(seed), 99)]
    assert not real & {name.casefold() for name in found}
    for make in (country_names, place_names, company_names):
        names = make(np.random.default_rng(3), 99)
        assert len(set(names)) == 99
        assert names == make(np.random.default_rng(3), 99)
        assert all(name[0].isupper() for name in names)
        assert not any(four in name.lower() for name in names for four in ("mmmm", "nnnn", "ssss"))


def test_no_seat_falls_to_a_neighbour_with_a_head_start():
    geography = Geography(country_head_start_km=50_000.0)
    config = WorldConfig(1, "small", countries=12, families=("gold",), geography=geography)
    land = small().terrain
    habitable = np.where(land.is_land, 1.0, 0.0)
    grid, seats = divided(config, land, habitable, np.zeros(land.elevation_m.size))
    assert grid.ravel()[seats].tolist() == list(range(12))
