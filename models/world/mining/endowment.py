"""How the world's output of a family is spread over countries.

Producers are ranked by what their deposits hold, with some noise; the producer of rank r gets a share in proportion
to r ** -a (Zipf's law), a by family: nickel and cobalt are in few hands, gold and sand in many.
"""

import numpy as np
import polars as pl

from models.world.config import WorldConfig


def country_shares(config: WorldConfig, deposits: pl.DataFrame, who: str) -> pl.DataFrame:
    """Share of each country in the output of each family: country, family, share; shares of a family sum to 1.

    `who` names the output that is shared out, so that each has noise of its own.
    """
    chance, mining = config.chance("mining", "shares", who), config.mining
    exponents = {family: mining.mineral(family).rank_exponent for family in config.families}
    held = (
        deposits.sort("deposit_id")
        .group_by("family", "country", maintain_order=True)
        .agg(pl.col("contained_kg").sum())
        .sort("family", "country")
    )
    noise = np.exp(mining.rank_noise_sd * chance.standard_normal(held.height))
    spread = np.exp(mining.share_noise_sd * chance.standard_normal(held.height))
    ranked = (
        held.with_columns(noisy=pl.col("contained_kg") * noise)
        .with_columns(
            rank=pl.col("noisy").rank("ordinal", descending=True).over("family").cast(pl.Float64),
            exponent=pl.col("family").replace_strict(exponents, return_dtype=pl.Float64),
        )
        .with_columns(weight=pl.col("rank").pow(-pl.col("exponent")) * spread)
    )
    return ranked.select("country", "family", share=pl.col("weight") / pl.col("weight").sum().over("family"))


def tilt(governance: pl.Expr, strength: float) -> pl.Expr:
    """How much more frequent sites without a permit are where governance is weak; 1 at the mean of all countries."""
    return (-strength * governance.clip(-2.5, 2.5)).exp()
