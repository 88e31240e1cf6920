"""Deposits: where the ground holds something, in what setting, how much and how rich.

Families of one group share belts, long bent stripes. Within and outside belts each setting asks for its own land: veins
and porphyries for relief, laterites for wet low latitudes, placers and river sand for streams, beaches for coasts, rain
forest for wet lowland. Contained mass and grade are lognormal, so that a few deposits hold most.
"""

import numpy as np
import polars as pl
from scipy import ndimage

from models.world.config import WorldConfig
from models.world.land.drainage import ALL_AROUND
from models.world.land.rivers import Channels
from models.world.land.sphere import KM_PER_DEGREE, Floats, Grid, Ints
from models.world.land.terrain import Terrain
from models.world.parameters.geography import Belt, Geography
from models.world.tables import Deposit

HALF_LENGTH_KM = (400.0, 1_300.0)
BEND_KM = 140.0
"""Swing of a belt's middle line to both sides, over waves of 2 pi times BEND_LENGTH_KM."""
BEND_LENGTH_KM = 300.0
LOW_M, WARM_DEGREES, FOREST_MM, LATERITE_MM = 900.0, 22.0, 500.0, 250.0
ON_STREAM = ("placer", "river")
"""Settings whose deposits lie in the middle of a river cell."""
RICHEST = 0.99


def deposits(
    config: WorldConfig, terrain: Terrain, grid: Grid, codes: list[str], streams: Channels, runoff: Floats
) -> pl.DataFrame:
    """All deposits of the world's families, in the order of families and settings."""
    land_km2 = float(terrain.cell_area_km2[terrain.is_land].sum())
    suits = _suitability(terrain, streams, runoff)
    frames = []
    for family in config.families:
        belt = config.geography.belts[family]
        stripes = _stripes(config.chance("deposits", "belts", belt.group), terrain, config.geography)
        rng = config.chance("deposits", family)
        number = max(len(belt.hosts), round(belt.deposits_per_million_km2 * land_km2 / 1e6))
        frames.append(_of_family(rng, family, belt, number, stripes, suits, terrain))
    frame = pl.concat(frames)
    cell = terrain.cell_of(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    reach = pl.Series(streams.reach[cell])
    frame = frame.with_columns(
        country=np.array(codes)[grid.ravel()[cell]],
        reach_id=pl.select(pl.when(reach >= 0).then(reach)).to_series(),
        deposit_id=pl.format("deposit:{}:{}", "family", pl.int_range(1, pl.len() + 1).over("family")),
    )
    return Deposit.validate(frame.select(Deposit.column_names()), cast=True)


def _of_family(
    rng: np.random.Generator,
    family: str,
    belt: Belt,
    number: int,
    stripes: Floats,
    suits: dict[str, Floats],
    terrain: Terrain,
) -> pl.DataFrame:
    """Deposits of a family: setting, place, mass and grade."""
    names = list(belt.hosts)
    share = np.array([belt.hosts[one].share for one in names])
    drawn = np.sort(rng.choice(len(names), number, p=share / share.sum()))
    parts = []
    for at, name in enumerate(names):
        host, count = belt.hosts[name], int((drawn == at).sum())
        in_belt = rng.random(count) < belt.in_belts
        cell = np.where(
            in_belt, _drawn(rng, suits[name] * stripes, terrain, count), _drawn(rng, suits[name], terrain, count)
        )
        lon, lat = terrain.centre_of(cell)
        spread = (0.1 if name in ON_STREAM else 0.45) * terrain.cell_degrees
        shift = rng.uniform(-spread, spread, (2, count))
        parts.append(
            pl.DataFrame(
                {
                    "family": [family] * count,
                    "host": [name] * count,
                    "lon": lon + shift[0],
                    "lat": lat + shift[1],
                    "contained_kg": host.contained_kg * np.exp(host.contained_sd * rng.standard_normal(count)),
                    "grade": (host.grade * np.exp(host.grade_sd * rng.standard_normal(count))).clip(0, RICHEST),
                },
                schema_overrides={"family": pl.String, "host": pl.String},
            )
        )
    return pl.concat(parts)


def _drawn(rng: np.random.Generator, weight: Floats, terrain: Terrain, count: int) -> Ints:
    """Land cells by weight and area; anywhere on land where nothing has weight."""
    share = (np.where(terrain.is_land, weight + 1e-12, 0.0) * terrain.cell_area_km2).ravel()
    return np.asarray(rng.choice(share.size, count, p=share / share.sum()), dtype=np.int64)


def _suitability(terrain: Terrain, streams: Channels, runoff: Floats) -> dict[str, Floats]:
    """Weight [lat, lon] of each setting, 0 to about 1."""
    height = np.maximum(terrain.elevation_m, 0.0)
    relief = ndimage.maximum_filter(height, 3) - ndimage.minimum_filter(height, 3)
    rough = relief / (relief + np.median(relief[terrain.is_land]))
    river = np.where(streams.is_river, np.log10(1 + streams.discharge_m3_s), 0.0).reshape(height.shape)
    low = np.exp(-height / LOW_M)
    warm = np.exp(-((terrain.lats / WARM_DEGREES) ** 4))[:, None]
    forest = low * warm * (runoff > FOREST_MM)
    coast = ndimage.binary_dilation(~terrain.is_land, ALL_AROUND) & terrain.is_land
    return {
        "orogenic_vein": rough**2,
        "porphyry": rough**3,
        "granite_greisen": rough,
        "pegmatite": rough,
        "placer": river,
        "laterite": low * warm * runoff / (runoff + LATERITE_MM),
        "sulphide": np.ones_like(height),
        "sediment_hosted": 1 - rough,
        "river": river**2,
        "beach": coast.astype(np.float64),
        "rain_forest": forest.astype(np.float64),
    }


def _stripes(rng: np.random.Generator, terrain: Terrain, parameters: Geography) -> Floats:
    """Weight [lat, lon] of being in a belt: 1 on its middle line, exp(-(distance / width)^2) beside it."""
    count, width = parameters.belts_of_group, parameters.belt_width_km
    cells = _drawn(rng, np.ones(terrain.elevation_m.shape), terrain, count)
    angle, phase = rng.uniform(0, np.pi, count), rng.uniform(0, 2 * np.pi, count)
    half_length = rng.uniform(*HALF_LENGTH_KM, count)
    total = np.zeros(terrain.elevation_m.shape)
    for number, (lon, lat) in enumerate(zip(*terrain.centre_of(cells), strict=True)):
        east = (terrain.lons[None, :] - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
        north = (terrain.lats[:, None] - lat) * KM_PER_DEGREE
        along = east * np.cos(angle[number]) + north * np.sin(angle[number])
        aside = north * np.cos(angle[number]) - east * np.sin(angle[number])
        aside = aside - BEND_KM * np.sin(along / BEND_LENGTH_KM + phase[number])
        beyond = np.maximum(np.abs(along) - half_length[number], 0.0)
        total = np.maximum(total, np.exp(-((aside / width) ** 2) - (beyond / width) ** 2))
    return total
