"""Cells of one year as a graph: countries are nodes, pairs that traded lately are edges, one edge type per commodity.

Nothing of year t enters the graph of year t but its targets. Pairs that trade for the first time in t are therefore no
edges of t: that they are there at all is news.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray

from models.flows.panel import PAIR
from models.flows.parts import NORMAL_80
from models.ladder.cells import FEATURES
from models.ladder.rung import Bools, Floats, Forecast
from models.reproducible import device

LIVE_YEARS = 5
"""A pair that has not traded for longer sends no message and gets no forecast of its own: the rung below stands."""
AMOUNTS = ("log_lag_1", "log_lag_2", "log_lag_3", "reverse_log_lag")
"""FEATURES that are 0 where nothing was traded; the network sees them as differences from the last trade."""
FARTHEST = 5.0
"""Standardised numbers are cut here."""
LEAST_SPREAD = 0.02
"""Of log USD, on either side, by the rung below: residuals are measured in these spreads."""
NEVER = 1e-4
"""No probability of the rung below is taken for nearer to 0 or 1."""


@dataclass(frozen=True)
class Year:
    """Graph of one year. E edges, F numbers on each; tensors on the device."""

    rows: NDArray[np.int64]
    """[E] places of the edges among the cells."""
    ends: Any
    """[2, E] exporter and importer, as places in the list of countries."""
    kind: Any
    """[E] edge type: the commodity."""
    x: Any
    """[E, F] lags, what the rung below says and how it erred last year, standardised (0 unknown); marks of known."""
    shares: Any
    """[E, 4]: 1 / exporter's edges, share of exporter's lagged value, 1 / importer's edges, share of importer's."""
    log_odds: Any
    """[E] log odds of no trade, by the rung below."""
    residual: Any
    """[E] log USD less the middle of the rung below, in its spread on that side; 0 where nothing was traded."""
    is_trade: Any
    """[E] 1 where something was traded."""
    is_known: Any
    """[E] 1 where it is known whether something was traded."""


@dataclass(frozen=True)
class Graphs:
    """The graphs of all years of a source and family, on the same countries and edge types."""

    countries: int
    kinds: int
    years: dict[int, Year]

    @property
    def width(self) -> int:
        """Numbers that an edge carries."""
        return next(int(year.x.shape[1]) for year in self.years.values())


def graphs(cells: pl.DataFrame, below: Forecast, origin: int, where: str | None = None) -> Graphs:
    """Graphs of every year with live edges; numbers are centred and scaled by the years before `origin` alone.

    cells: those of one source (`models.ladder.cells`); below: what the rung below says of them, in their order.
    where: a device of torch, the GPU if there is one unless told otherwise.
    """
    where = where or device()
    is_live = live(cells, below)
    year = cells["year"].to_numpy()
    names = pl.concat([cells["exporter"], cells["importer"]]).unique().sort()
    ends = np.stack([names.search_sorted(cells[side]).to_numpy().astype(np.int64) for side in ("exporter", "importer")])
    kind = cells["commodity"].rank("dense").to_numpy().astype(np.int64) - 1
    x = _numbers(cells, below, is_live & (year < origin))
    lagged = np.expm1(np.nan_to_num(_floats(cells, "log_lag_1")))
    last, amount = _floats(cells, "last_log_value"), _floats(cells, "value_usd")
    residual = np.nan_to_num(residuals(_floats(cells, "log_value"), below))
    chance = np.clip(below.p_zero, NEVER, 1 - NEVER)
    numbers = (np.log(chance / (1 - chance)), residual, (amount > 0).astype(float), np.isfinite(amount).astype(float))
    found = {}
    for one in np.unique(year[is_live]).tolist():
        rows = np.flatnonzero(is_live & (year == one))
        # By size, not by name: masks are drawn in this order, and no forecast may hang on what a country is called.
        rows = rows[np.lexsort((lagged[rows], last[rows]))]
        shares = _shares(ends[:, rows], lagged[rows])
        whole = (torch.from_numpy(np.ascontiguousarray(array)).to(where) for array in (ends[:, rows], kind[rows]))
        floats = (x[rows], shares, *(array[rows] for array in numbers))
        found[int(one)] = Year(rows, *whole, *(torch.from_numpy(array).float().to(where) for array in floats))
    return Graphs(len(names), int(kind.max(initial=-1)) + 1, found)


def live(cells: pl.DataFrame, below: Forecast) -> Bools:
    """Cells that the network speaks of: traded lately, and the rung below has a forecast."""
    recent = (cells["gap_years"] <= LIVE_YEARS).fill_null(False).to_numpy()
    has_below = np.isfinite(below.quantiles).all(axis=1) & np.isfinite(below.p_zero)
    found: Bools = recent & ~cells["is_first"].to_numpy() & has_below
    return found


def spreads(below: Forecast) -> tuple[Floats, Floats]:
    """Spread of log USD under and over the middle by the rung below, as a standard deviation each, `[cell]`."""
    low, middle, high = below.quantiles.T
    return (
        np.maximum((middle - low) / NORMAL_80, LEAST_SPREAD),
        np.maximum((high - middle) / NORMAL_80, LEAST_SPREAD),
    )


def residuals(log_value: Floats, below: Forecast) -> Floats:
    """What the rung below leaves of log USD, in its spread on that side: standard normal if it were right, `[cell]`."""
    under, over = spreads(below)
    off = log_value - below.quantiles[:, 1]
    found: Floats = np.where(off < 0, off / under, off / over)
    return found


def log_values(residual: Floats, below: Forecast) -> Floats:
    """The inverse of `residuals`; both rise with their first argument, so that quantiles go over into quantiles."""
    under, over = spreads(below)
    found: Floats = below.quantiles[:, 1] + np.where(residual < 0, residual * under, residual * over)
    return found


def _numbers(cells: pl.DataFrame, below: Forecast, is_past: Bools) -> Floats:
    """What an edge carries, each column centred and scaled by past cells, then marks of what is known."""
    under, over = spreads(below)
    own = (below.quantiles[:, 1], np.log(under), np.log(over), below.p_zero)
    x = np.column_stack([*_lags(cells), *own, *_surprises(cells, below)])
    known = np.isfinite(x)
    past = x[is_past] if is_past.any() else x
    seen = known[is_past] if is_past.any() else known
    count = np.maximum(seen.sum(axis=0), 1)
    mean = np.where(seen, past, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.maximum((np.where(seen, past - mean, 0.0) ** 2).sum(axis=0) / count, 1e-6))
    scaled = np.where(known, np.clip((x - mean) / spread, -FARTHEST, FARTHEST), 0.0)
    return np.column_stack([scaled, known[:, ~seen.all(axis=0)].astype(float)])


def _lags(cells: pl.DataFrame) -> list[Floats]:
    """FEATURES of the cells; amounts are unknown where nothing was traded, and whether there was is a mark beside."""
    last = _floats(cells, "last_log_value")
    columns = []
    for name in FEATURES:
        column = _floats(cells, name)
        if name in AMOUNTS:
            columns.append(np.where(np.isnan(column), np.nan, (column > 0).astype(float)))
            column = np.where(column > 0, column - last, np.nan)
        columns.append(column)
    return columns


def _surprises(cells: pl.DataFrame, below: Forecast) -> tuple[Floats, Floats]:
    """By how much the pair's last year missed what the rung below had said of it: the residual, and trade or none."""
    amount = _floats(cells, "value_usd")
    residual = residuals(_floats(cells, "log_value"), below)
    silence = np.where(np.isnan(amount), np.nan, (amount == 0) - below.p_zero)
    missed = cells.select(*PAIR, pl.Series("residual", residual), pl.Series("silence", silence))
    lagged = missed.select(pl.col("residual", "silence").shift(1).over(PAIR)).fill_null(float("nan"))
    return lagged["residual"].to_numpy(), lagged["silence"].to_numpy()


def _shares(ends: NDArray[np.int64], lagged: Floats) -> Floats:
    """Weights of an edge among its exporter's and among its importer's edges: equal, and by last year's value."""
    columns = []
    for side in ends:
        count = np.bincount(side)
        total = np.bincount(side, weights=lagged)[side]
        columns += [1.0 / count[side], np.divide(lagged, total, out=np.zeros(lagged.size), where=total > 0)]
    return np.column_stack(columns)


def _floats(cells: pl.DataFrame, column: str) -> Floats:
    """A column with NaN for null, `[cell]`."""
    return cells[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
