import numpy as np
import pytest

from models.scoreboard import teaching
from models.scoreboard.teaching import fitted_trees, lesson, together
from tests.models.scoreboard.made import KINDS, case


def test_the_drawn_flows_weigh_as_many_as_they_stand_for(monkeypatch):
    monkeypatch.setattr(teaching, "NEGATIVES", 50)
    made = case()
    one = lesson(made, 1)
    assert one.is_hit.sum() == made.is_hit.sum()
    assert (~one.is_hit).sum() == 50
    assert one.weight.sum() == pytest.approx(made.rows.height)
    assert (one.weight[one.is_hit] == 1).all()
    assert not lesson(made, 2).features.equals(one.features)


def test_what_is_left_out_is_not_there_and_nothing_else_is_missing():
    one = lesson(case(), 1)
    kind, family = one.without_kind(KINDS[0]), one.without_family("gold")
    assert kind.kind.drop_nulls().unique().to_list() == [KINDS[1]]
    assert (~kind.is_hit).sum() == (~one.is_hit).sum()
    assert family.family.unique().to_list() == ["tin"]
    assert family.edges.height == family.weight.size == family.features.height


def test_trees_of_several_lessons_find_what_they_were_shown():
    trees = fitted_trees(together([lesson(case(seed=1), 1), lesson(case(seed=2), 2)]), range(2), trained_on="two")
    made = case(seed=3)
    score = trees.score(made.features)
    assert score[made.is_hit].mean() > score[~made.is_hit].mean() + 1
    assert trees.card["trained_on"] == "two"
    # Log-odds keep the rarity of schemes: predicted chances sum to about the hits.
    assert np.sum(1 / (1 + np.exp(-score))) == pytest.approx(made.is_hit.sum(), rel=0.4)
