"""A ground made by hand: four square countries, each with a river, three permits, a protected area and deposits."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import shapely

COUNTRIES = ("XAA", "XAB", "XAC", "XAD")
CORNERS = ((0.0, 5.0), (5.0, 5.0), (0.0, 0.0), (5.0, 0.0))
"""South-western corners; each country is five degrees wide."""
GRADES = {
    "gold": 3e-6, "nickel": 0.015, "bauxite": 0.24, "tin": 0.004, "tantalum": 3e-4, "cobalt": 0.004, "copper": 0.008,
    "sand": 1.0, "timber": 1.0,
}  # fmt: skip


class Terrain:
    """Cells of a quarter of a degree."""

    lons = np.arange(-0.875, 11.0, 0.25)
    lats = np.arange(10.875, -1.0, -0.25)

    def cell_of(self, lon: Any, lat: Any) -> Any:
        columns = np.rint((np.asarray(lon) - self.lons[0]) / 0.25).clip(0, len(self.lons) - 1)
        rows = np.rint((self.lats[0] - np.asarray(lat)) / 0.25).clip(0, len(self.lats) - 1)
        return (rows * len(self.lons) + columns).astype(np.int64)


def tiny_ground(families: tuple[str, ...]) -> Any:
    """Countries XAA to XAD in the order north-west, north-east, south-west, south-east."""
    terrain = Terrain()
    lon, lat = np.meshgrid(terrain.lons, terrain.lats)
    grid = np.full(lon.shape, -1, dtype=np.int16)
    deposits: list[dict[str, Any]] = []
    areas: list[dict[str, Any]] = []
    for number, (country, (west, south)) in enumerate(zip(COUNTRIES, CORNERS, strict=True)):
        grid[(lon > west) & (lon < west + 5) & (lat > south) & (lat < south + 5)] = number
        areas.append(_area(f"protected:{country}:1", "protected", country, west + 3.4, south + 3.4, 0.8))
        for place, family in enumerate(families):
            deposits += _deposits(country, family, number, west, south + 0.4 + 0.45 * place)
            areas += [
                _area(f"permit:{country}:{family}:{one}", "permit", country, west + 1 + one, south + 0.4 + 0.45 * place,
                      0.06, family)
                for one in range(3)
            ]  # fmt: skip
    return SimpleNamespace(
        terrain=terrain,
        grid=grid,
        countries=_countries(),
        reaches=_reaches(),
        deposits=pl.DataFrame(deposits),
        areas=pl.DataFrame(areas, schema_overrides={"valid_to": pl.Date, "family": pl.String, "holder": pl.String}),
    )


def _deposits(country: str, family: str, number: int, west: float, south: float) -> list[dict[str, Any]]:
    """Six in a row from west to east, each twice as rich as the next; three lie under permits, one is protected."""
    across = (1.0, 2.0, 3.0, 1.5, 2.5)
    spots = [(west + one, south) for one in across] + [(west + 3.6, 3.6 + south // 5 * 5)]
    return [
        {
            "deposit_id": f"deposit:{country}:{family}:{place}",
            "family": family,
            "country": country,
            "lon": lon,
            "lat": lat,
            "host": "placer" if place == 3 else "vein",
            "contained_kg": 1e9 * 2.0**-place / (number + 1),
            "grade": GRADES[family],
            "reach_id": 10 + number,
        }
        for place, (lon, lat) in enumerate(spots)
    ]


def _area(
    name: str, kind: str, country: str, lon: float, lat: float, half: float, family: str | None = None
) -> dict[str, Any]:
    return {
        "area_id": name,
        "kind": kind,
        "country": country,
        "family": family,
        "holder": f"Holder {country}" if family else None,
        "valid_from": date(2000, 3, 10),
        "valid_to": None if family != "gold" else date(2023, 6, 30),
        "geometry": shapely.to_wkb(shapely.box(lon - half, lat - half, lon + half, lat + half)),
    }


def _countries() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "country": COUNTRIES,
            "gdp_usd": [4e11, 2e11, 5e10, 1e10],
            "population": [2e7, 3e7, 2e7, 1e7],
            "governance": [1.0, 0.2, -0.4, -1.2],
        }
    )


def _reaches() -> pl.DataFrame:
    """One river in each country, from its north to its south."""
    lines = [shapely.LineString([(west + 1.6, south + 4.8), (west + 1.6, south + 0.1)]) for west, south in CORNERS]
    return pl.DataFrame(
        {"reach_id": [10, 11, 12, 13], "geometry": [shapely.to_wkb(line) for line in lines]},
        schema={"reach_id": pl.Int64, "geometry": pl.Binary},
    )
