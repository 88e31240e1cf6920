"""Supply: pools, exports, use, year by year."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.world.parameters.trade import Chain, Stage, Trade
from models.world.trade.gravity import links
from models.world.trade.roles import Roles
from models.world.trade.supply import Inputs, Ties, Year, first_stock, supply_years

PLACES, YEARS = 6, 4
CHAIN = Chain(
    "nickel",
    (
        Stage("260400", "mined", into=2, loss=0.1, hub_share=0.2, used=0.05),
        Stage("750300", "scrap", into=2, loss=0.02),
        Stage("750210", "refined", hub_share=0.3, passed_on=0.05),
    ),
    hubs="warehouse",
    scrap=0.2,
)


def inputs(seed: int, chain: Chain = CHAIN, hubs: tuple[int, ...] = (3, 5)) -> Inputs:
    """Six countries: 0 and 1 mine, 2 and 3 refine, 3 and 5 are hubs."""
    chance, depth = np.random.default_rng(seed), len(chain.stages)
    refines = np.zeros((depth, PLACES), dtype=bool)
    refines[:-1, 2:4] = True
    capacity = np.where(refines, 0.5, 0.0)[:, None].repeat(YEARS, axis=1)
    demand = chance.random((YEARS, PLACES)) + 0.1
    roles = Roles(
        np.array(hubs, dtype=np.int64), refines, capacity, np.where(refines, 0.7, 0.0), np.full((depth, PLACES), 0.3),
        np.full((depth, PLACES), 0.05), demand / demand.sum(axis=1, keepdims=True),
    )  # fmt: skip
    flat, deep = np.zeros((PLACES, PLACES)), np.zeros((len(hubs), PLACES, PLACES))
    trade = Trade()
    tie = [
        Ties(
            links(chance, flat, YEARS, trade), links(chance, deep, YEARS, trade), links(chance, flat, YEARS, trade),
            chance.gumbel(size=(PLACES, PLACES, PLACES)),
        )
        for _ in chain.stages
    ]  # fmt: skip
    mined = np.zeros((YEARS, PLACES))
    mined[:, :2] = 1e6 * chance.random((YEARS, 2)) + 1e5
    return Inputs(
        chain, trade, roles, mined, np.full((depth, YEARS), 15.0), np.ones((depth, YEARS, PLACES)), tuple(tie)
    )


def _home(one: Year, hubs: np.ndarray) -> np.ndarray:
    """What each country has for itself: kept and imported, less what it passes on."""
    places = len(one.fresh)
    arrived = one.direct.sum(axis=0) + one.hub.onward.sum(axis=(0, 1)) + one.resold.bought(places)
    arrived[hubs] += one.hub.between.sum(axis=(0, 1)) + one.hub.waited.sum(axis=1)
    left = one.resold.sold(places)
    left[hubs] += (one.hub.between.sum(axis=2) + one.hub.onward.sum(axis=2) + one.hub.waits).sum(axis=1)
    return one.kept + one.drawn * ~one.own + arrived - left


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_every_kg_is_accounted_for(seed: int) -> None:
    given_ = inputs(seed)
    made = np.zeros((len(CHAIN.stages), PLACES))
    stock = first_stock(given_)
    for one in supply_years(given_):
        if one.stage == 0:
            made[:] = 0
        pool = one.fresh + one.drawn * one.own
        np.testing.assert_allclose(pool, one.kept + one.direct.sum(axis=1), rtol=1e-12)
        np.testing.assert_allclose(
            _home(one, given_.roles.hubs), one.stored + one.refined + one.used, rtol=1e-9, atol=1e-6
        )
        assert (one.drawn <= stock[one.stage]).all()
        stock[one.stage] += one.stored - one.drawn
        if CHAIN.stages[one.stage].source == "refined":
            np.testing.assert_allclose(one.fresh, made[one.stage], rtol=1e-12)
        into = CHAIN.stages[one.stage].into
        if into is not None:
            made[into] += one.refined - one.lost


def test_who_does_not_refine_exports_all_and_uses_what_it_imports() -> None:
    ore = next(one for one in supply_years(inputs(1)) if one.stage == 0)
    assert (ore.direct.sum(axis=1)[:2] > 0).all()
    np.testing.assert_allclose(ore.kept[:2], 0, atol=1e-6)
    assert ore.refined[[0, 1, 4, 5]].sum() == 0
    assert (ore.refined[2:4] > 0).all()
    np.testing.assert_allclose(ore.lost, 0.1 * ore.refined)


def test_scrap_is_a_share_of_last_years_use() -> None:
    years = list(supply_years(inputs(2)))
    used = sum(one.used for one in years if one.year == 0)
    scrap = next(one for one in years if one.year == 1 and one.stage == 1)
    np.testing.assert_allclose(scrap.fresh, 0.2 * used)


def test_a_ban_stops_exports_and_builds_refiners() -> None:
    free = inputs(3)
    closed = free.open_share.copy()
    closed[0, 1:3, 0] = 0.0
    ores = [one for one in supply_years(replace(free, open_share=closed)) if one.stage == 0]
    sent = [one.direct[0].sum() for one in ores]
    assert sent[0] > 0
    assert sent[1] == sent[2] == 0
    assert sent[3] > 0
    share = free.trade.ban_refined
    assert ores[1].own[0]
    assert ores[1].refined[0] == pytest.approx(share * (ores[1].fresh + ores[1].drawn)[0])
    assert ores[1].stored[0] == pytest.approx((1 - share) * (ores[1].fresh + ores[1].drawn)[0])
    assert ores[2].refined[0] > 0.9 * ores[2].fresh[0]  # by the second year it refines like others
    assert ores[3].refined[0] > 0.3 * ores[3].fresh[0]  # and goes on after the ban


def test_a_chain_of_one_stage_without_hubs() -> None:
    chain = Chain("sand", (Stage("250590", "mined", tradable=0.1),))
    given_ = replace(inputs(4, chain, ()), usd_per_kg=np.full((1, YEARS), 1.0))
    for one in supply_years(given_):
        assert one.direct.sum() <= 0.1 * (one.fresh + one.drawn).sum()
        assert one.refined.sum() == one.lost.sum() == 0
        np.testing.assert_allclose((one.used + one.stored).sum(), (one.fresh + one.drawn).sum())
