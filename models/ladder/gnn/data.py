"""Cells of one year as a graph: countries are nodes, pairs that traded lately are edges, one edge type per commodity.

Nothing of year t enters the graph of year t but its targets. Pairs that trade for the first time in t are therefore no
edges of t: that they are there at all is news.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray

from models.ladder.cells import FEATURES
from models.reproducible import device

Floats = NDArray[np.float64]
LIVE_YEARS = 5
"""A pair that has not traded for longer sends no message and gets no forecast of its own: the rung below stands."""
FARTHEST = 5.0
"""Standardised numbers are cut here."""
MIN_SCALE, MAX_SCALE = 0.05, 5.0
"""Bounds of the lower rung's spread, in which residuals are measured."""


@dataclass(frozen=True)
class Below:
    """What the rung below says of each cell, NaN where it says nothing; one entry per cell."""

    location: Floats
    """Middle of log USD, given that there is trade."""
    scale: Floats
    """Standard deviation of log USD, given that there is trade."""
    p_zero: Floats


@dataclass(frozen=True)
class Year:
    """Graph of one year. E edges, F = features; tensors on the device."""

    rows: NDArray[np.int64]
    """[E] places of the edges among the cells."""
    ends: torch.Tensor
    """[2, E] exporter and importer, as places in the list of countries."""
    kind: torch.Tensor
    """[E] edge type: source and commodity."""
    x: torch.Tensor
    """[E, F] lags and what the rung below says, standardised, 0 where unknown, then 1 where known."""
    shares: torch.Tensor
    """[E, 4]: 1 / exporter's edges, share of exporter's lagged value, 1 / importer's edges, share of importer's."""
    log_odds: torch.Tensor
    """[E] log odds of no trade, by the rung below."""
    residual: torch.Tensor
    """[E] (log USD - location) / scale; 0 where nothing was traded."""
    is_trade: torch.Tensor
    """[E] 1 where something was traded."""
    is_known: torch.Tensor
    """[E] 1 where it is known whether something was traded."""


@dataclass(frozen=True)
class Graphs:
    """The graphs of all years of a family, each on the same countries and edge types."""

    countries: int
    kinds: int
    years: dict[int, Year]

    @property
    def width(self) -> int:
        """Numbers that an edge carries."""
        return next((year.x.shape[1] for year in self.years.values()), 0)


def live(cells: pl.DataFrame, below: Below) -> NDArray[np.bool_]:
    """Cells that the network speaks of: traded lately, and the rung below has a forecast."""
    recent = cells.select((pl.col("gap_years") <= LIVE_YEARS).fill_null(False)).to_series().to_numpy()
    has_below = np.isfinite(below.location) & np.isfinite(below.scale) & np.isfinite(below.p_zero)
    found: NDArray[np.bool_] = recent & ~cells["is_first"].to_numpy() & has_below
    return found


def graphs(cells: pl.DataFrame, below: Below, known_until: int) -> Graphs:
    """Graphs of every year with live cells; features are centred and scaled by the years before `known_until` alone.

    cells: `models.ladder.cells.cells`, in its order.
    """
    is_live = live(cells, below)
    year = cells["year"].to_numpy()
    names = pl.concat([cells["exporter"], cells["importer"]]).unique().sort()
    ends = np.stack([names.search_sorted(cells[side]).to_numpy().astype(np.int64) for side in ("exporter", "importer")])
    kind = cells.select(pl.struct("source", "commodity").rank("dense") - 1).to_series().to_numpy().astype(np.int64)
    x = _features(cells, below, is_live & (year < known_until))
    lagged = np.expm1(np.nan_to_num(cells["log_lag_1"].cast(pl.Float64).fill_null(0.0).to_numpy()))
    target = cells["log_value"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    amount = cells["value_usd"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    found = {}
    for one in np.unique(year[is_live]).tolist():
        rows = np.flatnonzero(is_live & (year == one))
        scale = np.clip(below.scale[rows], MIN_SCALE, MAX_SCALE)
        residual = np.nan_to_num((target[rows] - below.location[rows]) / scale)
        p_zero = np.clip(below.p_zero[rows], 1e-4, 1 - 1e-4)
        floats = (
            x[rows],
            _shares(ends[:, rows], kind[rows], lagged[rows]),
            np.log(p_zero / (1 - p_zero)),
            residual,
            (amount[rows] > 0).astype(float),
            np.isfinite(amount[rows]).astype(float),
        )
        whole = (torch.from_numpy(np.ascontiguousarray(array)).to(device()) for array in (ends[:, rows], kind[rows]))
        found[int(one)] = Year(rows, *whole, *(torch.from_numpy(array).float().to(device()) for array in floats))
    return Graphs(len(names), int(kind.max()) + 1 if kind.size else 0, found)


def _features(cells: pl.DataFrame, below: Below, is_past: NDArray[np.bool_]) -> Floats:
    """Lags and the lower rung's forecast, each centred and scaled by past cells, with a mark of what is known."""
    lags = cells.select(pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in FEATURES).to_numpy()
    own = np.column_stack([below.location, np.log(np.clip(below.scale, MIN_SCALE, MAX_SCALE)), below.p_zero])
    surprise = lags[:, FEATURES.index("log_lag_1")] - lags[:, FEATURES.index("log_lag_2")]
    x = np.column_stack([lags, own, below.location - lags[:, FEATURES.index("last_log_value")], surprise])
    known = np.isfinite(x)
    past = np.where(known & is_past[:, None], x, 0.0)
    count = np.maximum((known & is_past[:, None]).sum(axis=0), 1)
    mean = past.sum(axis=0) / count
    spread = np.sqrt(np.maximum((past**2).sum(axis=0) / count - mean**2, 1e-6))
    scaled = np.clip((x - mean) / spread, -FARTHEST, FARTHEST)
    varies = known[is_past].any(axis=0) & ~known[is_past].all(axis=0) if is_past.any() else known.any(axis=0)
    return np.column_stack([np.where(known, scaled, 0.0), known[:, varies].astype(float)])


def _shares(ends: NDArray[np.int64], kind: NDArray[np.int64], lagged: Floats) -> Floats:
    """Weights of an edge among its exporter's and among its importer's edges: equal, and by last year's value."""
    columns = []
    for side in ends:
        count = np.bincount(side, minlength=int(side.max()) + 1)
        total = np.bincount(side, weights=lagged, minlength=count.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            columns += [1.0 / count[side], np.where(total[side] > 0, lagged / total[side], 0.0)]
    return np.column_stack(columns)
