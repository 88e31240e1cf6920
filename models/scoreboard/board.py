"""All that is measured on one case: orders, calibrated lists, chances and explanations."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from models.learned.overlap import BOUND
from models.learned.trees import Trees
from models.metrics import Floats
from models.scoreboard.analysis import analysed
from models.scoreboard.case import Case
from models.scoreboard.chances import chances, stability
from models.scoreboard.detectors import given
from models.scoreboard.lists import detailed, shown, told
from models.scoreboard.measured import Amount, frame
from models.scoreboard.names import AGNOSTIC, EDGE, FOREST, IN_ANALYSIS, LEARNED, LEFT_OUT, TREES, WORLDS
from models.scoreboard.null import Aside, Listed, Null
from models.scoreboard.offices import less_office
from models.scoreboard.orders import bases, by_family, curve, drawn, ordered
from models.scoreboard.protocol import NOMINAL

HEADLINE = (LEARNED, TREES, EDGE, FOREST, AGNOSTIC)
"""Detectors whose curves are drawn and whose exporters are drawn anew."""
DETAILED = (LEARNED, AGNOSTIC, IN_ANALYSIS)
"""Lists that are told scheme by scheme, and by what was hidden."""
EXPLAINED = 200
"""Flows at the head of the learned list whose explanations are compared over seeds."""


def measure(
    part: str, case: Case, scores: Mapping[str, Floats], lists: Mapping[str, Listed], trees: Trees | None = None
) -> pl.DataFrame:
    """Amounts of one case (models.scoreboard.measured.SCHEMA).

    scores: by detector; lists: calibrated lists by detector, `relational trees` making the learned list; trees: those
    that scored the whole case, whose explanations are compared, and whose list an analysis would make.
    """
    return frame(part, case.name, _amounts(part, case, scores, lists, trees))


def _amounts(
    part: str, case: Case, scores: Mapping[str, Floats], lists: Mapping[str, Listed], trees: Trees | None
) -> Iterator[Amount]:
    yield from bases(case)
    orders = {LEARNED: lists[TREES].order, **scores, **given(case)}
    whole = {LEARNED if name == TREES else name: one for name, one in lists.items()}
    # Its p are those of the product, corrected for the channels, and need no null of other cases.
    whole[AGNOSTIC] = Listed.given(case.column("agnostic_p"), orders[AGNOSTIC])
    if trees is not None:
        own = analysed(case, trees, scores[TREES])
        orders[IN_ANALYSIS] = own.listed.order
        whole[IN_ANALYSIS] = own.listed
        yield from shown(case, IN_ANALYSIS, own.is_shown)
    for name, score in orders.items():
        yield from ordered(case, name, score)
        if name in HEADLINE:
            yield from curve(case, name, score)
            yield from drawn(case, name, score, case.name if part == WORLDS else part)
    for name in (LEARNED, AGNOSTIC):
        yield from by_family(case, name, orders[name])
    for name, listed in whole.items():
        yield from told(case, name, listed)
        if name in DETAILED:
            yield from detailed(case, name, listed, NOMINAL)
    yield from chances(case, LEARNED, scores[TREES])
    if trees is not None:
        first = np.argsort(-np.nan_to_num(orders[LEARNED], nan=-np.inf), kind="stable")[:EXPLAINED]
        _, _, overlap = trees.parts(case.features[np.sort(first)])
        yield from stability(LEARNED, overlap, overlap < BOUND)


def calibratable(scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Scores that mean the same in every case, of which lists are made against a null of other flows."""
    return {name: scores[name] for name in (TREES, EDGE, FOREST)}


def aside(case: Case, scores: Mapping[str, Floats]) -> dict[str, Aside]:
    """What a case adds to the nulls of the detectors whose lists are calibrated."""
    exporter = case.rows.select(pl.format("{} {}", pl.lit(case.name), "exporter")).to_series()
    return {
        name: Aside(less_office(case.rows, score), case.is_hit, exporter)
        for name, score in calibratable(scores).items()
    }


def lists(case: Case, scores: Mapping[str, Floats], nulls: Mapping[str, Null]) -> dict[str, Listed]:
    """Calibrated lists of a case."""
    return {
        name: nulls[name].judge(less_office(case.rows, score), score) for name, score in calibratable(scores).items()
    }


def left_out(part: str, case: Case, kinds: Mapping[str, Floats], families: Mapping[str, Floats]) -> pl.DataFrame:
    """Amounts of trees that never saw a kind of scheme, or goods of a family, on exactly these.

    kinds: score of every flow by the trees without that kind; families: likewise without that family.
    """
    return frame(part, case.name, _left_out(case, kinds, families))


def _left_out(case: Case, kinds: Mapping[str, Floats], families: Mapping[str, Floats]) -> Iterator[Amount]:
    for kind, score in kinds.items():
        for amount in ordered(case, LEFT_OUT, score):
            if amount.band == kind:
                yield amount
    for family, score in families.items():
        for amount in by_family(case, LEFT_OUT, score):
            if amount.band == family:
                yield amount
