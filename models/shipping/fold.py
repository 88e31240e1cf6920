"""One day of ships: from the positions of a day and what the day before left open to what ended on it.

Each thing is told on the day on which it ends: one after the other the days tell what all of them at once would.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from graphs.nearest import Nearest
from graphs.sphere import distance_km
from models.shipping import calls, encounters, loitering
from models.shipping.gaps import gap_rows, not_relayed
from models.shipping.heads import UNSETTLED
from models.shipping.identity import Tracks, tracks
from models.shipping.rules import DAY_S, HOUR_S, KNOT_KM_H, RULES, Rules
from models.shipping.state import CALL, LONE, TRACK, State, track_id

PLACES = ("port", "anchorage")
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
    old, shore = State.of(state), _Shore.of(places)
    raw = _with_old(positions, old)
    numbered = _numbered(raw, rules)
    end_s = ((day - date(1970, 1, 1)).days + 1) * DAY_S
    rows = raw[numbered.row].with_columns(number=pl.Series(numbered.number)).with_columns(track=track_id())
    lone = rows.filter(pl.col("number") == 0, pl.col("lon").is_not_null())
    heard = rows.filter(pl.col("number") > 0)
    reports = _reports(heard, old, shore)
    today = old.track.join(heard.select("track").unique(), on="track", how="anti")
    track = pl.concat([today, _tracks(heard, reports, old)]).sort("track")
    read = old.after(day)
    gaps = _gaps(numbered, raw, track, read["unread_s"].item(), shore, rules)
    ended, open_calls = calls.stays(reports, shore.numbered(old.call), shore.is_port, rules)
    slow, open_slow = loitering.slow(reports, old.slow, rules)
    met, open_pairs = _met(reports, old.pair, end_s, rules)
    is_old = pl.col("time_s") < end_s - rules.lone_hours * HOUR_S
    events = [
        gaps,
        shore.seen(slow_events(slow)),
        shore.seen(meeting_events(met, rules)),
        shore.seen(_impossible(lone.filter(is_old))),
    ]
    return Sailed(
        shore.named(ended).sort("track", "first_rest_s"),
        pl.concat([one.select(pl.col(n).cast(t) for n, t in EVENT.items()) for one in events]).sort(
            "kind", "track", "began_s", "other"
        ),
        _vessels(heard.filter(~pl.col("is_old"))),
        State(track, _lone(lone.filter(~is_old)), shore.named(open_calls), open_slow, open_pairs, read).frame(),
    )


def _with_old(positions: pl.DataFrame, old: State) -> pl.DataFrame:
    """Reports of the day after the last ones of the same senders: the columns of `positions`, time_s, known, is_old."""
    day = positions.with_columns(
        time_s=pl.col("time").dt.epoch("s"), known=pl.lit(0, dtype=pl.UInt8), is_old=pl.lit(False)
    )
    senders = day["sender"].unique().implode()
    track = old.track.filter(pl.col("sender").is_in(senders))
    fix = track.filter(pl.col("fix_s").is_not_null()).select(
        *_AS_REPORT, "status", "draught_m", time_s="fix_s", lon="last_lon", lat="last_lat", known="number",
        is_old=pl.lit(True),
    )  # fmt: skip
    unplaced = track.filter(pl.col("fix_s").is_null() | (pl.col("fix_s") < pl.col("last_s"))).select(
        *_AS_REPORT, "status", "draught_m", time_s="last_s", known="number", is_old=pl.lit(True)
    )
    # All of them, so that those whose sender is silent grow old too.
    lone = old.lone.select(
        *_AS_REPORT, time_s="fix_s", lon="last_lon", lat="last_lat", known=pl.lit(UNSETTLED, dtype=pl.UInt8),
        is_old=pl.lit(False),
    )  # fmt: skip
    thin = day.select(
        "sender", "time_s", "lon", "lat", "speed_kn", "status", "draught_m", "imo", "name", "length_m", "width_m",
        "ais_type", "known", "is_old",
    )  # fmt: skip
    return pl.concat([fix, unplaced, lone, thin], how="diagonal").select(thin.columns)


_AS_REPORT = (pl.col("sender"), pl.col("kn").alias("speed_kn"), pl.col("imo"), pl.col("name"))


def _numbered(raw: pl.DataFrame, rules: Rules) -> Tracks:
    """Identity check."""
    # A hash only tells names apart here, and none leaves this function; null has one too.
    named = pl.when(pl.col("name").is_not_null()).then(pl.col("name").hash() // 4)
    marks = raw.select(pl.coalesce(pl.col("imo").cast(pl.Int64), named.cast(pl.Int64), 0)).to_series().to_numpy()
    lon, lat = (raw[name].fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    known = raw["known"].to_numpy()
    return tracks(raw["sender"].to_numpy(), raw["time_s"].to_numpy(), lon, lat, rules, known, marks)


def _reports(heard: pl.DataFrame, old: State, shore: "_Shore") -> pl.DataFrame:
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


def _gaps(
    numbered: Tracks, raw: pl.DataFrame, track: pl.DataFrame, unread_s: int | None, shore: "_Shore", rules: Rules
) -> pl.DataFrame:
    """Silences that ended today, as EVENT."""
    found = gap_rows(numbered, raw["sender"].to_numpy(), rules)
    found = found.filter(~raw["is_old"].gather(found["row_after"]))
    if unread_s is not None:
        found = found.filter(pl.col("began_s") >= unread_s)
    shared = track.filter(pl.len().over("sender") > 1)
    found = not_relayed(found, shared, rules)
    found = shore.seen(found).join(
        shore.seen(found.select("row_before", lon="lon_end", lat="lat_end")).select(
            "row_before", place_end="place_id", place_end_km="place_km"
        ),
        on="row_before", how="left", maintain_order="left",
    )  # fmt: skip
    ends = (found[name].fill_null(float("nan")).to_numpy() for name in ("lon", "lat", "lon_end", "lat_end"))
    return found.with_columns(
        kind=pl.lit("gap"),
        track=track_id(),
        other=pl.lit(None, dtype=pl.String),
        km=pl.Series(distance_km(*ends)).fill_nan(None),
        kn_before=raw["speed_kn"].gather(found["row_before"]),
        kn_after=raw["speed_kn"].gather(found["row_after"]),
        apart_km=pl.lit(None, dtype=pl.Float64),
    ).with_columns(kn=pl.col("km") / KNOT_KM_H / ((pl.col("ended_s") - pl.col("began_s")) / HOUR_S))


def _met(
    reports: pl.DataFrame, open_pairs: pl.DataFrame, end_s: int, rules: Rules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Meetings that ended, and pairs that may go on tomorrow."""
    pairs = encounters.runs(encounters.near(encounters.steps(reports, rules), rules), rules)
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


@dataclass(frozen=True)
class _Shore:
    """Ports and anchorages, numbered in the order of the place that stands for each."""

    ids: pl.Series
    countries: pl.Series
    is_port: pl.Series
    ports: Nearest
    anchorages: Nearest
    all: Nearest
    rules: Rules

    @classmethod
    def of(cls, places: pl.DataFrame, rules: Rules = RULES) -> "_Shore":
        near = places.filter(pl.col("kind").cast(pl.String).is_in(PLACES))
        standing = near.filter(pl.col("same_as").is_null()).sort("place_id")
        return cls(
            standing["place_id"], standing["country"], standing["kind"].cast(pl.String) == "port",
            Nearest.of(near, ("port",)), Nearest.of(near, ("anchorage",)), Nearest.of(near), rules,
        )  # fmt: skip

    def near(self, rows: pl.DataFrame) -> dict[str, pl.Series]:
        """place (number, -1 for none within 12 km) and place_km of positions; a port comes before an anchorage."""
        lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
        port, port_km = self._rows(self.ports, lon, lat)
        other, other_km = self._rows(self.anchorages, lon, lat)
        takes_port = (port_km <= self.rules.port_km) | (port_km <= other_km)
        place = np.where(takes_port, port, other)
        return {
            "place": pl.Series(place, dtype=pl.Int32),
            "place_km": pl.Series(np.where(takes_port, port_km, other_km), dtype=pl.Float64),
        }

    def _rows(self, kind: Nearest, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        row, km = kind.rows(lon, lat, self.rules.leave_km)
        names = kind.places.select(pl.coalesce("same_as", "place_id").alias("place_id")).to_series()
        number = self._number(names).to_numpy() if len(names) else np.empty(0, dtype=np.int64)
        return np.where(row >= 0, number[np.maximum(row, 0)] if len(number) else -1, -1), km

    def _number(self, names: pl.Series) -> pl.Series:
        """Numbers of places; -1 for a name that stands for none."""
        known = pl.DataFrame({"place_id": self.ids}).with_row_index("place")
        found = names.alias("place_id").to_frame().join(known, on="place_id", how="left", maintain_order="left")
        return found["place"].cast(pl.Int64).fill_null(-1)

    def numbered(self, open_calls: pl.DataFrame) -> pl.DataFrame:
        """Open calls as RUN; those at places that are gone are dropped."""
        rows = open_calls.with_columns(place=self._number(open_calls["place_id"]))
        return rows.filter(pl.col("place") >= 0).select(pl.col(name).cast(kind) for name, kind in calls.RUN.items())

    def named(self, runs: pl.DataFrame) -> pl.DataFrame:
        """RUN as CALL."""
        rows = runs.with_columns(place_id=self.ids.gather(runs["place"]), country=self.countries.gather(runs["place"]))
        return rows.select(pl.col(name).cast(kind) for name, kind in CALL.items())

    def seen(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with lon and lat, and the nearest place."""
        lon, lat = (rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
        found = self.all.find(lon, lat)
        return rows.with_columns(place_id=found["place_id"], place_km=found["km"])
