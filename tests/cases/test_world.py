"""Benign artefacts of the training world: flows that nothing but an ordinary event touches."""

import polars as pl
import pytest

from tests.cases.registry import Case, of
from tests.cases.worlds import scored

SHARE = 0.03
"""Of a kind's flows, at most so many may stand above level 1: a tenth of the flows with p at most 0.1 that chance
leaves where no cause fits. One flow may do so however few there are."""
OVERALL = 0.01
"""The same over all kinds."""


def above(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("claim_level") > 1)


@pytest.mark.parametrize("case", of("world"), ids=lambda case: case.name)
def test_an_artefact_seldom_rises_above_level_one_and_its_cause_is_told(case: Case) -> None:
    world = scored()
    mine = world.seen.filter("is_benign", pl.col("artefact_kind") == case.book)
    assert mine.height > 0, f"{case.name}: the world holds no such flow"
    for (name,), rows in mine.group_by("list", maintain_order=True):
        high = above(rows)
        assert high.height <= max(1, SHARE * rows.height), f"{name}: {high['flow_id'].to_list()}"
    if case.causes:
        verdicts = ["possible"] if case.is_testable else ["possible", "cannot_test"]
        told = world.causes.filter(
            pl.col("flow_id").is_in(mine["flow_id"].implode()), pl.col("cause").is_in(list(case.causes)),
            pl.col("verdict").cast(pl.String).is_in(verdicts),
        )  # fmt: skip
        assert told.height > 0


def test_all_artefacts_together_rise_no_more_often_than_untouched_flows() -> None:
    for (name,), rows in scored().seen.group_by("list", maintain_order=True):
        benign, untouched = rows.filter("is_benign"), rows.filter(~pl.col("is_benign"), ~pl.col("is_scheme"))
        share, ground = (above(one).height / one.height for one in (benign, untouched))
        assert share <= OVERALL, f"{name}: {share:.2%} of {benign.height}"
        assert share <= 2 * ground + 0.002, f"{name}: {share:.2%} against {ground:.2%}"
