import re

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.land.places import domestic, road_hours
from models.world.land.sphere import distance_km
from models.world.land.travel import steps
from tests.models.world.lands import by_hand, small


def of_kind(ground, kind):
    return ground.places.filter(pl.col("kind") == kind)


def cells(ground, places):
    return ground.terrain.cell_of(places["lon"].to_numpy(), places["lat"].to_numpy())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_places_stand_on_land_of_their_country(seed):
    ground = small(seed)
    numbers = dict(zip(ground.countries["country"], range(12), strict=True))
    owner = ground.grid.ravel()[cells(ground, ground.places)]
    assert owner.tolist() == [numbers[one] for one in ground.places["country"]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_coastal_country_has_a_port_by_the_sea_and_no_other_has(seed):
    ground = small(seed)
    ports = of_kind(ground, "port")
    assert set(ports["country"]) == set(ground.countries.filter("is_coastal")["country"])
    rows, columns = np.divmod(cells(ground, ports), len(ground.terrain.lons))
    water = ~np.pad(ground.terrain.is_land, 1, constant_values=True)
    assert all(water[row : row + 3, column : column + 3].any() for row, column in zip(rows, columns, strict=True))


def test_ports_airports_and_smelters_lie_in_a_city():
    ground = small()
    towns = set(cells(ground, of_kind(ground, "city")))
    for kind in ("port", "airport", "smelter"):
        inside = of_kind(ground, kind)
        assert len(inside) > 0
        assert set(cells(ground, inside)) <= towns


def test_the_first_city_is_the_seat_and_has_an_airport():
    ground = small()
    seats = ground.terrain.cell_of(ground.countries["lon"].to_numpy(), ground.countries["lat"].to_numpy())
    for kind in ("city", "airport"):
        first = of_kind(ground, kind).filter(pl.col("place_id").str.ends_with(":1")).sort("country")
        assert cells(ground, first).tolist() == seats.tolist()


def test_cities_of_a_landmass_keep_apart_and_there_are_a_few_in_each_country():
    ground = small()
    towns = of_kind(ground, "city")
    counted = towns.group_by("country").len()["len"]
    assert counted.min() >= 1
    assert counted.max() <= 20
    lon, lat = towns["lon"].to_numpy(), towns["lat"].to_numpy()
    apart = distance_km(lon[:, None], lat[:, None], lon, lat) + np.eye(len(lon)) * 1e6
    assert np.median(apart.min(axis=1)) > 100


def test_posts_come_in_pairs_on_both_sides_of_a_border():
    ground = small()
    posts = of_kind(ground, "border")
    where = dict(zip(posts["place_id"], posts.select("country", "lon", "lat").iter_rows(), strict=True))
    assert len(where) > 10
    for place, (country, lon, lat) in where.items():
        _, here, there = place.split(":")
        assert country == here
        _, other_lon, other_lat = where[f"border:{there}:{here}"]
        assert distance_km(lon, lat, other_lon, other_lat) < 45  # a fifth of a diagonal of half a degree


def test_smelters_name_a_metal_that_the_world_trades():
    ground = small()
    families = {one.split(":")[1] for one in of_kind(ground, "smelter")["place_id"]}
    assert families == {"gold", "nickel"}


def test_codes_of_places_are_unique_and_of_no_real_country():
    codes = small().places["locode"]
    assert codes.n_unique() == len(codes)
    assert all(re.fullmatch(r"X[A-Z][A-Z][A-Z2-9]{2}", one) for one in codes)


def test_slopes_slow_lorries():
    land = by_hand([[100.0, 100.0, 1_434.0]])
    pairs = steps(land.is_land, land.lons, land.lats)
    hours = road_hours(WorldConfig(1), land, pairs)
    # 111.2 km at 55 km/h and 1.25 of winding: 2.53 h; 12 m per km doubles it.
    assert hours == pytest.approx([2.527, 2 * 2.527], rel=0.01)


def test_domestic_steps_cross_no_border():
    land = by_hand([[5.0, 5.0, 5.0]])
    pairs = domestic(land, np.array([[0, 0, 1]]))
    assert (pairs.start.tolist(), pairs.end.tolist()) == ([0], [1])
