"""A route or a voyage on a map as one page: opens in any browser with the network cut, and asks no server for anything.

maplibre-gl draws it where the browser has WebGL; its text comes from the maplibre package and stands in the page, with
its licence. The same drawing stands there as a plain SVG picture for every other browser, for paper, and for the moment
before the script runs; the table below says the same in numbers. Outlines of countries stand in the page once: the
script reads them from the picture.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from graphs.errors import InputError
from pipelines.views import map_words as words
from pipelines.views.map_drawing import DASHES, MODE_COLOURS, Drawing, End, declared
from pipelines.views.map_lines import window
from pipelines.views.map_runs import SILENT_HOURS
from pipelines.views.map_svg import HEIGHT, LONGEST, WIDTH, picture
from pipelines.views.map_voyages import voyage
from pipelines.views.map_ways import ways
from pipelines.views.offline import embedded, part, policy, template

DIGITS = 4
"""Digits of a degree in data of the page: 11 m."""


def route_page(
    legs: pl.DataFrame, ends: Sequence[End], about: Mapping[str, str], names: Mapping[str, str] | None = None
) -> str:
    """The page of ways between two declared ends: `legs` as models.linkage.routes gives them, `names` by place_id."""
    return page(ways(legs, ends, names), about)


def voyage_page(
    ship: str,
    positions: pl.DataFrame,
    calls: pl.DataFrame,
    about: Mapping[str, str],
    ends: Sequence[End] = (),
    *,
    events: pl.DataFrame | None = None,
    track_id: str | None = None,
    silent_hours: float = SILENT_HOURS,
) -> str:
    """The page of one ship: rows of vessel_positions of one track, its port_calls with name, lon and lat, and its rows
    of vessel_events; see `voyage`."""
    drawing = voyage(ship, positions, calls, ends, events=events, track_id=track_id, silent_hours=silent_hours)
    return page(drawing, about)


def page(drawing: Drawing, about: Mapping[str, str]) -> str:
    """The page of a drawing. `about` is told at its foot as it stands: sources, licences, citation, as_of, snapshot."""
    library, style = maplibre()
    css, js = part("map.css"), part("map.js")
    drawn = picture(drawing)
    text: str = template("map.html.j2").render(
        title=drawing.title,
        caveat=drawing.caveat,
        lead=drawing.lead,
        ends=[(said, "" if drawing.is_invented else _ground(end)) for end, said in declared(drawing.ends)],
        size=(WIDTH, HEIGHT),
        outlines="" if drawing.is_invented else _outlines(drawing.ends),
        drawn=drawn,
        kinds=_legend(drawing),
        columns=drawing.columns,
        rows=list(enumerate(drawing.rows)),
        lined={line.row for line in drawing.lines},
        notes=[*drawing.notes, words.NO_LAND if drawing.is_invented else words.OUTLINES],
        about=dict(about),
        licence=part("maplibre.licence.txt"),
        library=library,
        library_css=style,
        css=css,
        js=js,
        policy=policy([library, js], [style, css], images="data: blob:", workers="blob:"),
        data=embedded(data(drawing)),
    )
    return text


def data(drawing: Drawing) -> dict[str, Any]:
    """What the script draws: lines and marks in degrees, and the window that holds them."""
    return {
        "window": [round(one, DIGITS) for one in window(drawing.points())],
        "dashes": {name: list(one) for name, one in DASHES.items()},
        "lines": [
            {
                "points": [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in line.points],
                "colour": MODE_COLOURS.get(line.mode, MODE_COLOURS["other"]),
                "certainty": line.certainty,
                "isFirst": line.way == 1,
                "row": line.row,
                "said": line.said,
            }
            for line in drawing.lines
        ],
        "marks": [
            {
                "point": [round(one, DIGITS) for one in mark.point],
                "kind": mark.kind,
                "label": mark.label if len(mark.label) <= LONGEST else mark.label[: LONGEST - 1] + "…",
                "said": mark.said,
            }
            for mark in drawing.marks
        ],
    }


def _legend(drawing: Drawing) -> dict[str, list[tuple[str, str, str]]]:
    """Name, colour and dashes of what is drawn: modes, certainties, marks."""
    order = {mode: at for at, mode in enumerate(MODE_COLOURS)}
    modes = sorted({one.mode for one in drawing.lines}, key=lambda one: (order.get(one, len(order)), one))
    sure = [one for one in DASHES if one in {line.certainty for line in drawing.lines}]
    kinds = [one for one in words.MARKS if one in {mark.kind for mark in drawing.marks}]
    return {
        "modes": [(words.MODES.get(one, one), MODE_COLOURS.get(one, MODE_COLOURS["other"]), "") for one in modes],
        "certainties": [(words.CERTAINTIES[one], "", _dashes(one)) for one in sure if "heard" not in modes],
        "marks": [(words.MARKS[one], one, "") for one in kinds],
    }


def _dashes(certainty: str) -> str:
    return " ".join(f"{3 * one:g}" for one in DASHES[certainty])


def _outlines(ends: Sequence[End]) -> str:
    """Outlines of countries; those of declared ends are marked."""
    text = part("outlines.svg")
    for code in sorted({one.country for one in ends if one.country and one.country.isalpha()}):
        text = text.replace(f'<path id="land-{code}" ', f'<path id="land-{code}" class="declared" ')
    return text


def _ground(end: End) -> str:
    """What the map shows of the country of an end."""
    if end.country is None:
        return ""
    return "tinted on the map" if f'id="land-{end.country}"' in part("outlines.svg") else "no outline is known"


@cache
def maplibre() -> tuple[str, str]:
    """Script and style of maplibre-gl as they stand in the maplibre package, which is not imported.

    The name of a map for debuggers goes, and addresses that it only mentions lose their scheme: what is left names
    nobody but the SVG namespace. Raises InputError where the package is missing.
    """
    spec = find_spec("maplibre")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise InputError("the package maplibre is missing, which map pages take maplibre-gl from: pip install maplibre")
    script, style = (
        (Path(folders[0]) / "srcjs" / f"maplibre-gl.{one}").read_text(encoding="utf-8").replace("\r\n", "\n")
        for one in ("js", "css")
    )
    script = script[: script.rindex("//# sourceMappingURL")]
    return re.sub(r"https?://(?!www\.w3\.org/)(?=\w)", "", script), style
