"""Sea lanes between ports: chains of the ground's legs, drawn over water.

Dijkstra over the legs says which ports a way passes. Each leg of the chain is then a way through the squares of the
sea; the ports passed are left aside, corners are cut where the straight way is clear, and points are set along great
circles, close together near both ports and every few dozen kilometres between.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from models.world.land.sphere import Floats, Ints, distance_km, unit_vectors
from models.world.shipping.arcs import between
from models.world.shipping.water import Water

APPROACH_KM = (6.0, 16.0)
"""Distances from a port at which ships slow down: lanes have a point there."""
ROOM_SHARE = 0.3
"""Share of the way to land that a ship may leave the middle of its lane."""
NARROW_KM = 0.5
"""How far ships keep from the middle of a lane where there is no room."""


@dataclass(frozen=True)
class Ports:
    """Ports with sea legs, in the order of their names."""

    place_id: list[str]
    country: list[str]
    lon: Floats
    lat: Floats


@dataclass(frozen=True)
class Lane:
    """A way between two ports as points."""

    lon: Floats
    lat: Floats
    km: Floats
    """From the first port."""
    spread_km: Floats
    """How far a ship may keep from the middle."""


Lanes = dict[tuple[int, int], Lane]
"""Lanes by first and last port."""


@dataclass(frozen=True)
class Network:
    """Which way leads from each port to each other."""

    ports: Ports
    water: Water
    length_km: Floats
    """[port, port], along the legs; infinite where none lead."""
    before: Ints
    """[port, port]: last port before the second on the way from the first."""

    def chain(self, start: int, end: int) -> list[int]:
        """Ports on the way, both ends included."""
        found = [end]
        while found[-1] != start:
            found.append(int(self.before[start, found[-1]]))
        return found[::-1]


def network(places: pl.DataFrame, legs: pl.DataFrame, water: Water) -> Network:
    """Ports that a leg of mode sea touches, and the shortest chains of legs between them."""
    sea = legs.filter(pl.col("mode") == "sea").sort("from_place", "to_place")
    used = places.filter(pl.col("place_id").is_in(sea["from_place"].implode())).sort("place_id")
    ports = Ports(used["place_id"].to_list(), used["country"].to_list(), used["lon"].to_numpy(), used["lat"].to_numpy())
    number = {place: at for at, place in enumerate(ports.place_id)}
    start, end = (sea[side].replace_strict(number, return_dtype=pl.Int64) for side in ("from_place", "to_place"))
    graph = sparse.coo_matrix((sea["length_km"], (start, end)), shape=(len(number), len(number))).tocsr()
    length, before = dijkstra(graph, return_predecessors=True)
    return Network(ports, water, length, before)


def drawn(network: Network, pairs: set[tuple[int, int]], spacing_km: float, spread_km: float) -> Lanes:
    """The lane of each pair of ports; that of the way back is the same."""
    chains = {one: network.chain(*one) for one in sorted({(min(one), max(one)) for one in pairs})}
    steps = {(min(leg), max(leg)) for chain in chains.values() for leg in pairwise(chain)}
    legs = _legs(network, sorted(steps))
    found: Lanes = {}
    for (start, end), chain in chains.items():
        there = _lane(network, legs, chain, spacing_km, spread_km)
        found[start, end] = there
        found[end, start] = Lane(there.lon[::-1], there.lat[::-1], there.km[-1] - there.km[::-1], there.spread_km[::-1])
    return found


def _legs(network: Network, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[Floats, Floats]]:
    """Ways over the sea from the water off one port to that off another."""
    ports, water = network.ports, network.water
    square, off_lon, off_lat = water.nearest(ports.lon, ports.lat)
    starts = sorted({start for start, _ in wanted})
    _, before = dijkstra(water.graph, indices=square[starts], return_predecessors=True)
    legs = {}
    for start, end in wanted:
        row, at = before[starts.index(start)], int(square[end])
        through = [at]
        while (at := int(row[at])) >= 0:
            through.append(at)
        lon, lat = water.lon[through[::-1]], water.lat[through[::-1]]
        legs[start, end] = (
            np.concatenate([off_lon[[start]], lon, off_lon[[end]]]),
            np.concatenate([off_lat[[start]], lat, off_lat[[end]]]),
        )
    return legs


def _lane(
    network: Network,
    legs: dict[tuple[int, int], tuple[Floats, Floats]],
    chain: list[int],
    spacing_km: float,
    spread_km: float,
) -> Lane:
    ports, water = network.ports, network.water
    lons, lats = [], []
    for start, end in pairwise(chain):
        lon, lat = legs[min(start, end), max(start, end)]
        lons.append(lon if start < end else lon[::-1])
        lats.append(lat if start < end else lat[::-1])
    lon, lat = straightened(water, np.concatenate(lons), np.concatenate(lats))
    ends = [chain[0], chain[-1]]
    lon = np.concatenate([ports.lon[ends[:1]], lon, ports.lon[ends[1:]]])
    lat = np.concatenate([ports.lat[ends[:1]], lat, ports.lat[ends[1:]]])
    lon, lat, km = spaced(lon, lat, spacing_km)
    row, column = water.cells(lon, lat)
    spread = np.clip(ROOM_SHARE * water.room_km[row, column], NARROW_KM, spread_km)
    near = np.minimum(km, km[-1] - km) <= APPROACH_KM[-1]
    return Lane(lon, lat, km, np.where(near, 0.0, spread))


def straightened(water: Water, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The way without the corners that can be cut: from each kept point straight to a far one that is clear.

    Points ahead are tried at doubling steps until one is not clear, then between by halves.
    """
    points, kept, at, last = unit_vectors(lon, lat), [0], 0, len(lon) - 1
    while at < last:
        good, step = at + 1, 2
        while good < last and water.is_clear(points, at, min(at + step, last)):
            good, step = min(at + step, last), step * 2
        bad = min(at + step, last + 1)
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if water.is_clear(points, at, middle) else (good, middle)
        at = good
        kept.append(at)
    return lon[kept], lat[kept]


def spaced(lon: Floats, lat: Floats, spacing_km: float) -> tuple[Floats, Floats, Floats]:
    """Points along great circles: the corners, those at which ships slow down, and at most `spacing_km` between."""
    corner = np.concatenate([[0.0], np.cumsum(distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]))])
    total = corner[-1]
    slow = [km for near in APPROACH_KM for km in (near, total - near) if near < total / 2]
    even = np.linspace(0.0, total, max(int(total / spacing_km), 1) + 1)
    km = np.unique(np.round(np.concatenate([corner, slow, even]), 3))
    km = km[np.concatenate([[True], np.diff(km) > 0.01])]
    piece = np.clip(np.searchsorted(corner, km, side="right") - 1, 0, len(corner) - 2)
    share = np.clip((km - corner[piece]) / np.maximum(corner[piece + 1] - corner[piece], 1e-9), 0.0, 1.0)
    east, north = between(lon[piece], lat[piece], lon[piece + 1], lat[piece + 1], share[:, None])
    return east[:, 0], north[:, 0], km
