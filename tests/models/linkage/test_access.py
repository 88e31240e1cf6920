"""Costs from all points to all exits at once are those of one search after the other."""

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.sphere import distance_km
from graphs.transport import costs, friction, transfer
from models.linkage import access as module
from models.linkage.access import access
from models.linkage.network import COLUMN, By, Network
from models.linkage.snapping import STRAIGHT_KM
from tests.models.linkage.grounds import KM, as_networkx, edges, nodes, place, places

COSTS = costs()
ROAD = nodes("road", (0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0))
WAYS = edges("road", (0, 1, KM), (1, 2, KM), (2, 3, KM))
SCHEMA = {"lon": pl.Float64, "lat": pl.Float64}


def points(*at: tuple[float, float]) -> pl.DataFrame:
    return pl.DataFrame(at, schema=SCHEMA, orient="row")


def slow(network: Network, asked: pl.DataFrame, exits: pl.DataFrame, by: By) -> np.ndarray:
    """One search per point in networkx: lines to the nearest node, or one straight line."""
    graph = as_networkx(network.only(["road", "rail", "river"]), by)
    at = np.flatnonzero((network.vertices["mode"] == "road").fill_null(False).to_numpy())
    lon, lat = network.positions()
    per_km = {"cost": 0.3, "hours": 0.25, "km": 1.0}[by] * friction(COSTS)
    listed = exits.sort("place_id")
    found = np.full((asked.height, listed.height), np.inf)
    for row, point in enumerate(asked.iter_rows()):
        apart = distance_km(*point, lon[at], lat[at])
        reached = nx.single_source_dijkstra_path_length(graph, int(at[apart.argmin()]))
        for column, end in enumerate(listed.iter_rows(named=True)):
            there = distance_km(end["lon"], end["lat"], lon[at], lat[at])
            over = reached.get(int(at[there.argmin()]), np.inf) + (apart.min() + there.min()) * per_km
            alone = float(distance_km(*point, end["lon"], end["lat"]))
            best = min(over if max(apart.min(), there.min()) <= STRAIGHT_KM else np.inf,
                       alone * per_km if alone <= STRAIGHT_KM else np.inf)  # fmt: skip
            load = transfer(COSTS, "road", {"port": "sea", "airport": "air"}[end["kind"]])
            found[row, column] = best + {"cost": load.fixed_usd_per_t, "hours": load.fixed_hours, "km": 0.0}[by]
    return found


@given(
    st.lists(st.tuples(st.floats(-2, 5), st.floats(-3, 3)), min_size=1, max_size=6),
    st.lists(st.tuples(st.floats(-2, 5), st.floats(-3, 3), st.booleans()), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0, 400)), max_size=14),
    st.sampled_from(["cost", "hours", "km"]),
)
def test_all_at_once_is_one_after_the_other(
    asked: list[tuple[float, float]], ends: list[tuple[float, float, bool]],
    ways: list[tuple[int, int, float]], by: By,
) -> None:  # fmt: skip
    told = places(
        *(place(f"{'port' if is_port else 'airport'}:{at}", lon, lat) for at, (lon, lat, is_port) in enumerate(ends))
    )
    at = [(lon, lat) for lon in (0.0, 1.0, 2.0, 3.0) for lat in (0.1, 0.8)]
    made = Network.of(nodes("road", *at), edges("road", *(way for way in ways if way[0] != way[1])), told, COSTS)
    if made.only(["road"]).edges.is_empty():
        return
    # The search among nodes that lie in the largest piece: the slow one looks at all, so joins must be the same.
    used = {*made.edges["start"], *made.edges["end"]}
    if module._Core.of(made.only(["road"]), np.ones(made.vertices.height, np.bool_), by).allowed.sum() < 8:
        assert used  # nodes in scraps are left out: another test
        return
    # Of two nodes that lie as near as each other either may be taken.
    lon, lat = (np.array(one) for one in zip(*at, strict=True))
    for here in (*asked, *((east, north) for east, north, _ in ends)):
        near = np.sort(distance_km(*here, lon, lat))
        assume(near[1] - near[0] > 1e-6)
    found = access(made, points(*asked), told, by)
    mine = {"cost": found.cost, "hours": found.hours, "km": found.length_km}[by]
    assert mine == pytest.approx(slow(made, points(*asked), told, by), rel=1e-5, abs=1e-3)


def test_a_way_by_hand() -> None:
    told = places(place("port:p", 3.0, 0.0))
    made = Network.of(ROAD, WAYS, told, COSTS)
    found = access(made, points((0.0, 0.5)), told)
    line = 0.5 * KM * friction(COSTS)
    load = transfer(COSTS, "road", "sea")
    assert found.exit == ("port:p",)
    assert found.cost[0, 0] == pytest.approx(line * 0.3 + 3 * KM * 0.08 + load.fixed_usd_per_t, rel=1e-5)
    assert found.hours[0, 0] == pytest.approx(line / 4 + 3 * KM / 30 + load.fixed_hours, rel=1e-5)
    assert found.length_km[0, 0] == pytest.approx(line + 3 * KM, rel=1e-5)
    assert found.off_km[0, 0] == pytest.approx(line, rel=1e-5)
    assert found.snapped_km[0] == pytest.approx(0.5 * KM, rel=1e-5)
    best = found.best().row(0, named=True)
    assert best["exit"] == "port:p"
    assert best["off_share"] == pytest.approx(line / (line + 3 * KM), rel=1e-5)


def test_a_straight_line_counts_alone_where_it_is_cheaper() -> None:
    told = places(place("port:p", 0.1, 2.0))
    found = access(Network.of(ROAD, WAYS, told, COSTS), points((0.0, 2.0)), told)
    assert found.length_km[0, 0] == found.off_km[0, 0]
    assert found.off_km[0, 0] == pytest.approx(0.1 * KM * friction(COSTS), rel=1e-3)


def test_what_has_no_way_is_infinite_and_never_zero() -> None:
    told = places(place("port:p", 0.0, 0.0), place("port:q", 40.0, 0.0))
    found = access(Network.of(ROAD, WAYS, told, COSTS), points((0.0, 0.0)), told)
    assert np.isfinite(found.cost).tolist() == [[True, False]]
    assert np.isinf([found.hours[0, 1], found.length_km[0, 1], found.off_km[0, 1]]).all()
    alone = access(Network.of(ROAD, WAYS, told, COSTS), points((0.0, 0.0)), told.filter(pl.col("place_id") == "port:q"))
    assert alone.best().row(0) == (None, None, None, None, None, None)


def test_without_any_network_all_is_a_straight_line_however_far() -> None:
    told = places(place("port:p", 20.0, 0.0))
    found = access(Network.of(ROAD.clear(), WAYS.clear(), told, COSTS), points((0.0, 0.0)), told)
    assert found.off_km[0, 0] == pytest.approx(20 * KM * friction(COSTS), rel=1e-4)
    assert found.length_km[0, 0] == found.off_km[0, 0]
    assert found.snapped_km.tolist() == [np.inf]


def test_nearest_scrap_of_road_is_passed_over() -> None:
    long = [(at / 100, 0.0) for at in range(120)]
    scrap = [(0.0, 1.0), (0.01, 1.0)]
    ways = [(at, at + 1, KM / 100) for at in range(119)] + [(120, 121, KM / 100)]
    told = places(place("port:p", 1.19, 0.0))
    found = access(
        Network.of(nodes("road", *long, *scrap), edges("road", *ways), told, COSTS), points((0.0, 0.9)), told
    )
    assert found.snapped_km[0] == pytest.approx(0.9 * KM, rel=1e-4)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = places(place("port:p", 3.0, 0.0), place("airport:a", 1.0, 0.2))
    asked = points(*((at / 7, at / 5) for at in range(7)))
    made = Network.of(ROAD, WAYS, told, COSTS)
    whole = access(made, asked, told)
    monkeypatch.setattr(module, "BLOCK", 2)
    cut = access(made, asked, told)
    assert np.array_equal(whole.cost, cut.cost)
    assert np.array_equal(whole.off_km, cut.off_km)


def test_the_cheapest_way_costs_no_more_than_the_fastest_and_takes_no_less_time() -> None:
    detour = [(0.0, 0.0), (1.0, 0.5), (2.0, 0.0)]
    told = places(place("port:p", 2.0, 0.0), place("city:a", 0.0, 0.0), place("city:b", 2.0, 0.1))
    both = nodes("road", *detour), edges("road", (0, 1, 150.0), (1, 2, 150.0))
    made = Network.of(*both, told, COSTS)
    ends = told.filter(pl.col("kind") == "port")
    cheap, fast = (access(made, points((0.0, 0.0)), ends, by) for by in ("cost", "hours"))  # type: ignore[arg-type]
    assert cheap.cost[0, 0] <= fast.cost[0, 0]
    assert fast.hours[0, 0] <= cheap.hours[0, 0]
    assert set(COLUMN) == {"cost", "hours", "km"}


def test_a_point_beyond_the_globe_is_named() -> None:
    told = places(place("port:p", 3.0, 0.0))
    with pytest.raises(InputError, match=r"point 2 lies at 95\.0, 0\.0"):
        access(Network.of(ROAD, WAYS, told, COSTS), points((0.0, 0.0), (0.0, 95.0)), told)


def test_points_are_independent_of_each_other_and_of_their_order() -> None:
    told = places(place("port:p", 3.0, 0.0))
    made = Network.of(ROAD, WAYS, told, COSTS)
    asked = points((0.2, 0.3), (1.4, -0.2), (0.2, 0.3))
    found = access(made, asked, told).cost[:, 0]
    assert found[0] == found[2]
    assert access(made, asked.reverse(), told).cost[::-1, 0].tolist() == found.tolist()
