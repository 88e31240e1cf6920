"""Where and when anybody was heard: cells of one degree by day.

A cell without reports in an hour may be empty sea or a receiver that failed; a cell in which ships were heard hour
after hour, and then none, tells of the receiver.
"""

from datetime import date

import polars as pl

SILENT_H = 3
"""A ship under way that is not heard for so long fell silent."""
CELL = ("cell_lon", "cell_lat")


def coverage(positions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows of `ais_coverage` of a day from its rows of `vessel_positions`."""
    start = pl.datetime(day.year, day.month, day.day, time_zone="UTC", time_unit="us")
    rows = positions.select("sender", "time", "lon", "lat", "speed_kn").sort("sender", "time")
    following = pl.col("time").shift(-1).over("sender").fill_null(start + pl.duration(days=1))
    moves = (pl.col("speed_kn") >= 1.0).fill_null(False)
    fell = moves & (following - pl.col("time") >= pl.duration(hours=SILENT_H))
    rows = rows.with_columns(fell=fell, bit=_bit(pl.col("time").dt.hour())).filter(pl.col("lon").is_not_null())
    told = (
        rows.with_columns(**cell("lon", "lat"))
        .group_by(CELL)
        .agg(
            reports=pl.len().cast(pl.UInt32),
            senders=pl.col("sender").n_unique().cast(pl.UInt32),
            hours_seen=pl.col("bit").bitwise_or(),
            fell_silent=pl.col("fell").sum().clip(upper_bound=65_535).cast(pl.UInt16),
        )
    )
    return told.select(pl.lit(day).alias("known_from"), *CELL, "reports", "senders", "hours_seen", "fell_silent").sort(
        CELL
    )


def together(parts: pl.DataFrame) -> pl.DataFrame:
    """One row per day and cell of rows of `ais_coverage` that different senders gave."""
    told = parts.group_by("known_from", *CELL).agg(
        pl.col("reports", "senders").sum(),
        pl.col("hours_seen").bitwise_or(),
        fell_silent=pl.col("fell_silent").cast(pl.UInt32).sum().clip(upper_bound=65_535).cast(pl.UInt16),
    )
    return told.select(parts.columns).sort("known_from", *CELL)


def _bit(hour: pl.Expr) -> pl.Expr:
    """The bit that stands for an hour."""
    return pl.lit(2, dtype=pl.Int64).pow(hour.cast(pl.Int64)).cast(pl.UInt32)


def cell(lon: str, lat: str) -> dict[str, pl.Expr]:
    """Cell of a position; 180 degrees east is 180 west."""
    east = pl.col(lon).floor().cast(pl.Int16)
    return {
        "cell_lon": pl.when(east >= 180).then(pl.lit(-180, dtype=pl.Int16)).otherwise(east),
        "cell_lat": pl.col(lat).floor().clip(-90, 89).cast(pl.Int16),
    }


def hours(cells: pl.DataFrame) -> pl.DataFrame:
    """Hours in which each cell was heard: cell_lon, cell_lat, hour (since 1970)."""
    day = (pl.col("known_from") - pl.date(1970, 1, 1)).dt.total_days() * 24
    bits = cells.select(*CELL, "hours_seen", day.alias("day")).join(
        pl.DataFrame({"bit": pl.Series(range(24), dtype=pl.UInt32)}), how="cross"
    )
    heard = bits.filter((pl.col("hours_seen") & _bit(pl.col("bit"))) > 0)
    return heard.select(*CELL, hour=pl.col("day") + pl.col("bit").cast(pl.Int64)).unique().sort(*CELL, "hour")
