"""What a map draws, whatever it is about: lines, marks and rows, in which all texts are ready to be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.views import map_words as words
from pipelines.views.map_lines import Point, is_place

MODE_COLOURS = {
    "sea": "#0072b2",
    "road": "#d55e00",
    "rail": "#5b3a8c",
    "river": "#009e73",
    "air": "#cc5aa0",
    "transfer": "#8a6d00",
    "heard": "#0072b2",
    "other": "#6b7280",
}
"""Told apart by people with any kind of colour vision (after Okabe and Ito); the table says the same in words."""
DASHES = {"known": (), "partly": (4.0, 2.0), "estimated": (1.0, 1.6)}
"""Dash and gap in widths of a line, by certainty."""


@dataclass(frozen=True)
class End:
    """An end as somebody declares it: `role` says what it is an end of ("declared exporter")."""

    role: str
    name: str
    country: str | None = None
    lon: float | None = None
    lat: float | None = None

    @property
    def place(self) -> Point | None:
        """Where it is drawn; None where nobody said."""
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None and self.is_placed else None

    @property
    def is_placed(self) -> bool:
        """Whether it has a place on Earth."""
        return is_place(self.lon, self.lat)


@dataclass(frozen=True)
class Line:
    """One line without a break. `row` is the row of the table that says the same; the first way is the bold one."""

    points: Sequence[Point]
    mode: str
    certainty: str
    way: int
    row: int
    said: str


@dataclass(frozen=True)
class Mark:
    """One place."""

    point: Point
    kind: str
    label: str
    said: str


@dataclass(frozen=True)
class Drawing:
    """Everything of one page but its style."""

    title: str
    caveat: str
    lead: Sequence[str]
    ends: Sequence[End]
    lines: Sequence[Line]
    marks: Sequence[Mark]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default_factory=tuple)
    is_invented: bool = False
    """Its countries are nobody's: their places lie on no real map."""

    def points(self) -> Iterator[Point]:
        """Every place that is drawn."""
        for line in self.lines:
            yield from line.points
        yield from (mark.point for mark in self.marks)


def declared(ends: Sequence[End]) -> Iterator[tuple[End, str]]:
    """Declared ends with their words."""
    for one in ends:
        yield one, words.end(one.role, one.name, one.country)


def unplaced(ends: Iterable[End]) -> list[str]:
    """Sentences on ends that no mark shows."""
    return [f"No place is known for {one.name} ({one.role}), so no mark stands for it." for one in ends
            if not one.is_placed]  # fmt: skip


def nearest_turn(point: Point, others: Sequence[Point]) -> Point:
    """The same place at that turn of the Earth at which the closest of others lies."""
    if not others:
        return point
    turns = sorted({round((other[0] - point[0]) / 360) for other in others})
    moved = [(point[0] + 360 * turn, point[1]) for turn in turns]
    return min(moved, key=lambda one: (min(abs(one[0] - other[0]) for other in others), one))
