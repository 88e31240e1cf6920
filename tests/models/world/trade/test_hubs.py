"""Hubs keep every kg."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.config import WorldConfig
from models.world.parameters.trade import Stage
from models.world.trade.gravity import Links, links
from models.world.trade.hubs import Passage, passage
from models.world.trade.roles import hubs_of
from tests.models.world import trading
from tests.models.world.trades import market

HUBS = (1, 4)
PLACES = 6


def _pass(seed: int, used: float = 0.1, open_share: float = 1.0) -> tuple[np.ndarray, np.ndarray, Passage]:
    chance = np.random.default_rng(seed)
    at = market(PLACES, HUBS, Stage("750210", "refined", hub_used=used))
    at = replace(at, open_share=np.full(PLACES, open_share))
    tie = links(chance, np.zeros((len(HUBS), PLACES, PLACES)), 1, at.trade)
    received = 1e4 * chance.random((len(HUBS), PLACES))
    received[np.arange(len(HUBS)), HUBS] = 0.0
    waited = 1e3 * chance.random((len(HUBS), PLACES))
    return received, waited, passage(at, tie, received, waited)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.sampled_from([0.0, 0.4, 1.0]))
def test_what_comes_in_goes_out_or_stays(seed: int, used: float, open_share: float) -> None:
    received, waited, one = _pass(seed, used, open_share)
    held = received + waited - one.between.sum(axis=2) + one.between.sum(axis=0).T
    np.testing.assert_allclose(one.stays + one.waits + one.onward.sum(axis=2), held, rtol=1e-12, atol=1e-9)
    assert min(one.stays.min(), one.waits.min(), one.onward.min(), one.between.min()) >= 0


def test_nothing_runs_in_circles() -> None:
    _, _, one = _pass(3)
    assert one.between.sum() > 0
    assert one.onward.sum() > 0
    assert (one.onward[:, :, list(HUBS)] == 0).all()
    assert (one.onward[:, np.arange(PLACES), np.arange(PLACES)] == 0).all()
    for number, hub in enumerate(HUBS):
        assert (one.between[number, :, number] == 0).all()
        assert (one.between[:, hub, number] == 0).all()


def test_a_hub_under_a_ban_passes_nothing_on() -> None:
    received, waited, one = _pass(5, open_share=0.0)
    assert one.onward.sum() == one.between.sum() == 0
    np.testing.assert_allclose(one.waits, 0.9 * (received + waited))


def test_a_part_waits_for_the_next_year() -> None:
    received, waited, one = _pass(7)
    at = market(PLACES, HUBS)
    held = received + waited - one.between.sum(axis=2) + one.between.sum(axis=0).T
    np.testing.assert_allclose(one.waits, 0.9 * at.trade.hub_lag * held)


def test_without_hubs_there_is_no_passage() -> None:
    at = market(3)
    nothing = np.zeros((0, 3))
    tie = Links(*(np.zeros((1, 0, 3, 3)) for _ in range(4)), np.zeros((0, 3, 3)))
    assert passage(at, tie, nothing, nothing).onward.shape == (0, 3, 3)


@pytest.mark.parametrize("size", [12, 60])
def test_no_country_is_a_hub_of_two_kinds(size: int) -> None:
    config = WorldConfig(3, "small", countries=size)
    countries = trading.countries(size).with_columns(is_coastal=pl.int_range(pl.len()) % 3 > 0)
    found = [hubs_of(config, countries, kind) for kind in ("bullion", "warehouse", "entrepot")]
    together = np.concatenate(found)
    assert len(np.unique(together)) == len(together)
    assert countries["is_coastal"].to_numpy()[together].all()
    assert [len(one) for one in found] == ([2, 2, 1] if size == 12 else [3, 2, 1])
