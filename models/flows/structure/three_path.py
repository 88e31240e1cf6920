"""Three-path: producer -> hub -> market, where the hub took in more from producers than they declare to have sent.

    short     = sum over producers of (hub's imports - producer's exports to it), beyond the ordinary
    statistic = min(z of ln(short / hub's imports + 5 %), z of the flow hub -> market)

z are rises above what was usual in units of their spread (models.flows.structure.past); a producer is a country that
sells more of the commodity than it buys, a hub one that sells what it bought (models.flows.structure.hubs). Judged
are the hub's sales. The unmatched amount is the flow's rise, at most what is short, and a tenth of the flow at the
least, else the channel is silent. The parts name the largest short leg: what the hub declares to have bought there,
and what that producer declares to have sold. Goods that left their country on no form and go on as the hub's own look
like this; so does a producer that names another port of destination, or whose office is late.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import INTERVAL, answer, parts
from models.flows.structure.gaps import over, with_gaps
from models.flows.structure.hubs import HUB, books, hubs
from models.flows.structure.past import band, grown, interval, studentised, traded, usual

SLIGHT = 0.05
"""Less than this share of the hub's imports short is nothing short."""
TOLD = 0.1
"""Share of the flow that must be new and short for the channel to speak."""
SHOWN = (
    "value_usd", "usual_value_usd", "short_usd", "short_share", "usual_short_share", "producers_short",
    "largest_leg_imports_usd", "largest_leg_exports_usd", "hub_imports_usd", "hub_exports_usd", "spread", *INTERVAL,
)  # fmt: skip


def three_path(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """A hub sells more of these goods as it takes in more than the producers declare to have sent it."""
    rows = traded(flows, context)
    hub = _short(rows, with_gaps(flows, context), context).rename({"country": "exporter"})
    on = ["source", "exporter", "commodity", "period"]
    # Reconciled trade is short of nothing, and growth need not be looked at.
    rows = grown(rows.head(0) if hub.is_empty() else rows).join(hub, on=on, how="inner", maintain_order="left")
    least = pl.min_horizontal(pl.col("value_usd") - pl.col("usual_value_usd"), "short_usd").clip(lower_bound=0.0)
    rows = rows.filter(pl.col("importer") != pl.col("largest_producer"), least >= TOLD * pl.col("value_usd"))
    rows = rows.with_columns(**interval("value_usd", "usual_value_usd"))
    rows = rows.with_columns(pl.min_horizontal(name, least).alias(name) for name in ("gap_value_usd", *INTERVAL))
    both = pl.col("z").is_finite() & pl.col("short_z").is_finite()
    rows = rows.with_columns(
        statistic=pl.when(both).then(pl.min_horizontal("z", "short_z")), is_null=pl.col("is_clean")
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "three_path")


def _short(rows: pl.DataFrame, gaps: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hubs that took in more than producers declare, how much more, and its rise: `short_usd`, `short_z`, ..."""
    known = books(rows)
    sellers = known.filter(pl.col("exports_usd") > pl.col("imports_usd")).select(*HUB, "period")
    legs = gaps.join(
        sellers.rename({"country": "exporter"}), on=["source", "exporter", "commodity", "period"], how="semi"
    ).rename({"importer": "country"})
    legs = legs.filter(pl.col("off_usd") > 0).sort(
        *HUB, "period", "off_usd", "exporter", descending=[False] * 4 + [True, False]
    )
    short = legs.group_by(*HUB, "period", maintain_order=True).agg(
        short_usd=over().sum(),
        producers_short=pl.len(),
        largest_producer=pl.col("exporter").first(),
        largest_leg_imports_usd=pl.col("import_value_usd").first(),
        largest_leg_exports_usd=pl.col("export_value_usd").fill_null(0.0).first(),
    )
    # Only where offices are heard at all is nothing short; elsewhere it is not known.
    heard = gaps.select("source", "commodity", "period").unique()
    known = known.join(heard, on=["source", "commodity", "period"], how="semi", maintain_order="left")
    known = known.join(short, on=[*HUB, "period"], how="left", maintain_order="left")
    share = (pl.col("short_usd").fill_null(0.0) / pl.col("imports_usd")).clip(upper_bound=1.0)
    known = known.with_columns(
        short_share=pl.when(pl.col("imports_usd") > 0).then(share),
        band=band(pl.col("imports_usd") / pl.col("imports_usd").sum().over("source", "commodity", "period")),
    )
    known = known.with_columns(usual_short_share=usual("short_share", HUB)).filter(pl.col("short_share") >= SLIGHT)
    change = (pl.col("short_share") + SLIGHT).log() - (pl.col("usual_short_share") + SLIGHT).log()
    known = studentised(known.with_columns(change=change), "change", ("country", "band"))
    return hubs(known, context).select(
        *HUB, "period", "short_usd", "short_share", "usual_short_share", "producers_short", "largest_producer",
        "largest_leg_imports_usd", "largest_leg_exports_usd", hub_imports_usd="imports_usd",
        hub_exports_usd="exports_usd", short_z="z",
    )  # fmt: skip
