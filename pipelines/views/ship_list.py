"""Ships, one ship, and events of ships on a terminal; nothing is told without saying which days were read."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from pipelines.views import call_words, map_words, wording
from pipelines.views.answer import notes
from pipelines.views.event_words import NO_FINDING, counted, kind, reasons, sentence, subject
from pipelines.views.terminal import STRONG, dim, heading, indented, pairs, with_room

Row = Mapping[str, Any]
CALLS = ("arrived", "left", "where", ">draught in", ">out", ">sure")
ENDS_WIDE = 22
"""Cells for the begin or end of a call; what is longer goes on below."""
VOYAGES = ("departed", "from", "to", ">time", ">way", ">lanes", ">knots", "laden", ">cargo", ">heard")
NO_CALL = "No call seen is no call made: receivers do not hear every port, and not all the time."


def ship_list(rows: pl.DataFrame, shown: int, read: Sequence[str], width: int) -> Iterator[RenderableType]:
    """Ships, one line each."""
    yield heading(f"{rows.height:,} {'ship' if rows.height == 1 else 'ships'}")
    header = ("ship", "track", "kind", ">calls", ">voyages", ">events", "heard to", "last call", ">length", ">carries")
    cells = [_ship(one) for one in rows.head(shown).to_dicts()]
    yield from _table(header, cells, (0, 7), width)
    more = [f"{rows.height - shown:,} more: --format csv gives all."] if rows.height > shown else []
    carries = "carries: what it could, by its length and kind; asked for alone, a ship shows the interval."
    yield from notes([*more, carries, NO_CALL, days(read)])


def one_ship(
    ship: Row, calls: pl.DataFrame, voyages: pl.DataFrame, events: pl.DataFrame, read: Sequence[str], width: int
) -> Iterator[RenderableType]:
    """Everything about one ship."""
    yield heading(f"{name_of(ship)}, {wording.spelled(str(ship['kind']))}")
    yield indented(pairs(_identity(ship)))
    yield from _section("Calls", CALLS, [_call(one) for one in calls.to_dicts()], (2,), width)
    yield from _section("Voyages", VOYAGES, [_voyage(one) for one in voyages.to_dicts()], (1, 2), width)
    yield Text()
    yield heading("Events")
    if events.is_empty():
        yield indented(Text("none was seen"))
    yield from (indented(part) for part in event_lines(events.to_dicts(), ship["track_id"]))
    yield Text()
    yield from notes([NO_CALL, NO_FINDING, days(read), f"On a map: oretrace map ship {ship['track_id']}"])


def moves(what: str, rows: pl.DataFrame, shown: int, read: Sequence[str], width: int) -> Iterator[RenderableType]:
    """Calls or voyages of any ships, one line each."""
    yield heading(f"{rows.height:,} {what if rows.height > 1 else what.removesuffix('s')}")
    header, cells = (CALLS, _call) if what == "calls" else (VOYAGES, _voyage)
    told = [[str(one["ship"] or one["track_id"]), *cells(one)] for one in rows.head(shown).to_dicts()]
    yield from _table(("ship", *header), told, (0, 3) if what == "calls" else (0, 2, 3), width)
    more = [f"{rows.height - shown:,} more: --format csv gives all."] if rows.height > shown else []
    yield from notes([*more, NO_CALL, days(read)])


def event_list(
    rows: pl.DataFrame, shown: int, counts: Mapping[str, int], read: Sequence[str]
) -> Iterator[RenderableType]:
    """Events, two lines each."""
    yield heading(counted(counts))
    yield from event_lines(rows.head(shown).to_dicts())
    more = [f"{rows.height - shown:,} more: --format csv gives all."] if rows.height > shown else []
    yield from notes([*more, NO_FINDING, days(read)])


def event_lines(rows: Iterable[Row], shown: str | None = None) -> Iterator[RenderableType]:
    """Each event: when, what and who, then its sentence and the ordinary reasons that were tested.

    shown: the track that all of it is about, if it is about one.
    """
    for one in rows:
        sure = f"confidence {one['confidence']:.2f}"
        head = f"{moment(one['began'])}  {kind(one['kind'])}, {map_words.duration(one['hours'])}"
        by = "" if one["source"] == "ais" else ", as Global Fishing Watch published it"
        yield Text.assemble((head, STRONG), f"  {subject(one, shown)}, {sure}{by}")
        yield indented(Text(sentence(one, shown)), 4)
        if told := ", ".join(reasons(one["causes"] or ())):
            yield indented(dim(f"ordinary reasons: {told}"), 4)


def name_of(ship: Row) -> str:
    """What a ship is called: its name, else its track."""
    return str(ship["name"] or ship["track_id"])


def days(read: Sequence[str]) -> str:
    """Which days of positions an answer rests on."""
    if not read:
        return "No day of positions was read."
    return f"Positions of {len(read):,} {'day' if len(read) == 1 else 'days'} were read, {read[0]} to {read[-1]}."


def moment(value: datetime | None) -> str:
    """2021-03-23 05:40; a dash for what has not happened."""
    return wording.NOTHING if value is None else value.strftime("%Y-%m-%d %H:%M")


def tonnes(value: float | None) -> str:
    """34,200 t."""
    return wording.NOTHING if value is None else f"{value:,.0f} t"


def _ship(one: Row) -> list[str]:
    return [
        one["name"] or "", str(one["track_id"]), wording.spelled(str(one["kind"])), f"{one['calls']:,}",
        f"{one['voyages']:,}", f"{one['events']:,}", moment(one["last_seen"]), one["last_call"] or wording.NOTHING,
        _metres(one["length_m"]), tonnes(one["deadweight_t"]),
    ]  # fmt: skip


def _identity(ship: Row) -> Iterator[tuple[str, str]]:
    yield (
        "track",
        str(ship["track_id"])
        + (" (reports of its identity that one ship could not have sent are kept apart)" if ship["is_split"] else ""),
    )
    for label, key in (("MMSI", "mmsi"), ("IMO", "imo"), ("call sign", "call_sign")):
        if ship[key] is not None:
            yield label, str(ship[key])
    yield "flag", wording.place(ship["flag"]) if ship["flag"] else "none known"
    size = [f"{_metres(ship['length_m'])} long", f"{_metres(ship['width_m'])} wide"]
    yield "size", ", ".join(size) if ship["length_m"] is not None else "not sent"
    if ship["deadweight_t"] is not None:
        low, high = (tonnes(ship[f"deadweight_{end}_t"]) for end in ("low", "high"))
        yield "can carry", f"{tonnes(ship['deadweight_t'])} ({low} to {high}, four times out of five)"
    yield "heard", f"{moment(ship['first_seen'])} to {moment(ship['last_seen'])}, {ship['reports']:,} reports"


def _call(one: Row) -> list[str]:
    came, left = (textwrap.fill(told(one), ENDS_WIDE) for told in (call_words.arrived, call_words.left))
    return [came, left, one["place"], _metres(one["draught_in_m"]), _metres(one["draught_out_m"]),
            f"{one['confidence']:.2f}"]  # fmt: skip


def _voyage(one: Row) -> list[str]:
    laden = {True: "yes", False: "no", None: wording.NOTHING}[one["is_laden"]]
    knots = wording.NOTHING if one["speed_kn"] is None else f"{one['speed_kn']:.1f}"
    cargo = wording.NOTHING
    if one["cargo_t"] is not None:
        cargo = f"{one['cargo_low_t']:,.0f}–{one['cargo_high_t']:,.0f} t"
    return [moment(one["departed"]), one["from"], one["to"], map_words.duration(one["hours"]), _km(one["length_km"]),
            _km(one["network_km"]), knots, laden, cargo, wording.share(one["seen_share"])]  # fmt: skip


def _section(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], cut: Sequence[int], width: int
) -> Iterator[RenderableType]:
    yield Text()
    yield heading(title)
    if rows:
        yield from (indented(one) for one in _table(header, rows, cut, width - 2))
    else:
        yield indented(Text("none was seen"))


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], cut: Sequence[int], width: int
) -> Iterator[RenderableType]:
    """A table without its last columns where they have no room, which is said."""
    table = with_room(header, [[Text(one) for one in row] for row in rows], cut, width)
    yield from table
    for row in () if table else rows:
        yield pairs(zip((name.lstrip(">") for name in header), row, strict=True))


def _metres(value: float | None) -> str:
    return wording.NOTHING if value is None else f"{value:.1f} m" if value < 100 else f"{value:.0f} m"


def _km(value: float | None) -> str:
    return wording.NOTHING if value is None else map_words.length(value)
