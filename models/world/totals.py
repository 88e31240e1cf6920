"""Sums by key that do not depend on the number of threads.

Polars adds floats of a group in parts, one for each thread, so that the last digits of a sum change from run to run.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl


def totals(rows: pl.DataFrame, keys: Sequence[str], *amounts: str) -> pl.DataFrame:
    """keys, sorted, and the sums of amounts, added in the order of the rows, which the caller fixes."""
    places = rows.select(keys).unique().sort(keys, nulls_last=True).with_row_index("place")
    at = rows.select(keys).join(places, on=keys, how="left", maintain_order="left", nulls_equal=True)["place"]
    sums = {name: np.bincount(at.to_numpy(), rows[name].to_numpy(), places.height) for name in amounts}
    # Of no rows at all numpy makes whole numbers.
    return places.drop("place").with_columns(pl.Series(name, one.astype(np.float64)) for name, one in sums.items())
