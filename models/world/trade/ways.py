"""Ways between countries: how far, by what means, and where goods change ship."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.sphere import Floats, Ints, distance_km
from models.world.tables import MODES

Bools = NDArray[np.bool_]

RAIL_SHARE = 0.4
"""Share of land borders that goods cross by rail."""


@dataclass(frozen=True)
class Ways:
    """For each pair of countries [from, to], in the order of `Ground.countries`."""

    distance_km: Floats
    """Between seats of government, along the sphere."""
    mode: Ints
    """Of what does not fly: index into MODES, how it crosses the border of the second country."""
    via: Ints
    """Country where it changes ship; -1 where it does not."""


def ways(config: WorldConfig, ground: Ground) -> Ways:
    """Land to neighbours, sea to all others; who has no coast goes through the nearest port country."""
    chance = config.chance("trade", "ways")
    lon, lat = (ground.countries[name].to_numpy() for name in ("lon", "lat"))
    distance = distance_km(lon[:, None], lat[:, None], lon, lat)
    coastal = ground.countries["is_coastal"].to_numpy()
    borders = neighbours(ground.grid, len(coastal))
    rail = _symmetric(chance.random(distance.shape)) < RAIL_SHARE
    via = through_ports(distance, borders, coastal)
    ports = _transit_ports(ground.countries["gdp_usd"].to_numpy(), coastal, config.trade.transit_ports)
    changes = chance.random(distance.shape) < config.trade.transhipped
    via = np.where((via < 0) & coastal[:, None] & coastal[None, :] & changes, _detour(distance, ports), via)
    own = np.arange(len(coastal))
    via = np.where((via == own[:, None]) | (via == own[None, :]), -1, via)
    is_land = borders | ~coastal[None, :]
    land = np.where(rail, MODES.index("rail"), MODES.index("road"))
    return Ways(distance, np.where(is_land, land, MODES.index("sea")), np.where(borders, -1, via))


def neighbours(grid: NDArray[np.int16], count: int) -> Bools:
    """Which countries share a border: cells of both touch along a side."""
    found = np.zeros((count, count), dtype=bool)
    for one, other in ((grid[1:], grid[:-1]), (grid[:, 1:], grid[:, :-1])):
        both = (one >= 0) & (other >= 0) & (one != other)
        found[one[both], other[both]] = True
    return found | found.T


def through_ports(distance: Floats, borders: Bools, coastal: Bools) -> Ints:
    """Country whose port serves a pair of which one has no coast; -1 where both have one, or none can be reached.

    The port of the sender is taken first. It is the coastal country nearest over land, from border to border.
    """
    over_land = dijkstra(np.where(borders, distance, 0.0), directed=False)
    to_coast = np.where(coastal[None, :], over_land, np.inf)
    port = np.where(coastal | ~np.isfinite(to_coast).any(axis=1), -1, to_coast.argmin(axis=1))
    return np.where(port[:, None] >= 0, port[:, None], port[None, :])


def _transit_ports(gdp: Floats, coastal: Bools, count: int) -> Ints:
    """Coastal countries of the largest economies."""
    return np.argsort(-np.where(coastal, gdp, -1.0), kind="stable")[:count].astype(np.int64)


def _detour(distance: Floats, ports: Ints) -> Ints:
    """The port with the shortest way over it, for each pair."""
    over = distance[:, ports][:, None, :] + distance[:, ports][None, :, :]
    return np.asarray(ports[over.argmin(axis=2)], dtype=np.int64)


def _symmetric(values: Floats) -> Floats:
    return np.triu(values) + np.triu(values, 1).T
