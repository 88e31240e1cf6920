"""One network of all modes: what its edges cost, what is joined to what, and what is left out on request."""

import networkx as nx
import numpy as np
import polars as pl
import pytest

from graphs.errors import InputError
from graphs.transport import costs, crossing, friction, transfer
from models.linkage.network import Network, joined, met
from tests.models.linkage.grounds import KM, as_networkx, edges, nodes, place, places

COSTS = costs()
ROAD = nodes("road", (0.0, 0.0), (1.0, 0.0), (2.0, 0.0))
WAYS = edges("road", (0, 1, KM), (1, 2, 120.0))


def test_an_edge_costs_its_length_at_the_rate_of_its_mode() -> None:
    made = Network.of(ROAD, WAYS, places(), COSTS)
    told = made.edges.row(1, named=True)
    assert told["length_km"] == 120.0
    assert told["cost_usd_per_t"] == pytest.approx(120.0 * 0.08)
    assert told["hours"] == pytest.approx(120.0 / 30)
    assert (told["off_network_km"], told["fixed_hours"], told["crosses_border"]) == (0.0, 0.0, False)


def test_no_edge_is_shorter_than_the_straight_line() -> None:
    made = Network.of(ROAD, edges("road", (0, 1, 3.0)), places(), COSTS)
    assert made.edges["length_km"][0] == pytest.approx(KM)


def test_a_place_is_joined_by_a_straight_line_off_the_network() -> None:
    made = Network.of(ROAD, WAYS, places(place("city:a", 0.0, 0.1)), COSTS)
    join = made.edges.filter(pl.col("start") == made.vertex("city:a")).row(0, named=True)
    way = 0.1 * KM * friction(COSTS)
    assert join["off_network_km"] == pytest.approx(way)
    assert join["length_km"] == pytest.approx(way)
    assert join["cost_usd_per_t"] == pytest.approx(way * 0.3)
    assert join["hours"] == pytest.approx(way / 4)


def test_a_place_too_far_away_or_of_another_kind_is_not_joined() -> None:
    made = Network.of(ROAD, WAYS, places(place("city:far", 0.0, 5.0), place("strait:x", 0.0, 0.0)), COSTS)
    assert made.edges.height == WAYS.height
    assert set(made.numbers) == {"city:far"}


def test_a_joined_row_is_no_place_of_its_own() -> None:
    told = places(place("city:a", 0.0, 0.1), place("city:b", 0.0, 0.1, same_as="city:a", same_why="same"))
    made = Network.of(ROAD, WAYS, told, COSTS)
    assert set(made.numbers) == {"city:a"}
    with pytest.raises(InputError, match="city:b is no place of this network"):
        made.vertex("city:b")


def test_a_change_of_mode_is_paid_where_it_happens() -> None:
    sea = nodes("sea", (2.0, -0.1), (9.0, -0.1))
    lanes = edges("sea", (0, 1, 7 * KM))
    all_nodes, all_edges = joined([(ROAD, WAYS), (sea, lanes)])
    told = places(place("city:a", 0.0, 0.0), place("port:p", 2.0, 0.0), place("port:q", 9.0, 0.0))
    made = Network.of(all_nodes, all_edges, told, COSTS)
    (cost,) = made.distances(["city:a"], ["port:q"])[0]
    load = transfer(COSTS, "road", "sea")
    sailed = 7 * KM + 2 * 0.1 * KM
    assert cost == pytest.approx((KM + 120) * 0.08 + sailed * 0.0025 + 2 * load.fixed_usd_per_t, rel=1e-6)


def test_a_border_takes_the_mean_of_both_directions() -> None:
    here = nodes("road", (0.0, 0.0), country="GHA")
    there = nodes("road", (1.0, 0.0), country="TGO")
    both, none = joined([(here, edges("road")), (there, edges("road"))])
    made = Network.of(both, edges("road", (0, 1, KM)), places(), COSTS)
    told = made.edges.row(0, named=True)
    out, back = crossing(COSTS, "GHA", "TGO"), crossing(COSTS, "TGO", "GHA")
    assert none.is_empty()
    assert told["crosses_border"] is True
    assert told["hours"] == pytest.approx(KM / 30 + (out.fixed_hours + back.fixed_hours) / 2)
    assert told["cost_usd_per_t"] == pytest.approx(KM * 0.08 + 30)


def test_a_node_without_country_has_that_of_the_nearest_city_and_one_at_sea_has_none() -> None:
    both, ways = joined([(ROAD, WAYS), (nodes("sea", (1.0, 0.0)), edges("sea"))])
    told = places(place("city:a", 0.0, 0.2, "GHA"), place("city:b", 2.0, 0.2, "TGO"), place("port:p", 1.0, 0.0, "BEN"))
    made = Network.of(both, ways, told, COSTS)
    assert made.vertices["country"][:4].to_list()[0] == "GHA"
    assert made.vertices["country"][:4].to_list()[2:] == ["TGO", None]


def test_listed_routes_are_great_circles_with_handling() -> None:
    told = places(place("airport:iata:AAA", 0.0, 0.0), place("airport:iata:BBB", 10.0, 0.0))
    listed = pl.DataFrame({"from_place": ["airport:iata:BBB", "airport:iata:AAA", "airport:iata:AAA"],
                           "to_place": ["airport:iata:AAA", "airport:iata:BBB", "airport:iata:CCC"]})  # fmt: skip
    made = Network.of(ROAD.clear(), WAYS.clear(), told, COSTS, listed)
    assert made.edges["mode"].to_list() == ["air"]
    assert made.edges["cost_usd_per_t"][0] == pytest.approx(10 * KM * 0.6 + 100)


def test_avoided_countries_straits_and_other_modes_are_left_out() -> None:
    sea = nodes("sea", (0.0, -1.0), (1.0, -1.0))
    both, ways = joined([(ROAD, WAYS), (sea, edges("sea", (0, 1, KM), passage="suez"))])
    told = places(place("city:a", 0.0, 0.2, "GHA"), place("city:b", 2.0, 0.2, "TGO"))
    made = Network.of(both, ways, told, COSTS)
    assert set(made.only(["sea"]).edges["mode"]) == {"sea"}
    assert made.only(avoid=["suez"]).edges.filter(pl.col("mode") == "sea").is_empty()
    left = made.only(avoid=["TGO"])
    inside = {at for at, country in enumerate(made.vertices["country"]) if country == "TGO"}
    assert inside
    assert not inside & {*left.edges["start"], *left.edges["end"]}
    assert set(left.edges["mode"]) == {"road", "sea"}
    with pytest.raises(InputError, match="XYZ is no country of this network and no strait of it \\(suez\\)"):
        made.only(avoid=["XYZ"])
    with pytest.raises(InputError, match="mode 'camel' is unknown"):
        made.only(["camel"])


def test_an_edge_to_a_node_that_is_not_listed_is_an_error() -> None:
    with pytest.raises(InputError, match="edge from node 0 to 9"):
        Network.of(ROAD, edges("road", (0, 9, 1.0)), places(), COSTS)


@pytest.mark.parametrize("by", ["cost", "hours", "km"])
def test_distances_are_those_of_networkx(by: str) -> None:
    rng = np.random.default_rng(3)
    points = [(float(lon), float(lat)) for lon, lat in rng.uniform(0, 3, (30, 2))]
    pairs = {tuple(sorted(rng.choice(30, 2, replace=False).tolist())) for _ in range(60)}
    told = places(*(place(f"city:{at}", *points[at]) for at in range(0, 30, 5)))
    made = Network.of(nodes("road", *points), edges("road", *((a, b, 500.0) for a, b in sorted(pairs))), told, COSTS)
    ids = sorted(made.numbers)
    found = made.distances(ids, [*ids, ids[0]], by)  # type: ignore[arg-type]
    graph = as_networkx(made, by)  # type: ignore[arg-type]
    for row, one in enumerate(ids):
        reached = nx.single_source_dijkstra_path_length(graph, made.vertex(one))
        for column, other in enumerate([*ids, ids[0]]):
            assert found[row, column] == pytest.approx(reached.get(made.vertex(other), np.inf))
    assert np.array_equal(found[:, 0], found[:, -1])


def test_networks_of_one_mode_meet_where_both_hold_a_point() -> None:
    """Extracts of two countries: the end of a road stands in both, and so does a road along the border."""
    parts = [
        (nodes("road", (0.0, 0.0), (1.0, 0.0)), edges("road", (0, 1, 120.0))),
        (nodes("road", (2.0, 0.0), (1.0, 0.0), (0.0, 0.0)), edges("road", (0, 1, 130.0), (1, 2, 120.0))),
        (nodes("river", (1.0, 0.0), (3.0, 0.0)), edges("river", (0, 1, 230.0))),
    ]
    all_nodes, all_edges = met(*joined(parts))
    assert all_nodes.select("node", "lon", "mode").rows() == [
        (0, 0.0, "road"), (1, 1.0, "road"), (2, 2.0, "road"), (3, 1.0, "river"), (4, 3.0, "river"),
    ]  # fmt: skip
    assert all_edges.select("start", "end", "length_km").rows() == [(0, 1, 120.0), (1, 2, 130.0), (3, 4, 230.0)]
    once = joined(parts[:1])
    assert all(one.equals(other) for one, other in zip(met(*once), once, strict=True)), "alone it stays as it is"
    assert [one.height for one in met(*joined([]))] == [0, 0]


def test_a_river_that_is_the_border_pays_none_at_its_bends() -> None:
    bank = pl.concat([nodes("river", (0.0, 0.0), country="COD"), nodes("river", (1.0, 0.0), country="COG")])
    bank = bank.with_columns(node=pl.Series([0, 1], dtype=pl.UInt32))
    made = Network.of(bank, edges("river", (0, 1, 120.0)), places(), COSTS)
    (edge,) = made.edges.iter_rows(named=True)
    assert edge["crosses_border"]
    assert edge["cost_usd_per_t"] == pytest.approx(120 * COSTS["river"].usd_per_t_km)
    over_land = bank.with_columns(mode=pl.lit("road"))
    (edge,) = Network.of(over_land, edges("road", (0, 1, 120.0)), places(), COSTS).edges.iter_rows(named=True)
    assert edge["cost_usd_per_t"] > 120 * COSTS["road"].usd_per_t_km + 20


def test_a_short_river_of_few_points_is_no_scrap() -> None:
    """One file, two basins: 60 km of river in one edge beside a long one of many points; a pond of 2 km is left out."""
    line = [(0.01 * at, 10.0) for at in range(150)]
    at = [*line, (5.0, 0.0), (5.5, 0.0), (9.0, 0.0), (9.02, 0.0)]
    long = [(one, one + 1, 1.2) for one in range(149)]
    made = Network.of(nodes("river", *at), edges("river", *long, (150, 151, 60.0), (152, 153, 2.3)), places(), COSTS)
    assert made.usable("river").tolist() == [True] * 152 + [False] * 2
    roads = Network.of(nodes("road", *at), edges("road", *long, (150, 151, 60.0)), places(), COSTS)
    assert not roads.usable("road")[150]
