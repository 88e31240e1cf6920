"""Real trade judged fold by fold: every exporter by models and nulls that never saw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.learned.trees import Trees
from models.metrics import Bools, Floats
from models.scoreboard.board import aside, calibratable, lists
from models.scoreboard.case import Case
from models.scoreboard.detectors import Taught, scores
from models.scoreboard.forest import Forest
from models.scoreboard.null import Listed, Null
from models.scoreboard.protocol import Rotation, folds


@dataclass(frozen=True)
class Fitted:
    """Trees of one rotation."""

    rotation: Rotation
    trees: Trees
    edges: Trees


def crossfitted(case: Case, models: Sequence[Fitted]) -> tuple[dict[str, Floats], dict[str, Listed]]:
    """Scores and calibrated lists of a whole case, each row from the rotation that judges its exporter.

    p-values are comparable over folds, scores of different trees only roughly. q-values are Benjamini-Hochberg inside
    each fold.
    """
    fold = folds(case.rows)
    found: dict[str, Floats] = {}
    parts: dict[str, tuple[Floats, Floats]] = {}
    for one in models:
        mine = fold == one.rotation.test
        if not mine.any():
            continue
        judged, null = _rotation(case, fold, one)
        for name, score in judged.items():
            found.setdefault(name, np.full(fold.size, np.nan))[mine] = score
        for name, listed in lists(case.of(mine), judged, null).items():
            p, q = parts.setdefault(name, (np.ones(fold.size), np.full(fold.size, np.nan)))
            p[mine], q[mine] = listed.p, listed.q
    whole = calibratable(found)
    return found, {name: Listed.of(p, q, whole[name]) for name, (p, q) in parts.items()}


def _rotation(case: Case, fold: NDArray[np.int64], one: Fitted) -> tuple[Mapping[str, Floats], Mapping[str, Null]]:
    """Scores of the fold that is judged, and nulls from the folds that calibrate."""
    seen = case.of(np.isin(fold, one.rotation.train)).features
    taught = Taught(one.trees, one.edges, Forest.fit(seen, np.ones(seen.height)))
    kept = case.of(np.isin(fold, one.rotation.calibrate))
    nulls = {name: Null.of([part]) for name, part in aside(kept, scores(kept, taught)).items()}
    return scores(case.of(fold == one.rotation.test), taught), nulls


def in_training(case: Case, rotation: Rotation) -> Bools:
    """Rows of the exporters that teach in this rotation."""
    return np.isin(folds(case.rows), rotation.train)
