"""Files of places, networks, ships and bills are told from their content, each by the reader that will read it."""

import gzip
import sqlite3
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphs.errors import LayoutError
from graphs.places_joined import JOIN_COLUMNS
from graphs.places_rows import NEEDED
from graphs.transport import COLUMNS
from pipelines.sources import airports, anchorages, ports
from pipelines.sources.kinds import HEADERS, KINDS, MEANINGS, Kind, headless, kind_of
from pipelines.sources.recognise import recognise, recognise_all

MAPPING = """# bills of a customs office
[manifest]
name = "invented"
date_format = "%d/%m/%Y"
mass_unit = "kg"
{more}
[columns]
shipper = "Sender"
consignee = "Receiver"
mass = "Weight"
day = "Day"
"""
BILLS = "Sender,Receiver,Weight,Day\nAnkora Mining Ltd,Belmar Metals SA,25000,03/02/2021\n"
TEXTS: dict[str, tuple[str, Kind]] = {
    "places": ("place_id,kind,name,country,lon,lat,locode\nport:XAA:1,port,Port Ankora,XAA,12.5,-3.25,\n", "places"),
    "joins": ("place_id,same_as\nport:XAA:1,port:XAA:2\n", "place_joins"),
    "costs": (",".join(COLUMNS) + "\nroad,40,0.1,0,0,,,invented\n", "transport_costs"),
    "anchorages": ("s2id,latitude,longitude,label,sublabel,iso3\n356ec741,3,4,ANKORA,,XAA\n", "anchorages"),
    "airports": ('1,"Ankora","Ankora","Ankor","ANK","XANK",-6.1,145.4,5282,10,"U","\\N","airport","-"\n', "airports"),
    "routes": ("2B,410,AER,2965,KZN,2990,,0,CR2\n", "air_routes"),
    "marine": ("MMSI,BaseDateTime,LAT,LON,SOG\n1,2021-01-01T00:00:00,1,2,3\n", "ais_marine"),
    "danish": ("# Timestamp,Type of mobile,MMSI,Latitude,Longitude\n", "ais_danish"),
    "points": ("ID,ais_pos_timestamp,longitude,latitude\n1,20/03/2021 00:22,32.3,31.4\n", "ais_points"),
    "nmea": ("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\n", "ais_nmea"),
    "mapping": (MAPPING.format(more=""), "manifest_mapping"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_text_is_told_by_its_content(name: str, packed: bool, tmp_path: Path) -> None:
    text, kind = TEXTS[name]
    file = tmp_path / "a.bin"
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert recognise(file).kind == kind


def test_a_zstandard_file_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "positions.zst"
    with pa.CompressedOutputStream(str(file), "zstd") as stream:
        stream.write(TEXTS["marine"][0].encode())
    assert recognise(file).kind == "ais_marine"


def test_networks_are_told_by_their_metadata(tmp_path: Path) -> None:
    plain = pa.table({"geometry": [b""]})
    pq.write_table(plain.replace_schema_metadata({"geo": "{}"}), tmp_path / "geo.parquet")
    with sqlite3.connect(tmp_path / "a.gpkg") as db:
        db.execute("pragma application_id = 0x47504B47")
        db.execute("create table a (b)")
    db.close()
    assert [recognise(tmp_path / one).kind for one in ("geo.parquet", "a.gpkg")] == ["network", "network"]
    pq.write_table(plain, tmp_path / "bare.parquet")
    with pytest.raises(LayoutError, match="fit no known table"):
        recognise(tmp_path / "bare.parquet")


def test_headers_are_those_that_the_readers_ask_for() -> None:
    """They are written twice, since the readers need the schema library and recognition must be fast."""
    asked = {"places": NEEDED, "place_joins": JOIN_COLUMNS, "wpi": ports.WPI_HEADERS, "anchorages": anchorages.HEADERS}
    for kind, names in asked.items():
        assert kind_of(names) == kind
    assert set(HEADERS) <= set(KINDS) == set(MEANINGS)
    assert (len(airports.AIRPORT_CELLS), len(airports.ROUTE_CELLS)) == (14, 9)
    assert headless(["a"] * 14) is None
    assert headless(["a"] * 9) is None


def write(folder: Path, more: str = "") -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    mapping, bills = folder / "map.toml", folder / "bills.csv"
    mapping.write_text(MAPPING.format(more=more))
    bills.write_text(BILLS)
    return mapping, bills


def test_bills_are_what_a_mapping_beside_them_claims(tmp_path: Path) -> None:
    mapping, bills = write(tmp_path / "bills")
    layouts, refused = recognise_all(tmp_path / "bills")
    assert {(one.path, one.kind, one.mapping) for one in layouts} == {
        (bills, "manifest", mapping),
        (mapping, "manifest_mapping", None),
    }
    assert refused == []
    mapping.unlink()
    with pytest.raises(LayoutError, match="fit no known table"):
        recognise_all(tmp_path / "bills")


def test_a_mapping_that_names_its_files_claims_no_other(tmp_path: Path) -> None:
    mapping, bills = write(tmp_path / "bills", 'files = "bills_*.csv"')
    layouts, refused = recognise_all(tmp_path / "bills")
    assert [one.path for one in layouts] == [mapping]
    assert len(refused) == 1
    bills.rename(bills.with_name("bills_2021.csv"))
    layouts, refused = recognise_all(tmp_path / "bills")
    assert {one.kind for one in layouts} == {"manifest", "manifest_mapping"}


def test_a_trade_table_is_no_bill_unless_the_mapping_names_it(tmp_path: Path) -> None:
    _, bills = write(tmp_path / "bills")
    bills.write_text("t,i,j,k,v,q\n2020,1,2,260400,1,1\n")
    assert {one.kind for one in recognise_all(tmp_path / "bills")[0]} == {"baci", "manifest_mapping"}


def test_a_mapping_at_fault_says_so(tmp_path: Path) -> None:
    write(tmp_path / "bills", "name = 3")
    with pytest.raises(LayoutError, match=r"map\.toml is no TOML"):
        recognise_all(tmp_path / "bills")


@pytest.mark.realdata
def test_real_files_of_transport(real_data: Path) -> None:
    found = {one.path.name: one.kind for one in recognise_all(real_data / "transport")[0]}
    assert found == {
        "ais_evergiven_boat_positions.csv": "ais_points",
        "gfw_anchorage_overrides.csv": "anchorages",
        "openflights_airports.dat": "airports",
        "openflights_routes.dat": "air_routes",
        "world_port_index.csv": "wpi",
    }


def test_places_are_read_as_csv_alone(tmp_path: Path) -> None:
    pl.DataFrame({name: ["x"] for name in NEEDED}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(LayoutError, match="holds places as parquet; save it as csv"):
        recognise(tmp_path / "a.parquet")
