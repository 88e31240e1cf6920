"""The rung itself: what is in the way of running it, and its forecasts block by block. Imports torch only to run."""

from importlib.util import find_spec

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.ladder.rung import Bools, Forecast, origins, silent

FITS = 2
"""Blocks of years, latest first, for which a network is trained; those of older years would cost as much again."""
SEED = 0
NEEDS = ("torch", "torch_geometric")


class GraphNetwork:
    """A graph network on the residual of the rung below."""

    name = "gnn"
    learns_from_below = True

    def lacking(self) -> str | None:
        """The extra `gnn`, where it is not installed."""
        missing = [name for name in NEEDS if find_spec(name) is None]
        return f"needs {' and '.join(missing)}: pip install 'oretrace[gnn]'" if missing else None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        """Train on the years before each of the last FITS blocks and correct what the rung below says of the block.

        Where the network has no say (first years, pairs that have not traded lately) the rung below stands. Blocks
        before which too little was traded stay NaN, and so do years before the blocks.
        """
        out = silent(cells.height)
        if below is None:
            return out
        source = cells["source"].to_numpy()
        for one in sorted(set(source.tolist())):
            mine = np.flatnonzero(source == one)
            said = _of_source(cells[mine], Forecast(below.quantiles[mine], below.p_zero[mine]))
            asked = wanted[mine]
            out.quantiles[mine[asked]], out.p_zero[mine[asked]] = said.quantiles[asked], said.p_zero[asked]
        return out


def _of_source(cells: pl.DataFrame, below: Forecast) -> Forecast:
    """Forecasts of one source's cells in its last blocks."""
    from models.ladder.gnn.data import graphs, log_values
    from models.ladder.gnn.training import forecast, trained
    from models.reproducible import held_still

    out, year = silent(cells.height), cells["year"].to_numpy()
    blocks = origins(year)[:FITS]
    whole = graphs(cells, below, min((first for first, _ in blocks), default=0))
    for first, last in blocks:
        with held_still(SEED):
            networks = trained(whole, first)
        if networks is None:
            continue
        block = (year >= first) & (year <= last)
        out.quantiles[block], out.p_zero[block] = below.quantiles[block], below.p_zero[block]
        for one in (whole.years[at] for at in range(first, last + 1) if at in whole.years):
            with held_still(SEED):
                heads = forecast(networks, one)
            mine = _part(below, one.rows)
            out.quantiles[one.rows] = np.column_stack([log_values(level, mine) for level in heads.residual.T])
            out.p_zero[one.rows] = heads.p_zero
    return out


def _part(said: Forecast, rows: NDArray[np.int64]) -> Forecast:
    """A forecast of some cells."""
    return Forecast(said.quantiles[rows], said.p_zero[rows])
