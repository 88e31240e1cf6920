"""A drawing as a plain SVG picture: what stands on the page before any script runs, on paper, and without WebGL.

Degrees keep their shape at the middle latitude (equirectangular). Labels stand where they hide no other; the ends come
first, and a place whose label finds no room keeps its mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from pipelines.views.map_drawing import DASHES, MODE_COLOURS, Drawing
from pipelines.views.map_lines import Point, turns, window

WIDTH, HEIGHT = 1000.0, 560.0
LETTER, TALL = 7.2, 15.0
"""Size of a letter of 13 px, on the safe side."""
LONGEST = 28
MOST_LABELS = 300
"""Marks beyond so many have no label: there is no room for it."""
MOVES = {
    "right": (9, 4.5, "start"),
    "left": (-9, 4.5, "end"),
    "below": (0, 18.5, "middle"),
    "above": (0, -10, "middle"),
}
"""From a mark to its label, pixels, and which part of the text stands there."""
BOLD, FINE = 3.2, 2.0
"""Width of lines of the first way, and of the others."""


@dataclass(frozen=True)
class Sheet:
    """How degrees become pixels."""

    lon: float
    lat: float
    across: float
    down: float

    def at(self, point: Point) -> Point:
        """Pixels of a place, from the upper left corner."""
        x, y = WIDTH / 2 + self.across * (point[0] - self.lon), HEIGHT / 2 - self.down * (point[1] - self.lat)
        return round(x, 1), round(y, 1)

    @property
    def land(self) -> str:
        """What turns hundredths of a degree into pixels."""
        x, y = WIDTH / 2 - self.across * self.lon, HEIGHT / 2 + self.down * self.lat
        return f"translate({x:.2f} {y:.2f}) scale({self.across / 100:.6f} {self.down / 100:.6f})"

    @property
    def turns(self) -> list[int]:
        """Shifts, in hundredths of a degree, of the outlines that fill the sheet and a wide screen beside it."""
        half = WIDTH / self.across
        return [36_000 * one for one in turns(self.lon - half, self.lon + half)]


def sheet(drawing: Drawing) -> Sheet:
    """The sheet that holds all of a drawing."""
    west, south, east, north = window(drawing.points())
    lat = (south + north) / 2
    narrow = max(0.2, cos(radians(lat)))
    down = min(WIDTH / (east - west) / narrow, HEIGHT / (north - south))
    return Sheet((west + east) / 2, lat, down * narrow, down)


def picture(drawing: Drawing) -> dict[str, Any]:
    """Everything that the template of the page needs to draw it."""
    on = sheet(drawing)
    lines = [
        {
            "points": " ".join(f"{x:g},{y:g}" for x, y in map(on.at, line.points)),
            "colour": MODE_COLOURS.get(line.mode, MODE_COLOURS["other"]),
            "width": (wide := BOLD if line.way == 1 else FINE),
            "dashes": " ".join(f"{wide * one:g}" for one in DASHES[line.certainty]),
            "row": line.row,
            "said": line.said,
        }
        for line in sorted(drawing.lines, key=lambda one: -one.way)  # the first way on top
    ]
    spots = [on.at(mark.point) for mark in drawing.marks]
    sides = labelled(spots, [mark.label[:LONGEST] for mark in drawing.marks])
    marks = [
        {"x": x, "y": y, "kind": mark.kind, "said": mark.said, "label": _label((x, y), mark.label, side)}
        for mark, (x, y), side in zip(drawing.marks, spots, sides, strict=True)
    ]
    return {"land": on.land, "turns": on.turns, "lines": lines, "marks": marks[::-1]}


def labelled(spots: Sequence[Point], labels: Sequence[str]) -> list[str]:
    """For each label the side on which it hides neither a mark nor an earlier label, or nothing."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    out = []
    for (x, y), text in zip(spots[:MOST_LABELS], labels[:MOST_LABELS], strict=True):
        wide = LETTER * len(text)
        boxes = {
            "right": (x + 9, y - TALL / 2, x + 9 + wide, y + TALL / 2),
            "left": (x - 9 - wide, y - TALL / 2, x - 9, y + TALL / 2),
            "below": (x - wide / 2, y + 7, x + wide / 2, y + 7 + TALL),
            "above": (x - wide / 2, y - 7 - TALL, x + wide / 2, y - 7),
        }
        side = next((one for one, box in boxes.items() if text and _is_free(box, taken)), "")
        taken += [boxes[side]] if side else []
        out.append(side)
    return out + [""] * (len(spots) - len(out))


Box = tuple[float, float, float, float]


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    if box[0] < 0 or box[1] < 0 or box[2] > WIDTH or box[3] > HEIGHT:
        return False
    return not any(box[0] < one[2] and one[0] < box[2] and box[1] < one[3] and one[1] < box[3] for one in taken)


def _label(spot: Point, text: str, side: str) -> Mapping[str, Any] | None:
    if not side:
        return None
    x, y = spot
    dx, dy, anchor = MOVES[side]
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return {"x": round(x + dx, 1), "y": round(y + dy, 1), "anchor": anchor, "text": short}
