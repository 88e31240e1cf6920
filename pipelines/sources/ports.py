"""Ports: the World Port Index of the US National Geospatial-Intelligence Agency, and the list in package `searoute`.

World Port Index, Pub. 150, csv edition: public domain. Its column `Country Code` holds a name, its points are minutes
of arc (2 km), and 0 metres means not reported. searoute (Apache-2.0) lists ports with UN/LOCODE; its names of countries
are odd, so that those which no list knows are read from the code's first two letters.
"""

import json
from pathlib import Path

import polars as pl

from graphs.country_names import from_alpha_2, named
from graphs.errors import DamagedFile, LayoutError
from graphs.places_rows import Told, numbered, tidy_places
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.place_files import headed, packaged

WPI, SEAROUTE = "world_port_index", "searoute"
WPI_LICENCE = "Public domain (US government)"
WPI_CITATION = "National Geospatial-Intelligence Agency, World Port Index (Pub. 150)"
SEAROUTE_LICENCE = "Apache-2.0"
SEAROUTE_CITATION = "searoute for Python, list of ports"
WPI_HEADERS = (
    "World Port Index Number",
    "Main Port Name",
    "UN/LOCODE",
    "Country Code",
    "Harbor Size",
    "Maximum Vessel Length (m)",
    "Maximum Vessel Draft (m)",
    "Latitude",
    "Longitude",
)


def parse(path: Path | str) -> Told:
    """Ports of the World Port Index csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    table = headed(file, WPI_HEADERS, "the World Port Index").with_columns(pl.col(WPI_HEADERS).str.strip_chars())
    locode = pl.col("UN/LOCODE").str.replace_all(" ", "")
    number = pl.col("World Port Index Number").str.replace(r"\.0+$", "")
    raw = table.select(
        "raw_row",
        numbered(pl.format("port:wpi:{}", number)).alias("place_id"),
        pl.lit("port").alias("kind"),
        pl.col("Main Port Name").alias("name"),
        _countries(table["Country Code"], table.select(locode).to_series()).alias("country"),
        locode.alias("locode"),
        pl.col("Harbor Size").alias("size"),
        _reported("Maximum Vessel Draft (m)").alias("max_draught_m"),
        _reported("Maximum Vessel Length (m)").alias("max_length_m"),
        pl.col("Longitude").alias("lon"),
        pl.col("Latitude").alias("lat"),
    )
    return tidy_places(raw, source=WPI, file=file.name, raw_sha256=sha256_of(file))


def searoute_file() -> Path:
    """The list of ports in the installed package. Raises DamagedFile if it is not there."""
    return packaged("searoute", "data", "ports.geojson")


def parse_searoute(path: Path | str) -> Told:
    """Ports of searoute's ports.geojson. Raises DamagedFile or LayoutError."""
    file = Path(path)
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        listed = [(one["properties"], one["geometry"]["coordinates"]) for one in features]
        rows = [
            (known.get("port"), known.get("name"), known.get("cty"), float(lon), float(lat))
            for known, (lon, lat, *_) in listed
        ]
    except OSError as error:
        raise DamagedFile(f"{file} cannot be read ({error.strerror}); install searoute again") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LayoutError(f"{file.name} is no GeoJSON of ports as searoute has it; name its ports.geojson") from error
    schema = {"port": pl.String, "name": pl.String, "cty": pl.String, "lon": pl.Float64, "lat": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row", strict=False).with_row_index("raw_row", offset=1)
    raw = table.select(
        "raw_row",
        numbered(pl.format("port:searoute:{}", "port")).alias("place_id"),
        pl.lit("port").alias("kind"),
        pl.col("name").str.replace_all("_", " "),
        _countries(table["cty"].str.replace_all("_", " "), table["port"]).alias("country"),
        pl.col("port").alias("locode"),
        "lon",
        "lat",
    )
    return tidy_places(raw, source=SEAROUTE, file=file.name, raw_sha256=sha256_of(file))


def _reported(column: str) -> pl.Expr:
    """Metres as text; null where the list says 0, which stands for not reported."""
    return pl.when(pl.col(column).cast(pl.Float64, strict=False).fill_null(1.0) != 0.0).then(column)


def _countries(names: pl.Series, codes: pl.Series) -> pl.Series:
    """Alpha-3 by name, else by the first two letters of the UN/LOCODE, else the name as it stood."""
    found = []
    for name, code in zip(names.to_list(), codes.to_list(), strict=True):
        by_code = from_alpha_2(code[:2]) if code else None
        found.append((named(name) if name else None) or by_code or name)
    return pl.Series("country", found, dtype=pl.String)
