"""Ways between places: roads and railways over land, barges on large rivers, lanes around land, flights, transfers.

Each leg stands once for each direction. Hours and USD per tonne are those of `parameters.geography.ways`; what a port,
an airport or a post takes on top stands in the legs that lead into it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from models.world.config import WorldConfig
from models.world.land.drainage import MOVES, first_below, sum_down
from models.world.land.places import domestic, road_hours
from models.world.land.rivers import Channels
from models.world.land.seaways import Sea, sailing_km
from models.world.land.sphere import Floats, Grid, Ints, distance_km
from models.world.land.terrain import Terrain
from models.world.land.travel import graph, path_sum
from models.world.parameters.geography import Way
from models.world.tables import Leg

FEWEST_HUBS = 3
SECOND_AIRPORT_NEIGHBOURS = 3


@dataclass(frozen=True)
class Ways:
    """Legs in one direction, by row numbers of the table of places."""

    start: Ints
    end: Ints
    length_km: Floats
    hours: Floats
    usd_per_t: Floats
    mode: str


def legs(config: WorldConfig, terrain: Terrain, grid: Grid, countries: pl.DataFrame, places: pl.DataFrame,
         streams: Channels, sea: Sea) -> pl.DataFrame:  # fmt: skip
    """All legs of the world."""
    found = [
        *_overland(config, terrain, grid, countries, places),
        _crossings(config, places),
        _barges(config, terrain, places, streams),
        _lanes(config, countries, places, sea),
        _flights(config, places),
        _transfers(config, terrain, places),
    ]
    names = places["place_id"].to_numpy()
    frames = [
        pl.DataFrame(
            {
                "from_place": names[start],
                "to_place": names[end],
                "mode": [one.mode] * len(start),
                "length_km": one.length_km,
                "hours": one.hours,
                "cost_usd_per_t": one.usd_per_t,
            },
            schema_overrides={"from_place": pl.String, "to_place": pl.String, "mode": pl.String},
        )
        for one in found
        for start, end in ((one.start, one.end), (one.end, one.start))
    ]
    key = ["from_place", "to_place", "mode"]
    whole = pl.concat(frames).sort(*key, "hours").unique(key, keep="first", maintain_order=True)
    return Leg.validate(whole, cast=True)


def _by(way: Way, start: Ints, end: Ints, length_km: Floats, mode: str, pace: Floats | float = 1.0) -> Ways:
    """Legs of a way; `pace` multiplies what each kilometre takes and costs."""
    hours = way.fixed_hours + length_km * pace / way.km_per_hour
    return Ways(start, end, length_km, hours, way.fixed_usd_per_t + way.usd_per_t_km * length_km * pace, mode)


def _kinds(places: pl.DataFrame, *kinds: str) -> Ints:
    """Row numbers of places of some kinds."""
    return np.flatnonzero(places["kind"].cast(pl.String).is_in(kinds).to_numpy())


def _overland(
    config: WorldConfig, terrain: Terrain, grid: Grid, countries: pl.DataFrame, places: pl.DataFrame
) -> list[Ways]:
    """Roads between cities and posts of each country: a tree that joins all and a few nearest; railways along the tree.

    Lengths follow the shortest way in hours over the grid.
    """
    parameters = config.geography
    inner = domestic(terrain, grid)
    network = graph(inner, road_hours(config, terrain, inner), grid.size)
    nodes = _kinds(places, "city", "border")
    cells = terrain.cell_of(places["lon"].to_numpy()[nodes], places["lat"].to_numpy()[nodes])
    flat = grid.ravel()
    wealth = countries["gdp_usd"].to_numpy()
    has_rail = wealth >= np.quantile(wealth, 1 - parameters.rail_share)
    roads, rails = [], []
    for country in range(len(countries)):
        own, land = np.flatnonzero(flat[cells] == country), np.flatnonzero(flat == country)
        at = np.searchsorted(land, cells[own])
        hours, before = dijkstra(network[land][:, land], indices=at, return_predecessors=True)
        between = hours[:, at]
        tree = minimum_spanning_tree(np.where(np.isfinite(between), between, 0.0)).toarray() > 0
        chosen = tree | tree.T | _nearest_few(between, parameters.road_neighbours)
        rows, ends = np.nonzero(np.triu(chosen | chosen.T, 1))
        lon, lat = terrain.centre_of(land)
        step = distance_km(lon[before.clip(0)], lat[before.clip(0)], lon[None, :], lat[None, :])
        length = path_sum(before, rows, at[ends], step) * parameters.road_winding
        is_tree = (tree | tree.T)[rows, ends] & has_rail[country]
        roads.append((nodes[own[rows]], nodes[own[ends]], length, between[rows, ends]))
        rails.append((nodes[own[rows[is_tree]]], nodes[own[ends[is_tree]]], length[is_tree]))
    start, end, length, hours = (np.concatenate(one) for one in zip(*roads, strict=True))
    way = parameters.ways["road"]
    road = Ways(start, end, length, hours, way.fixed_usd_per_t + way.usd_per_t_km * hours * way.km_per_hour, "road")
    start, end, length = (np.concatenate(one) for one in zip(*rails, strict=True))
    return [road, _by(parameters.ways["rail"], start, end, length, "rail")]


def _nearest_few(cost: Floats, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Marks the cheapest few others of each row that can be reached."""
    away = np.where(np.eye(len(cost), dtype=bool), np.inf, cost)
    rank = np.argsort(np.argsort(away, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((rank < count) & np.isfinite(away))


def _crossings(config: WorldConfig, places: pl.DataFrame) -> Ways:
    """Roads between the two posts of a border, with the wait."""
    number = {place: row for row, place in enumerate(places["place_id"])}
    posts = [one.split(":") for one in places["place_id"] if one.startswith("border:")]
    pairs = [(number[f"border:{a}:{b}"], number[f"border:{b}:{a}"]) for _, a, b in posts if a < b]
    start, end = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return _by(config.geography.handling["border"], start, end, _apart(places, start, end), "road")


def _apart(places: pl.DataFrame, start: Ints, end: Ints) -> Floats:
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    return distance_km(lon[start], lat[start], lon[end], lat[end])


def _barges(config: WorldConfig, terrain: Terrain, places: pl.DataFrame, streams: Channels) -> Ways:
    """From each city on a large river to the next city down it."""
    cities = _kinds(places, "city")
    cell = terrain.cell_of(places["lon"].to_numpy()[cities], places["lat"].to_numpy()[cities])
    flow = np.where(streams.is_river, streams.discharge_m3_s, 0.0)
    rows, columns = np.divmod(cell, len(terrain.lons))
    around = np.array([*MOVES, (0, 0)])
    beside = (rows[:, None] + around[:, 0]).clip(0, len(terrain.lats) - 1) * len(terrain.lons)
    beside += (columns[:, None] + around[:, 1]).clip(0, len(terrain.lons) - 1)
    quay = beside[np.arange(len(cell)), flow[beside].argmax(axis=1)]
    reached = np.flatnonzero(flow[quay] >= config.geography.navigable_m3_s)
    city_at = np.full(flow.size, -1)
    city_at[quay[reached[::-1]]] = cities[reached[::-1]]
    reached = reached[city_at[quay[reached]] == cities[reached]]
    below = np.append(first_below(terrain.downstream, city_at >= 0), -1)[terrain.downstream[quay[reached]]]
    start, end = cities[reached[below >= 0]], city_at[below[below >= 0]]
    lon, lat = terrain.centre_of(np.arange(flow.size))
    onward = np.maximum(terrain.downstream, 0)
    pieces = np.where(terrain.downstream >= 0, distance_km(lon, lat, lon[onward], lat[onward]), 0.0)
    to_sea = sum_down(terrain.downstream, pieces)
    length = to_sea[quay[reached[below >= 0]]] - to_sea[below[below >= 0]]
    return _by(config.geography.ways["river"], start, end, length, "river")


def _lanes(config: WorldConfig, countries: pl.DataFrame, places: pl.DataFrame, sea: Sea) -> Ways:
    """Lanes around land to the nearest ports, and over the hubs of rich countries to everywhere."""
    parameters, ports = config.geography, _kinds(places, "port")
    apart = sailing_km(sea, places["lon"].to_numpy()[ports], places["lat"].to_numpy()[ports])
    wealth = dict(zip(countries["country"], countries["gdp_usd"], strict=True))
    pull = np.array([wealth[one] for one in places["country"][ports]])
    pull = pull / np.array([float(one.rpartition(":")[2]) for one in places["place_id"][ports]])
    count = min(max(FEWEST_HUBS, round(parameters.hubs * len(ports))), len(ports))
    is_hub = np.zeros(len(ports), dtype=bool)
    is_hub[np.argsort(-pull, kind="stable")[:count]] = True
    chosen = _nearest_few(apart, parameters.port_neighbours) | is_hub[None, :]
    start, end = np.nonzero(np.triu(chosen | chosen.T, 1))
    return _by(parameters.ways["sea"], ports[start], ports[end], apart[start, end], "sea")


def _flights(config: WorldConfig, places: pl.DataFrame) -> Ways:
    """Between all first airports; others to the first of their country and the nearest abroad."""
    airports = _kinds(places, "airport")
    lon, lat = places["lon"].to_numpy()[airports], places["lat"].to_numpy()[airports]
    country = places["country"].to_numpy()[airports]
    is_first = places["place_id"].str.ends_with(":1").to_numpy()[airports]
    apart = distance_km(lon[:, None], lat[:, None], lon, lat)
    same = country[:, None] == country
    abroad = np.where(same | ~is_first, np.inf, apart)
    chosen = (is_first[:, None] & is_first) | (same & is_first)
    chosen |= _nearest_few(abroad, SECOND_AIRPORT_NEIGHBOURS) & ~is_first[:, None]
    start, end = np.nonzero(np.triu(chosen | chosen.T, 1))
    return _by(config.geography.ways["air"], airports[start], airports[end], apart[start, end], "air")


def _transfers(config: WorldConfig, terrain: Terrain, places: pl.DataFrame) -> Ways:
    """Between a city and the ports, airports and smelters in its cell."""
    handling = config.geography.handling
    cell = terrain.cell_of(places["lon"].to_numpy(), places["lat"].to_numpy())
    city = {int(cell[row]): int(row) for row in _kinds(places, "city")}
    parts = []
    for kind in ("port", "airport", "smelter"):
        inside = _kinds(places, kind)
        to = np.array([city[int(cell[row])] for row in inside], dtype=np.int64)
        parts.append(_by(handling[kind], inside, to, _apart(places, inside, to), "transfer"))
    start, end, length, hours, usd = (
        np.concatenate([getattr(one, name) for one in parts])
        for name in ("start", "end", "length_km", "hours", "usd_per_t")
    )
    return Ways(start, end, length, hours, usd, "transfer")
