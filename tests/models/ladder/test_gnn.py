"""The graph network: it learns from neighbours, knows no future, hangs on no name, and falls silent where it cannot."""

import importlib.util
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from models.ladder.gnn.rung import FITS, GraphNetwork
from models.ladder.rung import Forecast, origins
from models.ladder.scores import pinball
from tests.conftest import REPOSITORY
from tests.models.ladder.network_world import FIRST, YEARS, amounts, as_cells, names, persistence

INSTALLED = all(importlib.util.find_spec(name) for name in ("torch", "torch_geometric"))
needs_torch = pytest.mark.skipif(not INSTALLED, reason="the extra gnn (torch, torch-geometric) is not installed")
BLOCKS = origins(np.arange(FIRST, FIRST + YEARS))[:FITS]


def said(found: pl.DataFrame, below: Forecast | None = None) -> Forecast:
    return GraphNetwork().forecast(found, np.ones(found.height, bool), below or persistence(found))


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    return as_cells(amounts())


@pytest.fixture(scope="module")
def forecast(found: pl.DataFrame) -> Forecast:
    if not INSTALLED:
        pytest.skip("the extra gnn (torch, torch-geometric) is not installed")
    return said(found)


def judged(found: pl.DataFrame, forecast: Forecast, first: int) -> np.ndarray:
    """Cells with trade from a year on that the network speaks of."""
    log_value = found["log_value"].to_numpy()
    return np.isfinite(log_value) & np.isfinite(forecast.quantiles[:, 0]) & (found["year"].to_numpy() >= first)


def keyed(found: pl.DataFrame, forecast: Forecast) -> pl.DataFrame:
    columns = {f"q{at}": column for at, column in enumerate(forecast.quantiles.T)}
    rows = found.select("exporter", "importer", "commodity", "year")
    return rows.with_columns(pl.Series(name, column) for name, column in (columns | {"p": forecast.p_zero}).items())


def test_it_learns_what_neighbours_foretell(found: pl.DataFrame, forecast: Forecast) -> None:
    rows = judged(found, forecast, BLOCKS[0][0])
    target = found["log_value"].to_numpy()[rows]
    mine, theirs = (pinball(target, one.quantiles[rows]).mean() for one in (forecast, persistence(found)))
    assert rows.sum() > 500
    assert mine < 0.9 * theirs


@needs_torch
def test_it_learns_less_without_messages(
    found: pl.DataFrame, forecast: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.ladder.gnn.model import Network

    whole = Network.forward
    monkeypatch.setattr(Network, "forward", lambda self, year, heard: whole(self, year, 0 * heard))
    alone = said(found)
    rows = judged(found, forecast, BLOCKS[0][0])
    target = found["log_value"].to_numpy()[rows]
    heard, unheard = (pinball(target, one.quantiles[rows]).mean() for one in (forecast, alone))
    assert heard < 0.93 * unheard


def test_quantiles_rise_and_probabilities_are_such(forecast: Forecast) -> None:
    spoken = np.isfinite(forecast.quantiles).all(axis=1)
    assert (np.diff(forecast.quantiles[spoken], axis=1) > 0).all()
    chance = forecast.p_zero[np.isfinite(forecast.p_zero)]
    assert ((chance > 0) & (chance < 1)).all()


def test_it_speaks_of_the_years_it_was_trained_for(found: pl.DataFrame, forecast: Forecast) -> None:
    spoken = np.isfinite(forecast.quantiles).all(axis=1)
    years = set(found["year"].filter(pl.Series(spoken)).unique())
    assert years == {year for first, last in BLOCKS for year in range(first, last + 1)}


def test_where_it_has_no_say_the_rung_below_stands(found: pl.DataFrame, forecast: Forecast) -> None:
    below = persistence(found)
    late = (found["year"] >= BLOCKS[-1][0]).to_numpy()
    quiet = late & (found["gap_years"] > 5).fill_null(False).to_numpy()
    heard = late & (found["gap_years"] == 1).fill_null(False).to_numpy()
    np.testing.assert_array_equal(forecast.quantiles[quiet], below.quantiles[quiet])
    assert (forecast.quantiles[heard] != below.quantiles[heard]).any()


def test_the_same_twice_whatever_was_drawn_before(found: pl.DataFrame, forecast: Forecast) -> None:
    import torch

    torch.manual_seed(99)
    drawn, threads = torch.rand(3), torch.get_num_threads()
    torch.manual_seed(99)
    again = said(found)
    np.testing.assert_array_equal(again.quantiles, forecast.quantiles)
    np.testing.assert_array_equal(again.p_zero, forecast.p_zero)
    assert torch.equal(torch.rand(3), drawn)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == (threads, False)


def test_it_knows_no_future(forecast: Forecast) -> None:
    """Values of year t and later are others, some trades are gone, and countries come that trade with everybody."""
    year = BLOCKS[0][0] + 1
    chance = np.random.default_rng(5)
    other = {key: usd for key, usd in amounts().items() if key[2] < year or chance.random() < 0.7}
    other = {key: usd * (1e3 if key[2] >= year else 1.0) for key, usd in other.items()}
    other |= {("AAA", name, t): 1e6 for name in names() for t in range(year, FIRST + YEARS)}
    changed = as_cells(other)
    keys = ["exporter", "importer", "commodity", "year"]
    before, after = (keyed(*one) for one in ((as_cells(amounts()), forecast), (changed, said(changed))))
    both = before.join(after, on=keys, suffix="_after").filter(pl.col("year") <= year, pl.col("q1").is_finite())
    assert both.filter(pl.col("year") == year).height > 200
    for name in ("q0", "q1", "q2", "p"):
        np.testing.assert_array_equal(both[f"{name}_after"].to_numpy(), both[name].to_numpy())


def test_names_and_order_do_not_matter(found: pl.DataFrame, forecast: Forecast) -> None:
    order = np.random.default_rng(4).permutation(len(names()))
    called = {old: f"Z{names()[at][1:]}" for old, at in zip(names(), order, strict=True)}
    renamed = as_cells({(called[a], called[b], t): usd for (a, b, t), usd in reversed(amounts().items())})
    back = {new: old for old, new in called.items()}
    mine = keyed(renamed, said(renamed)).with_columns(pl.col("exporter", "importer").replace_strict(back))
    both = keyed(found, forecast).join(mine, on=["exporter", "importer", "commodity", "year"], suffix="_renamed")
    assert both.height == found.height
    for name in ("q0", "q1", "q2", "p"):
        np.testing.assert_allclose(both[f"{name}_renamed"].to_numpy(), both[name].to_numpy(), atol=1e-2)


@needs_torch
def test_too_little_trade_trains_nothing() -> None:
    few = as_cells({key: usd for key, usd in amounts().items() if key[0] < "XAD"})
    assert np.isnan(said(few).quantiles).all()
    assert np.isnan(said(few.clear()).quantiles).all()


@needs_torch
def test_residuals_and_values_are_inverse(found: pl.DataFrame) -> None:
    from models.ladder.gnn.data import log_values, residuals

    last = persistence(found).quantiles[:, 1]
    skewed = Forecast(np.column_stack([last - 3.0, last, last + 0.5]), np.full(found.height, 0.1))
    target = np.nan_to_num(found["log_value"].to_numpy(), nan=1.0)
    np.testing.assert_allclose(log_values(residuals(target, skewed), skewed), np.where(np.isnan(last), np.nan, target))
    for level, z in ((0, -1.2816), (1, 0.0), (2, 1.2816)):
        np.testing.assert_allclose(log_values(np.full(len(last), z), skewed), skewed.quantiles[:, level])


@needs_torch
def test_before_training_the_forecast_is_the_rung_below(found: pl.DataFrame) -> None:
    from models.ladder.gnn.data import graphs
    from models.ladder.gnn.model import Network
    from models.ladder.gnn.training import Trained, forecast
    from models.reproducible import held_still

    with held_still(0):
        whole = graphs(found, persistence(found), BLOCKS[0][0])
        network = Network(whole)
        heads = forecast(Trained(network, network, (0, 0)), whole.years[BLOCKS[0][0]])
    np.testing.assert_allclose(heads.residual, np.tile([-1.2816, 0.0, 1.2816], (len(heads.residual), 1)), atol=1e-5)
    np.testing.assert_allclose(heads.p_zero, 0.1, atol=1e-5)


@needs_torch
def test_shares_add_up_to_one_at_each_end(found: pl.DataFrame) -> None:
    from models.ladder.gnn.data import graphs

    year = graphs(found, persistence(found), BLOCKS[0][0]).years[BLOCKS[0][0]]
    for side, ends in enumerate(year.ends.cpu().numpy()):
        equal, value = year.shares.cpu().numpy()[:, 2 * side : 2 * side + 2].T
        present = np.unique(ends)
        np.testing.assert_allclose(np.bincount(ends, equal)[present], 1.0, atol=1e-5)
        np.testing.assert_allclose(np.bincount(ends, value)[present], 1.0, atol=1e-5)


@needs_torch
def test_losses_are_those_of_scipy(found: pl.DataFrame) -> None:
    import torch
    from scipy import stats

    from models.ladder.gnn.data import graphs
    from models.ladder.gnn.model import density_loss, hurdle_loss

    year = graphs(found, persistence(found), BLOCKS[0][0]).years[BLOCKS[0][0]]
    count = len(year.rows)
    said = (torch.full((count,), 0.2), torch.full((count,), 0.3), torch.full((count,), 5.0), torch.full((count,), -1.0))
    said = tuple(one.to(year.x.device) for one in said)
    asked = (torch.arange(count) % 2).float().to(year.x.device)
    picked = asked.cpu().numpy() > 0
    is_trade, is_known = (one.cpu().numpy() > 0 for one in (year.is_trade, year.is_known))
    density = stats.t.logpdf(year.residual.cpu().numpy(), 5.0, 0.2, np.exp(0.3))
    assert float(density_loss(said, year, asked)) == pytest.approx(-density[picked & is_trade].mean(), rel=1e-4)
    silent = 1 / (1 + np.e)
    surprise = -np.log(np.where(is_trade, 1 - silent, silent))
    assert float(hurdle_loss(said, year, asked)) == pytest.approx(surprise[picked & is_known].mean(), rel=1e-4)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (GraphNetwork().lacking() is None) is INSTALLED
    monkeypatch.setattr("models.ladder.gnn.rung.NEEDS", ("torch", "no_such_library"))
    assert "no_such_library" in (GraphNetwork().lacking() or "")
    assert "pip install 'oretrace[gnn]'" in (GraphNetwork().lacking() or "")


def test_without_a_rung_below_it_says_nothing(found: pl.DataFrame) -> None:
    assert np.isnan(GraphNetwork().forecast(found, np.ones(found.height, bool)).quantiles).all()


def test_the_rung_loads_no_torch_until_it_runs() -> None:
    check = "import sys; import models.ladder.gnn.rung; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=REPOSITORY, check=False).returncode == 0
