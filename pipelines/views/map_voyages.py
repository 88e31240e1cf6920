"""A voyage of one ship as a drawing: lines where positions were heard, nothing where none were."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.views import call_words
from pipelines.views import map_words as words
from pipelines.views.event_words import KINDS, NO_FINDING, counted, kind, reasons, sentence
from pipelines.views.map_drawing import Drawing, End, Line, Mark, declared, nearest_turn, unplaced
from pipelines.views.map_lines import Point, is_place, km, spaced, thinned, window
from pipelines.views.map_runs import KM_PER_MILE, SILENT_HOURS, Fix, Heard, Run, heard, hours, is_jump
from pipelines.views.wording import NOTHING

COLUMNS = ("What", "From", "To", "Duration", "Distance", "Mean speed", "Told")
DETAIL = 3000.0
"""A thinned line leaves the given one by at most the window's size over this: less than half a pixel."""
STILL = "still there in the last report"
Entry = tuple[tuple[datetime, int], list[str], list[Line], list[Mark]]
"""When, in which order at one moment, the row of the table, and what is drawn of it."""


def voyage(
    ship: str,
    positions: pl.DataFrame,
    calls: pl.DataFrame,
    ends: Sequence[End] = (),
    *,
    events: pl.DataFrame | None = None,
    track_id: str | None = None,
    silent_hours: float = SILENT_HOURS,
) -> Drawing:
    """A drawing of one track: `positions` as in vessel_positions, `calls` as in port_calls with name, lon and lat of
    the place, `events` as in vessel_events, with the names `place`, `ship` and `other_ship`; `track_id`, the track, is
    either ship of them. All may be in any order."""
    found = heard(positions, silent_hours)
    points = [one for run in found.runs for one in run.points]
    west, south, east, north = window(points)
    fine = max(east - west, north - south) / DETAIL
    entries = [_run(one, fine) for one in found.runs]
    entries += [_break(*one) for one in found.breaks]
    entries += [((one.time, 3), _wild(one), [], []) for one in found.wild]
    entries += [_call(one, points) for one in calls.sort("arrived", "place_id").to_dicts()]
    seen = [] if events is None else events.sort("began", "event_id").to_dicts()
    entries += [_event(one, points, track_id) for one in seen]
    entries.sort(key=lambda one: one[0])
    lines = [
        Line(one.points, one.mode, one.certainty, 1, at, one.said)
        for at, (_, _, mine, _) in enumerate(entries)
        for one in mine
    ]
    marks = [Mark(nearest_turn(one.place, points), "end", one.name, told) for one, told in declared(ends) if one.place]
    marks += sorted((mark for *_, mine in entries for mark in mine), key=lambda one: (one.kind != "call", one.said))
    countries = [one.country for one in ends] + (calls["country"].to_list() if "country" in calls.columns else [])
    return Drawing(
        f"Where {ship} was heard",
        words.caveat(words.VOYAGE_CAVEAT, countries),
        [*_lead(found), *_counted(seen)],
        ends,
        lines,
        marks,
        COLUMNS,
        [row for _, row, *_ in entries],
        _notes(found, len(points), sum(len(one.points) for one in lines), calls.height, ends),
        words.is_invented(countries),
    )


def _run(run: Run, fine: float) -> Entry:
    """Positions without a silence: a line, or a mark where there is only one."""
    many = "1 position" if len(run.fixes) == 1 else f"{len(run.fixes):,} positions"
    speed = run.km / KM_PER_MILE / run.hours if run.hours > 0 else None
    first, last = words.moment(run.fixes[0].time), words.moment(run.fixes[-1].time)
    told = [words.duration(run.hours), words.length(run.km), words.speed(speed), many]
    points = thinned(spaced(run.points, fine / 2), fine)
    line = Line(points, "heard", "known", 1, 0, f"{first} to {last}: {told[1]}, {many}")
    alone = [Mark(points[0], "stop", first, f"{first}: heard once")] if len(points) == 1 else []
    return (run.fixes[0].time, 1), ["heard", first, last, *told], [] if alone else [line], alone


def _break(before: Fix, after: Fix) -> Entry:
    """A stretch in which nobody heard the ship, or two positions that no ship sails between: two marks and no line."""
    apart, long = km(before.point, after.point), hours(before, after)
    wild = is_jump(before, after)
    what = words.JUMP if wild else words.SILENCE
    told = words.jump(apart, long) if wild else words.silence(long, apart, without=after.bare - before.bare)
    first, last = words.moment(before.time), words.moment(after.time)
    row = [what, first, last, words.duration(long), words.UNKNOWN, words.UNKNOWN, told]
    marks = [
        Mark(one.point, "silent", words.moment(one.time), f"{words.moment(one.time)}: {what}, {told}")
        for one in (before, after)
    ]
    return (before.time, 2), row, [], marks


def _wild(one: Fix) -> list[str]:
    when = words.moment(one.time)
    return [words.WILD, when, when, NOTHING, NOTHING, NOTHING, words.wild(*one.point)]


def _call(call: Mapping[str, Any], drawn: Sequence[Point]) -> Entry:
    name = str(call.get("name") or call["place_id"])
    long = (call["left"] - call["arrived"]).total_seconds() / 3600 if call["left"] else None
    lasted = words.duration(long)
    if long is not None and call_words.was_there(call):
        lasted = f"at least {lasted}"
    draughts = [
        f"draught {call[key]:.1f} m {when}"
        for key, when in (("draught_in_m", "on arrival"), ("draught_out_m", "after it"))
        if words.known(call.get(key)) is not None
    ]
    told = "; ".join(draughts) or "draught not sent"
    lon, lat = call.get("lon"), call.get("lat")
    marks = []
    if lon is not None and lat is not None and is_place(lon, lat):
        said = f"{name}: {call_words.both(call, STILL)}"
        marks = [Mark(nearest_turn((lon, lat), drawn), "call", name, said)]
    else:
        told += "; the place is not on the map: nobody says where it lies"
    came, left = call_words.arrived(call), call_words.left(call, STILL)
    row = [f"call: {name}", came, left, lasted, NOTHING, NOTHING, told]
    return (call["arrived"], 0), row, [], marks


def _event(event: Mapping[str, Any], drawn: Sequence[Point], track_id: str | None) -> Entry:
    """A silence, a meeting, a slow time or a shared identity, with the ordinary reasons of it."""
    what = sentence(event, track_id)
    name, first, last = kind(event["kind"]), words.moment(event["began"]), words.moment(event["ended"])
    long = words.duration(event["hours"])
    sure = [f"confidence {event['confidence']:.2f}", *reasons(event["causes"] or ())]
    told = f"{what} {'; '.join(sure)}."
    lon, lat = event["lon"], event["lat"]
    marks = []
    if lon is not None and lat is not None and is_place(lon, lat):
        said = f"{first}: {name}, {long}. {what}"
        marks = [Mark(nearest_turn((lon, lat), drawn), "event", f"{name}, {long}", said)]
    else:
        told += " Where it was is not known."
    speed = words.speed(words.known(event["speed_kn"]))
    return (event["began"], 4), [f"event: {name}", first, last, long, NOTHING, speed, told], [], marks


def _counted(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """How many events of each kind there are."""
    found = {one: sum(event["kind"] == one for event in events) for one in KINDS}
    there = {one: many for one, many in found.items() if many}
    return [f"Events: {counted(there)}. {NO_FINDING}"] if there else []


def _lead(found: Heard) -> list[str]:
    """What was heard, in one or two sentences."""
    if not found.runs:
        return ["No position of this ship is known, so nothing is drawn."]
    silent = [hours(*one) for one in found.breaks if not is_jump(*one)]
    first, last = found.runs[0].fixes[0], found.runs[-1].fixes[-1]
    length = words.length(sum(one.km for one in found.runs))
    said = [f"First position {words.moment(first.time)}, last {words.moment(last.time)} (UTC); {length} along them."]
    if silent:
        many = "1 stretch" if len(silent) == 1 else f"{len(silent):,} stretches"
        of = f"{words.duration(sum(silent))} of {words.duration(hours(first, last))}"
        said.append(f"{many} without a position, {of}, drawn as gaps. {words.NO_REASON}")
    return said


def _notes(found: Heard, placed: int, drawn: int, calls: int, ends: Sequence[End]) -> list[str]:
    """What was left out, and how lines were thinned."""
    notes = [f"Lines hold {drawn:,} of {placed:,} positions: enough that no line is off by half a pixel."]
    if found.bare:
        notes.append(
            "1 report carries no position." if found.bare == 1 else f"{found.bare:,} reports carry no position."
        )
    if found.strays:
        many = "1 report states" if found.strays == 1 else f"{found.strays:,} reports state"
        notes.append(f"{many} a place that is none on Earth and is left out.")
    if not calls:
        notes.append("No call in a port or anchorage is known for this time; that is no proof that there was none.")
    return [*notes, *unplaced(ends)]
