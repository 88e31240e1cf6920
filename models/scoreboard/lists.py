"""How well a calibrated list keeps the error rate that it declares, and what it finds at that rate.

False is every selected flow without a trace of a scheme, however odd it may truly be. At episode level (an exporter, a
commodity and an unbroken run of selected years) an episode is false when none of its flows carries a trace. A list
that selects nothing has no false discoveries: the power beside it tells.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from models.flows.episodes import episodes
from models.metrics import Bools, Floats, false_discovery_proportion, recall
from models.scoreboard.case import Case
from models.scoreboard.measured import Amount
from models.scoreboard.names import (
    ALL,
    BY_STRENGTH,
    BY_TONNES,
    BY_USD,
    CLAIMED,
    FIRST_YEAR,
    LEAD_TIME,
    POWER,
    REALISED,
    REALISED_EPISODES,
    SCHEMES_FOUND,
    SELECTED,
    SHOWN,
    SHOWN_FALSE,
    SHOWN_FOUND,
    VALUE_FOUND,
)
from models.scoreboard.null import Listed

LEVELS = (0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40)
"""Declared rates at which the realised one is told."""
USD_FROM = (0.0, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
TONNES_FROM = (0.0, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6)


def told(case: Case, detector: str, listed: Listed) -> Iterator[Amount]:
    """Amounts of a list at every level."""
    claimed = ~np.isnan(listed.q)
    yield Amount(detector, CLAIMED, ALL, float(claimed.sum()), float(claimed.size))
    for level in LEVELS:
        taken = _taken(listed.q, level)
        name = f"{level:.2f}"
        yield Amount(detector, REALISED, name, false_discovery_proportion(case.is_hit, taken))
        yield Amount(detector, REALISED_EPISODES, name, episodes_false(case, taken))
        yield Amount(detector, POWER, name, recall(case.is_hit, taken))
        yield Amount(detector, SELECTED, name, float(taken.sum()))


def detailed(case: Case, detector: str, listed: Listed, nominal: float) -> Iterator[Amount]:
    """What a list finds at the nominal rate, by scheme and by size."""
    taken = _taken(listed.q, nominal)
    yield from _by_scheme(case, detector, taken)
    yield from _by_size(case, detector, taken)


def shown(case: Case, detector: str, taken: Bools) -> Iterator[Amount]:
    """Amounts of what an analysis shows at first sight, whether or not a rate is claimed for it."""
    yield Amount(detector, SHOWN, ALL, float(taken.sum()))
    yield Amount(detector, SHOWN_FALSE, ALL, false_discovery_proportion(case.is_hit, taken))
    yield Amount(detector, SHOWN_FOUND, ALL, recall(case.is_hit, taken))


def episodes_false(case: Case, taken: Bools) -> float:
    """Share of episodes among the selected flows that touch no scheme; 0 where nothing was selected."""
    rows = case.rows.select("source", "exporter", "commodity", "period").with_columns(
        is_hit=pl.Series(case.is_hit), claim_level=pl.lit(1)
    )
    chosen = rows.filter(pl.Series(taken))
    if chosen.is_empty():
        return 0.0
    return float((~episodes(chosen).group_by("episode_id").agg(pl.col("is_hit").any())["is_hit"]).sum()) / (
        episodes(chosen)["episode_id"].n_unique()
    )


def _taken(q: Floats, level: float) -> Bools:
    return np.nan_to_num(q, nan=np.inf) <= level


def _by_scheme(case: Case, detector: str, taken: Bools) -> Iterator[Amount]:
    """Schemes found, hidden value found, and how soon, over all kinds and for each."""
    hits = case.rows.with_columns(taken=pl.Series(taken)).filter(pl.col("scheme_id").is_not_null())
    for kind in (ALL, *hits["kind"].unique().sort()):
        mine = hits if kind == ALL else hits.filter(pl.col("kind") == kind)
        flows = float(mine.height)
        yield Amount(detector, f"{POWER} at the nominal rate", kind, float(mine["taken"].sum()), flows)
        yield Amount(detector, VALUE_FOUND, kind, _found_usd(mine), float(mine["hidden_usd"].sum()))
        schemes = mine.group_by("scheme_id").agg(
            onset=pl.col("period").min(), first=pl.col("period").filter("taken").min()
        )
        late = (schemes["first"] - schemes["onset"]).drop_nulls()
        yield Amount(detector, SCHEMES_FOUND, kind, float(late.len()), float(schemes.height))
        yield Amount(detector, FIRST_YEAR, kind, float((late == 0).sum()), float(schemes.height))
        yield Amount(detector, LEAD_TIME, kind, float(late.sum()), float(late.len()))


def _found_usd(rows: pl.DataFrame) -> float:
    return float(rows.filter("taken")["hidden_usd"].sum())


def _by_size(case: Case, detector: str, taken: Bools) -> Iterator[Amount]:
    """Detection limit: share of flows found by how much is hidden on them."""
    hits = case.rows.with_columns(taken=pl.Series(taken)).filter(pl.col("scheme_id").is_not_null())
    tonnes = hits.with_columns(hidden_t=pl.col("hidden_kg") / 1000)
    for measure, column, bounds in ((BY_USD, "hidden_usd", USD_FROM), (BY_TONNES, "hidden_t", TONNES_FROM)):
        for low, high in zip(bounds, (*bounds[1:], np.inf), strict=True):
            mine = tonnes.filter(pl.col(column) >= low, pl.col(column) < high)
            yield Amount(detector, measure, f"{low:g}", float(mine["taken"].sum()), float(mine.height))
    for (strength,), mine in hits.sort("strength").group_by("strength", maintain_order=True):
        yield Amount(detector, BY_STRENGTH, f"{strength:g}", float(mine["taken"].sum()), float(mine.height))
