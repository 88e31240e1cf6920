"""Roles of countries in a chain."""

import numpy as np
import pytest

from models.world.config import WorldConfig
from models.world.parameters.trade import CHAINS, Chain
from models.world.trade.roles import roles
from tests.models.world import trading

COUNT = 60
CONFIG = WorldConfig(5, "small", countries=COUNT)
COUNTRIES = trading.countries(COUNT)
GDP = np.tile(COUNTRIES["gdp_usd"].to_numpy(), (3, 1))
MINED = np.zeros((3, COUNT))
MINED[:, :6] = 1e6


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.family)
def test_roles_of_a_chain(chain: Chain) -> None:
    found = roles(CONFIG, COUNTRIES, GDP, MINED, chain)
    np.testing.assert_allclose(found.demand.sum(axis=1), 1.0)
    for number, stage in enumerate(chain.stages):
        extra = len(found.hubs) if chain.hubs == "bullion" else 0
        refiners = int(found.refines[number].sum())
        if stage.into is None:
            assert refiners == 0
        else:
            assert stage.refiners <= refiners <= stage.refiners + extra
            np.testing.assert_allclose(found.capacity[number].sum(axis=1), 1.0)
            assert (found.capacity[number] > 0).all(axis=0).tolist() == found.refines[number].tolist()
            if chain.hubs == "bullion":
                assert found.refines[number, found.hubs].all()
        assert (found.home[number][~found.refines[number]] == 0).all()
        assert found.through_hubs[number].mean() == pytest.approx(stage.hub_share, abs=0.12)
        assert np.median(found.passed_on[number]) == pytest.approx(stage.passed_on, rel=0.6)


def test_refiners_stand_near_mines_or_near_money() -> None:
    copper = next(chain for chain in CHAINS if chain.family == "cobalt")
    found = roles(CONFIG, COUNTRIES, GDP, MINED, copper)
    assert found.refines[0, :6].sum() > found.refines[1, :6].sum()  # ore nearer to mines than oxides
    wealth = GDP[0] / GDP[0].mean()
    assert wealth[found.refines[1]].mean() > wealth.mean()


def test_refiners_grow_or_shrink_steadily() -> None:
    found = roles(CONFIG, COUNTRIES, np.tile(GDP[0], (20, 1)), np.tile(MINED[0], (20, 1)), CHAINS[6])
    path = np.log(found.capacity[0][:, found.refines[0]])
    relative = path - path[:, :1]  # growth of all is taken out by the shares
    np.testing.assert_allclose(np.diff(relative, axis=0), np.diff(relative, axis=0)[:1].repeat(19, axis=0), atol=1e-9)
    assert np.abs(relative[-1] - relative[0]).max() > 0.5


def test_other_families_draw_apart() -> None:
    tin, copper = (roles(CONFIG, COUNTRIES, GDP, MINED, CHAINS[at]) for at in (3, 6))
    assert (tin.demand != copper.demand).all()
    np.testing.assert_array_equal(tin.hubs, copper.hubs)
