"""A small trade of a few countries over years, drawn: for tests of the ladder."""

import numpy as np
import polars as pl

from tests.models.flows.frames import baci, flows


def drawn(seed: int, countries: int = 6, years: int = 12, share: float = 0.5, first: int = 2000) -> pl.DataFrame:
    """Reconciled flows: each pair has a level, exporters and importers have years of their own, some years are zero."""
    chance = np.random.default_rng(seed)
    names = [f"X{one}{two}" for one in "ABCDEFGH" for two in "ABCDEFGH"][:countries]
    level = chance.normal(13.0, 2.0, (countries, countries))
    out, into = (np.cumsum(chance.normal(0.0, 0.3, (countries, years)), axis=1) for _ in range(2))
    rows = []
    for i, exporter in enumerate(names):
        for j, importer in enumerate(names):
            if i == j or chance.random() > share:
                continue
            for t in range(years):
                if chance.random() < 0.8:
                    usd = float(np.exp(level[i, j] + out[i, t] + into[j, t] + chance.normal(0.0, 0.4)))
                    rows.append(baci(exporter, importer, first + t, usd, usd / 10, reconciled_log_sd=0.1))
    return flows(*rows)
