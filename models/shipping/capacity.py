"""Carrying capacity: what the ships that were seen at both ends of a pair of countries could have carried.

A stay is a run of calls of one ship in one country, each less than a day after the last: nobody loads abroad and comes
back within a day. It gives one arrival and one departure, and each counts as a full ship, 0.95 x deadweight, whatever
its draught: the table errs towards more. Goods that leave in one month arrive in another, so departures are counted
from the usual length of the exporter's voyages before the period, arrivals until that of the importer's voyages after
it.

A call may go unseen also where receivers work: crews switch off in port. A ship of which no call was seen before its
stay (none at all, or the last at the same place, or a passage with a day to spare) may have come from anywhere. So what
could leave an exporter for an importer are all departures from the one and such arrivals at the other, and what could
reach it are all arrivals and such departures. Doubt, per period and side, in kg:

    sd^2 = sum over ships (spread of its size x what it could carry)^2 + (COMMON x sum)^2
           + (1 - seen) x (sum over stays (what each could carry)^2 + TYPICAL^2)

The last line is that of ships that were not seen, where each had the chance `seen` to be (Horvitz and Thompson; at most
0.98), with one ship of usual size for a period that saw none. The upper end of the 80 % interval is sum + 1.28 sd. Sums
are of what was seen: what there was is the sum over the share seen.

Voyages from one to the other are told where every day was read until the longest voyage that began in the period has
ended, LONGEST_DAYS after it. Before that they are null: a voyage under way is not none.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

import numpy as np
import polars as pl

from models.shipping.draught import FILL
from models.shipping.heard import Heard, heard
from models.shipping.rules import HOUR_S, KNOT_KM_H
from models.shipping.sizes import FAST_KN, NORMAL_80, SLENDER, SPREAD

BULK_KINDS = ("bulk_carrier", "general_cargo", "unknown")
"""Ships that may carry bulk; of an unknown ship nobody knows that it may not. Others may too: see `could_carry`."""
TYPICAL_T, TYPICAL_SD = 35_000.0, 0.8
"""Deadweight of a handysize, the commonest ship of bulk, for a ship without a known length."""
COMMON = 0.10
"""Error that all sizes share, since deadweight is read from length by one rule."""
SAME_STAY = timedelta(hours=24)
SPARE_H = 24.0
"""A passage that took a day longer than its ship needs at its usual pace has room for a call that nobody saw."""
BOXES_KN, LEAST_M = 16.0, 60.0
"""A slower container ship may be a fast ship of bulk; one of another kind may carry it if as long as a coaster."""
BARGE_T = 8_000.0
"""What a tug may tow or push."""
USUAL_DAYS, LONGEST_DAYS = 14, 45
"""Length of a voyage where none was seen, and the longest by which a period is widened."""
YEAR_DAYS = 330
"""Days of a year that must have been read before it is told as a whole."""
MOST_SEEN = 0.98
"""No receiver hears everybody: some transponders are off, or were never sold."""
PORT_SEEN = 0.5
"""A port heard for a smaller share of the time counts as not seen."""
KG = 1_000.0


_Direct = tuple[float | None, float | None, int | None]
"""What the voyages from one country to the other could carry, its upper end, and their number."""


@dataclass(frozen=True)
class _Load:
    """What some stays could have carried."""

    kg: float = 0.0
    of_ships: float = 0.0
    """Sum over ships of (spread of its size x what it could carry)^2."""
    of_stays: float = 0.0
    """Sum over stays of (what each could carry)^2."""
    calls: int = 0

    @classmethod
    def of(cls, stays: pl.DataFrame) -> "_Load":
        """Of rows with track_id, kg and sd."""
        if stays.is_empty():
            return cls()
        each, sd = stays["kg"].to_numpy(), stays["sd"].to_numpy()
        ship = np.unique(stays["track_id"].to_numpy().astype(np.str_), return_inverse=True)[1]
        of_ships = np.bincount(ship, weights=each * sd)
        return cls(float(each.sum()), float((of_ships**2).sum()), float((each**2).sum()), stays.height)

    def high_kg(self, other: "_Load", seen: float) -> float:
        """Upper end of the 80 % interval of this and another load."""
        kg = self.kg + other.kg
        variance = self.of_ships + other.of_ships + (COMMON * kg) ** 2
        variance += (1.0 - min(seen, MOST_SEEN)) * (self.of_stays + other.of_stays + (FILL * KG * TYPICAL_T) ** 2)
        return float(kg + NORMAL_80 * variance**0.5)


@dataclass(frozen=True)
class _Side:
    """What left or reached one country in one period."""

    own: _Load
    unknown: _Load
    """Of it what may have come from, or gone to, anywhere."""
    boxed: int
    ports_seen: int
    ports_known: int
    seen: float
    until: date


def capacity(
    calls: pl.DataFrame, voyages: pl.DataFrame, vessels: pl.DataFrame, coverage: pl.DataFrame, places: pl.DataFrame,
    days: Sequence[date],
) -> pl.DataFrame:  # fmt: skip
    """Rows of `carrying_capacity`: every month with a day that was read, and years of 330 such days or more.

    calls, voyages, vessels, coverage, places: tables port_calls, voyages, vessels, ais_coverage, places. days: days
    whose positions were read. A pair has a row where ships called at both its countries in any of these days.

    Periods of which every day was read are told from what was known when the last of them ended: the days of a month
    that still runs change nothing in them, and what follows from them is judged once a month. What ships are (size,
    kind, pace) is told from all their reports, later ones too.
    """
    if not days or calls.is_empty():
        return _rows([])
    told = periods(days)
    whole = [one for one in told if _is_whole(one, days)]
    running = [one for one in told if one not in whole]
    parts = []
    if running:
        parts.append(_of_periods(calls, voyages, vessels, heard(coverage, places, days), days, running, False))
    if whole:
        end = max(last for _, _, last in whole)
        known = [day for day in days if day <= end]
        then = (*_known_by(end, calls, voyages), vessels, heard(coverage, places, known), known)
        parts.append(_of_periods(*then, whole, True))
    return pl.concat(parts).sort("exporter", "importer", "period")


def _is_whole(period: tuple[int, date, date], days: Sequence[date]) -> bool:
    _, first, last = period
    return (last - first).days + 1 == sum(first <= day <= last for day in set(days))


def _known_by(end: date, calls: pl.DataFrame, voyages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Calls that had begun by the end of a day, open where the ship left later, and voyages that had ended."""
    arrived = pl.col("departed") + pl.duration(seconds=pl.col("hours") * HOUR_S)
    left = pl.when(pl.col("left").dt.date() <= end).then("left")
    return (
        calls.filter(pl.col("arrived").dt.date() <= end).with_columns(left=left),
        voyages.filter(arrived.dt.date() <= end),
    )


def _of_periods(
    calls: pl.DataFrame, voyages: pl.DataFrame, vessels: pl.DataFrame, ports: Heard, days: Sequence[date],
    told: Sequence[tuple[int, date, date]], is_whole: bool,
) -> pl.DataFrame:  # fmt: skip
    """Rows of some periods."""
    stays, boxed = _stays(calls, voyages, vessels)
    between = _between(calls, voyages, vessels)
    usual = {end: _usual_days(between, end) for end in ("exporter", "importer")}
    countries = sorted(calls["country"].drop_nulls().unique())
    outs, ins, rows = _by_country(stays), _by_country(boxed), []
    for period, first, last in told:
        out, into = {}, {}
        for country in countries:
            ships, boxes = outs.get(country), ins.get(country)
            lead, lag = usual["exporter"].get(country, USUAL_DAYS), usual["importer"].get(country, USUAL_DAYS)
            early, late = first - timedelta(days=lead), last + timedelta(days=lag)
            out[country] = _side(ships, boxes, "left", early, last, ports, country, max(days))
            into[country] = _side(ships, boxes, "arrived", first, late, ports, country, max(days))
        is_over = _is_whole((period, first, last + timedelta(days=LONGEST_DAYS)), days)
        direct = _direct(between, first, last) if is_over else {}
        none: _Direct = (0.0, 0.0, 0) if is_over else (None, None, None)
        rows += [
            (one, other, period, *direct.get((one, other), none), out[one], into[other], is_whole, last)
            for one in countries
            for other in countries
            if one != other
        ]
    return _rows(rows)


def periods(days: Sequence[date]) -> list[tuple[int, date, date]]:
    """Months with a day that was read, and years of YEAR_DAYS such days or more: number, first day, last day."""
    read = set(days)
    months = sorted({(day.year, day.month) for day in read})
    told = [
        (year * 100 + month, date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        for year, month in months
    ]
    known = Counter(day.year for day in read)
    years = [year for year in sorted(known) if known[year] >= YEAR_DAYS]
    return told + [(year, date(year, 1, 1), date(year, 12, 31)) for year in years]


def could_carry(vessels: pl.DataFrame) -> pl.DataFrame:
    """track_id, kg, sd (of its logarithm) of the ships that may carry bulk.

    Kinds are read from a number that crews set and from the pace. So a container ship that is slow for one counts as a
    ship of bulk of its length, a ship of some other kind too if it is as long as a coaster, and a tug as its barge.
    """
    length, kind = pl.col("length_m").cast(pl.Float64), pl.col("kind").cast(pl.String)
    guess = (length / SLENDER["bulk_carrier"]).pow(3)
    is_known = kind.is_in(["bulk_carrier", "general_cargo"])
    return vessels.filter(kind.is_in(BULK_KINDS) | _may_carry()).select(
        "track_id",
        kg=FILL * KG * pl.when(kind == "tug").then(BARGE_T)
        .otherwise(pl.coalesce(pl.when(is_known).then("deadweight_t"), guess, pl.lit(TYPICAL_T))),
        sd=pl.when(length.is_null() | (kind == "tug")).then(TYPICAL_SD)
        .when(is_known).then(kind.replace_strict(SPREAD, default=TYPICAL_SD))
        .otherwise(SPREAD["general_cargo"]),
    )  # fmt: skip


def _may_carry() -> pl.Expr:
    """Ships of other kinds of which nobody knows that they may not."""
    kind = pl.col("kind").cast(pl.String)
    is_slow = (kind == "container") & (pl.col("usual_kn") < BOXES_KN)
    is_long = (kind == "other") & (pl.col("length_m") >= LEAST_M)
    return (is_slow | is_long | (kind == "tug")).fill_null(False)


def _stays(calls: pl.DataFrame, voyages: pl.DataFrame, vessels: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stays of ships that may carry bulk (country, track_id, arrived, left, kg, sd, came_unknown, left_unknown), and
    of container ships."""
    rows = calls.filter(pl.col("country").is_not_null()).sort("track_id", "arrived", "call_id")
    before = pl.col("left").shift(1).over("track_id")
    same = (pl.col("country") == pl.col("country").shift(1).over("track_id")) & (
        pl.col("arrived") - before < pl.lit(SAME_STAY)
    )
    rows = rows.with_columns(stay=(~same.fill_null(False)).cum_sum())
    stays = rows.group_by("stay", "track_id", "country", maintain_order=True).agg(
        pl.col("arrived").first(), pl.col("left").last(), to_call=pl.col("call_id").first(),
        from_call=pl.col("call_id").last(),
    )  # fmt: skip
    pace = vessels.select("track_id", usual_kn=pl.col("usual_kn").cast(pl.Float64).fill_null(FAST_KN))
    needed = pl.col("length_km") / (pl.col("usual_kn") * KNOT_KM_H)
    sure = voyages.join(pace, on="track_id").filter(pl.col("hours") - needed < SPARE_H)
    stays = stays.with_columns(
        came_unknown=~pl.col("to_call").is_in(sure["to_call"].implode()),
        left_unknown=~pl.col("from_call").is_in(sure["from_call"].implode()),
    )
    boxes = vessels.filter(pl.col("kind").cast(pl.String) == "container", ~_may_carry()).select("track_id")
    return (
        stays.join(could_carry(vessels), on="track_id").sort("arrived", "track_id"),
        stays.join(boxes, on="track_id").with_columns(kg=0.0, sd=0.0).sort("arrived", "track_id"),
    )


def _by_country(stays: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {key[0]: rows for key, rows in stays.partition_by("country", as_dict=True).items()}


def _between(calls: pl.DataFrame, voyages: pl.DataFrame, vessels: pl.DataFrame) -> pl.DataFrame:
    """Voyages from one country to another of ships that may carry bulk, with what they could carry."""
    of = calls.select("call_id", "country")
    rows = voyages.join(of.rename({"call_id": "from_call", "country": "exporter"}), on="from_call").join(
        of.rename({"call_id": "to_call", "country": "importer"}), on="to_call"
    )
    rows = rows.join(could_carry(vessels), on="track_id").filter(pl.col("exporter") != pl.col("importer"))
    return rows.sort("departed", "voyage_id")


def _usual_days(between: pl.DataFrame, end: str) -> dict[str, int]:
    """Median length of the voyages that leave (exporter) or reach (importer) each country, whole days, rounded up."""
    days = (pl.col("hours").median() / 24).ceil().clip(0, LONGEST_DAYS).cast(pl.Int64)
    return dict(between.group_by(end).agg(days).iter_rows())


def _side(
    stays: pl.DataFrame | None, boxes: pl.DataFrame | None, time: str, begin: date, end: date, ports: Heard,
    country: str, last_read: date,
) -> _Side:  # fmt: skip
    shares = ports.shares(country, begin, end)
    seen = float(shares.mean()) if shares.size else 0.0
    within = pl.col(time).dt.date().is_between(begin, end)
    own = stays.filter(within) if stays is not None else pl.DataFrame(schema={"came_unknown": pl.Boolean})
    unknown = own.filter("left_unknown" if time == "left" else "came_unknown") if own.height else own
    return _Side(
        _Load.of(own), _Load.of(unknown), boxes.filter(within).height if boxes is not None else 0,
        int((shares >= PORT_SEEN).sum()), shares.size, seen, min(end, last_read),
    )  # fmt: skip


def _direct(between: pl.DataFrame, first: date, last: date) -> dict[tuple[str, str], _Direct]:
    """By pair: what its voyages could carry, the upper end, and their number."""
    rows = between.filter(pl.col("departed").dt.date().is_between(first, last))
    told: dict[tuple[str, str], _Direct] = {}
    for (one, other), voyages in rows.partition_by("exporter", "importer", as_dict=True).items():
        ships = voyages.group_by("track_id", maintain_order=True).agg(pl.col("kg").sum(), pl.col("sd").first())
        kg = float(voyages["kg"].to_numpy().sum())
        variance = float(((ships["kg"] * ships["sd"]).to_numpy() ** 2).sum()) + (COMMON * kg) ** 2
        told[one, other] = (kg, kg + NORMAL_80 * variance**0.5, voyages.height)
    return told


def _told(one: _Side, other: _Side) -> tuple[float, float, float | None]:
    """kg, upper end, and the spread of the logarithm that has the same one: what one side saw, and what the other saw
    of ships that may have been there."""
    kg, high = one.own.kg + other.unknown.kg, one.own.high_kg(other.unknown, one.seen)
    return kg, high, log(high / kg) / NORMAL_80 if kg > 0 else None


_COLUMNS = {
    "exporter": pl.String, "importer": pl.String, "period": pl.Int32, "direct_kg": pl.Float64,
    "direct_high_kg": pl.Float64, "out_kg": pl.Float64, "out_high_kg": pl.Float64, "out_log_sd": pl.Float64,
    "in_kg": pl.Float64, "in_high_kg": pl.Float64, "in_log_sd": pl.Float64, "voyages": pl.UInt32,
    "calls_out": pl.UInt32, "calls_in": pl.UInt32, "boxed_calls": pl.UInt32, "ports_seen": pl.UInt32,
    "ports_known": pl.UInt32, "seen_share_out": pl.Float64, "seen_share_in": pl.Float64, "is_whole": pl.Boolean,
    "known_from": pl.Date,
}  # fmt: skip


_Row = tuple[str, str, int, float | None, float | None, int | None, _Side, _Side, bool, date]


def _rows(rows: Sequence[_Row]) -> pl.DataFrame:
    told = [
        (
            one, other, period, direct, direct_high, *_told(out, into), *_told(into, out), voyages, out.own.calls,
            into.own.calls, out.boxed + into.boxed, out.ports_seen + into.ports_seen,
            out.ports_known + into.ports_known, out.seen, into.seen, whole, max(last, out.until, into.until),
        )
        for one, other, period, direct, direct_high, voyages, out, into, whole, last in rows
    ]  # fmt: skip
    return pl.DataFrame(told, schema=_COLUMNS, orient="row").sort("exporter", "importer", "period")
