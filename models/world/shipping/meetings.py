"""Halts at sea: who stops where on the way, for how long, and whom it meets.

kind            alongside      AIS of the ship    looks like
transfer        a coaster      on                 what it is: a meeting
dark_transfer   a coaster      off                a gap
tow             a tug          on                 a meeting, but faster than two knots
crew_change     a tug          on                 a meeting, but shorter than two hours
drifter         nobody         on                 a call, but far from any port
dark_alone      nobody         off, no halt       a gap with a meeting in it
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from models.world.config import WorldConfig
from models.world.land.sphere import EARTH_KM, Floats, Ints, Mask, unit_vectors
from models.world.mining.calendar import of_size
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import KNOT_KM_H
from models.world.shipping.cargoes import Clock
from models.world.shipping.lanes import Lane, Lanes, Ports
from models.world.shipping.plans import HOUR_S

SPARE_H = 4.0
"""A ship stops only where its plan leaves so much time beside."""

PACE_KN = (9.0, 14.0)
"""Between these lies the mean speed of ships."""
ABOUT_H = 10.0
"""Hours that must be observed before and after a halt."""


@dataclass(frozen=True)
class Kind:
    """A kind of halt."""

    hours: tuple[float, float]
    speed_kn: tuple[float, float]
    to_end_km: tuple[float, float]
    """Along the lane, to its nearer end."""
    to_port_km: float
    """Least distance to any port."""
    partner: str | None
    """Class of the vessel alongside."""
    is_dark: bool = False
    is_heard: bool = False
    """Within reach of a receiver ashore, so that it can be known from AIS at all."""


KINDS = {
    "transfer": Kind((3.0, 10.0), (0.3, 0.9), (40.0, 130.0), 25.0, "coaster", is_heard=True),
    "dark_transfer": Kind((5.0, 12.0), (0.3, 0.9), (110.0, 420.0), 45.0, "coaster", is_dark=True),
    "tow": Kind((2.2, 2.8), (3.6, 4.4), (40.0, 130.0), 25.0, "tug", is_heard=True),
    "crew_change": Kind((0.4, 0.9), (0.5, 1.4), (35.0, 130.0), 20.0, "tug", is_heard=True),
    "drifter": Kind((6.0, 20.0), (0.3, 0.8), (40.0, 900.0), 25.0, None),
    "dark_alone": Kind((0.0, 0.0), (0.0, 0.0), (110.0, 900.0), 45.0, None, is_dark=True),
}
COLUMNS = {
    "passage": pl.Int64,
    "kind": pl.String,
    "point": pl.Int64,
    "hours": pl.Float64,
    "speed_kn": pl.Float64,
    "home": pl.Int64,
}

Row = tuple[int, str, int, float, float, int]
"""A row of these."""


def wanted(config: WorldConfig) -> dict[str, int]:
    """How many halts of each kind the world has at most."""
    shipping = config.shipping
    counts = {
        "dark_transfer": shipping.dark_transfers,
        "transfer": shipping.transfers,
        "tow": shipping.tows,
        "crew_change": shipping.crew_changes,
        "drifter": shipping.drifters,
        "dark_alone": shipping.dark_alone,
    }
    return {kind: of_size(config, count) for kind, count in counts.items()}


def meetings(
    rng: np.random.Generator, config: WorldConfig, legs: pl.DataFrame, lanes: Lanes, ports: Ports, has_station: Mask,
    clock: Clock,
) -> pl.DataFrame:  # fmt: skip
    """Halts, at most one in a passage: passage (row of `legs`), kind, point, hours, speed_kn, home (port from which
    the partner comes, -1 for none). Most that meet in the dark are ships with goods of a scheme, if there are any.

    `legs` has, beside the columns of `passages.legs_of`, has_scheme, service_kn and may_halt.
    """
    sea = _Sea(rng, legs, lanes, ports, has_station, config.shipping, clock)
    order = rng.permutation(len(legs))
    schemes_first = order[np.argsort(~legs["has_scheme"].to_numpy()[order], kind="stable")]
    rows: dict[int, Row] = {}
    for name, count in wanted(config).items():
        chosen = round(count * (1 - config.shipping.dark_honest)) if name == "dark_transfer" else 0
        rows |= _first(sea, schemes_first, name, chosen, rows)
        rows |= _first(sea, order, name, count - chosen, rows)
    return pl.DataFrame(list(rows.values()), schema=COLUMNS, orient="row").sort("passage")


def _first(sea: "_Sea", order: Ints, name: str, count: int, taken: dict[int, Row]) -> dict[int, Row]:
    """Halts of a kind in the first passages that suit and are not taken."""
    found: dict[int, Row] = {}
    for passage in order.tolist():
        if len(found) == count:
            break
        row = None if passage in taken else sea.halt(passage, name)
        if row:
            found[passage] = row
    return found


class _Sea:
    """Passages, and which points of them suit a halt."""

    def __init__(
        self, rng: np.random.Generator, legs: pl.DataFrame, lanes: Lanes, ports: Ports, has_station: Mask,
        shipping: Shipping, clock: Clock,
    ) -> None:  # fmt: skip
        here = unit_vectors(ports.lon, ports.lat)
        self._rng, self._clock = rng, clock
        self._ports = cKDTree(here)
        self._stations = cKDTree(here[has_station]) if has_station.any() else None
        self._reach_km = 0.95 * shipping.station_km
        self._ends = legs.select("start", "end").rows()
        self._ways = [lanes[pair] for pair in self._ends]
        self._departs_s = legs["departs_s"].to_numpy()
        length = np.array([way.km[-1] for way in self._ways])
        self._spare_h = (legs["latest_s"] - legs["departs_s"]).to_numpy() / HOUR_S
        self._spare_h -= length / (legs["service_kn"].to_numpy() * KNOT_KM_H) + SPARE_H
        self._usable = legs["may_halt"].to_numpy() & (self._departs_s < clock.end_s)

    def halt(self, passage: int, name: str) -> Row | None:
        """A halt of a kind in a passage; none where time or room is short, or nobody would observe it."""
        kind, way = KINDS[name], self._ways[passage]
        hours, speed = float(self._rng.uniform(*kind.hours)), float(self._rng.uniform(*kind.speed_kn))
        if not self._usable[passage] or hours > self._spare_h[passage]:
            return None
        points = self.points(way, kind, hours * speed * KNOT_KM_H)
        points = points[self._observed(way.km[points], self._departs_s[passage], hours)]
        if points.size == 0:
            return None
        point = int(self._rng.choice(points))
        home = self._ends[passage][int(way.km[point] >= way.km[-1] / 2)] if kind.partner else -1
        return passage, name, point, hours, speed, home

    def _observed(self, km: Floats, departs_s: float, hours: float) -> Mask:
        """Whether a ship, slow or fast, is at these distances within the observed time, with time about it."""
        earliest, latest = (departs_s + km / (kn * KNOT_KM_H) * HOUR_S for kn in reversed(PACE_KN))
        about_s = ABOUT_H * HOUR_S
        return (earliest - about_s >= 0) & (latest + hours * HOUR_S + about_s <= self._clock.end_s)

    def points(self, way: Lane, kind: Kind, length_km: float) -> Ints:
        """Points of a lane at which a halt of this length may begin, one piece before the end at the latest."""
        here = unit_vectors(way.lon, way.lat)
        to_end = np.minimum(way.km, way.km[-1] - way.km)
        to_port = _km(self._ports, here)
        good = (to_end >= kind.to_end_km[0]) & (to_end <= kind.to_end_km[1]) & (to_port >= kind.to_port_km)
        if kind.is_heard:
            good &= (_km(self._stations, here) <= self._reach_km) if self._stations else False
        room = np.append(np.diff(way.km) * 0.8 > length_km, False)
        return np.flatnonzero(good & np.append(good[1:], False) & room)


def _km(tree: cKDTree, points: Floats) -> Floats:
    """Distance to the nearest point of a tree, km: 2 R arcsin(chord / 2)."""
    chord = tree.query(points)[0]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0)))
