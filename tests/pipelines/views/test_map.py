"""The page of a map: nothing from elsewhere, nothing that a name could run, no line where nobody heard a ship."""

import json
import re
from datetime import date, timedelta
from itertools import pairwise
from math import cos, hypot, radians, sin

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.policy import lint
from pipelines.views import map as maps
from pipelines.views import map_words as words
from pipelines.views.map import data, maplibre, page, route_page, voyage_page
from pipelines.views.map_drawing import End, nearest_turn
from pipelines.views.map_runs import heard, hours, is_jump
from pipelines.views.map_svg import HEIGHT, WIDTH, labelled, picture
from pipelines.views.map_voyages import voyage
from pipelines.views.map_ways import certainty, ways
from pipelines.views.offline import part
from tests.graphs.ego_rows import HOSTILE
from tests.pipelines.views.browser import BROWSER, NO_WEBGL, SOFTWARE, Tab
from tests.pipelines.views.map_rows import (
    DURBAN,
    ENDS,
    START,
    TEMA,
    call,
    calls,
    leg,
    legs,
    long_voyage,
    long_way,
    positions,
)
from tests.pipelines.views.test_network import Page, scripts, sha256

ABOUT = {"sources": "searoute", "licences": "Apache-2.0", "as_of": "2025-12-31", "snapshot": "0123456789abcdef"}
SHIP = "MV Example (636012345:1)"


@pytest.fixture(scope="module")
def way_page() -> str:
    return route_page(long_way(), ENDS, ABOUT)


@pytest.fixture(scope="module")
def hostile_page() -> str:
    rows = [leg([(3.0 * at, at), (3.0 * at + 3, at + 1)], step=at + 1, from_place=name, to_place=HOSTILE[at - 1],
                mode="sea" if at % 2 else "road") for at, name in enumerate(HOSTILE)]  # fmt: skip
    ends = (End(HOSTILE[2], HOSTILE[3], "XAA", 0.0, 0.0), End(HOSTILE[5], HOSTILE[2], HOSTILE[1], 36.0, 12.0))
    return route_page(legs(*rows), ends, {"sources": HOSTILE[3], HOSTILE[2]: HOSTILE[5]}, {HOSTILE[0]: HOSTILE[3]})


def rows_of(parsed: Page) -> list[str]:
    return [one.strip() for one in parsed.texts["td"]]


def said(parsed: Page) -> str:
    return " ".join(text for tag, texts in parsed.texts.items() if tag not in ("script", "style") for text in texts)


# The file


def test_the_file_names_no_address(way_page):
    """Addresses may stand in licence texts and as the name of the SVG namespace; nowhere else.

    A few strings of maplibre-gl are only the beginnings that it compares addresses with."""
    assert part("maplibre.licence.txt").splitlines()[0] in way_page
    text = re.sub(r"<pre>.*?</pre>", "", way_page, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r".{0,40}https?://.{0,40}", text) == []
    assert re.findall(r""".{0,40}["'(=]//\w.{0,40}""", text) == []
    assert set(re.findall(r"""["'(=]\w+://[^"']*""", text)) <= {'"file://', '"resource://android'}
    assert "sourceMappingURL" not in text
    for tag, attributes in Page(way_page).elements:
        assert tag not in ("link", "iframe", "img", "base", "object", "embed", "a", "image")
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "action", "data", "style")
            assert name != "href" or str(value).startswith("#")


def test_the_policy_allows_these_scripts_and_nothing_else(way_page):
    parsed = Page(way_page)
    (policy,) = [one["content"] for tag, one in parsed.elements if one.get("http-equiv") == "Content-Security-Policy"]
    allowed = {
        name: parts.split() for name, _, parts in (one.strip().partition(" ") for one in (policy or "").split(";"))
    }
    assert allowed["default-src"] == allowed["connect-src"] == ["'none'"]
    assert allowed["worker-src"] == ["blob:"]
    assert allowed["img-src"] == ["data:", "blob:"]
    run = [text for text, (_, one) in zip(parsed.texts["script"], scripts(parsed), strict=True) if "type" not in one]
    assert allowed["script-src"] == [f"'{sha256(one)}'" for one in run]
    assert allowed["style-src"] == [f"'{sha256(one)}'" for one in parsed.texts["style"]]


def test_the_library_is_whole_and_cannot_end_its_script():
    script, style = maplibre()
    assert len(script) > 500_000
    assert "</script" not in script.lower()
    assert "</style" not in style.lower()
    assert "maplibregl" in script
    assert maps.maplibre() is maplibre()


def test_hostile_names_are_text_everywhere(hostile_page):
    parsed = Page(hostile_page)
    assert len(scripts(parsed)) == 3
    assert [tag for tag, _ in parsed.elements if tag == "img"] == []
    told = json.loads(parsed.texts["script"][0])
    assert any(HOSTILE[2] in one["said"] for one in told["marks"])
    assert any(HOSTILE[3] in one["said"] for one in told["lines"])
    assert parsed.texts["dd"] == [HOSTILE[3], HOSTILE[5]]
    assert {HOSTILE[2], HOSTILE[3].strip()} <= set(rows_of(parsed))
    assert parsed.texts["title"][0].startswith("Ways from " + HOSTILE[3])


def test_the_page_says_what_it_is_not_and_where_it_comes_from(way_page):
    parsed = Page(way_page)
    assert parsed.texts["p"][0] == words.WAY_CAVEAT
    assert dict(zip(parsed.texts["dt"], parsed.texts["dd"], strict=True)) == {
        "sources": "searoute", "licences": "Apache-2.0", "as of": "2025-12-31", "snapshot": "0123456789abcdef",
    }  # fmt: skip
    assert words.OUTLINES in [one.strip() for one in parsed.texts["p"]]
    assert lint(said(parsed).replace(part("maplibre.licence.txt"), "")) == []
    ship = Page(voyage_page(SHIP, long_voyage(), calls(), ABOUT, ENDS))
    assert ship.texts["p"][0] == words.VOYAGE_CAVEAT
    assert lint(said(ship)) == []


def test_both_declared_ends_stand_on_the_page_and_their_countries_are_tinted(way_page):
    parsed = Page(way_page)
    told = " ".join(parsed.texts["li"][:2])
    assert "declared exporter: Ghana" in told
    assert "declared importer: South Africa" in told
    tinted = [one["id"] for tag, one in parsed.elements if tag == "path" and one.get("class") == "declared"]
    assert tinted == ["land-GHA", "land-ZAF"]
    marks = [one for one in ways(long_way(), ENDS).marks if one.kind == "end"]
    assert [one.point for one in marks] == [TEMA, DURBAN]


def test_ends_without_a_place_are_named_and_invented_ones_told_to_be_none():
    ends = (End("declared exporter", "Aurelia", "XAA"), End("declared importer", "Ghana", "GHA", *TEMA))
    drawing = ways(long_way(), ends)
    assert drawing.caveat.startswith("Codes from XAA to XZZ belong to no real country")
    assert "No place is known for Aurelia (declared exporter), so no mark stands for it." in drawing.notes
    assert "no outline is known" in said(Page(page(drawing, ABOUT)))


def test_the_same_frames_make_the_same_page_in_any_order():
    way, track = long_way(), long_voyage()
    called = calls(call("a", 1, 2), call("b", 3, None))
    pages = {route_page(one, ENDS, ABOUT) for one in (way, way.reverse(), way.sample(fraction=1, shuffle=True, seed=3))}
    assert len(pages) == 1
    shuffled = track.sample(fraction=1, shuffle=True, seed=3)
    both = {voyage_page(SHIP, track, called, ABOUT), voyage_page(SHIP, shuffled, called.reverse(), ABOUT)}
    assert len(both) == 1


# Ways


def test_every_leg_is_a_row_with_its_numbers():
    drawing = ways(long_way(), ENDS, {"port:tema": "Tema", "port:durban": "Durban"})
    assert drawing.rows[0] == ["1.1", "mine", "rail head", "by road", "48 km", "12 h", "14.5 USD/t", "48 km",
                               words.CERTAINTIES["estimated"]]  # fmt: skip
    assert drawing.rows[2][:5] == ["1.3", "Tema", "Tema", "change between two modes", "0.0 km"]
    assert drawing.rows[3][3:7] == ["by sea", "6,410 km", "12.0 days", "16 USD/t"]
    assert drawing.rows[4][6] == words.UNKNOWN
    assert drawing.lead[0].startswith("Way 1: 4 legs, 6,670 km, 13.9 days, 44.8 USD/t; 78 km (1 %) of it beyond")
    assert drawing.lead[1].startswith(
        "Way 2: 1 leg, 19,800 km, 37.1 days, cost not known; all of it along known networks"
    )


def test_sums_count_what_is_not_known_and_never_as_zero():
    one = leg([TEMA, DURBAN], cost_usd_per_t=None, off_network_km=None)
    other = leg([TEMA, DURBAN], step=2, hours=float("nan"))
    (said_of,) = ways(legs(one, other), ENDS).lead
    assert said_of == (
        "Way 1: 2 legs, 200 km, at least 10 h (1 of 2 not known), at least 2 USD/t (1 of 2 not known); "
        "how much of it is an estimate is not known."
    )


@pytest.mark.parametrize(
    ("off", "length", "flag", "expected"),
    [
        (0.0, 100.0, None, "known"),
        (2.0, 100.0, None, "known"),
        (3.0, 100.0, None, "partly"),
        (95.0, 100.0, None, "estimated"),
        (5.0, None, None, "estimated"),
        (0.0, None, None, "known"),
        (None, 100.0, None, "partly"),
        (0.0, 100.0, True, "estimated"),
        (50.0, 100.0, False, "partly"),
    ],
)
def test_what_is_estimated_is_drawn_so(off, length, flag, expected):
    assert certainty({"off_network_km": off, "length_km": length, "is_estimated": flag}) == expected


def test_estimates_are_dashed_and_colours_tell_modes():
    drawing = ways(long_way(), ENDS)
    drawn = {one["row"]: one for one in picture(drawing)["lines"]}
    assert [bool(drawn[at]["dashes"]) for at in (0, 1, 3, 4)] == [True, True, False, False]
    assert drawn[0]["dashes"] != drawn[1]["dashes"]
    assert len({drawn[at]["colour"] for at in (0, 1, 3)}) == 3
    parsed = Page(page(drawing, ABOUT))
    legend = [one.strip() for one in parsed.texts["li"]]
    assert {"by road", "by rail", "by sea", *words.CERTAINTIES.values()} <= set(legend)
    assert "by air" not in legend


def test_a_leg_without_a_line_is_told_and_not_drawn():
    drawing = ways(legs(leg([], lon_lat=None), leg([(0.0, 0.0), (500.0, 0.0), (1.0, 95.0)], step=2)), ENDS)
    assert drawing.lines == []
    assert [row[-1].endswith("not drawn: no line is given") for row in drawing.rows] == [True, True]
    assert "2 points of lines are no place on Earth and are left out." in drawing.notes


def test_no_way_is_said():
    drawing = ways(legs(), ENDS)
    assert drawing.lead == ["No way is known between these two under the conditions asked for."]
    assert drawing.rows == []
    assert "No way is known" in page(drawing, ABOUT)


def test_lines_may_come_as_pairs_structs_or_numbers_in_turn():
    pairs = legs(leg([TEMA, DURBAN]))
    structs = pairs.with_columns(
        lon_lat=pl.Series([[{"lon": TEMA[0], "lat": TEMA[1]}, {"lon": DURBAN[0], "lat": DURBAN[1]}]])
    )
    flat = pairs.with_columns(lon_lat=pl.Series([[*TEMA, *DURBAN]]))
    assert ways(pairs, ENDS) == ways(structs, ENDS) == ways(flat, ENDS)


def test_a_way_over_the_antimeridian_is_one_line():
    way = legs(leg([(139.8, 35.4), (170.0, 45.0)]), leg([(170.0, 45.0), (-170.0, 47.0), (-122.4, 37.7)], step=2))
    ends = (End("exporter", "Japan", "JPN", 139.8, 35.4), End("importer", "United States", "USA", -122.4, 37.7))
    drawing = ways(way, ends)
    lons = [lon for one in drawing.lines for lon, _ in one.points]
    assert max(lons) == pytest.approx(237.6)
    assert all(abs(here - there) < 20 for here, there in pairwise(lons))
    assert {one.label: one.point for one in drawing.marks}["United States"] == pytest.approx((237.6, 37.7))
    west, _, east, _ = data(drawing)["window"]
    assert 90 < west < 140
    assert 237 < east < 290


def test_the_second_way_round_the_other_side_is_drawn_beside_the_first():
    way = legs(leg([(100.0, 0.0), (179.0, 0.0)]), leg([(-170.0, 0.0), (-100.0, 0.0)], route=2))
    assert ways(way, ()).lines[1].points[0] == (190.0, 0.0)
    assert nearest_turn((-170.0, 0.0), [(100.0, 0.0), (179.0, 0.0)]) == (190.0, 0.0)
    assert nearest_turn((-170.0, 0.0), []) == (-170.0, 0.0)


def test_straits_and_sources_of_a_leg_are_told():
    one = leg([TEMA, DURBAN]) | {"passages": ["Suez"], "source": "searoute", "is_estimated": False}
    other = leg([TEMA, DURBAN], "air", step=2) | {
        "passages": [],
        "source": "flight that no list has",
        "is_estimated": True,
    }
    drawing = ways(pl.DataFrame([one, other]), ENDS)
    assert drawing.rows[0][3] == "by sea, through Suez"
    assert drawing.rows[0][-1] == f"{words.CERTAINTIES['known']} (searoute)"
    assert drawing.rows[1][-1] == f"{words.CERTAINTIES['estimated']} (flight that no list has)"
    assert [one.certainty for one in drawing.lines] == ["known", "estimated"]


# Voyages


def test_silences_are_gaps_and_never_straight_sailing():
    drawing = voyage(SHIP, long_voyage(), calls(), ENDS)
    silences = [row for row in drawing.rows if row[0] == words.SILENCE]
    assert [row[3] for row in silences] == ["5.0 days", "3.8 days"]
    assert "The ship was heard 2 times there without a position." in silences[0][-1]
    drawn = sorted((one.points[0], one.points[-1]) for one in drawing.lines)
    assert drawn == [  # hours 0 to 30, 150 to 159, and 250 to 270; nothing from one to the next
        (pytest.approx((0.01, 5.63)), pytest.approx((-4.49, -0.37))),
        (pytest.approx((8.0, -28.0)), pytest.approx((9.8, -28.9))),
        (pytest.approx((27.0, -34.0)), pytest.approx((31.0, -30.0))),
    ]
    assert sum(one.kind == "silent" for one in drawing.marks) == 4
    assert "2 stretches without a position, 8.8 days of 11.2 days" in drawing.lead[1]


def test_positions_that_no_ship_sails_between_are_not_joined():
    drawing = voyage(SHIP, positions((0, 0, 0), (1, 0.2, 0), (2, 60, 30), (3, 60.2, 30)), calls())
    assert [row[0] for row in drawing.rows] == ["heard", words.JUMP, "heard"]
    assert [len(one.points) for one in drawing.lines] == [2, 2]
    assert "are not joined" in drawing.rows[1][-1]


def test_one_wild_position_is_set_aside_and_told():
    drawing = voyage(SHIP, positions((0, 0, 0), (1, 0.2, 0), (1.5, 60, 30), (2, 0.4, 0), (3, 0.6, 0)), calls())
    assert [row[0] for row in drawing.rows] == ["heard", words.WILD]
    assert drawing.rows[1][-1].startswith("30.00, 60.00: no ship sails there and back")
    assert max(lon for lon, _ in drawing.points()) == 0.6
    assert drawing.rows[0][-1] == "4 positions"


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, *range(9)]), st.integers(0, 3)), max_size=25))
def test_every_report_is_in_one_run_set_aside_or_counted(rows):
    """And no run holds a silence or a jump, while every break is one."""
    found = heard(positions(*((hour, None if lon is None else lon / 3, lat / 3) for hour, lon, lat in rows)))
    assert sum(len(one.fixes) for one in found.runs) + len(found.wild) + found.bare + found.strays == len(rows)
    for run in found.runs:
        assert all(hours(*pair) <= 3 and not is_jump(*pair) for pair in pairwise(run.fixes))
    assert all(hours(*pair) > 3 or is_jump(*pair) for pair in found.breaks)
    assert found.bare == sum(lon is None for _, lon, _ in rows)


def test_two_positions_of_one_minute_are_no_jump_unless_far_apart():
    near = voyage(SHIP, positions((0, 0, 0), (0, 0.01, 0), (1, 0.1, 0)), calls())
    far = voyage(SHIP, positions((0, 0, 0), (0, 0.1, 0), (1, 0.1, 0)), calls())
    assert [row[0] for row in near.rows] == ["heard"]
    assert words.JUMP in [row[0] for row in far.rows]


def test_calls_stand_in_the_table_in_order_with_what_is_known():
    called = calls(
        call(
            "port:durban",
            12,
            None,
            name="Durban",
            country="ZAF",
            lon=DURBAN[0],
            lat=DURBAN[1],
            draught_in_m=9.1,
            last_seen=START,
            known_from=START.date(),
        ),
        call("port:x", -5, 0.5),
    )
    drawing = voyage(SHIP, positions((0, 30.0, -31.0), (1, 30.1, -31.0), (2, 30.2, -31.0)), called)
    assert [row[0] for row in drawing.rows] == ["call: port:x", "heard", "call: Durban"]
    assert drawing.rows[0][-1] == "draught not sent; the place is not on the map: nobody says where it lies"
    assert drawing.rows[2][2:4] == ["still there in the last report", words.UNKNOWN]
    assert drawing.rows[2][-1] == "draught 9.1 m on arrival"
    assert [one.label for one in drawing.marks if one.kind == "call"] == ["Durban"]
    assert drawing.rows[1][3:] == ["2.0 h", "19 km", "5.1 knots", "3 positions"]


def test_a_call_at_either_end_of_the_reports_has_no_time_that_nobody_saw():
    lies = {"name": "Durban", "country": "ZAF", "lon": DURBAN[0], "lat": DURBAN[1]}
    called = calls(
        call("port:durban", 1, 17, is_whole=False, first_seen=START, **lies),
        call("port:durban", 40, None, last_seen=START + timedelta(hours=50), known_from=date(2021, 3, 9), **lies),
    )
    drawing = voyage(SHIP, positions((0, 30.0, -31.0), (1, 30.1, -31.0)), called)
    first, last = (row for row in drawing.rows if row[0].startswith("call"))
    assert first[1:4] == ["there at the first report, 2021-03-01", "2021-03-01 17:00", "at least 16 h"]
    assert last[1:4] == ["2021-03-02 16:00", "not seen to leave; last heard 2021-03-03", words.UNKNOWN]
    assert {one.said for one in drawing.marks if one.kind == "call"} == {
        "Durban: there at the first report, 2021-03-01; left 2021-03-01 17:00",
        "Durban: arrived 2021-03-02 16:00; not seen to leave; last heard 2021-03-03",
    }


def test_a_ship_without_positions_draws_nothing_and_says_so():
    drawing = voyage(SHIP, positions((0, None, None), (1, 0.0, 91.0)), calls())
    assert drawing.lines == []
    assert drawing.lead == ["No position of this ship is known, so nothing is drawn."]
    assert "1 report carries no position." in drawing.notes
    assert any("none on Earth" in one for one in drawing.notes)
    assert "nothing is drawn" in page(drawing, ABOUT)


def test_a_long_track_is_thinned_and_looks_the_same():
    """18,000 positions on a circle: the drawn line keeps to it."""
    rows = [(at / 100, 10 + 5 * cos(radians(at / 50)), 5 * sin(radians(at / 50))) for at in range(18_000)]
    drawing = voyage(SHIP, positions(*rows), calls())
    (line,) = drawing.lines
    assert 20 < len(line.points) < 2_000
    assert all(abs(hypot(lon - 10, lat) - 5) < 1e-9 for lon, lat in line.points)
    assert all(hypot(here[0] - there[0], here[1] - there[1]) < 0.8 for here, there in pairwise(line.points))
    assert "of 18,000 positions" in drawing.notes[0]
    assert "18,000 positions" in drawing.rows[0][-1]


@pytest.mark.realdata
def test_every_ship_of_a_real_file_has_a_page_that_joins_no_silence(real_data):
    """256 ships at Suez in March 2021; the file gives minutes, longitudes and latitudes, and nothing else."""
    read = pl.read_csv(real_data / "transport" / "ais_evergiven_boat_positions.csv", encoding="utf8-lossy")
    time = pl.col("ais_pos_timestamp").str.to_datetime("%d/%m/%Y %H:%M", time_zone="UTC")
    every = read.select("ID", time=time, lon="longitude", lat="latitude").partition_by("ID", include_key=False)
    assert len(every) == 256
    for track in every:
        found = heard(track)
        drawing = voyage("ship", track, calls())
        assert sum(len(one.fixes) for one in found.runs) + len(found.wild) == track.height
        assert sum(row[0] == words.SILENCE for row in drawing.rows) == sum(not is_jump(*one) for one in found.breaks)
        assert len(drawing.lines) <= len(found.runs)
    longest = max(every, key=lambda one: one.height)
    text = page(voyage("ship", longest, calls()), ABOUT)
    assert len(text) < 1_500_000


# The picture


def test_labels_hide_no_mark_and_no_label():
    spots = [(500.0 + 14 * at, 200.0 + 5 * (at % 3)) for at in range(30)] + [(990.0, 20.0), (10.0, 540.0)]
    names = [f"Place {at}" for at in range(30)] + ["Corner", "Other corner"]
    sides = labelled(spots, names)
    assert "" in sides[:30]
    assert sides[0] == "left"
    assert sides[30] == "left"
    assert sides[31] == "right"
    boxes = []
    for (x, y), text, side in zip(spots, names, sides, strict=True):
        wide = 7.2 * len(text)
        if side:
            left = {"right": x + 9, "left": x - 9 - wide}.get(side, x - wide / 2)
            top = {"below": y + 7, "above": y - 22}.get(side, y - 7.5)
            boxes.append((left, top, left + wide, top + 15))
    assert all(min(one) >= 0 and one[2] <= WIDTH and one[3] <= HEIGHT for one in boxes)
    assert [
        (one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ] == []  # fmt: skip


@pytest.mark.parametrize("drawing", [ways(long_way(), ENDS), voyage(SHIP, long_voyage(), calls(), ENDS),
                                     ways(legs(leg([TEMA, (-0.19, 5.55)])), ENDS[:1])])  # fmt: skip
def test_everything_lies_on_the_sheet(drawing):
    drawn = picture(drawing)
    spots = [(one["x"], one["y"]) for one in drawn["marks"]]
    spots += [tuple(map(float, spot.split(","))) for one in drawn["lines"] for spot in one["points"].split()]
    assert spots
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in spots)


# A browser


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: the page is not run in a browser")
@pytest.mark.parametrize(("flags", "kind"), [(SOFTWARE, "gl"), (NO_WEBGL, "svg")])
def test_a_browser_draws_the_page_and_runs_nothing_of_a_name(hostile_page, way_page, tmp_path, flags, kind):
    """With WebGL by the processor the map is drawn, without WebGL the plain picture stays; both ask nobody."""
    for name, text in (("hostile", hostile_page), ("way", way_page)):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    with Tab(tmp_path, *flags) as tab:
        tab.open(tmp_path / "hostile.html")
        assert tab.run("document.documentElement.dataset.map") == kind
        assert tab.run("document.documentElement.dataset.hacked === undefined")
        assert tab.run("[...document.querySelectorAll('td')].map((one) => one.textContent)").count(HOSTILE[2]) == 2
        if kind == "gl":
            assert tab.run("document.querySelectorAll('.pin').length") == len(HOSTILE) + 1
        tab.open(tmp_path / "way.html")
        shown = "getComputedStyle(document.querySelector('#drawn')).display"
        assert tab.run(shown) == ("none" if kind == "gl" else "block")
        tab.run("document.querySelector('tbody button').click()")
        assert tab.run("document.querySelectorAll('tr.chosen, #drawn .chosen').length") == 2
        assert colours(tab.picture())
        assert tab.complaints() == []
        asked = {one.partition(":")[0] for one in tab.requests()}
        assert asked <= {"file", "data", "blob"}
        assert len([one for one in tab.requests() if one.startswith("file:")]) == 2


def colours(png: bytes) -> bool:
    """Whether the land of declared ends and lines of ways by sea are on a screen."""
    from io import BytesIO

    from matplotlib.image import imread

    seen = (imread(BytesIO(png), format="png")[..., :3] * 255).round().astype(int).reshape(-1, 3)
    wanted = ((0xEA, 0xD9, 0xA6), (0x00, 0x72, 0xB2))
    return all((abs(seen - one).max(axis=1) <= 2).sum() > 50 for one in wanted)
