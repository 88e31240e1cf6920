"""A user's roads, railways and rivers from GeoParquet and GeoPackage; lines without use are refused with a reason."""

import json
import sqlite3
from pathlib import Path

import geopandas
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import DamagedFile, LayoutError
from graphs.sphere import distance_km
from pipelines.sources.network_files import Told, _network, is_geopackage, read

CROSS = [
    ("primary", shapely.LineString([(0, 0), (1, 0), (2, 0)])),
    ("secondary", shapely.LineString([(1, -1), (1, 0), (1, 1)])),
    ("path", shapely.LineString([(5, 5), (6, 6)])),
]


def frame(rows: list[tuple[str | None, object]], column: str = "highway") -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {column: [word for word, _ in rows]}, geometry=[shape for _, shape in rows], crs="EPSG:4326"
    )


def told(path: Path) -> Told:
    return read(path, source="user", file=path.name, raw_sha256="0" * 64)


@pytest.fixture(params=["parquet", "gpkg"])
def written(request: pytest.FixtureRequest, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Writes rows in one of the two formats and returns the path."""

    def write(rows: list[tuple[str | None, object]], column: str = "highway") -> Path:
        path = tmp_path / f"roads.{request.param}"
        made = frame(rows, column)
        made.to_parquet(path) if request.param == "parquet" else made.to_file(path, driver="GPKG")
        return path

    return write


def test_lines_meet_at_the_points_that_two_hold(written) -> None:  # type: ignore[no-untyped-def]
    found = told(written(CROSS))
    assert sorted(found.nodes.select("lon", "lat").rows()) == [(0, 0), (1, -1), (1, 0), (1, 1), (2, 0)]
    assert found.edges.height == 4
    assert found.edges["mode"].unique().to_list() == ["road"]
    assert found.edges["length_km"].sum() == pytest.approx(4 * float(distance_km(0, 0, 1, 0)), rel=1e-3)
    (refused,) = found.quarantine.iter_rows(named=True)
    assert (refused["field"], refused["found"], refused["raw_row"], refused["file"]) == (
        "mode",
        "path",
        3,
        found.quarantine["file"][0],
    )
    assert "state mode road, rail or river" in refused["reason"]


def test_modes_by_name_tag_and_class_never_meet(written) -> None:  # type: ignore[no-untyped-def]
    line = shapely.LineString([(0, 0), (1, 0)])
    found = told(written([("road", line), ("Rail", line), ("river", line), ("camel", line)], "mode"))
    assert sorted(found.edges["mode"]) == ["rail", "river", "road"]
    assert found.nodes.height == 6
    assert found.quarantine["found"].to_list() == ["camel"]


def test_geofabrik_classes(written) -> None:  # type: ignore[no-untyped-def]
    line = shapely.LineString([(0, 0), (1, 0)])
    rows = [("motorway_link", line), ("track_grade3", line), ("rail", line), ("canal", line), ("steps", line)]
    found = told(written(rows, "fclass"))
    assert sorted(found.edges["mode"]) == ["rail", "river", "road"]
    assert found.quarantine["found"].to_list() == ["steps"]


def test_of_tags_only_those_count_on_which_loads_travel(written) -> None:  # type: ignore[no-untyped-def]
    line = shapely.LineString([(0, 0), (1, 0)])
    water = [("River", line), ("canal", line), ("weir", line), ("dam", line), ("stream", line), ("", line)]
    found = told(written(water, "waterway"))
    assert found.edges["mode"].to_list() == ["river"]
    assert found.quarantine["raw_row"].to_list() == [3, 4, 5, 6]
    road = [("trunk_link", line), ("cycleway", line), ("pedestrian", line), ("construction", line)]
    assert told(written(road)).quarantine["raw_row"].to_list() == [2, 3, 4]


def test_a_river_closed_to_boats_carries_nothing(tmp_path: Path) -> None:
    shapes = [shapely.LineString([(at, 0), (at, 1)]) for at in range(4)]
    rows = {"waterway": ["river"] * 3 + [None], "highway": [None] * 3 + ["primary"],
            "boat": ["yes", "No", None, "no"], "motorboat": [None, "yes", "no", None]}  # fmt: skip
    geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326").to_parquet(tmp_path / "both.parquet")
    found = told(tmp_path / "both.parquet")
    assert sorted(found.edges["mode"]) == ["river", "road"]
    assert found.quarantine["raw_row"].to_list() == [2, 3]
    assert "no boat may pass here" in found.quarantine["reason"][0]


def test_lines_meet_across_the_antimeridian(written) -> None:  # type: ignore[no-untyped-def]
    west, east = shapely.LineString([(179.5, -16.8), (180, -16.9)]), shapely.LineString([(-180, -16.9), (-179.9, -17)])
    found = told(written([("primary", west), ("primary", east)]))
    assert found.nodes.height == 3
    assert sorted(found.edges["length_km"]) == pytest.approx(
        sorted([float(distance_km(179.5, -16.8, 180, -16.9)), float(distance_km(-180, -16.9, -179.9, -17))]), rel=1e-4
    )


def test_shapes_that_are_no_line_on_the_globe_are_refused(written) -> None:  # type: ignore[no-untyped-def]
    good = shapely.LineString([(0, 0), (1, 0)])
    rows = [("primary", good), ("primary", shapely.Point(1, 1)), ("primary", None),
            ("primary", shapely.LineString([(0, 0), (0, 95)])),
            ("primary", shapely.MultiLineString([good, good]))]  # fmt: skip
    found = told(written(rows))
    assert found.quarantine["raw_row"].to_list() == [2, 3, 4]
    assert [reason.split(";")[0].split(": ")[1] for reason in found.quarantine["reason"]] == [
        "the geometry is no line", "the geometry is missing or unreadable", "the line is empty or leaves the globe",
    ]  # fmt: skip
    assert found.edges.height == 1


def test_files_that_do_not_tell_are_refused_whole(written) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LayoutError, match="does not say what its lines carry"):
        told(written(CROSS, "name"))


def test_other_coordinates_are_not_guessed(tmp_path: Path) -> None:
    moved = frame(CROSS).to_crs("EPSG:32631")
    moved.to_parquet(tmp_path / "utm.parquet")
    moved.to_file(tmp_path / "utm.gpkg", driver="GPKG")
    for name in ("utm.parquet", "utm.gpkg"):
        with pytest.raises(LayoutError, match="reproject it to longitude and latitude"):
            told(tmp_path / name)


def test_files_that_are_something_else(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="does not exist"):
        told(tmp_path / "absent.gpkg")
    (tmp_path / "text.gpkg").write_text("hello")
    with pytest.raises(DamagedFile, match="cannot be read"):
        told(tmp_path / "text.gpkg")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "plain.parquet")
    with pytest.raises(LayoutError, match="without geometry"):
        told(tmp_path / "plain.parquet")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "bad.parquet", metadata={"geo": json.dumps({"columns": {}})})
    with pytest.raises(DamagedFile, match="metadata"):
        told(tmp_path / "bad.parquet")


def test_a_geopackage_is_told_from_other_databases(tmp_path: Path) -> None:
    frame(CROSS).to_file(tmp_path / "roads.gpkg", driver="GPKG")
    assert is_geopackage((tmp_path / "roads.gpkg").read_bytes()[:100])
    with sqlite3.connect(tmp_path / "plain.db") as db:
        db.execute("create table a (b)")
    db.close()
    assert not is_geopackage((tmp_path / "plain.db").read_bytes()[:100])


COORDINATES = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(st.lists(st.lists(COORDINATES, min_size=2, max_size=6), min_size=1, max_size=6))
def test_what_touches_is_connected_and_nothing_else(rows: list[list[tuple[int, int]]]) -> None:
    """Two points of lines are connected in the network just as they are by steps along the lines."""
    import networkx as nx

    steps = nx.Graph()
    for row in rows:
        nx.add_path(steps, row)
    nodes, edges = _network([shapely.LineString(row) for row in rows], ["road"] * len(rows), "user")
    at = [(round(lon), round(lat)) for lon, lat in nodes.select("lon", "lat").iter_rows()]
    assert {row[0] for row in rows} | {row[-1] for row in rows} <= set(at)
    found = nx.Graph()
    found.add_nodes_from(at)
    for start, end, km in edges.select("start", "end", "length_km").iter_rows():
        found.add_edge(at[start], at[end])
        assert km >= float(distance_km(*at[start], *at[end])) - 1e-6
    for component in nx.connected_components(steps):
        mine = component & set(at)
        assert len({frozenset(nx.node_connected_component(found, one)) for one in mine}) <= 1
    assert all(nx.has_path(steps, at[start], at[end]) for start, end in edges.select("start", "end").iter_rows())
