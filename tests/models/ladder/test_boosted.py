"""Boosted quantiles: they do not cross, cover what they say, beat the last trade where it reverts, know no future."""

import numpy as np
import polars as pl
import pytest

from models.ladder.baselines import Persistence
from models.ladder.boosted import LARGEST_FIT, MINIMUM_ROWS, Boosted, blocks, features
from models.ladder.cells import cells
from models.ladder.gravity import with_gravity
from models.ladder.rung import BLOCKS, LEVELS, MINIMUM_YEARS, Forecast, origins
from models.ladder.scores import pinball
from tests.models.ladder.trade import drawn


@pytest.fixture(scope="module")
def trade() -> pl.DataFrame:
    return drawn(21, countries=16, years=16, share=0.9)


@pytest.fixture(scope="module")
def found(trade: pl.DataFrame) -> pl.DataFrame:
    return with_gravity(cells(trade))


@pytest.fixture(scope="module")
def said(found: pl.DataFrame) -> Forecast:
    return Boosted().forecast(found, np.ones(found.height, bool))


def test_blocks_are_forecast_from_the_years_before_them(found: pl.DataFrame) -> None:
    year = found["year"].to_numpy()
    assert origins(np.arange(1995, 2025)) == [(2022, 2024), (2019, 2021), (2013, 2018), (2001, 2012)]
    assert origins(np.arange(2000, 2008)) == [(2005, 2007), (2004, 2004)]
    assert origins(np.arange(2000, 2000 + MINIMUM_YEARS)) == []
    assert origins(np.array([], dtype=int)) == []
    assert sum(BLOCKS) >= 20
    for earlier, now in blocks(found, np.ones(found.height, bool)):
        assert year[earlier].max() < year[now].min()


def test_quantiles_rise_and_cover(found: pl.DataFrame, said: Forecast) -> None:
    target = found["log_value"].to_numpy()
    spoken = np.isfinite(said.quantiles).all(axis=1)
    assert (np.diff(said.quantiles[spoken], axis=1) >= 0).all()
    judged = spoken & np.isfinite(target) & ~found["is_first"].to_numpy()
    assert judged.sum() > 1000
    below = (target[judged, None] <= said.quantiles[judged]).mean(axis=0)
    assert below == pytest.approx(LEVELS, abs=0.03)


def test_it_learns_that_a_single_year_reverts(found: pl.DataFrame, said: Forecast) -> None:
    target = found["log_value"].to_numpy()
    last = Persistence().forecast(found, np.ones(found.height, bool))
    judged = np.isfinite(target) & np.isfinite(last.quantiles).all(axis=1) & np.isfinite(said.quantiles).all(axis=1)
    mine, theirs = (pinball(target[judged], one.quantiles[judged]).mean() for one in (said, last))
    assert mine < 0.99 * theirs


def test_chances_of_zero_are_near_the_share_of_zeros(found: pl.DataFrame, said: Forecast) -> None:
    asked = np.isfinite(said.p_zero)
    assert not asked[found["is_first"].to_numpy()].any()
    value = found["value_usd"].to_numpy()
    assert said.p_zero[asked].mean() == pytest.approx((value[asked] == 0).mean(), abs=0.04)


def test_a_block_knows_nothing_of_its_years_or_later(trade: pl.DataFrame, found: pl.DataFrame, said: Forecast) -> None:
    first, _ = origins(found["year"].to_numpy())[0]
    louder = pl.when(pl.col("period") >= first).then(9.0).otherwise(1.0)
    changed = with_gravity(cells(trade.with_columns(pl.col("reconciled_value_usd") * louder)))
    again = Boosted().forecast(changed, np.ones(changed.height, bool))
    known = (found["year"] <= first).to_numpy()
    assert np.array_equal(said.quantiles[known], again.quantiles[known], equal_nan=True)
    assert np.array_equal(said.p_zero[known], again.p_zero[known], equal_nan=True)
    assert np.isfinite(said.quantiles[(found["year"] == first).to_numpy()]).any()


def test_same_cells_same_forecast_and_only_where_wanted(found: pl.DataFrame, said: Forecast) -> None:
    wanted = (found["year"] == 2014).to_numpy()
    again = Boosted().forecast(found, wanted)
    assert np.array_equal(said.quantiles[wanted], again.quantiles[wanted], equal_nan=True)
    assert np.isnan(again.quantiles[~wanted]).all()


def test_silence_is_no_difference_of_logarithms(found: pl.DataFrame) -> None:
    x, _ = features(found)
    quiet = (found["log_lag_1"] == 0.0).fill_null(False).to_numpy()
    assert set(x[quiet, 0].tolist()) == {-50.0}
    assert quiet.any()


def test_few_cells_grow_no_trees() -> None:
    small = with_gravity(cells(drawn(3)))
    assert small.height < MINIMUM_ROWS < LARGEST_FIT
    assert np.isnan(Boosted().forecast(small, np.ones(small.height, bool)).quantiles).all()
