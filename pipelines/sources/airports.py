"""Airports of the package `airportsdata` (MIT), and airports and routes of OpenFlights (ODbL).

The package's csv is read as it stands; in edition 20260905 its Belgian airports lie 20 to 42 km off, their minutes and
seconds written as decimals (BRU at 50.5405 for 50 degrees 54'05"). OpenFlights' routes are frozen at June 2014, name
mainly airlines for passengers and bring airports that have closed since: a route says "listed in 2014", and none says
nothing. Its files write null as backslash and N.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphs.country_names import from_alpha_2, named
from graphs.errors import DamagedFile, LayoutError
from graphs.faults import Fault, split
from graphs.places_rows import Told, numbered, tidy_places
from pipelines.sources import reading
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.place_files import headed, packaged

AIRPORTSDATA, OPENFLIGHTS, ROUTES = "airportsdata", "openflights", "openflights_routes"
AIRPORTSDATA_LICENCE, AIRPORTSDATA_CITATION = "MIT", "airportsdata, airports of the world"
OPENFLIGHTS_LICENCE, OPENFLIGHTS_CITATION = "ODbL 1.0", "OpenFlights.org, airports and routes (routes to June 2014)"
AIRPORTSDATA_HEADERS = ("icao", "iata", "name", "country", "lat", "lon")
AIRPORT_CELLS = (
    "number", "name", "city", "country", "iata", "icao", "lat", "lon", "altitude_ft", "zone", "dst", "olson", "type",
    "origin",
)  # fmt: skip
ROUTE_CELLS = ("airline", "airline_id", "start", "start_id", "end", "end_id", "codeshare", "stops", "equipment")
ENDS = ("start", "end")
MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class Routes:
    """Pairs of airports (`start`, `end` as listed; `airlines` that flew), refused rows, sentences."""

    routes: pl.DataFrame
    quarantine: pl.DataFrame
    notes: tuple[str, ...]


def airports_file() -> Path:
    """The list in the installed package. Raises DamagedFile if it is not there."""
    return packaged("airportsdata", "airports.csv")


def parse(path: Path | str) -> Told:
    """Airports of airportsdata's csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    table = headed(file, AIRPORTSDATA_HEADERS, "airports").with_columns(pl.col(AIRPORTSDATA_HEADERS).str.strip_chars())
    iata = pl.when(pl.col("iata") != "").then("iata")
    by_code = pl.coalesce(pl.format("airport:iata:{}", iata), pl.format("airport:icao:{}", "icao"))
    raw = table.select(
        "raw_row",
        numbered(by_code).alias("place_id"),
        pl.lit("airport").alias("kind"),
        "name",
        pl.Series("country", [from_alpha_2(one) or one for one in table["country"].fill_null("")], dtype=pl.String),
        "iata",
        "icao",
        "lon",
        "lat",
    )
    return tidy_places(raw, source=AIRPORTSDATA, file=file.name, raw_sha256=sha256_of(file))


def parse_openflights(path: Path | str) -> Told:
    """Airports of OpenFlights' airports.dat. Raises DamagedFile or LayoutError."""
    file = Path(path)
    table = _headless(file, AIRPORT_CELLS, "airports")
    raw = table.select(
        "raw_row",
        numbered(pl.format("airport:openflights:{}", "number")).alias("place_id"),
        pl.lit("airport").alias("kind"),
        "name",
        pl.Series("country", [named(one) or one for one in table["country"].fill_null("")], dtype=pl.String),
        "iata",
        "icao",
        "lon",
        "lat",
    )
    return tidy_places(raw, source=OPENFLIGHTS, file=file.name, raw_sha256=sha256_of(file))


def parse_routes(path: Path | str) -> Routes:
    """Routes of OpenFlights' routes.dat: one row for each directed pair of codes (IATA, else ICAO).

    Raises DamagedFile or LayoutError.
    """
    file = Path(path)
    table = _headless(file, ROUTE_CELLS, "routes")
    reason = pl.lit("an airport's code has three letters (IATA) or four (ICAO)")
    same = pl.col("start") == pl.col("end")
    faults = [
        *(Fault(name, _no_code(name), pl.col(name), reason) for name in ENDS),
        Fault("end", same, pl.col("end"), pl.lit("the route ends where it starts")),
    ]
    sha256 = sha256_of(file)
    good, refused = split(table, faults, source=ROUTES, file=file.name, raw_sha256=sha256)
    pairs = good.group_by(ENDS).agg(pl.col("airline").n_unique().cast(pl.UInt32).alias("airlines")).sort(ENDS)
    note = f"{file.name}: {good.height:,} flights of airlines make {pairs.height:,} directed routes, as listed in 2014"
    return Routes(pairs, refused, (note,))


def _no_code(name: str) -> pl.Expr:
    return pl.col(name).str.contains(r"^[A-Z0-9]{3,4}$").fill_null(False).not_()


def _headless(file: Path, cells: tuple[str, ...], what: str) -> pl.DataFrame:
    """All rows of a table without a header as text, with `raw_row` from 1; `\\N` and empty cells are null."""
    try:
        with reading.opened(file) as stream:
            data = reading.whole(stream, file.name, MOST_BYTES)
    except OSError as error:
        raise DamagedFile(f"{file} cannot be read ({error.strerror}); check the name and its permissions") from error
    if not data.strip():
        raise DamagedFile(f"{file} is empty; fetch it again")
    try:
        table = pl.read_csv(io.BytesIO(data), has_header=False, infer_schema=False, null_values=["\\N", ""])
    except pl.exceptions.PolarsError as error:
        fault = str(error).splitlines()[0]
        raise DamagedFile(f"{file.name} cannot be read as a table ({fault}); fetch it again") from error
    if table.width != len(cells):
        raise LayoutError(f"{file.name} has {table.width} columns, so it is no table of {what} of OpenFlights")
    table.columns = list(cells)
    return table.with_row_index("raw_row", offset=1).with_columns(pl.col("raw_row").cast(pl.UInt32))
