"""Places, ships and companies as nodes and edges: what is kept, what a call counts for, and that every end is there."""

from dataclasses import replace

import polars as pl
import pytest

from graphs.build import TABLES, build
from graphs.build_places import NEAREST
from graphs.schema import EDGES, key_of, schema_of
from tests.graphs.questions import ship_worlds as world
from tests.graphs.questions import worlds

EMPTY = world.Moved(*([] for _ in range(10)))


def rows(table: str, **changes: list) -> list[dict]:
    moved = replace(EMPTY, **changes)
    return build(table, worlds.tidy(worlds.FLOWS, [], [], moved)).collect().to_dicts()


def ports(*sizes: str | None) -> list[dict]:
    return [world.place(f"port:{at}", f"P{at}", "XAA", at / 10, 0.0, size=size) for at, size in enumerate(sizes)]


@pytest.fixture(scope="module")
def drawn() -> dict[str, pl.DataFrame]:
    flows, produced, alerts = worlds.large_rows()
    made = worlds.tidy(flows, produced, alerts, world.large())
    return {table: build(table, made).collect() for table in TABLES}


def test_every_table_keeps_its_schema_and_every_edge_has_both_ends(drawn):
    for table, found in drawn.items():
        assert schema_of(table).is_valid(found), table
    for edge in EDGES:
        for end, label in (("start", edge.start), ("end", edge.end)):
            assert set(drawn[edge.table][end]) <= set(drawn[label][key_of(label)]), edge.table
    filled = {"Port", "Vessel", "Company", "Vessel-CALLED_AT-Port", "Port-SAILED_TO-Port", "Vessel-MET-Vessel",
              "Vessel-SILENT_NEAR-Port", "Company-SHIPPED_TO-Company", "Company-SHIPPED_ON-Vessel",
              "Company-SHIPPED_FROM-Port", "Country-SAILS_THROUGH-Place", "Port-LEG-Port"}  # fmt: skip
    assert [table for table in filled if not drawn[table].height] == []


def test_no_order_of_rows_changes_a_table(drawn):
    flows, produced, alerts = worlds.large_rows()
    made = worlds.tidy(flows, produced, alerts, world.large())
    names = ("places", "legs", "vessels", "port_calls", "voyages", "vessel_events", "companies", "manifests")
    turned = replace(made, **{name: getattr(made, name).reverse() for name in (*names, "network_edges")})
    for table in TABLES:
        if any(one in table for one in ("Port", "Airport", "Place", "Vessel", "Company")):
            assert build(table, turned).collect().equals(drawn[table]), table


def test_of_ways_by_sea_the_nearest_and_those_between_large_ports_are_kept_alike_in_both_directions():
    many = ports("Large", *[None] * (NEAREST + 1), "Large")
    last = f"port:{len(many) - 1}"
    ways = [world.leg("port:0", one["place_id"], "sea", float(at), 10.0) for at, one in enumerate(many[1:], 1)]
    kept = {(one["start"], one["end"]) for one in rows("Port-LEG-Port", places=many, legs=ways)}
    near = {f"port:{at}" for at in range(1, NEAREST + 1)}
    # The dearest way of a small port is its cheapest all the same.
    small = f"port:{NEAREST + 1}"
    assert {end for start, end in kept if start == "port:0"} == near | {small, last}
    assert {(end, start) for start, end in kept} == kept
    between = [world.leg(small, f"port:{at}", "sea", 0.1, 1.0) for at in range(1, NEAREST + 1)]
    kept = {(one["start"], one["end"]) for one in rows("Port-LEG-Port", places=many, legs=[*ways, *between])}
    assert ("port:0", small) not in kept
    assert ("port:0", last) in kept


def test_ways_between_towns_of_one_country_stay_out_and_so_do_towns_that_nothing_else_touches():
    towns = [
        world.place(f"city:{at}", "T", country, at, 1.0) for at, country in enumerate(("XAA", "XAA", "XBB", "XAA"))
    ]
    ways = [world.leg("city:0", "city:1", "road", 1.0, 1.0), world.leg("city:1", "city:2", "road", 1.0, 1.0),
            world.leg("city:3", "port:0", "rail", 1.0, 1.0)]  # fmt: skip
    made = {"places": [*towns, *ports(None)], "legs": ways}
    assert [one["place_id"] for one in rows("Place", **made)] == ["city:1", "city:2", "city:3"]
    assert [one["edge_id"] for one in rows("Place-LEG-Place", **made)] == ["city:1>city:2:road", "city:2>city:1:road"]
    assert [one["edge_id"] for one in rows("Port-LEG-Place", **made)] == ["port:0>city:3:rail"]


def test_a_place_lies_in_its_country_only_where_that_is_a_node():
    made = [
        world.place("port:0", "P", "XAA", 0, 0),
        world.place("port:1", "P", "XZZ", 1, 0),
        world.place("port:2", "P", None, 2, 0),
    ]
    assert rows("Port-LOCATED_IN-Country", places=made) == [{"start": "port:0", "end": "XAA"}]


@pytest.mark.parametrize(("lon", "port"), [(0.26, "port:0"), (0.28, None), (-0.2, "port:0")])
def test_a_call_at_an_anchorage_counts_for_a_port_within_thirty_kilometres(lon, port):
    roads = world.place("anchorage:0", "A", "XAA", lon, 0.0)
    call = world.call("1:1", "anchorage:0", world.day(2020), None)
    made = {"places": [*ports(None), roads], "vessels": [world.vessel("1:1")], "calls": [call]}
    told = [(one["end"], one["is_at_anchorage"], one["departed"]) for one in rows("Vessel-CALLED_AT-Port", **made)]
    assert told == ([(port, True, None)] if port else [])
    assert [one["track_id"] for one in rows("Vessel", **made)] == ["1:1"]


def test_a_ship_that_only_passed_by_is_no_node():
    assert rows("Vessel", vessels=[world.vessel("1:1")]) == []


def test_a_leg_of_the_same_two_places_by_two_modes_is_two_edges_and_nothing_ends_at_an_anchorage():
    made = {"places": [*ports(None, None), world.place("anchorage:0", "A", "XAA", 0.0, 0.0)],
            "legs": [world.leg("port:0", "port:1", "road", 1.0, 1.0), world.leg("port:0", "port:1", "rail", 1.0, 1.0),
                     world.leg("port:0", "anchorage:0", "sea", 1.0, 1.0)]}  # fmt: skip
    assert [one["mode"] for one in rows("Port-LEG-Port", **made)] == ["rail", "road"] * 2
