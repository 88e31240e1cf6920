"""The rung itself: what is in the way of running it, and its forecasts block by block. Imports torch only to run."""

from importlib.util import find_spec

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.ladder.rung import Bools, Floats, Forecast, origins, silent

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
    for first, last in origins(year)[:FITS]:
        with held_still(SEED):
            whole = graphs(cells, below, first)
            networks = trained(whole, first)
            if networks is None:
                continue
            block = (year >= first) & (year <= last)
            out.quantiles[block], out.p_zero[block] = below.quantiles[block], below.p_zero[block]
            for one in range(first, last + 1):
                if one in whole.years:
                    rows = whole.years[one].rows
                    heads, mine = forecast(networks, whole.years[one]), _part(below, rows)
                    levels = [log_values(column, mine) for column in heads.residual.T]
                    out.quantiles[rows], out.p_zero[rows] = np.column_stack(levels), heads.p_zero
    return out


def _part(said: Forecast, rows: NDArray[np.int64]) -> Forecast:
    """A forecast of some cells."""
    quantiles: Floats = said.quantiles[rows]
    return Forecast(quantiles, said.p_zero[rows])
