"""Jump: a flow far above its own past.

The statistic is the rise of log(amount) over the median of the pair's last five clean years, less the rise
that the whole family shared that year, in units of the spread that this exporter, this importer and flows of
this size showed in earlier years. The amount is the reconciled value (for ores, sand and timber the
reconciled mass where there is one), so the channel speaks about declarations and about BACI alike.
"""

import numpy as np
import polars as pl

from graphs.commodities import family_named
from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.history import changes
from models.flows.panel import Panel
from models.flows.parts import NORMAL_80, answer, parts

PARTS = ("log_amount", "usual_log_amount", "common_log_change", "history_years", "spread", "is_by_mass", "gap_low_usd",
         "gap_high_usd")  # fmt: skip


def jump(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The flow is far larger than this pair's own past, beyond what the whole commodity did that year."""
    known = flows.filter(pl.col("reconciled_value_usd") > 0, pl.col("exporter") != pl.col("importer"))
    panel = Panel.of(known)
    value = panel.matrix(known["reconciled_value_usd"])
    amount = value
    if family_named(context.family).weighed_by == "mass":
        mass = panel.matrix(known["reconciled_mass_kg"])
        # One quantity per pair: a series that changes from mass to value half way is no series.
        weighed = np.isfinite(mass).sum(axis=1) >= np.isfinite(value).sum(axis=1)
        amount = np.where(weighed[:, None], mass, value)
    with np.errstate(divide="ignore"):
        change = changes(panel, np.where(amount > 0, np.log(amount), np.nan), value)
    columns = {
        "statistic": change.z,
        "usual_log_amount": change.median,
        "history_years": change.years.astype(float),
        "spread": change.scale,
        "common_log_change": np.broadcast_to(change.common, change.z.shape),
        "log_amount": np.log(amount),
        "is_by_mass": (amount != value).astype(float),
    }
    rows = known.with_columns(pl.Series(name, panel.gather(matrix)) for name, matrix in columns.items())
    rows = rows.with_columns(expected=pl.col("usual_log_amount") + pl.col("common_log_change"))
    above = 1 - (pl.col("expected") - pl.col("log_amount")).exp()
    rows = rows.with_columns(
        gap_value_usd=(pl.col("reconciled_value_usd") * above).clip(lower_bound=0.0),
        gap_mass_kg=(pl.col("reconciled_mass_kg") * above).clip(lower_bound=0.0),
        is_null=clean_pairs(known, context),
    )
    rows = rows.with_columns(
        (
            pl.col("reconciled_value_usd")
            * (1 - (pl.col("expected") + sds * pl.col("spread") - pl.col("log_amount")).exp())
        )
        .clip(lower_bound=0.0)
        .alias(name)
        for name, sds in (("gap_low_usd", NORMAL_80), ("gap_high_usd", -NORMAL_80))
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in PARTS})), "jump")
