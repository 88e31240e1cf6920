"""The plain rungs: last year again, and the mean of three years; their spread is that of their own earlier misses.

A plain rung has a middle m (log USD). Its quantiles are m plus the quantiles of log(value) - m over earlier years, in
the size band of the pair's last trade (one band per factor of ten); bands with fewer than MINIMUM earlier misses take
those of all bands. Its probability of zero is the share of zeros in earlier years among pairs of the same recent
pattern (which of the last three years traded, else for how long it has not). Both are learnt within a source and
family. A year's own rows are never among those that it is forecast from.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.history import size_band
from models.ladder.rung import LEVELS, Bools, Floats, Forecast

MINIMUM = 50
"""Earlier misses below which a size band, or all bands together, give no quantiles."""
BANDS = 6
"""Size bands: below 10,000 USD, one for each factor of ten, above 100 M USD."""
PATTERNS = 10
"""Eight patterns of three years, of which silence throughout is told apart by its length: up to 5 years, 10, longer."""


class Persistence:
    """The pair's last trade once more."""

    name = "persistence"
    learns_from_below = False

    def lacking(self) -> str | None:
        """It needs nothing."""
        return None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        """Middle: log USD of the last year that traded."""
        return with_residuals(cells, cells["last_log_value"].to_numpy(), wanted)


class Mean3:
    """The mean of the last three years, zeros included."""

    name = "mean_3"
    learns_from_below = False

    def lacking(self) -> str | None:
        """It needs nothing."""
        return None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        """Middle: log of the mean USD of those of the last three years that are known; all zero: the last trade."""
        mean = pl.mean_horizontal(pl.col(f"log_lag_{lag}").exp() - 1.0 for lag in (1, 2, 3))
        middle = pl.when(mean > 0).then(mean.log()).otherwise(pl.col("last_log_value"))
        return with_residuals(cells, cells.select(middle).to_series().to_numpy(), wanted)


def with_residuals(cells: pl.DataFrame, middle: Floats, wanted: Bools) -> Forecast:
    """Quantiles and probability of zero around a middle (log USD per cell, NaN where there is none)."""
    quantiles = np.full((cells.height, len(LEVELS)), np.nan)
    for rows in _by_source(cells):
        quantiles[rows] = _quantiles(cells[rows], middle[rows], wanted[rows])
    return Forecast(quantiles, zero_shares(cells))


def _quantiles(cells: pl.DataFrame, middle: Floats, wanted: Bools) -> Floats:
    year, target = cells["year"].to_numpy(), cells["log_value"].to_numpy()
    miss = target - middle
    band = size_band(np.exp(np.nan_to_num(cells["last_log_value"].to_numpy(), nan=0.0)))
    out = np.full((cells.height, len(LEVELS)), np.nan)
    seen = np.flatnonzero(np.isfinite(miss))
    seen = seen[np.argsort(miss[seen], kind="stable")]  # sorted once, so that quantiles are read by counting
    for one in np.unique(year):
        earlier = seen[year[seen] < one]
        now = np.flatnonzero((year == one) & wanted & np.isfinite(middle))
        if earlier.size < MINIMUM or not now.size:
            continue
        offset = np.tile(_read(miss[earlier]), (BANDS, 1))
        for each in range(BANDS):
            mine = earlier[band[earlier] == each]
            if mine.size >= MINIMUM:
                offset[each] = _read(miss[mine])
        out[now] = middle[now, None] + offset[band[now]]
    return out


def _read(ordered: Floats) -> Floats:
    """Quantiles LEVELS of values in rising order, linear between them."""
    at = np.array(LEVELS) * (ordered.size - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, ordered.size - 1)
    found: Floats = ordered[below] + (at - below) * (ordered[above] - ordered[below])
    return found


def zero_shares(cells: pl.DataFrame) -> Floats:
    """Share of zeros in earlier years among cells of the same pattern; NaN in first years and before any was seen."""
    out = np.full(cells.height, np.nan)
    for rows in _by_source(cells):
        out[rows] = _zero_shares(cells[rows])
    return out


def _zero_shares(cells: pl.DataFrame) -> Floats:
    first = int(cells["year"].min() or 0)  # type: ignore[arg-type]
    year, pattern = cells["year"].to_numpy().astype(np.int64) - first, _pattern(cells)
    value = cells["value_usd"].to_numpy()
    counted = np.isfinite(value) & ~cells["is_first"].to_numpy()
    shape = (PATTERNS, int(year.max()) + 1)
    seen, zeros = np.zeros(shape), np.zeros(shape)
    np.add.at(seen, (pattern[counted], year[counted]), 1.0)
    np.add.at(zeros, (pattern[counted], year[counted]), (value[counted] == 0).astype(float))
    seen, zeros = (np.cumsum(one, axis=1) - one for one in (seen, zeros))
    overall = (zeros.sum(axis=0) + 1.0) / (seen.sum(axis=0) + 2.0)
    share = (zeros + overall) / (seen + 1.0)
    share[:, seen.sum(axis=0) < MINIMUM] = np.nan
    return np.where(cells["is_first"].to_numpy(), np.nan, share[pattern, year])


def _pattern(cells: pl.DataFrame) -> NDArray[np.int64]:
    """Number of the recent pattern: bits of the last three years' trade, silence throughout by its length."""
    traded = [pl.col(f"log_lag_{lag}").fill_null(0.0).gt(0).cast(pl.Int64) * 2 ** (lag - 1) for lag in (1, 2, 3)]
    bits = pl.sum_horizontal(traded)
    gap = pl.col("gap_years").fill_null(0.0)
    quiet = pl.when(gap <= 5).then(0).when(gap <= 10).then(8).otherwise(9)
    pattern = pl.when(bits > 0).then(bits).otherwise(quiet)
    return cells.select(pattern.cast(pl.Int64)).to_series().to_numpy()


def _by_source(cells: pl.DataFrame) -> list[NDArray[np.int64]]:
    """Places of each source's cells."""
    source = cells["source"].to_numpy()
    return [np.flatnonzero(source == one) for one in sorted(set(source.tolist()))]
