"""From a world's or a cube's flows to a case: channels, the agnostic order, features and orders that need no training.

The agnostic order is the product's own (models.flows.alerts): every tested flow faces every ordinary cause, and claim
level, ordinary share, p (Bonferroni), unmatched amount and flow_id put all families in one order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from graphs.tables import LEARNED
from models.flows.alerts import order, rank
from models.flows.calibrate import null_pool, p_values
from models.flows.causes import face
from models.flows.channels import CHANNELS, judge
from models.flows.context import Context
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


def judged(name: str, materials: Sequence[Material], hits: pl.DataFrame) -> Case:
    """The case of these families. `hits`: `flow_id` and HITS, one row per flow with a trace."""
    parts = [_family(one) for one in materials]
    statistics = [part.statistics for part in parts]
    nulls = null_pool(pl.concat(statistics).lazy())
    scores = pl.concat([p_values(one, nulls) for one in statistics if one.height])
    rows = pl.concat([part.rows for part in parts]).sort("flow_id")
    rows = rows.join(hits.select("flow_id", *HITS), on="flow_id", how="left", maintain_order="left")
    rows = rows.join(agnostic(scores, rows, materials), on="flow_id", how="left", maintain_order="left")
    for places in _channels(scores):
        rows = rows.join(places, on="flow_id", how="left", maintain_order="left")
    return Case(name, rows, pl.concat([part.features for part in parts]).sort("flow_id"))


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
    rows = own.select(*FLOW, *DECLARED).with_columns(far(own).alias(name) for name, far in ALONE.items())
    mine = own.select("flow_id").join(known, on="flow_id", how="left", maintain_order="left")
    return _Part(rows, mine, statistics.with_columns(pl.col("channel").cast(pl.String)))


def agnostic(scores: pl.DataFrame, rows: pl.DataFrame, materials: Iterable[Material]) -> pl.DataFrame:
    """`agnostic`: 0 for the last of the tested, larger is earlier; `agnostic_p`: corrected p-value."""
    ranked = [_ranked(one, scores.join(one.flows, on="flow_id", how="semi")) for one in materials]
    listed = order(pl.concat(ranked).lazy()).filter(pl.col("list") != LEARNED)
    # A flow that only features could test has no ordinary share, and is never an alert.
    mine = listed.filter(pl.col("ordinary_share").is_not_null()).join(rows, on="flow_id", how="semi")
    return (
        mine.sort("rank", descending=True)
        .with_row_index("agnostic")
        .select("flow_id", pl.col("agnostic").cast(pl.Float32), agnostic_p=pl.col("p_value"))
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
