"""Places that a user or a training world brings: a csv with `place_id,kind,name,country,lon,lat`, and other columns.

    place_id,kind,name,country,lon,lat,locode
    port:XAA:1,port,Port Ankora,XAA,12.5,-3.25,XAANK

Further columns of graphs.places_rows.COLUMNS (locode, iata, icao, size, max_draught_m, max_length_m) may stand beside
them. A second csv, `place_id,same_as`, says which places are one, or with `-` that one stands by itself.
"""

from pathlib import Path

import polars as pl

from graphs.errors import InputError
from graphs.places_joined import JOIN_COLUMNS
from graphs.places_rows import COLUMNS, NEEDED, Told, tidy_places
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.place_files import headed

SOURCE = "places"


def parse(path: Path | str) -> Told:
    """Places of a csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    table = headed(file, NEEDED, "places")
    raw = table.select(name for name in COLUMNS if name in table.columns)
    return tidy_places(raw, source=SOURCE, file=file.name, raw_sha256=sha256_of(file))


def parse_joins(path: Path | str) -> pl.DataFrame:
    """A person's list of joined places, JOIN_COLUMNS. Raises DamagedFile, LayoutError or InputError."""
    file = Path(path)
    table = headed(file, JOIN_COLUMNS, "joined places").with_columns(pl.col(JOIN_COLUMNS).str.strip_chars())
    bad = table.filter(pl.any_horizontal((pl.col(name).fill_null("") == "") for name in JOIN_COLUMNS))
    if bad.height:
        row = bad["raw_row"][0]
        raise InputError(f"{file.name}, row {row}: both cells are needed; write - for a place that stands by itself")
    twice = table.filter(pl.col("place_id").is_first_distinct().not_())
    if twice.height:
        row, place = twice.select("raw_row", "place_id").row(0)
        raise InputError(f"{file.name}, row {row}: {place} was decided in an earlier row; take one of them out")
    return table.select(JOIN_COLUMNS)
