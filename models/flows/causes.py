"""Every scored flow faces every ordinary cause: excluded, possible, or cannot be tested."""

import polars as pl

from graphs.flags import Flag
from graphs.tables import VERDICTS
from models.flows.carriage import PAIR
from models.flows.context import Context
from models.flows.evidence import gather
from models.flows.lead import lead
from models.flows.modes import mode_shares
from models.flows.ordinary import CAUSES, Finding
from models.flows.ordinary.finding import HAS_SILENT_SIDE, NO_SILENT_SIDE, too_little
from models.flows.prices import MARKET, world_unit_values

NOTICEABLE = 0.01
"""A cause that covers less than this share of the gap is excluded."""
BALANCE_PARTS = ("excess_kg", "excess_by_declared_mass_kg", "stock_allowance_kg", "is_output_doubled")
PARTS = {
    "balance": BALANCE_PARTS,
    "carrying_capacity": ("declared_kg", "capacity_kg", "seen_share", "boxed_calls", "is_limited_at_exporter"),
}
"""Channels whose own numbers causes look at."""


def face(flows: pl.DataFrame, scores: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Verdict, share of the gap and detail for every scored flow and cause (table `causes`)."""
    rows = _prices(_totals(gather(flows, lead(scores, flows), context), flows, context), flows)
    for channel, names in PARTS.items():
        rows = _parts_of(rows, scores, channel, names)
    rows = _ways(rows, context)
    verdicts = [_verdict(rows, name, cause(context.family)) for name, cause in CAUSES.items()]
    return pl.concat(verdicts).with_columns(pl.lit(context.as_of).alias("as_of")).sort("flow_id", maintain_order=True)


def _verdict(rows: pl.DataFrame, name: str, finding: Finding) -> pl.DataFrame:
    """One cause over all flows."""
    share = pl.min_horizontal(_share(finding.covers_usd, "gap_value_usd"), _share(finding.covers_kg, "gap_mass_kg"))
    bears = finding.bears_on.fill_null(False)
    answerable = finding.testable.fill_null(False)
    why_not = pl.lit(finding.why_not or None, dtype=pl.String)
    if finding.needs_silent_side:
        answerable = answerable & HAS_SILENT_SIDE
        why_not = pl.when(HAS_SILENT_SIDE).then(why_not).otherwise(pl.lit(NO_SILENT_SIDE))
    testable = answerable | ~bears
    possible = bears & (finding.is_possible if finding.is_possible is not None else share >= NOTICEABLE).fill_null(
        False
    )
    share = pl.when(bears).then(share).when(pl.col("gap_value_usd") > 0).then(0.0)
    out = (
        pl.when(~bears)
        .then(pl.lit(finding.not_bearing or None, dtype=pl.String))
        .otherwise(pl.coalesce(finding.why_excluded, too_little(share)))
    )
    text = finding.text if finding.text is not None else pl.lit(None, dtype=pl.String)
    judged = rows.select(
        "flow_id", testable=testable, possible=possible, share=share, text=text, out=out, why_not=why_not
    )
    verdict = (
        pl.when(~pl.col("testable"))
        .then(pl.lit("cannot_test"))
        .when("possible")
        .then(pl.lit("possible"))
        .otherwise(pl.lit("excluded"))
    )
    return judged.select(
        "flow_id",
        pl.lit(name).alias("cause"),
        verdict.cast(pl.Enum(VERDICTS)).alias("verdict"),
        pl.when("testable").then(pl.col("share")).alias("share_of_gap"),
        pl.when(~pl.col("testable")).then("why_not").when("possible").then("text").otherwise("out").alias("detail"),
    )


def _share(covers: pl.Expr | None, gap: str) -> pl.Expr:
    """Share of one quantity's gap, null where the gap is not stated or nothing is missing in that quantity."""
    if covers is None:
        return pl.lit(None, dtype=pl.Float64)
    return pl.when(pl.col(gap) > 0).then((covers / pl.col(gap)).clip(0.0, 1.0))


def _prices(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """World unit value of this year and the last, and declared mass over the mass it implies."""
    prices = world_unit_values(flows).drop("priced_flows")
    before = prices.with_columns(pl.col("period") + 1).rename({"usd_per_kg": "usd_per_kg_before"})
    rows = rows.join(prices, on=MARKET, how="left", maintain_order="left")
    rows = rows.join(before, on=MARKET, how="left", maintain_order="left")
    implied = pl.col("reconciled_value_usd") / pl.col("usd_per_kg")
    return rows.with_columns(mass_over_implied=pl.col("reconciled_mass_kg") / implied)


def _totals(rows: pl.DataFrame, flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """What the silent side's own total holds beyond the partners it lists."""
    world = context.totals.filter(
        (pl.col("flags") & int(Flag.WORLD)) != 0, pl.col("flow").cast(pl.String).is_in(["X", "M"])
    ).select(
        "source",
        "commodity",
        "period",
        "value_usd",
        "mass_kg",
        office="reporter",
        silent=pl.when(pl.col("flow").cast(pl.String) == "X").then(pl.lit("exporter")).otherwise(pl.lit("importer")),
    )
    listed = pl.concat(
        [
            flows.group_by("source", "commodity", "period", office=silent)
            .agg(listed_usd=pl.col(f"{side}_value_usd").sum(), listed_kg=pl.col(f"{side}_mass_kg").sum())
            .with_columns(silent=pl.lit(silent))
            for silent, side in (("exporter", "export"), ("importer", "import"))
        ]
    )
    on = ["source", "office", "commodity", "period", "silent"]
    world = world.unique(on, keep="first", maintain_order=True)
    beyond = world.join(listed, on=on, how="left").select(
        *on,
        unlisted_value_usd=(pl.col("value_usd") - pl.col("listed_usd").fill_null(0.0)).clip(lower_bound=0.0),
        unlisted_mass_kg=(pl.col("mass_kg") - pl.col("listed_kg").fill_null(0.0)).clip(lower_bound=0.0),
    )
    return rows.join(beyond, on=on, how="left", maintain_order="left")


def _parts_of(rows: pl.DataFrame, scores: pl.DataFrame, channel: str, names: tuple[str, ...]) -> pl.DataFrame:
    """A channel's own numbers, as columns."""
    said = scores.filter(pl.col("channel").cast(pl.String) == channel)
    if said.is_empty():
        return rows.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in names)
    wide = said.select("flow_id", "parts").explode("parts").unnest("parts").filter(pl.col("name").is_in(names))
    return rows.join(
        wide.pivot("name", index="flow_id", values="value"), on="flow_id", how="left", maintain_order="left"
    )


def _ways(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """known_mode_share, other_mode_share (of what is declared by mode, the larger of both sides), and
    is_limited_by_island: no land way leaves the country whose ships are too few."""
    told = mode_shares(context.modes).rename({"year": "period"})
    end = pl.when(pl.col("is_limited_at_exporter") == 1).then("exporter").otherwise("importer")
    rows = rows.join(told, on=[*PAIR, "period"], how="left", maintain_order="left")
    return rows.with_columns(
        is_limited_by_island=pl.col("is_limited_at_exporter").is_not_null() & end.is_in(sorted(context.islands))
    )
