"""How often rank intervals hold the true rank: measured by leaving out nodes and edges of a network taken as true."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from graphs.measures.intervals import DEFAULT, Missing, chosen, intervals, ranks, stretched, thinned
from graphs.measures.network import Network
from graphs.measures.nodes import MEASURES


def coverage(
    truth: Network,
    rng: np.random.Generator,
    missing: Missing = DEFAULT,
    trials: int = 20,
    names: Iterable[str] = tuple(MEASURES),
    planted: Missing | None = None,
) -> pl.DataFrame:
    """Per measure: share of nodes whose true rank is inside, mean width of the interval, nodes looked at.

    A trial leaves out nodes and edges of `truth` as `planted` says (as `missing`, if None), takes the rest as the data
    at hand and gives each node the interval for `missing`. The true rank is that of the true values among the nodes at
    hand. Raises InputError.
    """
    measures = chosen(names)
    inside, width, count = (np.zeros(len(measures)) for _ in range(3))
    values = [one.of(truth) for one in measures]
    for _ in range(trials):
        observed, present = thinned(truth, rng, planted or missing)
        seen = [np.where(present, one.of(observed), np.nan) for one in measures]
        ranked = np.array([ranks(value, one, present) for one, value in zip(measures, seen, strict=True)])
        true_ranks = [
            ranks(value, one, ~np.isnan(rank)) for one, value, rank in zip(measures, values, ranked, strict=True)
        ]
        right = stretched(np.array(true_ranks), ranked)  # some have a value at hand, but none in truth: a mass, for one
        low, high = intervals(observed, ranked, rng, missing, measures)
        known = ~np.isnan(low) & ~np.isnan(right)
        held = (low - 1e-9 <= right) & (right <= high + 1e-9)
        inside += np.sum(held & known, axis=1)
        width += np.sum(np.where(known, high - low, 0.0), axis=1)
        count += np.sum(known, axis=1)
    some = np.where(count > 0, count, np.nan)
    columns = {"coverage": inside / some, "width": width / some, "nodes": count.astype(np.int64)}
    return pl.DataFrame({"measure": [one.name for one in measures], **columns}).fill_nan(None)
