import numpy as np
import polars as pl
import pytest

from models.world.totals import totals


def test_sums_by_key():
    rows = pl.DataFrame({"a": ["y", "x", "y", None], "kg": [1.0, 2.0, 3.0, 4.0], "usd": [10.0, 20.0, 30.0, 40.0]})
    assert totals(rows, ["a"], "kg", "usd").rows() == [("x", 2.0, 20.0), ("y", 4.0, 40.0), (None, 4.0, 40.0)]


def test_nothing_sums_to_nothing():
    rows = pl.DataFrame(schema={"a": pl.String, "kg": pl.Float64})
    assert totals(rows, ["a"], "kg").schema == rows.schema


def test_order_of_addition_is_that_of_the_rows():
    kg = np.random.default_rng(1).lognormal(0, 8, 10_000)
    rows = pl.DataFrame({"a": np.arange(10_000) % 3, "kg": kg})
    by_hand = []
    for key in range(3):
        whole = 0.0
        for one in kg[key::3]:
            whole += one
        by_hand.append(whole)
    assert totals(rows, ["a"], "kg")["kg"].to_list() == by_hand
    assert totals(rows.reverse(), ["a"], "kg")["kg"].to_list() == pytest.approx(by_hand)
