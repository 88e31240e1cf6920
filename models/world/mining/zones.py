"""Illegal zones: where they open, how long they last, and how they move.

A zone draws a deposit of its family, then one of four ways that the ground there allows:

    river       on the river that drains the deposit, up to some km downstream; then it moves along it
    protected   inside the nearest protected area
    nobody      on a deposit without a permit
    beside      just outside the permit over the deposit, and away from it

Zones open more often while the price is high. They close by chance, by raids (more of them where governance is
strong) and while the price is low.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from models.world.config import WorldConfig
from models.world.land.sphere import KM_PER_DEGREE, Floats, Ints
from models.world.mining.calendar import month_count
from models.world.mining.plan import Setting, as_plan, drawn, sizes, small_processing
from models.world.mining.tenure import NOWHERE, country_at, moved, nearest_protected, permit_of

RIVER, PROTECTED, NOBODY, BESIDE = range(4)
ATTEMPTS = 6
"""Draws of a position before a zone is given up."""
EARLY_MONTHS = 60
"""Zones open at most this long before the world begins, and these live to see it begin."""
LEAST_MONTHS = 5
OPENING_ELASTICITY = 1.0
"""Of the openings of zones to the price."""
GOVERNED_RAIDS = 0.4
"""Raids are e to the power of this times governance as frequent."""


@dataclass(frozen=True)
class _Spots:
    """Ground on which each zone may open, row by row."""

    lon: Floats
    lat: Floats
    country: Ints
    way: Ints
    line: Ints
    permit: Ints
    protected: Ints


def zones(config: WorldConfig, place: Setting, pressure: Floats) -> pl.DataFrame:
    """Illegal zones of all families (columns of PLAN)."""
    chance, mining = config.chance("mining", "zones"), config.mining
    counts = {family: mining.mineral(family).illegal_zones for family in config.families}
    chosen = drawn(config, place.deposits, counts, mining.governance_tilt[1], chance)
    spots = _spots(config, place, chosen, chance)
    lines = river_lines(place.ground.reaches)
    lon, lat, start_km, found = _placed(config, place, spots, lines, chance)
    bearing, moves = _bearings(config, place, spots, lon, lat, chance)
    speed = np.array([mining.mineral(family).drift_km_month for family in chosen["family"]]) * moves
    opening, closing = _lives(config, chosen, pressure, chance)
    along = pl.Series(spots.way == RIVER)
    placed = chosen.with_columns(
        pl.Series("lon", lon),
        pl.Series("lat", lat),
        opening=pl.Series(opening),
        closing=pl.when(pl.Series(closing < month_count(config))).then(pl.Series(closing)),
        capacity=pl.Series(sizes(mining.size_spread[2], chosen.height, chance)),
        in_protected=pl.Series(place.protected.is_inside(lon, lat)),
        grade=pl.col("grade") * mining.small_selectivity,
        ramp_months=mining.ramp_months[2],
        processing=pl.Series(small_processing(chosen, chance, mercury=0.85), dtype=pl.String),
        speed_km=pl.Series(speed * sizes(0.6, chosen.height, chance)),
        bearing=pl.Series(bearing),
        line=pl.when(along).then(pl.Series(spots.line)),
        start_km=pl.Series(start_km),
    )
    return as_plan(placed.filter(pl.Series(found)), "illegal", "zone")


def river_lines(reaches: pl.DataFrame) -> NDArray[np.object_]:
    """Lines of the reaches in the order of their identifiers."""
    return np.asarray(shapely.from_wkb(reaches.sort("reach_id")["geometry"].to_numpy()), dtype=object)


def _spots(config: WorldConfig, place: Setting, chosen: pl.DataFrame, chance: np.random.Generator) -> _Spots:
    """What the ground around each zone's deposit allows, and the way that the zone takes."""
    ids = place.ground.reaches.sort("reach_id").with_row_index("line").select("reach_id", pl.col("line").cast(pl.Int64))
    line = chosen.select("reach_id").join(ids, on="reach_id", how="left", maintain_order="left")["line"]
    permit = permit_of(chosen, place.permits)
    protected = nearest_protected(chosen, place.protected, config.mining.protected_reach_km)
    lines = line.fill_null(NOWHERE).to_numpy()
    allowed = np.stack([lines != NOWHERE, protected != NOWHERE, permit == NOWHERE, permit != NOWHERE], axis=1)
    odds = np.array([config.mining.mineral(family).ways for family in chosen["family"]]).reshape(-1, 4) * allowed
    ladder = np.cumsum(odds, axis=1) / odds.sum(axis=1, keepdims=True)
    way = (chance.random(chosen.height)[:, None] >= ladder).sum(axis=1).clip(0, 3)
    lon, lat = chosen["lon"].to_numpy(), chosen["lat"].to_numpy()
    return _Spots(lon, lat, chosen["row"].to_numpy(), way, lines, permit, protected)


def _placed(
    config: WorldConfig, place: Setting, spots: _Spots, lines: NDArray[np.object_], chance: np.random.Generator
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """First of several drawn positions that lies in the right country, outside permits and, where meant, inside the
    protected area: longitude, latitude, km along the river, and whether one was found."""
    lon, lat = spots.lon.copy(), spots.lat.copy()
    start_km, found = np.zeros(lon.size), np.zeros(lon.size, dtype=bool)
    for _ in range(ATTEMPTS):
        east, north, km = _drawn_positions(config, place, spots, lines, chance)
        fits = (country_at(place.ground, east, north) == spots.country) & ~place.permits.is_inside(east, north)
        fits &= (spots.way != PROTECTED) | place.protected.is_inside(east, north)
        new = fits & ~found
        lon[new], lat[new], start_km[new] = east[new], north[new], km[new]
        found |= fits
    return lon, lat, start_km, found


def _drawn_positions(
    config: WorldConfig, place: Setting, spots: _Spots, lines: NDArray[np.object_], chance: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """A position for each zone by its way, and its km along the river."""
    count = spots.lon.size
    offset = chance.exponential(config.mining.zone_offset_km, count)
    lon, lat = moved(spots.lon, spots.lat, offset, chance.uniform(0, 2 * np.pi, count))
    km = np.zeros(count)
    steps = chance.uniform(0.0, 1.0, (2, count))
    on = spots.way == RIVER
    if on.any():
        lon[on], lat[on], km[on] = _downstream(config, spots, lines, on, steps[0])
    on = spots.way == PROTECTED
    if on.any():
        lon[on], lat[on] = _inside(place, spots, on, steps[0])
    on = spots.way == BESIDE
    if on.any():
        lon[on], lat[on] = _beside(config, place, spots, on, steps)
    return lon, lat, km


def _downstream(
    config: WorldConfig, spots: _Spots, lines: NDArray[np.object_], on: NDArray[np.bool_], step: Floats
) -> tuple[Floats, Floats, Floats]:
    """Points on rivers below the deposit, and their km from the upper end of the reach."""
    river = lines[spots.line[on]]
    start = shapely.line_locate_point(river, shapely.points(spots.lon[on], spots.lat[on]))
    along = np.minimum(start + step[on] * config.mining.river_reach_km / KM_PER_DEGREE, shapely.length(river))
    spot = shapely.line_interpolate_point(river, along)
    return shapely.get_x(spot), shapely.get_y(spot), along * KM_PER_DEGREE


def _inside(place: Setting, spots: _Spots, on: NDArray[np.bool_], step: Floats) -> tuple[Floats, Floats]:
    """Points on the way from the deposit, or from the edge of the area that is nearest to it, to the area's centre."""
    area = place.protected.shapes[spots.protected[on]]
    nearest = shapely.get_point(shapely.shortest_line(area, shapely.points(spots.lon[on], spots.lat[on])), 0)
    centre = shapely.centroid(area)
    inward = 0.05 + 0.4 * step[on]
    lon = shapely.get_x(nearest) + inward * (shapely.get_x(centre) - shapely.get_x(nearest))
    lat = shapely.get_y(nearest) + inward * (shapely.get_y(centre) - shapely.get_y(nearest))
    return lon, lat


def _beside(
    config: WorldConfig, place: Setting, spots: _Spots, on: NDArray[np.bool_], steps: Floats
) -> tuple[Floats, Floats]:
    """Points outside the edge of the permit, on the far side of its centre."""
    area = place.permits.shapes[spots.permit[on]]
    edge = shapely.line_interpolate_point(shapely.boundary(area), steps[0][on], normalized=True)
    lon, lat = shapely.get_x(edge), shapely.get_y(edge)
    nearest, furthest = config.mining.beside_permit_km
    return moved(lon, lat, nearest + (furthest - nearest) * steps[1][on], _away(area, lon, lat))


def _away(area: NDArray[np.object_], lon: Floats, lat: Floats) -> Floats:
    """Direction from the centres of areas to points, radians from north."""
    centre = shapely.centroid(area)
    east = (lon - shapely.get_x(centre)) * np.cos(np.radians(lat))
    return np.asarray(np.arctan2(east, lat - shapely.get_y(centre)))


def _bearings(
    config: WorldConfig, place: Setting, spots: _Spots, lon: Floats, lat: Floats, chance: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_]]:
    """Direction of movement off the river, away from the permit or any, and whether there is room to move at all:
    the far end of the belt lies in the same country and under no permit, or does so in the opposite direction."""
    bearing = chance.uniform(0, 2 * np.pi, lon.size)
    on = spots.way == BESIDE
    if on.any():
        bearing[on] = _away(place.permits.shapes[spots.permit[on]], lon[on], lat[on])
    belt = np.full(lon.size, config.mining.belt_km)
    has_room = []
    for turn in (0.0, np.pi):
        east, north = moved(lon, lat, belt, bearing + turn)
        is_home = country_at(place.ground, east, north) == spots.country
        has_room.append(is_home & ~place.permits.is_inside(east, north))
    turned = np.where(has_room[0] | on, bearing, bearing + np.pi)
    return turned, has_room[0] | (has_room[1] & ~on) | (spots.way == RIVER)


def _lives(
    config: WorldConfig, chosen: pl.DataFrame, pressure: Floats, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    """Numbers of the first and last month of each zone; last months beyond the world where it outlives it.

    Monthly hazard of closing: ln 2 / median life + raids that close + low price.
    """
    mining, months = config.mining, month_count(config)
    price = pressure[[config.families.index(family) for family in chosen["family"]]].reshape(-1, months)
    odds = np.concatenate([np.ones((chosen.height, EARLY_MONTHS)), price[:, : -2 * LEAST_MONTHS]], axis=1)
    ladder = np.cumsum(odds**OPENING_ELASTICITY, axis=1)
    drawn_at = chance.random(chosen.height)[:, None] * ladder[:, -1:]
    opening = (drawn_at >= ladder).sum(axis=1) - EARLY_MONTHS
    raids = mining.raids_per_year / 12 * np.exp(GOVERNED_RAIDS * chosen["governance"].to_numpy())
    hazard = np.log(2) / (12 * mining.zone_years) + mining.raid_closes * raids[:, None]
    hazard = hazard + mining.low_price_closes * (price < mining.low_price)
    age = np.arange(months)[None, :] - opening[:, None]
    ends = (chance.random((chosen.height, months)) < hazard) & (age >= LEAST_MONTHS) & (np.arange(months) >= 6)
    closing = np.where(ends.any(axis=1), ends.argmax(axis=1), months)
    return opening, closing
