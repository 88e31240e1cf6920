"""Trees: the same input the same bytes, reasons that add up, files that come back as they were."""

import gzip
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from models.learned.features import FEATURES
from models.learned.overlap import top_overlap
from models.learned.shipped import shipped
from models.learned.trees import NOTHING, Rules, Trees, fit, name_of

SMALL = Rules(trees=8, leaves=5, shrinkage=0.3, least_rows=5, row_share=0.7)
ROWS = 400


@pytest.fixture(scope="module")
def taught() -> tuple[pl.DataFrame, np.ndarray]:
    """Three features of which the first two decide, some unknown, and the truth."""
    chance = np.random.default_rng(1)
    table = chance.normal(size=(ROWS, 3))
    hit = table[:, 0] + 0.5 * table[:, 1] > 1.0
    table[::7, 1] = np.nan
    frame = pl.DataFrame(table, schema=dict.fromkeys(("gap", "growth", "noise"), pl.Float32), orient="row")
    return frame.insert_column(0, pl.Series("flow_id", [f"f{at}" for at in range(ROWS)])), hit


@pytest.fixture(scope="module")
def trees(taught: tuple[pl.DataFrame, np.ndarray]) -> Trees:
    return fit(*taught, seeds=range(3), rules=SMALL, trained_on="a test")


def test_hits_rank_first(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, hit = taught
    score = trees.score(rows)
    assert np.median(score[hit]) > np.quantile(score[~hit], 0.95)


def test_the_same_input_gives_the_same_models(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    again = fit(*taught, seeds=range(3), rules=SMALL)
    assert again.texts == trees.texts
    assert len(set(trees.texts)) == 3  # seeds differ
    assert fit(*taught, seeds=[5], rules=SMALL).digest != fit(*taught, seeds=[6], rules=SMALL).digest


def test_contributions_and_base_sum_to_the_score(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, _ = taught
    names, contributions, overlap = trees.parts(rows)
    assert names == ("gap", "growth", "noise", "base")
    assert contributions.shape == (ROWS, 4)
    assert np.allclose(contributions.sum(axis=1), trees.score(rows), atol=1e-9)
    assert np.allclose(contributions[:, -1], contributions[0, -1])
    assert ((overlap >= 0) & (overlap <= 1)).all()


def test_score_is_the_mean_over_seeds(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, _ = taught
    each = [Trees(trees.names, (text,)).score(rows) for text in trees.texts]
    assert np.allclose(trees.score(rows), np.mean(each, axis=0))


def test_weights_move_the_odds(taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, hit = taught
    even, ones, heavy = (
        fit(rows, hit, weight, seeds=[0], rules=SMALL).score(rows)
        for weight in (None, np.ones(ROWS), np.where(hit, 10.0, 1.0))
    )
    assert np.allclose(even, ones)
    assert heavy.mean() > even.mean() + 0.5


def test_a_feature_that_is_not_there_is_unknown(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, _ = taught
    unknown = rows.with_columns(growth=pl.lit(float("nan"), dtype=pl.Float32))
    assert np.array_equal(trees.score(rows.drop("growth")), trees.score(unknown))
    assert np.array_equal(trees.score(rows.select("noise", "growth", "gap")), trees.score(rows))


def test_nothing_is_said_and_nothing_learned_where_nothing_is_known(
    trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]
) -> None:
    rows, hit = taught
    unknown = rows.head(3).with_columns(pl.lit(float("nan"), pl.Float32).alias(name) for name in trees.names)
    assert trees.score(unknown).tolist() == [NOTHING] * 3
    assert trees.score(rows).min() > NOTHING
    more = fit(pl.concat([rows, unknown]), np.concatenate([hit, [True] * 3]), seeds=range(3), rules=SMALL)
    assert more.texts == trees.texts


def test_no_rows_have_no_scores(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray]) -> None:
    none = taught[0].clear()
    names, contributions, overlap = trees.parts(none)
    assert trees.score(none).shape == (0,)
    assert contributions.shape == (0, len(names))
    assert overlap.shape == (0,)


def test_files_come_back_as_they_were(trees: Trees, taught: tuple[pl.DataFrame, np.ndarray], tmp_path: Path) -> None:
    trees.to_files(tmp_path / "one")
    trees.to_files(tmp_path / "other")
    back = Trees.from_files(tmp_path / "one")
    assert back == trees
    assert np.array_equal(back.score(taught[0]), trees.score(taught[0]))
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()
    assert json.loads((tmp_path / "one" / "card.json").read_text())["trained_on"] == "a test"


def test_models_that_are_not_the_cards_are_refused(trees: Trees, tmp_path: Path) -> None:
    trees.to_files(tmp_path)
    (tmp_path / name_of(1)).write_bytes(gzip.compress(trees.texts[0].encode()))
    with pytest.raises(ValueError, match="train them again"):
        Trees.from_files(tmp_path)


def test_overlap_agrees_with_sets() -> None:
    chance = np.random.default_rng(2)
    each = chance.normal(size=(4, 6, 9))
    tops = [[set(np.argsort(-np.abs(each[seed, row]))[:5]) for seed in range(4)] for row in range(6)]
    for row, found in enumerate(top_overlap(each)):
        pairs = [len(tops[row][one] & tops[row][other]) / 5 for one in range(4) for other in range(one)]
        assert found == pytest.approx(np.mean(pairs))


def test_seeds_that_agree_overlap_fully_and_those_that_do_not_not_at_all() -> None:
    same = np.tile(np.arange(10.0), (3, 1, 1))
    assert top_overlap(same).tolist() == [1.0]
    apart = np.zeros((2, 1, 10))
    apart[0, 0, :5], apart[1, 0, 5:] = 1.0, 1.0
    assert top_overlap(apart).tolist() == [0.0]
    assert top_overlap(same[:1]).tolist() == [1.0]


def test_what_is_shipped_says_what_it_was_trained_on() -> None:
    trees = shipped()
    assert len(trees.texts) == 10
    assert trees.card["hits"] > 0
    assert trees.card["trained_on"]
    assert set(trees.names) <= set(FEATURES), "trained on features that are no longer made: train again"
