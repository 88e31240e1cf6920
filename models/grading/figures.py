"""Figures of a grading: what was measured, over what, with its interval."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.metrics import Bools, Estimate, Places, base_rate, estimate, wilson

COLUMNS: dict[str, pl.DataType] = {
    "part": pl.String(),
    "kind": pl.String(),
    "band": pl.String(),
    "measure": pl.String(),
    "value": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "hits": pl.Int64(),
    "total": pl.Int64(),
}
ALL = "all"
SEED = 20
"""Intervals are the same at every grading of the same tables."""


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is null where there is nothing to measure it on."""

    part: str
    kind: str
    """What is measured: a kind of scheme or artefact, a list, a score; `all` for everything."""
    band: str
    """Which of them: a strength, a band of size; `all` for everything."""
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    total: int | None = None


def frame(figures: Iterable[Figure]) -> pl.DataFrame:
    """Figures as a table, in their order."""
    return pl.DataFrame([astuple(one) for one in figures], schema=COLUMNS, orient="row")


def measured(name: tuple[str, str, str, str], statistic: Callable[[Places], float], clusters: pl.Series) -> Estimate:
    """A statistic of rows with its interval; each figure draws by its own name, so that others do not move it."""
    chance = np.random.default_rng([SEED, *(zlib.crc32(word.encode()) for word in name)])
    return estimate(statistic, numbered(clusters), chance)


def share(name: tuple[str, str, str, str], is_hit: pl.Series, clusters: pl.Series) -> Figure:
    """Share of rows that hit, with the counts behind it."""
    hits: Bools = is_hit.to_numpy().astype(np.bool_)
    return counted(name, lambda at: base_rate(hits[at]), clusters, (int(hits.sum()), hits.size))


def counted(
    name: tuple[str, str, str, str], statistic: Callable[[Places], float], clusters: pl.Series, counts: tuple[int, int]
) -> Figure:
    """A share, `hits` of `total`. Where none or all hit, a bootstrap knows no doubt: the interval is Wilson's."""
    hits, total = counts
    if total and hits in (0, total):
        return Figure(*name, hits / total, *wilson(hits, total), hits, total)
    found = measured(name, statistic, clusters)
    return Figure(*name, found.value, found.low, found.high, hits, total)


def numbered(clusters: pl.Series) -> NDArray[np.intp]:
    """Names of clusters as numbers, in their alphabetical order."""
    return np.unique(clusters.cast(pl.String).to_numpy(), return_inverse=True)[1]
