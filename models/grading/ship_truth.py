"""What an analysis says of ships and what they did, under the same names and clocks.

A track is a vessel by its radio identity (MMSI). Where two vessels sent under one, the tracks that were heard only
while both did, and do not carry the owner's own number, belong to the other one.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import polars as pl

Moment = pl.Datetime("us")


@dataclass(frozen=True)
class ShipTruth:
    """Truth tables about ships (schemas in models.world.shipping.tables and models.world.tables)."""

    vessels: pl.DataFrame
    voyages: pl.DataFrame
    port_calls: pl.DataFrame
    gaps: pl.DataFrame
    encounters: pl.DataFrame
    collisions: pl.DataFrame
    goods: pl.DataFrame


@dataclass(frozen=True)
class ShipsFound:
    """Tables of an analysis (graphs.tables_ships, graphs.tables_places), and `vessel_positions` with sender, time, lon,
    lat."""

    vessels: pl.DataFrame
    port_calls: pl.DataFrame
    voyages: pl.DataFrame
    vessel_events: pl.DataFrame
    carrying_capacity: pl.DataFrame
    places: pl.DataFrame
    positions: pl.DataFrame


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Times in UTC without a zone, as the truth writes them; words as text."""
    zoned = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    words = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return frame.with_columns(
        pl.col(zoned).dt.convert_time_zone("UTC").dt.replace_time_zone(None), pl.col(words).cast(pl.String)
    )


def window(positions: pl.DataFrame) -> tuple[datetime, datetime]:
    """First moment of the first day with a position, and the end of the last. Raises ValueError without any."""
    days = positions.select(first=pl.col("time").min().dt.date(), last=pl.col("time").max().dt.date()).row(0)
    if None in days:
        raise ValueError("no positions, no time in which they were heard")
    first, last = (datetime.combine(day, time()) for day in days)
    return first, last + timedelta(days=1)


def vessel_of(tracks: pl.DataFrame, truth: ShipTruth) -> pl.DataFrame:
    """track_id and the vessel_id behind it; tracks of identities that no vessel of the world has are left out."""
    owners = truth.vessels.select("mmsi", owner="vessel_id", owner_imo=_number("imo"))
    shared = truth.collisions.join(truth.vessels.select(other_id="vessel_id", other_imo=_number("imo")), on="other_id")
    rows = plain(tracks).select("track_id", "mmsi", "imo", "first_seen", "last_seen").join(owners, on="mmsi")
    rows = rows.join(shared.select("mmsi", "other_id", "other_imo", "start", "end", "has_name"), on="mmsi", how="left")
    within = (pl.col("first_seen") >= pl.col("start")) & (pl.col("last_seen") <= pl.col("end"))
    says_owner = ~pl.col("has_name") & (pl.col("imo") == pl.col("owner_imo")).fill_null(False)
    is_other = (within & ~says_owner).fill_null(False)
    told = rows.select("track_id", vessel_id=pl.when(is_other).then("other_id").otherwise("owner"))
    return told.unique("track_id", keep="last", maintain_order=True).sort("track_id")


def standing(places: pl.DataFrame) -> pl.DataFrame:
    """place_id of every place, and the one that counts for it (`stands`)."""
    return places.select("place_id", stands=pl.coalesce("same_as", "place_id"))


def at_standing(rows: pl.DataFrame, places: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows with the places in some columns replaced by those that count for them."""
    for one in columns:
        known = standing(places).rename({"place_id": one})
        rows = rows.join(known, on=one, how="left", maintain_order="left")
        rows = rows.with_columns(pl.coalesce("stands", one).alias(one)).drop("stands")
    return rows


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.strip_prefix("IMO").cast(pl.Int32)
