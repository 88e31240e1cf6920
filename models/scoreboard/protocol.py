"""Which seeds teach, which calibrate and which test: set before any of them was looked at.

Worlds 3001 to 3005 and plantings 101 to 104 tested in a first part of the measurement, and were looked at. After that
the order of the agnostic list, the statistic of the ban channel, the channel of round trips and the rows that count
were changed. For that reason they were retired, with all others of their series. Worlds 4001 to 4020 and plantings 201
to 220 tested in a second one, after which p-values were made to count exporters, and were retired likewise: the test
seeds below are new, and were set after these changes and before any of them was looked at.

Worlds and plantings that train are never those that calibrate, nor those that test. On real trade the exporters are
dealt into FOLDS parts by their names: a model that judges one part was taught on others and calibrated on still
others, so that no exporter stands in two roles. Seeds of DEVELOPMENT are for building and never reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.folds import with_fold

TRAINING_WORLDS = range(1001, 1013)
CALIBRATION_WORLDS = range(2001, 2009)
TEST_WORLDS = range(5001, 5021)
TRAINING_PLANTINGS = range(1, 6)
TEST_PLANTINGS = range(301, 321)
DEVELOPMENT = range(9001, 9050)
FOLDS = 5
NOMINAL = 0.10
"""Declared false-discovery rate that targets are stated for."""
RATES = (0.05, 0.10, 0.20)
"""Declared false-discovery rates at which recall is told."""

NEAR_TREES = 0.02
"""Average precision that calibration may cost."""
TIMES_FOREST = 2.0
"""Least ratio of the learned list to the isolation forest."""
MEAN_FDP, UPPER_FDP = 0.12, 0.15
"""Realised false-discovery proportion at NOMINAL: mean, and upper 95 % bound."""
SHARE_OF_BEST = 0.65
"""Least ratio of the agnostic list to the best single channel, on each scheme."""


@dataclass(frozen=True)
class Rotation:
    """Folds of one model: the exporters that it judges, and those that it was taught and calibrated on."""

    test: int
    calibrate: tuple[int, ...]
    train: tuple[int, ...]


def rotations() -> Iterator[Rotation]:
    """Each fold is judged once; of the others two calibrate, so that the null outnumbers the tests, and two teach."""
    for test in range(FOLDS):
        others = [(test + step) % FOLDS for step in range(1, FOLDS)]
        yield Rotation(test, tuple(others[:2]), tuple(others[2:]))


def folds(rows: pl.DataFrame) -> NDArray[np.int64]:
    """Fold of each row by its exporter's name, the same in every planting of a cube (CRC-32 modulo FOLDS)."""
    return with_fold(rows, FOLDS)["fold"].cast(pl.Int64).to_numpy()
