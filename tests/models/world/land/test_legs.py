import numpy as np
import polars as pl
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.world.config import WorldConfig
from models.world.land.seaways import open_sea, sailing_km
from models.world.land.sphere import KM_PER_DEGREE, distance_km
from models.world.land.terrain import drained
from tests.models.world.lands import small


def ends(ground, legs):
    """Legs with the country and position of both ends."""
    places = ground.places.select("place_id", "kind", "country", "lon", "lat")
    return legs.join(places, left_on="from_place", right_on="place_id").join(
        places, left_on="to_place", right_on="place_id", suffix="_to"
    )


@pytest.mark.parametrize("seed", range(1, 6))
def test_everywhere_is_reached_from_everywhere_without_flying(seed):
    ground = small(seed)
    number = {place: row for row, place in enumerate(ground.places["place_id"])}
    legs = ground.legs.filter(pl.col("mode") != "air")
    start, end = ([number[one] for one in legs[side]] for side in ("from_place", "to_place"))
    network = coo_array((np.ones(len(start)), (start, end)), shape=(len(number), len(number))).tocsr()
    assert connected_components(network)[0] == 1


def test_a_landlocked_country_needs_a_border():
    ground = small()
    inner = ground.countries.filter(~pl.col("is_coastal"))["country"].to_list()
    legs = ends(ground, ground.legs.filter(pl.col("mode") != "air"))
    across = legs.filter(pl.col("country").is_in(inner) & (pl.col("country") != pl.col("country_to")))
    assert len(across) > 0
    assert set(across["mode"]) <= {"road", "river", "rail"}
    assert set(across.filter(mode="road")["kind"]) == {"border"}


def test_every_leg_stands_once_for_each_direction():
    legs = small().legs
    back = legs.rename({"from_place": "to_place", "to_place": "from_place"})
    assert legs.sort(*legs.columns).equals(back.select(legs.columns).sort(*legs.columns))
    assert (legs["from_place"] != legs["to_place"]).all()


def test_no_way_is_shorter_than_the_great_circle():
    ground = small()
    legs = ends(ground, ground.legs)
    direct = distance_km(legs["lon"], legs["lat"], legs["lon_to"], legs["lat_to"])
    slack = {"air": 1.0, "transfer": 1.0}
    for mode, rows in legs.with_columns(direct=direct).group_by("mode"):
        # Places stand off the centres of their cells, by which land and water ways are measured.
        tolerance = 1e-6 if mode[0] in slack else 100.0
        assert (rows["length_km"] >= rows["direct"] - tolerance).all(), mode


def test_modes_join_the_kinds_of_place_that_they_can():
    legs = ends(small(), small().legs).select(pl.col("mode", "kind", "kind_to").cast(pl.String)).unique()
    kinds = {mode: set(rows["kind"]) | set(rows["kind_to"]) for (mode,), rows in legs.group_by("mode")}
    assert kinds["sea"] == {"port"}
    assert kinds["air"] == {"airport"}
    assert kinds["road"] == {"city", "border"}
    assert kinds["rail"] <= {"city", "border"}
    assert kinds["river"] == {"city"}
    assert kinds["transfer"] == {"city", "port", "airport", "smelter"}


def test_freight_by_sea_is_cheap_and_slow_and_by_air_dear_and_fast():
    usd_per_km, km_per_hour = pl.col("cost_usd_per_t") / pl.col("length_km"), pl.col("length_km") / pl.col("hours")
    long = small().legs.filter(pl.col("length_km") > 300).group_by("mode")
    per_km = long.agg(usd=usd_per_km.median(), km_h=km_per_hour.median())
    usd, speed = (dict(zip(per_km["mode"], per_km[name], strict=True)) for name in ("usd", "km_h"))
    assert usd["sea"] < usd["rail"] < usd["road"] < usd["air"]
    assert speed["air"] > 300 > speed["road"] > speed["sea"]


def test_every_port_has_a_lane_to_a_hub_from_which_all_are_reached():
    ground = small()
    lanes = ends(ground, ground.legs.filter(mode="sea"))
    ports = ground.places.filter(pl.col("kind") == "port")
    reached = lanes.group_by("from_place").len()
    assert len(reached) == len(ports)
    assert reached["len"].max() == len(ports) - 1  # a hub


def test_ships_go_around_land():
    config = WorldConfig.sized("small", 1)
    heights = np.full((9, 9), -10.0)
    heights[1:9, 4] = 10.0  # a wall, open in the north only
    axis = np.arange(9.0) - 4
    sea = open_sea(config, drained(axis, -axis, heights))
    length = sailing_km(sea, np.array([-1.0, 1.0, -3.0]), np.array([-2.0, -2.0, -2.0]))
    # Up six rows, two of them across the corners of the wall's end, and down again.
    assert length[0, 1] == pytest.approx(2 * (5 + 2**0.5) * KM_PER_DEGREE, rel=0.01)
    assert length[0, 2] == pytest.approx(2 * KM_PER_DEGREE, rel=0.01)
    assert length == pytest.approx(length.T)
    assert np.diag(length).tolist() == [0.0, 0.0, 0.0]


def test_straits_of_coarser_seas_stay_water():
    config = WorldConfig.sized("medium", 1)
    heights = np.where(np.arange(8)[None, :] % 8 < 3, 10.0, -10.0) * np.ones((6, 1))
    coarse = open_sea(config, drained(np.arange(8.0), np.arange(6.0)[::-1], heights))
    # Three columns of land: one whole square of two, one half, two of water.
    assert coarse.is_open.tolist() == [[False, False, True, True]] * 3
    assert coarse.fine((6, 8))[0].tolist() == [False] * 4 + [True] * 4
