"""Gradient-boosted quantiles of what a pair trades, and a hurdle of its own for whether it trades at all.

LightGBM trees (Ke et al. 2017) on all FEATURES of the cells and the gravity forecast. Three models give the quantiles
LEVELS of log USD less the log USD of the pair's last trade, given trade (pinball loss); a fourth gives the probability
of zero (log loss). Amounts enter as differences from the last trade, so that what is learnt on one size serves
another. Fitted within a source and family, once per block of years, on the years before the block alone.
Few cells make trees look surer than they are: their quantiles are moved by what they miss on cells left out (Romano,
Patterson and Candès 2019). Quantiles are put in rising order where trees would cross.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.ladder.cells import FEATURES
from models.ladder.rung import LEVELS, Bools, Floats, Forecast, origins, silent

Singles = NDArray[np.float32]
MINIMUM_ROWS = 400
"""Earlier cells below which trees are not grown."""
LARGEST_FIT = 25_000
"""Earlier cells that a fit draws from all there are."""
REACH = 15
"""Years before a block that are still learnt from."""
QUIET = -50.0
"""Stands for a year without trade among differences of logarithms."""
TREES: dict[str, Any] = {
    "learning_rate": 0.15,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "seed": 0,
    "verbosity": -1,
}
ROUNDS = 30
"""Trees of one quantile."""
SMALL = 6_000
"""Cells below which trees are smaller, and quantiles are set right on cells that the trees have not seen."""
LEAF_SHARE, LEAST_LEAF, LARGEST_LEAF = 40, 40, 150
"""A leaf holds at least this part of the cells, within these bounds."""
RELATIVE = ("log_lag_1", "log_lag_2", "log_lag_3", "log_gravity")
"""Features that are shown as differences from the last trade."""


class Boosted:
    """Boosted quantiles with a hurdle."""

    name = "boosted"
    learns_from_below = False

    def lacking(self) -> str | None:
        """It needs nothing beyond the default dependencies."""
        return None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        """Fit block by block and forecast each block from the years before it."""
        out = silent(cells.height)
        value = cells["value_usd"].to_numpy()
        usable, is_first = np.isfinite(value), cells["is_first"].to_numpy()
        x, base = features(cells)
        log_value = cells["log_value"].to_numpy()
        chance = np.random.default_rng(0)
        for earlier, now in blocks(cells, wanted):
            traded = _drawn(np.flatnonzero(earlier & (value > 0)), chance)
            if traded.size < MINIMUM_ROWS or not now.size:
                continue
            # A new pair has no last trade: it starts from the middle of earlier new pairs.
            start = np.where(np.isfinite(base), base, np.median(log_value[traded]))
            offsets = _quantiles(x[traded], (log_value - start)[traded], x[now])
            out.quantiles[now] = start[now, None] + offsets
            lived = _drawn(np.flatnonzero(earlier & usable & ~is_first), chance)
            silence = value[lived] == 0
            asked = now[~is_first[now]]
            if lived.size >= MINIMUM_ROWS and 0 < silence.sum() < silence.size:
                out.p_zero[asked] = _hurdle(x[lived], silence, x[asked])
        return out


def features(cells: pl.DataFrame) -> tuple[Singles, Floats]:
    """What the trees see, `[cell, feature]`, and the log USD of the last trade, `[cell]`; NaN is unknown."""
    base = pl.col("last_log_value")
    shown = [
        pl.when(pl.col(name) == 0).then(QUIET).otherwise(pl.col(name) - base).alias(name)
        if name in RELATIVE
        else pl.col(name)
        for name in (*FEATURES, "log_gravity")
    ]
    code = pl.col("commodity").rank("dense").cast(pl.Float64).alias("code")
    return cells.select(*shown, code).cast(pl.Float32).to_numpy(), cells["last_log_value"].to_numpy()


def blocks(cells: pl.DataFrame, wanted: Bools) -> Iterator[tuple[Bools, NDArray[np.int64]]]:
    """For each source and block of years: which cells may be learnt from, and the places of those to forecast."""
    source, year = cells["source"].to_numpy(), cells["year"].to_numpy()
    for one in sorted(set(source.tolist())):
        mine = source == one
        for first, last in origins(year[mine]):
            earlier = mine & (year < first) & (year >= first - REACH)
            yield earlier, np.flatnonzero(mine & wanted & (year >= first) & (year <= last))


def _drawn(rows: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """The rows, or LARGEST_FIT of them drawn without replacement, in rising order."""
    return rows if rows.size <= LARGEST_FIT else np.sort(chance.choice(rows, LARGEST_FIT, replace=False))


def _quantiles(x: Singles, target: Floats, asked: Singles) -> Floats:
    """Quantiles LEVELS of the target at the asked features, `[row, level]`, in rising order."""
    said = _grown(x, target, asked)
    if target.size < SMALL:
        said += _offset(x, target)
    return np.sort(said, axis=1)


def _offset(x: Singles, target: Floats) -> Floats:
    """By how much each quantile misses, on halves of the cells that were forecast from the other half, `[level]`."""
    is_first = np.random.default_rng(0).permutation(target.size) % 2 == 0
    miss = np.empty((target.size, len(LEVELS)))
    for half in (is_first, ~is_first):
        miss[half] = target[half, None] - _grown(x[~half], target[~half], x[half])
    return np.array([np.quantile(miss[:, place], level) for place, level in enumerate(LEVELS)])


def _grown(x: Singles, target: Floats, asked: Singles) -> Floats:
    """Quantiles as the trees give them, `[row, level]`."""
    import lightgbm as lgb

    size = _size(target.size)
    data = lgb.Dataset(x, target, params=size, free_raw_data=False)
    said = [
        lgb.train(size | {"objective": "quantile", "alpha": level}, data, ROUNDS).predict(asked, num_threads=1)
        for level in LEVELS
    ]
    return np.column_stack(said).astype(np.float64)


def _size(rows: int) -> dict[str, Any]:
    """How large trees may grow on this many cells."""
    leaf = min(max(rows // LEAF_SHARE, LEAST_LEAF), LARGEST_LEAF)
    return TREES | {"num_leaves": 8 if rows < SMALL else 15, "min_data_in_leaf": leaf}


def _hurdle(x: Singles, is_zero: Bools, asked: Singles) -> Floats:
    """Probability of zero at the asked features."""
    import lightgbm as lgb

    size = _size(is_zero.size)
    data = lgb.Dataset(x, is_zero.astype(np.float64), params=size)
    model = lgb.train(size | {"objective": "binary"}, data, ROUNDS)
    return np.asarray(model.predict(asked, num_threads=1), dtype=np.float64)
