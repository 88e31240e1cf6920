"""From scores and causes to a list: claim level, total order, selection.

Level 0 is ordinary (corrected p above ALPHA), level 1 an anomaly, level 2 a candidate: every decisive cause of
its channel could be tested and all causes together account for at most half of the gap. Statistics alone go no
higher. The order has no ties: level, then p, then the unmatched amount in USD, then flow_id.

Where every channel of a family has a null large enough, q-values are Benjamini-Hochberg within the family, relative
to that null. Elsewhere q stays empty, no error rate is claimed, and the first BUDGET anomalies are shown.
"""

import polars as pl

from graphs.commodities import family_named
from graphs.ids import alert_id
from models.flows.calibrate import ALPHA, benjamini_hochberg
from models.flows.causes import NOTICEABLE
from models.flows.channels import CHANNELS
from models.flows.episodes import episodes
from models.flows.lead import lead, leaders
from models.flows.prices import MARKET, world_unit_values
from models.flows.sentences import sentence

LIST = "agnostic"
BUDGET = 50
HALF = 0.5
PRECIOUS_DECISIVE = ("stocks",)
"""For precious metals, vaults and refining under contract must have been tested too."""
COPIED = ("source", "exporter", "importer", "commodity", "family", "period", "export_value_usd", "import_value_usd",
          "export_mass_kg", "import_mass_kg", "reconciled_value_usd", "reconciled_mass_kg")  # fmt: skip


def rank(flows: pl.DataFrame, scores: pl.DataFrame, causes: pl.DataFrame, family: str) -> pl.DataFrame:
    """Claim level and sentence for one family's scored flows; `order` gives rank, q-value and selection.

    There may be none: of some codes only headings and totals are declared, which are not paired.
    """
    rows = lead(scores, flows).join(flows.select("flow_id", *COPIED), on="flow_id", how="left", maintain_order="left")
    rows = rows.join(_explained(causes), on="flow_id", how="left", maintain_order="left")
    rows = _level(rows, family)
    rows = _unmatched(rows, flows, family)
    rate = leaders(scores, flows).filter("may_lead")["is_null_large"]
    rows = episodes(rows).with_columns(
        pl.lit(LIST).alias("list"), pl.lit(bool(rate.all()) and rate.len() > 0).alias("claims_rate")
    )
    return rows.with_columns(alert_id=alert_id(), sentence=sentence(rows, family))


def _explained(causes: pl.DataFrame) -> pl.DataFrame:
    """Per flow: joint share of all causes, the largest possible cause, and the causes that could not be tested."""
    verdict = pl.col("verdict").cast(pl.String)
    covers = (verdict == "possible") & (pl.col("share_of_gap") >= NOTICEABLE)
    largest = pl.col("cause").filter(covers).sort_by(pl.col("share_of_gap").filter(covers), descending=True).first()
    return causes.group_by("flow_id").agg(
        joint_share=1 - (1 - pl.col("share_of_gap").fill_null(0.0)).product(),
        main_cause=largest,
        untested=pl.col("cause").filter(verdict == "cannot_test"),
    )


def _level(rows: pl.DataFrame, family: str) -> pl.DataFrame:
    """Claim level and what decided it."""
    extra = PRECIOUS_DECISIVE if family_named(family).weighed_by == "value" else ()
    decisive = pl.DataFrame(
        {"channel": list(CHANNELS), "decisive": [[*channel.decisive, *extra] for channel in CHANNELS.values()]}
    )
    rows = rows.join(decisive, on="channel", how="left", maintain_order="left")
    untested = pl.col("decisive").list.set_intersection("untested").list.sort()
    share = pl.format("{} %", (100 * pl.col("joint_share")).round(0).cast(pl.Int64))
    feature = ~pl.col("may_lead")
    ordinary, open_cause, explained = pl.col("p_value") > ALPHA, untested.list.len() > 0, pl.col("joint_share") > HALF
    return rows.with_columns(
        claim_level=pl.when(ordinary | feature)
        .then(0)
        .when(open_cause | explained)
        .then(1)
        .otherwise(2)
        .cast(pl.UInt8),
        why_level=pl.when(feature)
        .then(
            pl.lit("Ordinary: only features could be tested (growth, unit value), which raise no alert by themselves.")
        )
        .when(ordinary)
        .then(pl.format("Ordinary: the corrected p-value {} is above 0.1.", pl.col("p_value").round(3).cast(pl.String)))
        .when(explained)
        .then(pl.format("Ordinary causes together could account for {} of the gap.", share))
        .when(open_cause)
        .then(pl.format("Decisive causes could not be tested: {}.", untested.list.join(", ")))
        .otherwise(pl.format("All decisive causes were tested; together they account for {} of the gap.", share)),
    ).drop("decisive", "untested")


def _unmatched(rows: pl.DataFrame, flows: pl.DataFrame, family: str) -> pl.DataFrame:
    """The amount in USD that orders the list."""
    rows = rows.join(world_unit_values(flows).drop("priced_flows"), on=MARKET, how="left", maintain_order="left")
    # A balance is kept in contained metal, whose price is not the ore's.
    by_mass = pl.when(pl.col("channel") != "balance").then(pl.col("gap_mass_kg") * pl.col("usd_per_kg"))
    # The smaller counts, since goods have both: grades differ too much for mass times a world price alone.
    smaller = pl.min_horizontal(by_mass, "gap_value_usd")
    mine = pl.col("gap_value_usd") if family_named(family).weighed_by == "value" else smaller
    return rows.with_columns(unmatched_usd=mine).drop("usd_per_kg")


def order(ranked: pl.LazyFrame) -> pl.DataFrame:
    """All families' ranked flows in one total order, with q-values where claimed, and the selected alerts marked."""
    rows = ranked.collect().sort(
        "claim_level", "p_value", "unmatched_usd", "flow_id", descending=[True, False, True, False], nulls_last=True
    )
    rows = rows.with_row_index("rank", 1).with_columns(pl.col("rank").cast(pl.UInt32), _q_values(rows))
    anomaly = pl.col("claim_level") >= 1
    by_rate = pl.col("q_value") <= ALPHA
    budget = pl.col("q_value").is_null() & anomaly
    within = budget.cast(pl.UInt32).cum_sum() <= BUDGET
    return rows.with_columns(is_selected=anomaly & (by_rate.fill_null(False) | (budget & within)))


def _q_values(rows: pl.DataFrame) -> pl.Series:
    """Benjamini-Hochberg within each family that claims a rate; null elsewhere."""
    q = pl.Series("q_value", [None] * rows.height, dtype=pl.Float64)
    places = rows.select("family", "p_value", "claims_rate").with_row_index("place").filter("claims_rate")
    for _, block in places.group_by("family", maintain_order=True):
        q = q.scatter(block["place"], benjamini_hochberg(block["p_value"].to_numpy()))
    return q
