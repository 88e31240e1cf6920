"""Ways between two places as a drawing: every leg a line of its own, as sure as its network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.views import map_words as words
from pipelines.views.map_drawing import Drawing, End, Line, Mark, declared, nearest_turn, unplaced
from pipelines.views.map_lines import Point, bent, is_place, km, running

COLUMNS = ("Way and leg", "From", "To", "Mode", "Length", "Time", "Cost", "Beyond known networks", "How sure")
FEW, ESTIMATED = 0.02, 0.95
"""Shares of a leg beyond known networks: up to the first it is drawn as known, from the second as an estimate."""
SAME_KM = 1.0
"""Marks closer than this are one."""


def ways(legs: pl.DataFrame, ends: Sequence[End], names: Mapping[str, str] | None = None) -> Drawing:
    """A drawing of the legs of routes (columns of models.linkage.routes), ordered by route and step.

    `names` gives place_ids and straits a name; `lon_lat` is a list of pairs, of structs, or longitudes and latitudes in
    turn.
    """
    known = names or {}
    lines: list[Line] = []
    rows, stops, lost = [], [], 0
    before: Point | None = None
    for at, leg in enumerate(legs.sort("route", "step").to_dicts()):
        start, end = (str(known.get(leg[one], leg[one] or words.UNKNOWN)) for one in ("from_place", "to_place"))
        given = list(_pairs(leg["lon_lat"]))
        line = [one for one in given if is_place(*one)]
        before = None if leg["step"] == 1 or not lines or lines[-1].way != leg["route"] else lines[-1].points[-1]
        points = running(line, before or (lines[0].points[0] if lines else None))
        lost += len(given) - len(line)
        sure = certainty(leg)
        passages = [str(known.get(one, one)) for one in leg.get("passages") or ()]
        row = _row(leg, start, end, sure, passages)
        is_drawn = len(points) > 1 or leg["mode"] == "transfer"  # which stands at its place
        rows.append(row if is_drawn else [*row[:-1], f"{row[-1]}; not drawn: no line is given"])
        if len(points) > 1:
            said = f"{start} – {end}, {row[3]}: {row[4]}, {row[5]}, {row[6]}; {words.CERTAINTIES[sure]}"
            lines.append(Line(bent(points), str(leg["mode"]), sure, int(leg["route"]), at, said))
        stops += [Mark(point, "stop", name, name) for point, name in zip(points[:1] + points[-1:], (start, end),
                                                                        strict=False)]  # fmt: skip
    marks = _marks(ends, stops)
    notes = [*unplaced(ends)]
    if lost:
        notes.append(f"{lost:,} points of lines are no place on Earth and are left out.")
    title = " to ".join(one.name for one in ends) if ends else "Ways"
    countries = [one.country for one in ends]
    caveat = words.caveat(words.WAY_CAVEAT, countries)
    lead = list(_lead(legs)) or ["No way is known between these two under the conditions asked for."]
    named = f"Ways from {title}" if ends else title
    invented = words.is_invented(countries)
    return Drawing(named, caveat, lead, ends, lines, marks, COLUMNS, rows, notes, invented)


def certainty(leg: Mapping[str, Any]) -> str:
    """known, partly or estimated: by the part of a leg that is a straight line; one that states none is partly so."""
    off, length = words.known(leg["off_network_km"]), words.known(leg["length_km"])
    if leg.get("is_estimated"):
        return "estimated"
    if off is None:
        return "partly"
    if off <= FEW * (length or 0.0):
        return "known"
    return "estimated" if length is None or off >= ESTIMATED * length else "partly"


def _row(leg: Mapping[str, Any], start: str, end: str, sure: str, passages: Sequence[str]) -> list[str]:
    length, hours, cost, off = (words.known(leg[one]) for one in NUMBERS)
    mode = words.MODES.get(str(leg["mode"]), str(leg["mode"]))
    mode += f", through {', '.join(passages)}" if passages else ""
    said = [words.length(length), words.duration(hours), words.cost(cost), words.length(off)]
    certain = "handling" if leg["mode"] == "transfer" else words.CERTAINTIES[sure]
    certain += f" ({leg['source']})" if leg.get("source") else ""
    return [f"{leg['route']}.{leg['step']}", start, end, mode, *said, certain]


NUMBERS = ("length_km", "hours", "cost_usd_per_t", "off_network_km")


def _lead(legs: pl.DataFrame) -> Iterable[str]:
    """One sentence a way, with its sums."""
    for (route,), mine in legs.sort("route", "step").group_by("route", maintain_order=True):
        sums = [words.summed([words.known(one) for one in mine[name].to_list()]) for name in NUMBERS]
        spell = (("length", words.length), ("time", words.duration), ("cost", words.cost))
        said = [
            f"{what} {words.UNKNOWN}" if value is None else words.told(say(value), gone, mine.height)
            for (what, say), (value, gone) in zip(spell, sums[:3], strict=True)
        ]
        yield words.way(int(str(route)), mine.height, said, None if sums[3][1] else sums[3][0], sums[0][0])


def _pairs(given: Any) -> Iterable[tuple[Any, Any]]:
    """Pairs of a longitude and a latitude, however a frame holds them."""
    values = list(given if given is not None else [])
    if values and not isinstance(values[0], int | float):
        return [(one["lon"], one["lat"]) if isinstance(one, Mapping) else (one[0], one[1]) for one in values]
    return list(zip(values[::2], values[1::2], strict=False))


def _marks(ends: Sequence[End], stops: Sequence[Mark]) -> list[Mark]:
    """Ends first, then every place on the way once."""
    drawn = [one.point for one in stops]
    marks = [Mark(nearest_turn(one.place, drawn), "end", one.name, said) for one, said in declared(ends) if one.place]
    for stop in stops:
        if all(km(stop.point, other.point) > SAME_KM or abs(stop.point[0] - other.point[0]) > 180 for other in marks):
            marks.append(stop)
    return marks
