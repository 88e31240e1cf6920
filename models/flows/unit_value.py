"""Unit value: is the price per kilogram ordinary for this commodity and year?

log(value / mass) less the world's that year, against the median of the pair's own last clean years, in units of
the spread that such pairs showed in earlier years. A feature and an explanation, never a
detector of its own: product mix, purity and unit faults move it far more often than anything else does.
"""

import numpy as np
import polars as pl

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.history import changes
from models.flows.panel import Panel
from models.flows.parts import answer, parts
from models.flows.prices import MARKET, blunder, implied_mass, world_unit_values


def unit_value(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The price per kilogram is far from the world's and from this pair's own habit."""
    priced = flows.join(world_unit_values(flows), on=MARKET, how="left", maintain_order="left").filter(
        pl.col("reconciled_value_usd") > 0,
        pl.col("reconciled_mass_kg") > 0,
        pl.col("usd_per_kg") > 0,
        pl.col("exporter") != pl.col("importer"),
    )
    panel = Panel.of(priced)
    relative = (priced["reconciled_value_usd"] / priced["reconciled_mass_kg"] / priced["usd_per_kg"]).log()
    change = changes(panel, panel.matrix(relative), panel.matrix(priced["reconciled_value_usd"]))
    rows = priced.with_columns(
        statistic=pl.Series(np.abs(panel.gather(change.z))),
        usual_log_relative_price=pl.Series(panel.gather(change.median)),
        log_relative_price=relative,
        implied_mass_kg=implied_mass(),
        unit_blunder_factor=blunder(pl.col("reconciled_mass_kg"), implied_mass()),
        usd_per_kg_world=pl.col("usd_per_kg"),
        usd_per_kg=pl.col("reconciled_value_usd") / pl.col("reconciled_mass_kg"),
        is_null=clean_pairs(priced, context),
    )
    shown = (
        "usd_per_kg",
        "usd_per_kg_world",
        "log_relative_price",
        "usual_log_relative_price",
        "implied_mass_kg",
        "unit_blunder_factor",
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "unit_value")
