import polars as pl
import pytest

from models.scoreboard.measured import Amount, compared, figures, frame


def measured() -> pl.DataFrame:
    said = {
        "a": [Amount("x", "m", "all", 0.2), Amount("y", "m", "all", 0.1), Amount("x", "n", "all", 3, 4)],
        "b": [Amount("x", "m", "all", 0.4), Amount("y", "m", "all", 0.3), Amount("x", "n", "all", 0, 2)],
        "c": [Amount("x", "m", "all", float("nan")), Amount("x", "n", "all", 0, 0)],
    }
    return pl.concat([frame("worlds", case, amounts) for case, amounts in said.items()])


def test_means_and_shares_are_sums_over_sums_and_what_says_nothing_is_left_out():
    found = {(one["detector"], one["measure"]): one for one in figures(measured()).iter_rows(named=True)}
    assert found["x", "m"]["value"] == pytest.approx(0.3)
    assert found["x", "n"]["value"] == pytest.approx(3 / 6)
    assert found["x", "m"]["cases"] == 2
    assert found["x", "m"]["low"] is None


def test_an_interval_lies_around_the_mean_and_is_the_same_every_time():
    rows = pl.concat([frame("worlds", str(at), [Amount("x", "m", "all", at / 20)]) for at in range(20)])
    one, other = figures(rows), figures(rows.sample(fraction=1.0, shuffle=True, seed=1))
    assert one.equals(other)
    assert one["low"][0] < one["value"][0] < one["high"][0]
    # Standard error of the mean of twenty evenly spaced values, 90 % interval.
    assert one["high"][0] - one["low"][0] == pytest.approx(2 * 1.645 * 0.2883 / 20**0.5, rel=0.1)


def test_ratio_and_difference_are_of_means_case_by_case():
    found = figures(compared(measured().filter(pl.col("case") != "c"), "x", "y", "m"))
    told = dict(zip(found["measure"], found["value"], strict=True))
    assert told == {"m less y": pytest.approx(0.1), "m over y": pytest.approx(0.6 / 0.4)}
