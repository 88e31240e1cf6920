"""Cost from every point to every exit at once: mines to all ports and airports.

    access(network, points, exits)

Points and exits are joined to the network by straight lines (models.linkage.snapping) and ways between them follow from
one hierarchy (models.linkage.hierarchy) of the part of the network around them:

    cost[point, exit] = min( line + network + line,  one straight line )  + loading at the exit

A straight line counts alone where it is cheaper, or where no network leads there, up to STRAIGHT_KM. What has no way is
infinite, never zero. `off_km` says how much of the way is a line nobody mapped.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError
from graphs.sphere import arc_km, unit_vectors
from graphs.transport import friction, transfer
from models.linkage.hierarchy import Hierarchy
from models.linkage.network import LAND, By, Network, straight_km
from models.linkage.snapping import NOWHERE, Ints, Mask, nearest, per_km

Floats = NDArray[np.float32]
MARGIN_DEGREES = 10.0
"""How far around points and exits the network is looked at."""
BLOCK = 1024
"""Points that are put together at once: bounds the memory."""
AMOUNT: dict[By, int] = {"cost": 0, "hours": 1, "km": 2}


@dataclass(frozen=True)
class Access:
    """Of the best way from each point to each exit, [point, exit]; infinite where there is none."""

    cost: Floats
    """USD per tonne."""
    hours: Floats
    length_km: Floats
    off_km: Floats
    """Part of length_km that is a straight line x friction."""
    exit: tuple[str, ...]
    """place_id of each column."""
    snapped_km: Floats
    """Straight line from each point to the network."""

    def best(self) -> pl.DataFrame:
        """The cheapest exit of each point: exit, cost_usd_per_t, hours, length_km, off_km, off_share; nulls if none."""
        rows = np.arange(len(self.cost))
        column = self.cost.argmin(axis=1) if self.cost.size else np.zeros(len(rows), dtype=np.int64)
        is_known = np.isfinite(self.cost[rows, column]) if self.cost.size else np.zeros(len(rows), dtype=np.bool_)
        names = pl.Series("exit", self.exit, dtype=pl.String)
        told = {
            name: pl.Series(name, values[rows, column] if values.size else np.full(len(rows), np.inf), pl.Float64)
            for name, values in (
                ("cost_usd_per_t", self.cost), ("hours", self.hours), ("length_km", self.length_km),
                ("off_km", self.off_km),
            )
        }  # fmt: skip
        at = pl.Series("at", column, dtype=pl.Int64).set(pl.Series(~is_known), None)
        frame = pl.DataFrame({"exit": names.gather(at), **told})
        shown = frame.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in told)
        return shown.with_columns(off_share=pl.when(pl.col("length_km") > 0).then(pl.col("off_km") / "length_km"))


def access(
    network: Network, points: pl.DataFrame, exits: pl.DataFrame, by: By = "cost", modes: Collection[str] = LAND
) -> Access:
    """From points (lon, lat) to exits (place_id, kind, lon, lat) over the edges of some modes.

    Points of one position have one answer. Raises InputError for a position beyond the globe.
    """
    for frame, what in ((points, "point"), (exits, "exit")):
        _check(frame, what)
    listed = exits.sort("place_id")
    near = network.only(modes)
    kept = _around(near, points, listed)
    core = _Core.of(near, kept, by)
    from_vertex, from_km = core.snap(points)
    to_vertex, to_km = core.snap(listed)
    reach = straight_km(network)
    sums = _between(
        core, np.where(from_km <= reach, from_vertex, NOWHERE), np.where(to_km <= reach, to_vertex, NOWHERE)
    )
    ends = _Ends(network, listed, AMOUNT[by], reach)
    shape = (points.height, listed.height)
    out = np.empty((4, *shape), dtype=np.float32)
    place = unit_vectors(points["lon"].to_numpy(), points["lat"].to_numpy())
    for first in range(0, points.height, BLOCK):
        rows = slice(first, first + BLOCK)
        out[:, rows] = ends.told(place[rows], from_km[rows], to_km, sums.of(rows))
    snapped = np.where(np.isfinite(from_km), from_km, np.inf).astype(np.float32)
    return Access(out[0], out[1], out[2], out[3], tuple(listed["place_id"].to_list()), snapped)


def _check(frame: pl.DataFrame, what: str) -> None:
    good = pl.col("lon").is_between(-180, 180) & pl.col("lat").is_between(-90, 90)
    bad = frame.with_row_index("row", 1).filter(good.fill_null(False).not_())
    if bad.height:
        row, lon, lat = bad.select("row", "lon", "lat").row(0)
        raise InputError(
            f"{what} {row} lies at {lat}, {lon}: degrees north are -90 to 90, east -180 to 180; correct it"
        )


def _around(network: Network, points: pl.DataFrame, exits: pl.DataFrame) -> Mask:
    """Vertices in the box of points and exits and some degrees around it; all where the box spans half the globe."""
    lon, lat = network.positions()
    together = pl.concat([points.select("lon", "lat"), exits.select("lon", "lat")], how="vertical_relaxed")
    if not together.height:
        return np.zeros(len(lon), dtype=np.bool_)
    west, east = float(together["lon"].min()), float(together["lon"].max())  # type: ignore[arg-type]
    south, north = float(together["lat"].min()), float(together["lat"].max())  # type: ignore[arg-type]
    is_near = (lat >= south - MARGIN_DEGREES) & (lat <= north + MARGIN_DEGREES)
    if east - west > 180 or west - MARGIN_DEGREES < -180 or east + MARGIN_DEGREES > 180:
        return np.asarray(is_near)
    return np.asarray(is_near & (lon >= west - MARGIN_DEGREES) & (lon <= east + MARGIN_DEGREES))


@dataclass(frozen=True)
class _Core:
    """The part of a network that is looked at, numbered anew, and its hierarchy."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    allowed: Mask
    hierarchy: Hierarchy

    @classmethod
    def of(cls, network: Network, kept: Mask, by: By) -> "_Core":
        start, end = network.ends()
        usable = kept[start] & kept[end]
        vertices = np.unique(np.concatenate([start[usable], end[usable]]))
        number = np.full(len(kept), NOWHERE, dtype=np.int64)
        number[vertices] = np.arange(len(vertices))
        one, other = number[start[usable]], number[end[usable]]
        columns = ["cost_usd_per_t", "hours", "length_km", "off_network_km"]
        columns.insert(0, columns.pop(AMOUNT[by]))
        amounts = network.edges.select(columns).to_numpy()[usable]
        lon, lat = network.positions()
        # Goods reach a railway at a station, which is a place: without one they go by road first.
        usable_by = [network.usable(mode)[vertices] for mode in LAND]
        allowed = next((mask for mask in usable_by if mask.any()), np.zeros(len(vertices), dtype=np.bool_))
        hierarchy = Hierarchy.of(len(vertices), one, other, amounts)
        return cls(lon[vertices], lat[vertices], allowed, hierarchy)

    def snap(self, points: pl.DataFrame) -> tuple[Ints, NDArray[np.float64]]:
        """Nearest vertex of each point and its distance."""
        return nearest(points["lon"].to_numpy(), points["lat"].to_numpy(), self.lon, self.lat, self.allowed)


@dataclass(frozen=True)
class _Between:
    """Amounts between distinct vertices, and which of them each point and exit has; the last is nowhere."""

    amounts: Floats
    row: Ints
    column: Ints

    def of(self, rows: slice) -> Floats:
        """[amount, point, exit] of some points."""
        return self.amounts[:, self.row[rows]][:, :, self.column]


def _between(core: _Core, from_vertex: Ints, to_vertex: Ints) -> _Between:
    sources, row = np.unique(from_vertex, return_inverse=True)
    targets, column = np.unique(to_vertex, return_inverse=True)
    amounts = np.full((4, len(sources), len(targets)), np.inf, dtype=np.float32)
    good, fine = np.flatnonzero(sources != NOWHERE), np.flatnonzero(targets != NOWHERE)
    if len(good) and len(fine):
        # All ways lead back as well: the fewer ends are the columns.
        if len(good) < len(fine):
            found = core.hierarchy.ways(targets[fine], sources[good]).amounts.transpose(0, 2, 1)
        else:
            found = core.hierarchy.ways(sources[good], targets[fine]).amounts
        amounts[np.ix_(np.arange(4), good, fine)] = found
    return _Between(amounts, row.astype(np.int64), column.astype(np.int64))


class _Ends:
    """What lies beyond the network: lines to it, the straight line alone, loading at the exit."""

    def __init__(self, network: Network, exits: pl.DataFrame, first: int, reach: float) -> None:
        usd, hours = per_km(network.costs, "off_network")
        winding = friction(network.costs)
        self.rates = np.array([usd, hours, 1.0, 1.0], dtype=np.float32) * winding
        """Of one km of straight line: cost, hours, length, length off the network."""
        self.first, self.reach = first, reach
        self.order = [first, *(one for one in range(4) if one != first)]
        self.place = unit_vectors(exits["lon"].to_numpy(), exits["lat"].to_numpy())
        loads = {kind: transfer(network.costs, "road", mode) for kind, mode in (("port", "sea"), ("airport", "air"))}
        kinds = exits["kind"].cast(pl.String) if "kind" in exits.columns else pl.Series([""] * exits.height)
        self.loading = np.zeros((4, exits.height), dtype=np.float32)
        for kind, load in loads.items():
            self.loading[:2, (kinds == kind).to_numpy()] = [[load.fixed_usd_per_t], [load.fixed_hours]]

    def told(self, place: NDArray[np.float64], from_km: NDArray[np.float64], to_km: NDArray[np.float64],
             sums: Floats) -> Floats:  # fmt: skip
        """Cost, hours, length and length off the network, [4, point, exit]."""
        lines = (from_km[:, None] + to_km[None, :]).astype(np.float32)
        over = np.empty_like(sums)
        over[self.order] = sums
        with np.errstate(invalid="ignore"):  # infinite lines to an absent network stay infinite
            over += lines[None] * self.rates[:, None, None]
        straight = arc_km(np.sqrt(np.clip(2 - 2 * (place @ self.place.T), 0.0, None))).astype(np.float32)
        alone = np.where(straight <= self.reach, straight, np.float32(np.inf))
        is_alone = alone * self.rates[self.first] <= over[self.first]
        found = np.where(is_alone[None], alone[None] * self.rates[:, None, None], over)
        return np.asarray(found + self.loading[:, None, :], dtype=np.float32)
