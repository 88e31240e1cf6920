"""From a world's or a cube's flows to a case: channels, the agnostic order, features and orders that need no training.

The agnostic order is the product's own (models.flows.alerts): every tested flow faces every ordinary cause, and claim
level, ordinary share, p (Bonferroni), unmatched amount and flow_id put all families in one order.

Everything is worked out on all flows, as an analysis sees them; only then flows on which no scheme could have been are
left out (models.scoreboard.case).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from graphs.tables import LEARNED
from models.flows.alerts import order, rank
from models.flows.calibrate import null_pool, p_values
from models.flows.causes import face
from models.flows.channels import CHANNELS, judge
from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.matching import stratum
from models.ladder.gravity import fitted
from models.learned.features import features
from models.scoreboard.alone import ALONE
from models.scoreboard.case import CHANNEL, DECLARED, FLOW, HITS, Case, scorable


@dataclass(frozen=True)
class Material:
    """One family as an analysis sees it."""

    flows: pl.DataFrame
    """Table `flows`, reconciled."""
    context: Context


def judged(name: str, materials: Sequence[Material], hits: pl.DataFrame, at_risk: pl.Series) -> Case:
    """The case of these families. `hits`: `flow_id` and HITS, one row per flow with a trace. `at_risk`: flow_id of the
    flows in whose place a scheme could have been."""
    parts = [_family(one) for one in materials]
    statistics = [part.statistics for part in parts]
    nulls = null_pool(pl.concat(statistics).lazy())
    scores = pl.concat([p_values(one, nulls) for one in statistics if one.height])
    rows = pl.concat([part.rows for part in parts]).sort("flow_id")
    rows = rows.join(hits.select("flow_id", *HITS), on="flow_id", how="left", maintain_order="left")
    rows = rows.join(agnostic(scores, rows, materials), on="flow_id", how="left", maintain_order="left")
    for places in _channels(scores):
        rows = rows.join(places, on="flow_id", how="left", maintain_order="left")
    case = Case(name, rows, pl.concat([part.features for part in parts]).sort("flow_id"))
    return case.of(rows["flow_id"].is_in(at_risk.implode()).to_numpy() | case.is_hit)


@dataclass(frozen=True)
class _Part:
    rows: pl.DataFrame
    features: pl.DataFrame
    statistics: pl.DataFrame


def _family(material: Material) -> _Part:
    own = scorable(material.flows)
    statistics = judge(material.flows, material.context).statistics
    gravity = fitted(material.flows)
    known = features(material.flows, statistics, material.context, gravity)
    own = own.join(gravity.select("flow_id", "log_fitted"), on="flow_id", how="left", maintain_order="left")
    alone = [far(own).alias(name) for name, far in ALONE.items()]
    clean = _clean(known, material)
    rows = own.select(*FLOW, *DECLARED, stratum(), *alone, is_clean=pl.col("flow_id").is_in(clean.implode()))
    mine = own.select("flow_id").join(known, on="flow_id", how="left", maintain_order="left")
    return _Part(rows, mine, statistics.with_columns(pl.col("channel").cast(pl.String)))


def _clean(known: pl.DataFrame, material: Material) -> pl.Series:
    """flow_id of the clean rows of the learned score's null, as models.learned.channel chooses them."""
    told = known.filter(pl.any_horizontal(pl.exclude("flow_id").is_finite())).select("flow_id")
    flows = told.join(material.flows, on="flow_id", how="left", maintain_order="left")
    return flows["flow_id"].filter(clean_pairs(flows, material.context))


def agnostic(scores: pl.DataFrame, rows: pl.DataFrame, materials: Iterable[Material]) -> pl.DataFrame:
    """flow_id and PRODUCT's columns of the list; `agnostic` is 0 for the last of those that could be an alert."""
    ranked = [_ranked(one, scores.join(one.flows, on="flow_id", how="semi")) for one in materials]
    listed = order(pl.concat(ranked).lazy()).filter(pl.col("list") != LEARNED)
    # A flow that only features could test has no ordinary share, and is never an alert.
    may_lead = pl.col("ordinary_share").is_not_null()
    place = may_lead.cast(pl.Int64).cum_sum() - 1
    mine = listed.join(rows, on="flow_id", how="semi").sort("rank", descending=True)
    return mine.select(
        "flow_id",
        "claim_level",
        "unmatched_usd",
        agnostic=pl.when(may_lead).then(place.cast(pl.Float32)),
        agnostic_p=pl.when(may_lead).then("p_value"),
    )


def _ranked(material: Material, scores: pl.DataFrame) -> pl.DataFrame:
    """One family as the product ranks it, with claim levels."""
    causes = face(material.flows, scores, material.context)
    return rank(material.flows, scores, causes, material.context.family)


def _channels(scores: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """The order of each channel by itself: p, then the statistic; equal ones share a place."""
    for name in CHANNELS:
        mine = scores.filter(pl.col("channel").cast(pl.String) == name)
        if mine.height:
            place = pl.struct(-pl.col("p_value"), "statistic").rank("dense")
            yield mine.select("flow_id", place.cast(pl.Float32).alias(CHANNEL + name))
