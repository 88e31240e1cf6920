"""Legs between places: neighbours over land, ports by sea with their straits, straight lines where nothing leads."""

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphs.tables_places import Legs
from graphs.transport import costs, friction
from models.linkage import legs as module
from models.linkage.legs import legs
from models.linkage.network import Network, joined
from tests.models.linkage.grounds import KM, as_networkx, edges, nodes, place, places

COSTS = costs()
ROAD = nodes("road", *((float(at), 0.0) for at in range(5)))
WAYS = edges("road", *((at, at + 1, KM) for at in range(4)))


def both_ways(found: pl.DataFrame) -> None:
    """Every leg has its way back with the same figures."""
    back = found.rename({"from_place": "to_place", "to_place": "from_place"}).select(found.columns)
    assert_frame_equal(back.sort(Legs.primary_key()), found)


def test_neighbours_on_a_line_by_hand() -> None:
    told = places(place("city:a", 0.0, 0.0, "GHA"), place("city:b", 2.0, 0.0, "GHA"), place("city:c", 4.0, 0.0, "TGO"))
    found = legs(Network.of(ROAD, WAYS, told, COSTS), told)
    pairs = found.select("from_place", "to_place").rows()
    assert pairs == [("city:a", "city:b"), ("city:b", "city:a"), ("city:b", "city:c"), ("city:c", "city:b")]
    assert found["length_km"].to_list() == pytest.approx([2 * KM] * 4, rel=1e-6)
    assert found["crosses_border"].to_list() == [False, False, True, True]
    assert found["cost_usd_per_t"].to_list()[:2] == pytest.approx([2 * KM * 0.08] * 2, rel=1e-6)
    assert found["source"].unique().to_list() == ["roads of the test"]
    assert Legs.is_valid(found)
    both_ways(found)


def test_a_place_beyond_every_network_gets_flagged_lines() -> None:
    told = places(place("city:a", 0.0, 0.0), place("city:b", 4.0, 0.0), place("city:lost", 2.0, 3.0))
    found = legs(Network.of(ROAD, WAYS, told, COSTS), told).filter(pl.col("from_place") == "city:lost")
    assert found["to_place"].to_list() == ["city:a", "city:b"]
    assert found["is_estimated"].all()
    assert found["off_network_km"].equals(found["length_km"].alias("off_network_km"))
    assert found["length_km"][0] == pytest.approx(np.hypot(2, 3) * KM * friction(COSTS), rel=1e-2)


def test_without_a_network_all_legs_are_flagged() -> None:
    told = places(place("city:a", 0.0, 0.0), place("port:b", 40.0, 0.0))
    found = legs(Network.of(ROAD.clear(), WAYS.clear(), told, COSTS), told)
    assert found["is_estimated"].to_list() == [True, True]
    both_ways(found)


def test_sea_legs_name_straits_and_reach_large_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEIGHBOURS", 1)
    sea = nodes("sea", *((float(at), 0.0) for at in range(6)))
    lanes = [edges("sea", (0, 1, KM), (1, 2, KM)), edges("sea", (2, 3, KM), passage="suez"),
             edges("sea", (3, 4, KM), (4, 5, KM))]  # fmt: skip
    told = places(
        place("port:a", 0.0, 0.0), place("port:b", 1.0, 0.0), place("port:c", 3.9, 0.0),
        place("port:d", 5.0, 0.0, size="Large"),
    )  # fmt: skip
    found = legs(Network.of(sea, pl.concat(lanes), told, COSTS), told).filter(pl.col("mode") == "sea")
    there = dict(zip(found.select("from_place", "to_place").rows(), found["passages"].to_list(), strict=True))
    assert there == {
        ("port:a", "port:b"): [], ("port:b", "port:a"): [],
        ("port:a", "port:d"): ["suez"], ("port:d", "port:a"): ["suez"],
        ("port:b", "port:d"): ["suez"], ("port:d", "port:b"): ["suez"],
        ("port:c", "port:d"): [], ("port:d", "port:c"): [],
    }  # fmt: skip
    both_ways(found)


def test_no_places_no_legs() -> None:
    assert legs(Network.of(ROAD, WAYS, places(), COSTS), places()).equals(Legs.create_empty())


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 9)), max_size=30),
    st.sets(st.integers(0, 11), min_size=1, max_size=6),
)
def test_ways_over_legs_connect_what_the_network_connects_and_are_never_shorter(
    ways: list[tuple[int, int, int]], placed: set[int]
) -> None:
    at = [(one / 1000, 0.0) for one in range(12)]
    told = places(*(place(f"city:{one:02}", *at[one]) for one in sorted(placed)))
    made = Network.of(
        nodes("road", *at), edges("road", *((a, b, 100.0 * km) for a, b, km in ways if a != b)), told, COSTS
    )
    found = legs(made, told).filter(pl.col("is_estimated").not_())
    over = nx.Graph()
    over.add_nodes_from(told["place_id"])
    over.add_weighted_edges_from(found.select("from_place", "to_place", "cost_usd_per_t").rows())
    graph = as_networkx(made, "cost")
    for one in told["place_id"]:
        true = nx.single_source_dijkstra_path_length(graph, made.vertex(one))
        mine = nx.single_source_dijkstra_path_length(over, one)
        for other in told["place_id"]:
            assert (other in mine) == (made.vertex(other) in true)
            if other in mine:
                assert mine[other] >= true[made.vertex(other)] - 1e-9
    for one, other, cost in found.select("from_place", "to_place", "cost_usd_per_t").iter_rows():
        nearest = min(mine for place_id in told["place_id"] if place_id != one
                      for mine in [nx.single_source_dijkstra_path_length(graph, made.vertex(one)).get(
                          made.vertex(place_id), np.inf)])  # fmt: skip
        assert cost >= nearest - 1e-9
        assert other != one


def test_modes_are_apart() -> None:
    both, ways = joined([(ROAD, WAYS), (nodes("rail", (0.0, 0.0), (4.0, 0.0)), edges("rail", (0, 1, 4 * KM)))])
    told = places(place("city:a", 0.0, 0.0), place("city:b", 2.0, 0.0), place("city:c", 4.0, 0.0))
    found = legs(Network.of(both, ways, told, COSTS), told)
    assert found.filter(pl.col("mode") == "rail").select("from_place", "to_place").rows() == [
        ("city:a", "city:c"), ("city:c", "city:a"),
    ]  # fmt: skip
    assert found.filter(pl.col("mode") == "road").height == 4
