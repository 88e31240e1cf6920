"""Exporting countries in folds."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folds import fold, with_fold

ROWS = pl.DataFrame({"exporter": ["AUS", "BRA", "AUS", "IDN"]})


def test_a_fold_is_the_same_on_every_machine():
    # crc32 of "AUS" is 3_149_371_322
    assert (fold("AUS", 5), fold("AUS", 7)) == (2, 3_149_371_322 % 7)


@given(st.text(min_size=3, max_size=3), st.integers(2, 10))
def test_a_fold_is_one_of_the_folds(country, folds):
    assert 0 <= fold(country, folds) < folds


def test_countries_spread_over_the_folds():
    names = [f"{one}{two}" for one in "ABCDEFGHIJ" for two in "ABCDEFGHIJ"]
    sizes = pl.Series([fold(name, 5) for name in names]).value_counts()["count"]
    assert sizes.len() == 5
    assert sizes.min() > 8


def test_one_fold_is_refused():
    with pytest.raises(ValueError, match="at least 2"):
        fold("AUS", 1)


def test_an_exporter_stands_in_one_fold():
    rows = with_fold(ROWS, 3)
    assert rows.group_by("exporter").agg(pl.col("fold").n_unique())["fold"].to_list() == [1, 1, 1]
    assert rows["exporter"].to_list() == ROWS["exporter"].to_list()
