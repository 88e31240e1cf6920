"""Single files of a world, from frames written by hand."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import shapely

from pipelines.world import ais_files, map_files, trade_files, truth_files


def test_a_reporter_and_year_is_a_file_and_months_stand_apart(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"refYear": [2020, 2020, 2020, 2021], "reporterISO": ["XAA", "XAA", "XAB", "XAA"],
         "freqCode": ["A", "M", "A", "A"], "primaryValue": [1.5, 2.0, 3.0, None]}
    )  # fmt: skip
    trade_files.write(tmp_path, rows)
    found = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.csv"))
    assert found == ["2020/XAA.csv", "2020/XAA_months.csv", "2020/XAB.csv", "2021/XAA.csv"]
    assert (tmp_path / "2020" / "XAA_months.csv").read_text() == (
        "refYear,reporterISO,freqCode,primaryValue\n2020,XAA,M,2.0\n"
    )
    assert pl.concat(pl.read_csv(tmp_path / one, schema=rows.schema) for one in found).height == rows.height


def test_a_day_of_messages_is_a_file(tmp_path: Path) -> None:
    times = ["2024-10-01T23:59:59", "2024-10-02T00:00:00", "2024-10-01T00:00:01"]
    other = {name: [None] * 3 for name in ais_files.COLUMNS if name not in ("MMSI", "BaseDateTime")}
    ais_files.write(tmp_path, pl.DataFrame({"MMSI": [1, 2, 3], "BaseDateTime": times, **other}))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["AIS_2024_10_01.csv", "AIS_2024_10_02.csv"]
    first = (tmp_path / "AIS_2024_10_01.csv").read_text().splitlines()
    assert first[0] == ",".join(ais_files.COLUMNS)
    # In the order in which they came.
    assert [line.split(",")[:2] for line in first[1:]] == [["1", times[0]], ["3", times[2]]]


def test_the_bytes_of_a_truth_table_do_not_depend_on_its_chunks(tmp_path: Path) -> None:
    rows = pl.DataFrame({"a": range(200_000), "b": [f"{at % 7}" for at in range(200_000)]})
    pieces = pl.concat([rows.slice(start, 30_000) for start in range(0, rows.height, 30_000)], rechunk=False)
    assert pieces.n_chunks() > 1
    for name, table in (("whole", rows), ("pieces", pieces)):
        truth_files.write_table(tmp_path / name, table)
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "pieces").read_bytes()
    assert pl.read_parquet(tmp_path / "pieces").equals(rows)


def test_a_map_is_geojson_that_other_libraries_read(tmp_path: Path) -> None:
    square = shapely.box(0.123456789, 0, 1, 1)
    line = shapely.LineString([(0, 0), (2, 1)])
    rows = pl.DataFrame(
        {"name": ['Été "A"', "B"], "since": [date(2020, 1, 31), None], "geometry": [square.wkb, line.wkb]}
    )
    map_files.write(tmp_path / "a.geojson", rows)
    found = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert [one["properties"] for one in found["features"]] == [
        {"name": 'Été "A"', "since": "2020-01-31"},
        {"name": "B", "since": None},
    ]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in found["features"]])
    assert shapes[0].equals_exact(shapely.box(0.12346, 0, 1, 1), 1e-9, normalize=True)
    assert shapes[1].equals(line)


def test_an_empty_map_is_an_empty_collection(tmp_path: Path) -> None:
    map_files.write(tmp_path / "a.geojson", pl.DataFrame({"geometry": []}, schema={"geometry": pl.Binary}))
    assert json.loads((tmp_path / "a.geojson").read_text()) == {"type": "FeatureCollection", "features": []}
