"""Port calls: a ship that rests within 10 km of a port or an anchorage, until it is 12 km away.

The place is the nearest port within 10 km, else the nearest anchorage or port within 12 km. A call begins with the
first report slower than one knot within 10 km; a silence of four hours or more with both ends there counts as a rest
too, since transponders are powered down at berths. It lasts until the last report at rest before the ship is heard
beyond 12 km, or at rest at another place. A wait at an anchorage that leads to a berth belongs to that port's call.
Calls of less than an hour with one report are none.
"""

import polars as pl

from models.shipping.rules import HOUR_S, Rules

RUN: dict[str, type[pl.DataType]] = {
    "track": pl.String,
    "place": pl.Int32,
    "first_rest_s": pl.Int64,
    "last_rest_s": pl.Int64,
    "berthed_s": pl.Int64,
    "rests": pl.UInt32,
    "is_silent": pl.Boolean,
    "came": pl.Boolean,
    "draught_in_m": pl.Float32,
    "draught_out_m": pl.Float32,
    "km_in": pl.Float64,
    "km_out": pl.Float64,
    "seen_in_h": pl.Float64,
    "seen_out_h": pl.Float64,
}
"""A time near one place. km and seen hours are the track's sums (`fold`) at the first and last rest."""


def stays(
    reports: pl.DataFrame, open_runs: pl.DataFrame, is_port: pl.Series, rules: Rules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Calls that ended, and those that are open, both as RUN.

    reports: track, time_s, place (nearest within 12 km, -1 for none), place_km, previous_place, dt_s, km, kn, status,
    draught_m (last sent), km_sum, seen_sum_h, in order of track and time, each with a position; is_first marks the
    first report ever of a track. is_port by number of the place. open_runs: RUN from the day before.
    """
    runs = pl.concat([open_runs, _runs(reports, is_port, rules)])
    runs = runs.with_row_index("at").sort("track", "at").drop("at")
    runs = runs.filter((pl.col("place") < 0) | pl.col("first_rest_s").is_not_null())
    runs = _merged(_to_the_berth(_merged(runs), is_port))
    is_last = pl.col("track") != pl.col("track").shift(-1)
    runs = runs.with_columns(is_last=is_last.fill_null(True))
    near = runs.filter(pl.col("place") >= 0)
    ended = near.filter(~pl.col("is_last")).filter(is_call(rules))
    return ended.drop("is_last"), near.filter("is_last").drop("is_last")


def is_call(rules: Rules) -> pl.Expr:
    """Whether a run is long enough to be a call."""
    long = pl.col("last_rest_s") - pl.col("first_rest_s") >= rules.dwell_hours * HOUR_S
    return long | (pl.col("rests") >= 2) | pl.col("is_silent")


def _runs(reports: pl.DataFrame, is_port: pl.Series, rules: Rules) -> pl.DataFrame:
    """Consecutive reports of a track with the same nearest place."""
    implied = pl.col("km") / (pl.col("dt_s") / HOUR_S) / 1.852
    inside = (pl.col("place") >= 0) & (pl.col("place_km") <= rules.port_km)
    rests = inside & (pl.col("kn") < rules.rest_kn).fill_null(False)
    silent = (
        inside
        & (pl.col("previous_place") == pl.col("place"))
        & (pl.col("dt_s") >= rules.silent_rest_hours * HOUR_S)
        & (implied < rules.rest_kn)
    ).fill_null(False)
    port = pl.lit(is_port).gather(pl.col("place").clip(0), null_on_oob=True).fill_null(False)
    at_berth = rests & ((pl.col("status") == 5).fill_null(False) | (port & (pl.col("place_km") <= rules.berth_km)))
    rows = reports.with_columns(
        run=pl.struct("track", "place").rle_id(),
        rests=rests,
        silent=silent,
        begin_s=pl.when(silent).then(pl.col("time_s") - pl.col("dt_s")).when(rests).then("time_s"),
        end_s=pl.when(rests | silent).then("time_s"),
        berth_s=pl.when(at_berth).then("time_s"),
    )
    at_rest = pl.col("rests") | pl.col("silent")
    told = rows.group_by("run", maintain_order=True).agg(
        pl.col("track", "place").first(),
        first_rest_s=pl.col("begin_s").min(),
        last_rest_s=pl.col("end_s").max(),
        berthed_s=pl.col("berth_s").min(),
        rests=pl.col("rests").sum().cast(pl.UInt32),
        is_silent=pl.col("silent").any(),
        came=~pl.col("is_first").any(),
        draught_in_m=pl.col("draught_m").filter(at_rest).first(),
        draught_out_m=pl.col("draught_m").last(),
        km_in=pl.col("km_sum").filter(at_rest).first(),
        km_out=pl.col("km_sum").filter(at_rest).last(),
        seen_in_h=pl.col("seen_sum_h").filter(at_rest).first(),
        seen_out_h=pl.col("seen_sum_h").filter(at_rest).last(),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in RUN.items())


def _merged(runs: pl.DataFrame) -> pl.DataFrame:
    """Neighbouring runs of a track at the same place as one."""
    told = runs.group_by(pl.struct("track", "place").rle_id().alias("run"), maintain_order=True).agg(
        pl.col("track", "place").first(),
        pl.col("first_rest_s").min(),
        pl.col("last_rest_s").max(),
        pl.col("berthed_s").min(),
        pl.col("rests").sum(),
        pl.col("is_silent").any(),
        pl.col("came").all(),
        pl.col("draught_in_m").drop_nulls().first(),
        pl.col("draught_out_m").drop_nulls().last(),
        pl.col("km_in", "seen_in_h").drop_nulls().first(),
        pl.col("km_out", "seen_out_h").drop_nulls().last(),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in RUN.items())


def _to_the_berth(runs: pl.DataFrame, is_port: pl.Series) -> pl.DataFrame:
    """A wait that leads to a berth nearby, without leaving between, takes the berth's place."""
    following = pl.col("place").shift(-1)
    leads = (
        (pl.col("track") == pl.col("track").shift(-1))
        & (pl.col("place") >= 0)
        & (following >= 0)
        & pl.col("berthed_s").is_null()
        & pl.col("berthed_s").shift(-1).is_not_null()
        & pl.lit(is_port).gather(following.clip(0).fill_null(0), null_on_oob=True)
    ).fill_null(False)
    return runs.with_columns(place=pl.when(leads).then(following).otherwise("place").cast(pl.Int32))
