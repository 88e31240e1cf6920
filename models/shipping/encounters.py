"""Encounters: two ships within 500 m for two hours or more, slower than two knots, far from any port or anchorage.

Each track is drawn straight between two of its reports that are at most 90 minutes apart, and compared with the others
every ten minutes. At each step ships within 500 m of each other are a pair; a pair at consecutive steps (one may be
missing) for two hours whose median speed is below two knots has met. The speed is the one sent, or that of the way if
it is faster: ships that trawl to and fro come forward slowly, and are not slow.
"""

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from graphs.sphere import arc_km, chord, unit_vectors
from models.shipping.rules import HOUR_S, KNOT_KM_H, Rules

PAIR: dict[str, pl.DataType] = {
    "track": pl.String(),
    "other": pl.String(),
    "began_step": pl.Int64(),
    "ended_step": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "lon_end": pl.Float64(),
    "lat_end": pl.Float64(),
    "speeds_kn": pl.List(pl.Float32()),
    "apart_km": pl.List(pl.Float32()),
}
"""Two tracks near each other, the smaller name first, from one step to another; one speed and distance by step."""
SLOW = 1.5
"""Pieces of a track faster than so many times the limit cannot be part of a meeting."""


def steps(reports: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Slow tracks far from places at each step: track, step, lon, lat, kn (as sent or of the way, the faster).

    reports as in `calls.stays`, with lon, lat, previous_lon, previous_lat, previous_place_km. A step at a report's own
    time belongs to the piece that ends there.
    """
    kn = pl.col("km") / (pl.col("dt_s") / HOUR_S) / KNOT_KM_H
    pieces = reports.filter(
        pl.col("dt_s").is_between(1, rules.bridge_minutes * 60),
        kn <= SLOW * rules.encounter_kn,
        pl.col("place_km") >= rules.encounter_port_km,
        pl.col("previous_place_km") >= rules.encounter_port_km,
    )
    step_s = rules.step_minutes * 60
    pieces = pieces.with_columns(
        kn_piece=pl.max_horizontal(kn, (pl.col("speed_kn") + pl.col("previous_speed_kn")) / 2),
        start_s=pl.col("time_s") - pl.col("dt_s"),
        step=pl.int_ranges((pl.col("time_s") - pl.col("dt_s")) // step_s + 1, pl.col("time_s") // step_s + 1),
    )
    rows = pieces.filter(pl.col("step").list.len() > 0).explode("step")
    share = (pl.col("step") * step_s - pl.col("start_s")) / pl.col("dt_s")
    east = (pl.col("lon") - pl.col("previous_lon") + 180.0) % 360.0 - 180.0
    lon = (pl.col("previous_lon") + share * east + 180.0) % 360.0 - 180.0
    lat = pl.col("previous_lat") + share * (pl.col("lat") - pl.col("previous_lat"))
    return rows.select("track", "step", lon=lon, lat=lat, kn=pl.col("kn_piece")).sort("step", "track")


def near(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Pairs of tracks at each step: track, other, step, lon, lat, km, kn (of the faster); rows from `steps`."""
    points = unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    reach = float(chord(rules.encounter_km))
    step = rows["step"].to_numpy()
    # Steps are laid so far apart in a fourth direction that only points of one step are near.
    along = (step - step.min() if len(step) else step) * (4.0 * reach)
    tree = cKDTree(np.column_stack([points, along]))
    pairs = tree.query_pairs(reach, output_type="ndarray")
    one, other = rows[pairs[:, 0]], rows[pairs[:, 1]]
    km = arc_km(np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1))
    both = one.with_columns(km=pl.Series(km), kn=pl.max_horizontal(one["kn"], other["kn"]), other=other["track"])
    swap = pl.col("track") > pl.col("other")
    found: pl.DataFrame = both.select(
        pl.when(swap).then("other").otherwise("track").alias("track"),
        pl.when(swap).then("track").otherwise("other").alias("other"),
        "step", "lon", "lat", "km", "kn",
    )  # fmt: skip
    return found.filter(pl.col("track") != pl.col("other")).sort("track", "other", "step")


def runs(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Steps in a row of each pair, as PAIR."""
    apart = pl.col("step").diff().over("track", "other").fill_null(0) > rules.holes + 1
    told = pairs.with_columns(run=apart.cast(pl.Int32).cum_sum().over("track", "other"))
    told = told.group_by("track", "other", "run", maintain_order=True).agg(
        began_step=pl.col("step").first(),
        ended_step=pl.col("step").last(),
        lon=pl.col("lon").first(),
        lat=pl.col("lat").first(),
        lon_end=pl.col("lon").last(),
        lat_end=pl.col("lat").last(),
        speeds_kn=pl.col("kn"),
        apart_km=pl.col("km"),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in PAIR.items())


def joined(found: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Runs of one pair that follow each other closely as one: those of the day before and of today."""
    ordered = found.sort("track", "other", "began_step")
    gap = (pl.col("began_step") - pl.col("ended_step").shift(1).over("track", "other")).fill_null(0)
    told = ordered.with_columns(run=(gap > rules.holes + 1).cast(pl.Int32).cum_sum().over("track", "other"))
    told = told.group_by("track", "other", "run", maintain_order=True).agg(
        pl.col("began_step", "lon", "lat").first(),
        pl.col("ended_step", "lon_end", "lat_end").last(),
        pl.col("speeds_kn", "apart_km").list.explode(),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in PAIR.items())


def has_met(rules: Rules) -> pl.Expr:
    """Whether a run is a meeting."""
    hours = (pl.col("ended_step") - pl.col("began_step")) * (rules.step_minutes / 60)
    return (hours >= rules.encounter_hours) & (pl.col("speeds_kn").list.median() < rules.encounter_kn)
