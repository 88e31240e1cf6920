"""Countries: land divided among seats of government by what it takes to travel there, and what the countries are like.

Seats stand on habitable land away from each other, some on islands, one at least far inland. Every cell belongs to the
country whose seat is nearest over terrain, after a head start that makes large and small countries: mountains and large
rivers become borders. Landmasses without a seat go to the nearest country over sea.
"""

import numpy as np
import polars as pl
import shapely
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from models.world.config import WorldConfig
from models.world.land.drainage import ALL_AROUND
from models.world.land.names import country_names
from models.world.land.seaways import Sea
from models.world.land.sphere import KM_PER_DEGREE, Floats, Grid, Ints, Mask, distance_km, unit_vectors
from models.world.land.terrain import Terrain, fractal
from models.world.land.travel import Steps, graph, nearest, steps
from models.world.tables import Country, Outline

INMOST = 0
"""Number of the country whose seat is farthest from the sea."""
MOST_HALVINGS = 8
"""Of head starts, before there are none."""
FORBIDDEN_NUMBER = 975
"""A group of countries in UN Comtrade."""


def codes(count: int) -> list[str]:
    """Country codes XAA, XAB, ... XBA ..."""
    return [f"X{chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(count)]


def numbers(count: int) -> list[int]:
    """Their numbers 900, 901, ... without the one that is taken."""
    return [number for number in range(900, 1000) if number != FORBIDDEN_NUMBER][:count]


def divided(config: WorldConfig, terrain: Terrain, habitable: Floats, discharge_m3_s: Floats) -> tuple[Grid, Ints]:
    """Country [lat, lon] of each cell, -1 at sea, and the flat cell of each seat, in the order of the codes."""
    rng, parameters = config.chance("countries"), config.geography
    seats = _seats(rng, config, terrain, habitable)
    land = terrain.is_land.ravel()
    pairs = steps(terrain.is_land, terrain.lons, terrain.lats)
    height = terrain.elevation_m.ravel()
    climb = np.abs(height[pairs.start] - height[pairs.end]) * parameters.mountain_km
    stream = np.log10(np.maximum(discharge_m3_s / 100.0, 1.0))
    # Across a river, not along it: one of the two cells is off the stream.
    cross = np.abs(stream[pairs.start] - stream[pairs.end]) * parameters.river_crossing_km
    patch = np.exp(0.5 * fractal(rng, terrain.elevation_m.shape, 1.8)).ravel()
    cost = pairs.length_km * (patch[pairs.start] + patch[pairs.end]) / 2 + climb + cross
    head_start = rng.random(len(seats)) * parameters.country_head_start_km
    country = np.where(land, _won(graph(pairs, cost, land.size), seats, head_start), -1)
    country = _without_coast(terrain, country, INMOST, pairs, cost, seats, parameters.corridor_km)
    whole = _with_islands(terrain, country).reshape(terrain.elevation_m.shape)
    return np.asarray(whole, dtype=np.int16), seats


def _won(network: csr_array, seats: Ints, head_start: Floats) -> Ints:
    """Country of each node; head starts are halved until no seat falls to another country."""
    for _ in range(MOST_HALVINGS):
        _, country = nearest(network, seats, head_start)
        if (country[seats] == np.arange(len(seats))).all():
            return country
        head_start = head_start / 2
    return nearest(network, seats)[1]


def _seats(rng: np.random.Generator, config: WorldConfig, terrain: Terrain, habitable: Floats) -> Ints:
    """Flat cells of seats: inland ones, islands, then the best of a few candidates each time."""
    parameters = config.geography
    area = terrain.cell_area_km2.ravel()
    parts, _ = ndimage.label(terrain.is_land, ALL_AROUND)
    part = parts.ravel()
    size = np.bincount(part, weights=area)
    weight = habitable.ravel() * area
    chosen = [int(np.argmax(_inland(terrain)))]
    smallest, largest = parameters.island_km2
    islands = np.flatnonzero((size >= smallest) & (size <= largest))
    islands = rng.permutation(islands[islands > 0])[: round(parameters.island_share * config.countries)]
    chosen += [int(np.argmax(np.where(part == island, weight, -1.0))) for island in islands]
    allowed = np.flatnonzero((size[part] >= smallest) & (weight > 0))
    share = weight[allowed] / weight[allowed].sum()
    draws = rng.choice(allowed, (config.countries, parameters.seat_candidates), p=share)
    for candidates in draws[len(chosen) :]:
        lon, lat = terrain.centre_of(candidates)
        other_lon, other_lat = terrain.centre_of(np.array(chosen))
        apart = distance_km(lon[:, None], lat[:, None], other_lon, other_lat).min(axis=1)
        chosen.append(int(candidates[np.argmax(apart)]))
    return np.array(chosen)


def _without_coast(
    terrain: Terrain, country: Ints, inner: int, pairs: Steps, cost: Floats, seats: Ints, corridor_km: float
) -> Ints:
    """A country's land near the sea given to its neighbours, from each as far as it gets there first.

    They come along the coast, not through the country; a stretch that none of them reaches stays.
    """
    inland_km = _inland(terrain).ravel() * terrain.cell_degrees * KM_PER_DEGREE
    near = (inland_km <= min(corridor_km, inland_km[seats[inner]] / 2)) & (country == inner)
    core = (country == inner) & ~near
    free = ~core[pairs.start] & ~core[pairs.end]
    others = np.delete(np.arange(len(seats)), inner)
    _, owner = nearest(graph(pairs.among(free), cost[free], country.size), seats[others])
    return np.where(near & (owner >= 0), others[owner], country)


def _inland(terrain: Terrain) -> Floats:
    """Cells [lat, lon] from each land cell to the nearest water."""
    return np.asarray(ndimage.distance_transform_edt(np.pad(terrain.is_land, 1))[1:-1, 1:-1])


def _with_islands(terrain: Terrain, country: Ints) -> Ints:
    """Landmasses without a seat given whole to the country of the nearest land that has one."""
    parts, count = ndimage.label(terrain.is_land, ALL_AROUND)
    part = parts.ravel()
    free = np.flatnonzero((part > 0) & (country < 0))
    if not len(free):
        return country
    held = np.flatnonzero(country >= 0)
    apart, at = cKDTree(unit_vectors(*terrain.centre_of(held))).query(unit_vectors(*terrain.centre_of(free)))
    order = np.lexsort((free, apart))
    owner = np.full(count + 1, -1)
    # Written last to first, so that the nearest cell of each landmass decides.
    owner[part[free[order[::-1]]]] = country[held[at[order[::-1]]]]
    result = country.copy()
    result[free] = owner[part[free]]
    return result


def shore(terrain: Terrain, sea: Sea) -> Mask:
    """Land cells [lat, lon] from which a ship on the open sea is reached."""
    water = ~terrain.is_land & sea.fine((len(terrain.lats), len(terrain.lons)))
    return np.asarray(ndimage.binary_dilation(water, ALL_AROUND) & terrain.is_land)


def countries(
    config: WorldConfig, terrain: Terrain, grid: Grid, seats: Ints, habitable: Floats, coast: Mask
) -> pl.DataFrame:
    """What the countries are like: people by habitable area, wealth and governance in the first year.

    log(GDP per head) and governance are normal with the correlation of the parameters.
    """
    rng, parameters, count = config.chance("countries", "people"), config.geography, len(seats)
    flat, area = grid.ravel(), terrain.cell_area_km2.ravel()
    land = flat >= 0
    size = np.bincount(flat[land], weights=area[land], minlength=count)
    best = np.bincount(flat[land], weights=(area * habitable.ravel())[land], minlength=count)
    people = best * parameters.people_per_km2 * np.exp(parameters.people_sd * rng.standard_normal(count))
    wealth, own = rng.standard_normal((2, count))
    rho = parameters.governance_correlation
    lon, lat = terrain.centre_of(seats)
    frame = pl.DataFrame(
        {
            "country": codes(count),
            "numeric": numbers(count),
            "name": country_names(config.chance("countries", "names"), count),
            "lon": lon,
            "lat": lat,
            "area_km2": size,
            "is_coastal": np.isin(np.arange(count), flat[coast.ravel()]),
            "population": np.rint(np.maximum(people, 20_000.0)),
            "gdp_usd": np.maximum(people, 20_000.0)
            * parameters.gdp_per_head_usd
            * np.exp(parameters.gdp_per_head_sd * wealth),
            "governance": rho * wealth + np.sqrt(1 - rho**2) * own,
        }
    )
    return Country.validate(frame, cast=True)


def outlines(terrain: Terrain, grid: Grid, names: list[str]) -> pl.DataFrame:
    """Land of each country as the union of its cells; runs of cells along a row are joined first."""
    wide = np.pad(grid, ((0, 0), (1, 1)), constant_values=-1)
    changes = wide[:, 1:] != wide[:, :-1]
    row, start = np.nonzero(changes[:, :-1] & (grid >= 0))
    end = np.nonzero(changes[:, 1:] & (grid >= 0))[1] + 1
    half = terrain.cell_degrees / 2
    west, north = terrain.lons[0] - half, terrain.lats[0] + half
    boxes = shapely.box(
        west + start * 2 * half, north - (row + 1) * 2 * half, west + end * 2 * half, north - row * 2 * half
    )
    owner = grid[row, start]
    order = np.argsort(owner, kind="stable")
    groups = np.split(boxes[order], np.searchsorted(owner[order], np.arange(1, len(names))))
    whole = [shapely.multipolygons(shapely.get_parts(shapely.union_all(group))) for group in groups]
    frame = pl.DataFrame({"country": names, "geometry": list(shapely.to_wkb(shapely.normalize(whole)))})
    return Outline.validate(frame, cast=True)
