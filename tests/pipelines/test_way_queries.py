"""Ways of a home: which costs count, what is avoided, which networks are missing."""

import pytest

from graphs.errors import InputError
from graphs.transport import COLUMNS, costs
from pipelines import inventory
from pipelines.analysis import Analysis
from pipelines.home import Home
from pipelines.way_queries import Asked, costs_of, ways
from tests.pipelines import moving_home


@pytest.fixture
def home(tmp_path) -> Home:
    return moving_home.make(tmp_path / "home")


def own_costs(home: Home, folder, name: str, freight: float) -> None:
    """A file of costs that a run has taken."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{','.join(COLUMNS)}\nsea,22,{freight},0,0,,,my own\n")
    home.save_analysis(Analysis(data=(str(folder),), only_data=True))
    inventory.take(home)


def test_without_a_file_the_built_in_costs_count(home):
    assert costs_of(home) == costs()


def test_a_users_costs_count_and_the_last_name_beats_the_others(home, tmp_path):
    before = ways(home, Asked("Alpha", "Beta")).sums["cost_usd_per_t"][0]
    own_costs(home, tmp_path / "data", "a.csv", 0.5)
    assert costs_of(home)["sea"].usd_per_t_km == 0.5
    assert costs_of(home)["road"] == costs()["road"]
    assert ways(home, Asked("Alpha", "Beta")).sums["cost_usd_per_t"][0] > 100 * before
    own_costs(home, tmp_path / "data", "b.csv", 0.7)
    assert costs_of(home)["sea"].usd_per_t_km == 0.7


def test_a_file_that_is_no_longer_analysed_does_not_count(home, tmp_path):
    own_costs(home, tmp_path / "data", "a.csv", 0.5)
    home.save_analysis(Analysis(only_data=True))
    assert costs_of(home) == costs()


def test_a_strait_is_avoided_by_any_of_its_names(home):
    for name in ("suez", "Suez", "Suez Canal", "EGY", "Egypt"):
        found = ways(home, Asked("Alpha", "Beta", avoid=(name,)))
        assert found.steps["passages"].list.len().sum() == 0, name
    assert ways(home, Asked("Alpha", "Beta")).steps["passages"].explode().drop_nulls().to_list() == ["suez"]


def test_a_country_that_the_network_does_not_touch_is_avoided_anyway(home):
    plain, avoiding = (ways(home, Asked("Alpha", "Beta", avoid=one)).steps for one in ((), ("Peru",)))
    assert plain.equals(avoiding)


def test_unknown_modes_are_refused(home):
    with pytest.raises(InputError, match="the modes are road, rail, river, sea, air"):
        ways(home, Asked("Alpha", "Beta", modes=("cart",)))


def test_missing_networks_are_told_and_those_that_are_there_are_not(home):
    (note,) = ways(home, Asked("Alpha", "Beta")).notes
    assert "This home knows no rail network" in note


def test_whoever_asks_for_rivers_hears_that_none_are_known(home):
    found = ways(home, Asked("Gamma", "Alpha", modes=("river",)))
    assert found.steps.is_empty()
    assert "no list of navigable ones comes with oretrace" in found.notes[0]
    assert not any("navigable" in one for one in ways(home, Asked("Gamma", "Alpha")).notes)


def test_names_are_of_places_and_straits(home):
    found = ways(home, Asked("Gamma", "Beta"))
    assert found.names["port:XBB:1"] == "Beta (XBBET)"
    assert found.names["suez"] == "Suez Canal"
    assert found.start.said == "Gamma, city in XAA"


def leg(start: str, end: str, mode: str, km: float, cost: float, **more) -> dict:
    told = {"from_place": start, "to_place": end, "mode": mode, "length_km": km, "hours": km / 20,
            "cost_usd_per_t": cost, "off_network_km": 0.0, "is_estimated": False, "crosses_border": True,
            "passages": [], "source": "legs", "known_from": moving_home.TIMELESS}  # fmt: skip
    return told | more


def test_legs_of_ones_own_are_ways_beside_the_network(home):
    before = ways(home, Asked("Alpha", "Beta")).sums["cost_usd_per_t"][0]
    there = leg("port:XAA:1", "port:XBB:1", "sea", 2000.0, 0.5)
    back = {**there, "from_place": "port:XBB:1", "to_place": "port:XAA:1", "cost_usd_per_t": 0.7}
    moving_home.put(home, "legs", [there, back, leg("port:XAA:9", "port:XBB:9", "sea", 1.0, 0.0, source="searoute")])
    for start, end in (("Alpha", "Beta"), ("Beta", "Alpha")):
        found = ways(home, Asked(start, end))
        assert found.sums["cost_usd_per_t"][0] == pytest.approx(0.6), "ways go either way: the mean of both"
        assert found.steps["source"].to_list() == ["legs"]
    assert before > 1
    assert ways(home, Asked("port:XAA:9", "port:XBB:9")).steps["source"].to_list() != ["searoute"], "only one's own"


def test_where_only_legs_are_known_they_bound_straight_lines(home):
    """As in an invented world, whose files bring legs and no network."""
    nodes, edges = (home.scan(name).collect().clear() for name in ("network_nodes", "network_edges"))
    moving_home.put(home, "network_nodes", nodes)
    moving_home.put(home, "network_edges", edges)
    legs = [leg("city:XAA:2", "port:XAA:1", "road", 600.0, 48.0), leg("port:XAA:1", "port:XBB:1", "sea", 2200.0, 6.0)]
    moving_home.put(home, "legs", legs)
    found = ways(home, Asked("Gamma", "Beta"))
    assert found.steps["mode"].to_list() == ["road", "sea"]
    assert found.sums["off_network_km"].to_list() == [0.0]
    assert "no rail network" in found.notes[0]
    near = ways(home, Asked("4.9,1.0", "Beta"))
    assert near.steps["to_place"].to_list() == ["city:XAA:2", "port:XAA:1", "port:XBB:1"]
    assert near.steps["off_network_km"][0] > 0
