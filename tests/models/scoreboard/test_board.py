import numpy as np
import polars as pl
import pytest

from models.scoreboard import board, names
from models.scoreboard.detectors import Taught, scores
from models.scoreboard.forest import Forest
from models.scoreboard.measured import SCHEMA
from models.scoreboard.null import Null
from models.scoreboard.summary import summed
from models.scoreboard.teaching import fitted_trees, lesson, together
from tests.models.scoreboard.made import KINDS, case


@pytest.fixture(scope="module")
def figures() -> pl.DataFrame:
    learnt = together([lesson(case(seed=seed), seed) for seed in (1, 2)])
    taught = Taught(
        fitted_trees(learnt, range(2)),
        fitted_trees(learnt, range(1), on_edges=True),
        Forest.fit(learnt.features, learnt.weight),
    )
    aside = case(seed=3, flows=1500)
    nulls = {name: Null.of([one]) for name, one in board.aside(aside, scores(aside, taught)).items()}
    measured = []
    for seed in (4, 5, 6):
        made = case(f"small-world-{seed}", seed=seed)
        found = scores(made, taught)
        lists = board.lists(made, found, nulls)
        measured.append(board.measure(names.WORLDS, made, found, lists, taught.trees))
        without = {KINDS[0]: found[names.TREES]}
        measured.append(board.left_out(names.WORLDS, made, without, {"gold": found[names.TREES]}))
    assert all(one.schema == pl.Schema(SCHEMA) for one in measured)
    return summed(pl.concat(measured))


def value(figures: pl.DataFrame, detector: str, measure: str, band: str = "all") -> float:
    row = figures.filter(pl.col("detector") == detector, pl.col("measure") == measure, pl.col("band") == band)
    return float(row["value"].item())


def test_where_features_tell_the_learned_list_is_better_than_what_does_not_learn(figures):
    learned = value(figures, names.LEARNED, names.PRECISION)
    assert learned > 0.8
    assert value(figures, names.LEARNED, f"{names.PRECISION} over {names.FOREST}") > 1
    assert abs(value(figures, names.LEARNED, f"{names.PRECISION} less {names.TREES}")) < 0.05
    assert value(figures, names.ALL, names.BASE) == pytest.approx(0.1, abs=0.03)


def test_the_best_channel_is_chosen_after_the_fact_and_the_agnostic_list_held_against_it(figures):
    for kind in KINDS:
        best = value(figures, names.BEST, f"{names.PRECISION} of mirror_gap", kind)
        assert best == pytest.approx(value(figures, "mirror_gap", names.PRECISION, kind))
        ratio = value(figures, names.AGNOSTIC, f"{names.PRECISION} over {names.BEST}", kind)
        assert ratio == pytest.approx(value(figures, names.AGNOSTIC, names.PRECISION, kind) / best)
    assert value(figures, names.AGNOSTIC, f"{names.PRECISION} over {names.BEST}", names.MEAN_KIND) > 1


def test_trees_that_never_saw_something_are_judged_on_it_alone(figures):
    left = figures.filter(pl.col("detector") == names.LEFT_OUT)
    assert set(zip(left["measure"], left["band"], strict=True)) == {
        (names.PRECISION, KINDS[0]),
        (names.IN_FAMILY, "gold"),
    }


def test_the_interval_over_exporters_holds_the_mean(figures):
    row = figures.filter(pl.col("detector") == names.LEARNED, pl.col("measure") == names.DRAWN).row(0, named=True)
    assert row["low"] < value(figures, names.LEARNED, names.PRECISION) < row["high"]
    assert np.isfinite(value(figures, names.LEARNED, names.OVERLAP))
