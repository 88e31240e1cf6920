"""What heard reports say, in the words of the US MarineCadastre, in the order of their arrival."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints, Mask
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import moved
from models.world.shipping.hearing import Reports
from models.world.shipping.tracks import ANCHORED, DRIFTING, FISHING, MOORED, MOVING, Motion, Track, motion

STATUS = {MOVING: 0, ANCHORED: 1, MOORED: 5, FISHING: 7, DRIFTING: 0}
"""Navigational status of ITU-R M.1371."""
NO_LAT, NO_LON, NO_SPEED, NO_COURSE, NO_HEADING = 91.0, 181.0, 102.3, 360.0, 511.0


@dataclass(frozen=True)
class Senders:
    """Rows of the fleet whose identity, and whose name and size, each report carries."""

    mmsi: Ints
    static: Ints


def positions(
    rng: np.random.Generator, shipping: Shipping, track: Track, heard: Reports, senders: Senders, fleet: pl.DataFrame,
    start: date,
) -> pl.DataFrame:  # fmt: skip
    """Reports with errors, values that say "not available", repetitions, and late arrivals."""
    seconds = heard.time_s
    state, now = track.state[heard.piece], motion(track, heard.piece, seconds)
    is_b = (fleet["transceiver"] == "B").to_numpy()[track.vessel[heard.piece]]
    values = _measured(rng, shipping, track, heard.piece, now)
    _unavailable(rng, shipping, values, is_b)
    status = np.array([STATUS[one] for one in sorted(STATUS)])[state]
    forgets = rng.random(len(track.vessel)) < shipping.stale_status
    status = np.where(forgets[heard.piece] & np.isin(state, (ANCHORED, MOORED)), 0, status)
    draught = np.round(track.draught_m[heard.piece], 1)
    order, rows = _arrival(rng, shipping, heard), fleet[senders.static]
    known = pl.Series(rng.random(len(seconds)) >= shipping.no_static)
    epoch = int((datetime(start.year, start.month, start.day) - datetime(1970, 1, 1)).total_seconds())
    frame = pl.DataFrame(
        {
            "MMSI": fleet["mmsi"].gather(senders.mmsi),
            "BaseDateTime": pl.from_epoch(pl.Series(seconds.astype(np.int64) + epoch), time_unit="s"),
            **values,
            "VesselName": rows["name"],
            "IMO": rows["imo"],
            "CallSign": rows["call_sign"],
            "VesselType": rows["ais_type"],
            "Status": status,
            "Length": rows["length_m"],
            "Width": rows["width_m"],
            "Draft": draught,
            "Cargo": rows["ais_type"],
            "TransceiverClass": rows["transceiver"],
            "_known": known,
            "_is_b": is_b,
        }
    )
    static = ("VesselName", "IMO", "CallSign", "VesselType", "Length", "Width", "Draft", "Cargo")
    frame = frame.with_columns(
        pl.col("BaseDateTime").dt.strftime("%Y-%m-%dT%H:%M:%S"),
        pl.when(pl.col("_known")).then(pl.col(static)),
        pl.when(~pl.col("_is_b")).then(pl.col("Status")),
    )
    return frame.with_columns(pl.when(~pl.col("_is_b")).then(pl.col("Draft"))).drop("_known", "_is_b")[order]


def _measured(
    rng: np.random.Generator, shipping: Shipping, track: Track, piece: Ints, now: Motion
) -> dict[str, Floats]:
    """Position, speed, course and heading with the errors of receivers and compasses."""
    count, state = len(piece), track.state[piece]
    away = np.abs(rng.standard_normal(count)) * shipping.position_m / 1e3
    lon, lat = moved(now.lon, now.lat, rng.uniform(0, 360, count), away)
    rests = np.isin(state, (ANCHORED, MOORED))
    noise = rng.standard_normal(count)
    speed: Floats = np.where(rests, np.abs(noise) * 0.1, np.maximum(now.speed_kn + noise * shipping.speed_kn, 0.0))
    # The slower a vessel, the less its course is known; at rest it is noise.
    scatter = np.clip(3.0 / np.maximum(speed, 0.05), 0.5, 180.0)
    course = now.course + rng.uniform(-1, 1, count) * np.where(rests, 180.0, scatter)
    berth = (piece * 137.0) % 360.0
    heading = np.where(state == MOORED, berth, now.course) + rng.uniform(-3, 3, count)
    return {
        "LAT": np.round(lat, 5),
        "LON": np.round(lon, 5),
        "SOG": np.round(speed, 1),
        "COG": np.round(course % 360.0, 1) % 360.0,
        "Heading": np.rint(heading % 360.0) % 360.0,
    }


def _unavailable(rng: np.random.Generator, shipping: Shipping, values: dict[str, Floats], is_b: Mask) -> None:
    """Writes what stands for "not available" over some of the values."""
    count = len(is_b)
    nowhere = rng.random(count) < shipping.no_position
    values["LAT"][nowhere], values["LON"][nowhere] = NO_LAT, NO_LON
    values["SOG"][rng.random(count) < shipping.no_speed] = NO_SPEED
    values["COG"][rng.random(count) < shipping.no_course] = NO_COURSE
    values["Heading"][is_b | (rng.random(count) < shipping.no_heading)] = NO_HEADING


def _arrival(rng: np.random.Generator, shipping: Shipping, heard: Reports) -> Ints:
    """Rows in the order in which they arrive; some arrive twice."""
    count = len(heard.time_s)
    again = np.flatnonzero(rng.random(count) < shipping.duplicates)
    rows = np.append(np.arange(count), again)
    delay = np.where(heard.by_satellite, shipping.satellite_delay_s, shipping.delay_s)[rows]
    arrives = heard.time_s[rows] + rng.exponential(1.0, len(rows)) * delay
    return rows[np.lexsort((rows, arrives))]
