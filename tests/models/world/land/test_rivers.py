import numpy as np
import polars as pl
import pytest
import shapely

from models.world.config import WorldConfig
from models.world.land.rivers import channels, strahler
from models.world.land.sphere import distance_km
from tests.models.world.lands import by_hand, small


def test_strahler_rises_only_where_equals_meet():
    #  0   1   2      0 and 1 meet in 3 (order 2), 2 and 3 in 4 (order 2), 5 and 4 in 6 with 7 of order 2
    downstream = np.array([3, 3, 4, 4, 6, 7, 8, 8, -1, 5 + 2])
    order = strahler(downstream)
    assert order[:3].tolist() == [1, 1, 1]
    assert order[3] == 2
    assert order[4] == 2  # 1 and 2 meet: no rise
    assert order[7] == 2  # 5 and 9, both first
    assert order[8] == 3  # 6 and 7, both second


def test_reaches_are_a_tree_that_ends_in_the_sea():
    reaches = small().reaches
    joined = reaches.join(reaches, left_on="downstream_id", right_on="reach_id", suffix="_below")
    assert len(joined) == reaches["downstream_id"].is_not_null().sum()
    assert (joined["upstream_area_km2"] < joined["upstream_area_km2_below"]).all()
    assert (joined["discharge_m3_s"] <= joined["discharge_m3_s_below"]).all()
    assert (joined["order"] <= joined["order_below"]).all()


def test_what_flows_into_a_reach_is_less_than_what_flows_out():
    reaches = small().reaches
    inflow = reaches.drop_nulls("downstream_id").group_by("downstream_id").agg(pl.col("discharge_m3_s").sum(), pl.len())
    both = inflow.join(reaches, left_on="downstream_id", right_on="reach_id", suffix="_out")
    assert (both["discharge_m3_s"] <= both["discharge_m3_s_out"] * (1 + 1e-9)).all()
    assert (both["len"] >= 2).all()  # a reach ends only at a confluence


def test_lines_join_and_are_as_long_as_they_say():
    reaches = small().reaches
    lines = shapely.from_wkb(reaches["geometry"].to_list())
    for row, line in zip(reaches.iter_rows(named=True), lines, strict=True):
        lon, lat = shapely.get_coordinates(line).T
        assert distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum() == pytest.approx(row["length_km"])
        if row["downstream_id"] is not None:
            below = shapely.get_coordinates(lines[row["downstream_id"]])
            assert (lon[-1], lat[-1]) == tuple(below[0])


def test_reaches_drain_what_the_threshold_asks_for_and_belong_to_countries():
    reaches = small().reaches
    assert reaches["upstream_area_km2"].min() >= WorldConfig(1).geography.river_km2
    assert set(reaches["country"]) <= set(small().countries["country"])


def test_channels_of_a_hand_made_valley():
    # One degree cells of about 12 400 km2 each: every cell is a river. Two heads meet in the second column.
    land = by_hand([[-1, -1, -1, -1], [-1, 9, 9, -1], [-1, 5, 3, -1], [-1, 9, 9, -1], [-1, -1, -1, -1]])
    streams = channels(WorldConfig(1), land)
    assert streams.area_km2[land.is_land.ravel()].min() == pytest.approx(12_360, rel=0.01)
    assert streams.is_river.sum() == land.is_land.sum()
    mouths = land.downstream[streams.mouths]
    assert ((mouths == -1) == (streams.downstream == -1)).all()


def test_every_cell_knows_the_reach_that_drains_it():
    config, land = WorldConfig.sized("small", 1), small().terrain
    streams = channels(config, land)
    for cell in np.flatnonzero(land.is_land.ravel())[::37]:
        at = cell
        while at >= 0 and not streams.is_river[at]:
            at = land.downstream[at]
        assert streams.reach[cell] == (streams.reach[at] if at >= 0 else -1)
