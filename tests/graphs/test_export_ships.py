"""Places, ships and companies in exported files, read back."""

import json
from pathlib import Path

import networkx as nx
import pytest

from graphs.export import FORMATS, export, part
from graphs.export.ftm import SHARED, entity_id
from graphs.stores.base import Graph
from pipelines.policy import lint
from tests.graphs.stores.contract_graph import contract_graph
from tests.graphs.stores.contract_ships import FLOWING, TWIN

NAMES = {"graphml": "a.graphml", "gexf": "a.gexf", "ftm": "a.ftm.json", "csv": "a", "geojson": "a.geojson",
         "geoparquet": "a.parquet"}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    return contract_graph()


def entities(file: Path) -> dict[str, dict]:
    lines = file.read_text(encoding="utf-8").split("\n")
    return {one["id"]: one for one in map(json.loads, filter(None, lines))}


def test_graphml_holds_every_node_and_edge(tmp_path, graph):
    done = export(graph, tmp_path / "a.graphml")
    back = nx.read_graphml(tmp_path / "a.graphml", force_multigraph=True)
    counts = graph.counts()
    assert done.left_out == ()
    assert len(back.nodes) + len(back.edges) == sum(counts.values())
    assert back.nodes[f"Vessel:{FLOWING}"]["vessel_kind"] == "bulk_carrier"
    assert back.nodes[f"Vessel:{TWIN}"]["label"] == TWIN
    assert back.nodes["Port:port:b:1"]["label"] == ""


def test_ships_and_companies_are_entities_and_places_are_told_as_left_out(tmp_path, graph):
    done = export(graph, tmp_path / "a.ftm.json")
    found = entities(tmp_path / "a.ftm.json")
    assert len(found) == done.nodes + done.edges
    ship = found[entity_id("Vessel", FLOWING)]
    assert ship["schema"] == "Vessel"
    assert ship["properties"]["mmsi"] == ["211000001"]
    assert ship["properties"]["imoNumber"] == ["9074729"]
    assert ship["properties"]["flag"] == ["de"]
    assert found[entity_id("Vessel", TWIN)]["properties"]["name"] == [TWIN]
    assert "notes" not in found[entity_id("Vessel", "OWN.7:1")]["properties"]
    assert found[entity_id("Vessel", TWIN)]["properties"]["notes"] == [SHARED]
    assert "two ships" not in SHARED.lower(), "jamming of receivers reads alike"
    company = found[entity_id("Company", "__:TRADE")]
    assert company["properties"]["name"] == ["__:TRADE"]
    assert "country" not in company["properties"]
    bills = found[entity_id("SHIPPED_TO", "AAA:MINES>BBB:METAL:260400:2020")]["properties"]
    assert bills["description"] == ["2 bills, 1,000 kg"]
    assert bills["subject"] == [entity_id("Company", "AAA:MINES")]
    on = found[entity_id("SHIPPED_ON", f"BBB:METAL>{FLOWING}:consignee")]["properties"]
    assert (on["role"], on["object"]) == (["consignee of goods on"], [entity_id("Vessel", FLOWING)])
    left = " ".join(done.left_out)
    for what in (
        "4 Port nodes",
        "2 Airport nodes",
        "4 Place nodes",
        "Vessel-CALLED_AT-Port edges",
        "Port-LEG-Port edges",
    ):
        assert what in left
    assert not [one for one in found.values() if "topics" in one["properties"]]
    assert lint(json.dumps([one["properties"].get("notes") for one in found.values()])) == []


def test_the_followthemoney_library_takes_them_as_they_stand(tmp_path, graph):
    reason = "followthemoney is not installed: it is the extra 'ftm' and needs the headers of ICU"
    model = pytest.importorskip("followthemoney", reason=reason).model
    export(graph, tmp_path / "a.ftm.json")
    for one in entities(tmp_path / "a.ftm.json").values():
        schema = model.get(one["schema"])
        schema.validate(one)
        assert set(one["properties"]) <= set(schema.properties)


def test_places_are_points_of_a_map_and_what_is_not_drawn_is_told(tmp_path, graph):
    done = export(graph, tmp_path / "a.geojson")
    found = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    features = {one["id"]: one for one in found["features"]}
    strait = features["Place:strait:x"]
    assert strait["geometry"] == {"type": "Point", "coordinates": [12.0, 34.0]}
    assert (strait["properties"]["kind"], strait["properties"]["code"]) == ("Place", "strait:x")
    assert {"Port:port:n:1", "Airport:airport:a"} <= set(features)
    left = " ".join(done.left_out)
    assert "Port-LEG-Port edges, which are not drawn" in left
    assert "4 Vessel nodes, which have no place" in left


def test_a_part_of_the_trade_holds_no_ships(graph):
    found = part(graph, family="nickel")
    assert found.counts()["Flow"]
    late = [
        name for name in found.tables if any(one in name for one in ("Port", "Airport", "Place", "Vessel", "Company"))
    ]
    assert late == []


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_graph_makes_the_same_bytes(tmp_path, graph, kind):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        export(graph, tmp_path / folder / NAMES[kind], kind)
    files = [sorted(one for one in (tmp_path / folder).rglob("*") if one.is_file()) for folder in ("one", "two")]
    assert [one.read_bytes() for one in files[0]] == [one.read_bytes() for one in files[1]]
