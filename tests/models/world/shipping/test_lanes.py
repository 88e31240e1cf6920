import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.world.land.sphere import distance_km
from models.world.shipping.lanes import APPROACH_KM, drawn, network, spaced
from tests.models.world.shipping.seas import CELL, GAP, ROUND, WALL, axes, joined_ports, legs, mask, places, sea


def test_ports_stand_in_the_order_of_their_names_and_roads_join_none() -> None:
    made = network(places().reverse(), legs(*ROUND[:2]), sea())
    assert made.ports.place_id == ["port:XAA:1", "port:XAA:2", "port:XAB:1"]
    assert made.ports.country == ["XAA", "XAA", "XAB"]


def test_a_way_is_the_shortest_chain_of_legs() -> None:
    made = joined_ports()
    assert made.chain(1, 3) == [1, 0, 2, 3]
    sea_legs = legs(*ROUND).filter(pl.col("mode") == "sea")
    assert made.length_km[1, 3] == pytest.approx(sea_legs["length_km"].sum() / 2)


def test_a_lane_leads_from_port_to_port_over_water_and_through_the_gap() -> None:
    made = joined_ports()
    lane = drawn(made, {(1, 3)}, 30.0, 9.0)[1, 3]
    _, lats = axes()
    assert (lane.lon[0], lane.lat[0]) == pytest.approx((made.ports.lon[1], made.ports.lat[1]))
    assert (lane.lon[-1], lane.lat[-1]) == pytest.approx((made.ports.lon[3], made.ports.lat[3]))
    # Every kilometre: on water, but for the cell of the port and those that it touches.
    fine_lon, fine_lat = (
        np.interp(np.arange(0, lane.km[-1]), lane.km, lane.lon),
        np.interp(np.arange(0, lane.km[-1]), lane.km, lane.lat),
    )
    row, column = made.water.cells(fine_lon, fine_lat)
    at_port = np.minimum(np.arange(len(row)), lane.km[-1] - np.arange(len(row))) < 80
    assert mask()[row, column][~at_port].mean() > 0.99
    # Straight ways are tried at every fifth of a cell, so that a corner may be cut by a little.
    crossing = fine_lat[column == WALL]
    assert crossing.size > 10
    assert np.abs(crossing - lats[GAP]).max() < 0.6 * CELL


def test_ports_on_the_way_are_passed_at_a_distance() -> None:
    made = joined_ports()
    found = drawn(made, {(0, 1), (0, 2), (2, 3), (1, 3)}, 30.0, 9.0)
    by_port = sum(float(found[leg].km[-1]) for leg in ((1, 0), (0, 2), (2, 3)))
    assert found[1, 3].km[-1] < by_port - 100
    straight = drawn(network(places(), legs(("port:XAA:2", "port:XAC:1")), sea()), {(0, 1)}, 30.0, 9.0)[0, 1]
    assert found[1, 3].km[-1] == pytest.approx(straight.km[-1], rel=0.02)
    for passed in (0, 2):
        near = distance_km(found[1, 3].lon, found[1, 3].lat, made.ports.lon[passed], made.ports.lat[passed])
        assert near.min() > 40


def test_the_way_back_is_the_same_way() -> None:
    found = drawn(joined_ports(), {(1, 2)}, 30.0, 9.0)
    there, back = found[1, 2], found[2, 1]
    assert there.lon.tolist() == back.lon[::-1].tolist()
    assert np.diff(back.km) == pytest.approx(np.diff(there.km)[::-1])
    assert back.km[0] == 0


def test_a_lane_gives_no_room_near_ports() -> None:
    lane = drawn(joined_ports(), {(0, 2)}, 30.0, 9.0)[0, 2]
    near = np.minimum(lane.km, lane.km[-1] - lane.km) <= APPROACH_KM[-1]
    assert (lane.spread_km[near] == 0).all()
    assert (lane.spread_km[~near] > 0).all()
    assert lane.spread_km.max() <= 9.0


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(-30, 30)), min_size=2, max_size=7), st.floats(5, 200))
@settings(max_examples=60)
def test_points_are_close_enough_and_keep_the_corners(corners: list[tuple[float, float]], spacing: float) -> None:
    lon, lat = np.array(corners).T
    steps = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    if steps.min() < 1.0:
        return
    east, north, km = spaced(lon, lat, spacing)
    assert km[-1] == pytest.approx(steps.sum(), abs=0.01)
    assert np.diff(km).max() <= 2 * spacing
    assert (np.diff(km) > 0).all()
    moved = distance_km(east[:-1], north[:-1], east[1:], north[1:])
    assert moved == pytest.approx(np.diff(km), abs=0.02)
    for at, (one, other) in enumerate(corners):
        assert distance_km(east, north, one, other).min() < 0.05, at
