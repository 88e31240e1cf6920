"""A pair against its own past.

The anomaly is a *change*, never a level: a pair that always differs by half has an ordinary reason.
For each year the value is compared with the median of the pair's last five clean years, where clean
means that the year was not itself out of line. Only earlier years are read, for the median as well
as for the spread it is measured in. A new level that has held for three declared years in a
row is the pair's own from then on.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.panel import Matrix, Panel
from models.normal import MAD_TO_SD

WINDOW = 5
"""Clean years that make the median. Three lose a second year of the same break."""
REACH = 10
"""Oldest year, counted back, that still speaks."""
MINIMUM = 3
"""Clean years below which a pair has no history."""
THRESHOLD = 3.0
"""A year further out than this is not clean and does not enter later medians."""
SETTLED = 3
"""Years running out of line, within THRESHOLD of one another, that make a new level."""
SHRINK = 20.0
"""Rows of the whole family that a group's spread is blended with."""


@dataclass(frozen=True)
class Change:
    """Own-history comparison, each field `[pair, year]`."""

    median: Matrix
    years: NDArray[np.int64]
    """Clean years behind the median."""
    scale: Matrix
    """Robust spread of such changes for this exporter, importer and size, and of the pair's own past, joined."""
    z: Matrix
    """(value - median - common change of the year) / scale; NaN without history."""
    common: NDArray[np.float64]
    """Change shared by the whole family that year, `[year]` (or `[pair, year]`)."""


def changes(panel: Panel, values: Matrix, size: Matrix) -> Change:
    """Compare each value of a log quantity with the pair's own clean past.

    values: log quantity `[pair, year]`, NaN where it cannot be formed.
    size: USD of the flow `[pair, year]`; its order of magnitude chooses the spread.
    """
    pairs, years = panel.shape
    past = np.full((pairs, WINDOW), np.nan)
    age = np.full((pairs, WINDOW), -np.inf)
    median, scale, z = (np.full((pairs, years), np.nan) for _ in range(3))
    count = np.zeros((pairs, years), np.int64)
    common = np.zeros(years)
    waiting = np.full((pairs, SETTLED), np.nan)
    spread = _Spread(panel)
    for t in panel.steps():
        usable = age >= t - REACH
        window = np.where(usable, past, np.nan)
        count[:, t] = np.isfinite(window).sum(axis=1)
        known = count[:, t] >= MINIMUM
        if known.any():
            median[known, t] = middle(window[known])
        band = size_band(size[:, t])
        own = np.zeros(pairs)
        if known.any():
            own[known] = MAD_TO_SD * middle(np.abs(window[known] - median[known, t, None]))
        scale[:, t] = np.hypot(spread.at(band), own)
        change = values[:, t] - median[:, t]
        seen = np.isfinite(change)
        if seen.any():
            common[t] = np.median(change[seen]) * seen.sum() / (seen.sum() + SHRINK)
        change = change - common[t]
        z[:, t] = change / scale[:, t]
        present = np.isfinite(values[:, t])
        out = present & (np.abs(z[:, t]) > THRESHOLD)
        _push(past, age, present & ~out, values[:, t], t)
        waiting = np.where(out[:, None], np.column_stack([waiting[:, 1:], values[:, t]]), waiting)
        waiting[present & ~out] = np.nan
        settled = out.copy()
        settled[out] = np.ptp(waiting[out], axis=1) <= THRESHOLD * scale[out, t]
        for step in range(SETTLED):
            _push(past, age, settled, waiting[:, step], t)
        waiting[settled] = np.nan
        spread.add(np.flatnonzero(seen), band, np.abs(change))
    return Change(median, count, scale, z, common)


def _push(past: Matrix, age: Matrix, rows: NDArray[np.bool_], values: NDArray[np.float64], t: int) -> None:
    """Append a year to the running window of the given pairs, in place."""
    past[rows] = np.column_stack([past[rows, 1:], values[rows]])
    age[rows] = np.column_stack([age[rows, 1:], np.full(rows.sum(), float(t))])


def middle(values: Matrix) -> NDArray[np.float64]:
    """Median of each row's known values, of which there must be one; NaN is unknown."""
    ordered = np.sort(values, axis=1)
    known, rows = np.isfinite(values).sum(axis=1), np.arange(values.shape[0])
    median: NDArray[np.float64] = (ordered[rows, (known - 1) // 2] + ordered[rows, known // 2]) / 2
    return median


def size_band(usd: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order of magnitude of a flow: 0 below 10,000 USD, then one band per factor of ten, up to 5."""
    with np.errstate(divide="ignore", invalid="ignore"):
        magnitude = np.floor(np.log10(usd))
    band: NDArray[np.int64] = np.clip(np.nan_to_num(magnitude, nan=0.0, neginf=0.0), 3, 8).astype(np.int64) - 3
    return band


class _Spread:
    """Running robust spread of absolute changes by exporter, importer and size band.

    sd = sqrt((sd_exporter^2 + sd_importer^2) / 2) * sd_band / sd_all, every group blended with the
    whole by SHRINK rows, so that a reporter seen once does not get a spread of its own.
    """

    def __init__(self, panel: Panel) -> None:
        self._exporter, self._importer = panel.codes("exporter"), panel.codes("importer")
        self._rows: list[pl.DataFrame] = []
        self._floor = 0.05

    def add(self, pairs: NDArray[np.int64], band: NDArray[np.int64], size: NDArray[np.float64]) -> None:
        """Remember the absolute changes of these pairs."""
        columns = {
            "exporter": self._exporter[pairs],
            "importer": self._importer[pairs],
            "band": band[pairs],
            "change": size[pairs],
        }
        self._rows.append(pl.DataFrame(columns))

    def at(self, band: NDArray[np.int64]) -> NDArray[np.float64]:
        """Spread for every pair in the size band it has now; NaN until anything was seen."""
        rows = pl.concat(self._rows) if self._rows else pl.DataFrame()
        if rows.is_empty():
            return np.full(self._exporter.shape, np.nan)
        middle = rows["change"].median()
        whole = max(float(middle) if isinstance(middle, float) else 0.0, self._floor)
        exporter = _group_spread(rows, "exporter", whole, int(self._exporter.max()) + 1)[self._exporter]
        importer = _group_spread(rows, "importer", whole, int(self._importer.max()) + 1)[self._importer]
        by_band = _group_spread(rows, "band", whole, 6)[band]
        spread: NDArray[np.float64] = MAD_TO_SD * np.sqrt((exporter**2 + importer**2) / 2) * by_band / whole
        return np.maximum(spread, self._floor)


def _group_spread(rows: pl.DataFrame, group: str, whole: float, groups: int) -> NDArray[np.float64]:
    """Median absolute change by group, blended with the whole."""
    medians = rows.group_by(group).agg(pl.col("change").median(), pl.len())
    out = np.full(groups, whole)
    n, own = medians["len"].to_numpy().astype(float), medians["change"].to_numpy()
    out[medians[group].to_numpy()] = (n * own + SHRINK * whole) / (n + SHRINK)
    return out
