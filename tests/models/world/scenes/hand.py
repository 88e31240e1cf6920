"""A world of three sites by hand, small enough that all of its scenes are made in a fraction of a second."""

from dataclasses import replace
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.parameters.scenes import Counts, Scenes
from models.world.scenes.scene import Scene
from models.world.scenes.survey import seen
from models.world.tables import Site, SiteMonth

COUNTS = Counts(
    zones=2,
    look_alikes=4,
    legal_mines=1,
    months=18,
    pixels=36,
    largest_pixels=60,
    hyperspectral=2,
    drone=1,
    drone_side_m=100,
)
SCENES = Scenes(small=COUNTS)
SITES = (
    ("zone:1", "illegal", "gold", "deposit:river", 12.3, -4.2, date(2022, 3, 1), 3.2),
    ("digging:1", "artisanal", "tin", "deposit:vein", 30.1, 6.7, date(2023, 11, 1), 1.4),
    ("mine:1", "legal_mine", "bauxite", "deposit:vein", -11.0, 10.4, date(2015, 1, 1), 4.0),
    ("forest:1", "illegal", "timber", "deposit:vein", -10.0, 10.0, date(2022, 1, 1), 2.0),
    ("mine:2", "legal_mine", "nickel", "deposit:vein", -9.0, 9.0, date(2015, 1, 1), 900.0),
)
"""Identifier, kind, family, deposit, place, opening, hectares in the end: the last two can have no scene."""


def config(seed: int = 1) -> WorldConfig:
    return replace(WorldConfig.sized("small", seed), scenes=SCENES)


def months(first: date, last: date) -> list[date]:
    ends = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    return [date(at // 12, at % 12 + 1, 1) for at in ends]


def mined() -> SimpleNamespace:
    """Sites that grow to their final size; the first rests for three months of 2024, moves, and leaves old ground."""
    sites, work = [], []
    for name, kind, family, deposit, lon, lat, opened, area in SITES:
        sites.append(
            {
                "site_id": name, "kind": kind, "family": family, "country": "XAA", "deposit_id": deposit, "lon": lon,
                "lat": lat, "opened": opened, "closed": None, "permit_id": None, "in_protected": False,
                "processing": "none",
            }
        )  # fmt: skip
        before = 0.0
        for at, month in enumerate(months(opened, date(2024, 12, 1))):
            if name == "zone:1" and month.year == 2024 and month.month in (5, 6, 7):
                continue
            open_ha = area * (1 - np.exp(-(at + 1) / 8))
            work.append(
                {
                    "site_id": name, "month": month, "lon": lon + 2e-5 * at, "lat": lat, "area_ha": open_ha,
                    "new_area_ha": open_ha - before + 0.03 * open_ha, "contained_kg": 1.0,
                }
            )  # fmt: skip
            before = open_ha
    return SimpleNamespace(
        sites=Site.validate(
            pl.DataFrame(sites, schema_overrides={"closed": pl.Date, "permit_id": pl.String}), cast=True
        ),
        site_months=SiteMonth.validate(pl.DataFrame(work), cast=True),
    )


def ground() -> SimpleNamespace:
    """Land everywhere, one degree a cell; one deposit is drained by a river."""
    lons, lats = np.arange(-20.0, 41.0), np.arange(20.0, -21.0, -1.0)
    return SimpleNamespace(
        terrain=SimpleNamespace(lons=lons, lats=lats),
        grid=np.zeros((len(lats), len(lons)), dtype=np.int16),
        deposits=pl.DataFrame({"deposit_id": ["deposit:river", "deposit:vein"], "reach_id": [1, None]}),
    )


@cache
def scenes(seed: int = 1) -> tuple[Scene, ...]:
    return tuple(seen(config(seed), stub(ground()), stub(mined())))


def scene(kind: str, seed: int = 1) -> Scene:
    return next(one for one in scenes(seed) if one.kind == kind)


def stub(value: Any) -> Any:
    """A stand-in for a part of the world of which only some tables are read."""
    return value
