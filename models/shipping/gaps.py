"""Silences: two consecutive reports of one track with eight hours or more between them.

A report without a position counts as heard. The first and the last report of a track make no gap: nobody knows what was
before and after. Where two ships sent under one identity, gaps are looked for in the track of each; and a ship that
sent under another's identity meanwhile was not silent at all (`not_relayed`).
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.sphere import distance_km
from models.shipping.identity import BLOCK, SECONDS_BITS, Floats, Ints, Tracks, tracks
from models.shipping.rules import HOUR_S, KNOT_KM_H, RULES, Rules

COLUMNS = (
    "sender", "number", "began_s", "ended_s", "lon", "lat", "lon_end", "lat_end", "row_before", "row_after",
)  # fmt: skip


def silences(sender: Ints, seconds: Ints, lon: Floats, lat: Floats, rules: Rules = RULES) -> pl.DataFrame:
    """Gaps of reports that come in any order: identity check, sort and search in one; columns `COLUMNS`."""
    return gap_rows(tracks(sender, seconds, lon, lat, rules), sender, rules)


def gap_rows(one: Tracks, sender: Ints, rules: Rules) -> pl.DataFrame:
    """Gaps of tracks. `sender` is that of the frame whose rows the tracks name."""
    before = gaps(one, rules.gap_hours)
    after = before + 1
    start, end = _positioned(one, before, -1), _positioned(one, after, 1)
    return pl.DataFrame(
        {
            "sender": sender[one.row[before]],
            "number": one.number[before],
            "began_s": one.seconds(before),
            "ended_s": one.seconds(after),
            "lon": _at(one.lon, start),
            "lat": _at(one.lat, start),
            "lon_end": _at(one.lon, end),
            "lat_end": _at(one.lat, end),
            "row_before": one.row[before],
            "row_after": one.row[after],
        },
        schema_overrides=dict.fromkeys(("lon", "lat", "lon_end", "lat_end"), pl.Float64),
    ).with_columns(pl.col("lon", "lat", "lon_end", "lat_end").fill_nan(None))


def gaps(one: Tracks, least_hours: float) -> Ints:
    """Reports after which their track is silent for so long."""
    # Between two senders, and back in time between two tracks of one, the step wraps round to a number beyond.
    least, most = np.uint64(round(least_hours * HOUR_S)), np.uint64(1 << (SECONDS_BITS - 1))
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(one.key) - 1, BLOCK):
        step = np.diff(one.key[start : start + BLOCK + 1])
        found.append(np.flatnonzero((step >= least) & (step < most)) + start)
    before = np.concatenate(found)
    same = (one.number[before] == one.number[before + 1]) & (one.number[before] > 0)
    return np.asarray(before[same], dtype=np.int64)


def _positioned(one: Tracks, at: Ints, step: int) -> Ints:
    """The report itself or the next of its track in a direction that has a position; -1 where there is none."""
    found = at.copy()
    for number, start in enumerate(at.tolist()):
        here = start
        while 0 <= here < len(one.lat) and _is_of(one, here, start) and np.isnan(one.lat[here]):
            here += step
        found[number] = here if 0 <= here < len(one.lat) and _is_of(one, here, start) else -1
    return found


def _is_of(one: Tracks, here: int, start: int) -> bool:
    bits = np.uint64(SECONDS_BITS)
    same_sender = one.key[here] >> bits == one.key[start] >> bits
    return bool(same_sender and one.number[here] == one.number[start])


def _at(values: Floats, at: Ints) -> NDArray[np.float64]:
    return np.where(at >= 0, values[at] if len(values) else np.nan, np.nan).astype(np.float64)


def not_relayed(found: pl.DataFrame, split: pl.DataFrame, rules: Rules = RULES) -> pl.DataFrame:
    """Gaps without those of a ship that was heard under another identity meanwhile.

    split: sender, number, first_s, first_lon, first_lat, last_s, last_lon, last_lat of tracks on shared identities.
    Such a track took over if it begins where the ship fell silent and ends where it is heard again: one hand-over is
    shorter than a gap, none longer than a day, and both no faster than a ship moves. Nobody is said to be silent for
    what was left of the gap: rather one gap too few.
    """
    if found.is_empty() or split.is_empty():
        return found
    rows = found.with_row_index("gap")
    pairs = rows.join(split.rename({"sender": "sender_other", "number": "number_other"}), how="cross").filter(
        (pl.col("sender") != pl.col("sender_other")),
        pl.col("first_s").is_between("began_s", "ended_s"),
        pl.col("last_s").is_between("began_s", "ended_s"),
    )
    away = (pl.col("first_s") - pl.col("began_s"), pl.col("ended_s") - pl.col("last_s"))
    pairs = pairs.filter(
        pl.min_horizontal(*away) < rules.gap_hours * HOUR_S,
        pl.max_horizontal(*away) <= rules.lone_hours * HOUR_S,
    )
    pairs = pairs.filter(
        _handed_over(pairs, ("lon", "lat", "began_s"), ("first_lon", "first_lat", "first_s"), rules)
        & _handed_over(pairs, ("last_lon", "last_lat", "last_s"), ("lon_end", "lat_end", "ended_s"), rules)
    )
    return rows.filter(~pl.col("gap").is_in(pairs["gap"].implode())).drop("gap")


def _handed_over(
    pairs: pl.DataFrame, one: tuple[str, str, str], other: tuple[str, str, str], rules: Rules
) -> pl.Series:
    """Whether a ship gets from one report to the other in the time between."""
    lon, lat, began = (pairs[name].cast(pl.Float64).to_numpy() for name in one)
    other_lon, other_lat, ended = (pairs[name].cast(pl.Float64).to_numpy() for name in other)
    hours = (ended - began) / HOUR_S
    km = distance_km(lon, lat, other_lon, other_lat)
    return pl.Series((km <= rules.jump_km + rules.head_kn * KNOT_KM_H * hours) & (hours >= 0))
