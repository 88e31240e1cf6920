"""The learned list as an analysis makes it: a null of clean pairs of one stratum, and no rate where it is too small."""

import numpy as np
import polars as pl
import pytest

from models.flows import alerts, calibrate
from models.folds import fold
from models.learned.trees import TAUGHT, Trees
from models.scoreboard.analysis import Analysed, analysed
from models.scoreboard.case import Case
from tests.models.scoreboard.made import case

ODD, CLEAN = 20, 180
TREES = Trees(("one",), ())


def made() -> tuple[Case, np.ndarray]:
    """Twenty flows far out and 180 clean ones, with their scores."""
    whole = case(flows=ODD + CLEAN)
    place = pl.int_range(pl.len())
    rows = whole.rows.with_columns(
        family=pl.lit("tin"), claim_level=pl.lit(0, dtype=pl.UInt8), is_clean=place >= ODD, agnostic=1.0
    )
    return Case("x", rows, whole.features), np.append(np.full(ODD, 10.0), -np.arange(CLEAN))


def made_list(monkeypatch: pytest.MonkeyPatch, budget: int = 50, *, rates: bool = False) -> Analysed:
    monkeypatch.setattr(alerts, "BUDGET", budget)
    if rates:
        monkeypatch.setattr(calibrate, "is_large_enough", lambda null_rows, tests: True)
    one, score = made()
    return analysed(one, TREES, score)


def test_p_is_taken_against_the_clean_rows(monkeypatch) -> None:
    told = made_list(monkeypatch).listed
    # No clean row is as far out as the odd ones; of the clean rows one more stands at or above each.
    assert told.p[:ODD] == pytest.approx(np.full(ODD, 1 / 181))
    assert told.p[ODD:] == pytest.approx((2 + np.arange(CLEAN)) / 181)


@pytest.mark.parametrize(("budget", "shown"), [(50, 37), (30, 30)])
def test_where_the_null_is_smaller_than_the_tests_no_rate_is_claimed_and_the_budget_shows(monkeypatch, budget, shown):
    found = made_list(monkeypatch, budget)
    assert np.isnan(found.listed.q).all()
    # p of at most 0.1: the odd ones, and seventeen clean ones.
    assert found.is_shown.sum() == shown
    assert found.is_shown[:ODD].all()


def test_where_a_rate_is_claimed_it_cuts_the_list(monkeypatch):
    found = made_list(monkeypatch, rates=True)
    assert found.listed.q[:ODD] == pytest.approx(np.full(ODD, 200 / 181 / 20))
    assert found.listed.q[ODD] == pytest.approx(2 / 181 * 200 / 21)
    # An ordinary flow is shown at no rate, though half of all flows have a q below that.
    assert (found.listed.q[ODD + 17 :] == 1.0).all()
    assert found.is_shown.tolist() == [True] * ODD + [False] * CLEAN


def test_flows_are_compared_with_clean_rows_of_their_own_stratum_alone() -> None:
    one, _ = made()
    place = pl.int_range(pl.len())
    apart = place.is_between(10, 59)
    rows = one.rows.with_columns(stratum=pl.when(apart).then(3).otherwise(5).cast(pl.UInt8))
    told = analysed(Case("x", rows, one.features), TREES, np.where(np.arange(200) < 60, 10.0, -1.0)).listed
    assert told.p[10:ODD] == pytest.approx(np.ones(10))
    assert told.p[:10] == pytest.approx(np.full(10, 1 / 141))


def test_what_nothing_tested_or_the_trees_do_not_know_is_not_on_the_list() -> None:
    one, score = made()
    score[0] = np.nan
    rows = one.rows.with_columns(claim_level=pl.when(pl.int_range(pl.len()) != 1).then("claim_level"))
    found = analysed(Case("x", rows, one.features), TREES, score)
    assert np.isnan(found.listed.order[:2]).all()
    assert np.isfinite(found.listed.order[2:]).all()
    assert found.listed.p[:2].tolist() == [1.0, 1.0]
    assert not found.is_shown[:2].any()


def test_a_flow_that_no_channel_may_speak_of_is_ordinary_and_comes_after_all_that_are_shown() -> None:
    one, score = made()
    place = pl.int_range(pl.len())
    rows = one.rows.with_columns(
        agnostic=pl.when(place != 0).then(1.0), claim_level=pl.when(place == 1).then(2).otherwise(0).cast(pl.UInt8)
    )
    found = analysed(Case("x", rows, one.features), TREES, score)
    assert found.is_shown[: ODD + 1].tolist() == [False, *[True] * ODD]
    assert found.listed.order[0] < found.listed.order[1 : ODD + 1].min()


def test_exporters_that_taught_the_trees_are_no_null() -> None:
    one, score = made()
    taught = Trees(("one",), (), {TAUGHT: {"of": 2, "folds": [0]}})
    is_null = [name for name in one.rows["exporter"][ODD:] if fold(name, 2) == 1]
    assert 0 < len(is_null) < CLEAN
    assert analysed(one, taught, score).listed.p[:ODD] == pytest.approx(np.full(ODD, 1 / (len(is_null) + 1)))
