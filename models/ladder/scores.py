"""How well each rung forecast the last complete years, all rungs on the same cells.

    pinball        mean pinball loss of log USD at LEVELS, over cells that traded
    crps           continuous ranked probability score of log(1 + USD), over all cells: the forecast is zero with
                   probability p_zero, else split-normal through the three quantiles; by STEPS equally spaced quantiles
    log_loss_zero  mean of -log P(what happened), traded or not, over all cells
    ndcg_10        for each exporter and year the importers in the order of their expected USD, (1 - p_zero) times the
                   median; gain is the USD that they bought, discounted by log2(1 + place), over that of the best order;
                   mean over exporters and years

New partners count in ndcg_10, and no rung can place them. In this measure persistence reached 0.855 on UN trade (Huang
et al., Temporal Graph Benchmark, 2023), there over all goods together, here by commodity.

Intervals hold 95 %, by a bootstrap that draws exporters (models.metrics). Gains are differences on the same draws.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from models.flows.parts import NORMAL_80
from models.ladder.rung import LEVELS, Bools, Floats, Forecast
from models.metrics import LEAST_CLUSTERS

MEASURES = ("pinball", "crps", "log_loss_zero", "ndcg_10")
HIGHER_IS_BETTER = frozenset({"ndcg_10"})
STEPS = 20
"""Quantiles that stand for the whole forecast in crps."""
FIRST = 10
"""Places that count in ndcg_10."""
RESAMPLES = 400
"""Draws of an interval."""
BOUNDS = (2.5, 97.5)
LEAST_P = 1e-4
"""No probability is taken for smaller, so that one surprise does not decide."""


@dataclass(frozen=True)
class Tally:
    """Sums and numbers of one measure by exporter, `[exporter]`: enough for its mean and for every resampled mean."""

    total: Floats
    rows: Floats

    def mean(self, times: Floats | None = None) -> Floats:
        """Mean over all exporters, or over those drawn `times`, `[draw, exporter]`; NaN without rows."""
        weight = np.ones((1, self.rows.size)) if times is None else times
        total, rows = weight @ self.total, weight @ self.rows
        found: Floats = np.divide(total, rows, out=np.full(rows.shape, np.nan), where=rows > 0)
        return found


def draws(exporters: int, chance: np.random.Generator) -> Floats:
    """How often each exporter is drawn, `[draw, exporter]`; no draws below LEAST_CLUSTERS exporters."""
    if exporters < LEAST_CLUSTERS:
        return np.empty((0, exporters))
    return chance.multinomial(exporters, np.full(exporters, 1.0 / exporters), RESAMPLES).astype(np.float64)


def interval(drawn: Floats) -> tuple[float, float]:
    """95 % interval of resampled figures; NaN where there are none."""
    known = drawn[np.isfinite(drawn)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.percentile(known, BOUNDS)
    return float(low), float(high)


def speaks(forecast: Forecast) -> Bools:
    """True for cells of which a forecast says both how much and whether."""
    said: Bools = np.isfinite(forecast.quantiles).all(axis=1) & np.isfinite(forecast.p_zero)
    return said


def tallies(held: pl.DataFrame, forecast: Forecast, scored: Bools, codes: NDArray[np.int64]) -> dict[str, Tally]:
    """Each measure summed by exporter.

    held: held-out cells of one commodity, first years among them (they count in ndcg_10 alone). scored: cells that
    every rung speaks of. codes: number of each cell's exporter.
    """
    value, q, p = held["value_usd"].to_numpy(), forecast.quantiles, np.nan_to_num(forecast.p_zero, nan=1.0)
    traded = scored & (value > 0)
    chance = np.clip(p, LEAST_P, 1 - LEAST_P)
    surprise = -np.where(value == 0, np.log(chance), np.log1p(-chance))
    expected = np.where(scored, (1 - p) * np.exp(np.where(scored, q[:, 1], 0.0)), 0.0)
    groups = int(codes.max(initial=-1)) + 1
    order, by_exporter = ndcg(held, expected, codes)
    return {
        "pinball": _tally(pinball(np.log(value[traded]), q[traded]), codes[traded], groups),
        "crps": _tally(crps(np.log1p(value[scored]), q[scored], p[scored]), codes[scored], groups),
        "log_loss_zero": _tally(surprise[scored], codes[scored], groups),
        "ndcg_10": _tally(order, by_exporter, groups),
    }


def pinball(target: Floats, quantiles: Floats) -> Floats:
    """Mean pinball loss over LEVELS, one per row."""
    off = target[:, None] - quantiles
    levels = np.array(LEVELS)
    loss: Floats = np.maximum(levels * off, (levels - 1) * off).mean(axis=1)
    return loss


def crps(target: Floats, quantiles: Floats, p_zero: Floats) -> Floats:
    """Twice the mean pinball loss over STEPS quantiles of the mixture; target is log(1 + USD)."""
    loss = np.zeros(target.size)
    for step in range(STEPS):
        level = (step + 0.5) / STEPS
        off = target - mixture_quantile(level, quantiles, p_zero)
        loss += np.maximum(level * off, (level - 1) * off)
    return 2 * loss / STEPS


def mixture_quantile(level: float, quantiles: Floats, p_zero: Floats) -> Floats:
    """Quantile of log(1 + USD): 0 up to p_zero, split-normal through the three quantiles above it."""
    rest = np.clip((level - p_zero) / np.maximum(1 - p_zero, 1e-9), 1e-6, 1 - 1e-6)
    z = ndtri(rest) / NORMAL_80
    low, middle, high = quantiles.T
    drawn = middle + np.where(z > 0, z * (high - middle), z * (middle - low))
    found: Floats = np.where(level <= p_zero, 0.0, np.logaddexp(0.0, drawn))
    return found


def ndcg(held: pl.DataFrame, expected: Floats, codes: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """NDCG at FIRST of each exporter-year that sold anything, and the number of its exporter."""
    rows = held.select("year", "importer", gain=pl.col("value_usd").fill_null(0.0)).with_columns(
        expected=pl.Series(expected), code=pl.Series(codes)
    )
    by = ["code", "year"]
    reached = _discounted(rows.sort("expected", "importer", descending=[True, False]), by)
    best = _discounted(rows.sort("gain", descending=True), by).rename({"dcg": "best"})
    found = reached.join(best, on=by).filter(pl.col("best") > 0).sort(by)
    return (found["dcg"] / found["best"]).to_numpy(), found["code"].to_numpy()


def _discounted(ordered: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    place = pl.int_range(1, pl.len() + 1)
    gain = pl.col("gain") / (1.0 + place).log(2.0)
    return ordered.group_by(by, maintain_order=True).agg(dcg=gain.head(FIRST).sum())


def _tally(loss: Floats, codes: NDArray[np.int64], groups: int) -> Tally:
    rows = np.bincount(codes, minlength=groups).astype(np.float64)
    return Tally(np.bincount(codes, loss, groups).astype(np.float64), rows)
