"""The gate: a rung climbs only on a gain whose interval excludes zero."""

import numpy as np
import pytest

from models.ladder.gate import DECIDES, compared, used
from models.ladder.scores import Tally, draws

EXPORTERS = 40


def tally(level: float, noise: float, seed: int) -> dict[str, Tally]:
    """A rung whose mean loss is about `level`, in every measure."""
    loss = level + noise * np.random.default_rng(seed).normal(size=EXPORTERS)
    return {measure: Tally(loss * 10, np.full(EXPORTERS, 10.0)) for measure in (DECIDES, "ndcg_10")}


def scored(**rungs: dict[str, Tally]) -> str:
    times = draws(EXPORTERS, np.random.default_rng(1))
    return used(compared(list(rungs), rungs, times, DECIDES))


def test_a_clear_gain_climbs_and_an_unclear_one_does_not() -> None:
    low = tally(1.0, 0.1, 1)
    assert scored(persistence=low, boosted=tally(0.8, 0.1, 2)) == "boosted"
    assert scored(persistence=low, boosted=tally(0.99, 0.5, 3)) == "persistence"
    assert scored(persistence=low, boosted=tally(1.2, 0.1, 4)) == "persistence"


def test_a_rung_is_held_against_the_best_below_not_the_next() -> None:
    rungs = {"persistence": tally(1.0, 0.05, 1), "gravity": tally(1.5, 0.05, 2), "boosted": tally(1.2, 0.05, 3)}
    assert scored(**rungs) == "persistence"
    assert scored(**rungs, gnn=tally(0.7, 0.05, 4)) == "gnn"


def test_a_higher_rung_that_adds_nothing_leaves_the_one_below_in_use() -> None:
    boosted = tally(0.8, 0.05, 2)
    assert scored(persistence=tally(1.0, 0.05, 1), boosted=boosted, gnn=boosted) == "boosted"


def test_few_exporters_prove_nothing() -> None:
    few = {
        "persistence": {DECIDES: Tally(np.ones(3), np.ones(3))},
        "boosted": {DECIDES: Tally(np.zeros(3), np.ones(3))},
    }
    scores = compared(list(few), few, draws(3, np.random.default_rng(1)), DECIDES)
    assert scores[1].gain == 1.0
    assert np.isnan(scores[1].gain_low)
    assert used(scores) == "persistence"


def test_gains_are_positive_where_the_rung_is_better_whichever_way_the_measure_runs() -> None:
    rungs = {"persistence": tally(0.5, 0.0, 1), "boosted": tally(0.7, 0.0, 2)}
    times = draws(EXPORTERS, np.random.default_rng(1))
    assert compared(list(rungs), rungs, times, DECIDES)[1].gain == pytest.approx(-0.2)
    assert compared(list(rungs), rungs, times, "ndcg_10")[1].gain == pytest.approx(0.2)
