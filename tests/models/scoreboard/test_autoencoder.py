"""The graph autoencoder: it finds what fits neither country, order and names do not matter, unknown does no harm."""

import importlib.util

import numpy as np
import polars as pl
import pytest

from tests.models.flows.frames import baci, flows

INSTALLED = all(importlib.util.find_spec(name) for name in ("torch", "torch_geometric"))
pytestmark = pytest.mark.skipif(not INSTALLED, reason="the extra gnn (torch, torch-geometric) is not installed")
COUNTRIES, YEARS, ODD = 14, 3, 12


def trade() -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray]:
    """Flows whose two features follow from their countries, but for the first ODD; features; True where odd."""
    chance = np.random.default_rng(2)
    names = [f"X{chr(65 + at)}A" for at in range(COUNTRIES)]
    habit = chance.normal(0.0, 1.0, (COUNTRIES, 2))
    rows, numbers = [], []
    for i, exporter in enumerate(names):
        for j, importer in enumerate(names):
            for year in range(YEARS):
                if i != j and chance.random() < 0.6:
                    rows.append(baci(exporter, importer, 2000 + year, 1e6, 1e5))
                    numbers.append(habit[i] + habit[j] + chance.normal(0.0, 0.1, 2))
    table, x = flows(*rows), np.array(numbers)
    is_odd = np.zeros(len(x), bool)
    is_odd[chance.choice(len(x), ODD, replace=False)] = True
    x[is_odd] += np.where(chance.random((ODD, 2)) < 0.5, 4.0, -4.0)
    return table, table.select("flow_id").with_columns(a=pl.Series(x[:, 0]), b=pl.Series(x[:, 1])), is_odd


def score(features: pl.DataFrame, table: pl.DataFrame, seed: int = 0) -> np.ndarray:
    from models.scoreboard.autoencoder import autoencoder

    return autoencoder(features, table, seed)


def test_what_fits_neither_country_comes_first() -> None:
    table, features, is_odd = trade()
    found = score(features, table)
    assert found.shape == (table.height,)
    assert (found > 0).all()
    assert is_odd[np.argsort(-found)[:ODD]].mean() > 0.8


def test_order_and_names_of_columns_do_not_matter() -> None:
    table, features, _ = trade()
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=1)
    by_id = dict(zip(table["flow_id"], score(features, table), strict=True))
    again = score(features.reverse().select("b", "flow_id", "a"), shuffled)
    assert again.tolist() == [by_id[one] for one in shuffled["flow_id"]]


def test_one_seed_gives_one_answer_and_another_seed_nearly_the_same() -> None:
    table, features, is_odd = trade()
    first, same, other = (score(features, table, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert is_odd[np.argsort(-other)[:ODD]].mean() > 0.8


def test_unknown_numbers_weigh_nothing() -> None:
    table, features, is_odd = trade()
    holes = pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise("a").alias("a")
    partly = features.with_columns(holes, c=pl.lit(None, dtype=pl.Float64), d=pl.lit(1.0))
    found = score(partly, table)
    assert np.isfinite(found).all()
    assert is_odd[np.argsort(-found)[:ODD]].mean() > 0.6
    assert np.isfinite(score(features.head(5), table)).all()


def test_a_faulty_number_does_not_become_the_scale() -> None:
    table, features, is_odd = trade()
    faulty = features.with_columns(pl.when(pl.int_range(pl.len()) == 0).then(1e12).otherwise("a").alias("a"))
    assert is_odd[np.argsort(-score(faulty, table))[: ODD + 1]].mean() > 0.7


def test_nothing_gives_nothing() -> None:
    table, features, _ = trade()
    assert score(features.clear(), table.clear()).shape == (0,)
