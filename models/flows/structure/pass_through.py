"""Pass-through: a country's sales rise with its purchases of the same commodity, and it mines too little of it.

    statistic = min(z of what passed through the hub, z of the flow)

Both are rises of a logarithm above its usual level in units of its spread (models.flows.structure.past): what passed
is min(imports, exports) of the hub in the same year (models.flows.structure.hubs), the flow is one of its sales. The
unmatched amount is the flow's rise, at most the rise of what passed. Laundering through a hub looks like this, and so
does every entrepot, smelter and trader.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import INTERVAL, answer, parts
from models.flows.structure.hubs import HUB, books, hubs
from models.flows.structure.past import band, grown, interval, shared, studentised, traded, usual


def pass_through(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """A country that does not produce these goods sells more of them as it buys more of them."""
    rows = grown(traded(flows, context))
    rows = rows.join(
        risen(rows, context).rename({"country": "exporter"}),
        on=["source", "exporter", "commodity", "period"],
        how="inner",
        maintain_order="left",
    )
    least = pl.min_horizontal("flow_rise_usd", "passed_rise_usd").clip(lower_bound=0.0)
    rows = rows.with_columns(flow_rise_usd=pl.col("value_usd") - pl.col("usual_value_usd"))
    rows = rows.with_columns(**interval("value_usd", "usual_value_usd")).with_columns(
        pl.min_horizontal(name, least).alias(name) for name in ("gap_value_usd", *INTERVAL)
    )
    rows = rows.with_columns(
        statistic=pl.when(pl.col("z").is_finite(), pl.col("passed_z").is_finite()).then(
            pl.min_horizontal("z", "passed_z")
        ),
        is_null=pl.col("is_clean"),
    )
    shown = (
        "value_usd", "usual_value_usd", "hub_imports_usd", "hub_exports_usd", "covered_share", "usual_covered_share",
        "passed_usd", "usual_passed_usd", "spread", *INTERVAL,
    )  # fmt: skip
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "pass_through")


def risen(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hubs with what passed through them and its rise: `passed_usd`, `usual_passed_usd`, `passed_z`."""
    known = books(rows)
    known = known.with_columns(
        log_passed=pl.when(pl.col("passed_usd") > 0).then(pl.col("passed_usd").log()),
        band=band(pl.col("passed_usd") / pl.col("exports_usd").sum().over("source", "commodity", "period")),
    )
    known = known.with_columns(
        usual_log_passed=usual("log_passed", HUB), usual_covered_share=usual("covered_share", HUB)
    )
    known = known.with_columns(change=pl.col("log_passed") - pl.col("usual_log_passed"))
    known = studentised(known.with_columns(pl.col("change") - shared("change")), "change", ("country", "band"))
    passed = pl.col("passed_usd") - pl.col("usual_log_passed").exp()
    return hubs(known, context).select(
        *HUB, "period", "covered_share", "usual_covered_share", "passed_usd",
        hub_imports_usd="imports_usd", hub_exports_usd="exports_usd", passed_z="z", passed_rise_usd=passed,
        usual_passed_usd=pl.col("usual_log_passed").exp(),
    )  # fmt: skip
