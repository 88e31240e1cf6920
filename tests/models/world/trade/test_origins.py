"""Origins by proportional mixing."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.parameters.trade import Chain, Stage, Trade
from models.world.trade.diggers import Diggers
from models.world.trade.origins import goods_origins, mixes, told
from models.world.trade.supply import Inputs, first_stock, supply_years
from tests.models.world import trades
from tests.models.world.trade.test_supply import PLACES, YEARS, inputs

CHAIN = Chain("nickel", (Stage("260400", "mined", into=1), Stage("750210", "refined")))
NO_HUBS = np.zeros(0, dtype=np.int64)
# Sources: sites a and b of country 0, c of country 1; then unrecorded, stock, scrap of both.
A, B, C, STOCK0 = 0, 1, 2, 5
NOTHING = [[0.0, 0.0], [0.0, 0.0]]


def digging(shares: list[float]) -> Diggers:
    sources = pl.DataFrame(
        {
            "origin_kind": ["site"] * 3 + ["unrecorded"] * 2 + ["stock"] * 2 + ["scrap"] * 2,
            "origin_id": ["a", "b", "c", *["XAA", "XAB"] * 3],
            "place": [0, 0, 1, *[0, 1] * 3],
        }
    )
    return Diggers(np.array([[100.0, 20.0]]), sources, np.array([[*shares, 0.0, 0.0]]))


def test_refined_goods_have_the_origins_of_what_went_in() -> None:
    # Country 0 digs 75 kg at a and 25 at b, sends 60 of it to country 1, which digs 20 at c and refines all.
    ore = trades.year(0, [100, 20], [[0, 60], [0, 0]], refined=[40, 80], lost=[4, 8])
    metal = trades.year(1, [36, 72], [[0, 0], [30, 0]], used=[66, 42])
    offered, made = mixes(CHAIN, digging([0.75, 0.25, 1.0]), NO_HUBS, np.zeros((2, 2)), [ore, metal])
    np.testing.assert_allclose(offered[:, :3], [[0.75, 0.25, 0], [0, 0, 1]])
    np.testing.assert_allclose(made[0, :3], [0.75, 0.25, 0])
    np.testing.assert_allclose(made[1, :3], [45 / 80, 15 / 80, 20 / 80])


def test_stock_of_own_goods_leaves_again() -> None:
    # 30 of 90 kg of stock come out; the pool of country 0 is 120 kg, of which 60 are stored again.
    own = np.array([True, True])
    one = replace(trades.year(0, [90, 20], NOTHING, drawn=[30, 0], stored=[60, 0]), own=own)
    later = replace(trades.year(0, [0, 20], NOTHING, drawn=[60, 0]), own=own)
    first = np.array([[90.0, 0.0], [0.0, 0.0]])
    before, after = mixes(CHAIN, digging([1.0, 0.0, 1.0]), NO_HUBS, first, [one, later])
    assert before[0, [A, STOCK0]] == pytest.approx([90 / 120, 30 / 120])
    # 60 kg of old stock and 60 kg of the year's pool, three quarters of it from a.
    assert after[0, [A, STOCK0]] == pytest.approx([45 / 120, 75 / 120])


def test_stock_of_refiners_is_refined_at_home() -> None:
    ore = trades.year(0, [90, 20], [[0, 60], [0, 0]], drawn=[30, 0], refined=[60, 80])
    metal = trades.year(1, [60, 80], NOTHING)
    first = np.array([[90.0, 0.0], [0.0, 0.0]])
    offered, made = mixes(CHAIN, digging([1.0, 0.0, 1.0]), NO_HUBS, first, [ore, metal])
    assert offered[0, A] == pytest.approx(1.0)
    assert made[0, [A, STOCK0]] == pytest.approx([0.5, 0.5])
    assert made[1, [A, C]] == pytest.approx([0.75, 0.25])


def own_sources(given: Inputs) -> Diggers:
    """One site for each country, known in every year."""
    kinds, own = ("site", "unrecorded", "stock", "scrap"), np.arange(PLACES)
    sources = pl.DataFrame(
        {
            "origin_kind": [kind for kind in kinds for _ in own],
            "origin_id": [f"{kind}:{at}" for kind in kinds for at in own],
            "place": np.tile(own, len(kinds)),
        }
    )
    shares = np.concatenate([np.ones((YEARS, PLACES)), np.zeros((YEARS, PLACES))], axis=1)
    return Diggers(given.mined_kg, sources, shares)


@pytest.mark.parametrize("seed", [1, 2])
def test_shares_of_a_pool_sum_to_one(seed: int) -> None:
    given = inputs(seed)
    years = list(supply_years(given))
    found = mixes(given.chain, own_sources(given), given.roles.hubs, first_stock(given), years)
    for one, mix in zip(years, found, strict=True):
        held = one.hub.waits + one.hub.stays + one.hub.onward.sum(axis=2)
        total = np.concatenate([one.fresh + one.drawn * one.own, held.reshape(-1)])
        np.testing.assert_allclose(mix[total > 1e-6].sum(axis=1), 1.0, rtol=1e-9)
        assert (mix >= 0).all()


def test_no_source_gains_or_loses_on_the_way() -> None:
    # All ore of the sites is refined, whatever way it takes, and a tenth of it is lost: 0.9 of each is metal.
    ore, metal = Stage("260400", "mined", into=1, loss=0.1, hub_share=0.3, hub_used=0.0), Stage("750210", "refined")
    plain = Trade(
        stored=0.0, first_stock=0.0, hub_lag=0.0, user_demand=1e-30, least_value_usd=1e-9, idle_share=0.0,
        occasional_share=0.0,
    )  # fmt: skip
    given = inputs(3, Chain("nickel", (ore, metal), hubs="warehouse"))
    roles = replace(given.roles, passed_on=np.zeros((2, PLACES)))
    given = replace(given, trade=plain, roles=roles)
    years = list(supply_years(given))
    assert sum(one.hub.between.sum() for one in years) > 0
    found = mixes(given.chain, own_sources(given), given.roles.hubs, first_stock(given), years)
    for one, mix in zip(years, found, strict=True):
        if one.stage == 1:
            np.testing.assert_allclose((one.fresh @ mix[:PLACES])[:PLACES], 0.9 * given.mined_kg[one.year], rtol=1e-9)


def test_small_shares_are_told_by_country() -> None:
    mix = np.array([[0.6, 0.004, 0.009, 0.0, 0.0, 0.387, 0.0, 0.0, 0.0]])
    found = told(digging([0, 0, 0]), mix, 0.01)
    # b and c are below 1 %, and so are their countries: all of it is the rest.
    assert found[0, [A, B, C, STOCK0, -1]] == pytest.approx([0.6, 0, 0, 0.387, 0.013])
    assert found.sum() == pytest.approx(1.0)
    shared = np.array([[0.006, 0.006, 0.988, 0, 0, 0, 0, 0, 0]])
    assert told(digging([0, 0, 0]), shared, 0.01)[0, [A, B, C, 3]] == pytest.approx([0, 0, 0.988, 0.012])


def test_goods_have_the_origins_of_their_pool() -> None:
    mixed = [np.array([[0.75, 0.25, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1.0, 0, 0, 0, 0, 0, 0]])] * 2
    goods = pl.DataFrame({"goods_id": ["g2", "g1"], "pool": [0, 3]})
    found = goods_origins(goods, digging([0, 0, 0]), mixed, 2, 0.01)
    assert found.select("goods_id", "origin_kind", "origin_id", "share").rows() == [
        ("g2", "site", "a", 0.75),
        ("g2", "site", "b", 0.25),
        ("g1", "site", "c", 1.0),
    ]
