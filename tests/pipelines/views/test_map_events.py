"""Events of a ship on its map: each is a row, a mark where it has a place, and no finding."""

from datetime import timedelta

import polars as pl
import pytest

from pipelines.policy import lint
from pipelines.views.map import route_page, voyage_page
from pipelines.views.map_drawing import End
from pipelines.views.map_voyages import voyage
from tests.graphs.ego_rows import HOSTILE
from tests.pipelines.moving_home import EVENTS, ORION, REASONS, at, event, frame
from tests.pipelines.views.browser import BROWSER, SOFTWARE, Tab
from tests.pipelines.views.map_rows import ENDS, START, call, calls, long_voyage, long_way, positions
from tests.pipelines.views.test_network import Page

SHIP = "MV Example"
ABOUT = {"sources": "none"}


def events(*rows, **more) -> pl.DataFrame:
    """Rows of vessel_events with the names of places, as pipelines.ship_queries tells them."""
    return frame("vessel_events", rows).with_columns(place=pl.lit(more.get("place"), pl.String))


def sailed(hours: float, lon: float) -> pl.DataFrame:
    """A report an hour along the equator, on the days of the home."""
    moved = at(0) - START
    return positions(*((moved / timedelta(hours=1) + hour, lon + hour / 10, 0.0) for hour in range(int(hours))))


def test_every_event_is_a_row_with_its_reasons_and_a_mark_where_it_has_a_place():
    drawing = voyage(SHIP, sailed(60, 0.0), calls(), events=events(*EVENTS, place="Alpha"))
    told = {row[0]: row for row in drawing.rows if row[0].startswith("event")}
    assert set(told) == {"event: silence", "event: meeting at sea", "event: shared identity"}
    assert told["event: silence"][3] == "11 h"
    assert told["event: silence"][-1].startswith(
        "Fell silent for 11.0 h. confidence 0.40; receivers there heard nobody"
    )
    assert "possible, 60 % of its time" in told["event: silence"][-1]
    assert "1 excluded" in told["event: silence"][-1]
    assert told["event: shared identity"][-1].endswith("Where it was is not known.")
    marks = [one for one in drawing.marks if one.kind == "event"]
    assert [one.label for one in marks] == ["silence, 11 h", "meeting at sea, 3.0 h"]
    assert "Events: 1 silence, 1 meeting at sea, 1 shared identity." in drawing.lead[-1]
    assert "is no finding" in drawing.lead[-1]


def test_rows_stand_in_order_of_time_among_silences_and_calls():
    drawing = voyage(SHIP, sailed(60, 0.0), calls(), events=events(*EVENTS))
    began = [row[1] for row in drawing.rows]
    assert began == sorted(began)


def test_a_place_is_told_by_its_name():
    one = event("gap", ORION, 1, 12, place_id="port:XAA:1", sentence="Fell silent 30 km from port:XAA:1.")
    drawing = voyage(SHIP, sailed(20, 0.0), calls(), events=events(one, place="Alpha"))
    assert any("Fell silent 30 km from Alpha." in row[-1] for row in drawing.rows)


def test_an_event_on_the_other_side_of_the_antimeridian_is_drawn_beside_the_ship():
    one = event("loitering", ORION, 1, 12, lon=-179.5, lat=0.0)
    drawing = voyage(SHIP, sailed(20, 179.0), calls(), events=events(one))
    (mark,) = [one for one in drawing.marks if one.kind == "event"]
    assert mark.point == (180.5, 0.0)


def test_no_events_change_nothing():
    plain = voyage(SHIP, long_voyage(), calls(), ENDS)
    assert voyage(SHIP, long_voyage(), calls(), ENDS, events=events()) == plain


def test_the_page_is_the_same_for_any_order_of_events_and_accuses_nobody():
    found = events(*EVENTS)
    pages = {voyage_page(SHIP, sailed(60, 0.0), calls(), ABOUT, events=one) for one in (found, found.reverse())}
    assert len(pages) == 1
    (text,) = pages
    assert lint(" ".join(one for texts in Page(text).texts.values() for one in texts if len(one) < 10_000)) == []
    assert "event: silence" in text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: the page is not run in a browser")
def test_a_browser_shows_events_and_runs_nothing_of_a_sentence(tmp_path):
    rows = [
        event("gap", f"2000{at:05d}:1", at, at + 9, lon=1.0 + at, lat=0.5, sentence=name, causes=REASONS)
        for at, name in enumerate(HOSTILE)
    ]
    (tmp_path / "ship.html").write_text(
        voyage_page(SHIP, sailed(60, 0.0), calls(), ABOUT, events=events(*rows, place=HOSTILE[2])), encoding="utf-8"
    )
    with Tab(tmp_path, *SOFTWARE) as tab:
        tab.open(tmp_path / "ship.html")
        assert tab.run("document.documentElement.dataset.hacked === undefined")
        assert tab.run("document.querySelectorAll('.pin.event').length") == len(HOSTILE)
        assert tab.complaints() == []


@pytest.mark.parametrize("country", ["XAA", "GHA"])
def test_places_of_invented_countries_lie_on_no_real_land(country):
    ends = [End("declared exporter", "one", country, 0.0, 5.6), End("declared importer", "other", "XBB", 31.0, -29.9)]
    called = calls(call("port:x", 0, 5, country=country, lon=0.0, lat=5.6))
    for text in (route_page(long_way(), ends, ABOUT), voyage_page(SHIP, long_voyage(), called, ABOUT)):
        assert ('id="land-GHA"' in text) == (country == "GHA")
        assert ("No land is drawn" in text) == (country == "XAA")
        assert ("Natural Earth" in " ".join(Page(text).texts["p"])) == (country == "GHA")
