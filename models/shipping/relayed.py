"""Ships that sent under two identities: when they were silent, and when only one of the identities was.

A ship may send under the identity of another for some days. Its own identity is silent meanwhile; the ship is not.
Where both its tracks carry one IMO number they are taken together, and it was silent only while neither was heard, be
it under one identity before and under the other after (`joined`). Where no number tells that both are one ship, a
silence that such a track may fill is no gap at all (`not_relayed`): rather one gap too few.
"""

import polars as pl

from graphs.sphere import distance_km
from models.shipping.rules import HOUR_S, KNOT_KM_H, RULES, Rules

SILENCE: dict[str, pl.DataType] = {
    "sender": pl.Int64(), "track": pl.String(), "other": pl.String(), "began_s": pl.Int64(), "ended_s": pl.Int64(),
    "lon": pl.Float64(), "lat": pl.Float64(), "lon_end": pl.Float64(), "lat_end": pl.Float64(),
    "kn_before": pl.Float32(), "kn_after": pl.Float32(),
}  # fmt: skip
"""A silence between two reports; other: the track heard at its end, null where it is the same."""


def silent_ships(found: pl.DataFrame, tracks: pl.DataFrame, before: pl.DataFrame, rules: Rules = RULES) -> pl.DataFrame:
    """Silences of ships that ended on a day, from those of tracks (all SILENCE).

    tracks: all tracks so far (state.TRACK) with the day; before: without it.
    """
    shared = tracks.filter(pl.len().over("sender") > 1)
    times = _times(found, tracks, before, rules)
    alone = found.join(times, on="track", how="anti", maintain_order="left")
    return pl.concat([not_relayed(alone, shared, rules), joined(times, rules)]).sort("track", "began_s")


def _times(found: pl.DataFrame, tracks: pl.DataFrame, before: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Times without a silence of tracks that carry one IMO number, one of them on a shared identity.

    Columns: imo, track, sender, from_s, until_s, from_lon, from_lat, until_lon, until_lat, from_kn, until_kn, is_new
    (begins on the day). No number is taken that two tracks of one identity carry.
    """
    known = tracks.with_columns(is_shared=pl.len().over("sender") > 1).filter(pl.col("imo") > 0)
    same = known.filter(
        pl.len().over("imo") > 1,
        pl.col("sender").n_unique().over("imo") == pl.len().over("imo"),
        pl.col("is_shared").any().over("imo"),
    )
    old = before.select("track", old_s="last_s", old_lon="last_lon", old_lat="last_lat", old_kn="kn")
    rows = same.join(old, on="track", how="left")
    first = rows.select(
        "imo", "track", "sender", from_s=pl.coalesce("old_s", "first_s"), from_lon=_first("lon"),
        from_lat=_first("lat"), from_kn="old_kn", is_new=pl.col("old_s").is_null(),
    )  # fmt: skip
    last = rows.select("track", until_s="last_s", until_lon="last_lon", until_lat="last_lat", until_kn="kn")
    mine = found.join(rows.select("imo", "track"), on="track")
    again = mine.select(
        "imo", "track", "sender", from_s="ended_s", from_lon="lon_end", from_lat="lat_end", from_kn="kn_after",
        is_new=pl.lit(True),
    )  # fmt: skip
    away = mine.select("track", until_s="began_s", until_lon="lon", until_lat="lat", until_kn="kn_before")
    starts = pl.concat([first, again]).sort("track", "from_s").with_columns(at=pl.int_range(pl.len()).over("track"))
    ends = pl.concat([last, away]).sort("track", "until_s").with_columns(at=pl.int_range(pl.len()).over("track"))
    return _possible(starts.join(ends, on=["track", "at"]).drop("at").sort("imo", "from_s", "until_s", "track"), rules)


def _first(axis: str) -> pl.Expr:
    """Where a track was last before the day, and if it is new where it began."""
    return pl.when(pl.col("old_s").is_null()).then(f"first_{axis}").otherwise(f"old_{axis}")


def _possible(times: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Times of ships that can have got from one identity to the other, and were not heard under both at once."""
    previous = {f"last_{name}": pl.col(f"until_{name}").shift(1).over("imo") for name in ("s", "lon", "lat")}
    rows = times.with_columns(**previous, changes=pl.col("track") != pl.col("track").shift(1).over("imo"))
    can = _handed_over(rows, ("last_lon", "last_lat", "last_s"), ("from_lon", "from_lat", "from_s"), rules)
    rows = rows.with_columns(cannot=pl.col("changes").fill_null(False) & ~can)
    return rows.filter(~pl.col("cannot").any().over("imo")).select(times.columns)


def joined(times: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Silences between the times of a ship (`_times`) that ended on the day, as SILENCE."""
    before = {
        name: pl.col(name).shift(1).over("imo")
        for name in ("sender", "track", "until_s", "until_lon", "until_lat", "until_kn")
    }
    rows = times.select(
        **before, ended_s="from_s", lon_end="from_lon", lat_end="from_lat", kn_after="from_kn", heard="track",
        is_new="is_new",
    ).filter("is_new", pl.col("ended_s") - pl.col("until_s") >= rules.gap_hours * HOUR_S)  # fmt: skip
    told = rows.with_columns(other=pl.when(pl.col("heard") != pl.col("track")).then("heard")).rename(
        {"until_s": "began_s", "until_lon": "lon", "until_lat": "lat", "until_kn": "kn_before"}
    )
    return told.select(pl.col(name).cast(kind) for name, kind in SILENCE.items())


def not_relayed(found: pl.DataFrame, split: pl.DataFrame, rules: Rules = RULES) -> pl.DataFrame:
    """Gaps without those of a ship that may have been heard under another identity meanwhile.

    split: sender, track, first_s, first_lon, first_lat, last_s, last_lon, last_lat of tracks on shared identities.
    Such a track took over if it begins where the ship fell silent and ends where it is heard again: one hand-over is
    shorter than a gap, none longer than a day, and both no faster than a ship moves. Nobody is said to be silent for
    what was left of the gap.
    """
    if found.is_empty() or split.is_empty():
        return found
    rows = found.with_row_index("gap")
    others = split.select("first_s", "first_lon", "first_lat", "last_s", "last_lon", "last_lat", sender_other="sender")
    # Not every gap with every track: both grow with the number of ships, the tracks with that of days too.
    pairs = rows.join_where(
        others,
        pl.col("first_s") >= pl.col("began_s"),
        pl.col("last_s") <= pl.col("ended_s"),
        pl.col("sender") != pl.col("sender_other"),
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
    """Whether a ship gets from one report to the other in the time between; not where a position is missing."""
    lon, lat, began = (pairs[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in one)
    other_lon, other_lat, ended = (pairs[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in other)
    hours = (ended - began) / HOUR_S
    km = distance_km(lon, lat, other_lon, other_lat)
    return pl.Series((km <= rules.jump_km + rules.head_kn * KNOT_KM_H * hours) & (hours >= 0))
