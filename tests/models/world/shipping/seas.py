"""A sea by hand: ten by sixteen degrees with a wall of land that has one gap, four ports, and one small world."""

from functools import cache

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground, ground
from models.world.land.sphere import distance_km
from models.world.mined import mined
from models.world.sailed import Sailed, sailed
from models.world.shipping.lanes import Network, network
from models.world.shipping.water import Water, water
from models.world.traded import traded

CELL = 0.5
WALL, GAP = 16, 3
"""Column of the wall, and the row in which it is open."""
PORTS = {"port:XAA:1": (1, 4), "port:XAA:2": (16, 4), "port:XAB:1": (10, 28), "port:XAC:1": (18, 30)}
"""Row and column of the land cell on which each port stands."""


def mask() -> np.ndarray:
    """True where there is water: all but the frame, the wall and the cells of the ports."""
    wet = np.zeros((20, 32), dtype=bool)
    wet[1:-1, 1:-1] = True
    wet[:, WALL] = False
    wet[GAP, WALL] = True
    for row, column in PORTS.values():
        wet[row, column] = False
    return wet


def axes() -> tuple[np.ndarray, np.ndarray]:
    """Longitudes eastwards and latitudes southwards."""
    return CELL / 2 + CELL * np.arange(32), 5.0 - CELL / 2 - CELL * np.arange(20)


def sea() -> Water:
    return water(*axes(), mask())


def places() -> pl.DataFrame:
    lons, lats = axes()
    return pl.DataFrame(
        [(name, "port", name[5:8], float(lons[at[1]]), float(lats[at[0]])) for name, at in PORTS.items()],
        schema=["place_id", "kind", "country", "lon", "lat"],
        orient="row",
    )


def legs(*pairs: tuple[str, str]) -> pl.DataFrame:
    """Sea legs in both directions, half as long again as the straight way, and a road that is none."""
    here = {name: (lon, lat) for name, lon, lat in places().select("place_id", "lon", "lat").iter_rows()}
    both = [*pairs, *((end, start) for start, end in pairs)]
    rows = [(start, end, "sea", 1.5 * float(distance_km(*here[start], *here[end]))) for start, end in both]
    rows.append(("port:XAA:1", "port:XAC:1", "road", 1.0))
    return pl.DataFrame(rows, schema=["from_place", "to_place", "mode", "length_km"], orient="row")


ROUND = (("port:XAA:1", "port:XAA:2"), ("port:XAA:1", "port:XAB:1"), ("port:XAB:1", "port:XAC:1"))


def joined_ports() -> Network:
    """Ports 0 to 3 in the order of PORTS; from 1 to 3 the way leads past 0 and 2."""
    return network(places(), legs(*ROUND), sea())


@cache
def small_ground(seed: int) -> tuple[WorldConfig, Ground, pl.DataFrame]:
    """A small world and its goods, before ships sail."""
    config = WorldConfig.sized("small", seed)
    earth = ground(config)
    return config, earth, traded(config, earth, mined(config, earth)).goods


@cache
def small(seed: int = 5) -> Sailed:
    return sailed(*small_ground(seed))
