"""Sums by key that are the same to the last bit whatever order the rows come in."""

from collections.abc import Sequence

import numpy as np
import polars as pl


def added(frame: pl.DataFrame, keys: Sequence[str], amounts: Sequence[str]) -> pl.DataFrame:
    """One row per key, sorted, with the sums of the amounts; equal keys are added in the order of their amounts."""
    ordered = frame.select(*keys, *amounts).sort(*keys, *amounts)
    if ordered.is_empty():
        return ordered
    first = ordered.select(pl.struct(keys).rle_id()).to_series().diff().fill_null(1).to_numpy().nonzero()[0]
    sums = [pl.Series(name, np.add.reduceat(ordered[name].to_numpy(), first)) for name in amounts]
    return ordered.select(keys)[first].with_columns(sums)
