"""Loitering: one ship that stays slower than two knots for eight hours or more, far from any port or anchorage.

The speed is that of the way between two reports. Waiting for a berth or for orders, drifting to save fuel and bad
weather are ordinary reasons.
"""

import polars as pl

from models.shipping.rules import HOUR_S, KNOT_KM_H, Rules

SLOW: dict[str, type[pl.DataType]] = {
    "track": pl.String,
    "began_s": pl.Int64,
    "ended_s": pl.Int64,
    "km": pl.Float64,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "lon_end": pl.Float64,
    "lat_end": pl.Float64,
}
"""A time in which a track was slow far from places."""


def slow(reports: pl.DataFrame, open_runs: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Times of loitering that ended, and slow times that are open, both as SLOW; arguments as in `calls.stays`."""
    kn = pl.col("km") / (pl.col("dt_s") / HOUR_S) / KNOT_KM_H
    is_slow = (
        (pl.col("dt_s") < rules.gap_hours * HOUR_S)
        & (kn < rules.loiter_kn)
        & (pl.col("place_km") >= rules.loiter_port_km)
        & (pl.col("previous_place_km") >= rules.loiter_port_km)
    ).fill_null(False)
    rows = reports.filter(pl.col("dt_s") > 0).with_columns(is_slow=is_slow)
    rows = rows.with_columns(
        run=pl.struct("track", "is_slow").rle_id(),
        is_last=(pl.col("track") != pl.col("track").shift(-1)).fill_null(True),
    )
    today = (
        rows.filter("is_slow")
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("track").first(),
            began_s=(pl.col("time_s") - pl.col("dt_s")).first(),
            ended_s=pl.col("time_s").last(),
            km=pl.col("km").sum(),
            lon=pl.col("previous_lon").first(),
            lat=pl.col("previous_lat").first(),
            lon_end=pl.col("lon").last(),
            lat_end=pl.col("lat").last(),
            is_last=pl.col("is_last").last(),
        )
    )
    heard = open_runs["track"].is_in(rows["track"].unique().implode())
    kept, over = open_runs.filter(~heard), open_runs.filter(heard)
    typed = today.select(*(pl.col(name).cast(kind) for name, kind in SLOW.items()), "is_last")
    both = pl.concat([over.with_columns(is_last=pl.lit(False)), typed]).sort("track", "began_s")
    follows = (pl.col("began_s") == pl.col("ended_s").shift(1).over("track")).fill_null(False)
    runs = (
        both.with_columns(run=(~follows).cast(pl.Int32).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("track", "began_s", "lon", "lat").first(),
            pl.col("ended_s", "lon_end", "lat_end").last(),
            pl.col("km").sum(),
            pl.col("is_last").last(),
        )
    )
    columns = [pl.col(name).cast(kind) for name, kind in SLOW.items()]
    ended = runs.filter(~pl.col("is_last")).select(columns).filter(is_loitering(rules))
    return ended, pl.concat([kept, runs.filter("is_last").select(columns)]).sort("track", "began_s")


def is_loitering(rules: Rules) -> pl.Expr:
    """Whether a slow time is long enough."""
    return pl.col("ended_s") - pl.col("began_s") >= rules.loiter_hours * HOUR_S
