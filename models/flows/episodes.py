"""Episodes: one exporter, one commodity, one unbroken run of years with anomalies.

A scheme lasts; a list that shows each of its years apart hides that they are one thing.
"""

import polars as pl

from graphs.ids import episode_id

SPELL = ["source", "exporter", "commodity"]


def episodes(rows: pl.DataFrame) -> pl.DataFrame:
    """Add episode_id to flows with claim_level.

    Years in which any flow of the exporter and commodity is an anomaly (level 1 or more) belong to the run of
    neighbouring such years; any other year is an episode of its own.
    """
    years = rows.group_by(*SPELL, "period").agg(anomaly=(pl.col("claim_level") >= 1).any()).sort(*SPELL, "period")
    follows = (pl.col("period").diff() == 1) & pl.col("anomaly") & pl.col("anomaly").shift(1)
    starts = pl.when(follows.fill_null(False)).then(None).otherwise(pl.col("period"))
    years = years.with_columns(starts.over(SPELL).alias("episode_start"))
    years = years.with_columns(pl.col("episode_start").forward_fill().over(SPELL)).drop("anomaly")
    named = rows.join(years, on=[*SPELL, "period"], how="left", maintain_order="left")
    return named.with_columns(episode_id=episode_id()).drop("episode_start")
