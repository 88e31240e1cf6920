"""Partner switch: what is unmatched here stands unmatched the other way with another partner.

    statistic = max over both ends of min(1, opposite / same)         0 to 1

off = imports - exports beyond the ordinary (models.flows.structure.gaps). At the exporter's end, over all its flows of
the commodity that year, `same` is the sum of what is off in the flow's own direction, `opposite` of what is off in the
other; likewise at the importer's end. It is the share of the missing amounts that the surplus elsewhere could cover.
This is what transit and the rules of origin and consignment make: the exporter names the port, the importer the mine.
It speaks for an ordinary reason and raises no alert.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import answer, parts
from models.flows.structure.gaps import over, under, with_gaps

ENDS = {"exporter": "with_exporters_partners", "importer": "with_importers_partners"}


def partner_switch(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The amount missing here is too much elsewhere: with another partner of the same country, as in transit."""
    rows = with_gaps(flows, context).filter(pl.col("off_usd") != 0)
    rows = rows.with_columns(column for end, name in ENDS.items() for column in _sums(end, name))
    covered = [(pl.col(f"opposite_{name}_usd") / pl.col(f"same_{name}_usd")) for name in ENDS.values()]
    rows = rows.with_columns(statistic=pl.max_horizontal(covered).clip(upper_bound=1.0), is_null=pl.col("is_clean"))
    shown = ["off_usd", *(f"{way}_{name}_usd" for name in ENDS.values() for way in ("same", "opposite"))]
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "partner_switch")


def _sums(end: str, name: str) -> list[pl.Expr]:
    """What is off in the flow's own direction, and the other way, at one of its ends."""
    at = ("source", end, "commodity", "period")
    above, below = over().sum().over(at), under().sum().over(at)
    is_over = pl.col("off_usd") > 0
    return [
        pl.when(is_over).then(above).otherwise(below).alias(f"same_{name}_usd"),
        pl.when(is_over).then(below).otherwise(above).alias(f"opposite_{name}_usd"),
    ]
