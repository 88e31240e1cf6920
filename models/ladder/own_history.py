"""The step before the ladder: what the pair's own clean years let expect, as the channel `jump` compares it."""

import polars as pl

from models.flows.jump import PARTS
from models.flows.parts import NORMAL_80


def own_history(statistics: pl.DataFrame) -> pl.DataFrame:
    """Table `expectations`, model own_history, from the parts of the channel `jump` in table `statistics`."""
    jumped = statistics.filter(pl.col("channel").cast(pl.String) == "jump")
    number = {name: pl.col("parts").list.get(place).struct.field("value") for place, name in enumerate(PARTS)}
    middle, spread = number["usual_log_amount"] + number["common_log_change"], number["spread"]
    return jumped.select(
        "flow_id",
        model=pl.lit("own_history"),
        as_of="as_of",
        quantity=pl.when(number["is_by_mass"] == 1).then(pl.lit("mass_kg")).otherwise(pl.lit("value_usd")),
        median=middle.exp(),
        low=(middle - NORMAL_80 * spread).exp(),
        high=(middle + NORMAL_80 * spread).exp(),
        log_sd=spread,
        p_zero=pl.lit(None, dtype=pl.Float64),
    )
