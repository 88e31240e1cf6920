import numpy as np
import polars as pl

from models.scoreboard.forest import Forest


def rows(seed: int) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    one, other = chance.normal(size=(2, 300))
    one[:10], other[5:20] = 12.0, np.nan
    return pl.DataFrame({"flow_id": [f"f{at:03d}" for at in range(300)], "b": one, "a": other, "c": [np.nan] * 300})


def test_what_lies_apart_comes_first_and_unknown_numbers_harm_nothing():
    score = Forest.fit(rows(0)).score(rows(0))
    assert set(range(5)) <= set(np.argsort(-score)[:10])  # of 5 to 9 the other number is not known either
    assert score[:10].min() > np.median(score[20:])
    assert np.isfinite(score).all()


def test_the_same_forest_every_time_whatever_the_order_of_columns():
    one = Forest.fit(rows(0)).score(rows(1))
    other = Forest.fit(rows(0).select("c", "flow_id", "a", "b")).score(rows(1).select("a", "c", "b", "flow_id"))
    assert np.array_equal(one, other)
