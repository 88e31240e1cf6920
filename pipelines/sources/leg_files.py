"""Legs between places that a user or a training world brings: a csv with the columns of graphs.leg_rows."""

from pathlib import Path

import polars as pl

from graphs.leg_rows import COLUMNS
from pipelines.sources.place_files import headed


def read(path: Path | str) -> pl.DataFrame:
    """All rows as text, with `raw_row`. Raises DamagedFile or LayoutError."""
    return headed(Path(path), COLUMNS, "legs").select("raw_row", *COLUMNS)
