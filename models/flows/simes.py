"""p-values of whole units: one exporter and one commodity code, over all scored partners and years.

A scheme lasts and has many flows; whoever checks an exporter wants to know whether anything about it stands out. The
unit is fixed before any p is seen: one source, exporter and commodity code (a spell of years is chosen by the
anomalies in it, so that no p could be valid for it; an episode is a part of its unit). Simes: p of a unit with n flows
= min over i of n * p_(i) / i, its i-th smallest p (Simes, Biometrika 73, 1986). It is valid for flows that depend
positively on each other, as those of one office do (Benjamini and Yekutieli, Annals of Statistics 29, 2001), and
conformal p-values that share a null depend positively too (Bates et al., Annals of Statistics 51, 2023).
"""

import polars as pl

from models.flows.episodes import SPELL


def unit_p_values(rows: pl.DataFrame) -> pl.Series:
    """Simes' p of each row's unit, in the order of the rows; needs the columns SPELL and p_value."""
    place = pl.col("p_value").rank("ordinal").over(SPELL)
    p = (pl.col("p_value") * pl.len().over(SPELL) / place).min().over(SPELL)
    return rows.select(unit_p_value=p.clip(upper_bound=1.0))["unit_p_value"]
