from pathlib import Path

import pytest

from graphs.errors import LayoutError
from graphs.tables_places import Places
from pipelines.sources import anchorages

ROWS = """356ec741,34.839,128.42,TONGYEONG,,KOR
54901671, 47.685, -122.40, SEATTLE, SHILSHOLE BAY, USA
356ec741,34.839,128.42,TONGYEONG,WEST,KOR
50000001,89.99,179.0,OU,,
10000001,0.0000015,0.0000066,REMOVE,,NA
140edc01,24.4,24.4,TAICHUNG CITY,,
"""


def test_cells_are_read_and_repeated_ones_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(",".join(anchorages.HEADERS) + "\n" + ROWS, encoding="utf-8")
    found = anchorages.parse(file)
    assert found.places.select("place_id", "name", "country", "lon", "lat").rows() == [
        ("anchorage:gfw:356ec741", "TONGYEONG", "KOR", 128.42, 34.839),
        ("anchorage:gfw:356ec741:2", "TONGYEONG", "KOR", 128.42, 34.839),
        ("anchorage:gfw:54901671", "SEATTLE", "USA", -122.40, 47.685),
    ]
    assert found.places["kind"].unique().to_list() == ["anchorage"]
    assert found.quarantine.select("raw_row", "field").rows() == [(4, "country"), (5, "country"), (6, "country")]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("s2id,latitude\n1,2\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="lacks the columns longitude, label, sublabel, iso3"):
        anchorages.parse(file)


@pytest.mark.realdata
def test_the_real_list(real_data: Path) -> None:
    found = anchorages.parse(real_data / "transport" / "gfw_anchorage_overrides.csv")
    assert Places.is_valid(found.places)
    assert found.places.height + found.quarantine.height == 60_410
    assert found.quarantine.select("raw_row", "field").rows() == [
        (2546, "country"),
        (11448, "country"),
        (11461, "lon"),
        (13053, "country"),
    ]
