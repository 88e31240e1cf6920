"""GeoJSON (RFC 7946) and GeoParquet 1.1: countries as points at their capitals, their trade as lines between them, and
ports, airports and other places as points.

A capital is not where goods are, and a line is no route: the caveats say so. Nodes without a place, and trade from or
to one, are counted among what was left out. A line takes the shorter way around the globe; where that crosses the
180th meridian it is cut there, as RFC 7946 asks.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from graphs.export.content import Content
from graphs.schema_places import PLACE_LABELS

Point = tuple[float, float]
Line = list[list[Point]]
"""One part, or two where the line is cut."""


def write_geojson(content: Content, file: Path) -> None:
    """A FeatureCollection, one feature a line."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type":"FeatureCollection","features":[')
        for at, (properties, geometry) in enumerate(_features(content)):
            feature = {"type": "Feature", "id": properties["id"], "geometry": geometry, "properties": properties}
            stream.write((",\n" if at else "\n") + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        stream.write("\n]}\n")


def write_geoparquet(content: Content, file: Path) -> None:
    """One table; `geometry` is WKB in longitude and latitude (OGC:CRS84)."""
    from shapely import to_wkb
    from shapely.geometry import shape

    rows, shapes = [], []
    for properties, geometry in _features(content):
        rows.append(properties)
        shapes.append(shape(geometry))
    table = pl.DataFrame(rows, schema=COLUMNS).with_columns(
        geometry=pl.Series([to_wkb(one, byte_order=1) for one in shapes], dtype=pl.Binary)
    )
    table.write_parquet(file, metadata={"geo": json.dumps(_geo(shapes))})


COLUMNS = {
    "id": pl.String,
    "kind": pl.String,
    "label": pl.String,
    "code": pl.String,
    "exporter": pl.String,
    "importer": pl.String,
    "source": pl.String,
    "family": pl.String,
    "year": pl.Int64,
    "value_usd": pl.Float64,
    "mass_kg": pl.Float64,
    "flows": pl.Int64,
}
"""Properties of features; those of the other kind are null."""


def _geo(shapes: list[Any]) -> dict[str, Any]:
    """Metadata of GeoParquet 1.1."""
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted({one.geom_type for one in shapes})}
    if shapes:
        corners = [one.bounds for one in shapes]
        west, south, east, north = zip(*corners, strict=True)
        column["bbox"] = [min(west), min(south), max(east), max(north)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _features(content: Content) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Properties and geometry of every country that has a place, then of every trade between two of them."""
    places: dict[str, Point] = {}
    for row in _rows(content, "Country"):
        if row["lon"] is not None and row["lat"] is not None:
            places[row["code"]] = (row["lon"], row["lat"])
            told = {"id": f"Country:{row['code']}", "kind": "Country", "label": row["name"], "code": row["code"]}
            content.written["nodes"] += 1
            yield told, {"type": "Point", "coordinates": list(places[row["code"]])}
    for label in PLACE_LABELS:
        for row in _rows(content, label):
            key = row["place_id"]
            content.written["nodes"] += 1
            told = {"id": f"{label}:{key}", "kind": label, "label": row["name"], "code": key}
            yield told, {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    _tell_nodes(content, places)
    yield from _trade(content, places)


def _rows(content: Content, label: str) -> Iterator[dict[str, Any]]:
    rows = content.nodes.get(label)
    return iter(()) if rows is None else rows.iter_rows(named=True)


def _tell_nodes(content: Content, places: dict[str, Point]) -> None:
    homeless = [f"{row['name']} ({row['code']})" for row in _rows(content, "Country") if row["code"] not in places]
    homeless += [f"{row['name']} ({row['code']})" for row in _rows(content, "Residual")]
    if homeless:
        content.left_out.append(f"{len(homeless):,} areas without a place: {', '.join(homeless)}")
    for label, rows in content.nodes.items():
        if label not in ("Country", "Residual", *PLACE_LABELS) and rows.height:
            content.left_out.append(f"{rows.height:,} {label} nodes, which have no place")


def _trade(content: Content, places: dict[str, Point]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    without, same = 0, 0
    for edge, rows in content.edges.items():
        if edge.name != "EXPORTS_TO":
            if rows.height:
                why = "which join nodes without a place"
                if {edge.start, edge.end} <= {"Country", *PLACE_LABELS}:
                    why = "which are not drawn"
                content.left_out.append(f"{rows.height:,} {edge.table} edges, {why}")
            continue
        for row in rows.iter_rows(named=True):
            start, end = row.pop("start"), row.pop("end")
            if edge.start != "Country" or edge.end != "Country" or start not in places or end not in places:
                without += 1
            elif places[start] == places[end]:
                same += 1
            else:
                content.written["edges"] += 1
                yield _trade_row(row, start, end), _geometry(line(places[start], places[end]))
    if without:
        content.left_out.append(f"{without:,} trade edges from or to an area without a place")
    if same:
        content.left_out.append(f"{same:,} trade edges that begin and end in one place")


def _trade_row(row: dict[str, Any], start: str, end: str) -> dict[str, Any]:
    told = {"id": f"EXPORTS_TO:{row.pop('edge_id')}", "kind": "EXPORTS_TO", "exporter": start, "importer": end}
    return told | {name: value for name, value in row.items() if value is not None}


def _geometry(parts: Line) -> dict[str, Any]:
    lists = [[list(point) for point in part] for part in parts]
    if len(lists) == 1:
        return {"type": "LineString", "coordinates": lists[0]}
    return {"type": "MultiLineString", "coordinates": lists}


def line(start: Point, end: Point) -> Line:
    """The shorter way between two points on a map, cut at the 180th meridian where it crosses it."""
    (west, south), (east, north) = start, end
    if abs(east - west) <= 180:
        return [[start, end]]
    side = 180.0 if west > 0 else -180.0
    total = 360 - abs(east - west)
    share = abs(side - west) / total
    middle = south + share * (north - south)
    if share in (0, 1):  # one end stands on the meridian itself: nothing to cut
        return [[(-west, south) if share == 0 else start, end if share == 0 else (-east, north)]]
    return [[start, (side, middle)], [(-side, middle), end]]
