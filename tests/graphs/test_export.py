"""Every format is written from a hostile graph and read back by other people's libraries."""

import csv
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError, UnknownCode
from graphs.export import FORMATS, export, format_of, part, unguarded
from graphs.export.content import REPLACEMENT, UNPRINTABLE
from graphs.export.ftm import entity_id
from graphs.export.geo import line
from graphs.export.publish import aside
from graphs.stores.base import Graph
from pipelines.policy import lint
from tests.conftest import REPOSITORY
from tests.graphs.ego_rows import HOSTILE, country, edge, flow, frame, graph

NODES, EDGES = 12 + 1 + 1 + 1 + 1 + 4 + 1 + 1, 6 + 1 + 4 + 3 + 1 + 4 + 1 + 1 + 1 + 1
NODE_KINDS = ("Country", "Residual", "Family", "Commodity", "Flow", "Alert", "Ban")
NAMES = {"graphml": "a.graphml", "gexf": "a.gexf", "ftm": "a.ftm.json", "csv": "a", "geojson": "a.geojson",
         "geoparquet": "a.parquet"}  # fmt: skip


def plain(text: str) -> str:
    """What a text file keeps of a text."""
    return UNPRINTABLE.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def told(target: Path) -> dict:
    return json.loads(target.with_name(f"{target.name}.about.json").read_text(encoding="utf-8"))


def test_graphml_comes_back_whole_in_networkx_and_igraph(tmp_path):
    import igraph

    done = export(graph(), tmp_path / "a.graphml")
    assert (done.nodes, done.edges, done.left_out) == (NODES, EDGES, ())
    back = nx.read_graphml(tmp_path / "a.graphml", force_multigraph=True)
    assert (len(back.nodes), len(back.edges)) == (NODES, EDGES)
    assert [back.nodes[f"Country:C{at:02}"]["name"] for at in range(12)] == [plain(one) for one in HOSTILE]
    parallel = back["Country:C00"]["Country:C01"]
    assert parallel["EXPORTS_TO:baci:C00:C01:gold:2021"]["year"] == 2021
    assert parallel["EXPORTS_TO:baci:C00:C01:gold:2021"]["value_usd"] == 3.0
    assert "mass_kg" not in parallel["EXPORTS_TO:baci:C00:C01:gold:2020"]
    silent = back.nodes["Flow:comtrade:C00:C01:710812:2020"]
    assert silent["importer_reported"] is False
    assert "import_value_usd" not in silent
    other = igraph.Graph.Read_GraphML(str(tmp_path / "a.graphml"))
    assert (other.vcount(), other.ecount(), other.is_directed()) == (NODES, EDGES, True)
    assert [one for one in other.vs["name"] if one].count(plain(HOSTILE[2])) == 1
    assert sum(other.is_loop()) == 1


def test_gexf_comes_back_whole_and_as_gephi_reads_it(tmp_path):
    export(graph(), tmp_path / "a.gexf")
    back = nx.read_gexf(tmp_path / "a.gexf")
    assert (len(back.nodes), len(back.edges)) == (NODES, EDGES)
    assert [back.nodes[f"Country:C{at:02}"]["label"] for at in range(12)] == [plain(one) for one in HOSTILE]
    root = ET.parse(tmp_path / "a.gexf").getroot()
    space = {"g": "http://www.gexf.net/1.2draft"}
    assert (root.tag, root.get("version")) == ("{http://www.gexf.net/1.2draft}gexf", "1.2")
    drawn = root.find("g:graph", space)
    assert drawn.get("defaultedgetype") == "directed"
    ids = [one.get("id") for one in drawn.iterfind("g:nodes/g:node", space)]
    assert len(set(ids)) == NODES
    links = list(drawn.iterfind("g:edges/g:edge", space))
    assert len({one.get("id") for one in links}) == EDGES
    assert all({one.get("source"), one.get("target")} <= set(ids) for one in links)
    for kind, items in (("node", "g:nodes/g:node"), ("edge", "g:edges/g:edge")):
        declared = {one.get("id"): one.get("type")
                    for one in drawn.iterfind(f"g:attributes[@class='{kind}']/g:attribute", space)}  # fmt: skip
        assert set(declared.values()) <= {"string", "integer", "long", "float", "double", "boolean"}
        used = {one.get("for") for one in drawn.iterfind(f"{items}/g:attvalues/g:attvalue", space)}
        assert used == set(declared)


def test_csv_comes_back_whole_in_polars_and_no_cell_is_a_formula(tmp_path):
    done = export(graph(), tmp_path / "a", "csv")
    assert (done.nodes, done.edges) == (NODES, EDGES)
    nodes = pl.read_csv(tmp_path / "a" / "nodes.csv", empty_string_is_null=False, infer_schema_length=None)
    names = nodes.filter(pl.col("kind") == "Country", pl.col("id") != "Country:NOP")["name"]
    assert [unguarded(one) if one[0] == "'" else one for one in names] == [plain(one) for one in HOSTILE]
    flows = nodes.filter(pl.col("kind") == "Flow").sort("id")
    assert flows["import_value_usd"].to_list() == [None, None, None, 7.5]
    assert flows["importer_reported"].to_list() == [None, None, False, True]
    edges = pl.read_csv(tmp_path / "a" / "edges.csv")
    assert set(edges["start"]) | set(edges["end"]) <= set(nodes["id"])
    for name in ("nodes.csv", "edges.csv"):
        with (tmp_path / "a" / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        cells = [cell for row in rows for cell in row if cell and not is_number(cell)]
        assert [cell for cell in cells if cell[0] in "=+-@\t\r"] == []
    assert any("apostrophe" in one for one in told(tmp_path / "a")["changed"])


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


FORMULAS = [
    "=1",
    " =1",
    "\u00a0+1",
    "\u200b-1",
    "\ufeff@a",
    "\u2028 \u200d\uff1d1",
    "\n=1",
    "  \t=1",
    "'x",
    "'=1",
    "\tx",
]
PLAIN = [" x", "x =1", "\u200bx", " 'x", "a@b", "\ufeff"]


def test_what_a_spreadsheet_runs_after_white_space_is_guarded_and_comes_back(tmp_path):
    rows = [country(f"{at:03}", name=name) for at, name in enumerate([*FORMULAS, *PLAIN])]
    done = export(Graph("s", {"Country": frame("Country", *rows)}), tmp_path / "a", "csv")
    with (tmp_path / "a" / "nodes.csv").open(encoding="utf-8-sig", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]
    assert names == [*(f"'{one}" for one in FORMULAS), *PLAIN]
    assert [unguarded(one) for one in names] == [*FORMULAS, *PLAIN]
    assert any(one.startswith(f"{2 * len(FORMULAS)} texts that a spreadsheet would run") for one in done.changed)


@pytest.mark.parametrize("kind", ["graphml", "gexf", "csv"])
def test_a_property_called_kind_is_told_apart_from_the_kind_of_the_node(tmp_path, kind):
    export(graph(), tmp_path / NAMES[kind], kind)
    if kind == "csv":
        rows = pl.read_csv(tmp_path / "a" / "nodes.csv").rows(named=True)
        found = {row["id"]: row for row in rows}
    else:
        found = (nx.read_graphml if kind == "graphml" else nx.read_gexf)(tmp_path / NAMES[kind]).nodes
    area = found["Residual:_X"]
    assert (area["kind"], area["residual_kind"]) == ("Residual", "residual")
    assert {found[name]["kind"] for name in found} == set(NODE_KINDS)


def test_an_empty_text_is_not_null_in_csv(tmp_path):
    found = Graph("s", {"Country": frame("Country", {"code": "AAA", "name": ""}, country("BBB"))})
    export(found, tmp_path / "a", "csv")
    lines = (tmp_path / "a" / "nodes.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == [
        "id,label,kind,code,name,lon,lat",
        'Country:AAA,"",Country,AAA,"",,',
        "Country:BBB,Land BBB,Country,BBB,Land BBB,,",
    ]


def test_geojson_holds_points_and_lines_and_names_what_has_no_place(tmp_path):
    done = export(graph(), tmp_path / "a.geojson")
    found = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    features = {one["id"]: one for one in found["features"]}
    assert [features[f"Country:C{at:02}"]["properties"]["label"] for at in range(12)] == list(HOSTILE)
    assert features["Country:C01"]["geometry"] == {"type": "Point", "coordinates": [-140.0, 10.0]}
    line_ = features["EXPORTS_TO:baci:C00:C01:gold:2020"]
    assert line_["geometry"] == {"type": "LineString", "coordinates": [[-170.0, 10.0], [-140.0, 10.0]]}
    assert "mass_kg" not in line_["properties"]
    assert features["EXPORTS_TO:baci:C00:C11:gold:2020"]["geometry"]["type"] == "MultiLineString"
    assert (done.nodes, done.edges) == (12, 4)
    left = " ".join(done.left_out)
    assert "2 areas without a place: No place (NOP), =cmd" in left
    assert "2 trade edges from or to an area without a place" in left
    assert "1 trade edges that begin and end in one place" in left
    assert "4 Flow nodes, which have no place" in left
    assert "capital, which is not where goods are" in " ".join(told(tmp_path / "a.geojson")["caveats"])


def test_geoparquet_is_read_as_such(tmp_path):
    shapely = pytest.importorskip("shapely")
    export(graph(), tmp_path / "a.parquet")
    geo = json.loads(pl.read_parquet_metadata(tmp_path / "a.parquet")["geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["bbox"]) == ("WKB", [-180.0, 10.0, 180.0, 10.0])
    assert column["geometry_types"] == ["LineString", "MultiLineString", "Point"]
    rows = pl.read_parquet(tmp_path / "a.parquet")
    assert rows.filter(pl.col("kind") == "Country")["label"].to_list() == list(HOSTILE)
    shapes = dict(zip(rows["id"], shapely.from_wkb(rows["geometry"].to_list()), strict=True))
    assert shapes["Country:C01"].coords[0] == (-140.0, 10.0)
    assert rows.filter(pl.col("id") == "EXPORTS_TO:baci:C01:C00:gold:2020")["value_usd"].to_list() == [None]


def test_geopandas_reads_the_geoparquet(tmp_path):
    geopandas = pytest.importorskip("geopandas", reason="geopandas is not installed")
    export(graph(), tmp_path / "a.parquet")
    found = geopandas.read_parquet(tmp_path / "a.parquet")
    assert found.crs.to_string() == "OGC:CRS84"
    assert len(found) == 16
    assert found.geometry.is_valid.all()


def test_followthemoney_entities_name_territories_activities_and_links(tmp_path):
    done = export(graph(), tmp_path / "a.ftm.json")
    found = entities(tmp_path / "a.ftm.json")
    assert len(found) == done.nodes + done.edges == len({one["id"] for one in found})
    by_id = {one["id"]: one for one in found}
    assert by_id[entity_id("Country", "C00")]["properties"]["name"] == ['O\'Brien "Ltd"']
    silent = by_id[entity_id("Flow", "comtrade:C00:C01:710812:2020")]["properties"]
    assert silent["description"] == [
        "Exporter C00 declares 5 USD, kg not known",
        "Importer C01: did not report",
        "Reconciled: 5 USD, kg not known",
    ]
    trade = by_id[entity_id("EXPORTS_TO", "baci:C00:C01:gold:2021")]
    assert trade["schema"] == "UnknownLink"
    assert trade["properties"]["subject"] == [entity_id("Country", "C00")]
    assert not [one for one in found if "topics" in one["properties"]]
    assert done.left_out[0] == "1 Commodity nodes: FollowTheMoney has no schema for them"


def test_the_followthemoney_library_takes_every_entity_as_it_stands(tmp_path):
    reason = "followthemoney is not installed: it is the extra 'ftm' and needs the headers of ICU"
    model = pytest.importorskip("followthemoney", reason=reason).model
    known = country("IDN", "Indonesia"), country("CHN", "China")
    trade = frame("Country-EXPORTS_TO-Country", edge("IDN", "CHN", 2020, 1.0, 1.0))
    small = Graph("s", {"Country": frame("Country", *known), "Flow": frame("Flow", flow("IDN", "CHN")),
                        "Country-EXPORTS_TO-Country": trade})  # fmt: skip
    export(small, tmp_path / "b.ftm.json")
    export(graph(), tmp_path / "a.ftm.json")
    found = entities(tmp_path / "b.ftm.json")
    assert [one["properties"].get("country") for one in found] == [["id"], ["cn"], None, None]
    for one in found:
        cleaned = model.get_proxy(one, cleaned=False).to_dict()
        assert {key: sorted(texts) for key, texts in cleaned["properties"].items()} == {
            key: sorted(texts) for key, texts in one["properties"].items()
        }
    ids = {one["id"] for one in entities(tmp_path / "a.ftm.json")}
    for one in [*found, *entities(tmp_path / "a.ftm.json")]:
        schema = model.get(one["schema"])
        schema.validate(one)
        assert set(one["properties"]) <= set(schema.properties)
        proxy = model.get_proxy(one, cleaned=False)
        assert proxy.caption
        if one["id"] in ids:
            linked = [to for name, to in proxy.itervalues() if name.type.name == "entity"]
            assert set(linked) <= ids


def entities(file: Path) -> list[dict]:
    return [json.loads(one) for one in file.read_text(encoding="utf-8").split("\n") if one]


@pytest.mark.parametrize("kind", FORMATS)
def test_beside_every_file_lies_what_it_is_and_is_not(tmp_path, kind):
    target = tmp_path / NAMES[kind]
    done = export(graph(), target, kind)
    about = told(target)
    assert done.files == (target, target.with_name(f"{target.name}.about.json"))
    assert {key: about[key] for key in ("sources", "licences", "citation", "as_of", "snapshot")} == {
        "sources": "made up", "licences": "none", "citation": "a test", "as_of": "2025-12-31",
        "snapshot": "0123456789abcdef",
    }  # fmt: skip
    assert about["claim_levels"]["2"].startswith("candidate")
    assert (about["nodes"]["Country"], about["edges"]["Country-EXPORTS_TO-Country"]) == (13, 6)
    assert (about["left_out"], about["changed"]) == (list(done.left_out), list(done.changed))
    assert lint(json.dumps(about)) == []
    if kind in ("graphml", "gexf", "csv"):
        assert f"6 control characters, written as {REPLACEMENT}" in done.changed  # as name and as label


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_graph_makes_the_same_bytes(tmp_path, kind):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        export(graph(), tmp_path / folder / NAMES[kind], kind)
    files = [sorted(one for one in (tmp_path / folder).rglob("*") if one.is_file()) for folder in ("one", "two")]
    assert [one.read_bytes() for one in files[0]] == [one.read_bytes() for one in files[1]]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_failure_leaves_what_was_there(tmp_path, kind):
    target = tmp_path / NAMES[kind]
    export(graph(), target, kind)
    before = contents(tmp_path)
    broken = dict(graph().tables) | {"Country": graph().tables["Country"].drop("name")}
    with pytest.raises(KeyError, match="name"):
        export(Graph("other", broken), target, kind)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_replaces_an_earlier_one_whole(tmp_path, kind):
    target = tmp_path / NAMES[kind]
    small = Graph("small", {"Country": frame("Country", country("AAA", lon=1.0, lat=2.0))})
    export(small, target, kind)
    alone = contents(tmp_path)
    export(graph(), target, kind)
    export(small, target, kind)
    assert contents(tmp_path) == alone


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_rename_that_fails_brings_back_the_file_and_its_note(tmp_path, monkeypatch, kind, is_there):
    target = tmp_path / NAMES[kind]
    if is_there:
        export(Graph("small", {"Country": frame("Country", country("AAA", lon=1.0, lat=2.0))}), target, kind)
    before = contents(tmp_path)
    replace = Path.replace

    def refused(one: Path, other: Path) -> Path:
        if other == target:
            raise OSError(28, "No space left on device")
        return replace(one, other)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OSError, match="No space left"):
        export(graph(), target, kind)
    assert contents(tmp_path) == before
    assert all(one.name in (target.name, f"{target.name}.about.json") for one in tmp_path.iterdir())


def test_leftovers_of_killed_exports_are_removed_and_others_stay(tmp_path):
    target = tmp_path / "a.graphml"
    script = (
        "import os, signal, sys; from pathlib import Path; from graphs.export.publish import aside\n"
        "with aside(Path(sys.argv[1])) as folder: (folder / 'x').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(target)], cwd=REPOSITORY, check=False)
    (dead,) = tmp_path.iterdir()
    (tmp_path / ".b.graphml.x.tmp").mkdir()
    export(graph(), target)
    assert dead.exists()  # young: it may be one that is not held yet
    with aside(target) as alive:
        for one in (dead, alive, tmp_path / ".b.graphml.x.tmp"):
            os.utime(one, (0, 0))
        export(graph(), target)
        assert (dead.exists(), alive.exists()) == (False, True)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".b.graphml.x.tmp", "a.graphml", "a.graphml.about.json"]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_graph_is_an_empty_file(tmp_path, kind):
    done = export(Graph("none", {}), tmp_path / NAMES[kind], kind)
    assert (done.nodes, done.edges, done.left_out) == (0, 0, ())
    assert done.files[0].exists()


def test_edges_without_an_end_are_left_out_and_counted(tmp_path):
    rows = frame("Country-EXPORTS_TO-Country", edge("AAA", "BBB", 2020, 1.0, 1.0), edge("AAA", "AAA", 2020, 1.0, 1.0))
    found = Graph("s", {"Country": frame("Country", country("AAA")), "Country-EXPORTS_TO-Country": rows})
    done = export(found, tmp_path / "a.graphml")
    assert done.left_out == ("1 EXPORTS_TO edges from or to nodes that are no part of this export",)
    assert done.edges == 1


def test_a_number_that_is_none_is_absent(tmp_path):
    rows = frame("Country-EXPORTS_TO-Country", edge("AAA", "AAA", 2020, float("nan"), float("inf")))
    found = Graph("s", {"Country": frame("Country", country("AAA")), "Country-EXPORTS_TO-Country": rows})
    done = export(found, tmp_path / "a.graphml")
    assert done.changed == ("2 numbers that are not finite, left absent",)
    (properties,) = [one for *_, one in nx.read_graphml(tmp_path / "a.graphml").edges(data=True)]
    assert not {"value_usd", "mass_kg"} & set(properties)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.graphml", "graphml"), ("a.GEXF", "gexf"), ("a.ftm.json", "ftm"), ("a.csv", "csv"), ("a.geojson", "geojson"),
     ("a.geoparquet", "geoparquet")],
)  # fmt: skip
def test_a_name_asks_for_its_format(name, kind):
    assert format_of(Path(name)) == kind


def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path):
    with pytest.raises(InputError, match="names no known format"):
        export(graph(), tmp_path / "a.docx")
    with pytest.raises(InputError, match="there is no format 'pdf'"):
        export(graph(), tmp_path / "a.pdf", "pdf")
    with pytest.raises(InputError, match="there is no folder"):
        export(graph(), tmp_path / "no" / "a.gexf")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    with pytest.raises(InputError, match=r"holds other files, such as notes\.txt"):
        export(graph(), tmp_path / "mine", "csv")
    with pytest.raises(InputError, match="is a folder already"):
        export(graph(), tmp_path / "mine", "gexf")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine"]


LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(st.tuples(LON, LAT), st.tuples(LON, LAT))
def test_a_line_is_the_shorter_way_and_stays_on_the_map(start, end):
    parts = line(start, end)
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for one in parts for lon, lat in one)
    across = abs(end[0] - start[0])
    length = sum(abs(one[1][0] - one[0][0]) for one in parts)
    assert length == pytest.approx(min(across, 360 - across), abs=1e-9)
    assert parts[0][0][1] == start[1]
    assert parts[-1][-1][1] == end[1]
    if len(parts) == 2:
        assert parts[0][1][1] == parts[1][0][1]
        assert (parts[0][0], parts[1][1]) == (start, end)


def test_a_line_over_the_date_line_is_cut_there():
    assert line((170.0, 0.0), (-170.0, 10.0)) == [[(170.0, 0.0), (180.0, 5.0)], [(-180.0, 5.0), (-170.0, 10.0)]]


def test_a_part_holds_its_flows_and_what_they_touch():
    found = part(graph(), family="gold", years=(2021, 2021))
    counts = {name: many for name, many in found.counts().items() if many}
    assert counts == {
        "Country": 2, "Family": 1, "Commodity": 1, "Flow": 1, "Flow-EXPORTED_BY-Country": 1,
        "Flow-IMPORTED_BY-Country": 1, "Flow-OF-Commodity": 1, "Commodity-IN_FAMILY-Family": 1,
        "Country-EXPORTS_TO-Country": 1, "Ban": 1, "Ban-DECREED_BY-Country": 1, "Ban-COVERS-Commodity": 1,
    }  # fmt: skip
    assert found.about == graph().about


def test_a_part_by_area_and_commodity():
    found = part(graph(), areas=["C02"])
    assert found.tables["Flow"].collect()["flow_id"].to_list() == ["baci:C02:_X:710812:2020"]
    assert set(found.tables["Country"].collect()["code"]) >= {"C02"}
    pair = part(graph(), among=["C00", "C01"], years=(2020, 2020))
    assert set(pair.tables["Country"].collect()["code"]) == {"C00", "C01"}
    assert pair.tables["Flow"].collect().height == pair.tables["Country-EXPORTS_TO-Country"].collect().height == 2
    only = part(graph(), commodity="710812")
    assert not [name for name in only.tables if "EXPORTS_TO" in name]
    with pytest.raises(UnknownCode, match="no trade that meets these conditions"):
        part(graph(), family="tin")
