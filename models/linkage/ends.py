"""How both ends of a way reach the network, where they are no vertices of it: straight lines and unlisted flights.

A point is joined to the nearest road and river, and at sea to the nearest lane. Each line pays the border between the
countries of its ends, leads over no water and, where countries are to be avoided, out of none: nothing tells which
others it would lead through. A point lies in the country of the nearest vertex that has one.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.sphere import distance_km
from graphs.transport import border, friction, transfer
from models.linkage.network import LAND, Network, straight_km
from models.linkage.snapping import NOWHERE, Mask, crosses_water, nearest, per_km

Point = tuple[float, float]
End = str | Point
"""place_id, or longitude and latitude."""
Edge = dict[str, object]
NEAR_AIRPORTS, AIRPORT_KM = 3, 300.0
SEA_KM = 100.0
"""A point that far from a lane can still be at sea."""


@dataclass(frozen=True)
class Ends:
    """A network of some modes that leads through nothing that is avoided, and what is asked of it."""

    network: Network
    modes: Collection[str] | None
    avoid: Collection[str]

    def joined(self, start: End, end: End, *, is_alone: bool) -> Network:
        """The network with both ends as its last two vertices, joined to what they can use; of parallel edges one
        stays where more ways than one are asked for."""
        network = self.network
        count = network.vertices.height
        lon, lat = network.positions()
        ends: list[Point] = []
        joins: list[Edge] = []
        for number, one in enumerate((start, end)):
            at = count + number
            if isinstance(one, str):
                vertex = network.vertex(one)
                ends.append((float(lon[vertex]), float(lat[vertex])))
                joins.append(_edge(at, vertex, "road", 0.0))
            else:
                ends.append(one)
                joins += self._lines(at, one)
        if self._goes("road"):
            joins += self._direct(count, ends)
        if self._goes("air"):
            joins += self._flights(count, ends)
        named = [one if isinstance(one, str) else f"{one[1]:.4f},{one[0]:.4f}" for one in (start, end)]
        more = pl.DataFrame(
            {"place_id": named, "lon": [one[0] for one in ends], "lat": [one[1] for one in ends]},
            schema={"place_id": pl.String, "lon": pl.Float64, "lat": pl.Float64},
        )
        edges = pl.DataFrame(joins, schema_overrides=dict(network.edges.schema))
        every = pl.concat([network.edges, edges], how="diagonal_relaxed")
        kept = every if is_alone else _without_parallels(every)
        return Network(pl.concat([network.vertices, more], how="diagonal_relaxed"), kept, network.costs, network.dry)

    def check(self, end: End) -> None:
        """Raises InputError for an end that lies nowhere, or in a country to be avoided."""
        if isinstance(end, str):
            country, where = self.network.vertices["country"][self.network.vertex(end)], f"{end} lies in"
        else:
            lon, lat = end
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise InputError(f"{lat}, {lon} lies nowhere: degrees north are -90 to 90, degrees east -180 to 180")
            is_sea = self.network.dry is not None and not self.network.dry(np.array([lon]), np.array([lat]))[0]
            country, where = None if is_sea else self._land(end), f"{lat}, {lon} lies in or next to"
        if country in self.avoid:
            raise InputError(f"{where} {country}, which is to be avoided: name another place or avoid other countries")

    def _goes(self, mode: str) -> bool:
        return self.modes is None or mode in self.modes

    def _line(self, start: int, end: int, km: float, mode: str = "road", *, is_estimated: bool = False) -> Edge:
        """A straight line over land of so many km to the network of a mode, at the rate beyond it, with loading."""
        costs = self.network.costs
        usd, hours = per_km(costs, "off_network")
        way = km * friction(costs)
        load = None if mode == "road" else transfer(costs, "road", mode)
        fixed_hours, fixed_usd = (0.0, 0.0) if load is None else (load.fixed_hours, load.fixed_usd_per_t)
        return _edge(
            start, end, mode, way, hours=way * hours + fixed_hours, cost_usd_per_t=way * usd + fixed_usd,
            off_network_km=way, fixed_hours=fixed_hours, fixed_usd_per_t=fixed_usd, is_estimated=is_estimated,
        )  # fmt: skip

    def _over_border(self, line: Edge, one: str | None, other: str | None) -> list[Edge]:
        """A straight line from one country to another with what the border takes; none where some are avoided."""
        if one != other and not set(self.avoid).isdisjoint(self.network.vertices["country"].unique()):
            return []
        hours, usd = border(self.network.costs, one, other)
        return [line | {
            "hours": line["hours"] + hours, "cost_usd_per_t": line["cost_usd_per_t"] + usd,  # type: ignore[operator]
            "crosses_border": None not in (one, other) and one != other,
        }]  # fmt: skip

    def _lines(self, at: int, point: Point) -> list[Edge]:
        """From a point to the nearest road and river, and at sea to the nearest lane."""
        network = self.network
        lon, lat = network.positions()
        here = np.array([point[0]]), np.array([point[1]])
        found: list[Edge] = []
        for mode in filter(self._goes, ("road", "river", "sea")):
            node, km = nearest(*here, lon, lat, _served(network, mode))
            if node[0] == NOWHERE:
                continue
            to, way = int(node[0]), float(km[0])
            if mode in LAND:
                if way <= straight_km(network) and not self._is_wet(point, (float(lon[to]), float(lat[to]))):
                    countries = self._land(point), network.vertices["country"][to]
                    found += self._over_border(self._line(at, to, way, mode), *countries)
            elif way <= SEA_KM and not found:
                usd, hours = per_km(network.costs, "sea")
                found.append(_edge(at, to, "sea", way, hours=way * hours, cost_usd_per_t=way * usd, off_network_km=way))
        return found

    def _direct(self, count: int, ends: list[Point]) -> list[Edge]:
        """One straight line from end to end, if it is not too far."""
        km = float(distance_km(*ends[0], *ends[1]))
        if km > straight_km(self.network) or self._is_wet(*ends):
            return []
        line = self._line(count, count + 1, km, is_estimated=True)
        return self._over_border(line, *(self._land(one) for one in ends))

    def _land(self, point: Point) -> str | None:
        """Country of the vertex nearest to a point, of those that have one."""
        lon, lat = self.network.positions()
        known = self.network.vertices["country"].is_not_null().to_numpy()
        at, _ = nearest(np.array([point[0]]), np.array([point[1]]), lon, lat, known)
        return None if at[0] == NOWHERE else self.network.vertices["country"][int(at[0])]

    def _is_wet(self, one: Point, other: Point) -> bool:
        """Whether the straight line between two points leads over water."""
        lon, lat, other_lon, other_lat = (np.array([number]) for number in (*one, *other))
        return bool(crosses_water(lon, lat, other_lon, other_lat, self.network.dry)[0])

    def _flights(self, count: int, ends: list[Point]) -> list[Edge]:
        """Flights nobody listed between airports near the ends, and lines to those that no road joins."""
        network = self.network
        country = network.vertices["country"]
        is_open = (network.vertices["kind"] == "airport") & country.is_in(list(self.avoid)).fill_null(False).not_()
        airports = np.flatnonzero(is_open.fill_null(False).to_numpy())
        lon, lat = network.positions()
        flown_from = network.edges.filter(pl.col("mode") == "air")
        is_served = np.isin(airports, pl.concat([flown_from["start"], flown_from["end"]]).to_numpy())
        near = []
        for one in ends:
            km = distance_km(one[0], one[1], lon[airports], lat[airports])
            # Who names an airport means it; else those with any listed route come before strips that have none.
            reach = 0.0 if (km == 0.0).any() else AIRPORT_KM
            listed_near = (km <= reach) & is_served
            usable = np.flatnonzero(listed_near if listed_near.any() else km <= reach)
            order = usable[np.argsort(km[usable], kind="stable")[:NEAR_AIRPORTS]]
            near.append([(int(airports[at]), float(km[at])) for at in order])
        joins: list[Edge] = []
        for end, side in enumerate(near):
            for at, way in side:
                if not self._is_wet(ends[end], (float(lon[at]), float(lat[at]))):
                    line = self._line(count + end, at, way)
                    joins += self._over_border(line, self._land(ends[end]), country[at])
        usd, hours = per_km(network.costs, "air")
        load = transfer(network.costs, "road", "air")
        listed = {(min(one), max(one)) for one in flown_from.select("start", "end").rows()}
        for here, _ in near[0]:
            for there, _ in near[1]:
                if here == there or (min(here, there), max(here, there)) in listed:
                    continue
                flown = float(distance_km(lon[here], lat[here], lon[there], lat[there]))
                cost, time = flown * usd + load.fixed_usd_per_t, flown * hours + load.fixed_hours
                joins.append(
                    _edge(
                        here, there, "air", flown, hours=time, cost_usd_per_t=cost, fixed_hours=load.fixed_hours,
                        fixed_usd_per_t=load.fixed_usd_per_t, is_estimated=True, source="flight that no list has",
                    )
                )  # fmt: skip
        return joins


def _edge(start: int, end: int, mode: str, km: float, **more: object) -> Edge:
    """One edge without handling; amounts of zero unless stated."""
    told: Edge = {
        "start": start, "end": end, "mode": mode, "length_km": km, "hours": 0.0, "cost_usd_per_t": 0.0,
        "off_network_km": 0.0, "fixed_hours": 0.0, "fixed_usd_per_t": 0.0, "crosses_border": False,
        "is_estimated": False, "passage": None, "source": "straight line",
    }  # fmt: skip
    return told | more


def _without_parallels(edges: pl.DataFrame) -> pl.DataFrame:
    """Of the edges of one mode between two vertices only the shortest: the others are no other way."""
    pair = {"one": pl.min_horizontal("start", "end"), "other": pl.max_horizontal("start", "end")}
    ordered = edges.with_columns(**pair).sort("one", "other", "mode", "length_km", "cost_usd_per_t")
    return ordered.unique(["one", "other", "mode"], keep="first", maintain_order=True).drop("one", "other")


def _served(network: Network, mode: str) -> Mask:
    """Nodes of a mode; where the network has none, places that legs of the mode lead to."""
    usable = network.usable(mode)
    if usable.any():
        return usable
    mine = network.edges.filter(pl.col("mode") == mode, pl.col("off_network_km") == 0)
    usable[np.concatenate([mine["start"].to_numpy(), mine["end"].to_numpy()]).astype(np.int64)] = True
    return usable
