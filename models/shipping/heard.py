"""Which hours of a port were heard: whether a ship that lay there would have been noticed.

The waters of a port are the cells of `ais_coverage` within 12 km of its point. An hour counts as heard where a ship
sent a report there at most three hours before or after. A longer silence counts as heard too, since an empty port is
silent, if it lasts a fortnight at most, lies between two reports, and nothing speaks for a receiver that failed or for
a file that was not read:

- no ship under way fell silent in these waters on any of its days;
- it does not begin in the last three hours of a day, when a ship that falls silent is not told from one that sails on;
- it lasts no longer than a day, or the port is quiet at other times too: of the other hours less than 80 % are heard.

What lies before the first report and after the last one is not heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from models.shipping.coverage import CELL, SILENT_H, cell
from models.shipping.rules import RULES

NEAR_H = 3
"""A report so many hours before or after speaks for an hour."""
QUIET_H = 14 * 24
"""Longest silence that may be an empty port's."""
BUSY = 0.8
"""A port heard in so large a share of its hours is not empty for days."""
DAY_H = 24
DEGREE_KM = 111.2
SHALLOW_M, SHORT_M = 4.0, 80.0
"""A port that admits no deeper or no longer ship loads no bulk carrier and no coaster."""


@dataclass(frozen=True)
class Heard:
    """Hours of ports, from 00 UTC of the first day that was read to 24 UTC of the last."""

    first: date
    country: npt.NDArray[np.str_]
    hours: npt.NDArray[np.bool_]
    """[port, hour]."""

    def shares(self, country: str, begin: date, end: date) -> npt.NDArray[np.float64]:
        """Share of the hours from begin to end (both included) heard at each port of a country; unread hours are not
        heard."""
        start, stop = ((day - self.first).days * 24 for day in (begin, end))
        rows = self.hours[self.country == country]
        told = rows[:, max(start, 0) : max(stop + 24, 0)].sum(axis=1) / (stop + 24 - start)
        return np.asarray(told, dtype=np.float64)


def heard(coverage: pl.DataFrame, places: pl.DataFrame, days: Sequence[date]) -> Heard:
    """Hours heard at every port that counts (`same_as` null) and admits ships of bulk. days: those that were read."""
    ports = bulk_ports(places)
    first, count = min(days), (max(days) - min(days)).days + 1
    bits = np.zeros((ports.height, count), dtype=np.uint32)
    fell = np.zeros((ports.height, count), dtype=np.bool_)
    rows = _waters(ports).join(coverage.filter(pl.col("known_from").is_in(list(days))), on=CELL)
    day = (rows["known_from"] - first).dt.total_days().to_numpy()
    at = (rows["port"].to_numpy(), day)
    np.bitwise_or.at(bits, at, rows["hours_seen"].to_numpy())
    np.logical_or.at(fell, at, rows["fell_silent"].to_numpy() > 0)
    each = ((bits[:, :, None] >> np.arange(24, dtype=np.uint32)) & 1).astype(np.bool_)
    hours, known = each.reshape(ports.height, 24 * count), {(day - first).days for day in days}
    read, near = np.repeat([one in known for one in range(count)], DAY_H), _near(hours)
    told = (near | _quiet(hours, fell, near & read, read)) & read
    return Heard(first, ports["country"].to_numpy().astype(np.str_), told)


def bulk_ports(places: pl.DataFrame) -> pl.DataFrame:
    """Ports that count, with a country, and not too shallow or short for a ship of bulk."""
    small = (pl.col("max_draught_m") < SHALLOW_M) | (pl.col("max_length_m") < SHORT_M)
    return places.filter(
        pl.col("kind").cast(pl.String) == "port",
        pl.col("same_as").is_null(),
        pl.col("country").is_not_null(),
        ~small.fill_null(False),
    ).sort("place_id")


def _waters(ports: pl.DataFrame) -> pl.DataFrame:
    """Cells within reach of each port: port (row), cell_lon, cell_lat."""
    rows = ports.select("lon", "lat", port=pl.int_range(pl.len()))
    lat = RULES.leave_km / DEGREE_KM
    lon = lat / pl.col("lat").radians().cos().clip(lower_bound=0.05)
    around = [
        rows.with_columns(
            lon=(pl.col("lon") + east * lon + 180.0) % 360.0 - 180.0, lat=(pl.col("lat") + north * lat).clip(-90, 90)
        )
        for east in (-1, 0, 1)
        for north in (-1, 0, 1)
    ]
    return pl.concat(around).select("port", **cell("lon", "lat")).unique().sort("port", *CELL)


def _near(hours: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Hours with a report within NEAR_H hours."""
    told = hours.copy()
    for step in range(1, NEAR_H + 1):
        told[:, step:] |= hours[:, :-step]
        told[:, :-step] |= hours[:, step:]
    return told


def _quiet(
    hours: npt.NDArray[np.bool_], fell: npt.NDArray[np.bool_], loud: npt.NDArray[np.bool_], read: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Hours between two reports, where an empty port is all that the silence speaks for."""
    told = np.zeros_like(hours)
    fallen, near, known = _summed(fell), _summed(loud), _summed(read[None])[0]
    for port in range(len(hours)):
        at = np.flatnonzero(hours[port])
        start, stop = at[:-1], at[1:]
        length = stop - start
        is_late = start % DAY_H >= DAY_H - SILENT_H
        has_fallen = fallen[port, stop // DAY_H + 1] > fallen[port, start // DAY_H]
        # Of the hours outside the silence, how many are heard.
        near_outside = near[port, -1] - (near[port, stop] - near[port, start + 1])
        outside = known[-1] - (known[stop] - known[start + 1])
        is_busy = (near_outside >= BUSY * outside) & (outside >= DAY_H)
        calm = (length > 1) & (length <= QUIET_H) & ~is_late & ~has_fallen & ~(is_busy & (length > DAY_H))
        for begin, end in zip(start[calm], stop[calm], strict=True):
            told[port, begin:end] = True
    return told


def _summed(marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Running sums along the second axis, from 0."""
    return np.concatenate([np.zeros((len(marks), 1), dtype=np.int64), marks.cumsum(axis=1)], axis=1)
