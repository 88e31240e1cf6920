"""Pass-through: a country's sales rise with its purchases of the same commodity, and it mines too little of it.

    statistic = min(z of the hub's purchases, z of the flow)

Both are rises of a logarithm above its usual level in units of its spread (models.flows.structure.past): purchases are
all that the hub bought of the commodity that year (models.flows.structure.hubs), the flow is one of its sales. The
unmatched amount is the flow's rise, at most the rise of the purchases, and a tenth of the flow at the least, else the
channel is silent. Goods whose origin is to be forgotten pass through hubs like this, and so do those of every
entrepot, smelter and trader.

Where months are declared, `in_step` tells whether the timing fits: the rank correlation, over the months of this year
and the one before, of what the hub sold with what it bought in the same month and the two before. It is shown and
changes neither statistic nor p.
"""

import polars as pl

from graphs.periods import LAST_YEAR
from models.flows.context import Context
from models.flows.parts import INTERVAL, answer, parts
from models.flows.structure.edge_stream import counted_month
from models.flows.structure.hubs import HUB, books, hubs
from models.flows.structure.past import band, grown, interval, shared, studentised, traded, usual

TOLD = 0.1
"""Share of the flow that must be new for the channel to speak."""
SHELF, WINDOW, KNOWN = 3, 24, 18
"""Months in which goods pass through, months compared, and months that must be known."""
SHOWN = (
    "value_usd", "usual_value_usd", "hub_imports_usd", "usual_hub_imports_usd", "hub_exports_usd", "covered_share",
    "usual_covered_share", "in_step", "spread", *INTERVAL,
)  # fmt: skip


def pass_through(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """A country that does not produce these goods sells more of them as it buys more of them."""
    rows = traded(flows, context)
    buying = _buying(rows, context).rename({"country": "exporter"})
    on = ["source", "exporter", "commodity", "period"]
    rows = grown(rows).join(buying, on=on, how="inner", maintain_order="left")
    steps = in_step(context.months).rename({"country": "exporter"})
    rows = rows.join(steps, on=on, how="left", maintain_order="left")
    bought = (pl.col("hub_imports_usd") - pl.col("usual_hub_imports_usd")).clip(lower_bound=0.0)
    rows = rows.with_columns(**interval("value_usd", "usual_value_usd")).with_columns(
        pl.min_horizontal(name, bought).alias(name) for name in ("gap_value_usd", *INTERVAL)
    )
    rows = rows.filter(pl.col("gap_value_usd") >= TOLD * pl.col("value_usd"))
    both = pl.col("z").is_finite() & pl.col("buying_z").is_finite()
    rows = rows.with_columns(
        statistic=pl.when(both).then(pl.min_horizontal("z", "buying_z")), is_null=pl.col("is_clean")
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "pass_through")


def _buying(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hubs with their purchases and the rise of these: `hub_imports_usd`, `usual_hub_imports_usd`, `buying_z`."""
    imports = pl.col("imports_usd")
    known = books(rows).with_columns(
        log_imports=pl.when(imports > 0).then(imports.log()),
        band=band(imports / imports.sum().over("source", "commodity", "period")),
    )
    known = known.with_columns(
        usual_log_imports=usual("log_imports", HUB), usual_covered_share=usual("covered_share", HUB)
    )
    known = known.with_columns(change=pl.col("log_imports") - pl.col("usual_log_imports"))
    known = studentised(known.with_columns(pl.col("change") - shared("change")), "change", ("country", "band"))
    return hubs(known, context).select(
        *HUB, "period", "covered_share", "usual_covered_share", hub_imports_usd="imports_usd",
        hub_exports_usd="exports_usd", usual_hub_imports_usd=pl.col("usual_log_imports").exp(), buying_z="z",
    )  # fmt: skip


def in_step(months: pl.DataFrame) -> pl.DataFrame:
    """HUB, `period` (year) and `in_step`, -1 to 1, of countries of which enough months are known."""
    trade = months.filter(pl.col("period") > LAST_YEAR, pl.col("exporter") != pl.col("importer"))
    known = books(trade.with_columns(value_usd="reconciled_value_usd")).with_columns(month=counted_month())
    shelf = known.rolling("month", period=f"{SHELF}i", group_by=HUB).agg(
        pl.col("imports_usd").mean().alias("bought_usd"), pl.len().alias("shelf")
    )
    full = known.join(shelf.filter(pl.col("shelf") == SHELF), on=[*HUB, "month"], how="inner")
    year = (pl.col("period") // 100).cast(pl.Int32)
    both = pl.concat([full.with_columns(period=year + later) for later in range(WINDOW // 12)])
    told = both.group_by(*HUB, "period").agg(
        pl.corr("exports_usd", "bought_usd", method="spearman").round(6).alias("in_step"), pl.len().alias("months")
    )
    return told.filter(pl.col("months") >= KNOWN, pl.col("in_step").is_finite()).select(*HUB, "period", "in_step")
