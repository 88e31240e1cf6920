"""One day of ships: from the positions of a day and what the day before left open to what ended on it.

Each thing is told on the day on which it ends: one after the other the days tell what all of them at once would.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from graphs.sphere import distance_km
from models.shipping import calls, encounters, loitering
from models.shipping.gaps import gap_rows
from models.shipping.heads import UNSETTLED
from models.shipping.identity import Tracks, tracks
from models.shipping.relayed import SILENCE, silent_ships
from models.shipping.rules import DAY_S, HOUR_S, KNOT_KM_H, RULES, Rules
from models.shipping.shore import Shore
from models.shipping.state import LONE, TRACK, State, track_id

NEAR_H = 3.0
"""Time within so many hours of a report counts as seen."""
EVENT: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "track": pl.String(),
    "other": pl.String(),
    "began_s": pl.Int64(),
    "ended_s": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "lon_end": pl.Float64(),
    "lat_end": pl.Float64(),
    "place_id": pl.String(),
    "place_km": pl.Float64(),
    "place_end": pl.String(),
    "place_end_km": pl.Float64(),
    "kn": pl.Float64(),
    "kn_before": pl.Float64(),
    "kn_after": pl.Float64(),
    "km": pl.Float64(),
    "apart_km": pl.Float64(),
}
"""An event as a day tells it; `whole` adds causes and words. km: way or distance between the ends."""
VESSEL: dict[str, pl.DataType] = {
    "track": pl.String(), "sender": pl.Int64(), "number": pl.UInt8(), "first_s": pl.Int64(), "last_s": pl.Int64(),
    "first_lon": pl.Float64(), "first_lat": pl.Float64(), "last_lon": pl.Float64(), "last_lat": pl.Float64(),
    "reports": pl.UInt32(), "imo": pl.Int32(), "name": pl.String(), "ais_type": pl.UInt16(), "length_m": pl.Float32(),
    "width_m": pl.Float32(), "draught_max_m": pl.Float32(), "speed_kn": pl.Float32(),
}  # fmt: skip
STATIC = ("imo", "name", "ais_type", "length_m", "width_m")
Part = tuple[int | None, pl.DataFrame]
"""The greatest sender that belongs to a part of a day, None for the last part, and its reports."""


@dataclass(frozen=True)
class Sailed:
    """What a day tells: calls (CALL), events (EVENT) and tracks (VESSEL), and the state for the next day."""

    calls: pl.DataFrame
    events: pl.DataFrame
    vessels: pl.DataFrame
    state: pl.DataFrame


def sail(
    positions: pl.DataFrame, state: pl.DataFrame | None, places: pl.DataFrame, day: date, rules: Rules = RULES
) -> Sailed:
    """One day of rows of `vessel_positions`. `state` is that of the latest day before that was read, None for none."""
    return sail_parts([(None, positions)], state, places, day, rules)


def sail_parts(
    parts: Iterable[Part],
    state: pl.DataFrame | None,
    places: pl.DataFrame,
    day: date,
    rules: Rules = RULES,
) -> Sailed:
    """One day in parts by sender, so that memory holds one part at a time; the same as `sail` of all of them.

    parts: the greatest sender that belongs to the part (None for the last one) and its reports, in order of sender.
    """
    old, shore = State.of(state), Shore.of(places)
    read, end_s = old.after(day), ((day - date(1970, 1, 1)).days + 1) * DAY_S
    told = [_alone(some, before, shore, end_s, rules) for some, before in _split(parts, old)]
    track = pl.concat([one.track for one in told]).sort("track")
    met, open_pairs = _met(pl.concat([one.steps for one in told]), old.pair, end_s, rules)
    silent = silent_ships(pl.concat([one.silences for one in told]), track, old.track, rules)
    gaps = _gaps(silent, read["unread_s"].item(), shore)
    events = [*(one.events for one in told), _as_event(gaps), _as_event(shore.seen(meeting_events(met, rules)))]
    lone, calls_, slow = (pl.concat([getattr(one, name) for one in told]) for name in ("lone", "open_calls", "slow"))
    return Sailed(
        pl.concat([one.calls for one in told]).sort("track", "first_rest_s"),
        pl.concat(events).sort("kind", "track", "began_s", "other"),
        pl.concat([one.vessels for one in told]).sort("track"),
        State(track, lone, calls_, slow, open_pairs, read).frame(),
    )


@dataclass(frozen=True)
class _Alone:
    """What some senders tell of themselves, before they are held against the others."""

    calls: pl.DataFrame
    open_calls: pl.DataFrame
    slow: pl.DataFrame
    silences: pl.DataFrame
    events: pl.DataFrame
    steps: pl.DataFrame
    vessels: pl.DataFrame
    track: pl.DataFrame
    lone: pl.DataFrame


def _split(parts: Iterable[Part], old: State) -> Iterator[tuple[pl.DataFrame, State]]:
    """Each part with what is known of its senders."""
    above = None
    for until, positions in parts:
        yield positions, old.between(above, until)
        above = until


def _alone(positions: pl.DataFrame, old: State, shore: Shore, end_s: int, rules: Rules) -> _Alone:
    raw, numbered, rows = _heard(positions, old, rules)
    lone = rows.filter(pl.col("number") == 0, pl.col("lon").is_not_null())
    heard = rows.filter(pl.col("number") > 0)
    reports = _reports(heard, old, shore)
    unheard = old.track.join(heard.select("track").unique(), on="track", how="anti")
    ended, open_calls = calls.stays(reports, shore.numbered(old.call), shore.is_port, rules)
    slow, open_slow = loitering.slow(reports, old.slow, rules)
    is_old = pl.col("time_s") < end_s - rules.lone_hours * HOUR_S
    events = [shore.seen(slow_events(slow)), shore.seen(_impossible(lone.filter(is_old)))]
    return _Alone(
        shore.named(ended),
        shore.named(open_calls),
        open_slow,
        _silences(numbered, raw, rules),
        pl.concat([_as_event(one) for one in events]),
        encounters.steps(reports, rules),
        _vessels(heard.filter(~pl.col("is_old"))),
        pl.concat([unheard, _tracks(heard, reports, old)]),
        _lone(lone.filter(~is_old)),
    )


def _heard(positions: pl.DataFrame, old: State, rules: Rules) -> tuple[pl.DataFrame, Tracks, pl.DataFrame]:
    """Reports with the last ones before them, their tracks, and the reports in order of track, with number, track."""
    raw = _with_old(positions, old)
    numbered = _numbered(raw, rules)
    rows = raw[numbered.row].with_columns(number=pl.Series(numbered.number)).with_columns(track=track_id())
    return raw, numbered, rows


def _as_event(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in EVENT.items())


def _with_old(positions: pl.DataFrame, old: State) -> pl.DataFrame:
    """Reports of the day after the last ones of the same senders: the columns of `positions`, time_s, known, is_old."""
    day = positions.with_columns(
        time_s=pl.col("time").dt.epoch("s"), known=pl.lit(0, dtype=pl.UInt8), is_old=pl.lit(False)
    )
    senders = day["sender"].unique().implode()
    last = _last_reports(old.track.filter(pl.col("sender").is_in(senders))).rename({"number": "known"})
    # All of them, so that those whose sender is silent grow old too.
    lone = old.lone.select(
        *_AS_REPORT, time_s="fix_s", lon="last_lon", lat="last_lat", known=pl.lit(UNSETTLED, dtype=pl.UInt8),
        is_old=pl.lit(False),
    )  # fmt: skip
    thin = day.select(
        "sender", "time_s", "lon", "lat", "speed_kn", "status", "draught_m", "imo", "name", "length_m", "width_m",
        "ais_type", "known", "is_old",
    )  # fmt: skip
    return pl.concat([last, lone, thin], how="diagonal").select(thin.columns)


def _last_reports(track: pl.DataFrame) -> pl.DataFrame:
    """The last position of each track, then the report without one that came after it."""
    fix = track.filter(pl.col("fix_s").is_not_null()).select(
        *_AS_REPORT, "status", "draught_m", "number", time_s="fix_s", lon="last_lon", lat="last_lat",
        is_old=pl.lit(True),
    )  # fmt: skip
    unplaced = track.filter(pl.col("fix_s").is_null() | (pl.col("fix_s") < pl.col("last_s"))).select(
        *_AS_REPORT, "status", "draught_m", "number", time_s="last_s", is_old=pl.lit(True)
    )
    return pl.concat([fix, unplaced], how="diagonal")


_AS_REPORT = (pl.col("sender"), pl.col("kn").alias("speed_kn"), pl.col("imo"), pl.col("name"))


def _numbered(raw: pl.DataFrame, rules: Rules) -> Tracks:
    """Identity check."""
    # A hash only tells names apart here, and none leaves this function; null has one too.
    named = pl.when(pl.col("name").is_not_null()).then(pl.col("name").hash() // 4)
    marks = raw.select(pl.coalesce(pl.col("imo").cast(pl.Int64), named.cast(pl.Int64), 0)).to_series().to_numpy()
    lon, lat = (raw[name].fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    known = raw["known"].to_numpy()
    return tracks(raw["sender"].to_numpy(), raw["time_s"].to_numpy(), lon, lat, rules, known, marks)


def _reports(heard: pl.DataFrame, old: State, shore: Shore) -> pl.DataFrame:
    """Reports of the day with a position, each with its step from the one before it; see `calls.stays`."""
    rows = heard.with_columns(pl.col("draught_m").forward_fill().over("track")).filter(pl.col("lon").is_not_null())
    rows = rows.with_columns(**shore.near(rows))
    before = {
        f"previous_{name}": pl.col(name).shift(1).over("track")
        for name in ("lon", "lat", "place", "place_km", "time_s", "speed_kn")
    }
    rows = rows.with_columns(**before).with_columns(dt_s=pl.col("time_s") - pl.col("previous_time_s"))
    ends = (rows[name].fill_null(float("nan")).to_numpy() for name in ("previous_lon", "previous_lat", "lon", "lat"))
    km = pl.Series(distance_km(*ends)).fill_nan(None)
    rows = rows.with_columns(km=km).filter(~pl.col("is_old"))
    implied = pl.when(pl.col("dt_s") > 0).then(pl.col("km") / pl.col("dt_s") * HOUR_S / KNOT_KM_H)
    sums = old.track.select("track", base_km="km_sum", base_h="seen_sum_h")
    seen = pl.min_horizontal(pl.col("dt_s") / HOUR_S, pl.lit(2 * NEAR_H)).fill_null(0.0)
    rows = rows.join(sums, on="track", how="left", maintain_order="left").with_columns(
        kn=pl.coalesce("speed_kn", implied.cast(pl.Float32)),
        is_first=pl.col("dt_s").is_null(),
        km_sum=pl.col("base_km").fill_null(0.0) + pl.col("km").fill_null(0.0).cum_sum().over("track"),
        seen_sum_h=pl.col("base_h").fill_null(0.0) + seen.cum_sum().over("track"),
    )
    return rows.drop("base_km", "base_h", "previous_time_s")


def _tracks(heard: pl.DataFrame, reports: pl.DataFrame, old: State) -> pl.DataFrame:
    """State of the tracks that were heard."""
    last = heard.group_by("track", maintain_order=True).agg(
        pl.col("sender", "number").first(),
        first_s=pl.col("time_s").first(),
        last_s=pl.col("time_s").last(),
        draught_m=pl.col("draught_m").drop_nulls().last(),
        imo=pl.col("imo").drop_nulls().last(),
        name=pl.col("name").drop_nulls().last(),
    )
    fixes = (
        heard.filter(pl.col("lon").is_not_null())
        .group_by("track", maintain_order=True)
        .agg(
            first_lon=pl.col("lon").first(),
            first_lat=pl.col("lat").first(),
            fix_s=pl.col("time_s").last(),
            last_lon=pl.col("lon").last(),
            last_lat=pl.col("lat").last(),
            kn=pl.col("speed_kn").last(),
            status=pl.col("status").last(),
        )
    )
    sums = reports.group_by("track", maintain_order=True).agg(pl.col("km_sum", "seen_sum_h").last())
    began = old.track.select(
        "track", old_s="first_s", old_lon="first_lon", old_lat="first_lat", old_km="km_sum", old_h="seen_sum_h"
    )
    rows = last
    for one in (fixes, sums, began):
        rows = rows.join(one, on="track", how="left", maintain_order="left")
    return rows.with_columns(
        first_s=pl.coalesce("old_s", "first_s"),
        first_lon=pl.coalesce("old_lon", "first_lon"),
        first_lat=pl.coalesce("old_lat", "first_lat"),
        km_sum=pl.coalesce("km_sum", "old_km", 0.0),
        seen_sum_h=pl.coalesce("seen_sum_h", "old_h", 0.0),
    ).select(pl.col(name).cast(kind) for name, kind in TRACK.items())


def _silences(numbered: Tracks, raw: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Silences of tracks that ended today (relayed.SILENCE)."""
    found = gap_rows(numbered, raw["sender"].to_numpy(), rules)
    found = found.filter(~raw["is_old"].gather(found["row_after"]))
    speed = raw["speed_kn"]
    told = found.with_columns(
        kn_before=speed.gather(found["row_before"]), kn_after=speed.gather(found["row_after"]),
        track=track_id(), other=pl.lit(None),
    )  # fmt: skip
    return told.select(pl.col(name).cast(kind) for name, kind in SILENCE.items())


def _gaps(found: pl.DataFrame, unread_s: int | None, shore: Shore) -> pl.DataFrame:
    """Silences of ships that ended today and hold no unread day, as EVENT."""
    if unread_s is not None:
        found = found.filter(pl.col("began_s") >= unread_s)
    ends = shore.seen(found.select(lon="lon_end", lat="lat_end"))
    found = shore.seen(found).with_columns(place_end=ends["place_id"], place_end_km=ends["place_km"])
    points = (found[name].fill_null(float("nan")).to_numpy() for name in ("lon", "lat", "lon_end", "lat_end"))
    return found.with_columns(
        kind=pl.lit("gap"),
        km=pl.Series(distance_km(*points)).fill_nan(None),
        apart_km=pl.lit(None, dtype=pl.Float64),
    ).with_columns(kn=pl.col("km") / KNOT_KM_H / ((pl.col("ended_s") - pl.col("began_s")) / HOUR_S))


def _met(steps: pl.DataFrame, open_pairs: pl.DataFrame, end_s: int, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Meetings that ended, and pairs that may go on tomorrow; steps of all tracks (encounters.steps)."""
    pairs = encounters.runs(encounters.near(steps.sort("step", "track"), rules), rules)
    runs = encounters.joined(pl.concat([open_pairs, pairs]), rules)
    step_s = rules.step_minutes * 60
    since = end_s - rules.bridge_minutes * 60 - (rules.holes + 1) * step_s
    is_open = pl.col("ended_step") * step_s >= since
    return runs.filter(~is_open & encounters.has_met(rules)), runs.filter(is_open)


def meeting_events(met: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Meetings (encounters.PAIR) as EVENT."""
    step_s = rules.step_minutes * 60
    return _event(
        met, "encounter", other="other", began_s=pl.col("began_step") * step_s, ended_s=pl.col("ended_step") * step_s,
        kn=pl.col("speeds_kn").list.median(), apart_km=pl.col("apart_km").list.median(),
    )  # fmt: skip


def slow_events(slow: pl.DataFrame) -> pl.DataFrame:
    """Slow times (loitering.SLOW) as EVENT."""
    hours = (pl.col("ended_s") - pl.col("began_s")) / HOUR_S
    return _event(slow, "loitering", began_s="began_s", ended_s="ended_s", km="km", kn=pl.col("km") / hours / KNOT_KM_H)


def _impossible(lone: pl.DataFrame) -> pl.DataFrame:
    rows = lone.with_columns(number=pl.lit(1)).with_columns(
        track=track_id(), lon_end=pl.col("lon"), lat_end=pl.col("lat")
    )
    return _event(rows, "impossible_position", began_s="time_s", ended_s="time_s", kn=pl.col("speed_kn"))


def _event(rows: pl.DataFrame, kind: str, **columns: str | pl.Expr) -> pl.DataFrame:
    """Rows as EVENT, with nulls for what is not given."""
    told = {name: pl.col(one) if isinstance(one, str) else one for name, one in columns.items()}
    plain = {name: pl.col(name) for name in ("track", "lon", "lat", "lon_end", "lat_end")}
    return rows.select(
        (told.get(name, plain.get(name, pl.lit(None))).cast(dtype) if name != "kind" else pl.lit(kind)).alias(name)
        for name, dtype in EVENT.items()
    )


def _lone(lone: pl.DataFrame) -> pl.DataFrame:
    return lone.select("sender", "imo", "name", fix_s="time_s", last_lon="lon", last_lat="lat", kn="speed_kn").select(
        pl.col(name).cast(kind) for name, kind in LONE.items()
    )


def _vessels(heard: pl.DataFrame) -> pl.DataFrame:
    """Tracks heard today with what they said most often; of equals the least."""
    rows = heard.group_by("track", maintain_order=True).agg(
        pl.col("sender", "number").first(),
        first_s=pl.col("time_s").first(),
        last_s=pl.col("time_s").last(),
        first_lon=pl.col("lon").drop_nulls().first(),
        first_lat=pl.col("lat").drop_nulls().first(),
        last_lon=pl.col("lon").drop_nulls().last(),
        last_lat=pl.col("lat").drop_nulls().last(),
        reports=pl.len(),
        draught_max_m=pl.col("draught_m").max(),
        speed_kn=pl.col("speed_kn").filter(pl.col("speed_kn") >= 3.0).median(),
        **{name: pl.col(name).drop_nulls().mode().min() for name in STATIC},
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in VESSEL.items()).sort("track")
