"""Map pages of a home: a way between two places, where a ship was heard, how an alert's goods could have gone.

Each is one file that opens without a network. Its foot says which networks and lists it was drawn from, under which
licence, and by what was known when.
"""

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from graphs.countries import name_of
from graphs.errors import InputError
from graphs.version import __version__
from models.flows.carriage import BULK
from pipelines import queries, ship_queries
from pipelines.home import Home
from pipelines.pages import LONGEST_SLUG, Page
from pipelines.place_queries import Spot, main_place, standing
from pipelines.views.event_words import ship as called
from pipelines.views.map import route_page, voyage_page
from pipelines.views.map_drawing import End
from pipelines.views.ship_list import days
from pipelines.views.ship_list import name_of as ship_name
from pipelines.way_queries import CREDITS, Asked, Ways, sources_of, ways

START, END = "from", "to"
WAYS = 2
"""Ways drawn for an alert."""
NAMED = 12
"""Ships told of a name that several have."""


def route(home: Home, asked: Asked) -> Page | None:
    """The ways between two places; None where none is known."""
    found = ways(home, asked)
    if found.steps.is_empty():
        return None
    ends = [_end(START, found.start), _end(END, found.end)]
    return _of_ways(found, ends, f"{found.start.name} to {found.end.name}", _asked(asked))


def alert(home: Home, name: str, list_name: str) -> Page | None:
    """The ways between the main places of an alert's two countries; None where no scored flow has that name.

    Goods that go in bulk take the cheapest way between main ports, others the fastest between main cities.
    """
    row = queries.find_alert(home, name, list_name)
    if row is None:
        return None
    places = standing(home.scan("places").collect())
    calls = home.scan("port_calls").select("place_id").collect() if home.has("port_calls") else None
    is_bulk = row["family"] in BULK
    spots = [main_place(places, row[one], calls, is_bulk=is_bulk) for one in ("exporter", "importer")]
    for one, spot in zip(("exporter", "importer"), spots, strict=True):
        if spot is None:
            raise InputError(f"no port and no city of {name_of(row[one])} is known here: there is no place to draw")
    start, end = (str(spot.place_id) for spot in spots if spot is not None)
    found = ways(home, Asked(start, end, ways=WAYS, by="cost" if is_bulk else "hours"))
    ends = [
        replace(_end(f"declared {one}", spot), name=name_of(row[one]))
        for one, spot in zip(("exporter", "importer"), spots, strict=True)
        if spot is not None
    ]
    title = f"{row['exporter']} {row['importer']} {row['commodity']} {row['period']}"
    about = {
        "alert": row["alert_id"],
        "what is implausible": row["sentence"],
        "ends": f"{' and '.join(spot.said for spot in spots if spot is not None)} stand for the two countries; no "
        "declaration says through which place the goods went",
        "best by": "cost, since these goods go in bulk" if is_bulk else "time, since these goods may fly",
        "as of": str(row["as_of"]),
    }
    return _of_ways(found, ends, title, about)


def ship(home: Home, who: str, since: date | None = None, until: date | None = None) -> Page | None:
    """Where one ship was heard; None where no ship has that name. Raises InputError where several have it."""
    rows = ship_queries.vessels(home, who).sort("track_id").collect()
    if rows.is_empty():
        return None
    if rows.height > 1:
        raise InputError(_several(who, rows))
    one = rows.row(0, named=True)
    wanted = ship_queries.Wanted(one["track_id"], since=since, until=until)
    positions = ship_queries.positions(home, one["track_id"], since, until)
    places = home.scan("places").select("place_id", "lon", "lat").collect()
    calls = ship_queries.calls_of(home, wanted).rename({"place": "name"}).join(places, on="place_id", how="left")
    about = {
        "ship": _identity(one),
        "positions": days(ship_queries.days_read(home)),
        "made by": f"oretrace {__version__}",
    }
    events = ship_queries.events(home, wanted)
    text = voyage_page(ship_name(one), positions, calls, about, events=events, track_id=one["track_id"])
    spanned = f"{since or ''} {until or ''}".strip()
    return Page(_file(f"ship {ship_name(one)} {spanned}", wanted), f"Where {ship_name(one)} was heard", text)


def _several(who: str, rows: pl.DataFrame) -> str:
    """That a name is the name of several ships: how many, the first of them, and where all are listed."""
    first = rows.select("track_id", "name").head(NAMED).iter_rows()
    listed = ", ".join(called(track, name) for track, name in first)
    shown = f", of which {NAMED} are shown" if rows.height > NAMED else ""
    whole = f"`oretrace ships {shlex.quote(who)} --top {rows.height}` lists all"
    return f"{who!r} names {rows.height:,} ships{shown}: {listed}. Give the track of one; {whole}"


def _of_ways(found: Ways, ends: list[End], title: str, about: Mapping[str, str]) -> Page:
    sources = sources_of(found.steps)
    others = [one for one in sources if one not in CREDITS]
    told = {
        **about,
        "networks": "; ".join(CREDITS[one] for one in sources if one in CREDITS) or "none",
        "also": ", ".join(others),
        "notes": " ".join(found.notes),
        "made by": f"oretrace {__version__}",
    }
    text = route_page(found.steps, ends, {key: value for key, value in told.items() if value}, found.names)
    return Page(_file(f"route {title}", (found.asked, title)), f"Ways from {ends[0].name} to {ends[1].name}", text)


def _asked(asked: Asked) -> dict[str, str]:
    told = {"best by": asked.by, "only by": ", ".join(asked.modes), "avoided": ", ".join(asked.avoid)}
    return {key: value for key, value in told.items() if value}


def _end(role: str, spot: Spot) -> End:
    return End(role, spot.name, spot.country, spot.lon, spot.lat)


def _identity(row: Mapping[str, object]) -> str:
    told = [f"track {row['track_id']}"]
    told += [f"{label} {row[key]}" for label, key in (("MMSI", "mmsi"), ("IMO", "imo")) if row[key] is not None]
    return ", ".join(told)


def _file(title: str, chosen: object) -> str:
    """A name that can be read and that no other page has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG] or "map"
    return f"map-{slug}-{hashlib.sha256(repr(chosen).encode()).hexdigest()[:8]}.html"
