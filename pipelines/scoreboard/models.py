"""Models that a measurement needs, fitted once and kept as the trees' own files.

    FOLDER/models/NAME-KEY/    card.json and one text per seed

KEY is a hash of the code that fits and of the cases that teach, so that a model of other code or cases is fitted again.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from models.learned.trees import Trees
from models.scoreboard.teaching import Lesson, lesson, together
from pipelines.scoreboard.cache import Wanted, load


def key_of(cases: Iterable[Wanted], *more: str) -> str:
    """Hash of the cases by name and code, and of `more`."""
    named = [f"{one.name} {one.code}" for one in cases]
    return hashlib.sha256("\n".join([*named, *more]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Shelf:
    """Where fitted trees stand."""

    folder: Path
    key: str

    def read(self, name: str) -> Trees:
        """Trees that stand there."""
        return Trees.from_files(self._place(name))

    def trees(self, name: str, fitted: Callable[[], Trees]) -> Trees:
        """Trees of this name, fitted now unless they stand there."""
        place = self._place(name)
        if place.is_dir():
            return Trees.from_files(place)
        made = fitted()
        staged = place.with_name(f".{place.name}.tmp")
        made.to_files(staged)
        staged.replace(place)
        return made

    def _place(self, name: str) -> Path:
        return self.folder / "models" / f"{name}-{self.key}"


def lesson_of(cases: Iterable[Wanted], folder: Path) -> Lesson:
    """What these cases teach together; each draws its flows without a trace by its own seed."""
    return together(lesson(load(one, folder), one.seed) for one in cases)
