"""Goods for tests of customs: lognormal values between persistent pairs, nothing hidden."""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.tables import Artefact, Country, Goods

UNIT_VALUE = {"710812": 5e4, "260400": 0.08, "750110": 9.0, "440729": 0.8, "440349": 0.3, "440929": 1.5}
FAMILIES = {"71": "gold", "26": "nickel", "75": "nickel", "44": "timber"}


def countries(number: int, seed: int = 0) -> pl.DataFrame:
    """Countries XAA, XAB, ... with numbers from 900, somewhere on the globe."""
    chance = np.random.default_rng(seed)
    population = np.exp(chance.normal(16, 1, number))
    return Country.validate(
        pl.DataFrame(
            {
                "country": [f"X{chr(65 + at // 26)}{chr(65 + at % 26)}" for at in range(number)],
                "numeric": [900 + at + (at >= 75) for at in range(number)],
                "name": [f"Country {at}" for at in range(number)],
                "lon": chance.uniform(-180, 180, number),
                "lat": np.degrees(np.arcsin(chance.uniform(-1, 1, number))),
                "area_km2": 1e5,
                "is_coastal": True,
                "population": population,
                "gdp_usd": population * np.exp(chance.normal(9, 1, number)),
                "governance": chance.normal(0, 1, number),
            }
        ),
        cast=True,
    )


def goods(config: WorldConfig, places: pl.DataFrame, pairs: int, seed: int = 0) -> pl.DataFrame:
    """One goods per pair, commodity and year, of lognormal value that changes little from year to year."""
    chance = np.random.default_rng(seed)
    codes, ends = np.array(list(UNIT_VALUE)), np.array(places["country"])
    exporter, step = chance.integers(len(ends), size=pairs), chance.integers(1, len(ends), size=pairs)
    commodity, mode = codes[chance.integers(len(codes), size=pairs)], chance.choice(["sea", "road", "air"], pairs)
    level = chance.normal(11.5, 2.8, pairs)
    year = np.tile(np.array(config.years), pairs)
    line = np.repeat(np.arange(pairs), len(config.years))
    value = np.exp(level[line] + chance.normal(0, 0.5, len(line)))
    mass = value / np.array([UNIT_VALUE[code] for code in commodity])[line] * np.exp(chance.normal(0, 0.2, len(line)))
    frame = pl.DataFrame(
        {
            "goods_id": [f"goods:{at:06d}" for at in range(len(line))],
            "commodity": commodity[line],
            "year": year,
            "origin": ends[exporter[line]],
            "exporter": ends[exporter[line]],
            "importer": ends[(exporter + step)[line] % len(ends)],
            "mass_kg": mass,
            "contained_kg": mass * 0.5,
            "value_usd": value,
            "mode": mode[line],
            "timing": chance.dirichlet(np.full(12, 3.0), len(line)),
        },
        schema_overrides={"timing": pl.Array(pl.Float64, 12)},
    )
    return completed(frame)


def completed(frame: pl.DataFrame) -> pl.DataFrame:
    """Goods with what is not given: both traders write the truth."""
    plain = {
        "via": None, "timing": [1 / 12] * 12, "mode": "sea", "is_reexport": False, "scheme_id": None,
        "artefact_id": None, "is_phantom": False, "export_share": 1.0, "export_commodity": None,
        "export_partner": None, "export_value_factor": 1.0, "export_mass_factor": 1.0, "import_share": 1.0,
        "import_commodity": None, "import_partner": None, "import_value_factor": 1.0, "import_mass_factor": 1.0,
    }  # fmt: skip
    for name, value in plain.items():
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(value).alias(name))
    family = pl.col("commodity").str.head(2).replace_strict(FAMILIES, return_dtype=pl.String)
    frame = frame.with_columns(family=family, origin=pl.col("exporter") if "origin" not in frame.columns else "origin")
    return Goods.validate(frame.select(Goods.column_names()), cast=True)


def no_artefacts() -> pl.DataFrame:
    """An empty list of artefacts."""
    return Artefact.create_empty()


def artefact(kind: str, country: str, **more: object) -> pl.DataFrame:
    """One artefact of all years and families unless told otherwise."""
    row = {
        "artefact_id": f"artefact:{kind}", "kind": kind, "family": None, "country": country, "partner": None,
        "first_year": 1900, "last_year": 2100, "description": kind, **more,
    }  # fmt: skip
    return Artefact.validate(pl.DataFrame([row]), cast=True)


__all__ = ["artefact", "completed", "countries", "goods", "no_artefacts"]
