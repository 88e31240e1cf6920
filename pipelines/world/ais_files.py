"""Vessel positions as daily csv files in the layout of the US MarineCadastre: AIS_2024_06_30.csv."""

from pathlib import Path

import polars as pl

COLUMNS = (
    "MMSI", "BaseDateTime", "LAT", "LON", "SOG", "COG", "Heading", "VesselName", "IMO", "CallSign", "VesselType",
    "Status", "Length", "Width", "Draft", "Cargo", "TransceiverClass",
)  # fmt: skip


def write(folder: Path, positions: pl.DataFrame) -> None:
    """One file a day, by time of the message (UTC)."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = positions.select(COLUMNS)
    if rows.schema["BaseDateTime"] != pl.String:
        rows = rows.with_columns(pl.col("BaseDateTime").dt.to_string("%Y-%m-%dT%H:%M:%S"))
    dated = rows.with_columns(day=pl.col("BaseDateTime").str.slice(0, 10).str.replace_all("-", "_", literal=True))
    for (day,), messages in dated.group_by("day", maintain_order=True):
        messages.drop("day").write_csv(folder / f"AIS_{day}.csv")
