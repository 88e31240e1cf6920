"""Voyages: from one call of a ship to its next at another place.

Departure is the last report at rest, arrival the first at rest at the next place; so the hours include both approaches.
The length is that along the reports, and at least the straight way; speed is length over hours.
"""

import polars as pl

from models.shipping.draught import load
from models.shipping.rules import HOUR_S, KNOT_KM_H


def voyages(calls: pl.DataFrame, vessels: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Passages of `calls` (state.CALL with call_id, in order of track and arrival); columns of `voyages`."""
    after = {f"to_{name}": pl.col(name).shift(-1).over("track") for name in _NEXT}
    rows = calls.sort("track", "first_rest_s").with_columns(**after)
    rows = rows.filter(pl.col("to_place_id").is_not_null(), pl.col("to_place_id") != pl.col("place_id"))
    sea = legs.filter(pl.col("mode").cast(pl.String) == "sea").select(
        place_id="from_place", to_place_id="to_place", network_km="length_km"
    )
    size = vessels.select(
        "kind", "length_m", "width_m", "draught_max_m", "deadweight_t", "deadweight_high_t", track="track_id"
    )
    rows = rows.join(sea, on=["place_id", "to_place_id"], how="left", maintain_order="left")
    rows = rows.join(size, on="track", how="left", maintain_order="left")
    hours = (pl.col("to_first_rest_s") - pl.col("last_rest_s")) / HOUR_S
    rows = rows.with_columns(
        hours=hours,
        length=(pl.col("to_km_in") - pl.col("km_out")).clip(lower_bound=0.0),
        draught_before_m=pl.col("draught_in_m"),
        draught_m=pl.coalesce("to_draught_in_m", "draught_out_m"),
    )
    departed, arrived = _time("last_rest_s"), _time("to_first_rest_s")
    return rows.select(
        voyage_id=pl.format("{}:{}", "track", departed.dt.strftime("%Y%m%dT%H%M%S")),
        track_id="track", from_call="call_id", to_call="to_call_id", from_place="place_id", to_place="to_place_id",
        departed=departed, arrived=arrived, hours="hours", length_km="length", network_km="network_km",
        speed_kn=pl.when(pl.col("hours") > 0).then(pl.col("length") / pl.col("hours") / KNOT_KM_H),
        draught_before_m="draught_before_m", draught_m="draught_m", draught_after_m="to_draught_out_m",
        **load(),
        seen_share=pl.when(pl.col("hours") > 0)
        .then(((pl.col("to_seen_in_h") - pl.col("seen_out_h")) / pl.col("hours")).clip(0.0, 1.0)).otherwise(1.0),
        known_from=arrived.dt.date(),
    ).sort("voyage_id")  # fmt: skip


def with_ways(told: pl.DataFrame, ways: pl.DataFrame) -> pl.DataFrame:
    """Voyages with the length of `ways` (models.linkage.sailing.sea_km) where no leg told network_km."""
    known = ways.select("from_place", "to_place", pl.col("length_km").alias("way_km"))
    rows = told.join(known, on=["from_place", "to_place"], how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("network_km", "way_km").alias("network_km")).select(told.columns)


_NEXT = ("place_id", "call_id", "first_rest_s", "km_in", "seen_in_h", "draught_in_m", "draught_out_m")


def _time(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column), time_unit="s").dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
