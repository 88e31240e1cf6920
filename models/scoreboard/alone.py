"""Orders of flows that need no training: each takes the scorable flows of one family (table `flows`) with `log_fitted`.

Null where an order knows nothing of a flow, which then comes last.
"""

from collections.abc import Callable, Mapping

import polars as pl

from models.normal import MAD_TO_SD

ROUNDING_USD = 1000.0


def raw_gap(flows: pl.DataFrame) -> pl.Series:
    """|M - X| in USD; a side that declares nothing counts as zero."""
    return flows.select((_imports() - _exports()).abs())["import_value_usd"]


def standardised_gap(flows: pl.DataFrame) -> pl.Series:
    """|g - median| / (MAD_TO_SD * MAD) of g = log((M + 1000) / (X + 1000)) over the flows of the same commodity."""
    ratio = ((_imports() + ROUNDING_USD) / (_exports() + ROUNDING_USD)).log()
    off = (ratio - ratio.median().over("commodity")).abs()
    spread = MAD_TO_SD * off.median().over("commodity")
    return flows.select(gap=pl.when(spread > 0).then(off / spread).otherwise(off))["gap"]


def ppml_residual(flows: pl.DataFrame) -> pl.Series:
    """|log value - log fitted| of three-way Poisson gravity, fitted to years up to its own (models.ladder.gravity)."""
    off = (pl.col("reconciled_value_usd").log() - pl.col("log_fitted")).abs()
    return flows.select(off=pl.when(off.is_finite()).then(off))["off"]


def _exports() -> pl.Expr:
    return pl.col("export_value_usd").fill_null(0.0)


def _imports() -> pl.Expr:
    return pl.col("import_value_usd").fill_null(0.0)


ALONE: Mapping[str, Callable[[pl.DataFrame], pl.Series]] = {
    "raw gap": raw_gap,
    "standardised gap": standardised_gap,
    "PPML residual": ppml_residual,
}
"""By the name under which the scoreboard shows them."""
