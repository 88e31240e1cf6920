"""Nodes and edges of `graphs.schema_ships` from the tables of ships; part of `graphs.build`."""

import polars as pl

from graphs.build_places import TO, standing
from graphs.ids import SEPARATOR
from graphs.nearest import Nearest
from graphs.sums import total
from graphs.tidied import Tidy

HARBOUR_KM = 30.0
"""An anchorage that lies no further from a port belongs to it; roads of large ports lie 10 to 25 km off the berths."""
KG_PER_T = 1000.0


def vessels(tidy: Tidy) -> pl.LazyFrame:
    """Ships with a call, an event or a bill; the others only passed by."""
    tracks = [
        tidy.port_calls.select("track_id"),
        tidy.vessel_events.select("track_id"),
        tidy.vessel_events.select(track_id="other_track"),
        tidy.manifests.select("track_id"),
    ]
    named = pl.concat(tracks).drop_nulls().unique()
    return tidy.vessels.join(named, on="track_id", how="semi").with_columns(
        pl.col("kind").cast(pl.String), first_seen=_day("first_seen"), last_seen=_day("last_seen")
    )


def ports_of(tidy: Tidy) -> pl.LazyFrame:
    """Columns place_id, port, is_at_anchorage: the Port node that each place of a call, event or bill counts for."""
    named = [
        tidy.port_calls.select("place_id"),
        tidy.vessel_events.select("place_id"),
        *(tidy.voyages.select(place_id=end) for end in ("from_place", "to_place")),
        tidy.manifests.select(place_id="from_place"),
    ]
    used = pl.concat(named).drop_nulls().unique()
    rows = tidy.places.join(used, on="place_id", how="semi").with_columns(pl.col("kind").cast(pl.String)).collect()
    ports = standing(tidy).filter(pl.col("label") == "Port").collect()
    own = rows.filter(pl.col("kind") == "port").select(
        "place_id", pl.coalesce("same_as", "place_id").alias("port"), pl.lit(False).alias("is_at_anchorage")
    )
    lying = rows.filter(pl.col("kind") == "anchorage")
    near = Nearest.of(ports).find(lying["lon"].to_numpy(), lying["lat"].to_numpy(), HARBOUR_KM)
    roads = lying.select("place_id", near["place_id"].alias("port"), pl.lit(True).alias("is_at_anchorage"))
    return pl.concat([own, roads]).drop_nulls("port").join(
        ports.select(port="place_id"), on="port", how="semi"
    ).lazy()  # fmt: skip


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m-%d")


def _time(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(column: str) -> pl.Expr:
    """Days since 1970."""
    return pl.col(column).dt.date().cast(pl.Int32).cast(pl.Int64)


def _year(column: str) -> pl.Expr:
    return pl.col(column).dt.year().cast(pl.Int64)


def _of_ships(rows: pl.LazyFrame, tidy: Tidy, *columns: str) -> pl.LazyFrame:
    """Rows whose tracks are nodes."""
    known = vessels(tidy)
    for column in columns:
        rows = rows.join(known.select(pl.col("track_id").alias(column)), on=column, how="semi")
    return rows


def called_at(tidy: Tidy) -> pl.LazyFrame:
    """Calls at ports and at the anchorages that belong to them."""
    calls = _of_ships(tidy.port_calls, tidy, "track_id").join(ports_of(tidy), on="place_id", how="inner")
    return calls.with_columns(
        edge_id="call_id",
        start="track_id",
        end="port",
        year=_year("arrived"),
        hours=(pl.col("left") - pl.col("arrived")).dt.total_seconds() / 3600.0,
        departed_day=_number("left"),
        departed=_time("left"),
        arrived_day=_number("arrived"),
        arrived=_time("arrived"),
    )


def sailed_to(tidy: Tidy) -> pl.LazyFrame:
    """Passages between two ports, added up by the month of arrival; from a port to its own roads is none."""
    ports = ports_of(tidy).select("place_id", "port")
    rows = tidy.voyages.join(tidy.vessels.select("track_id", "kind"), on="track_id", how="left")
    for end in ("from", "to"):
        rows = rows.join(ports.rename({"place_id": f"{end}_place", "port": f"{end}_port"}), on=f"{end}_place")
    key = ["from_port", "to_port", "year", "month"]
    laden = pl.col("is_laden").fill_null(False)
    added = (
        rows.filter(pl.col("from_port") != pl.col("to_port"))
        .with_columns(year=_year("arrived"), month=pl.col("arrived").dt.month().cast(pl.Int64))
        .group_by(key)
        .agg(
            voyages=pl.len(),
            vessels=pl.col("track_id").n_unique(),
            bulk=(pl.col("kind").cast(pl.String) == "bulk_carrier").fill_null(False).sum(),
            laden=laden.sum(),
            unladen=(~pl.col("is_laden")).fill_null(False).sum(),
            weighed=pl.col("cargo_t").count(),
            cargo_kg=total(pl.col("cargo_t").drop_nulls()) * KG_PER_T,
        )
    )
    month = pl.format("{}{}", "year", pl.col("month").cast(pl.String).str.zfill(2))
    named = pl.format(f"{{}}{TO}{{}}{SEPARATOR}{{}}", "from_port", "to_port", month)
    return added.with_columns(edge_id=named, start="from_port", end="to_port")


def met(tidy: Tidy) -> pl.LazyFrame:
    """Meetings of two ships, one edge from each of them."""
    rows = tidy.vessel_events.filter(
        pl.col("kind").cast(pl.String) == "encounter", pl.col("track_id") != pl.col("other_track")
    )
    rows = _of_ships(rows, tidy, "track_id", "other_track").with_columns(
        pl.col("source").cast(pl.String), year=_year("began"), began_day=_number("began"), began=_time("began")
    )
    ends = (("track_id", "other_track"), ("other_track", "track_id"))
    return pl.concat(
        [
            rows.with_columns(edge_id=pl.format(f"{{}}{SEPARATOR}{{}}", "event_id", one), start=one, end=other)
            for one, other in ends
        ]
    )


def silent_near(tidy: Tidy) -> pl.LazyFrame:
    """Silences by the nearest port, where there is one."""
    gaps = tidy.vessel_events.filter(pl.col("kind").cast(pl.String) == "gap")
    rows = _of_ships(gaps, tidy, "track_id").join(ports_of(tidy), on="place_id", how="inner")
    return rows.with_columns(
        edge_id="event_id",
        start="track_id",
        end="port",
        year=_year("began"),
        began_day=_number("began"),
        began=_time("began"),
    )


BUILDERS = {"CALLED_AT": called_at, "SAILED_TO": sailed_to, "MET": met, "SILENT_NEAR": silent_near}
