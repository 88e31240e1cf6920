"""Bare positions: ships numbered by the file itself, a time to the minute, longitude and latitude.

    ID,ais_pos_timestamp,longitude,latitude
    1,20/03/2021 00:22,32.32925,31.4386

Times are day first; their zone is not stated and read as UTC. The numbers mean nothing outside the file, so its ships
are kept apart from those of every other file. Speeds, names and types are not given.
"""

import polars as pl


def rows(block: pl.DataFrame) -> pl.DataFrame:
    """Fields as `position_rows` reads them: they stand so in the file."""
    return block
