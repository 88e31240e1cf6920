"""Gravity: shares, partners, shocks, occasional flows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.parameters.trade import Trade
from models.world.trade.gravity import Links, links, masked, occasional, partners, remembered, sent, shares
from tests.models.world.trades import market


def test_shares_go_to_the_best_in_proportion_to_exp_of_score() -> None:
    score = np.log(np.array([[3.0, 1.0, 4.0], [3.0, 1.0, 4.0], [1.0, 2.0, 1.0]]))
    found = shares(score, np.array([3, 2, 1]))
    np.testing.assert_allclose(found, [[3 / 8, 1 / 8, 4 / 8], [3 / 7, 0, 4 / 7], [0, 1, 0]])


def test_what_is_masked_gets_nothing() -> None:
    score = masked(np.zeros((2, 2)), np.array([[False, True], [False, False]]))
    np.testing.assert_array_equal(shares(score, np.array([2, 2])), [[0, 1], [0, 0]])


def test_partners_grow_with_size() -> None:
    # 10 x (1/1000)^0.3 = 1.26
    np.testing.assert_array_equal(partners(np.array([1000.0, 1.0, 0.0]), 10, 0.3), [10, 1, 1])
    np.testing.assert_array_equal(partners(np.zeros(2), 10, 0.3), [1, 1])


def test_memory_keeps_variance_and_correlation() -> None:
    path = remembered(np.random.default_rng(0).standard_normal((2, 50_000)), 0.8)
    assert path[1].std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(path[0], path[1])[0, 1] == pytest.approx(0.8, abs=0.02)


def test_affinity_is_for_good_but_for_a_slow_drift() -> None:
    trade = Trade(pair_sd=2.0, drift_sd=0.3, drift_memory=0.9)
    tie = links(np.random.default_rng(1), np.zeros((60, 60)), 20, trade)
    assert tie.affinity.std() == pytest.approx(np.hypot(2.0, 0.3), rel=0.05)
    assert (tie.affinity[1:] - tie.affinity[:-1]).std() == pytest.approx(0.3 * np.sqrt(2 * (1 - 0.9)), rel=0.05)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1e6))
def test_rows_sum_to_what_is_sent_or_to_nothing(seed: int, kg: float) -> None:
    chance = np.random.default_rng(seed)
    at = market(5)
    wanted = shares(chance.standard_normal((4, 5)), np.array([1, 2, 4, 5]))
    out = kg * chance.random(4)
    flows = sent(at, out, wanted, chance.standard_normal((4, 5)), chance.random((4, 5)))
    total = flows.sum(axis=1)
    assert ((np.abs(total - out) <= 1e-12 * out) | (total == 0)).all()
    assert (flows[wanted == 0] == 0).all()


def test_trifles_do_not_happen() -> None:
    # 1000 USD in all: 950 and 50, of which the second is less than the least value.
    flows = sent(market(2), np.array([1.0]), np.array([[0.95, 0.05]]), np.zeros((1, 2)), np.ones((1, 2)))
    np.testing.assert_allclose(flows, [[1.0, 0.0]])
    nothing = sent(market(2), np.array([0.05]), np.array([[1.0, 0.0]]), np.zeros((1, 2)), np.ones((1, 2)))
    np.testing.assert_array_equal(nothing, [[0.0, 0.0]])


def test_large_flows_are_steadier_than_small_ones() -> None:
    chance = np.random.default_rng(2)
    spread = {}
    for kg in (10.0, 1e6):
        flows = np.concatenate(
            [
                sent(market(2), np.array([kg]), np.full((1, 2), 0.5), chance.standard_normal((1, 2)), np.ones((1, 2)))
                for _ in range(400)
            ]
        )
        spread[kg] = np.std(np.log(flows[:, 0] / flows[:, 1]))
    assert spread[10.0] > 2 * spread[1e6]


def test_a_flow_rests_where_its_luck_fails() -> None:
    rest = np.array([[0.0, 1.0]])
    np.testing.assert_allclose(
        sent(market(2), np.array([10.0]), np.array([[0.9, 0.1]]), np.zeros((1, 2)), rest), [[0.0, 10.0]]
    )


def test_occasional_flows_are_small_and_only_where_allowed() -> None:
    at = market(3, occasional_usd=1e5, occasional_share=0.02)
    luck, none = np.zeros((1, 3, 3)), np.zeros((1, 3, 3))
    tie = Links(none, none, none, luck, np.zeros((3, 3)))
    allowed = ~np.eye(3, dtype=bool)
    found = occasional(at, tie, np.array([1e6, 1.0, 0.0]), allowed)
    # 1e5 USD of 1e9 USD; of 1000 USD the largest share; of nothing nothing.
    np.testing.assert_allclose(found, [[0, 1e-4, 1e-4], [0.02, 0, 0.02], [0, 0, 0]])
    assert (occasional(at, Links(none, none, none, luck + 1, np.zeros((3, 3))), np.ones(3), allowed) == 0).all()
