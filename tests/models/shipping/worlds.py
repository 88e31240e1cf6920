"""Positions by hand, positions of a small world, and the world's truth beside what was found."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl

from models.shipping.coverage import coverage
from models.shipping.fold import Sailed, sail
from models.shipping.whole import Ships, ships
from models.world.sailed import Sailed as World
from tests.models.world.shipping.seas import small, small_ground

DAY = date(2024, 10, 1)
NOON = datetime(2024, 10, 1, 12, tzinfo=UTC)
POSITION = {
    "sender": pl.Int64, "time": pl.Datetime("us", "UTC"), "lon": pl.Float64, "lat": pl.Float64, "speed_kn": pl.Float32,
    "status": pl.UInt8, "draught_m": pl.Float32, "imo": pl.Int32, "name": pl.String, "length_m": pl.Float32,
    "width_m": pl.Float32, "ais_type": pl.UInt16,
}  # fmt: skip
PLACE = {
    "place_id": pl.String, "kind": pl.String, "country": pl.String, "lon": pl.Float64, "lat": pl.Float64,
    "same_as": pl.String,
}  # fmt: skip
NO_LEGS = pl.DataFrame(
    schema={"from_place": pl.String, "to_place": pl.String, "mode": pl.String, "length_km": pl.Float64}
)


def at(hour: float, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def reports(
    sender: int, rows: Sequence[tuple[float, float | None, float | None, float | None]], **more: object
) -> pl.DataFrame:
    """Hour of the first day, longitude, latitude, speed."""
    told = [
        {"sender": sender, "time": at(hour), "lon": lon, "lat": lat, "speed_kn": kn, **more}
        for hour, lon, lat, kn in rows
    ]
    frame = pl.DataFrame(
        told,
        schema_overrides={
            k: v for k, v in POSITION.items() if k in {*more, "sender", "time", "lon", "lat", "speed_kn"}
        },
    )
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in POSITION.items() if name not in frame.columns]
    return frame.with_columns(missing).select(*POSITION)


def places(*rows: tuple[str, str, float, float]) -> pl.DataFrame:
    """Place, kind, longitude, latitude."""
    told = [(name, kind, "XAA", lon, lat, None) for name, kind, lon, lat in rows]
    return pl.DataFrame(told, schema=PLACE, orient="row")


def days(positions: pl.DataFrame) -> list[date]:
    return sorted(positions["time"].dt.date().unique())


def sailed_days(positions: pl.DataFrame, shore: pl.DataFrame, unread: Sequence[date] = ()) -> list[Sailed]:
    """One day after the other."""
    told: list[Sailed] = []
    for day in days(positions):
        if day not in unread:
            today = positions.filter(pl.col("time").dt.date() == day)
            told.append(sail(today, told[-1].state if told else None, shore, day))
    return told


def whole(positions: pl.DataFrame, shore: pl.DataFrame, unread: Sequence[date] = ()) -> Ships:
    told = sailed_days(positions, shore, unread)
    cells = pl.concat(
        [
            coverage(positions.filter(pl.col("time").dt.date() == day), day)
            for day in days(positions)
            if day not in unread
        ]
    )
    return ships(
        pl.concat([one.calls for one in told]), pl.concat([one.events for one in told]),
        pl.concat([one.vessels for one in told]), told[-1].state, cells, NO_LEGS,
    )  # fmt: skip


def heard(world: World) -> pl.DataFrame:
    """A world's positions as rows of `vessel_positions`: each sender and second once."""
    raw = world.positions
    return (
        raw.select(
            sender="MMSI",
            time=pl.col("BaseDateTime")
            .str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us")
            .dt.replace_time_zone("UTC"),
            lon=pl.when(pl.col("LAT") < 91).then("LON"),
            lat=pl.when(pl.col("LAT") < 91).then("LAT"),
            speed_kn=pl.when(pl.col("SOG") < 102).then("SOG").cast(pl.Float32),
            status=pl.col("Status").cast(pl.UInt8),
            draught_m=pl.col("Draft").cast(pl.Float32),
            imo=pl.col("IMO").str.strip_prefix("IMO").cast(pl.Int32),
            name="VesselName",
            length_m=pl.col("Length").cast(pl.Float32),
            width_m=pl.col("Width").cast(pl.Float32),
            ais_type=pl.col("VesselType").cast(pl.UInt16),
        )
        .unique(["sender", "time"], keep="first", maintain_order=True)
        .sort("sender", "time")
    )


def shore_of(ground_places: pl.DataFrame) -> pl.DataFrame:
    return ground_places.select(
        "place_id", pl.col("kind").cast(pl.String), "country", "lon", "lat", same_as=pl.lit(None, dtype=pl.String)
    )


@cache
def small_ships(seed: int = 5) -> Ships:
    return whole(heard(small(seed)), shore_of(small_ground(seed)[1].places))


def vessel_of(world: World, found: Ships) -> dict[str, str]:
    """Vessel behind each track: the second ship on an identity is the other one while that lasts."""
    owner = dict(world.vessels.select("mmsi", "vessel_id").iter_rows())
    other = {
        row["mmsi"]: (row["other_id"], row["start"].replace(tzinfo=UTC), row["end"].replace(tzinfo=UTC))
        for row in world.collisions.iter_rows(named=True)
    }
    told = {}
    for track, mmsi, first, last in found.vessels.select("track_id", "mmsi", "first_seen", "last_seen").iter_rows():
        told[track] = owner[mmsi]
        if mmsi in other and other[mmsi][1] <= first and last <= other[mmsi][2]:
            told[track] = other[mmsi][0]
    return told


def entangled(world: World) -> set[str]:
    """Vessels that share an identity for some time."""
    return {*world.collisions["vessel_id"], *world.collisions["other_id"]}


Spell = tuple[str, str, datetime, datetime]
"""Whose, with what, from, to."""
LATE = datetime(2100, 1, 1)


def share(asked: set[Spell], there: set[Spell]) -> float:
    """Share of spells with an overlapping one of the same two names."""
    if not asked:
        return 1.0
    met = sum(any(o[:2] == a[:2] and o[2] <= a[3] and a[2] <= o[3] for o in there) for a in asked)
    return met / len(asked)


def call_spells(world: World, found: Ships) -> tuple[set[Spell], set[Spell]]:
    """True and found calls."""
    vessel = vessel_of(world, found)
    true = {
        (row[0], row[1], row[2], row[3] or LATE)
        for row in world.port_calls.select("vessel_id", "place_id", "arrived", "left").iter_rows()
    }
    told = {
        (vessel[row[0]], row[1], row[2].replace(tzinfo=None), row[3].replace(tzinfo=None) if row[3] else LATE)
        for row in found.port_calls.select("track_id", "place_id", "arrived", "left").iter_rows()
    }
    return true, told


def gap_spells(world: World, found: Ships) -> tuple[set[Spell], set[Spell]]:
    """True and found silences; equal only if both ends are the same report."""
    vessel = vessel_of(world, found)
    true = {(row[0], "", row[1], row[2]) for row in world.gaps.select("vessel_id", "start", "end").iter_rows()}
    rows = found.vessel_events.filter(pl.col("kind") == "gap").select("track_id", "began", "ended").iter_rows()
    return true, {(vessel[t], "", b.replace(tzinfo=None), e.replace(tzinfo=None)) for t, b, e in rows}


def encounter_spells(world: World, found: Ships) -> tuple[set[Spell], set[Spell]]:
    """Meetings at sea with both transponders on, and those found."""
    vessel = vessel_of(world, found)
    seen = world.encounters.filter(~pl.col("is_anchorage"), ~pl.col("is_dark"))
    true = {
        (*sorted((row[0], row[1])), row[2], row[3])
        for row in seen.select("vessel_id", "other_id", "start", "end").iter_rows()
    }
    rows = found.vessel_events.filter(pl.col("kind") == "encounter").select("track_id", "other_track", "began", "ended")
    told = {
        (*sorted((vessel[a], vessel[b])), c.replace(tzinfo=None), d.replace(tzinfo=None))
        for a, b, c, d in rows.iter_rows()
    }
    return true, told
