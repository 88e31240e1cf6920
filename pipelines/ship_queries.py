"""Ships of a home: who was heard, where they called, how they sailed, and what stands out.

A port that is named stands for the anchorages around it too, since ships wait there. A call that nobody saw is not a
call that nobody made: every answer says which days were read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from graphs.country_names import plain
from graphs.errors import InputError
from graphs.place_names import words
from graphs.sphere import distance_km
from pipelines.home import Home
from pipelines.place_queries import ROADS_KM, Spot, find, standing

EVENTS = ("gap", "encounter", "loitering", "identity_collision", "impossible_position")
AROUND_KM = 20.0
"""Anchorages so near to a port belong to it when it is asked for; a name of anchorages stands for all that bear it."""
MMSI, IMO = 9, 7
TRACK = re.compile(r"(?:f(\d+)\.)?(\d+):(\d+)")
OWN_BITS = 20
"""Bits of a file's own number of a ship in its sender."""


@dataclass(frozen=True)
class Wanted:
    """Which ships and events; all conditions must hold."""

    who: str | None = None
    """Name or part of it, MMSI, IMO number or track_id."""
    port: str | None = None
    since: date | None = None
    until: date | None = None
    events: tuple[str, ...] = ()


def day(text: str) -> date:
    """A day such as 2024-10-01. Raises InputError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{text!r} is no day: write it as 2024-10-01") from None


def event(text: str) -> str:
    """A kind of event, with `-` or `_`. Raises InputError."""
    name = text.strip().lower().replace("-", "_")
    if name not in EVENTS:
        raise InputError(f"there is no event {text!r}; the events are {', '.join(EVENTS)}")
    return name


def days_read(home: Home) -> list[str]:
    """Days whose positions were read and whose ships were told, in order: of any other nobody knows a call."""
    told = set(home.partitions("vessel_state"))
    return [one for one in home.partitions("vessel_positions") if one in told]


def vessels(home: Home, who: str | None) -> pl.LazyFrame:
    """Rows of `vessels` that a text names; all without one."""
    rows = home.scan("vessels")
    if who is None:
        return rows
    text = who.strip()
    if text.isdecimal() and len(text) in (MMSI, IMO):
        return rows.filter(pl.col("mmsi" if len(text) == MMSI else "imo") == int(text))
    by_id = rows.filter(pl.col("track_id") == text).collect()
    if by_id.height:
        return by_id.lazy()
    named = rows.select("name").drop_nulls().unique().collect()["name"].to_list()
    key = plain(text)
    exact = [one for one in named if plain(one) == key]
    return rows.filter(pl.col("name").is_in(exact or [one for one in named if key and key in plain(one)]))


def port(home: Home, text: str) -> tuple[Spot, list[str]]:
    """A port or anchorage, and the place_ids that it stands for."""
    places = home.scan("places").collect()
    spot = find(places, text, ("sea",), ("port", "anchorage"))
    if spot.place_id is None:
        raise InputError(f"{text!r} is a position: name a port or an anchorage")
    moored = standing(places).filter(pl.col("kind").cast(pl.String) == "anchorage")
    km = pl.Series(distance_km(spot.lon, spot.lat, moored["lon"].to_numpy(), moored["lat"].to_numpy()))
    if spot.kind == "port":
        near = moored.filter(km <= AROUND_KM)
    elif spot.place_id == text.strip():
        near = moored.clear()
    else:
        around = moored.filter(km < ROADS_KM, pl.col("country").eq_missing(pl.lit(spot.country, pl.String)))
        near = around.filter(pl.Series([words(one) == words(spot.name) for one in around["name"]], dtype=pl.Boolean))
    return spot, [spot.place_id, *near.filter(pl.col("place_id") != spot.place_id)["place_id"].to_list()]


def ships(home: Home, wanted: Wanted) -> pl.DataFrame:
    """Ships with their calls, voyages and events in the time asked for: the columns of `vessels` and what was counted.

    With a port only those that called there, most calls first; else in the order of track_id.
    """
    calls, at = calls_of(home, wanted), None
    if wanted.port is not None:
        at = calls.select("track_id").unique()
    rows = vessels(home, wanted.who).collect()
    rows = rows.filter(*_during(wanted, "first_seen", "last_seen"))
    rows = rows if at is None else rows.join(at, on="track_id", how="semi")
    known = events(home, wanted).filter(pl.col("source") == "ais")
    for name, counted in (("calls", calls), ("voyages", voyages_of(home, wanted)), ("events", known)):
        count = counted.group_by("track_id").agg(pl.len().cast(pl.Int64).alias(name))
        rows = rows.join(count, on="track_id", how="left").with_columns(pl.col(name).fill_null(0))
    last = calls.sort("arrived", "call_id").group_by("track_id").agg(last_call=pl.col("place").last())
    told = rows.join(last, on="track_id", how="left")
    if wanted.port is None:
        return told.sort("track_id")
    return told.sort("calls", "track_id", descending=[True, False])


def calls_of(home: Home, wanted: Wanted) -> pl.DataFrame:
    """Calls in order of time, with `place`, the name of the place, and of the ship its name, first_seen and last_seen.

    A call that was not seen to end reaches to the ship's last report: beyond it nobody knows where the ship was.
    """
    heard = home.scan("vessels").select("track_id", "first_seen", "last_seen")
    rows = _of(home, "port_calls", wanted).join(heard, on="track_id", how="left", maintain_order="left")
    if wanted.port is not None:
        rows = rows.filter(pl.col("place_id").is_in(port(home, wanted.port)[1]))
    found = rows.filter(*_during(wanted, "arrived", pl.coalesce("left", "last_seen"))).collect()
    return _named(home, found, {"place": "place_id"}).sort("arrived", "call_id")


def voyages_of(home: Home, wanted: Wanted) -> pl.DataFrame:
    """Voyages in order of time; with a port those that begin or end there."""
    rows = _of(home, "voyages", wanted)
    if wanted.port is not None:
        ids = port(home, wanted.port)[1]
        rows = rows.filter(pl.col("from_place").is_in(ids) | pl.col("to_place").is_in(ids))
    found = rows.filter(*_during(wanted, "departed", "arrived")).collect()
    return _named(home, found, {"from": "from_place", "to": "to_place"}).sort("departed", "voyage_id")


def events(home: Home, wanted: Wanted) -> pl.DataFrame:
    """Events in order of time; with a port those of which it is the nearest place. A ship may be either of two.

    `place`, `ship` and `other_ship` are the names of the place and of the two ships.
    """
    rows = home.scan("vessel_events").with_columns(pl.col("kind", "source").cast(pl.String))
    if wanted.who is not None:
        ids = vessels(home, wanted.who).select("track_id").collect()["track_id"].to_list()
        rows = rows.filter(pl.col("track_id").is_in(ids) | pl.col("other_track").is_in(ids).fill_null(False))
    if wanted.events:
        rows = rows.filter(pl.col("kind").is_in(list(wanted.events)))
    if wanted.port is not None:
        rows = rows.filter(pl.col("place_id").is_in(port(home, wanted.port)[1]).fill_null(False))
    found = rows.filter(*_during(wanted, "began", "ended")).collect()
    others = home.scan("vessels").select(other_track="track_id", other_ship="name").collect()
    named = _named(home, found, {"place": "place_id"}).join(others, on="other_track", how="left", maintain_order="left")
    return named.sort("began", "event_id")


def positions(home: Home, track_id: str, since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """Reports of a track in order of time: sender, time, lon, lat, speed_kn, course_deg, status, draught_m.

    Two ships on one identity are told apart anew, over all its reports. Raises InputError for an unknown track.
    """
    found = home.scan("vessels").filter(pl.col("track_id") == track_id).select("first_seen", "last_seen", "is_split")
    ship = found.collect()
    if ship.is_empty():
        raise InputError(f"no ship has the track {track_id!r}: `oretrace ships` lists them")
    first, last, is_split = ship.row(0)
    names = [one for one in days_read(home) if first.date().isoformat() <= one <= last.date().isoformat()]
    columns = ["sender", "time", "lon", "lat", "speed_kn", "course_deg", "status", "draught_m"]
    sender, number = sender_of(track_id)
    rows = home.scan("vessel_positions", names).filter(pl.col("sender") == sender).select(columns).collect()
    if is_split:
        rows = _track(rows, number)
    begin, end = (_start(one) if one else None for one in (since, until and until + timedelta(days=1)))
    return rows.filter(*_between("time", begin, end)).sort("time")


def sender_of(track_id: str) -> tuple[int, int]:
    """Sender and number of a track, as `models.shipping.state.track_id` wrote them. Raises InputError."""
    found = TRACK.fullmatch(track_id)
    if not found:
        raise InputError(f"{track_id!r} is no track: `oretrace ships` lists them")
    file, own, number = found.groups()
    return (int(own) if file is None else -((int(file) << OWN_BITS) + int(own))), int(number)


def _track(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    """Reports of one of the ships that share an identity."""
    import numpy as np

    from models.shipping.identity import tracks

    lon, lat = (rows[name].fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    told = tracks(rows["sender"].to_numpy(), rows["time"].dt.epoch("s").to_numpy(), lon, lat)
    kept = pl.Series("row", np.sort(told.row[told.number == number]), dtype=pl.Int64)
    return rows.select(pl.all().gather(kept))


def _between(name: str, begin: datetime | None, end: datetime | None) -> list[pl.Expr]:
    found = [pl.lit(True)]
    found += [pl.col(name) >= begin] if begin else []
    return [*found, pl.col(name) < end] if end else found


def _of(home: Home, table: str, wanted: Wanted) -> pl.LazyFrame:
    """A table of calls or voyages of the ships asked for."""
    rows = home.scan(table)
    if wanted.who is None:
        return rows
    return rows.join(vessels(home, wanted.who).select("track_id"), on="track_id", how="semi", maintain_order="left")


def _during(wanted: Wanted, began: str, ended: str | pl.Expr) -> list[pl.Expr]:
    """Conditions on rows that lie within the days asked for, wholly or in part; an unknown end is no bound."""
    found = [pl.lit(True)]
    if wanted.since is not None:
        end = pl.col(ended) if isinstance(ended, str) else ended
        found.append(end.is_null() | (end >= _start(wanted.since)))
    if wanted.until is not None:
        found.append(pl.col(began) < _start(wanted.until + timedelta(days=1)))
    return found


def _start(of: date) -> datetime:
    return datetime.combine(of, time(), UTC)


def _named(home: Home, rows: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Rows with the names of the ship and of places."""
    places = home.scan("places").select("place_id", "name").collect()
    called = home.scan("vessels").select("track_id", ship="name").collect()
    for name, column in columns.items():
        known = places.rename({"place_id": column, "name": name})
        rows = rows.join(known, on=column, how="left", maintain_order="left")
        rows = rows.with_columns(pl.coalesce(name, column).alias(name))
    return rows.join(called, on="track_id", how="left", maintain_order="left")


def event_counts(rows: pl.DataFrame, kinds: Sequence[str] = EVENTS) -> dict[str, int]:
    """How many events of each kind there are, of those that are there."""
    counts = dict(rows.group_by("kind").len().iter_rows())
    return {one: counts[one] for one in kinds if one in counts}
