"""Ways between countries."""

import numpy as np

from models.world.config import WorldConfig
from models.world.tables import MODES
from models.world.trade.ways import neighbours, through_ports, ways
from tests.models.world import lands

# Four countries in a row: 0 at the coast, then 1 and 2 inland; 3 is an island.
GRID = np.array([[0, 0, 1, 1, 2, -1, 3], [0, 0, 1, 1, 2, -1, 3]], dtype=np.int16)
COASTAL = np.array([True, False, False, True])


def test_neighbours_share_a_side() -> None:
    expected = np.zeros((4, 4), dtype=bool)
    expected[[0, 1, 1, 2], [1, 0, 2, 1]] = True
    np.testing.assert_array_equal(neighbours(GRID, 4), expected)
    corner = np.array([[0, -1], [-1, 1]], dtype=np.int16)
    assert not neighbours(corner, 2).any()


def test_the_landlocked_go_through_the_nearest_port_over_land() -> None:
    distance = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))) * 100
    via = through_ports(distance, neighbours(GRID, 4), COASTAL)
    assert via[2, 3] == 0  # the island is nearer, but not over land
    assert via[3, 2] == 0
    assert via[0, 3] == via[3, 0] == -1


def test_an_enclosed_land_without_coast_has_no_port() -> None:
    nobody = np.zeros((2, 2), dtype=bool)
    assert (through_ports(np.ones((2, 2)), nobody, np.array([False, False])) == -1).all()


def test_ways_of_a_world() -> None:
    config = WorldConfig.sized("small", 1)
    land = lands.small()
    found, count = ways(config, land), land.countries.height
    own = np.arange(count)
    assert ((found.via != own[:, None]) & (found.via != own[None, :])).all()
    borders = neighbours(land.grid, count)
    sea, names = MODES.index("sea"), [MODES[mode] for mode in found.mode[borders]]
    assert set(names) <= {"road", "rail"}
    assert (found.via[borders] == -1).all()
    coastal = land.countries["is_coastal"].to_numpy()
    assert (found.mode[~borders & coastal[None, :]] == sea).all()
    assert not (found.mode[:, ~coastal] == sea).any()
    inland = np.flatnonzero(~coastal)
    assert len(inland) > 0
    assert (found.via[inland][:, coastal & ~borders[inland].any(axis=0)] >= 0).any()
