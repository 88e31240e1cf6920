import numpy as np
import polars as pl

from models.scoreboard.forest import Forest

EVEN = np.ones(300)


def rows(seed: int) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    one, other = chance.normal(size=(2, 300))
    one[:10], other[5:20] = 12.0, np.nan
    return pl.DataFrame({"flow_id": [f"f{at:03d}" for at in range(300)], "b": one, "a": other, "c": [np.nan] * 300})


def test_what_lies_apart_comes_first_and_unknown_numbers_harm_nothing():
    score = Forest.fit(rows(0), EVEN).score(rows(0))
    assert set(range(5)) <= set(np.argsort(-score)[:10])  # of 5 to 9 the other number is not known either
    assert score[:10].min() > np.median(score[20:])
    assert np.isfinite(score).all()


def test_the_same_forest_every_time_whatever_the_order_of_columns():
    one = Forest.fit(rows(0), EVEN).score(rows(1))
    other = Forest.fit(rows(0).select("c", "flow_id", "a", "b"), EVEN).score(rows(1).select("a", "c", "b", "flow_id"))
    assert np.array_equal(one, other)


def test_what_stands_for_many_flows_is_ordinary_and_what_stands_for_few_is_odd():
    features = pl.DataFrame({"flow_id": [f"f{at:02d}" for at in range(100)], "a": [0.0] * 50 + [5.0] * 50})
    features = features.with_columns(pl.col("a") + pl.int_range(100) / 1000)
    many = np.where(np.arange(100) < 50, 1000.0, 1.0)
    for weight, odd in ((many, slice(50, 100)), (many[::-1], slice(0, 50))):
        score = Forest.fit(features, weight).score(features)
        assert score[odd].min() > np.median(score)
