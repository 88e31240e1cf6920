"""Which channels may raise an alert about a flow by themselves: for the lists, and for what is told of one flow.

    may_lead = (always, or both sides declare the flow, or they newly disagree: as the channel's `leads` asks)
               and (null rows >= least_null, or the channel brings its own probability)

A channel with fewer clean rows than it needs counts as a feature; a marker is left out, and so is the learned score.
"""

import polars as pl

from models.flows.channels import CHANNELS
from models.flows.dispute import disputed


def leaders(scores: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Scores of the channels with `may_lead`: whether it may raise an alert about this flow by itself."""
    rows = scores.with_columns(pl.col("channel").cast(pl.String)).filter(pl.col("channel").is_in(list(CHANNELS)))
    both = (pl.col("export_value_usd") > 0) & (pl.col("import_value_usd") > 0)
    rows = rows.join(disputed(flows), on="flow_id", how="left").join(
        flows.select("flow_id", is_declared_by_both=both.fill_null(False)), on="flow_id", how="left"
    )
    rules = {
        "leads": [one.leads for one in CHANNELS.values()],
        "least_null": [one.least_null for one in CHANNELS.values()],
    }
    rows = rows.join(
        pl.DataFrame({"channel": list(CHANNELS), **rules}), on="channel", how="left", maintain_order="left"
    )
    rows = rows.filter(pl.col("leads") != "marker")
    speaks = (
        (pl.col("leads") == "always")
        | ((pl.col("leads") == "both") & pl.col("is_declared_by_both"))
        | ((pl.col("leads") == "disputed") & pl.col("is_disputed"))
    )
    is_known = (pl.col("null_rows") >= pl.col("least_null")) | (pl.col("null_block") == pl.col("channel"))
    return rows.with_columns(may_lead=speaks & is_known).drop("is_disputed", "is_declared_by_both", *rules)
