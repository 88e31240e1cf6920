"""How often rank intervals hold the true rank: measured by leaving out nodes and edges of a network taken as true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.measures.intervals import DEFAULT, Missing, chosen, intervals, ranks, stretched, thinned
from graphs.measures.network import Floats, Network
from graphs.measures.nodes import MEASURES, Measure


@dataclass(frozen=True)
class Trials:
    """How calibration is measured. Raises InputError for fewer than one trial."""

    count: int = 20
    planted: Missing | None = None
    """What is truly missing; None for just what the intervals imitate."""
    top: int | None = None
    """Looks only at nodes whose rank at hand is among the first so many; None for all."""

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InputError(f"{self.count} trials measure nothing; name at least one.")


def coverage(
    truth: Network,
    rng: np.random.Generator,
    missing: Missing = DEFAULT,
    trials: Trials | None = None,
    measures: Iterable[str | Measure] = tuple(MEASURES),
) -> pl.DataFrame:
    """Per measure: share of nodes whose true rank is inside (`coverage`), mean `width` of the interval, `nodes` seen.

    A trial leaves out nodes and edges of `truth`, takes the rest as the data at hand and gives each node its interval.
    The true rank is that of the true values among the nodes at hand. Raises InputError.
    """
    trials, wanted = trials or Trials(), chosen(measures)
    values = [one.of(truth) for one in wanted]
    sums = sum((_trial(truth, values, rng, missing, trials, wanted) for _ in range(trials.count)), np.zeros(()))
    inside, width, count = sums
    some = np.where(count > 0, count, np.nan)
    columns = {"coverage": inside / some, "width": width / some, "nodes": count.astype(np.int64)}
    return pl.DataFrame({"measure": [one.name for one in wanted], **columns}).fill_nan(None)


def _trial(
    truth: Network,
    values: Sequence[Floats],
    rng: np.random.Generator,
    missing: Missing,
    trials: Trials,
    measures: Sequence[Measure],
) -> Floats:
    """Nodes whose true rank is inside, widths added up and nodes looked at, each by measure: shape (3, measures)."""
    observed, present = thinned(truth, rng, trials.planted or missing)
    ranked = np.array([ranks(one.of(observed), one, present) for one in measures])
    true = [ranks(value, one, ~np.isnan(rank)) for value, one, rank in zip(values, measures, ranked, strict=True)]
    right = stretched(np.array(true), ranked)  # a mass may be known at hand that in truth is not
    low, high = intervals(observed, ranked, rng, missing, measures)
    known = ~np.isnan(low) & ~np.isnan(right) & (ranked <= (trials.top or np.inf))
    held = known & (low - 1e-9 <= right) & (right <= high + 1e-9)
    return np.array([held.sum(axis=1), np.where(known, high - low, 0.0).sum(axis=1), known.sum(axis=1)])
