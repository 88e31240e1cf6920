"""Which channel speaks for a flow: of those on which it stands out, the one on which fewest ordinary flows do so.

    p = p of the channel that speaks * number of channels that may lead and could be tested for this flow

The channel is that with the smallest `ordinary_share` (models.flows.crowd) within the family, among those with p at
most ALPHA. The p-value is valid whichever channel is chosen, and however the channels depend on each other (Bonferroni;
Fisher's and Cauchy's combinations are not: both break on dependent or tied p).

A flow that only features could test is led by one of them, and `may_lead` (models.flows.leaders) is false: it is never
an alert, and its p is 1, whatever the feature says.

The learned score is no channel in this sense: it neither leads here nor counts among the tests. On the learned list
it alone gives p, while gap, causes and sentence stay those of the channel that speaks.
"""

import polars as pl

from graphs.tables import LEARNED
from models.flows.calibrate import ALPHA
from models.flows.channels import CHANNELS
from models.flows.crowd import crowded, ordinary_share
from models.flows.leaders import leaders

OF_SCORE = ("statistic", "p_value", "null_rows", "null_block", "is_null_large", "tests", "as_of")
"""Columns that a flow takes from its learned score on the learned list."""


def lead(scores: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """One row per flow: channel, statistic, its own p (channel_p) and its crowd, corrected p_value (also as
    lead_p), its gap, channels_tested, may_lead. `scores`: of one family.

    Ties go to the smaller p, then to the larger unmatched value, then to the order of CHANNELS.
    """
    return speaking(leaders(scores, flows), flows)


def speaking(told: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `lead`; `told`: what `leaders` says of the scores."""
    order = {name: place for place, name in enumerate(CHANNELS)}
    rows = told.join(flows.select("flow_id", "period"), on="flow_id", how="left")
    rows = crowded(rows).with_columns(
        family=pl.lit(""),
        channels_tested=pl.col("may_lead").sum().over("flow_id").cast(pl.UInt32),
        place=pl.col("channel").replace_strict(order, return_dtype=pl.Int32),
    )
    corrected = (pl.col("p_value") * pl.col("channels_tested").clip(lower_bound=1)).clip(upper_bound=1.0)
    rows = rows.with_columns(
        ordinary_share(rows),
        p_value=pl.when("may_lead").then(corrected).otherwise(1.0),
        is_ordinary=corrected > ALPHA,
    )
    first = rows.sort(
        "flow_id", "may_lead", "is_ordinary", pl.when(~pl.col("is_ordinary")).then("ordinary_share"), "p_value",
        "channel_p", "gap_value_usd", "place",
        descending=[False, True, False, False, False, False, True, False], nulls_last=True,
    ).unique("flow_id", keep="first", maintain_order=True)  # fmt: skip
    return first.with_columns(lead_p="p_value").drop("family", "period", "ordinary_share", "place", "is_ordinary")


def lead_learned(leads: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Rows of `lead` for the flows with a learned score, whose statistic and p they take; `lead_p` stays."""
    mine = scores.filter(pl.col("channel").cast(pl.String) == LEARNED).select("flow_id", *OF_SCORE)
    taken = [name for name in OF_SCORE if name in leads.columns]
    return leads.drop(taken).join(mine, on="flow_id", how="inner", maintain_order="left")
