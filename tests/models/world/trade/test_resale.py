"""Resale of imports by ordinary countries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.trade.gravity import links
from models.world.trade.resale import resold
from tests.models.world.trades import market

PLACES = 6


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.9))
def test_nobody_sells_more_than_it_got_nor_back_to_its_origin(seed: int, passed_on: float) -> None:
    chance = np.random.default_rng(seed)
    at = market(PLACES, (2,))
    direct = np.where(chance.random((PLACES, PLACES)) < 0.4, 1e4 * chance.random((PLACES, PLACES)), 0.0)
    np.fill_diagonal(direct, 0.0)
    source = chance.gumbel(size=(PLACES, PLACES, PLACES))
    sellers = np.where(np.arange(PLACES) == 2, 0.0, passed_on)
    found = resold(at, links(chance, np.zeros((PLACES, PLACES)), 1, at.trade), source, direct, sellers)
    taken = np.zeros_like(direct)
    np.add.at(taken, (found.origin, found.seller), found.mass_kg)
    assert (taken <= 0.5 * direct * (1 + 1e-12)).all()
    assert not np.isin(2, found.seller)
    assert not np.isin(2, found.buyer)
    assert (found.origin != found.buyer).all()
    assert (found.seller != found.buyer).all()
    np.testing.assert_allclose(found.sold(PLACES), taken.sum(axis=0), rtol=1e-12)
    assert found.bought(PLACES).sum() == pytest.approx(found.mass_kg.sum())


def test_the_largest_or_best_liked_supplier_is_the_origin() -> None:
    at = market(4, pair_sd=0.0, drift_sd=0.0, occasional_share=0.0, passed_reach=1.0, idle_share=0.0)
    direct = np.zeros((4, 4))
    direct[:2, 2] = 900.0, 100.0
    tie = links(np.random.default_rng(0), np.zeros((4, 4)), 1, at.trade)
    source, sellers = np.zeros((4, 4, 4)), np.array([0, 0, 0.02, 0])
    first = resold(at, tie, source, direct, sellers)
    assert dict(zip(first.buyer.tolist(), first.origin.tolist(), strict=True)) == {0: 1, 1: 0, 3: 0}
    assert first.mass_kg.sum() == pytest.approx(0.02 * 1000)
    source[1] = 10.0
    other = resold(at, tie, source, direct, sellers)
    assert dict(zip(other.buyer.tolist(), other.origin.tolist(), strict=True)) == {0: 1, 1: 0, 3: 1}
