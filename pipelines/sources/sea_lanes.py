"""Sea lanes of `searoute` 1.6.0: a file of its package, read as text and never imported.

The lanes are those of Eurostat's SeaRoute, after the global shipping lanes of Oak Ridge National Laboratory. They show
where ships usually go and how long the way is; they are not for navigation. Some are named after the strait or canal
they lead through.

`marnet_dict.py` holds two assignments of literals:

    node_list={(lon, lat): {}, ...}
    edge_list={(lon, lat): {(lon, lat): {'weight': km, 'passage': name}, ...}, ...}
"""

import ast
import importlib.util
import math
from pathlib import Path

import polars as pl

from graphs.errors import DamagedFile

SOURCE = "searoute"
LICENCE = "Apache-2.0"
CITATION = (
    "searoute 1.6.0; lanes after Eurostat SeaRoute and Oak Ridge National Laboratory, Global Shipping Lane Network"
)
MEMBER = "data/marnet_dict.py"
NODES, EDGES = "node_list", "edge_list"
UNNAMED = frozenset({"segment", "segment2", "pacific_ocean"})
"""Names of pieces that are no strait."""
CLOSED = frozenset({"northwest"})
"""Passages left out, as searoute itself leaves them out unless asked: ice shuts the Northwest Passage most of the year,
and the shortest way from Rotterdam to Shanghai would lead through it."""
MOST_BYTES = 1 << 25
Place = tuple[float, float]


def installed() -> Path | None:
    """The file of the installed package, found without importing it; None where there is none."""
    found = importlib.util.find_spec("searoute")
    folders = [Path(one) for one in (found.submodule_search_locations or ())] if found else []
    return next((file for folder in folders if (file := folder / MEMBER).is_file()), None)


def read(file: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes (node, lon, lat, country, mode) and edges (start, end, mode, length_km, passage, source), each edge once.

    Passages of CLOSED are left out, longitudes beyond 180 turned back. Raises DamagedFile where the file is not
    what the package holds.
    """
    text = _text(file)
    places = [*_literal(text, NODES, file)]
    ways = _literal(text, EDGES, file)
    for place in places:
        _check(place, file)
    number = {place: at for at, place in enumerate(sorted(places))}
    edges: dict[tuple[int, int], tuple[float, str | None]] = {}
    for start, ends in ways.items():
        for end, told in ends.items():
            if start not in number or end not in number:
                raise DamagedFile(
                    f"{file.name} has a lane from {start} to {end}, which are not both listed: reinstall searoute"
                )
            length, passage = _lane(told, file)
            one, other = sorted((number[start], number[end]))
            old = edges.get((one, other))
            if (
                one != other
                and passage not in CLOSED
                and (old is None or (length, passage or "") < (old[0], old[1] or ""))
            ):
                edges[one, other] = (length, passage)
    if not edges:
        raise DamagedFile(f"{file.name} has no lanes: reinstall searoute")
    nodes = pl.DataFrame(
        {"node": range(len(number)), "lon": [_turned(lon) for lon, _ in number], "lat": [lat for _, lat in number]},
        schema={"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64},
    ).with_columns(pl.lit(None, pl.String).alias("country"), pl.lit("sea").alias("mode"))
    rows = [(one, other, "sea", length, passage) for (one, other), (length, passage) in sorted(edges.items())]
    schema = {"start": pl.UInt32, "end": pl.UInt32, "mode": pl.String, "length_km": pl.Float64, "passage": pl.String}
    return nodes, pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit(SOURCE).alias("source"))


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise DamagedFile(f"{file.name} is larger than {MOST_BYTES:,} bytes: reinstall searoute")
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DamagedFile(f"{file.name} is not there: install searoute") from None
    except UnicodeDecodeError as error:
        raise DamagedFile(f"{file.name} is not text: reinstall searoute") from error


def _literal(text: str, name: str, file: Path) -> dict[Place, dict[Place, dict[str, object]]]:
    """The dictionary that a line assigns to a name."""
    line = next((one for one in text.splitlines() if one.startswith(f"{name}=")), None)
    try:
        found = ast.literal_eval(line.partition("=")[2]) if line else None
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise DamagedFile(f"{name} of {file.name} cannot be read: reinstall searoute") from error
    if not isinstance(found, dict):
        raise DamagedFile(f"{file.name} has no {name}: reinstall searoute")
    return found


def _check(place: Place, file: Path) -> None:
    good = isinstance(place, tuple) and len(place) == 2 and all(isinstance(one, int | float) for one in place)
    if not (good and -360 <= place[0] <= 360 and -90 <= place[1] <= 90):
        raise DamagedFile(f"{file.name} has a node at {place}, which is nowhere: reinstall searoute")


def _lane(told: dict[str, object], file: Path) -> tuple[float, str | None]:
    """Length in km, and the strait if it is one."""
    length = told.get("weight")
    if not isinstance(length, int | float) or not math.isfinite(length) or length < 0:
        raise DamagedFile(f"{file.name} has a lane of length {length!r}: reinstall searoute")
    passage = told.get("passage")
    return float(length), str(passage) if passage and passage not in UNNAMED else None


def _turned(lon: float) -> float:
    """Longitude within -180 to 180."""
    return float(lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon)
