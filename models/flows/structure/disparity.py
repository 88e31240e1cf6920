"""Disparity: a flow that all at once dominates its exporter's sales or its importer's purchases.

If a country's trade were split at random over its k partners, a share w or more would be seen with the chance
p = (1 - w)^(k - 1) (Serrano, Boguna and Vespignani 2009, as in graphs.measures.backbone). The surprise is -ln p, the
larger of both ends; the statistic is the rise of ln(1 + surprise) above the pair's usual one, in units of its spread
(models.flows.structure.past). Trade is never split at random, so the level says nothing and only the change counts.
A feature: a new main customer is ordinary business.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import answer, parts
from models.flows.structure.past import shared, studentised, traded, usual

LEAST = 1e-12
"""What is left for other partners, at the least: a share that rounding makes whole."""


def disparity(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The flow suddenly makes up far more of its exporter's sales, or its importer's purchases, than it used to."""
    rows = traded(flows, context).with_columns(*_share("exporter", "exports"), *_share("importer", "imports"))
    surprise = pl.max_horizontal(_surprise("exports"), _surprise("imports"))
    rows = rows.with_columns(surprise=surprise).with_columns(log_surprise=pl.col("surprise").log1p())
    rows = rows.with_columns(usual_log_surprise=usual("log_surprise"))
    rows = rows.with_columns(change=pl.col("log_surprise") - pl.col("usual_log_surprise"))
    rows = studentised(rows.with_columns(pl.col("change") - shared("change")), "change")
    shown = {
        "share_of_exports": pl.col("share_of_exports"),
        "share_of_imports": pl.col("share_of_imports"),
        "chance_of_such_a_share": (-pl.col("surprise")).exp(),
        "usual_chance_of_such_a_share": (1 - pl.col("usual_log_surprise").exp()).exp(),
        "spread": pl.col("spread"),
    }
    rows = rows.with_columns(statistic=pl.col("z"), is_null=pl.col("is_clean"))
    return answer(rows.with_columns(parts(shown)), "disparity")


def _share(end: str, name: str) -> list[pl.Expr]:
    market = ["source", end, "commodity", "period"]
    value = pl.col("value_usd")
    return [
        (value / value.sum().over(market)).alias(f"share_of_{name}"),
        (pl.len().over(market).cast(pl.Float64) - 1).alias(f"others_{name}"),
    ]


def _surprise(name: str) -> pl.Expr:
    rest = (1 - pl.col(f"share_of_{name}")).clip(lower_bound=LEAST)
    return -pl.col(f"others_{name}") * rest.log()
