"""Rows of places for tests: the smallest that are valid, changed where a test says so."""

from typing import Any

import polars as pl

from graphs.places_rows import Told, tidy_places

GOOD: dict[str, Any] = {
    "place_id": "port:a:1",
    "kind": "port",
    "name": "Tema",
    "country": "GHA",
    "lon": "0.02",
    "lat": "5.63",
    "locode": "GHTEM",
}


def raw(*changes: dict[str, Any]) -> pl.DataFrame:
    rows = [{"raw_row": at, **GOOD, "place_id": f"port:a:{at}", **change} for at, change in enumerate(changes, 1)]
    names = {name for row in rows for name in row}
    schema = {name: pl.UInt32 if name == "raw_row" else pl.String for name in sorted(names)}
    return pl.DataFrame(
        [{name: str(cell) if isinstance(cell, float) else cell for name, cell in row.items()} for row in rows], schema
    )


def told(*changes: dict[str, Any], source: str = "a") -> Told:
    return tidy_places(raw(*changes), source=source, file="a.csv", raw_sha256="0" * 64)


def places(*changes: dict[str, Any], source: str = "a") -> pl.DataFrame:
    found = told(*changes, source=source)
    assert found.quarantine.height == 0, found.quarantine["reason"].to_list()
    return found.places
