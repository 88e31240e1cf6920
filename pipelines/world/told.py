"""Figures and flows of a grading by name, and how sentences about them are worded."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from rich.text import Text

from models.grading.grade import Grades
from pipelines.views import wording
from pipelines.views.grades import fine, interval
from pipelines.views.terminal import DIM

ALL = "all"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NONE = {"value": None, "low": None, "high": None, "hits": 0, "total": 0}

Row = Mapping[str, Any]


class Told:
    """A grading with the names of its world and the folders that it was made from."""

    def __init__(self, grades: Grades, names: Mapping[str, str], home: Path, truth: Path) -> None:
        self.grades, self.names, self.home, self.truth = grades, names, home, truth

    def figure(self, part: str, kind: str, measure: str, band: str = ALL) -> Row:
        """One figure; without value or counts where nothing was measured."""
        rows = self.grades.figures.filter(part=part, kind=kind, measure=measure, band=band)
        return rows.row(0, named=True) if rows.height else NONE

    def flows(self, *outcomes: str) -> pl.DataFrame:
        """Flows by name of some outcomes, in the order of the outcomes."""
        return pl.concat([self.grades.flows.filter(outcome=one) for one in outcomes])

    def flow(self, row: Row) -> str:
        """Velmora (XAA) to Ostan (XAB), Nickel ores and concentrates (260400), 2019."""
        ends = f"{self._place(row['exporter'])} to {self._place(row['importer'])}"
        return f"{ends}, {wording.goods(row['commodity'])}, {row['year']}"

    def _place(self, code: str) -> str:
        return f"{self.names[code]} ({code})" if code in self.names else code

    def explain(self, row: Row) -> Text:
        """The command that explains an alert."""
        return self.command("explain", str(row["rank"]))

    def grade(self, *words: str) -> Text:
        """The command that grades again."""
        return self.command("grade", "--truth", str(self.truth), *words)

    def command(self, *words: str) -> Text:
        """A command that can be copied: it stands in one piece, however narrow the screen."""
        line = shlex.join(("oretrace", "--home", str(self.home), *words))
        return Text(f"    {line}", style=DIM, no_wrap=True, overflow="ignore")


def counted(count: int, what: str) -> str:
    """1 alert, 1,204 alerts."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def verb(count: int, one: str, more: str) -> str:
    """The form of a verb for a number of things."""
    return one if count == 1 else more


def number_word(count: int) -> str:
    """Six; 12 from ten on."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def about(expected: float) -> str:
    """About 1 (0.66): an expected count, with what it was rounded from."""
    if expected < 0.5:
        return f"fewer than one ({expected:.2g})"
    return f"about {expected:,.0f}" + (f" ({expected:.2g})" if expected < 10 else "")


def of(figure: Row) -> str:
    """31 of 81 (38 %, 30-47 %)."""
    if not figure["total"]:
        return "none of no"
    return f"{figure['hits']:,} of {figure['total']:,} ({share_of(figure)})"


def share_of(figure: Row) -> str:
    """38 %, 30–47 %."""
    return fine(figure["value"]) + ("" if figure["low"] is None else f", {interval(figure)}")


def spread(figure: Row) -> str:
    """38 % (30–47 %)."""
    return fine(figure["value"]) + ("" if figure["low"] is None else f" ({interval(figure)})")


def listed(parts: Iterable[str]) -> str:
    """one, two and three."""
    *first, last = list(parts)
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]
