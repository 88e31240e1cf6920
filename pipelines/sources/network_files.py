"""Roads, railways and rivers of a file that a user names: GeoParquet or GeoPackage, such as an OpenStreetMap extract.

Lines in longitude and latitude (OGC:CRS84 or EPSG:4326). What a line carries is told by a column `mode` (road, rail,
river), or by the tags of OpenStreetMap: `highway`, `railway`, `waterway`, or `fclass` of Geofabrik's extracts. A line
that none of them names is refused, as is one that is no line. Lines meet at points that two of them hold, or that end
one; in between they are one edge, as long as the way along them.

A river's tag says that there is water and not that a barge floats on it: one is refused where `boat` or `motorboat`
says no, and taken otherwise. Whoever names a file of rivers keeps in it those that are navigable.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from graphs.errors import DamagedFile, LayoutError
from graphs.faults import Fault, split
from graphs.sphere import distance_km

MODES = ("road", "rail", "river")
TAGS = {"highway": "road", "railway": "rail", "waterway": "river"}
"""Columns of OpenStreetMap tags and what they name."""
CLASSES = {
    "road": ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
             "service", "track", "road"),
    "rail": ("rail", "light_rail", "narrow_gauge"),
    "river": ("river", "canal", "fairway"),
}  # fmt: skip
"""Values of tags and of `fclass` on which loads travel, also with a suffix (motorway_link, track_grade1). A weir is a
waterway, steps are a highway: what is not listed carries nothing."""
BOATS = ("boat", "motorboat")
"""Columns whose `no` closes a waterway."""
WORDS = frozenset({"mode", *TAGS, "fclass", *BOATS})
"""Columns that are looked at besides the geometry."""
PER_DEGREE = 1_000_000
"""Steps to which points are rounded, some 0.1 m: two within one step are one."""
MAGIC = b"GP"
CRS = frozenset({"OGC:CRS84", "EPSG:4326"})
ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes between the head of a GeoPackage geometry and its WKB, by kind of envelope."""


@dataclass(frozen=True)
class Told:
    """Nodes (node, lon, lat, country, mode), edges (start, end, mode, length_km, passage, source), rows refused."""

    nodes: pl.DataFrame
    edges: pl.DataFrame
    quarantine: pl.DataFrame


def is_geopackage(head: bytes) -> bool:
    """Whether a file that begins so is a GeoPackage: SQLite with the application id GPKG."""
    return head.startswith(b"SQLite format 3\0") and head[68:72] == b"GPKG"


def read(path: Path, *, source: str, file: str, raw_sha256: str) -> Told:
    """The network of a file. Raises DamagedFile or LayoutError with one sentence where it is none at all."""
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
    except FileNotFoundError:
        raise DamagedFile(f"{file} does not exist; check the name") from None
    raw = _geopackage(path, file) if is_geopackage(head) else _geoparquet(path, file)
    if raw.is_empty():
        raise DamagedFile(f"{file} holds no lines; export it again")
    marked = raw.with_row_index("raw_row", 1).with_columns(_mode(raw, file))
    shapes = shapely.from_wkb(marked["wkb"].to_list(), on_invalid="ignore")
    kinds = np.array(
        [-1 if one is None else one.geom_type in ("LineString", "MultiLineString") for one in shapes], dtype=np.int8
    )
    marked = marked.drop("wkb").with_columns(pl.Series("kind", kinds), _beyond(shapes, kinds))
    good, refused = split(marked, _faults(), source=source, file=file, raw_sha256=raw_sha256)
    at = good["raw_row"].to_numpy().astype(np.int64) - 1
    nodes, edges = _network([shapes[one] for one in at], good["mode"].to_list(), file)
    return Told(nodes, edges, refused)


def _faults() -> list[Fault]:
    nothing = pl.lit(None, pl.String)
    lines = "a network is made of lines in longitude and latitude: correct or leave out this one"
    return [
        Fault("geometry", pl.col("kind") == -1, nothing, pl.lit(f"the geometry is missing or unreadable; {lines}")),
        Fault("geometry", pl.col("kind") == 0, nothing, pl.lit(f"the geometry is no line; {lines}")),
        Fault("geometry", pl.col("is_beyond"), nothing, pl.lit(f"the line is empty or leaves the globe; {lines}")),
        Fault("mode", pl.col("mode").is_null(), pl.col("stated"),
              pl.lit("nothing says that goods travel on it: state mode road, rail or river, or leave it out")),
        Fault("mode", (pl.col("mode") == "river") & pl.col("is_closed"), pl.col("stated"),
              pl.lit("no boat may pass here, as the line says itself: correct that, or leave it out")),
    ]  # fmt: skip


def _beyond(shapes: NDArray[np.object_], kinds: NDArray[np.int8]) -> pl.Series:
    """Lines with fewer than two points or with one that is not on the globe."""
    bad = np.zeros(len(shapes), dtype=np.bool_)
    for at in np.flatnonzero(kinds == 1):
        place = shapely.get_coordinates(shapes[at])
        bad[at] = len(place) < 2 or not (np.isfinite(place).all() and (np.abs(place) <= (180.0, 90.0)).all())
    return pl.Series("is_beyond", bad)


def _mode(raw: pl.DataFrame, file: str) -> list[pl.Expr]:
    """What a line carries, the words that say so, and whether boats are kept out. Raises LayoutError if none tells."""
    told = {name.lower(): name for name in raw.columns}

    def cell(name: str) -> pl.Expr:
        text = pl.col(told[name]).cast(pl.String).str.to_lowercase().str.strip_chars()
        return pl.when(text != "").then(text)

    tags = {name: mode for name, mode in TAGS.items() if name in told}
    stated: pl.Expr
    mode: pl.Expr
    if "mode" in told:
        stated = cell("mode")
        mode = pl.when(stated.is_in(MODES)).then(stated)
    elif tags:
        stated = pl.coalesce(cell(name) for name in tags)
        mode = pl.coalesce(_classed(cell(name), one) for name, one in tags.items())
    elif "fclass" in told:
        stated = cell("fclass")
        mode = pl.coalesce(_classed(stated, one) for one in CLASSES)
    else:
        raise LayoutError(
            f"{file} does not say what its lines carry; add a column mode with road, rail or river, or keep one of "
            f"{', '.join([*TAGS, 'fclass'])}"
        )
    closed = pl.any_horizontal(pl.lit(False), *(cell(name) == "no" for name in BOATS if name in told))
    return [mode.alias("mode"), stated.alias("stated"), closed.fill_null(False).alias("is_closed")]


def _classed(stated: pl.Expr, mode: str) -> pl.Expr:
    """The mode where a tag's value is one of its classes."""
    plain = stated.str.replace("_link$", "").str.replace(r"_grade\d$", "")
    return pl.when(plain.is_in(CLASSES[mode])).then(pl.lit(mode))


def _geoparquet(path: Path, file: str) -> pl.DataFrame:
    """Columns of the file, with the geometry as `wkb`."""
    try:
        parcel = pq.ParquetFile(path)
        metadata = parcel.metadata.metadata or {}
    except (pa.ArrowException, OSError) as error:
        raise DamagedFile(f"{file} cannot be read as GeoParquet or GeoPackage; export it again") from error
    if b"geo" not in metadata:
        raise LayoutError(f"{file} is Parquet without geometry; export the lines as GeoParquet")
    try:
        geo = json.loads(metadata[b"geo"])
        name = str(geo["primary_column"])
        column = dict(geo["columns"][name])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFile(f"{file} has geometry metadata that cannot be read; export it again") from error
    names = parcel.schema_arrow.names
    if column.get("encoding") != "WKB" or name not in names:
        raise LayoutError(f"{file} does not hold its geometry as WKB; export it so")
    crs = column.get("crs", "OGC:CRS84")
    code = crs if isinstance(crs, str) else _code(crs)
    if code not in CRS:
        raise LayoutError(f"{file} is in {code}; reproject it to longitude and latitude (EPSG:4326)")
    kept = [one for one in names if one.lower() in WORDS and one != name]
    try:
        table = parcel.read(columns=[*kept, name])
        wkb = pl.Series("wkb", table.column(name).to_pylist(), dtype=pl.Binary)
    except (pa.ArrowException, OSError, TypeError) as error:
        raise DamagedFile(f"{file} ends early or is damaged; export it again") from error
    words = {one: pl.Series(one, map(_word, table.column(one).to_pylist()), dtype=pl.String) for one in kept}
    return pl.DataFrame({**words, "wkb": wkb})


def _word(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _code(crs: object) -> str:
    """Authority and code of a PROJJSON coordinate system."""
    told = crs.get("id") if isinstance(crs, dict) else None
    return f"{told.get('authority')}:{told.get('code')}" if isinstance(told, dict) else "an unnamed coordinate system"


def _geopackage(path: Path, file: str) -> pl.DataFrame:
    """Columns of all its tables of features, with the geometry as `wkb`."""
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise DamagedFile(f"{file} cannot be opened; export it again") from error
    try:
        layers = db.execute(
            "select c.table_name, g.column_name, s.organization, s.organization_coordsys_id from gpkg_contents c "
            "join gpkg_geometry_columns g on g.table_name = c.table_name "
            "join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id where c.data_type = 'features' order by c.table_name"
        ).fetchall()
        if not layers:
            raise LayoutError(f"{file} holds no features; export the lines into it")
        frames = [_layer(db, file, *layer) for layer in layers]
    except sqlite3.Error as error:
        raise DamagedFile(f"{file} is damaged ({error}); export it again") from error
    finally:
        db.close()
    return pl.concat(frames, how="diagonal_relaxed")


def _layer(db: sqlite3.Connection, file: str, table: str, column: str, authority: str, code: int) -> pl.DataFrame:
    named = f"{authority}:{code}".upper()
    if named not in CRS:
        raise LayoutError(f"layer {table} of {file} is in {named}; reproject it to longitude and latitude (EPSG:4326)")
    listed = [str(row[1]) for row in db.execute(f"pragma table_info({_quoted(table)})")]
    kept = [name for name in listed if name.lower() in WORDS]
    rows = db.execute(f"select {', '.join(map(_quoted, [*kept, column]))} from {_quoted(table)}").fetchall()
    told = {name: [_word(row[at]) for row in rows] for at, name in enumerate(kept)}
    frame = pl.DataFrame(told, schema=dict.fromkeys(kept, pl.String))
    wkb = pl.Series("wkb", [_wkb(row[-1]) for row in rows], dtype=pl.Binary)
    return frame.with_columns(wkb) if kept else wkb.to_frame()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _wkb(blob: object) -> bytes | None:
    """WKB inside a geometry of a GeoPackage; None where it is none, or marked as empty."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != MAGIC:
        return None
    flags = blob[3]
    kind = (flags >> 1) & 7
    if kind >= len(ENVELOPES) or flags & 0x10:
        return None
    return blob[8 + ENVELOPES[kind] :]


def _network(shapes: Sequence[object], modes: Sequence[str], source: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges of lines; those of two modes never meet."""
    parts = [(line, mode) for shape, mode in zip(shapes, modes, strict=True) for line in shapely.get_parts(shape)]
    lines = np.array([line for line, _ in parts], dtype=object)
    place, line = shapely.get_coordinates(lines, return_index=True)
    number = np.array([MODES.index(mode) for _, mode in parts], dtype=np.int64)
    steps = np.rint(place * PER_DEGREE).astype(np.int64)
    steps[steps[:, 0] == 180 * PER_DEGREE, 0] = -180 * PER_DEGREE  # one meridian: extracts cut lines there
    cells = np.column_stack([steps, number[line] if len(line) else line])
    points, point = np.unique(cells, axis=0, return_inverse=True) if len(cells) else (cells, line)
    point = point.reshape(-1)
    is_end = np.ones(len(line), dtype=np.bool_)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    # A point that is passed twice, by one line or two, is a place where ways meet.
    passes = np.bincount(point, minlength=len(points))
    held = np.zeros(len(points), dtype=np.bool_)
    held[point[is_end]] = True
    is_node = held[point] | (passes[point] > 1)
    along = np.zeros(len(line))
    same = line[1:] == line[:-1]
    step = distance_km(place[1:, 0], place[1:, 1], place[:-1, 0], place[:-1, 1])
    along[1:] = np.where(same, step, 0.0)
    reach = np.cumsum(along)
    at = np.flatnonzero(is_node)
    one, other = at[:-1], at[1:]
    within = (line[one] == line[other]) & (point[one] != point[other])
    one, other = one[within], other[within]
    nodes = np.unique(point[at])
    lookup = np.zeros(len(points), dtype=np.int64)
    lookup[nodes] = np.arange(len(nodes))
    ends = lookup[point[one]], lookup[point[other]]
    edges = pl.DataFrame(
        {
            "start": np.minimum(*ends), "end": np.maximum(*ends), "mode": [MODES[one] for one in number[line[one]]],
            "length_km": reach[other] - reach[one],
        },
        schema={"start": pl.UInt32, "end": pl.UInt32, "mode": pl.String, "length_km": pl.Float64},
    ).sort("start", "end", "length_km").unique(["start", "end"], keep="first", maintain_order=True)  # fmt: skip
    told = pl.DataFrame(
        {"node": np.arange(len(nodes)), "lon": points[nodes, 0] / PER_DEGREE, "lat": points[nodes, 1] / PER_DEGREE},
        schema={"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64},
    ).with_columns(
        pl.lit(None, pl.String).alias("country"), pl.Series("mode", [MODES[one] for one in points[nodes, 2]], pl.String)
    )
    return told, edges.with_columns(pl.lit(None, pl.String).alias("passage"), pl.lit(source).alias("source"))
