"""Silences: two consecutive reports of one track with eight hours or more between them.

A report without a position counts as heard. The first and the last report of a track make no gap: nobody knows what was
before and after. Where two ships sent under one identity, gaps are looked for in the track of each; `relayed` looks at
ships that sent under two.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.shipping.identity import BLOCK, SECONDS_BITS, Floats, Ints, Tracks, tracks
from models.shipping.rules import HOUR_S, RULES, Rules

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
