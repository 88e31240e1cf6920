"""What the processes of a measurement do: one function a job, with what it needs set once per process.

Each job's result is a small table that is kept, so that a killed measurement goes on where it stopped.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from models.learned.trees import Trees
from models.metrics import Floats
from models.scoreboard import board
from models.scoreboard.case import Case
from models.scoreboard.crossfit import Fitted, crossfitted, in_training
from models.scoreboard.detectors import Taught, autoencoded, odds, scores
from models.scoreboard.names import AUTOENCODER, WORLDS
from models.scoreboard.null import Aside, Null
from models.scoreboard.protocol import Rotation, rotations
from models.scoreboard.teaching import FEW_SEEDS, Lesson, fitted_trees, lesson, together
from pipelines.scoreboard.cache import Wanted, keep, load
from pipelines.scoreboard.models import Shelf

KIND, FAMILY = "without-scheme", "without-family"
"""Names of trees that never saw something, followed by what."""


@dataclass
class Shared:
    """What every job of a process may use."""

    shelf: Shelf = field(default_factory=lambda: Shelf(Path(), ""))
    key: str = ""
    """Of what is measured: models, nulls and code."""
    lesson: Lesson | None = None
    taught: Taught | None = None
    nulls: Mapping[str, Null] = field(default_factory=dict)
    left_out: Mapping[str, Trees] = field(default_factory=dict)
    autoencoder: tuple[Wanted, ...] = ()
    """Cases that the graph autoencoder is measured on."""


SHARED = Shared()


def begin(shared: Shared) -> None:
    """First thing in each process."""
    SHARED.__dict__.update(shared.__dict__)


def make(job: tuple[Wanted, Path, str]) -> str:
    """Make a case, if it does not stand there."""
    wanted, cache, code = job
    keep(wanted, cache, code)
    return wanted.name


def fit_without(name: str) -> tuple[str, Trees]:
    """Trees that never saw a kind of scheme or a family."""
    what, _, left = name.partition(" ")

    def fitted() -> Trees:
        assert SHARED.lesson is not None
        return fitted_trees(
            SHARED.lesson.without_kind(left) if what == KIND else SHARED.lesson.without_family(left), FEW_SEEDS
        )

    return name, SHARED.shelf.trees(name.replace(" ", "-"), fitted)


def fit_rotation(job: tuple[str, tuple[Wanted, ...], Rotation]) -> str:
    """Relational and edge trees of one rotation of a cube, from its training plantings."""
    cube, cases, rotation = job
    shelf = SHARED.shelf
    learnt: list[Lesson] = []

    def taught_on() -> Lesson:
        if not learnt:
            learnt.append(together(fold_lesson(one, rotation, SHARED.shelf.folder) for one in cases))
        return learnt[0]

    names = rotation_names(cube, rotation)
    shelf.trees(names[0], lambda: fitted_trees(taught_on(), FEW_SEEDS))
    shelf.trees(names[1], lambda: fitted_trees(taught_on(), FEW_SEEDS, on_edges=True))
    return names[0]


def rotation_names(cube: str, rotation: Rotation) -> tuple[str, str]:
    """Names of the relational and of the edge trees of a rotation."""
    name = f"{cube.replace(' ', '-')}-fold-{rotation.test}"
    return name, f"{name}-edges"


def fold_lesson(wanted: Wanted, rotation: Rotation, cache: Path) -> Lesson:
    """What the exporters that teach in this rotation show."""
    case = load(wanted, cache)
    return lesson(case.of(in_training(case, rotation)), wanted.seed)


def calibrate(wanted: Wanted) -> dict[str, Aside]:
    """What a calibration world adds to the null of each detector."""
    assert SHARED.taught is not None
    case = load(wanted, SHARED.shelf.folder)
    return board.aside(case, scores(case, SHARED.taught))


def measure(wanted: Wanted) -> pl.DataFrame:
    """All amounts of one test case."""
    deep = "-deep" if wanted in SHARED.autoencoder else ""
    file = SHARED.shelf.folder / "measured" / f"{wanted.name}-{SHARED.key}{deep}.parquet"
    if file.is_file():
        return pl.read_parquet(file)
    case = load(wanted, SHARED.shelf.folder)
    found = _world(case, wanted) if wanted.part == WORLDS else _cube(case, wanted)
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    found.write_parquet(staged)
    staged.replace(file)
    return found


def _world(case: Case, wanted: Wanted) -> pl.DataFrame:
    assert SHARED.taught is not None
    known = scores(case, SHARED.taught)
    lists = board.lists(case, known, SHARED.nulls)
    whole = board.measure(wanted.part, case, {**known, **_deep(case, wanted)}, lists, SHARED.taught.trees)
    return pl.concat([whole, _without(case, wanted.part)])


def _without(case: Case, part: str) -> pl.DataFrame:
    """Trees that never saw a kind, on that kind; those that never saw a family, on that family alone."""
    kinds: dict[str, Floats] = {}
    families: dict[str, Floats] = {}
    names = case.rows["family"].cast(pl.String).to_numpy()
    present = set(case.rows["kind"].drop_nulls())
    for name, trees in SHARED.left_out.items():
        what, _, left = name.partition(" ")
        if what == KIND and left in present:
            kinds[left] = odds(trees, case.features)
        elif what == FAMILY and (names == left).any():
            mine = names == left
            families[left] = np.full(names.size, np.nan)
            families[left][mine] = odds(trees, case.of(mine).features)
    return board.left_out(part, case, kinds, families)


def _cube(case: Case, wanted: Wanted) -> pl.DataFrame:
    shelf = SHARED.shelf
    models = [Fitted(one, *map(shelf.read, rotation_names(wanted.part, one))) for one in rotations()]
    known, lists = crossfitted(case, models)
    return board.measure(wanted.part, case, {**known, **_deep(case, wanted)}, lists)


def _deep(case: Case, wanted: Wanted) -> dict[str, Floats]:
    return {AUTOENCODER: autoencoded(case)} if wanted in SHARED.autoencoder else {}
