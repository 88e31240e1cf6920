"""Scores against slow obvious sums."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from models.flows.parts import NORMAL_80
from models.ladder.rung import Forecast
from models.ladder.scores import (
    FIRST,
    MEASURES,
    RESAMPLES,
    Tally,
    crps,
    draws,
    interval,
    mixture_quantile,
    ndcg,
    pinball,
    tallies,
)
from models.metrics import ndcg_at


def test_pinball_by_hand() -> None:
    loss = pinball(np.array([1.0, 5.0]), np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]))
    assert loss == pytest.approx([(0.1 * 1 + 0 + 0.1 * 1) / 3, (0.1 * 5 + 0.5 * 4 + 0.9 * 3) / 3])


@pytest.mark.parametrize("target", [0.0, 9.0, 12.0, 15.0])
@pytest.mark.parametrize("p_zero", [0.0, 0.3, 0.9])
def test_crps_is_the_integral_over_all_thresholds(target: float, p_zero: float) -> None:
    middle, sd = 12.0, 1.5

    def distance(x: float) -> float:
        below = p_zero + (1 - p_zero) * norm.cdf(x, middle, sd)
        return float((below - (x >= target)) ** 2)

    points = sorted({0.0, target, middle})
    whole = sum(quad(distance, a, b)[0] for a, b in zip([*points], [*points[1:], 25.0], strict=True))
    quantiles = middle + sd * NORMAL_80 * np.array([[-1.0, 0.0, 1.0]])
    assert crps(np.array([target]), quantiles, np.array([p_zero]))[0] == pytest.approx(whole, rel=0.06, abs=0.06)


@given(
    p_zero=st.floats(0.0, 1.0),
    middle=st.floats(0.0, 25.0),
    down=st.floats(0.0, 5.0),
    up=st.floats(0.0, 5.0),
    levels=st.lists(st.floats(0.01, 0.99), min_size=2, max_size=6),
)
def test_quantiles_of_the_mixture_rise_from_zero(
    p_zero: float, middle: float, down: float, up: float, levels: list[float]
) -> None:
    quantiles, p = np.array([[middle - down, middle, middle + up]]), np.array([p_zero])
    found = [float(mixture_quantile(level, quantiles, p)[0]) for level in sorted(levels)]
    assert found == sorted(found)
    assert all((one == 0.0) == (level <= p_zero) for one, level in zip(found, sorted(levels), strict=True) if one == 0)


def test_without_zeros_the_mixture_has_the_quantiles_it_was_given() -> None:
    quantiles = np.array([[7.0, 9.0, 14.0]])
    for level, expected in zip((0.1, 0.5, 0.9), quantiles[0], strict=True):
        found = mixture_quantile(level, quantiles, np.zeros(1))[0]
        assert found == pytest.approx(np.log1p(np.exp(expected)), abs=1e-3)


def held(seed: int, exporters: int = 6, importers: int = 15) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    rows = [
        {"exporter": f"X{i}", "importer": f"Y{j:02}", "year": year, "is_first": False,
         "value_usd": float(chance.lognormal(5, 2)) if chance.random() < 0.6 else 0.0}
        for i in range(exporters) for j in range(importers) for year in (2019, 2020)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_ndcg_is_that_of_each_exporter_and_year() -> None:
    cells = held(1)
    expected = np.random.default_rng(2).random(cells.height)
    codes = cells["exporter"].str.slice(1).cast(pl.Int64).to_numpy()
    found, exporter = ndcg(cells, expected, codes)
    slow = {}
    for (code, _), rows in cells.with_columns(e=pl.Series(expected)).group_by("exporter", "year", maintain_order=True):
        ranked = rows.sort("e", descending=True)["value_usd"].to_numpy()
        slow.setdefault(int(code[1:]), []).append(ndcg_at(ranked, FIRST))
    assert found == pytest.approx([one for code in sorted(slow) for one in slow[code]])
    assert exporter.tolist() == [code for code in sorted(slow) for _ in slow[code]]


def test_a_perfect_order_scores_one_and_an_exporter_of_nothing_does_not_count() -> None:
    cells = held(3).with_columns(value_usd=pl.when(pl.col("exporter") == "X0").then(0.0).otherwise("value_usd"))
    codes = cells["exporter"].str.slice(1).cast(pl.Int64).to_numpy()
    found, exporter = ndcg(cells, cells["value_usd"].to_numpy(), codes)
    assert found == pytest.approx(1.0)
    assert 0 not in exporter


def test_tallies_are_means_over_what_they_say() -> None:
    cells = held(4)
    value = cells["value_usd"].to_numpy()
    codes = cells["exporter"].str.slice(1).cast(pl.Int64).to_numpy()
    said = Forecast(np.tile([2.0, 4.0, 7.0], (cells.height, 1)), np.full(cells.height, 0.25))
    scored = np.arange(cells.height) % 5 > 0
    found = tallies(cells, said, scored, codes)
    assert tuple(found) == MEASURES
    traded = scored & (value > 0)
    assert found["pinball"].mean()[0] == pytest.approx(pinball(np.log(value[traded]), said.quantiles[traded]).mean())
    surprise = np.where(value[scored] == 0, -np.log(0.25), -np.log(0.75))
    assert found["log_loss_zero"].mean()[0] == pytest.approx(surprise.mean())
    loss = crps(np.log1p(value[scored]), said.quantiles[scored], said.p_zero[scored])
    assert found["crps"].mean()[0] == pytest.approx(loss.mean())


def test_drawing_whole_exporters_is_drawing_their_rows() -> None:
    chance = np.random.default_rng(5)
    loss, code = chance.random(200), chance.integers(0, 8, 200)
    tally = Tally(np.bincount(code, loss, 8), np.bincount(code, minlength=8).astype(float))
    times = draws(8, np.random.default_rng(6))
    assert times.shape == (RESAMPLES, 8)
    assert (times.sum(axis=1) == 8).all()
    slow = [np.repeat(loss, one.astype(int)[code]).mean() for one in times[:20]]
    assert tally.mean(times)[:20] == pytest.approx(slow)
    low, high = interval(tally.mean(times))
    assert low < loss.mean() < high


def test_too_few_exporters_give_no_interval() -> None:
    assert np.isnan(interval(Tally(np.ones(4), np.ones(4)).mean(draws(4, np.random.default_rng(0))))).all()
