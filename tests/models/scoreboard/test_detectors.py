import numpy as np
import polars as pl

from models.scoreboard.detectors import Taught, edges, given, odds, scores
from models.scoreboard.forest import Forest
from models.scoreboard.names import AGNOSTIC, EDGE, FOREST, TREES
from models.scoreboard.teaching import fitted_trees, lesson
from tests.models.scoreboard.made import case


def test_edge_features_are_a_flows_own_numbers_and_unknown_where_these_are():
    rows = case(flows=3).rows.with_columns(export_value_usd=pl.Series([100.0, None, 0.0]), import_value_usd=200.0)
    found = edges(rows)
    assert found["log_ratio"][0] == np.float32(np.log(2))
    assert np.isnan(found["log_ratio"][1:].to_numpy()).all()
    assert np.isnan(found["log_export_value_usd"][1])
    assert found["log_export_value_usd"][2] == 0.0
    assert not {"exporter", "importer", "commodity", "period"} & set(found.columns)


def test_every_detector_scores_every_flow_of_a_case():
    made = case()
    learnt = lesson(made, 1)
    few = range(1)
    forest = Forest.fit(learnt.features, learnt.weight)
    taught = Taught(fitted_trees(learnt, few), fitted_trees(learnt, few, on_edges=True), forest)
    found = {**scores(made, taught), **given(made)}
    assert {TREES, EDGE, FOREST, AGNOSTIC, "raw gap", "PPML residual", "mirror_gap"} <= set(found)
    assert {score.size for score in found.values()} == {made.rows.height}
    assert np.isnan(found["mirror_gap"]).any()


def test_of_a_flow_without_features_the_trees_know_nothing():
    made = case()
    trees = fitted_trees(lesson(made, 1), range(1))
    blank = made.features.with_columns(
        pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise(pl.col("one", "other")).name.keep()
    )
    found = odds(trees, blank)
    assert np.isnan(found[:5]).all()
    assert np.array_equal(found[5:], trees.score(made.features)[5:])
