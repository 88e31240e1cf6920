"""Figures of a measurement as the json that is shipped: models/learned/trained/scoreboard.json.

    {"about": {...}, "figures": {part: {detector: {measure: {band: [value, low, high, cases]}}}}, "ladder": {...}}

Ends of an interval are null where fewer than three cases were measured.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from graphs.errors import InputError
from models.scoreboard.names import ALL, WORLDS
from models.scoreboard.protocol import MEAN_FDP, UPPER_FDP

FILE = "scoreboard.json"
DIGITS = 4
LADDER = ("value", "low", "high", "gain", "gain_low", "gain_high", "is_used", "first_year", "last_year", "missing")
"""Columns of table `ladder` that are shipped."""


class Found(NamedTuple):
    """A figure with its interval and over how many cases it was taken."""

    value: float
    low: float | None
    high: float | None
    cases: int


def is_kept(fdp: Found | None, power: Found | None) -> bool:
    """True where a list keeps its declared rate: mean and upper bound are known and low, and it finds anything."""
    if fdp is None or fdp.high is None or power is None:
        return False
    return fdp.value <= MEAN_FDP and fdp.high <= UPPER_FDP and power.value > 0


@dataclass(frozen=True)
class Results:
    """Everything that the page and the command tell."""

    about: Mapping[str, Any]
    figures: Mapping[str, Any]
    ladder: Mapping[str, Any]
    """family (source): {commodity: {model: {measure: {column: value}}}}."""

    def of(self, part: str, detector: str, measure: str, band: str = ALL) -> Found | None:
        """One figure, None where it was not measured."""
        found = self.figures.get(part, {}).get(detector, {}).get(measure, {}).get(band)
        return Found(*found) if found else None

    def bands(self, part: str, detector: str, measure: str) -> dict[str, Found]:
        """All bands of a measure, in the order in which they stand."""
        found = self.figures.get(part, {}).get(detector, {}).get(measure, {})
        return {band: Found(*one) for band, one in found.items()}

    def parts(self) -> tuple[str, ...]:
        """Worlds, then cubes of real trade."""
        return tuple(sorted(self.figures, key=lambda part: (part != WORLDS, part)))

    def detectors(self, part: str) -> tuple[str, ...]:
        """Everything that was measured there."""
        return tuple(self.figures.get(part, {}))


def results(figures: pl.DataFrame, ladder: pl.DataFrame, about: Mapping[str, Any]) -> Results:
    """From tables of figures and of the ladder."""
    nested: dict[str, Any] = {}
    for row in figures.iter_rows(named=True):
        numbers = [_round(row[name]) for name in ("value", "low", "high")]
        measures = nested.setdefault(row["part"], {}).setdefault(row["detector"], {})
        measures.setdefault(row["measure"], {})[row["band"]] = [*numbers, row["cases"]]
    rungs: dict[str, Any] = {}
    for row in ladder.iter_rows(named=True):
        models = rungs.setdefault(f"{row['family']} ({row['source']})", {}).setdefault(row["commodity"], {})
        told = {name: _round(row[name]) for name in LADDER if row[name] is not None}
        models.setdefault(row["model"], {})[str(row["measure"])] = told
    return Results(dict(about), nested, rungs)


def to_json(found: Results) -> str:
    """As one text, a line for each part."""
    whole = {"about": found.about, "figures": found.figures, "ladder": found.ladder}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), indent=None) + "\n"


def read(file: Path) -> Results:
    """Results from their file. Raises InputError where it cannot be read."""
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{file} cannot be read ({error}): measure again with `oretrace scoreboard --measure`"
        ) from error


def shipped() -> Results | None:
    """Results that came with the package; None where there are none."""
    file = files("models.learned").joinpath("trained", FILE)
    return _parsed(file.read_text(encoding="utf-8")) if file.is_file() else None


def _parsed(text: str) -> Results:
    found = json.loads(text)
    return Results(found["about"], found["figures"], found["ladder"])


def _round(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
