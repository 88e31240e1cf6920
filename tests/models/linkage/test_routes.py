"""Ways between two ends: the best is the best there is, others differ, nothing avoided is used."""

from itertools import pairwise

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.sphere import distance_km
from graphs.transport import border, costs, friction, transfer
from models.linkage.network import COLUMN, By, Network, joined
from models.linkage.routes import SCHEMA, _Search, routes, totals
from tests.models.linkage.grounds import KM, as_networkx, edges, nodes, place, places

COSTS = costs()
# A square with a diagonal: 0 is joined to 3 by way of 1 (short), of 2 (long), and of 4, 5 (longest).
AT = [(0.0, 0.0), (1.0, 1.0), (1.0, -1.0), (2.0, 0.0), (0.5, 2.5), (1.5, 2.5)]
WAYS = [(0, 1, 160.0), (1, 3, 160.0), (0, 2, 190.0), (2, 3, 190.0), (0, 4, 290.0), (4, 5, 120.0), (5, 3, 290.0)]
TOLD = places(
    place("city:a", 0.0, 0.0, "GHA"), place("city:b", 2.0, 0.0, "GHA"), place("city:c", 1.0, -1.0, "TGO"),
    place("city:d", 1.0, 1.0, "GHA"), place("city:e", 0.5, 2.5, "GHA"), place("city:f", 1.5, 2.5, "GHA"),
)  # fmt: skip


def network() -> Network:
    return Network.of(nodes("road", *AT), edges("road", *WAYS), TOLD, COSTS)


def test_the_first_way_by_hand() -> None:
    found = routes(network(), "city:a", "city:b")
    assert found.schema == SCHEMA
    assert found["from_place"].to_list() == ["city:a"]
    assert found["to_place"].to_list() == ["city:b"]
    told = found.row(0, named=True)
    assert (told["mode"], told["off_network_km"], told["is_estimated"]) == ("road", 0.0, False)
    assert told["length_km"] == pytest.approx(320.0)
    assert told["cost_usd_per_t"] == pytest.approx(320 * 0.08)
    assert [tuple(one) for one in told["lon_lat"]][1:-1] == [(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)]
    assert told["source"] == "roads of the test; straight line"


def test_further_ways_are_told_with_their_own_cost_from_best_to_worst() -> None:
    found = totals(routes(network(), "city:a", "city:b", k=3))
    assert found["route"].to_list() == [1, 2, 3]
    # The way of 380 km crosses a border twice, which makes it dearer than the one of 700.
    assert found["length_km"].to_list() == pytest.approx([320.0, 700.0, 380.0])
    assert found["cost_usd_per_t"].is_sorted()


def test_no_way_leads_through_what_is_avoided() -> None:
    found = routes(network(), "city:a", "city:b", k=3, avoid=["TGO"])
    assert found.height
    assert all([1.0, -1.0] not in way for way in found["lon_lat"].to_list())
    with pytest.raises(InputError, match="city:c lies in TGO, which is to be avoided"):
        routes(network(), "city:a", "city:c", avoid=["TGO"])


def test_a_point_is_joined_by_a_line_off_the_network() -> None:
    found = routes(network(), (-0.1, 0.0), "city:b")
    told = found.row(0, named=True)
    assert told["from_place"] == "0.0000,-0.1000"
    assert told["off_network_km"] == pytest.approx(0.1 * KM * friction(COSTS))
    assert told["length_km"] == pytest.approx(320 + 0.1 * KM * friction(COSTS))
    assert told["is_estimated"] is False


def test_where_no_road_is_known_one_flagged_line_is_the_way() -> None:
    bare = Network.of(nodes("road"), edges("road"), TOLD, COSTS)
    told = routes(bare, "city:a", "city:b").row(0, named=True)
    assert told["is_estimated"] is True
    assert told["off_network_km"] == told["length_km"]
    assert told["length_km"] == pytest.approx(2 * KM * friction(COSTS))


def test_no_way_is_no_row() -> None:
    assert routes(network(), "city:a", (90.0, 0.0), modes=["road"]).is_empty()
    assert routes(network(), "city:a", "city:b", modes=["sea"]).is_empty()


def test_handling_and_straits_stand_in_their_own_columns() -> None:
    sea = nodes("sea", (2.0, -0.1), (9.0, -0.1))
    all_nodes, all_edges = joined(
        [(nodes("road", *AT), edges("road", *WAYS)), (sea, edges("sea", (0, 1, 7 * KM), passage="suez"))]
    )
    told = pl.concat([TOLD, places(place("port:p", 2.0, 0.0, "GHA"), place("port:q", 9.0, 0.0, "TGO"))])
    made = Network.of(all_nodes, all_edges, told, COSTS)
    found = routes(made, "city:a", "port:q", modes=["road", "sea"])
    load = transfer(COSTS, "road", "sea")
    assert found["mode"].to_list() == ["road", "transfer", "sea", "transfer"]
    assert found["step"].to_list() == [1, 2, 3, 4]
    assert found["to_place"].to_list() == ["port:p", "port:p", "port:q", "port:q"]
    assert found["lon_lat"].list.len().to_list()[1::2] == [1, 1]
    assert found["passages"].to_list() == [[], [], ["suez"], []]
    for column, fixed in (("cost_usd_per_t", load.fixed_usd_per_t), ("hours", load.fixed_hours)):
        assert found[column].to_list()[1::2] == pytest.approx([fixed, fixed])
    assert found["cost_usd_per_t"].sum() == pytest.approx(made.distances(["city:a"], ["port:q"])[0, 0])
    assert routes(made, "city:a", "port:q", modes=["road", "sea"], avoid=["suez"]).is_empty()
    assert totals(found)["modes"].to_list() == [["road", "sea"]]


def test_a_flight_that_nobody_listed_is_flagged() -> None:
    told = pl.concat([TOLD, places(place("airport:x", 0.1, 0.0, "GHA"), place("airport:y", 60.0, 0.0, "TGO"))])
    made = Network.of(nodes("road", *AT), edges("road", *WAYS), told, COSTS)
    found = routes(made, "city:a", (60.0, 0.1))
    assert found["mode"].to_list()[-3:] == ["transfer", "air", "road"]
    assert found.filter(pl.col("mode") == "air")["is_estimated"].to_list() == [True]
    assert found.filter(pl.col("mode") == "air")["source"].to_list() == ["flight that no list has"]
    listed = pl.DataFrame({"from_place": ["airport:x"], "to_place": ["airport:y"]})
    made = Network.of(nodes("road", *AT), edges("road", *WAYS), told, COSTS, listed)
    assert routes(made, "city:a", (60.0, 0.1)).filter(pl.col("mode") == "air")["is_estimated"].to_list() == [False]


@pytest.mark.parametrize(
    ("start", "end", "k", "words"),
    [
        ("city:a", "city:a", 1, "name two places"),
        ("city:a", "city:b", 0, "at least one way"),
        ("city:z", "city:b", 1, "city:z is no place"),
        ("city:a", (200.0, 0.0), 1, "lies nowhere"),
    ],
)
def test_ends_that_cannot_be_used_are_named(start: str, end: object, k: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        routes(network(), start, end, k)  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.floats(1, 900)), min_size=4, max_size=25),
    st.sampled_from(["cost", "hours", "km"]),
)
def test_the_first_way_is_the_best_and_steps_join(ways: list[tuple[int, int, float]], by: By) -> None:
    rng = np.random.default_rng(1)
    at = [(float(lon), float(lat)) for lon, lat in rng.uniform(0, 40, (9, 2))]
    told = places(*(place(f"city:{one}", *at[one]) for one in (0, 3, 8)))
    made = Network.of(nodes("road", *at), edges("road", *(way for way in ways if way[0] != way[1])), told, COSTS)
    found = routes(made, "city:0", "city:8", k=3, modes=["road"], by=by)
    graph = as_networkx(made, by)
    try:
        best = nx.dijkstra_path_length(graph, made.vertex("city:0"), made.vertex("city:8"))
    except nx.NetworkXNoPath:
        best = np.inf
    if found.is_empty():
        assert best == np.inf
        return
    sums = totals(found)
    first = sums[COLUMN[by]][0]
    assert first == pytest.approx(best)
    assert (sums[COLUMN[by]] >= first - 1e-6).all()
    for _, steps in found.group_by("route", maintain_order=True):
        assert steps["from_place"][0] == "city:0"
        assert steps["to_place"][-1] == "city:8"
        assert steps["to_place"].to_list()[:-1] == steps["from_place"].to_list()[1:]
        ends = [way for way in steps["lon_lat"].to_list() if len(way) > 1]
        assert all(one[-1] == other[0] for one, other in pairwise(ends))
    ways_taken = [frozenset(tuple(at) for way in one["lon_lat"] for at in way) for _, one in found.group_by("route")]
    assert len(set(ways_taken)) == len(ways_taken)


@settings(deadline=None)
@given(st.data())
def test_the_search_finds_what_igraph_finds(data):
    """Any graph, with parallel edges and edges that cost nothing: the same cost, along edges that meet."""
    count = data.draw(st.integers(3, 8))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda one: one[0] != one[1])
    pairs = data.draw(st.lists(ends, max_size=20))
    each = st.sampled_from([0.0, 0.5, 1.0, 2.5])
    weights = np.array(data.draw(st.lists(each, min_size=len(pairs), max_size=len(pairs))), dtype=np.float64)
    edges = pl.DataFrame(pairs, schema={"start": pl.Int64, "end": pl.Int64}, orient="row")
    bare = Network(pl.DataFrame({"place_id": [None] * count}), edges, {})
    path = _Search(bare).best(weights)
    slow = bare.graph.distances([count - 2], [count - 1], weights=weights.tolist() if len(pairs) else None)[0][0]
    if not np.isfinite(slow):
        assert path == []
        return
    assert weights[path].sum() == pytest.approx(slow)
    at = count - 2
    for edge in path:
        one, other = pairs[edge]
        assert at in (one, other)
        at = other if at == one else one
    assert at == count - 1


def test_a_point_where_no_road_is_known_gets_a_straight_line_and_no_edge_to_nowhere():
    bare = Network.of(nodes("road"), edges("road"), TOLD, COSTS)
    steps = routes(bare, (0.3, 0.3), "city:b")
    assert steps["mode"].to_list() == ["road"]
    assert steps["is_estimated"].to_list() == [True]
    assert steps["length_km"][0] == pytest.approx(friction(COSTS) * float(distance_km(0.3, 0.3, 2.0, 0.0)))
    assert steps["off_network_km"][0] == steps["length_km"][0]


def test_goods_from_a_point_are_loaded_at_a_river_too() -> None:
    """A point pays for loading as a place beside it does; the line to the bank counts as off the network."""
    river = nodes("river", (0.0, 0.0), (5.0, 0.0))
    told = places(place("port:p", 0.02, 0.0, "GHA"), place("port:q", 5.0, 0.0, "GHA"))
    made = Network.of(river, edges("river", (0, 1, 5 * KM)), told, COSTS)
    by_point = routes(made, (0.02, 0.0), "port:q", modes=["river"])
    assert by_point["mode"].to_list() == ["transfer", "river", "transfer"]
    by_place = routes(made, "port:p", "port:q", modes=["river"])
    for column in ("cost_usd_per_t", "hours", "off_network_km"):
        assert by_point[column].to_list() == pytest.approx(by_place[column].to_list())
    assert by_point["cost_usd_per_t"][0] == transfer(COSTS, "road", "river").fixed_usd_per_t


def bare(dry=None) -> Network:  # type: ignore[no-untyped-def]
    """Two countries and an island, no network."""
    told = places(
        place("city:a", 0.0, 0.0, "GHA"), place("city:b", 2.0, 0.0, "TGO"), place("city:c", 0.5, 0.0, "GHA"),
        place("city:i", 0.0, 2.0, "GHA"),
    )  # fmt: skip
    return Network.of(nodes("road"), edges("road"), told, COSTS, dry=dry)


def test_a_straight_line_pays_the_border_between_its_ends() -> None:
    rate = COSTS["off_network"]
    hours, usd = border(COSTS, "GHA", "TGO")
    for start, end, stop in (("city:a", "city:b", 1), ((0.001, 0.0), (1.999, 0.0), 1), ("city:a", "city:c", 0)):
        told = routes(bare(), start, end).row(0, named=True)
        assert told["crosses_border"] is bool(stop)
        assert told["cost_usd_per_t"] == pytest.approx(told["length_km"] * rate.usd_per_t_km + stop * usd)
        assert told["hours"] == pytest.approx(told["length_km"] / rate.km_per_hour + stop * hours)


def test_a_straight_line_into_another_country_avoids_nothing() -> None:
    """Nothing tells which countries such a line leads through."""
    told = pl.concat([TOLD, places(place("city:x", 50.0, 50.0, "POL"))])
    made = Network.of(nodes("road"), edges("road"), told, COSTS)
    assert routes(made, "city:a", "city:c").height
    assert routes(made, "city:a", "city:c", avoid=["POL"]).is_empty()
    assert routes(made, "city:a", "city:b", avoid=["POL"]).height, "both ends in Ghana"


def test_no_straight_line_leads_across_the_sea() -> None:
    def dry(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return (lat < 0.5) | (lat > 1.5)

    assert routes(bare(), "city:a", "city:i").height
    assert routes(bare(dry), "city:a", "city:i").is_empty()
    assert routes(bare(dry), (0.1, 0.1), (0.1, 1.9)).is_empty()
    assert routes(bare(dry), "city:a", "city:c").height
    road = nodes("road", (0.0, 0.0), (1.0, 0.0)), edges("road", (0, 1, 120.0))
    told = places(place("port:i", 0.0, 0.8, "GHA"), place("city:b", 1.0, 0.0, "GHA"))
    over = Network.of(*road, told, COSTS)
    assert routes(over, "port:i", "city:b").height
    within = Network.of(*road, told, COSTS, dry=lambda lon, lat: ~((lat > 0.3) & (lat < 0.7)))
    assert routes(within, "port:i", "city:b").is_empty(), "a join of 89 km leads over a sound of 44"
    assert routes(within, (0.0, 0.8), "city:b").is_empty()


def test_no_strip_without_routes_stands_for_an_airport_that_has_some() -> None:
    """The strip lies nearer to the other end, so that a flight from it would be cheaper."""
    told = pl.concat([TOLD, places(
        place("airport:main", -0.5, 0.0, "GHA"), place("airport:strip", 1.0, 0.0, "GHA"),
        place("airport:y", 60.0, 0.0, "TGO"), place("airport:z", -60.0, 0.0, "TGO"),
    )])  # fmt: skip
    listed = pl.DataFrame({"from_place": ["airport:main"], "to_place": ["airport:z"]})
    made = Network.of(nodes("road", *AT), edges("road", *WAYS), told, COSTS, listed)
    for start in ("city:a", "airport:main"):
        flight = routes(made, start, "airport:y").filter(pl.col("mode") == "air").row(0, named=True)
        assert flight["from_place"] == "airport:main"
        assert flight["is_estimated"]
    strip = routes(made, "airport:strip", "airport:y").filter(pl.col("mode") == "air").row(0, named=True)
    assert strip["from_place"] == "airport:strip", "who names a strip means it"


def flown(*more: dict[str, object]) -> Network:
    told = places(place("airport:x", 0.1, 0.0, "GHA"), place("airport:y", 60.0, 0.0, "TGO"), *more)
    return Network.of(nodes("road", *AT), edges("road", *WAYS), pl.concat([TOLD, told]), COSTS)


def test_a_line_to_an_airport_of_another_country_pays_the_border() -> None:
    near, far = ((60.0, 0.2), place("city:g", 60.0, 0.2, "GHA")), ((60.0, 0.2), place("city:t", 60.0, 0.2, "TGO"))
    lines = [routes(flown(city), "airport:x", end).filter(pl.col("mode") == "road") for end, city in (near, far)]
    assert [one["crosses_border"].to_list() for one in lines] == [[True], [False]]
    paid = lines[0]["cost_usd_per_t"].item() - lines[1]["cost_usd_per_t"].item()
    assert paid == pytest.approx(border(COSTS, "GHA", "TGO")[1])


def test_no_flight_leaves_from_a_country_to_be_avoided() -> None:
    town, other = place("city:g", 60.0, 0.11, "GHA"), place("airport:w", 60.0, 0.3, "GHA")
    for made, avoid, used in (
        (flown(town), (), ["airport:y"]),
        (flown(town), ("TGO",), []),
        (flown(town, other), ("TGO",), ["airport:w"]),
    ):
        found = routes(made, "airport:x", (60.0, 0.1), avoid=avoid)
        assert found.filter(pl.col("mode") == "air")["to_place"].to_list() == used


def over_the_border(*more: dict[str, object]) -> Network:
    """A road in Ghana, and a town of Togo without one."""
    told = places(place("city:g", 0.0, 0.0, "GHA"), place("city:h", 2.0, 0.0, "GHA"), place("city:t", 3.4, 0.0, "TGO"))
    road = nodes("road", (0.0, 0.0), (1.0, 0.0), (2.0, 0.0)), edges("road", (0, 1, 120.0), (1, 2, 120.0))
    return Network.of(*road, pl.concat([told, places(*more)]) if more else told, COSTS)


def test_a_line_to_a_road_beyond_the_border_pays_it_and_is_no_way_around_anything() -> None:
    told = routes(over_the_border(), (3.3, 0.0), "city:g")
    assert told["crosses_border"].any()
    with pytest.raises(InputError, match=r"0\.0, 3\.3 lies in or next to TGO, which is to be avoided"):
        routes(over_the_border(), (3.3, 0.0), "city:g", avoid=["TGO"])
    other = over_the_border(place("city:p", 50.0, 50.0, "POL"))
    assert routes(other, (3.3, 0.0), "city:g").height
    assert routes(other, (3.3, 0.0), "city:g", avoid=["POL"]).is_empty(), "nothing tells what the line leads through"
    assert routes(other, (1.9, 0.1), "city:g", avoid=["POL"]).height


def test_a_point_at_sea_lies_in_no_country() -> None:
    made = over_the_border()
    at_sea = Network(made.vertices, made.edges, made.costs, lambda lon, lat: np.zeros(len(lon), bool))
    assert routes(at_sea, (3.3, 0.0), "city:g", avoid=["TGO"]).is_empty()


def test_by_sea_alone_a_point_is_joined_to_a_lane_though_a_road_is_near() -> None:
    lanes, road = nodes("sea", (2.0, -0.5), (5.0, -0.5)), nodes("road", (2.0, 0.0), (2.5, 0.0))
    both = joined([(road, edges("road", (0, 1, 60.0))), (lanes, edges("sea", (0, 1, 333.0)))])
    made = Network.of(*both, places(place("port:q", 5.0, -0.4, "TGO")), COSTS)
    assert routes(made, (2.1, -0.1), "port:q", modes=["sea"])["mode"].to_list()[0] == "sea"
