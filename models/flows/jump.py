"""Jump: a flow far above its own past.

The statistic is the rise of log(amount) over the median of the pair's last five clean years, less the rise that the
whole family shared that year, in units of the spread that this exporter, this importer and flows of this size showed
in earlier years. The amount is the reconciled value. For goods weighed by mass the reconciled mass, where there is
one, must have risen too: the smaller of both statistics counts, so that neither a dearer year nor a faulty weight
makes a jump. The channel speaks about declarations and about BACI alike.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.commodities import family_named
from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.history import Change, changes
from models.flows.panel import Matrix, Panel
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts

PARTS = ("log_amount", "usual_log_amount", "common_log_change", "history_years", "spread", "is_by_mass", *INTERVAL)


def jump(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The flow is far larger than this pair's own past, beyond what the whole commodity did that year."""
    known = flows.filter(pl.col("reconciled_value_usd") > 0, pl.col("exporter") != pl.col("importer"))
    panel = Panel.of(known)
    value = panel.matrix(known["reconciled_value_usd"])
    by_value = changes(panel, np.log(value), value)
    decides, amount, is_by_mass = by_value, np.log(value), np.zeros(panel.shape, bool)
    unmatched_kg = np.full(panel.shape, np.nan)
    if family_named(context.family).weighed_by == "mass":
        log_mass = _log(panel.matrix(known["reconciled_mass_kg"]))
        by_mass = changes(panel, log_mass, value)
        is_by_mass = by_mass.z < by_value.z
        decides, amount = _choose(is_by_mass, by_mass, by_value), np.where(is_by_mass, log_mass, np.log(value))
        unmatched_kg = np.exp(log_mass) - np.exp(by_mass.median + by_mass.common)
    columns = {
        "statistic": decides.z,
        "log_amount": amount,
        "usual_log_amount": decides.median,
        "common_log_change": np.broadcast_to(decides.common, panel.shape),
        "history_years": decides.years.astype(float),
        "spread": decides.scale,
        "is_by_mass": is_by_mass.astype(float),
        "expected_log_value": by_value.median + by_value.common,
        "value_spread": by_value.scale,
        "gap_mass_kg": np.maximum(unmatched_kg, 0.0),
    }
    rows = known.with_columns(pl.Series(name, panel.gather(matrix)) for name, matrix in columns.items())
    # What this pair's past leaves open, and how far apart the two declarations are.
    sd = (pl.col("value_spread") ** 2 + pl.col("reconciled_log_sd").fill_null(0.0) ** 2).sqrt()
    rows = rows.with_columns(
        _above(pl.col("expected_log_value") + sds * sd).alias(name)
        for name, sds in (("gap_value_usd", 0.0), (INTERVAL[0], NORMAL_80), (INTERVAL[1], -NORMAL_80))
    ).with_columns(is_null=clean_pairs(known, context))
    return answer(rows.with_columns(parts({name: pl.col(name) for name in PARTS})), "jump")


def _above(expected_log_value: pl.Expr) -> pl.Expr:
    return (pl.col("reconciled_value_usd") - expected_log_value.exp()).clip(lower_bound=0.0)


def _log(amount: Matrix) -> Matrix:
    return np.log(np.where(amount > 0, amount, np.nan))


def _choose(first: NDArray[np.bool_], one: Change, other: Change) -> Change:
    """Cell by cell, the comparison that decides."""
    return Change(
        median=np.where(first, one.median, other.median),
        years=np.where(first, one.years, other.years),
        scale=np.where(first, one.scale, other.scale),
        z=np.where(first, one.z, other.z),
        common=np.where(first, one.common, other.common),
    )
