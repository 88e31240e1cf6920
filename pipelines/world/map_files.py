"""Countries, rivers and areas as GeoJSON (RFC 7946): WGS 84, longitude before latitude."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import shapely

DIGITS = 5
"""Decimal places of a degree: about a metre."""


def write(file: Path, rows: pl.DataFrame) -> None:
    """One feature a row: `geometry` (WKB) in its place, all other columns as properties."""
    shapes = shapely.set_precision(shapely.from_wkb(rows["geometry"].to_numpy()), 10.0**-DIGITS)
    told = rows.drop("geometry").to_dicts()
    lines = [
        f'{{"type": "Feature", "properties": {_json(properties)}, "geometry": {shape}}}'
        for properties, shape in zip(told, shapely.to_geojson(shapes), strict=True)
    ]
    text = ",\n".join(lines)
    file.write_text(f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n', encoding="utf-8")


def _json(properties: dict[str, Any]) -> str:
    ready = {name: one.isoformat() if isinstance(one, date) else one for name, one in properties.items()}
    return json.dumps(ready, ensure_ascii=False, allow_nan=False)
