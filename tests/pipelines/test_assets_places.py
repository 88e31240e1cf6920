"""Places, networks, legs, bills and companies, each made by its asset from files on disk."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import geopandas
import polars as pl
import pytest
from shapely.geometry import LineString

from graphs.errors import LayoutError
from graphs.tables_companies import CompanyJudgements
from graphs.tables_ships import Vessels
from graphs.transport import COLUMNS
from pipelines.analysis import Analysis
from pipelines.archive import Archive
from pipelines.assets.companies import judgements
from pipelines.definitions import ASSETS, resources_for
from pipelines.home import Home
from pipelines.memo import Memo
from pipelines.parquet import write_table
from pipelines.sources import geopolrisk, land_network
from pipelines.workspace import Workspace
from tests.pipelines.sources.small_wheel import small_wheel

NETWORK = ("network_nodes", "network_edges", "refused_network")
PLACES, LEGS = ("places", "refused_places"), ("legs", "refused_legs")
BILLS, COMPANIES = ("manifests", "refused_manifests"), ("companies", "company_matches")
INVENTED = """place_id,kind,name,country,lon,lat,locode
port:XAA:1,port,Port Ankora,XAA,12.5,-3.25,XAANK
port:XAB:1,port,Port Belmar,XAB,14.5,-3.25,
city:XAA:1,city,Dorun,XAA,12.6,-3.3,
city:XAB:1,city,Ergon,XAB,99,-300,
"""
LEGS_CSV = """from_place,to_place,mode,length_km,hours,cost_usd_per_t
port:XAA:1,port:XAB:1,sea,240,12,3
port:XAA:1,port:XAC:9,sea,240,12,3
"""
REAL = """place_id,kind,name,country,lon,lat
port:mine:tema,port,Tema,GHA,0.0167,5.6333
port:mine:lome,port,Lome,TGO,1.2833,6.1333
city:mine:accra,city,Accra,GHA,-0.2,5.6
city:mine:aneho,city,Aneho,TGO,1.6,6.23
"""
MAPPING = """[manifest]
name = "invented"
date_format = "%Y-%m-%d"
mass_unit = "t"
licence = "CC0"
[columns]
shipper = "Sender"
consignee = "Receiver"
mass = "Weight"
from = "Port"
imo = "Ship"
day = "Day"
"""
BILLS_CSV = """Sender,Receiver,Weight,Port,Ship,Day
Ankora Mining Ltd,Belmar Metals SA,25,Port Ankora,9074729,2021-02-03
Ankora Mining Limited,Belmar Metals S.A.,30,XAANK,,2021-02-04
Ankora Mining Ltd,Ergon Works,-3,Port Ankora,,2021-02-05
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path, data: Path) -> Home:
    opened = Home.open(tmp_path / "home", create=True)
    opened.save_analysis(Analysis(data=(str(data),), only_data=True))
    return opened


def make(home: Home, *stages: tuple[str, ...]) -> Memo:
    """Materialise the tables, stage by stage, as a run does."""
    workspace = Workspace(home)
    for tables in stages:
        dg.materialize(ASSETS, selection=list(tables), resources=resources_for(workspace))
    return workspace.memo


def rows(home: Home, table: str, *columns: str) -> list[tuple[object, ...]]:
    return home.scan(table).select(columns).collect().rows()


def test_a_home_without_such_files_has_empty_tables(home: Home, data: Path) -> None:
    (data / "a.csv").write_text("kind,country,codes,start,end,citation\n")
    make(home, NETWORK, PLACES, LEGS)
    assert {table: home.scan(table).collect().height for table in (*NETWORK, *PLACES, *LEGS)} == dict.fromkeys(
        (*NETWORK, *PLACES, *LEGS), 0
    )


def test_an_invented_map_holds_its_own_places_and_legs_alone(home: Home, data: Path) -> None:
    home.save_analysis(Analysis(data=(str(data),), only_data=False))
    archive = Archive(home.archive_path)
    folder = data.parent / "wheels"
    folder.mkdir()
    archive.put(small_wheel(folder), source=geopolrisk.SOURCE, query=geopolrisk.QUERY, licence="-", citation="-",
                url_note="-")  # fmt: skip
    (data / "places.csv").write_text(INVENTED)
    (data / "legs.csv").write_text(LEGS_CSV)
    make(home, NETWORK, PLACES, LEGS)
    assert [row[0] for row in rows(home, "places", "place_id")] == ["city:XAA:1", "port:XAA:1", "port:XAB:1"]
    assert rows(home, "refused_places", "file", "raw_row", "field") == [("places.csv", 4, "lat")]
    assert rows(home, "refused_legs", "file", "raw_row", "field") == [("legs.csv", 2, "to_place")]
    sea = home.scan("legs").filter(pl.col("mode") == "sea").collect()
    assert sea.select("from_place", "to_place", "length_km", "is_estimated").rows() == [
        ("port:XAA:1", "port:XAB:1", 240.0, False), ("port:XAB:1", "port:XAA:1", 240.0, False),
    ]  # fmt: skip


def test_without_a_network_ways_over_land_are_straight_and_say_so(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(REAL)
    make(home, NETWORK, PLACES, LEGS)
    land = home.scan("legs").filter(pl.col("mode") == "road").collect()
    assert land.height
    assert land["is_estimated"].all()
    assert (land["off_network_km"] == land["length_km"]).all()
    # Sea lanes are known of every port.
    assert home.scan("legs").filter(pl.col("mode") == "sea").collect()["source"].unique().to_list() == ["searoute"]


def test_a_network_of_ones_own_crosses_borders(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(REAL)
    line = LineString([(-0.2, 5.6), (0.0167, 5.64), (0.9, 5.95), (1.28, 6.14), (1.6, 6.23)])
    roads = geopandas.GeoDataFrame({"highway": ["trunk", "no"]}, geometry=[line, line], crs="EPSG:4326")
    roads.to_parquet(data / "roads.parquet")
    make(home, NETWORK, PLACES, LEGS)
    assert rows(home, "refused_network", "file", "raw_row", "field") == [("roads.parquet", 2, "mode")]
    borders = home.scan("places").filter(pl.col("kind") == "border").collect()
    assert borders["source"].to_list() == ["roads.parquet"]
    ways = home.scan("legs").filter(pl.col("mode") == "road").collect()
    assert set(ways["source"]) == {"roads.parquet"}
    assert ways["is_estimated"].any() is False
    assert ways.filter(pl.col("crosses_border")).height


def test_roads_of_the_world_may_be_named_as_a_file(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(REAL)
    graph = "graph=[{1: 30.0}, {0: 30.0, 2: 150.0}, {1: 150.0, 3: 40.0}, {2: 40.0}]"
    nodes = "nodes=[[5.6, -0.2], [5.64, 0.02], [6.14, 1.25], [6.23, 1.6]]"
    with zipfile.ZipFile(data / "roads.whl", "w") as packed:
        packed.writestr(land_network.MEMBERS["road"], f"\nimport scgraph\n{graph}\n{nodes}\n")
        packed.writestr(land_network.MEMBERS["rail"], f"\nimport scgraph\n{graph}\n{nodes}\n")
    make(home, NETWORK, PLACES, LEGS)
    assert rows(home, "network_nodes", "mode", "country")[:4] == [
        ("road", "GHA"), ("road", "GHA"), ("road", "TGO"), ("road", "TGO"),
    ]  # fmt: skip
    border = home.scan("places").filter(pl.col("kind") == "border").collect().row(0, named=True)
    assert border["place_id"] == "border:GHA-TGO:5.64,0.02"
    assert border["source"] == land_network.CITATION
    crossing = home.scan("legs").filter(pl.col("crosses_border"), pl.col("mode") == "road").collect()
    assert crossing.height
    assert (crossing["cost_usd_per_t"] > 10).all()


def test_a_persons_word_joins_places_and_keeps_them_apart(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(INVENTED)
    (data / "joins.csv").write_text("place_id,same_as\nport:XAB:1,port:XAA:1\n")
    make(home, NETWORK, PLACES, LEGS)
    joined = dict(rows(home, "places", "place_id", "same_as"))
    assert joined["port:XAB:1"] == "port:XAA:1"
    assert "port:XAB:1" not in {end for row in rows(home, "legs", "from_place", "to_place") for end in row}


def test_costs_of_ones_own_change_the_legs(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(INVENTED)
    make(home, NETWORK, PLACES, LEGS)
    before = home.scan("legs").select(pl.col("cost_usd_per_t").sum()).collect().item()
    (data / "costs.csv").write_text(",".join(COLUMNS) + "\noff_network,4,30,0,0,,,invented\n")
    make(home, LEGS)
    assert home.scan("legs").select(pl.col("cost_usd_per_t").sum()).collect().item() > 10 * before


def test_what_changes_says_which_tables_are_stale(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(INVENTED)
    memo = make(home, NETWORK, PLACES, LEGS)
    before = {table: memo.inputs(table) for table in ("network_nodes", "places", "legs", "manifests", "companies")}
    (data / "legs.csv").write_text(LEGS_CSV)
    after = Memo(home)
    assert [table for table in before if after.inputs(table) != before[table]] == ["legs"]
    (data / "places.csv").write_text(INVENTED.replace("Dorun", "Doruna"))
    after = Memo(home)
    assert [table for table in before if after.inputs(table) != before[table]] == ["network_nodes", "places", "legs"]


def test_a_master_bill_and_its_house_bills_in_another_file_count_once(home: Home, data: Path) -> None:
    columns = {"bill": "BL", "master": "Master"}
    told = MAPPING + "".join(f'{field} = "{name}"\n' for field, name in columns.items())
    (data / "bills.toml").write_text(told)
    header = "Sender,Receiver,Weight,Port,Ship,Day,BL,Master\n"
    (data / "a.csv").write_text(header + "Carrier Ltd,Agent SA,50,,,2021-02-03,M1,\nAlone Ltd,B,5,,,2021-02-03,M2,\n")
    (data / "b.csv").write_text(header + "Ankora Mining Ltd,Belmar Metals SA,50,,,2021-03-01,H1,M1\n")
    with_vessels(home)
    make(home, NETWORK, PLACES, BILLS)
    assert sorted(rows(home, "manifests", "bill", "is_counted")) == [("H1", True), ("M1", False), ("M2", True)]


def with_vessels(home: Home) -> None:
    """A ship of the bills, as the positions of a run would tell of it."""
    seen = datetime(2021, 2, 1, tzinfo=UTC)
    ship = {"track_id": "123456789:1", "imo": 9074729, "kind": "bulk_carrier", "first_seen": seen, "last_seen": seen,
            "reports": 2, "is_split": False, "known_from": seen.date()}  # fmt: skip
    frame = Vessels.cast(pl.DataFrame([ship], schema=Vessels.create_empty().schema))
    write_table("vessels", frame, home.table_path("vessels"), schema=Vessels, meta={})


def with_bills(home: Home, data: Path) -> None:
    (data / "places.csv").write_text(INVENTED)
    (data / "map.toml").write_text(MAPPING)
    (data / "bills.csv").write_text(BILLS_CSV)
    with_vessels(home)


def test_bills_become_companies_ports_and_ships(home: Home, data: Path) -> None:
    with_bills(home, data)
    make(home, NETWORK, PLACES, BILLS, COMPANIES)
    assert rows(home, "manifests", "raw_row", "shipper", "mass_kg", "from_place", "track_id") == [
        (1, "Ankora Mining Ltd", 25_000.0, "port:XAA:1", "123456789:1"),
        (2, "Ankora Mining Limited", 30_000.0, "port:XAA:1", None),
    ]
    assert rows(home, "refused_manifests", "file", "raw_row", "field") == [("bills.csv", 3, "Weight")]
    named = home.scan("companies").collect()
    assert set(named["company_id"]) >= set(home.scan("manifests").collect()["shipper_id"])
    (entry,) = [one for one in Archive(home.archive_path).entries() if one.citation == "bills.csv"]
    assert entry.licence == "CC0"


def test_a_persons_word_parts_and_joins_companies(home: Home, data: Path) -> None:
    with_bills(home, data)
    make(home, NETWORK, PLACES, BILLS, COMPANIES)
    assert judgements(home).is_empty()
    ids = sorted(row[0] for row in rows(home, "companies", "company_id"))
    one, other = ids[0], ids[1]
    grouped = dict(rows(home, "companies", "company_id", "group_id"))
    verdict = "different" if grouped[one] == grouped[other] else "same"
    before = Memo(home).inputs("companies")
    said = {"one": one, "other": other, "judged_at": datetime(2026, 1, 2, tzinfo=UTC), "reviewer": "Ada",
            "verdict": verdict, "note": None}  # fmt: skip
    frame = CompanyJudgements.cast(pl.DataFrame([said], schema=CompanyJudgements.create_empty().schema))
    write_table("company_judgements", frame, home.table_path("company_judgements"), schema=CompanyJudgements, meta={})
    assert Memo(home).inputs("companies") != before
    make(home, COMPANIES)
    after = dict(rows(home, "companies", "company_id", "group_id"))
    assert (after[one] == after[other]) is (verdict == "same")


def test_bills_whose_mapping_is_gone_are_no_table(home: Home, data: Path) -> None:
    with_bills(home, data)
    (data / "map.toml").unlink()
    assert [one.kind for one in Workspace(home).inventory.files] == ["places"]
    (data / "places.csv").unlink()
    with pytest.raises(LayoutError, match="holds no file that can be read"):
        Workspace(home).inventory  # noqa: B018


def test_another_mapping_makes_the_bills_anew(home: Home, data: Path) -> None:
    with_bills(home, data)
    make(home, NETWORK, PLACES, BILLS, COMPANIES)
    before = Memo(home).inputs("manifests")
    (data / "map.toml").write_text(MAPPING.replace('mass_unit = "t"', 'mass_unit = "kg"'))
    assert Memo(home).inputs("manifests") != before
    make(home, BILLS)
    assert [row[0] for row in rows(home, "manifests", "mass_kg")] == [25.0, 30.0]
