"""Flows as a panel: one row per trading pair, one column per year.

History needs neighbours in time, and a matrix gives them by indexing. A pair is
(source, exporter, importer, commodity); years without a row are NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
PAIR = ("source", "exporter", "importer", "commodity")


@dataclass(frozen=True)
class Panel:
    """Index from flows to matrices `[pair, year]` and back."""

    pairs: pl.DataFrame
    """One row per pair, columns PAIR."""
    years: NDArray[np.int32]
    pair_of: NDArray[np.int64]
    """Row of `pairs` for each flow."""
    year_of: NDArray[np.int64]
    """Position in `years` for each flow."""

    @classmethod
    def of(cls, flows: pl.DataFrame) -> "Panel":
        """Index annual flows; row order of `flows` is kept by `gather`."""
        pairs = flows.select(PAIR).unique(maintain_order=True).with_row_index("pair")
        pair_of = flows.select(PAIR).join(pairs, on=PAIR, how="left", maintain_order="left")["pair"]
        if flows.is_empty():
            years = np.empty(0, np.int32)
        else:
            first, last = flows["period"].min(), flows["period"].max()
            years = np.arange(first, last + 1, dtype=np.int32)  # type: ignore[operator,arg-type]
        offset = int(years[0]) if years.size else 0
        year_of = flows["period"].to_numpy().astype(np.int64) - offset
        return cls(pairs.drop("pair"), years, pair_of.to_numpy().astype(np.int64), year_of)

    @property
    def shape(self) -> tuple[int, int]:
        """Pairs, years."""
        return self.pairs.height, int(self.years.size)

    def matrix(self, values: pl.Series) -> Matrix:
        """Spread a column of the flows over `[pair, year]`; absent cells and nulls are NaN."""
        out = np.full(self.shape, np.nan)
        out[self.pair_of, self.year_of] = values.cast(pl.Float64).to_numpy()
        return out

    def gather(self, matrix: NDArray[np.generic]) -> NDArray[np.generic]:
        """Bring `[pair, year]` back to one value per flow, in the flows' order."""
        return matrix[self.pair_of, self.year_of]

    def codes(self, column: str) -> NDArray[np.int64]:
        """Dense integer code of a pair column, one per pair."""
        return self.pairs[column].rank("dense").to_numpy().astype(np.int64) - 1

    def steps(self) -> Iterator[int]:
        """Year positions in time order: the only order in which history may be read."""
        return iter(range(self.years.size))
