import json
from pathlib import Path

import pytest

from graphs.errors import DamagedFile, LayoutError
from graphs.tables_places import Places
from pipelines.sources import ports

HEADER = ",".join(["OID_", *ports.WPI_HEADERS])
ROWS = """1,8225.0,Tema,GH TEM,Ghana,Medium,0.0,9.5,5.633333,0.016667
2,8226.0,Small Bay, , ,Very Small,0.0,0.0,5.1,0.1
3,8227.5,Kinshasa,CD FIH,Congo (Kinshasa), ,120.0,0.0,-4.3,15.3
4,8225.0,Tema Fishing,GHTEM,Ghana,Small,0.0,0.0,5.64,0.02
5,8228.0,St Petersburg,RULED,United States,Small,0.0,0.0,27.76,-82.63
6,8229.0,Unnamed Land,NOOSL,Ultima Thule,Small,0.0,0.0,59.9,10.7
7,8230.0,Lost,,Ultima Thule,Small,0.0,0.0,59.9,10.7
"""


def index(folder: Path, rows: str = ROWS, header: str = HEADER) -> Path:
    file = folder / "wpi.csv"
    file.write_text("\ufeff" + header + "\n" + rows, encoding="utf-8")
    return file


def test_ports_of_the_index(tmp_path: Path) -> None:
    found = ports.parse(index(tmp_path))
    kept = found.places.select("place_id", "country", "locode", "size", "max_draught_m", "max_length_m").rows()
    assert kept == [
        ("port:wpi:8225", "GHA", "GHTEM", "Medium", 9.5, None),
        ("port:wpi:8225:2", "GHA", "GHTEM", "Small", None, None),
        ("port:wpi:8227.5", "COD", "CDFIH", None, None, 120.0),
        ("port:wpi:8228", "USA", None, "Small", None, None),
        ("port:wpi:8229", "NOR", "NOOSL", "Small", None, None),
    ]
    assert found.quarantine.select("raw_row", "field", "reason").rows() == [
        (2, "country", "row 2: no country is given; fill in the ISO alpha-3 code"),
        (
            7,
            "country",
            "row 7: area code 'Ultima Thule' is not in the list of countries; use ISO 3166 alpha-3 or a Comtrade code",
        ),
    ]
    assert [note.split(": ")[1] for note in found.notes] == [
        "1 UN/LOCODEs name another country than their row and were left out (RULED at St Petersburg)"
    ]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="lacks the columns Harbor Size, so it is no table of the World Port Index"):
        ports.parse(index(tmp_path, header=HEADER.replace("Harbor Size", "Size")))


def feature(port: str | None, name: str, cty: str, lon: float = 1.0, lat: float = 2.0) -> dict[str, object]:
    known = {"port": port, "name": name, "cty": cty, "t": None}
    return {"type": "Feature", "properties": known, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def test_ports_of_searoute(tmp_path: Path) -> None:
    file = tmp_path / "ports.geojson"
    rows = [
        feature("ALDRZ", "Durres", "Albania", 19.448813, 41.318731),
        feature("USBAL", "Baltimore", "United_states"),
        feature("USBAL", "Baltimore_docks", "United_states"),
        feature("EG", "Ras Budran", "Egypt"),
        feature("NOOSL", "Oslo", "Ultima_thule"),
        feature(None, "Nameless", "Egypt"),
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    found = ports.parse_searoute(file)
    assert found.places.select("place_id", "name", "country", "locode", "lon", "lat").rows() == [
        ("port:searoute:ALDRZ", "Durres", "ALB", "ALDRZ", 19.448813, 41.318731),
        ("port:searoute:EG", "Ras Budran", "EGY", None, 1.0, 2.0),
        ("port:searoute:NOOSL", "Oslo", "NOR", "NOOSL", 1.0, 2.0),
        ("port:searoute:USBAL", "Baltimore", "USA", "USBAL", 1.0, 2.0),
        ("port:searoute:USBAL:2", "Baltimore docks", "USA", "USBAL", 1.0, 2.0),
    ]
    assert found.quarantine.select("raw_row", "field").rows() == [(6, "place_id")]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [1]}', '{"features": [{"properties": {}}]}'])
def test_a_json_that_is_no_list_of_ports_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ports.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutError, match="no GeoJSON of ports"):
        ports.parse_searoute(file)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="cannot be read"):
        ports.parse_searoute(tmp_path / "ports.geojson")


def test_the_list_of_the_installed_package() -> None:
    found = ports.parse_searoute(ports.searoute_file())
    assert Places.is_valid(found.places)
    assert found.places.height > 3_900
    assert found.quarantine.height == 0


@pytest.mark.realdata
def test_the_index_of_the_real_world(real_data: Path) -> None:
    found = ports.parse(real_data / "transport" / "world_port_index.csv")
    assert Places.is_valid(found.places)
    assert found.places.height + found.quarantine.height == 3_815
    # Blank countries are read from the code where there is one.
    assert found.quarantine.height <= 5
    assert found.places.filter(found.places["place_id"].str.ends_with(":2")).height == 2
    tema = found.places.filter(found.places["locode"] == "GHTEM")
    assert tema["country"].to_list() == ["GHA"]
    # The list gives Saint Petersburg's code to a harbour in Florida.
    assert found.places.filter(found.places["locode"] == "RULED")["country"].to_list() == ["RUS"]
