"""Flows as arrays: who trades what with whom and when as whole numbers, so that sums and pasts are indexing.

Exporters and importers share one numbering, which lets what a country buys be laid beside what it sells. The past
of a flow are the last rows on record of its pair (source, exporter, importer, commodity), in earlier years.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Index = NDArray[np.int64]
Marks = NDArray[np.bool_]
WINDOW = 5
"""Rows on record that make a pair's recent past."""
DEPTH = 10
"""Rows on record that are looked at, and the oldest year, counted back, that still speaks."""
AMOUNTS = {
    "exports": "export_value_usd",
    "imports": "import_value_usd",
    "export_kg": "export_mass_kg",
    "import_kg": "import_mass_kg",
    "value": "reconciled_value_usd",
    "kg": "reconciled_mass_kg",
}


@dataclass(frozen=True)
class Cells:
    """Annual flows between two different countries, each array in the order of `rows`."""

    rows: pl.DataFrame
    is_own: Marks
    """False for neighbouring codes, which are only looked at."""
    source: Index
    exporter: Index
    importer: Index
    commodity: Index
    year: Index
    """Years since the first one."""
    sizes: dict[str, int]

    @classmethod
    def of(cls, flows: pl.DataFrame, neighbours: pl.DataFrame) -> "Cells":
        """Scorable flows of the family and of its neighbours, sorted by flow_id."""
        own = scorable(flows)
        near = scorable(neighbours).select(own.columns)
        rows = pl.concat([own.with_columns(is_own=True), near.with_columns(is_own=False)])
        number, sizes = {}, {}
        for names in (("source",), ("exporter", "importer"), ("commodity",)):
            labels = pl.concat([rows[name].cast(pl.String) for name in names]).unique().sort()
            for name in names:
                number[name] = labels.search_sorted(rows[name].cast(pl.String)).to_numpy().astype(np.int64)
                sizes[name] = max(labels.len(), 1)
        period = rows["period"].to_numpy().astype(np.int64)
        year = period - period.min() if period.size else period
        sizes["year"] = int(year.max()) + 1 if year.size else 1
        return cls(rows.drop("is_own"), rows["is_own"].to_numpy(), **number, year=year, sizes=sizes)

    @property
    def height(self) -> int:
        """Number of flows, neighbours among them."""
        return self.rows.height

    def amount(self, name: str) -> Vector:
        """A column of AMOUNTS; NaN where it is not known or nothing."""
        values = self.rows[AMOUNTS[name]].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return np.where(values > 0, values, np.nan)

    def marks(self, name: str) -> Marks:
        """A boolean column, False where it is null."""
        return self.rows[name].fill_null(False).to_numpy()

    def group(self, *keys: str, **swapped: str) -> tuple[Index, int]:
        """Number of each flow's group, and the number of groups. `swapped`: read this key from another column."""
        flat, size = np.zeros(self.height, np.int64), 1
        for key in keys:
            flat = flat * self.sizes[key] + getattr(self, swapped.get(key, key))
            size *= self.sizes[key]
        return flat, size

    def total(self, values: Vector, *keys: str, **swapped: str) -> Vector:
        """Sum over each group, `[group]`; NaN adds nothing."""
        flat, size = self.group(*keys, **swapped)
        return np.bincount(flat, np.nan_to_num(values), size).astype(np.float64, copy=False)

    def over(self, values: Vector, *keys: str) -> Vector:
        """Sum over each flow's group, `[flow]`."""
        return self.total(values, *keys)[self.group(*keys)[0]]

    @cached_property
    def _order(self) -> tuple[Index, Index]:
        """Flows by pair and year, and each pair's number in that order."""
        keys = (self.year, self.commodity, self.importer, self.exporter, self.source)
        order = np.lexsort(keys)
        starts = np.zeros(self.height, bool)
        for key in keys[1:]:
            starts[1:] |= np.diff(key[order]) != 0
        return order, np.cumsum(starts)

    def past(self, values: Vector, depth: int = WINDOW) -> NDArray[np.float64]:
        """Values on the last rows on record of each flow's pair, `[flow, depth]`, the latest first; NaN for none."""
        order, pair = self._order
        sorted_values, sorted_year = values[order], self.year[order]
        # A year after the other, so that each is written and read in one piece.
        out = np.full((depth, self.height), np.nan)
        for step in range(1, min(depth, self.height - 1) + 1):
            same = (pair[step:] == pair[:-step]) & (sorted_year[step:] - sorted_year[:-step] <= DEPTH)
            out[step - 1, order[step:]] = np.where(same, sorted_values[:-step], np.nan)
        return out.T

    def year_before(self, values: Vector) -> Vector:
        """Value of the pair in the year before; NaN where it has no row."""
        year = self.past(self.year.astype(np.float64), 1)[:, 0]
        return np.where(year == self.year - 1, self.past(values, 1)[:, 0], np.nan)


def scorable(flows: pl.DataFrame) -> pl.DataFrame:
    """Annual flows between two different countries, by flow_id."""
    kinds = (pl.col(f"{end}_kind").cast(pl.String) == "country" for end in ("exporter", "importer"))
    chosen = flows.filter(pl.col("period") < 10_000, pl.col("exporter") != pl.col("importer"), *kinds)
    return chosen.sort("flow_id")


def middle(values: NDArray[np.float64], least: int = 1) -> Vector:
    """Median of each row's known values; NaN with fewer than `least` of them."""
    ordered = np.sort(values, axis=1)
    known = np.isfinite(values).sum(axis=1)
    rows = np.arange(values.shape[0])
    high = np.clip(known // 2, 0, values.shape[1] - 1)
    low = np.clip((known - 1) // 2, 0, values.shape[1] - 1)
    return np.where(known >= max(least, 1), (ordered[rows, low] + ordered[rows, high]) / 2, np.nan)


def mean(values: NDArray[np.float64], least: int = 1) -> Vector:
    """Mean of each row's known values; NaN with fewer than `least` of them."""
    known = np.isfinite(values).sum(axis=1)
    return np.where(known >= max(least, 1), np.nansum(values, axis=1) / np.maximum(known, 1), np.nan)


def log(values: Vector) -> Vector:
    """Natural logarithm; NaN of nothing and of the unknown."""
    return np.log(np.where(values > 0, values, np.nan))


def share(part: Vector, whole: Vector) -> Vector:
    """part / whole; NaN where the whole is nothing or unknown."""
    return part / np.where(whole > 0, whole, np.nan)
