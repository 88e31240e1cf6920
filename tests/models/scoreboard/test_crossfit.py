import numpy as np
import pytest

from models.scoreboard.crossfit import Fitted, crossfitted, in_training
from models.scoreboard.names import EDGE, FOREST, TREES
from models.scoreboard.protocol import folds, rotations
from models.scoreboard.teaching import fitted_trees, lesson
from tests.models.scoreboard.made import case


@pytest.fixture(scope="module")
def judged():
    made = case(flows=1500)
    models = []
    for one in rotations():
        learnt = lesson(made.of(in_training(made, one)), 1)
        models.append(Fitted(one, fitted_trees(learnt, range(1)), fitted_trees(learnt, range(1), on_edges=True)))
    return made, models, crossfitted(made, models)


def test_each_row_is_scored_by_the_trees_that_never_saw_its_exporter(judged):
    made, models, (found, _) = judged
    fold = folds(made.rows)
    for one in models:
        mine = fold == one.rotation.test
        assert np.array_equal(found[TREES][mine], one.trees.score(made.of(mine).features))
        assert not set(made.rows["exporter"].to_numpy()[mine]) & set(
            made.rows["exporter"].to_numpy()[np.isin(fold, (*one.rotation.train, *one.rotation.calibrate))]
        )


def test_lists_cover_the_whole_case_and_find_what_is_there(judged):
    made, _, (_, lists) = judged
    assert set(lists) == {TREES, EDGE, FOREST}
    told = lists[TREES]
    assert told.p.size == made.rows.height
    assert told.p[made.is_hit].mean() < 0.1 < told.p[~made.is_hit].mean()
