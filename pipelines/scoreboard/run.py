"""A whole measurement: cases, models, nulls, test cases, ladder; then figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from graphs.tables import Ladder
from models.learned.trees import TAUGHT, Trees
from models.scoreboard import summary
from models.scoreboard.detectors import Taught
from models.scoreboard.forest import Forest
from models.scoreboard.null import Aside, Null
from models.scoreboard.protocol import FOLDS, rotations
from models.scoreboard.teaching import Lesson, fitted_trees, together
from pipelines.code_version import code_version
from pipelines.scoreboard import climbing, jobs
from pipelines.scoreboard.cache import Wanted, stands
from pipelines.scoreboard.jobs import FAMILY, KIND, Shared
from pipelines.scoreboard.models import Shelf, key_of, lesson_of
from pipelines.scoreboard.plan import Plan
from pipelines.scoreboard.work import in_parallel

J = TypeVar("J")
R = TypeVar("R")
SHIPPED, EDGES = "shipped", "edges"
DEEP_CASES = 3
"""Test cases of each part that the graph autoencoder is measured on: it is slow, and a baseline."""


@dataclass(frozen=True)
class Measured:
    """What a measurement found."""

    figures: pl.DataFrame
    """models.scoreboard.measured.FIGURES."""
    ladder: pl.DataFrame
    """Table `ladder`."""
    trees: Trees
    """The shipped model."""
    has_gnn: bool
    """False where the extra `gnn` is not installed."""


def train(plan: Plan) -> Trees:
    """The shipped model: training worlds, and plants in real trade of the exporters that teach in one rotation."""
    _make(plan, (*plan.training, *plan.planted))
    return _shipped(plan, _shelf(plan), _lesson(plan))


def measure(plan: Plan, data: Path | None) -> Measured:
    """Measure everything that the plan holds; what stands in the cache already is not done again."""
    _make(plan, plan.cases)
    shelf = _shelf(plan)
    lesson = _lesson(plan)
    trees = _shipped(plan, shelf, lesson)
    edges = shelf.trees(EDGES, lambda: fitted_trees(lesson, on_edges=True))
    shared = Shared(shelf, key_of(plan.calibration, shelf.key, code_version(jobs.measure)))
    shared.left_out = _left_out(plan, shared, lesson)
    shared.taught = Taught(trees, edges, Forest.fit(lesson.features, lesson.weight))
    shared.nulls = _nulls(plan, shared)
    _rotations(plan, shared)
    has_gnn = find_spec("torch") is not None and find_spec("torch_geometric") is not None
    tests = [plan.tests, *plan.planted_tests.values()]
    shared.autoencoder = tuple(one for cases in tests for one in cases[:DEEP_CASES]) if has_gnn else ()
    found = _each(plan, "Measuring test cases", jobs.measure, [one for cases in tests for one in cases], shared)
    return Measured(summary.summed(pl.concat(found)), _ladder(plan, data), trees, has_gnn)


def _each(
    plan: Plan, title: str, job: Callable[[J], R], work: Sequence[J], shared: Shared | None = None
) -> Iterator[R]:
    begin = (jobs.begin, (shared,)) if shared else None
    return in_parallel(title, job, work, begin, plan.processes)


def _shelf(plan: Plan) -> Shelf:
    return Shelf(plan.cache, key_of((*plan.training, *plan.planted), code_version(fitted_trees)))


def _make(plan: Plan, cases: Sequence[Wanted]) -> None:
    """Make the cases that do not stand there."""
    work = [(one, plan.cache, one.code) for one in cases]
    for _ in _each(plan, "Building cases", jobs.make, [job for job in work if not stands(*job)]):
        pass


def _lesson(plan: Plan) -> Lesson:
    """All training worlds, and plants in real trade of the exporters that teach in one rotation."""
    teaching = next(rotations())
    planted = [jobs.fold_lesson(one, teaching, plan.cache) for one in plan.planted]
    return together([lesson_of(plan.training, plan.cache), *planted])


def _shipped(plan: Plan, shelf: Shelf, lesson: Lesson) -> Trees:
    card: dict[str, Any] = {"trained_on": _said(plan), "made": datetime.now(UTC).date().isoformat()}
    if plan.planted:
        card[TAUGHT] = {"of": FOLDS, "folds": list(next(rotations()).train)}
    return shelf.trees(SHIPPED, lambda: fitted_trees(lesson, **card))


def _said(plan: Plan) -> str:
    """What the shipped model was taught on, in words."""
    worlds = f"{len(plan.training)} {plan.training[0].size} training worlds (from seed {plan.training[0].seed})"
    planted = [f"{len(cases)} plantings in {cube}" for cube, cases in plan.planted_training.items()]
    return "; ".join([worlds, *planted]) + (" (exporters of two of five folds)" if planted else "")


def _nulls(plan: Plan, shared: Shared) -> dict[str, Null]:
    parts: dict[str, list[Aside]] = {}
    for found in _each(plan, "Scoring calibration worlds", jobs.calibrate, plan.calibration, shared):
        for name, part in found.items():
            parts.setdefault(name, []).append(part)
    return {name: Null.of(aside) for name, aside in parts.items()}


def _left_out(plan: Plan, shared: Shared, lesson: Lesson) -> dict[str, Trees]:
    """Trees that never saw one kind of scheme, or one family."""
    kinds = lesson.kind.drop_nulls().unique().sort()
    families = lesson.family.filter(pl.Series(lesson.is_hit)).unique().sort()
    names = [f"{KIND} {one}" for one in kinds] + [f"{FAMILY} {one}" for one in families]
    found = _each(plan, "Leaving out schemes and goods", jobs.fit_without, names, replace(shared, lesson=lesson))
    return dict(sorted(found))


def _rotations(plan: Plan, shared: Shared) -> None:
    work = [(cube, cases, one) for cube, cases in plan.planted_training.items() for one in rotations()]
    for _ in _each(plan, "Fitting real trade fold by fold", jobs.fit_rotation, work, shared):
        pass


def _ladder(plan: Plan, data: Path | None) -> pl.DataFrame:
    work = [(family, data, plan.cache) for family in climbing.available(data)] if data else []
    found = [Ladder.cast(one) for one in _each(plan, "Climbing the ladder", climbing.climbed, work)]
    return pl.concat([Ladder.create_empty(), *found]).sort("family", "source", "commodity", "measure", "model")
