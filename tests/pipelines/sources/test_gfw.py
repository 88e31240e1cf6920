"""Events of Global Fishing Watch over HTTP against a server on this machine, and what their pages say."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graphs.errors import FetchError, InputError
from graphs.tables import Quarantine
from graphs.tables_ships import VesselEvents
from pipelines.archive import Archive
from pipelines.fetching import Patience, TryAgain
from pipelines.sources.gfw_api import DATASETS, LICENCE, SOURCE, Bearer, GfwAccess, GlobalFishingWatch, read_page
from pipelines.sources.gfw_events import SCHEMA, Told, once, parse, vessel_events
from tests.pipelines.gfw_server import TOKEN, Server, gap, loitering, meeting, running, ship, visit

SINCE, UNTIL = date(2024, 10, 1), date(2024, 10, 2)
PATIENCE = Patience(attempts=3, first_wait_s=0.01, longest_wait_s=0.05)


@pytest.fixture
def server() -> Iterator[Server]:
    with running(Server()) as one:
        yield one


def client(server: Server, folder: Path, token: str = TOKEN, page: int = 2) -> GlobalFishingWatch:
    return GlobalFishingWatch(Archive(folder), GfwAccess(Bearer(token), server.url, page), patience=PATIENCE)


def told(*entries: Any) -> Told:
    body = json.dumps({"entries": list(entries), "nextOffset": None}).encode()
    return parse(body, file="page", raw_sha256="ab" * 32)


def test_every_page_is_asked_for_and_archived_with_its_terms(server: Server, tmp_path: Path) -> None:
    server.events[DATASETS["gap"]] = [gap(f"g{at}") for at in range(5)]
    with client(server, tmp_path) as gfw:
        entries = list(gfw.fetch("gap", SINCE, UNTIL))
    assert [query["offset"] for query in server.asked] == ["0", "2", "4"]
    assert server.asked[0]["start-date"] == "2024-10-01"
    assert server.asked[0]["end-date"] == "2024-10-02"
    assert [one.details["events"] for one in entries] == [2, 2, 1]
    assert {(one.source, one.licence) for one in entries} == {(SOURCE, LICENCE)}
    archive = Archive(tmp_path)
    pages = [parse(archive.read(one), file=one.query, raw_sha256=one.sha256).events for one in archive.entries(SOURCE)]
    assert once(pages)["event_id"].to_list() == [f"g{at}" for at in range(5)]
    with client(server, tmp_path) as gfw:
        assert list(gfw.fetch("gap", SINCE, UNTIL)) == entries


def test_no_events_are_an_empty_page(server: Server, tmp_path: Path) -> None:
    with client(server, tmp_path) as gfw:
        (entry,) = gfw.fetch("port_visit", SINCE, UNTIL)
    assert entry.details["events"] == 0


def test_a_busy_server_and_a_broken_answer_are_asked_again(server: Server, tmp_path: Path) -> None:
    server.events[DATASETS["gap"]] = [gap()]
    server.faults.extend([429, b'{"entries": [', 503])
    with client(server, tmp_path, page=100) as gfw, pytest.raises(FetchError, match="answered 503"):
        list(gfw.fetch("gap", SINCE, UNTIL))
    server.faults.extend([429, b"<html>"])
    with client(server, tmp_path, page=100) as gfw:
        assert len(list(gfw.fetch("gap", SINCE, UNTIL))) == 1


@pytest.mark.parametrize("status", [404, 422])
def test_a_refusal_is_not_asked_again(server: Server, tmp_path: Path, status: int) -> None:
    server.faults.append(status)
    with client(server, tmp_path) as gfw, pytest.raises(FetchError, match=f"answered {status}"):
        list(gfw.fetch("gap", SINCE, UNTIL))
    assert len(server.asked) == 1
    assert Archive(tmp_path).entries(SOURCE) == []


def test_a_wrong_token_is_named_by_its_setting_and_never_shown(server: Server, tmp_path: Path) -> None:
    with (
        client(server, tmp_path, "a-wrong-token") as gfw,
        pytest.raises(FetchError, match="ORETRACE_GFW_TOKEN") as caught,
    ):
        list(gfw.fetch("gap", SINCE, UNTIL))
    assert "a-wrong-token" not in str(caught.value)
    assert "a-wrong-token" not in repr(gfw.access)


def test_pages_in_a_circle_are_stopped(server: Server, tmp_path: Path) -> None:
    circle = json.dumps({"entries": [gap()], "total": 9, "nextOffset": 0}).encode()
    server.faults.extend([circle, circle])
    with client(server, tmp_path) as gfw, pytest.raises(FetchError, match="in a circle"):
        list(gfw.fetch("gap", SINCE, UNTIL))


def test_what_cannot_be_asked_for_is_named(server: Server, tmp_path: Path) -> None:
    with client(server, tmp_path) as gfw:
        with pytest.raises(InputError, match="events of kind 'fishing' are not published"):
            list(gfw.fetch("fishing", SINCE, UNTIL))
        with pytest.raises(InputError, match="no day lies between"):
            list(gfw.fetch("gap", UNTIL, UNTIL))
    assert server.asked == []


def test_the_token_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORETRACE_GFW_TOKEN", raising=False)
    with pytest.raises(InputError, match="put it into ORETRACE_GFW_TOKEN"):
        GfwAccess.from_environment()
    monkeypatch.setenv("ORETRACE_GFW_TOKEN", TOKEN)
    monkeypatch.setenv("ORETRACE_GFW_URL", "http://localhost:1/v3/")
    access = GfwAccess.from_environment()
    assert (access.base_url, access.token.reveal()) == ("http://localhost:1/v3", f"Bearer {TOKEN}")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"entries": 5}', b'{"entries": [], "nextOffset": "2"}'])
def test_an_answer_that_is_no_page_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(TryAgain, match="no page of events"):
        read_page(body)


def test_numbers_written_as_text_are_numbers() -> None:
    (row,) = told(gap()).events.to_dicts()
    assert row == dict.fromkeys(SCHEMA) | {
        "event_id": "g1", "kind": "gap", "mmsi": 280_000_001, "name": "INVENTED", "flag": "XAA",
        "began": datetime(2024, 10, 1, 1, 45, 37, tzinfo=UTC), "ended": datetime(2024, 10, 1, 14, 3, 37, tzinfo=UTC),
        "lon": -0.4, "lat": 5.4, "lon_end": -0.9, "lat_end": 5.9, "length_km": 53.32, "speed_kn": 2.34,
        "is_disabling": True,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["port_visit", "portVisit"])
def test_port_visits_are_read_in_both_spellings(key: str) -> None:
    (row,) = told(visit(key=key)).events.to_dicts()
    assert (row["kind"], row["port"], row["port_flag"], row["anchorage"], row["certainty"]) == (
        "port_visit", "HAVEN", "XAA", "39572851", 3,
    )  # fmt: skip


def test_a_meeting_is_kept_once_whichever_side_comes_first() -> None:
    first = told(*meeting()).events
    second = told(*reversed(meeting())).events
    assert first.equals(second)
    assert first.select("event_id", "mmsi", "other_mmsi", "distance_km").rows() == [
        ("e1.1", 280_000_001, 280_000_002, 0.022)
    ]
    assert once([second, first]).equals(first)


def test_an_event_that_goes_on_has_no_end_and_a_later_page_wins() -> None:
    open_ = told(gap(end="")).events
    assert open_["ended"].to_list() == [None]
    assert once([open_, told(gap()).events])["ended"].null_count() == 0
    assert vessel_events(open_).is_empty()


BAD = {
    "no event": ("text", "entry"),
    "an unknown type": (gap() | {"type": "party"}, "type"),
    "no beginning": (gap(start=None), "start"),
    "no time": (gap(start="yesterday"), "start"),
    "a time without zone": (gap(start="2024-10-01T00:00:00"), "start"),
    "an end before the beginning": (gap(end="2023-10-01T00:00:00Z"), "end"),
    "no id": (gap() | {"id": ""}, "id"),
    "no ship": (gap(vessel={}), "ssvid"),
    "a word for an identity": (gap(vessel=ship("28000000X")), "ssvid"),
    "a place on no map": (gap() | {"gap": {"offPosition": {"lat": 95, "lon": 0}}}, "lat"),
    "a word for a distance": (gap() | {"gap": {"distanceKm": "far"}}, "distanceKm"),
    "a negative speed": (gap() | {"gap": {"impliedSpeedKnots": "-2"}}, "impliedSpeedKnots"),
}


@pytest.mark.parametrize("kind", BAD)
def test_an_entry_that_cannot_be_used_is_kept_aside_with_a_reason(kind: str) -> None:
    entry, field = BAD[kind]
    found = told(gap("good"), entry)
    assert found.events["event_id"].to_list() == ["good"]
    (refused,) = found.quarantine.to_dicts()
    assert (refused["raw_row"], refused["field"]) == (2, field)
    assert refused["reason"].startswith("row 2: ")
    assert Quarantine.is_valid(found.quarantine)


def test_published_events_stand_beside_ours_and_claim_no_more_than_was_tested() -> None:
    events = told(gap(), visit(), loitering(), *meeting()).events
    found = vessel_events(events)
    assert VesselEvents.is_valid(found)
    assert set(found["source"]) == {"gfw"}
    assert found.select("kind", "track_id", "other_track").rows() == [
        ("encounter", "280000001:1", "280000002:1"), ("gap", "280000001:1", None), ("loitering", "280000001:1", None),
    ]  # fmt: skip
    assert found["hours"].to_list() == [pytest.approx(12.3)] * 3
    assert found["confidence"].to_list() == [0.0] * 3
    assert found.filter(pl.col("kind") == "gap")["sentence"].to_list() == [
        "Global Fishing Watch lists INVENTED as silent for 12.3 h from 2024-10-01 01:45 UTC; "
        "no ordinary reason was tested"
    ]
    assert found["causes"].list.len().to_list() == [0, 0, 0]


def test_nothing_published_is_an_empty_table() -> None:
    assert told().events.schema == pl.Schema(SCHEMA)
    assert VesselEvents.is_valid(vessel_events(once([])))
