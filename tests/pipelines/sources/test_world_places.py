from pathlib import Path

import pytest

from graphs.errors import InputError, LayoutError
from graphs.places_joined import join_duplicates
from pipelines.sources import world_places

ROWS = """port:XAA:1,port,Port Ankora,XAA,12.5,-3.25,XAANK
city:XAA:1,city,Ankora,XAA,12.51,-3.26,
lake:XAA:1,lake,Blue,XAA,12.51,-3.26,
"""


def test_places_of_an_invented_world(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("place_id,kind,name,country,lon,lat,locode\n" + ROWS, encoding="utf-8")
    found = world_places.parse(file)
    assert found.places.select("place_id", "kind", "country", "lon", "lat", "locode", "source").rows() == [
        ("city:XAA:1", "city", "XAA", 12.51, -3.26, None, "places"),
        ("port:XAA:1", "port", "XAA", 12.5, -3.25, "XAANK", "places"),
    ]
    assert found.quarantine.select("raw_row", "field", "found").rows() == [(3, "kind", "lake")]


def test_a_table_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("place_id,kind,name\n1,port,A\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="lacks the columns country, lon, lat, so it is no table of places"):
        world_places.parse(file)


def test_a_persons_list_is_followed(tmp_path: Path) -> None:
    file, joins = tmp_path / "places.csv", tmp_path / "joins.csv"
    file.write_text(
        "place_id,kind,name,country,lon,lat\na,port,Tema,GHA,1,1\nb,port,Tema,GHA,1,1\nc,port,Far,GHA,9,9\n",
        encoding="utf-8",
    )
    joins.write_text("place_id,same_as\n b ,-\nc,a\n", encoding="utf-8")
    table = join_duplicates(world_places.parse(file).places, world_places.parse_joins(joins))
    assert table["same_as"].to_list() == [None, None, "a"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,\n", "joins.csv, row 1: both cells are needed"),
        ("a,b\n,b\n", "joins.csv, row 2: both cells are needed"),
        ("a,b\na,-\n", "joins.csv, row 2: a was decided in an earlier row"),
    ],
)
def test_a_list_that_cannot_be_followed_says_why(tmp_path: Path, rows: str, message: str) -> None:
    file = tmp_path / "joins.csv"
    file.write_text("place_id,same_as\n" + rows, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        world_places.parse_joins(file)
