"""The balance of a stage, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from models.world.config import WorldConfig
from models.world.parameters.trade import Chain, Stage
from models.world.trade.balance import balance
from models.world.trade.hubs import Passage
from models.world.trade.resale import Resold
from tests.models.world import trades

CONFIG = WorldConfig(1, "small", countries=3, first_year=2012, last_year=2012, families=("nickel",))
CHAIN = Chain(
    "nickel", (Stage("260400", "mined", into=1), Stage("750300", "scrap", into=2), Stage("750210", "refined"))
)


def test_sides_of_a_year() -> None:
    # Country 0 digs 100, sends 60 to hub 1 and 10 to country 2, refines 30 and loses 3. The hub got 8 from stock,
    # passes 50 to country 2, stores 10 and uses 8. Country 2 sells 1 to 0, and uses 59.
    ore = trades.year(
        0, [100, 0, 0], [[0, 60, 10], [0, 0, 0], [0, 0, 0]], refined=[30, 0, 0], lost=[3, 0, 0], used=[1, 8, 59]
    )
    onward = np.zeros((1, 3, 3))
    onward[0, 0, 2] = 50.0
    passed = Passage(
        np.array([[8.0, 0, 0]]), np.zeros((1, 3, 1)), np.array([[8.0, 0, 0]]), np.array([[10.0, 0, 0]]), onward
    )
    sold = Resold(np.array([0]), np.array([2]), np.array([0]), np.array([1.0]))
    ore = replace(ore, hub=passed, resold=sold)
    scrap = trades.year(1, [5, 0, 0], [[0] * 3] * 3, refined=[5, 0, 0])
    metal = trades.year(2, [32, 0, 0], [[0] * 3] * 3, used=[30, 0, 0], stored=[2, 0, 0])
    # Hubs pass nothing of the later stages.
    later = [replace(one, hub=trades.no_passage(1, 3)) for one in (scrap, metal)]
    found = balance(CONFIG, ["XAA", "XAB", "XAC"], CHAIN, np.array([1]), [ore, *later])
    columns = [f"{name}_kg" for name in ("mined", "imported", "from_stock", "exported", "consumed", "lost", "to_stock")]
    assert found.select("country", "year").rows() == [("XAA", 2012), ("XAB", 2012), ("XAC", 2012)]
    assert found.select(columns).rows() == [
        (100, 1, 5, 70, 31, 3, 2),
        (0, 60, 8, 50, 8, 0, 10),
        (0, 60, 0, 1, 59, 0, 0),
    ]
    sides = trades.balance(found)
    assert sides["came"].to_list() == pytest.approx(sides["went"].to_list())
