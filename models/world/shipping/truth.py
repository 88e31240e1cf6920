"""What really happened, as tables: whatever touches the observed time."""

from datetime import date, datetime

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from models.world.land.sphere import distance_km, unit_vectors
from models.world.parameters.shipping import Shipping
from models.world.shipping import tables
from models.world.shipping.cargoes import Clock
from models.world.shipping.lanes import Ports
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import ANCHORED, MOORED, Track


def moment(column: str, start: date) -> pl.Expr:
    """Date and time, to the second, of a column of seconds since the start."""
    origin = pl.lit(datetime(start.year, start.month, start.day)).cast(pl.Datetime("us"))
    return origin + pl.duration(seconds=pl.col(column).floor().cast(pl.Int64))


def named(column: str, names: list[str]) -> pl.Expr:
    """Identifier of a number."""
    return pl.lit(pl.Series(names, dtype=pl.String)).gather(pl.col(column))


def vessel_rows(fleet: pl.DataFrame, shipping: Shipping) -> pl.DataFrame:
    """The fleet."""
    ballast = (pl.col("draught_laden_m") * shipping.ballast_draught).round(1)
    return fleet.with_columns(draught_ballast_m=ballast).select(tables.Vessel.column_names())


def voyage_rows(
    voyages: pl.DataFrame, loads: pl.DataFrame, vessels: list[str], places: list[str], clock: Clock
) -> pl.DataFrame:
    """Voyages with their goods."""
    within = voyages.filter(pl.col("arrives_s") > 0, pl.col("departs_s") < clock.end_s)
    goods = loads.select("load", "goods_ids", "masses_kg")
    rows = within.sort("vessel", "departs_s").join(goods, on="load", how="left", maintain_order="left")
    rows = rows.with_row_index("at").select(
        voyage_id=pl.format("voyage:{}", pl.col("at").cast(pl.String).str.zfill(5)),
        vessel_id=named("vessel", vessels),
        from_place=named("start", places),
        to_place=named("end", places),
        departed=moment("departs_s", clock.start),
        arrived=moment("arrives_s", clock.start),
        length_km="length_km",
        draught_before_m="before_m",
        draught_after_m="after_m",
        is_laden=pl.col("load") >= 0,
        goods_ids=pl.col("goods_ids").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        masses_kg=pl.col("masses_kg").fill_null(pl.lit([], dtype=pl.List(pl.Float64))),
    )
    return rows


def call_rows(calls: pl.DataFrame, vessels: list[str], places: list[str], clock: Clock) -> pl.DataFrame:
    """Port calls; those of vessels that were only heard from then on began before."""
    touching = calls.filter(pl.col("leaves_s") > 0, pl.col("arrives_s") < clock.end_s)
    left = pl.when(pl.col("leaves_s") < clock.end_s).then(moment("leaves_s", clock.start))
    return touching.sort("vessel", "arrives_s").select(
        vessel_id=named("vessel", vessels),
        place_id=named("place", places),
        arrived=moment("arrives_s", clock.start),
        berthed=pl.when(pl.col("berths_s").is_not_nan()).then(moment("berths_s", clock.start)),
        left=left,
        is_whole=pl.col("came") & (pl.col("arrives_s") >= 0) & (pl.col("leaves_s") < clock.end_s),
    )


def side_by_side(track: Track, ports: Ports, shipping: Shipping, clock: Clock) -> pl.DataFrame:
    """Pairs of vessels at rest near each other in a port's waters: vessel, other, start_s, end_s, lon, lat."""
    pieces = track.pieces
    start = np.maximum(track.time_s[pieces], 0.0)
    end = np.minimum(track.time_s[pieces + 1], clock.end_s)
    long = np.isin(track.state[pieces], (ANCHORED, MOORED)) & (end - start >= shipping.encounter_hours * HOUR_S)
    pieces, start, end = pieces[long], start[long], end[long]
    lon, lat = track.lon[pieces], track.lat[pieces]
    port = cKDTree(unit_vectors(ports.lon, ports.lat)).query(unit_vectors(lon, lat))[1]
    rests = pl.DataFrame(
        {"vessel": track.vessel[pieces], "port": port, "start_s": start, "end_s": end, "lon": lon, "lat": lat}
    ).sort("vessel", "start_s")
    pairs = rests.join(rests, on="port", suffix="_other").filter(pl.col("vessel") < pl.col("vessel_other"))
    pairs = pairs.select(
        "vessel", pl.col("vessel_other").alias("other"), pl.max_horizontal("start_s", "start_s_other"),
        pl.min_horizontal("end_s", "end_s_other").alias("end_s"), "lon", "lat", "lon_other", "lat_other",
    ).filter(pl.col("end_s") - pl.col("start_s") >= shipping.encounter_hours * HOUR_S)  # fmt: skip
    apart = distance_km(*(pairs[name].to_numpy() for name in ("lon", "lat", "lon_other", "lat_other")))
    near = pairs.filter(pl.Series(apart <= shipping.encounter_km)).drop("lon_other", "lat_other")
    return near.sort("vessel", "other", "start_s")


def encounter_rows(met: pl.DataFrame, beside: pl.DataFrame, vessels: list[str], clock: Clock) -> pl.DataFrame:
    """Meetings at sea and vessels side by side in port. `met` has vessel, other, start_s, end_s, lon, lat, is_dark."""
    at_sea = met.with_columns(is_anchorage=pl.lit(False))
    in_port = beside.with_columns(is_dark=pl.lit(False), is_anchorage=pl.lit(True)).select(at_sea.columns)
    both = pl.concat([at_sea, in_port]).sort("vessel", "other", "start_s")
    return both.select(
        named("vessel", vessels).alias("vessel_id"), named("other", vessels).alias("other_id"),
        moment("start_s", clock.start).alias("start"), moment("end_s", clock.start).alias("end"),
        "lon", "lat", "is_anchorage", "is_dark",
    )  # fmt: skip


def gap_rows(gaps: pl.DataFrame, vessels: list[str], clock: Clock) -> pl.DataFrame:
    """Silences."""
    return gaps.select(
        named("vessel", vessels).alias("vessel_id"), moment("start_s", clock.start).alias("start"),
        moment("end_s", clock.start).alias("end"), "cause",
    )  # fmt: skip


def collision_rows(pairs: pl.DataFrame, fleet: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    """Shared identities."""
    names, mmsi = fleet["vessel_id"].to_list(), pl.lit(fleet["mmsi"])
    return pairs.select(
        mmsi.gather(pl.col("vessel")).alias("mmsi"), named("vessel", names).alias("vessel_id"),
        named("other", names).alias("other_id"), moment("start_s", clock.start).alias("start"),
        moment("end_s", clock.start).alias("end"), "has_name",
    )  # fmt: skip
