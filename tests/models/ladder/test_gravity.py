"""Three-way gravity against a regression package, its sums, and that a forecast knows nothing of its year."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import PoissonRegressor

from models.ladder.cells import KEY, cells
from models.ladder.gravity import WINDOW, Gravity, fitted, flat, ppml, with_gravity
from models.ladder.rung import LEVELS
from tests.models.ladder.trade import drawn


def cube(seed: int, countries: int = 5, years: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Amounts [pair, year] with zeros and unknown cells, and the codes of both ends."""
    chance = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(countries) for j in range(countries) if i != j]
    exporter, importer = np.array(pairs).T
    amount = chance.lognormal(0.0, 1.0, (len(pairs), years))
    amount[chance.random(amount.shape) < 0.1] = 0.0
    amount[chance.random(amount.shape) < 0.1] = np.nan
    return amount, exporter, importer


def regressed(amount: np.ndarray, exporter: np.ndarray, importer: np.ndarray) -> np.ndarray:
    """Poisson regression on dummies of exporter-year, importer-year and pair, by scikit-learn."""
    pairs, years = amount.shape
    pair, year = np.nonzero(np.isfinite(amount))
    columns = [exporter[pair] * years + year, importer[pair] * years + year, pair]
    x = np.column_stack([np.eye(int(one.max()) + 1)[one] for one in columns])
    y = amount[pair, year]

    found = PoissonRegressor(alpha=0.0, fit_intercept=False, tol=1e-12, max_iter=20_000).fit(x, y)
    out = np.full((pairs, years), np.nan)
    out[pair, year] = found.predict(x)
    return out


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fitted_values_are_those_of_a_poisson_regression(seed: int) -> None:
    amount, exporter, importer = cube(seed)
    mine, _ = ppml(amount, exporter, importer, tolerance=1e-12, rounds=20_000)
    theirs = regressed(amount, exporter, importer)
    known = np.isfinite(theirs)
    assert known.sum() > 60
    assert np.abs(mine[known] - theirs[known]).max() < 1e-4


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_fit_adds_up_to_what_was_traded(seed: int) -> None:
    amount, exporter, importer = cube(seed)
    mu, _ = ppml(amount, exporter, importer, tolerance=1e-10, rounds=20_000)
    known, traded = np.isfinite(amount), np.nan_to_num(amount)
    mu = np.where(known, mu, 0.0)
    assert mu.sum(axis=1) == pytest.approx(traded.sum(axis=1), abs=1e-6)
    for code in (exporter, importer):
        for one in np.unique(code):
            assert mu[code == one].sum(axis=0) == pytest.approx(traded[code == one].sum(axis=0), abs=1e-6)


def test_a_cube_of_products_is_fitted_exactly_and_from_any_start() -> None:
    _, exporter, importer = cube(4)
    chance = np.random.default_rng(5)
    a, b, c = chance.lognormal(size=(5, 4)), chance.lognormal(size=(5, 4)), chance.lognormal(size=20)
    amount = a[exporter] * b[importer] * c[:, None]
    start = flat(exporter, importer, 4)
    start = type(start)(start.exporter * 3.0, start.importer, c * 7.0)
    for begun in (None, start):
        assert ppml(amount, exporter, importer, begun, tolerance=1e-12, rounds=5000)[0] == pytest.approx(amount)


def test_the_forecast_is_the_fit_of_the_year_before() -> None:
    found = with_gravity(cells(drawn(1)))
    keys = list(KEY)
    before = found.select(*keys[:-1], pl.col("year") + 1, before="log_fitted")
    both = found.join(before, on=keys).filter(pl.col("before").is_not_null())
    assert both.height > 50
    assert (both["log_gravity"] - both["before"]).abs().max() < 1e-9


def test_a_pair_that_ceased_gets_no_forecast_once_the_window_has_passed() -> None:
    trade = drawn(2)
    one = trade.row(0, named=True)
    pair = (pl.col("exporter") == one["exporter"]) & (pl.col("importer") == one["importer"])
    found = with_gravity(cells(trade.filter(~(pair & (pl.col("period") > 2003))))).filter(pair)
    last = found.filter(pl.col("value_usd") > 0)["year"].max()
    told = found.filter(pl.col("log_gravity").is_not_null())["year"].max()
    assert told == last + WINDOW


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(2003, 2010))
def test_a_forecast_knows_nothing_of_its_year_or_later(seed: int, cut: int) -> None:
    trade = drawn(seed)
    later = drawn(seed + 1).filter(pl.col("period") >= cut)
    changed = pl.concat([trade.filter(pl.col("period") < cut), later]).sort("flow_id")
    whole, other = with_gravity(cells(trade)), with_gravity(cells(changed))
    known = whole.filter(pl.col("year") <= cut, pl.col("log_gravity").is_not_null()).select(*KEY, "log_gravity")
    both = known.join(other, on=list(KEY), how="left", suffix="_other")
    assert known.height > 0
    assert both["log_gravity_other"].null_count() == 0
    # Warm starts differ once the later years do, never before them.
    assert (both["log_gravity"] - both["log_gravity_other"]).abs().max() < 1e-9


def test_every_flow_between_two_countries_is_fitted() -> None:
    trade = drawn(6)
    found = fitted(trade)
    assert found["flow_id"].to_list() == sorted(trade["flow_id"])
    assert found["log_fitted"].null_count() == 0


def test_as_a_rung_it_speaks_where_persistence_does() -> None:
    found = with_gravity(cells(drawn(7, countries=10, share=0.9)))
    said = Gravity().forecast(found, np.ones(found.height, bool))
    spoken = np.isfinite(said.quantiles).all(axis=1)
    assert said.quantiles.shape == (found.height, len(LEVELS))
    late = (found["year"].to_numpy() >= 2004) & found["last_log_value"].is_not_null().to_numpy()
    assert spoken[late].all()
    assert not spoken[found["is_first"].to_numpy()].any()
