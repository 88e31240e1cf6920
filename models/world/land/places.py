"""Places: cities with their ports, airports and smelters, and posts at borders.

Cities stand on habitable land, apart from each other, more often on coasts and large rivers. The first city of a
country is its seat; a coastal country has at least one city with a port, and so has every larger island. What lies in
a city stands in the same cell of the grid. Two neighbours have a post on each side, where the way between their nearest
cities is shortest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase

import numpy as np
import polars as pl
from scipy.sparse.csgraph import connected_components

from models.world.config import WorldConfig
from models.world.land.names import place_names
from models.world.land.rivers import Channels
from models.world.land.sphere import Floats, Grid, Ints, Mask, distance_km
from models.world.land.terrain import Terrain
from models.world.land.travel import Steps, graph, nearest, steps
from models.world.tables import Place

SMALLEST_CITIES_KM2 = 12_000.0
"""Islands of a country below this have no city."""
COAST_FAVOUR, RIVER_FAVOUR, CHANCE_SD = 4.0, 1.5, 0.7
PORT_SHIFT, AIRPORT_SHIFT, SMELTER_SHIFT, POST_SHIFT = 0.42, 0.2, 0.25, 0.4
"""How far from the centre of its cell a place stands, in cells."""
DIGITS = "23456789"
"""Those that UN/LOCODE uses."""
GENERIC = ("Port", "Airport", "Post")
METAL_NAMES = {"bauxite": "aluminium"}


@dataclass(frozen=True)
class Towns:
    """Cities in the order of countries, the most important of each first."""

    cell: Ints
    country: Ints
    has_port: Mask
    rank: Ints
    """0 for the seat of government."""


def domestic(terrain: Terrain, grid: Grid) -> Steps:
    """Pairs of neighbouring land cells of one country."""
    pairs = steps(terrain.is_land, terrain.lons, terrain.lats)
    flat = grid.ravel()
    return pairs.among(flat[pairs.start] == flat[pairs.end])


def road_hours(config: WorldConfig, terrain: Terrain, pairs: Steps) -> Floats:
    """Hours of a lorry between neighbours: winding kilometres at a speed that slopes lower.

    hours = km * winding / speed * (1 + slope / slow slope), slope in m per km.
    """
    parameters = config.geography
    height = terrain.elevation_m.ravel()
    slope = np.abs(height[pairs.start] - height[pairs.end]) / pairs.length_km
    pace = parameters.road_winding / parameters.ways["road"].km_per_hour
    return np.asarray(pairs.length_km * pace * (1 + slope / parameters.slow_slope_m_per_km))


def places(
    config: WorldConfig,
    terrain: Terrain,
    grid: Grid,
    countries: pl.DataFrame,
    seats: Ints,
    habitable: Floats,
    streams: Channels,
    coast: Mask,
) -> pl.DataFrame:
    """All places of the world."""
    inner = domestic(terrain, grid)
    town = _towns(config, terrain, grid, countries, seats, habitable, streams, coast, inner)
    codes = countries["country"].to_list()
    names = place_names(config.chance("places", "names"), len(town.cell))
    parts = [
        _cities(config, terrain, town, codes, names),
        _ports(terrain, town, codes, names),
        _airports(config, terrain, town, countries, names),
        _smelters(config, terrain, town, countries, names),
        _posts(config, terrain, grid, town, countries, inner),
    ]
    frame = pl.concat(parts)
    return Place.validate(frame.with_columns(locode=_locodes(frame)), cast=True)


def _towns(
    config: WorldConfig,
    terrain: Terrain,
    grid: Grid,
    countries: pl.DataFrame,
    seats: Ints,
    habitable: Floats,
    streams: Channels,
    coast: Mask,
    inner: Steps,
) -> Towns:
    rng, parameters = config.chance("places", "towns"), config.geography
    flat, area, shore = grid.ravel(), terrain.cell_area_km2.ravel(), coast.ravel()
    favour = 1 + COAST_FAVOUR * shore + RIVER_FAVOUR * np.log10(1 + streams.discharge_m3_s / 100)
    draw = habitable.ravel() * favour * np.exp(CHANCE_SD * rng.standard_normal(flat.size))
    _, part = connected_components(graph(inner, inner.length_km, flat.size), directed=False)
    part_area = np.bincount(part, weights=area)
    low, high = parameters.cities
    wanted = np.rint((countries["population"].to_numpy() / parameters.people_per_city) ** 0.6).clip(low, high)
    found: list[tuple[int, int, bool, int]] = []
    order = np.argsort(flat, kind="stable")
    cells_of = np.split(order, np.searchsorted(flat[order], np.arange(len(seats))))[1:]
    for country, (seat, cells) in enumerate(zip(seats, cells_of, strict=True)):
        main = cells[part[cells] == part[seat]]
        chosen = [int(seat)]
        if shore[cells].any() and not shore[seat]:
            ashore = main[shore[main]] if shore[main].any() else cells[shore[cells]]
            chosen.append(int(ashore[np.argmax(draw[ashore])]))
        chosen += _spaced(terrain, main, draw, chosen, int(wanted[country]), parameters.city_spacing_km)
        ports = [one for one in chosen if shore[one]][: parameters.ports]
        for island in np.unique(part[cells[shore[cells]]]):
            mine = cells[(part[cells] == island) & shore[cells]]
            if part_area[island] >= SMALLEST_CITIES_KM2 and not (part[chosen] == island).any():
                ports.append(int(mine[np.argmax(draw[mine])]))
                chosen.append(ports[-1])
        found += [(cell, country, cell in ports, rank) for rank, cell in enumerate(chosen)]
    at, owner, has_port, rank = (np.array(one) for one in zip(*found, strict=True))
    return Towns(at, owner, has_port, rank)


def _spaced(
    terrain: Terrain, cells: Ints, draw: Floats, chosen: list[int], wanted: int, spacing_km: float
) -> list[int]:
    """Further cells with the largest draw, each away from those before; fewer where there is no room."""
    lon, lat = terrain.centre_of(cells)
    taken_lon, taken_lat = terrain.centre_of(np.array(chosen))
    apart = distance_km(lon[:, None], lat[:, None], taken_lon, taken_lat).min(axis=1)
    found: list[int] = []
    while len(chosen) + len(found) < wanted and (apart >= spacing_km).any():
        best = int(np.argmax(np.where(apart >= spacing_km, draw[cells], -1.0)))
        found.append(int(cells[best]))
        apart = np.minimum(apart, distance_km(lon, lat, lon[best], lat[best]))
    return found


def _frame(kind: str, ids: list[str], names: list[str], countries: list[str], lon: Floats, lat: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {"place_id": ids, "kind": [kind] * len(ids), "name": names, "country": countries, "lon": lon, "lat": lat},
        schema_overrides={"place_id": pl.String, "kind": pl.String, "name": pl.String, "country": pl.String},
    )


def _numbered(kind: str, countries: list[str]) -> list[str]:
    """kind:country:1, kind:country:2, ..."""
    seen: dict[str, int] = {}
    ids = []
    for country in countries:
        seen[country] = seen.get(country, 0) + 1
        ids.append(f"{kind}:{country}:{seen[country]}")
    return ids


def _cities(config: WorldConfig, terrain: Terrain, town: Towns, codes: list[str], names: list[str]) -> pl.DataFrame:
    rng = config.chance("places", "cities")
    lon, lat = terrain.centre_of(town.cell)
    shift = rng.uniform(-0.15, 0.15, (2, len(lon))) * terrain.cell_degrees
    countries = [codes[one] for one in town.country]
    return _frame("city", _numbered("city", countries), names, countries, lon + shift[0], lat + shift[1])


def _ports(terrain: Terrain, town: Towns, codes: list[str], names: list[str]) -> pl.DataFrame:
    """Ports towards the deepest neighbouring water of their city's cell."""
    chosen = np.flatnonzero(town.has_port)
    lon, lat = terrain.centre_of(town.cell[chosen])
    moves = np.array([(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)])
    beside = terrain.cell_of(
        lon[:, None] + moves[:, 1] * terrain.cell_degrees, lat[:, None] - moves[:, 0] * terrain.cell_degrees
    )
    best = moves[terrain.elevation_m.ravel()[beside].argmin(axis=1)] * PORT_SHIFT * terrain.cell_degrees
    countries = [codes[one] for one in town.country[chosen]]
    labels = [f"Port of {names[one]}" for one in chosen]
    return _frame("port", _numbered("port", countries), labels, countries, lon + best[:, 1], lat - best[:, 0])


def _airports(
    config: WorldConfig, terrain: Terrain, town: Towns, countries: pl.DataFrame, names: list[str]
) -> pl.DataFrame:
    """The seat has one; populous and rich countries have more."""
    codes = countries["country"].to_list()
    people, wealth = countries["population"].to_numpy() / 30e6, countries["gdp_usd"].to_numpy() / 2e11
    wanted = (1 + (people > 1).astype(int) + (wealth > 1).astype(int)).clip(1, config.geography.airports)
    chosen = np.flatnonzero(town.rank < wanted[town.country])
    lon, lat = terrain.centre_of(town.cell[chosen])
    angle = config.chance("places", "airports").uniform(0, 2 * np.pi, len(chosen))
    shift = AIRPORT_SHIFT * terrain.cell_degrees
    owners = [codes[one] for one in town.country[chosen]]
    labels = [f"{names[one]} Airport" for one in chosen]
    lon, lat = lon + shift * np.cos(angle), lat + shift * np.sin(angle)
    return _frame("airport", _numbered("airport", owners), labels, owners, lon, lat)


def _smelters(
    config: WorldConfig, terrain: Terrain, town: Towns, countries: pl.DataFrame, names: list[str]
) -> pl.DataFrame:
    """Smelters and refineries in port cities, else seats, of rich and well governed countries.

    Ids name the metal's family: smelter:nickel:XAB:1.
    """
    rng = config.chance("places", "smelters")
    pull = countries["gdp_usd"].to_numpy() ** 0.6 * np.exp(0.5 * countries["governance"].to_numpy())
    first = np.searchsorted(town.country, np.arange(len(pull)))
    is_first_port = town.has_port & (np.cumsum(town.has_port) - np.cumsum(town.has_port)[first[town.country]] <= 1)
    codes = countries["country"].to_list()
    ids, labels, owners, at = [], [], [], []
    for family in [one for one in config.families if one in config.geography.smelters]:
        count = min(max(2, round(config.geography.smelters[family] * len(pull))), len(pull))
        for owner in np.sort(rng.choice(len(pull), count, replace=False, p=pull / pull.sum())):
            own = np.flatnonzero(town.country == owner)
            ashore = own[is_first_port[own]]
            city = int(ashore[0] if len(ashore) else own[0])
            metal = METAL_NAMES.get(family, family)
            ids.append(f"smelter:{family}:{codes[owner]}:1")
            labels.append(f"{names[city]} {metal} {'refinery' if family == 'gold' else 'smelter'}")
            owners.append(codes[owner])
            at.append(town.cell[city])
    lon, lat = terrain.centre_of(np.array(at, dtype=np.int64))
    angle = rng.uniform(0, 2 * np.pi, len(at))
    shift = SMELTER_SHIFT * terrain.cell_degrees
    return _frame("smelter", ids, labels, owners, lon + shift * np.cos(angle), lat + shift * np.sin(angle))


def _posts(
    config: WorldConfig, terrain: Terrain, grid: Grid, town: Towns, countries: pl.DataFrame, inner: Steps
) -> pl.DataFrame:
    """A post on each side of a border between two countries, ids border:XAA:XAB and border:XAB:XAA."""
    flat = grid.ravel()
    network = graph(inner, road_hours(config, terrain, inner), flat.size)
    away, _ = nearest(network, np.unique(town.cell))
    pairs = steps(terrain.is_land, terrain.lons, terrain.lats)
    pairs = pairs.among(flat[pairs.start] != flat[pairs.end])
    swap = flat[pairs.start] > flat[pairs.end]
    near, far = np.where(swap, pairs.end, pairs.start), np.where(swap, pairs.start, pairs.end)
    hours = away[near] + away[far] + road_hours(config, terrain, pairs)
    order = np.lexsort((far, near, hours, flat[far], flat[near]))
    order = order[np.isfinite(hours[order])]
    _, first = np.unique(flat[near[order]].astype(np.int64) * len(countries) + flat[far[order]], return_index=True)
    near, far = near[order[first]], far[order[first]]
    here, there = np.concatenate([near, far]), np.concatenate([far, near])
    lon, lat = terrain.centre_of(here)
    to_lon, to_lat = terrain.centre_of(there)
    codes, labels = countries["country"].to_list(), countries["name"].to_list()
    ids = [f"border:{codes[a]}:{codes[b]}" for a, b in zip(flat[here], flat[there], strict=True)]
    names = [f"Post towards {labels[b]}" for b in flat[there]]
    owners = [codes[a] for a in flat[here]]
    return _frame("border", ids, names, owners, lon + POST_SHIFT * (to_lon - lon), lat + POST_SHIFT * (to_lat - lat))


def _locodes(frame: pl.DataFrame) -> pl.Series:
    """Two letters of the country and three of the place, all different.

    The two are the first of the country's three, which stay among the user-assigned XA to XZ: no real country's code.
    """
    taken: set[str] = set()
    codes = []
    for country, name in frame.select("country", "name").iter_rows():
        word = next(one for one in name.split() if one.istitle() and one not in GENERIC)
        code = next(one for one in _spellings(country[:2], word.upper()) if one not in taken)
        taken.add(code)
        codes.append(code)
    return pl.Series("locode", codes, dtype=pl.String)


def _spellings(country: str, letters: str) -> Iterator[str]:
    """Codes that a name could have, the plainest first."""
    for at, middle in enumerate(letters[1:], 1):
        yield from (country + letters[0] + middle + last for last in letters[at + 1 :])
    yield from (
        country + "".join(three)
        for three in product(ascii_uppercase, ascii_uppercase + DIGITS, ascii_uppercase + DIGITS)
    )
