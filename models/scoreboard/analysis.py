"""The learned list as an analysis makes it, which knows of no flow whether a scheme had a part in it.

The calibrated list of the scoreboard has a null of other worlds, of flows known to be without a trace. An analysis has
none: it compares the trees' score of a flow with clean pairs of its own data, by family and stratum (models.flows:
clean, matching, calibrate), claims a rate where that null is large enough, and cuts the list by its own rule
(models.flows: rates, alerts). That rule is followed here, with the clean pairs of the years that are judged, so that
the error rate that users are told is measured beside the other.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.tables import LEARNED
from models.flows.alerts import order
from models.flows.calibrate import ALPHA, null_pool, p_values
from models.flows.crowd import COUNTED
from models.flows.rates import flow_by_flow
from models.flows.simes import unit_p_values
from models.folds import with_fold
from models.learned.trees import TAUGHT, Trees
from models.metrics import Bools, Floats
from models.scoreboard.case import Case
from models.scoreboard.null import Listed

ORDINARY = 1.0
"""q of flows that are no anomaly: an analysis shows them at no rate."""


@dataclass(frozen=True)
class Analysed:
    """The list of an analysis over a case, in the order of its rows."""

    listed: Listed
    """q is NaN where no rate is claimed, and where a flow is not on the list."""
    is_shown: Bools
    """Shown at first sight: within the declared rate, or within the budget where none is claimed."""


def analysed(case: Case, trees: Trees, score: Floats) -> Analysed:
    """The list that an analysis makes of these trees' score, NaN where they know nothing of a flow."""
    null = case.rows["is_clean"] & ~_has_taught(case.rows, trees)
    known = case.rows.with_row_index("place").with_columns(is_null=null, statistic=pl.Series(score).fill_nan(None))
    scores = _scores(known.drop_nulls("statistic"))
    listed = order(_list(known, scores).lazy())
    place = known.select("flow_id", "place").join(
        listed.select("flow_id", "rank", "p_value", "q_value", "claim_level", "is_selected"), on="flow_id", how="left",
        maintain_order="left",
    )  # fmt: skip
    is_ordinary = pl.col("claim_level") == 0
    columns = place.select(
        p=pl.col("p_value").fill_null(1.0),
        q=pl.when(is_ordinary & pl.col("q_value").is_not_null()).then(ORDINARY).otherwise("q_value").fill_null(np.nan),
        order=(-pl.col("rank").cast(pl.Float64)).fill_null(np.nan),
        is_shown=pl.col("is_selected").fill_null(False),
    )
    p, q, places, shown = (columns[name].to_numpy() for name in columns.columns)
    return Analysed(Listed(p, q, places), shown)


def _has_taught(rows: pl.DataFrame, trees: Trees) -> pl.Series:
    """True for flows of the exporters that taught the trees, which no null of theirs holds (models.learned.channel)."""
    taught = trees.card.get(TAUGHT)
    fold = with_fold(rows, taught["of"])["fold"] if taught else pl.Series([None] * rows.height, dtype=pl.Int32)
    return fold.is_in(taught["folds"] if taught else []).fill_null(False)


def _scores(known: pl.DataFrame) -> pl.DataFrame:
    """p of the score, as the pipeline works it out: a null of each family and stratum, else one of all families."""
    nothing = {"model_p": pl.Float64, "gap_value_usd": pl.Float64, "gap_mass_kg": pl.Float64, "as_of": pl.Date,
               "parts": pl.Null}  # fmt: skip
    statistics = known.select(
        "flow_id",
        "stratum",
        "statistic",
        pl.col("family").cast(pl.String),
        channel=pl.lit(LEARNED),
        is_null="is_null",
        **{name: pl.lit(None, dtype=kind) for name, kind in nothing.items()},
    )
    nulls = null_pool(statistics.lazy())
    families = statistics.partition_by("family", maintain_order=True)
    return pl.concat([p_values(one, nulls) for one in families or [statistics]]).drop("as_of", "parts")


def _list(known: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Rows of the learned list: flows that a channel tested and of which the trees know something."""
    rows = known.drop_nulls("claim_level").drop("statistic")
    rows = rows.join(scores, on="flow_id", how="inner", maintain_order="left")
    # Where no channel may raise an alert the score raises none; it is a candidate where it is one on the other list.
    is_ordinary = (pl.col("p_value") > ALPHA) | pl.col("agnostic").is_null()
    level = pl.when(is_ordinary).then(0).when(pl.col("claim_level") == 2).then(2).otherwise(1)
    unasked = dict.fromkeys(("channel_p", *COUNTED), pl.lit(None, dtype=pl.Float64))  # of the agnostic list alone
    return rows.with_columns(
        unit_p_values(rows),
        claim_level=level.cast(pl.UInt8),
        list=pl.lit(LEARNED),
        claims_rate=flow_by_flow().is_null(),
        **unasked,
    )
