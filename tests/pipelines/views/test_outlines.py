"""Outlines of countries: derived as their module says, closed, and nowhere torn at the 180th meridian."""

import re

import pytest

from graphs.countries import areas
from pipelines.views.offline import part
from pipelines.views.outlines import absolute, picture


def topology(arcs, geometries, scale=1.0, translate=(0.0, 0.0)):
    return {
        "transform": {"scale": [scale, scale], "translate": list(translate)},
        "arcs": arcs,
        "objects": {"countries": {"geometries": geometries}},
    }


def country(number, arcs, name="Land"):
    return {"type": "Polygon", "id": number, "properties": {"name": name}, "arcs": arcs}


def square(x, y, size):
    return [[x, y], [size, 0], [0, size], [-size, 0], [0, -size]]


def rings(path):
    """Points of each part of path data, in degrees."""
    out = []
    for text in path.split("z")[:-1]:
        x = y = 0
        points = []
        numbers = [int(one) for one in re.findall(r"-?\d+", text)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x / 100, -y / 100))
        out.append(points)
    return out


def paths(text):
    return dict(re.findall(r'<path id="land-(\w+)" d="([^"]*)"/>', text))


def test_a_square_stays_a_square():
    drawn = paths(picture(topology([square(10, 20, 5)], [country("288", [[0]])])))
    assert set(drawn) == {"GHA"}
    assert set(rings(drawn["GHA"])[0]) == {(10, 20), (15, 20), (15, 25), (10, 25)}


def test_an_arc_is_walked_backwards_by_the_neighbour():
    """Two countries share the side x = 5; each has an arc of its own for the rest."""
    shared, left, right = [[5, 0], [0, 5]], [[5, 5], [-5, 0], [0, -5], [5, 0]], [[5, 0], [5, 0], [0, 5], [-5, 0]]
    drawn = paths(picture(topology([shared, left, right], [country("288", [[0, 1]]), country("384", [[2, ~0]])])))
    assert set(rings(drawn["GHA"])[0]) == {(5, 0), (5, 5), (0, 5), (0, 0)}
    assert set(rings(drawn["CIV"])[0]) == {(5, 0), (10, 0), (10, 5), (5, 5)}


def test_holes_follow_their_ring_and_specks_are_left_out():
    """A hole turns the other way; an island of a hundredth of a degree is not seen."""
    hole = [[2, 2], [0, 2], [2, 0], [0, -2], [-2, 0]]
    arcs = [square(0, 0, 9), hole, square(30, 0, 3)]
    many = {"type": "MultiPolygon", "id": "288", "properties": {"name": "Ghana"}, "arcs": [[[3]], [[2]], [[0], [1]]]}
    tiny = [[x / 100 for x in step] for step in square(0, 0, 3)]
    drawn = rings(paths(picture(topology([*arcs, tiny], [many])))["GHA"])
    assert [len(one) for one in drawn] == [4, 4, 4]
    assert drawn[0][0] == (0, 0)  # the larger polygon, its hole, the smaller one
    assert drawn[1][0] == (2, 2)
    assert drawn[2][0] == (30, 0)


def test_what_crosses_the_antimeridian_runs_on():
    arc = [[170, 60], [15, 0], [-360 + 5, 0], [0, 8], [355, 0], [-15, 0], [0, -8]]
    (ring,) = rings(paths(picture(topology([arc], [country("643", [[0]])])))["RUS"])
    assert {lon for lon, _ in ring} <= {170, 185, 190}
    assert absolute(topology([arc], []))[0][2] == (19000, -6000)


def test_a_ring_around_a_pole_is_closed_there():
    arc = [[-180, -70], *[[30, 0]] * 12]
    (ring,) = rings(paths(picture(topology([arc], [country("010", [[0]], "Antarctica")])))["ATA"])
    assert {lat for _, lat in ring} == {-70, -90}
    assert max(lon for lon, _ in ring) - min(lon for lon, _ in ring) == 360


def test_areas_without_a_listed_number_are_drawn_without_a_name():
    named = [country(None, [[0]], "Kosovo"), country(None, [[1]], "Somaliland"), country("492", [[2]], "Monaco")]
    drawn = paths(picture(topology([square(0, 0, 2), square(5, 0, 2), square(9, 0, 2)], named)))
    assert set(drawn) == {"XKX", "other", "MCO"}


def test_the_outlines_in_the_package_are_whole():
    drawn = paths(part("outlines.svg"))
    assert len(drawn) > 220
    assert set(drawn) - {"other", "XKX"} <= set(areas())
    assert not set(re.sub(r'<!--.*?-->|<path id="land-\w+" d="[Mlz\d \n-]+"/>', "", part("outlines.svg")).strip())
    for code, path in drawn.items():
        for ring in rings(path):
            assert len(ring) >= 3, code
            steps = zip(ring, ring[1:] + ring[:1], strict=True)
            assert code == "ATA" or all(abs(here[0] - there[0]) < 60 for here, there in steps), code


@pytest.mark.parametrize(
    ("code", "lon", "lat", "is_inside"),
    [("GHA", -1.6, 6.7, True), ("GHA", -5.0, 6.7, False), ("ZAF", 28.2, -29.5, False), ("LSO", 28.2, -29.5, True),
     ("RUS", 185.0, 66.5, True), ("USA", -98.0, 39.0, True), ("ATA", 100.0, -85.0, True), ("IDN", 113.0, -1.0, True)],
)  # fmt: skip
def test_known_places_lie_in_their_country(code, lon, lat, is_inside):
    """Even and odd crossings of a ray to the east, over all rings."""
    crossings = 0
    for ring in rings(paths(part("outlines.svg"))[code]):
        for (x, y), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            crossings += (y > lat) != (y2 > lat) and lon < x + (lat - y) / (y2 - y) * (x2 - x)
    assert (crossings % 2 == 1) is is_inside
