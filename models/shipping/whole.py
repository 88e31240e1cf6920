"""All days together: vessels, port calls, voyages and events, with what was still open on the last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from models.shipping import encounters, loitering
from models.shipping.calls import is_call
from models.shipping.causes import causes
from models.shipping.fold import EVENT, VESSEL, meeting_events, slow_events
from models.shipping.rules import HOUR_S, RULES, Rules
from models.shipping.sentences import sentence
from models.shipping.sizes import deadweight, kind
from models.shipping.state import CALL, State
from models.shipping.voyages import voyages

SURE, SILENT = 0.95, 0.6
"""Confidence of a call with two or more reports at rest, and of one told from a silence there (Global Fishing Watch
gives these its classes 3-4 and 2)."""


@dataclass(frozen=True)
class Ships:
    """Tables of the same names."""

    vessels: pl.DataFrame
    port_calls: pl.DataFrame
    voyages: pl.DataFrame
    vessel_events: pl.DataFrame


def ships(
    calls: pl.DataFrame, events: pl.DataFrame, vessels: pl.DataFrame, state: pl.DataFrame | None,
    coverage: pl.DataFrame, legs: pl.DataFrame, flags: Mapping[int, str] | None = None, rules: Rules = RULES,
) -> Ships:  # fmt: skip
    """From what all days told (fold.sail) and the last state. flags: country by the first three digits of an MMSI."""
    last = State.of(state)
    told = _vessels(vessels, flags or {})
    all_calls = _calls(calls, last, rules)
    all_events = pl.concat([events, _open(last, rules), _collisions(vessels)], how="diagonal")
    return Ships(
        told,
        _call_rows(all_calls, last),
        voyages(all_calls, told, legs),
        _event_rows(all_events, coverage),
    )


def _vessels(days: pl.DataFrame, flags: Mapping[int, str]) -> pl.DataFrame:
    """Rows of `vessels`: what a ship said on most reports."""
    rows = days.select(*VESSEL).sort("track", "first_s")
    told = rows.group_by("track", maintain_order=True).agg(
        pl.col("sender", "number").first(),
        first_s=pl.col("first_s").min(),
        last_s=pl.col("last_s").max(),
        reports=pl.col("reports").sum(),
        draught_max_m=pl.col("draught_max_m").max(),
        speed_kn=pl.col("speed_kn").median(),
    )
    for name in ("imo", "name", "ais_type", "length_m", "width_m"):
        said = rows.filter(pl.col(name).is_not_null()).group_by("track", name).agg(pl.col("reports").sum())
        most = said.sort("track", "reports", name, descending=[False, True, False]).unique("track", keep="first")
        told = told.join(most.select("track", name), on="track", how="left", maintain_order="left")
    told = told.with_columns(kind=kind(), mmsi=pl.when(pl.col("sender") >= 0).then("sender"))
    digits = (pl.col("mmsi") // 1_000_000).replace_strict(dict(flags), default=None, return_dtype=pl.String)
    return told.with_columns(**deadweight(), is_split=pl.len().over("sender") > 1).select(
        pl.col("track").alias("track_id"), "mmsi", "imo", "name", pl.lit(None, dtype=pl.String).alias("call_sign"),
        digits.alias("flag"), "kind", "ais_type", "length_m", "width_m", "draught_max_m",
        pl.col("speed_kn").cast(pl.Float32).alias("usual_kn"), "deadweight_t", "deadweight_low_t", "deadweight_high_t",
        _time("first_s").alias("first_seen"),
        _time("last_s").alias("last_seen"), "reports", "is_split", _time("last_s").dt.date().alias("known_from"),
    ).sort("track_id")  # fmt: skip


def _calls(calls: pl.DataFrame, last: State, rules: Rules) -> pl.DataFrame:
    """Calls that ended and those that are open, with call_id."""
    both = pl.concat(
        [calls.select(*CALL).with_columns(is_open=False), last.call.filter(is_call(rules)).with_columns(is_open=True)]
    )
    name = pl.format("{}:{}:{}", "track", "place_id", _time("first_rest_s").dt.strftime("%Y%m%dT%H%M%S"))
    return both.with_columns(call_id=name).sort("track", "first_rest_s", "place_id")


def _call_rows(calls: pl.DataFrame, last: State) -> pl.DataFrame:
    """Rows of `port_calls`. A draught after leaving is that on arrival at the next place, where none was sent."""
    ended = pl.when(~pl.col("is_open")).then(_time("last_rest_s"))
    known = ended.dt.date().fill_null(pl.lit(_last_day(last), dtype=pl.Date))
    following = pl.col("draught_in_m").shift(-1).over("track")
    return calls.select(
        "call_id", pl.col("track").alias("track_id"), "place_id", "country",
        _time("first_rest_s").alias("arrived"), _time("berthed_s").alias("berthed"), ended.alias("left"),
        (pl.col("came") & ~pl.col("is_open")).alias("is_whole"), "draught_in_m",
        pl.when(~pl.col("is_open")).then(pl.coalesce(following, "draught_out_m")).alias("draught_out_m"), "rests",
        pl.when(pl.col("rests") >= 2).then(SURE).otherwise(SILENT).alias("confidence"), known.alias("known_from"),
    ).sort("call_id")  # fmt: skip


def _last_day(last: State) -> date | None:
    return last.day["last_day"].max() if last.day.height else None  # type: ignore[return-value]


def _open(last: State, rules: Rules) -> pl.DataFrame:
    """Meetings and slow times that had not ended on the last day."""
    met = meeting_events(last.pair.filter(encounters.has_met(rules)), rules)
    return pl.concat([met, slow_events(last.slow.filter(loitering.is_loitering(rules)))])


def _collisions(days: pl.DataFrame) -> pl.DataFrame:
    """Two tracks of one sender of which each began before the other ended (EVENT with fewest_reports, of both tracks).

    Began is the later of both first reports, ended the earlier of both last ones, over all days: between them either
    may have been silent, so the hours are those of an overlap and not of hearing both.
    """
    spans = days.sort("track", "first_s").group_by("track", maintain_order=True).agg(
        pl.col("sender").first(), pl.col("first_s").min(), pl.col("last_s").max(), pl.col("reports").sum(),
        pl.col("first_lon", "first_lat").drop_nulls().first(), pl.col("last_lon", "last_lat").drop_nulls().last(),
    )  # fmt: skip
    shared = spans.filter(pl.len().over("sender") > 1)
    pairs = shared.join(shared, on="sender", suffix="_two").filter(pl.col("track") < pl.col("track_two"))
    pairs = pairs.with_columns(
        began_s=pl.max_horizontal("first_s", "first_s_two"),
        ended_s=pl.min_horizontal("last_s", "last_s_two"),
        fewest_reports=pl.min_horizontal("reports", "reports_two"),
    ).filter(pl.col("began_s") < pl.col("ended_s"))
    return pairs.select(
        *(
            (_COLLISION[name] if name in _COLLISION else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in EVENT.items()
        ),
        "fewest_reports",
    ).sort("track", "other")


_COLLISION = {
    "kind": pl.lit("identity_collision"), "track": pl.col("track"), "other": pl.col("track_two"),
    "began_s": pl.col("began_s"), "ended_s": pl.col("ended_s"), "lon": pl.col("first_lon_two"),
    "lat": pl.col("first_lat_two"), "lon_end": pl.col("last_lon_two"), "lat_end": pl.col("last_lat_two"),
}  # fmt: skip
PARTS = ("hours", "kn", "kn_before", "kn_after", "km", "apart_km", "place_km", "place_end_km", "fewest_reports")
"""Numbers told of an event where they are known, by the names under which they are shown."""
SHOWN = {"hours": "hours", "kn": "speed_kn", "kn_before": "before_kn", "kn_after": "after_kn", "km": "way_km",
         "apart_km": "apart_km", "place_km": "place_km", "place_end_km": "place_end_km",
         "fewest_reports": "fewest_reports"}  # fmt: skip
CONFIDENT = {"encounter": 0.9, "loitering": 0.9, "identity_collision": 0.95, "impossible_position": 0.9}
"""Of events other than gaps; of two tracks on one identity what many reports of both come near to."""
FEW = 10.0
"""Confidence in two tracks on one identity is 0.95 n / (n + 10), n the reports of the track that has fewer (assumed):
jamming and faults easily bring a few reports from elsewhere, a ship goes on sending."""


def _event_rows(events: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Rows of `vessel_events`."""
    gaps = causes(events.filter(pl.col("kind") == "gap"), coverage)
    others = events.filter(pl.col("kind") != "gap").with_columns(
        causes=pl.lit([], dtype=gaps.schema["causes"]),
        main_cause=pl.lit(None, dtype=pl.String),
        confidence=pl.col("kind").replace_strict(CONFIDENT, default=None, return_dtype=pl.Float64)
        * (pl.col("fewest_reports") / (pl.col("fewest_reports") + FEW)).fill_null(1.0),
    )
    rows = pl.concat([gaps, others]).with_columns(hours=(pl.col("ended_s") - pl.col("began_s")) / HOUR_S)
    parts = pl.concat_list(
        [pl.struct(pl.lit(SHOWN[name]).alias("name"), pl.col(name).cast(pl.Float64).alias("value")) for name in PARTS]
    ).list.filter(pl.element().struct.field("value").is_not_null())
    stamp = _time("began_s").dt.strftime("%Y%m%dT%H%M%S")
    plain = pl.format("{}:{}:{}", "kind", "track", stamp)
    name = (
        pl.when(pl.col("other").is_null())
        .then(plain)
        .otherwise(pl.format("{}:{}", plain, pl.col("other").fill_null("")))
    )
    return rows.select(
        name.alias("event_id"), pl.lit("ais").alias("source"), "kind", pl.col("track").alias("track_id"),
        pl.col("other").alias("other_track"), _time("began_s").alias("began"), _time("ended_s").alias("ended"),
        "hours", "lon", "lat", "lon_end", "lat_end", "place_id", "place_km", pl.col("kn").alias("speed_kn"),
        "confidence", parts.alias("parts"), "causes", "main_cause", sentence().alias("sentence"),
        _time("ended_s").dt.date().alias("known_from"),
    ).sort("event_id")  # fmt: skip


def _time(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column), time_unit="s").dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
