"""Outlines of countries as a part of an SVG picture, which map pages show and from which they take their ground.

`templates/outlines.svg` was derived once from `countries-50m.json` of the npm package world-atlas 2.0.2 (Natural Earth
4.1.0, 1:50 million, public domain; the package: ISC). The same bytes come again from:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz package/countries-50m.json
    python -m pipelines.views.outlines package/countries-50m.json > pipelines/views/templates/outlines.svg

Arcs, which two neighbours share, are thinned one by one with their ends kept, so that borders stay closed. Numbers are
hundredths of a degree, y to the south, each relative to the one before: longitude = x / 100, latitude = -y / 100.
A part that runs against its country's first one is a hole in the part before it. Longitudes run on beyond 180 degrees,
so that nothing is cut there; whoever draws repeats the picture every 360.
Natural Earth draws borders as they are held, not as they are claimed.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from graphs.countries import areas, by_numeric
from pipelines.views.map_lines import thinned

Point = tuple[int, int]
TOLERANCE = 4.0
"""Hundredths of a degree by which a thinned line may leave the given one; about 4 km at the equator."""
SMALLEST = 12.0
"""Islands and lakes of less area, in squares of a hundredth of a degree, are left out; a country's largest stays."""
TURN, POLE = 36_000, 9_000
NAMED = {"Kosovo": "XKX", "Monaco": "MCO"}
"""Codes of areas whose number is missing, or names another area in trade statistics."""


def picture(topology: Mapping[str, Any]) -> str:
    """The SVG group of all countries of a TopoJSON topology, ordered by code, largest ring first."""
    arcs = [thinned(arc, TOLERANCE) for arc in absolute(topology)]
    countries: dict[str, list[list[Point]]] = {}
    for one in topology["objects"]["countries"]["geometries"]:
        countries.setdefault(_code(one), []).extend(_rings(one, arcs))
    lines = [f'<path id="land-{code}" d="{_path(rings)}"/>' for code, rings in sorted(countries.items()) if rings]
    return "\n".join([HEADER, *lines]) + "\n"


HEADER = (
    "<!-- Outlines of countries: Natural Earth 4.1.0, 1:50 million, public domain; made by pipelines.views.outlines -->"
)


def absolute(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Arcs of a quantised topology in hundredths of a degree, y to the south, running on across the 180th meridian."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            spot = (round(100 * (x * sx + tx)), round(-100 * (y * sy + ty)))
            points.append(_near(spot, points[-1]) if points else spot)
        out.append(points[:1] + [there for here, there in pairwise(points) if here != there])
    return out


def _near(point: Point, before: Point) -> Point:
    """The same place, less than half a turn from the one before."""
    return point[0] - TURN * round((point[0] - before[0]) / TURN), point[1]


def _code(geometry: Mapping[str, Any]) -> str:
    """Alpha-3 code of an area; "other" where ISO knows none."""
    number, name = geometry.get("id"), geometry.get("properties", {}).get("name")
    code = NAMED.get(name) or by_numeric().get(int(number) if number else -1, "other")
    return code if code in NAMED.values() or (code in areas() and areas()[code].kind == "country") else "other"


def _rings(geometry: Mapping[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """Rings of an area that are large enough to be seen, largest polygon first, each before its holes."""
    given = geometry.get("arcs", [])
    polygons = [[_joined(ring, arcs) for ring in one] for one in ([given] if geometry["type"] == "Polygon" else given)]
    polygons = [[ring for ring in one if any(abs(y) < POLE for _, y in ring)] for one in polygons]  # a pole is no ring
    polygons = sorted((one for one in polygons if one and len(one[0]) > 3), key=lambda one: (-_area(one[0]), one))
    return [
        ring
        for at, polygon in enumerate(polygons)
        if at == 0 or _area(polygon[0]) >= SMALLEST
        for place, ring in enumerate(polygon)
        if place == 0 or (len(ring) > 3 and _area(ring) >= SMALLEST)
    ]


def _joined(ring: Sequence[int], arcs: list[list[Point]]) -> list[Point]:
    """One ring from its arcs; a negative number is an arc walked backwards. A ring around a pole is closed there."""
    points: list[Point] = []
    for at in ring:
        arc = arcs[at] if at >= 0 else arcs[~at][::-1]
        shift = _near(arc[0], points[-1])[0] - arc[0][0] if points else 0
        points += [(x + shift, y) for x, y in arc[1 if points else 0 :]]
    if points[0] != points[-1]:
        pole = POLE if points[0][1] > 0 else -POLE
        points += [(points[-1][0], pole), (points[0][0], pole), points[0]]
    middle = (min(points)[0] + max(points)[0]) / 2
    shift = TURN * round(middle / TURN)
    return [(x - shift, y) for x, y in points]


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(here[0] * there[1] - there[0] * here[1] for here, there in pairwise(ring))) / 2


def _path(rings: Sequence[Sequence[Point]]) -> str:
    """Path data: one closed part a ring, relative to its first point."""
    parts = []
    for ring in rings:
        steps = (f"{there[0] - here[0]} {there[1] - here[1]}" for here, there in pairwise(ring[:-1]))
        parts.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(picture(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
