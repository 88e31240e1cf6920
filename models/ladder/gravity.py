"""Three-way gravity by Poisson pseudo maximum likelihood, fitted by iterative proportional fitting.

For each commodity  E[value_ijt] = a_it b_jt c_ij  with effects of exporter-year, importer-year and pair. The Poisson
first-order conditions say that the fit adds up to what was traded by exporter-year, by importer-year and by pair;
scaling to these sums in turn converges to it (Santos Silva and Tenreyro 2006; Correia, Guimarães and Zylkin 2020).
Pairs enter with their first trade, zeros count, unknown cells do not.

The fit of year t uses a window of WINDOW years that ends in t. A forecast of year t + 1 carries the effects of
exporter-year and importer-year forward as they last were (persistence of the margins): it is the fit of year t, or of
the window's last year in which neither end had stopped trading.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.flows.panel import PAIR, Matrix
from models.ladder.baselines import with_residuals
from models.ladder.cells import cells as cells_of
from models.ladder.cells import grouped
from models.ladder.rung import Bools, Forecast

WINDOW = 5
"""Years of a fit, its own included. A pair's effect drifts: shorter windows forecast better, longer ones worse, but of
two years little is left to compare a pair with."""
ROUNDS = 50
"""Most rounds of scaling; a fit begins from that of the year before and needs few."""
TOLERANCE = 1e-3
"""Largest share of a year's trade by which the sums of an exporter or importer may still be off."""


@dataclass(frozen=True)
class Effects:
    """Multiplicative effects: exporters `[exporter, year]`, importers `[importer, year]`, pairs `[pair]`."""

    exporter: Matrix
    importer: Matrix
    pair: NDArray[np.float64]


class Gravity:
    """Three-way gravity carried forward, with quantiles from its own earlier residuals."""

    name = "gravity"
    learns_from_below = False

    def lacking(self) -> str | None:
        """It needs nothing."""
        return None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        """Where gravity cannot say (no trade within the window), the pair's last trade stands in."""
        middle = cells.select(pl.coalesce("log_gravity", "last_log_value")).to_series()
        return with_residuals(cells, middle.to_numpy(), wanted)


def fitted(flows: pl.DataFrame) -> pl.DataFrame:
    """The fit of every flow between two countries, from the years up to its own: flow_id, log_fitted, log_gravity.

    log_fitted: log USD by the window that ends in the flow's year. log_gravity: the forecast from the years before;
    null where there is none.
    """
    found = with_gravity(cells_of(flows, lags=False))
    return found.filter(pl.col("flow_id").is_not_null()).select("flow_id", "log_fitted", "log_gravity").sort("flow_id")


def with_gravity(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with log_fitted (not known before the year: no feature) and log_gravity (the forecast, a feature)."""
    pair = cells.select(pl.struct(PAIR).rle_id()).to_series().to_numpy().astype(np.int64)
    first = int(cells["year"].min() or 0)  # type: ignore[arg-type]
    year = cells["year"].to_numpy().astype(np.int64) - first
    shape = (int(pair[-1]) + 1, int(year.max()) + 1) if pair.size else (0, 0)
    amount, now, ahead = (np.full(shape, np.nan) for _ in range(3))
    amount[pair, year] = cells["value_usd"].to_numpy()
    pairs = cells.select(PAIR).filter(np.diff(pair, prepend=-1) > 0)
    exporter, importer = (grouped(pairs, ["source", "commodity", end])[1] for end in ("exporter", "importer"))
    for t, rows, mu in _windows(amount, exporter, importer):
        now[rows, t] = mu[:, -1]
        if t + 1 < shape[1]:
            ahead[rows, t + 1] = _latest(mu)
    with np.errstate(divide="ignore"):
        columns = {"log_fitted": np.log(now[pair, year]), "log_gravity": np.log(ahead[pair, year])}
    return cells.with_columns(
        pl.Series(name, np.where(np.isfinite(log), log, np.nan), nan_to_null=True) for name, log in columns.items()
    )


def ppml(
    amount: Matrix,
    exporter: NDArray[np.int64],
    importer: NDArray[np.int64],
    start: Effects | None = None,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
) -> tuple[Matrix, Effects]:
    """Fitted amounts and effects of one cube `[pair, year]`; NaN cells have no say and get a fit all the same.

    exporter, importer: code of each pair's end, with the commodity, from 0. start: effects to begin from.
    """
    known, traded = np.isfinite(amount), np.nan_to_num(amount)
    if start is None:
        start = flat(exporter, importer, amount.shape[1])
    out, into = _sums(exporter, start.exporter.shape[0]), _sums(importer, start.importer.shape[0])
    sold, bought, own = out @ traded, into @ traded, traded.sum(axis=1)
    size = max(float(traded.sum(axis=0).max(initial=0.0)), 1e-300)
    a, b, c = start.exporter, start.importer, start.pair
    for _ in range(rounds):
        a = _ratio(sold, out @ (known * b[importer] * c[:, None]))
        b = _ratio(bought, into @ (known * a[exporter] * c[:, None]))
        ab = a[exporter] * b[importer]
        known_ab = known * ab
        c = _ratio(own, known_ab.sum(axis=1))
        mu = known_ab * c[:, None]
        if (
            max(np.abs(out @ mu - sold).max(initial=0.0), np.abs(into @ mu - bought).max(initial=0.0))
            <= tolerance * size
        ):
            break
    return a[exporter] * b[importer] * c[:, None], Effects(a, b, c)


def flat(exporter: NDArray[np.int64], importer: NDArray[np.int64], years: int) -> Effects:
    """All effects 1: where a fit begins that has none before it."""
    groups = [int(code.max(initial=-1)) + 1 for code in (exporter, importer)]
    return Effects(np.ones((groups[0], years)), np.ones((groups[1], years)), np.ones(exporter.size))


def _windows(
    amount: Matrix, exporter: NDArray[np.int64], importer: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.int64], Matrix]]:
    """For each year: its position, the pairs that traded within the window, and their fit `[pair, window]`."""
    whole = flat(exporter, importer, 1)
    for t in range(amount.shape[1]):
        window = amount[:, max(t - WINDOW + 1, 0) : t + 1]
        rows = np.flatnonzero((np.nan_to_num(window) > 0).any(axis=1))
        start = _moved(whole, rows, window.shape[1])
        mu, found = ppml(window[rows], exporter[rows], importer[rows], start)
        pair = np.ones(exporter.size)
        pair[rows] = found.pair
        whole = Effects(found.exporter, found.importer, pair)
        yield t, rows, mu


def _moved(effects: Effects, rows: NDArray[np.int64], years: int) -> Effects:
    """Effects of the window before as a start for this one; what was not fitted yet starts from 1."""

    def onward(side: Matrix) -> Matrix:
        kept = side[:, side.shape[1] - (years - 1) :] if years > 1 else side[:, :0]
        moved = np.column_stack([kept, side[:, -1]])
        return np.where(moved > 0, moved, 1.0)

    pair = effects.pair[rows]
    return Effects(onward(effects.exporter), onward(effects.importer), np.where(pair > 0, pair, 1.0))


def _latest(mu: Matrix) -> NDArray[np.float64]:
    """The last positive fit of each row, 0 where there is none."""
    last = mu.shape[1] - 1 - np.argmax(mu[:, ::-1] > 0, axis=1)
    found: NDArray[np.float64] = mu[np.arange(mu.shape[0]), last]
    return found


def _sums(code: NDArray[np.int64], groups: int) -> csr_array:
    """Matrix `[group, pair]` that adds up the pairs of each group."""
    return csr_array((np.ones(code.size), (code, np.arange(code.size))), shape=(groups, code.size))


def _ratio(target: NDArray[np.float64], sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(target, sums, out=np.zeros_like(target), where=sums > 0)
