"""Pages of events of Global Fishing Watch as rows: what they publish, in their words, beside our own findings.

Numbers come as text in some fields and as numbers in others; both are read. A meeting is published twice, once for each
ship, and kept once. What the publisher infers, such as a transponder that was disabled, is kept as theirs and changes
none of our findings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from graphs.errors import InputError
from graphs.tables import Quarantine
from graphs.tables_ships import VesselEvents
from pipelines.sources.gfw_api import SOURCE, read_page

KINDS = {
    "port_visit": "port_visit",
    "portvisit": "port_visit",
    "gap": "gap",
    "encounter": "encounter",
    "loitering": "loitering",
}
SCHEMA: dict[str, pl.DataType] = {
    "event_id": pl.String(),
    "kind": pl.String(),
    "mmsi": pl.Int64(),
    "name": pl.String(),
    "flag": pl.String(),
    "other_mmsi": pl.Int64(),
    "other_name": pl.String(),
    "began": pl.Datetime("us", "UTC"),
    "ended": pl.Datetime("us", "UTC"),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "lon_end": pl.Float64(),
    "lat_end": pl.Float64(),
    "length_km": pl.Float64(),
    "distance_km": pl.Float64(),
    "speed_kn": pl.Float64(),
    "anchorage": pl.String(),
    "port": pl.String(),
    "port_flag": pl.String(),
    "certainty": pl.Int64(),
    "is_disabling": pl.Boolean(),
}
"""Rows of the intermediate table `gfw_events`; `ended` is null while an event goes on."""
WORDS = {"gap": "silent", "encounter": "close to another ship", "loitering": "slow at sea"}


@dataclass(frozen=True)
class Told:
    """Events (SCHEMA, by event_id), and entries that cannot be used (schema Quarantine)."""

    events: pl.DataFrame
    quarantine: pl.DataFrame


def parse(body: bytes, *, file: str, raw_sha256: str) -> Told:
    """Events of one archived page. Raises TryAgain for a body that is none."""
    rows, refused = [], []
    for at, entry in enumerate(read_page(body).entries, start=1):
        try:
            rows.append(_row(entry))
        except _FaultError as fault:
            refused.append((SOURCE, raw_sha256, at, file, fault.field, fault.found, f"row {at}: {fault}"))
    quarantine = pl.DataFrame(refused, schema=Quarantine.create_empty().schema, orient="row")
    return Told(once([pl.DataFrame(rows, schema=SCHEMA)]), quarantine)


def once(pages: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Events of several pages, each once: the latest page wins, and of both sides of a meeting the first counts."""
    together = pl.concat([pl.DataFrame(schema=SCHEMA), *pages])
    base = pl.col("event_id").str.replace(r"\.[12]$", "")
    latest = together.unique("event_id", keep="last", maintain_order=True).sort("event_id")
    meeting = pl.when(pl.col("kind") == "encounter").then(base).otherwise("event_id")
    return latest.with_columns(meeting.alias("_same")).unique("_same", keep="first", maintain_order=True).drop("_same")


def vessel_events(events: pl.DataFrame) -> pl.DataFrame:
    """Rows of table `vessel_events`: gaps, encounters and loitering that ended; no ordinary reason was tested."""
    kept = events.filter(pl.col("kind").is_in(list(WORDS)) & pl.col("ended").is_not_null())
    hours = (pl.col("ended") - pl.col("began")).dt.total_seconds() / 3600
    other = pl.when(pl.col("kind") == "encounter").then(pl.format("{}:1", "other_mmsi"))
    sentence = pl.format(
        "Global Fishing Watch lists {} as {} for {} h from {}; no ordinary reason was tested",
        pl.coalesce("name", pl.col("mmsi").cast(pl.String)),
        pl.col("kind").replace_strict(WORDS, default=None, return_dtype=pl.String),
        hours.round(1),
        pl.col("began").dt.strftime("%Y-%m-%d %H:%M UTC"),
    )
    parts = pl.concat_list(
        pl.struct(pl.lit(name).alias("name"), pl.col(name).alias("value")) for name in ("length_km", "distance_km")
    )
    found = kept.select(
        pl.format("gfw:{}", "event_id").alias("event_id"),
        pl.lit("gfw").alias("source"),
        "kind",
        pl.format("{}:1", "mmsi").alias("track_id"),
        other.alias("other_track"),
        "began",
        "ended",
        hours.alias("hours"),
        "lon",
        "lat",
        "lon_end",
        "lat_end",
        pl.lit(None, pl.String).alias("place_id"),
        pl.lit(None, pl.Float64).alias("place_km"),
        "speed_kn",
        pl.lit(0.0).alias("confidence"),
        parts.alias("parts"),
        pl.lit([], dtype=VesselEvents.create_empty().schema["causes"]).alias("causes"),
        pl.lit(None, pl.String).alias("main_cause"),
        sentence.alias("sentence"),
        pl.col("ended").dt.date().alias("known_from"),
    )
    return VesselEvents.cast(found).sort(VesselEvents.primary_key())


class _FaultError(InputError):
    def __init__(self, field: str, found: object, reason: str) -> None:
        super().__init__(reason)
        self.field, self.found = field, None if found is None else str(found)[:100]


def _row(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise _FaultError("entry", entry, "the entry is no event; fetch the page again")
    kind = KINDS.get(str(entry.get("type")).lower())
    if kind is None:
        raise _FaultError("type", entry.get("type"), f"events of type {entry.get('type')!r} are not known here")
    began, ended = _time(entry, "start"), _time(entry, "end")
    if began is None:
        raise _FaultError("start", None, "the event states no beginning; fetch the page again")
    if ended is not None and ended < began:
        raise _FaultError("end", entry["end"], "the event ends before it begins; fetch the page again")
    vessel, said, place = _part(entry, "vessel"), _said(entry, kind), _part(entry, "position")
    if kind == "gap":
        place, last = _part(said, "offPosition") or place, _part(said, "onPosition")
    else:
        last = {}
    start, met = _part(said, "startAnchorage") or _part(said, "intermediateAnchorage"), _part(said, "vessel")
    return {
        "event_id": _text(entry, "id") or _missing("id"),
        "kind": kind,
        "mmsi": _mmsi(vessel),
        "name": _text(vessel, "name"),
        "flag": _text(vessel, "flag"),
        "other_mmsi": _mmsi(met) if met else None,
        "other_name": _text(met, "name"),
        "began": began,
        "ended": ended,
        "lon": _degrees(place, "lon", 180.0),
        "lat": _degrees(place, "lat", 90.0),
        "lon_end": _degrees(last, "lon", 180.0),
        "lat_end": _degrees(last, "lat", 90.0),
        "length_km": _number(said, "distanceKm", "totalDistanceKm"),
        "distance_km": _number(said, "medianDistanceKilometers"),
        "speed_kn": _number(said, "impliedSpeedKnots", "medianSpeedKnots", "averageSpeedKnots"),
        "anchorage": _text(start, "anchorageId"),
        "port": _text(start, "name"),
        "port_flag": _text(start, "flag"),
        "certainty": None if (sure := _number(said, "confidence")) is None else int(sure),
        "is_disabling": said.get("intentionalDisabling")
        if isinstance(said.get("intentionalDisabling"), bool)
        else None,
    }


def _said(entry: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """What the event says of its kind; the publisher and its own client write port visits differently."""
    return _part(entry, kind) or (_part(entry, "portVisit") if kind == "port_visit" else {})


def _part(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = entry.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(entry: Mapping[str, Any], name: str) -> str | None:
    found = entry.get(name)
    return None if found is None or not str(found).strip() else str(found).strip()


def _missing(name: str) -> str:
    raise _FaultError(name, None, f"the event has no {name}; fetch the page again")


def _time(entry: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(entry, name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _FaultError(name, text, f"{name} {text!r} is no time; fetch the page again") from None
    if found.tzinfo is None:
        raise _FaultError(name, text, f"{name} {text!r} states no zone; fetch the page again")
    return found


def _mmsi(vessel: Mapping[str, Any]) -> int:
    text = _text(vessel, "ssvid") or _missing("ssvid")
    if len(text) > 9 or not (text.isascii() and text.isdigit()):
        raise _FaultError("ssvid", text, f"ssvid {text!r} is no identity of nine digits; fetch the page again")
    return int(text)


def _number(said: Mapping[str, Any], *names: str) -> float | None:
    """The first of these fields that is there; None where none is or it says nothing."""
    for name in names:
        text = _text(said, name)
        if text is not None:
            try:
                value = float(text)
            except ValueError:
                raise _FaultError(name, text, f"{name} {text!r} is no number; fetch the page again") from None
            if not 0.0 <= value < float("inf"):
                raise _FaultError(name, text, f"{name} {text!r} is no amount; fetch the page again")
            return value
    return None


def _degrees(place: Mapping[str, Any], name: str, most: float) -> float | None:
    text = _text(place, name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        raise _FaultError(name, text, f"{name} {text!r} is no number; fetch the page again") from None
    if not -most <= value <= most:
        raise _FaultError(name, text, f"{name} {text!r} lies on no map; fetch the page again")
    return value
