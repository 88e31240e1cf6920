import json
from pathlib import Path

import pytest

from graphs.errors import DamagedFile, LayoutError
from graphs.tables_places import Places
from pipelines.sources import cities

ACCRA = {"geonameid": 2306104, "name": "Accra", "latitude": 5.55602, "longitude": -0.1969, "countrycode": "GH"}


def test_cities_with_a_class_of_population(tmp_path: Path) -> None:
    file = tmp_path / "cities.json"
    rows = [
        {**ACCRA, "population": 1_963_264},
        {**ACCRA, "geonameid": 1, "name": "Nan", "countrycode": "TH", "population": 100_000},
        {**ACCRA, "geonameid": 2, "name": "Windhoek", "countrycode": "NA", "population": 99_999},
        {**ACCRA, "geonameid": 3, "name": "Lost", "countrycode": "ZZ", "population": 5_000_000},
    ]
    file.write_text(json.dumps({str(one["geonameid"]): one for one in rows}), encoding="utf-8")
    found = cities.parse(file)
    assert found.places.select("place_id", "name", "country", "size").rows() == [
        ("city:geonames:1", "Nan", "THA", "100,000 and more"),
        ("city:geonames:2", "Windhoek", "NAM", "below 100,000"),
        ("city:geonames:2306104", "Accra", "GHA", "1,000,000 and more"),
    ]
    assert found.quarantine.select("raw_row", "found").rows() == [(4, "ZZ")]


@pytest.mark.parametrize("text", ["", "[]", '{"1": {}}', '{"1": 2}'])
def test_a_json_that_is_no_list_of_cities_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cities.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutError, match="no list of cities"):
        cities.parse(file)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="cannot be read"):
        cities.parse(tmp_path / "cities.json")


def test_the_list_of_the_installed_package() -> None:
    found = cities.parse(cities.cities_file())
    assert Places.is_valid(found.places)
    assert found.quarantine.height == 0
    assert found.places.height > 30_000
    assert found.places.filter(found.places["country"] == "NAM").height > 10
