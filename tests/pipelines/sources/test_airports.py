from pathlib import Path

import pytest

from graphs.errors import DamagedFile, LayoutError
from graphs.tables_places import Places
from pipelines.sources import airports

LIST = """"icao","iata","name","city","subd","country","elevation","lat","lon","tz","lid"
"00AK","","Lowell Field","Anchor Point","Alaska","US",252,59.948889,-151.692222,"America/Anchorage","00AK"
"DGAA","ACC","Kotoka International Airport","Accra","Greater-Accra","GH",205,5.605190,-0.166786,"Africa/Accra",""
"FYWH","WDH","Hosea Kutako International Airport","Windhoek","Khomas","NA",5640,-22.4799,17.4709,"Africa/Windhoek",""
"ZZZZ","","Nowhere","","","ZZ",0,1.0,1.0,"",""
"BKPR","PRN","Pristina Airport","Prishtina","Prishtina","XK",1789,42.572,21.035,"Europe/Skopje",""
"""
FLIGHT_LIST = r"""248,"Kotoka International Airport","Accra","Ghana","ACC","DGAA",5.6051,-0.1667,205,0,"N","Africa/Accra","airport","OurAirports"
22,"St. Andrews Airport","Winnipeg","Canada",\N,"CYAV",50.0564,-97.0325,760,-6,"A","America/Winnipeg","airport","OurAirports"
9,"Lost","Lost","Ultima Thule",\N,\N,1.0,2.0,0,0,"A","","airport","OurAirports"
"""  # noqa: E501
ROUTES = r"""EK,2183,ACC,248,DXB,2188,,0,77W
XX,\N,ACC,248,DXB,2188,Y,0,77W
EK,2183,DXB,2188,ACC,248,,0,77W
EK,2183,DXB,2188,\N,\N,,0,77W
EK,2183,DXB,2188,dubai,1,,0,77W
EK,2183,DXB,2188,DXB,2188,,0,77W
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "a.dat"
    file.write_text(text, encoding="utf-8")
    return file


def test_airports_of_the_package(tmp_path: Path) -> None:
    found = airports.parse(written(tmp_path, LIST))
    assert found.places.select("place_id", "country", "iata", "icao", "lon").rows() == [
        ("airport:iata:ACC", "GHA", "ACC", "DGAA", -0.166786),
        ("airport:iata:PRN", "XKX", "PRN", "BKPR", 21.035),
        ("airport:iata:WDH", "NAM", "WDH", "FYWH", 17.4709),
        ("airport:icao:00AK", "USA", None, "00AK", -151.692222),
    ]
    assert found.quarantine.select("raw_row", "field", "found").rows() == [(4, "country", "ZZ")]


def test_airports_of_openflights(tmp_path: Path) -> None:
    found = airports.parse_openflights(written(tmp_path, FLIGHT_LIST))
    assert found.places.select("place_id", "country", "iata", "icao").rows() == [
        ("airport:openflights:22", "CAN", None, "CYAV"),
        ("airport:openflights:248", "GHA", "ACC", "DGAA"),
    ]
    assert found.quarantine.select("raw_row", "found").rows() == [(3, "Ultima Thule")]


def test_routes_are_directed_pairs_and_airlines_are_counted(tmp_path: Path) -> None:
    found = airports.parse_routes(written(tmp_path, ROUTES))
    assert found.routes.rows() == [("ACC", "DXB", 2), ("DXB", "ACC", 1)]
    assert found.quarantine.select("raw_row", "field", "found").rows() == [
        (4, "end", None),
        (5, "end", "dubai"),
        (6, "end", "DXB"),
    ]
    assert found.notes == ("a.dat: 3 flights of airlines make 2 directed routes, as listed in 2014",)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [("", DamagedFile, "is empty"), ("a,b\n", LayoutError, "has 2 columns, so it is no table of routes")],
)
def test_a_file_that_is_no_list_says_why(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        airports.parse_routes(written(tmp_path, text))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="cannot be read"):
        airports.parse_routes(tmp_path / "none.dat")


def test_the_list_of_the_installed_package() -> None:
    found = airports.parse(airports.airports_file())
    assert Places.is_valid(found.places)
    assert found.quarantine.height == 0
    assert found.places["iata"].drop_nulls().n_unique() > 7_000
    assert {"airport:iata:ACC", "airport:iata:DXB"} <= set(found.places["place_id"])


@pytest.mark.realdata
def test_the_real_lists_of_openflights(real_data: Path) -> None:
    listed = airports.parse_openflights(real_data / "transport" / "openflights_airports.dat")
    assert Places.is_valid(listed.places)
    assert listed.places.height + listed.quarantine.height == 7_698
    found = airports.parse_routes(real_data / "transport" / "openflights_routes.dat")
    assert ("ACC", "DXB") in set(found.routes.select("start", "end").rows())
    # 37,595 distinct pairs, of which some lead from an airport to itself.
    assert 37_590 <= found.routes.height <= 37_595
