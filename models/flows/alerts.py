"""From scores and causes to two lists, never merged: claim level, total order, selection.

The agnostic list takes its p from the channels, the learned list from the learned score (`models.flows.lead`); gap,
causes and levels follow one rule on both. Level 0 is ordinary (p above ALPHA, or no channel that may lead could
test the flow, however far out the learned score), level 1 an anomaly, level 2 a candidate: something is unmatched, a
channel by itself finds it implausible (corrected p at most ALPHA), every decisive cause of that channel could be tested
and all causes together account for at most half of the gap. Statistics alone go no higher. The orders have no ties: the
agnostic list goes by level, ordinary share (`models.flows.crowd`) and p, the learned list puts anomalies of both levels
first and goes by score; then the unmatched amount in USD, then flow_id.

Where every channel of a family has a null large enough, q-values are Benjamini-Hochberg within the family, relative
to that null; on the learned list, where the score's own null is, within family and null. Elsewhere q stays empty, no
error rate is claimed, and the first BUDGET anomalies of each list are shown.
"""

import polars as pl

from graphs.commodities import family_named
from graphs.ids import alert_id
from graphs.tables import LEARNED, LISTS
from models.flows.calibrate import ALPHA
from models.flows.causes import NOTICEABLE
from models.flows.channels import CHANNELS
from models.flows.crowd import COUNTED, ordinary_share
from models.flows.episodes import episodes
from models.flows.lead import lead_learned, speaking
from models.flows.leaders import leaders
from models.flows.prices import MARKET, world_unit_values
from models.flows.rates import flow_by_flow, ordinary_bounds, q_values, why_no_rate
from models.flows.sentences import sentence
from models.flows.simes import unit_p_values

BUDGET = 50
HALF = 0.5
PRECIOUS_DECISIVE = ("stocks",)
"""For precious metals, vaults and refining under contract must have been tested too."""
COPIED = ("source", "exporter", "importer", "commodity", "family", "period", "export_value_usd", "import_value_usd",
          "export_mass_kg", "import_mass_kg", "reconciled_value_usd", "reconciled_mass_kg")  # fmt: skip
HEARD = ("exporter_reported", "importer_reported")
"""What only the sentence needs: a side that did not report declares no 'nothing'."""
KEPT = (
    "alert_id", "list", "flow_id", *COPIED, "channel", "statistic", "channel_p", *COUNTED, "p_value",
    "claim_level", "gap_value_usd", "gap_mass_kg", "episode_id", "as_of", "main_cause", "sentence", "unmatched_usd",
    "channels_tested", "joint_share", "why_level", "why_no_rate", "unit_p_value", "claims_rate", "null_rows",
    "null_block", "is_null_large", "tests",
)  # fmt: skip
"""Columns that `order` needs, or that the table of alerts holds."""


def rank(flows: pl.DataFrame, scores: pl.DataFrame, causes: pl.DataFrame, family: str) -> pl.DataFrame:
    """Both lists' rows of one family, with claim level and sentence; `order` gives rank, q-value and selection.

    There may be none: of some codes only headings and totals are declared, which are not paired.
    """
    told = leaders(scores, flows)
    leads = speaking(told, flows).join(
        flows.select("flow_id", *COPIED, *HEARD), on="flow_id", how="left", maintain_order="left"
    )
    leads = leads.join(_explained(causes), on="flow_id", how="left", maintain_order="left")
    leads = _unmatched(leads, flows, family)
    score = scores.with_columns(pl.col("channel").cast(pl.String)).filter(pl.col("channel") == LEARNED)
    lists = (leads, told.filter("may_lead")), (lead_learned(leads, scores), score)
    return pl.concat([_list(name, *rows, family) for name, rows in zip(LISTS, lists, strict=True)])


def _list(name: str, rows: pl.DataFrame, tests: pl.DataFrame, family: str) -> pl.DataFrame:
    """One list of one family. `tests`: the scores from which its p come."""
    rows = episodes(_level(rows.with_columns(pl.lit(name).alias("list")), family))
    # A learned score has one null; behind p of the channels stand many, and the weakest decides.
    reason = flow_by_flow() if name == LEARNED else pl.lit(why_no_rate(tests), dtype=pl.String)
    rows = rows.with_columns(reason.alias("why_no_rate"), unit_p_values(rows))
    rows = rows.with_columns(claims_rate=pl.col("why_no_rate").is_null())
    return rows.with_columns(alert_id=alert_id(), sentence=sentence(rows, family)).select(KEPT)


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
    feature, ordinary = ~pl.col("may_lead"), pl.col("p_value") > ALPHA
    open_cause, explained = untested.list.len() > 0, pl.col("joint_share") > HALF
    no_gap = ~pl.any_horizontal((pl.col(gap) > 0).fill_null(False) for gap in ("gap_value_usd", "gap_mass_kg"))
    alone = pl.col("lead_p") > ALPHA
    level = pl.when(ordinary | feature).then(0).when(open_cause | explained | no_gap | alone).then(1).otherwise(2)
    share = pl.format("{} %", (100 * pl.col("joint_share")).round(0).cast(pl.Int64))
    p = pl.col("p_value").round(3).cast(pl.String)
    high_p = pl.when(pl.col("list") == LEARNED).then(
        pl.format("Ordinary: the learned score's p-value {} is above 0.1.", p)
    )
    return rows.with_columns(
        claim_level=level.cast(pl.UInt8),
        has_open_cause=open_cause,
        why_level=pl.when(feature & ~ordinary)
        .then(pl.lit("Ordinary: the learned score stands out, but no channel that may raise an alert could test this."))
        .when(feature)
        .then(pl.lit("Ordinary: no channel that may raise an alert could test this flow."))
        .when(ordinary)
        .then(high_p.otherwise(pl.format("Ordinary: the corrected p-value {} is above 0.1.", p)))
        .when(no_gap)
        .then(pl.lit("Nothing is apparently unmatched, so that no cause could be held against it."))
        .when(explained)
        .then(pl.format("Ordinary causes together could account for {} of the gap.", share))
        .when(open_cause)
        .then(pl.format("Decisive causes could not be tested: {}.", untested.list.join(", ")))
        .when(alone)
        .then(pl.lit("Only the learned score stands out; the gap by itself is no larger than clean flows show."))
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
    """Both lists, the agnostic first, each with its families in one total order and its alerts marked.

    q-values and bounds where claimed; each list has a budget of its own.
    """
    return pl.concat([_ordered(ranked.filter(pl.col("list") == name).collect(), name) for name in LISTS])


def _ordered(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    anomaly = pl.col("claim_level") >= 1
    if name == LEARNED:
        # Their score is one and the same measure for all flows, their p has a floor in every null.
        rows = rows.with_columns(ordinary_share=pl.lit(None, dtype=pl.Float64))
        by, descending = [anomaly, pl.col("statistic")], [True, True]
    else:
        rows = rows.with_columns(ordinary_share(rows))
        by, descending = [pl.col("claim_level"), pl.col("ordinary_share"), pl.col("p_value")], [True, False, False]
    rows = rows.sort(*by, "unmatched_usd", "flow_id", descending=[*descending, True, False], nulls_last=True)
    rows = rows.with_row_index("rank", 1).with_columns(pl.col("rank").cast(pl.UInt32), *q_values(rows, name))
    bound = ordinary_bounds(rows) if name == LEARNED else pl.Series([None] * rows.height, dtype=pl.UInt32)
    by_rate = pl.col("q_value") <= ALPHA
    budget = pl.col("q_value").is_null() & anomaly
    within = budget.cast(pl.UInt32).cum_sum() <= BUDGET
    return rows.with_columns(
        bound.alias("ordinary_bound"), is_selected=anomaly & (by_rate.fill_null(False) | (budget & within))
    )
