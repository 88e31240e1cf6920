"""A trade in which what a country buys foretells what it will sell: for tests of the graph network."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from models.ladder.cells import cells
from models.ladder.rung import Forecast
from tests.models.flows.frames import baci, flows

FIRST, YEARS, COUNTRIES = 2000, 14, 17
BASE_SPREAD, ZERO = 1.0, 0.1


def names(count: int = COUNTRIES) -> list[str]:
    return [f"X{chr(65 + at // 26)}{chr(65 + at % 26)}" for at in range(count)]


def amounts(seed: int = 3) -> Mapping[tuple[str, str, int], float]:
    """USD by exporter, importer, year. A country sells more to everybody in the year after it bought more: the change
    of a pair is 0.9 of last year's mean change of what its exporter imports, and chance. One value in ten is missing
    and counts as zero. No lag of the pair or of its exporter's sales tells this; levels differ by orders of magnitude,
    so that totals say little about the mean of the pairs."""
    chance = np.random.default_rng(seed)
    log = chance.normal(16.0, 4.0, (COUNTRIES, COUNTRIES))
    bought = np.zeros(COUNTRIES)
    off = ~np.eye(COUNTRIES, dtype=bool)
    found = {}
    for t in range(YEARS):
        change = 0.9 * bought[:, None] + chance.normal(0.0, 0.8, (1, COUNTRIES)) + chance.normal(0.0, 0.7, log.shape)
        log = log + change
        bought = np.where(off, change, 0.0).sum(axis=0) / (COUNTRIES - 1)
        there = off & (chance.random(log.shape) >= ZERO)
        for i, j in np.argwhere(there).tolist():
            found[names()[i], names()[j], FIRST + t] = float(np.exp(log[i, j]))
    return found


def as_flows(values: Mapping[tuple[str, str, int], float]) -> pl.DataFrame:
    rows = [baci(a, b, year, usd, usd / 10, reconciled_log_sd=0.1) for (a, b, year), usd in values.items()]
    return flows(*rows)


def as_cells(values: Mapping[tuple[str, str, int], float]) -> pl.DataFrame:
    """Cells, with the column that the gravity rung adds."""
    return cells(as_flows(values)).with_columns(log_gravity=pl.col("last_log_value"))


def persistence(found: pl.DataFrame) -> Forecast:
    """The last trade once more, with a fixed spread and chance of zero: what the network is to improve on."""
    last = found["last_log_value"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    quantiles = last[:, None] + 1.2816 * BASE_SPREAD * np.array([-1.0, 0.0, 1.0])
    return Forecast(quantiles, np.where(found["is_first"].to_numpy(), np.nan, ZERO))
