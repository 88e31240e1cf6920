"""Positions of ships around Denmark: daily csv of the Danish Maritime Authority.

    # Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,...

Times are day first and UTC. Most rows are repeated exactly, some of them twenty times. Stations ashore, buoys, aircraft
and beacons stand among the ships. Name, size and draught ride along with every row as they were last known.
Licence: free re-use under the Danish act on public sector information; no licence is named.
Citation: Danish Maritime Authority, historical AIS data.
"""

import polars as pl

LICENCE = "free re-use of public sector information (Denmark)"
CITATION = "Danish Maritime Authority, historical AIS data"
SHIPS = {"class a": "A", "class b": "B"}
OTHERS = (
    "base station", "aton", "sar airborne", "man overboard device", "search and rescue transponder",
)  # fmt: skip
"""Senders that are no ships."""


def rows(block: pl.DataFrame) -> pl.DataFrame:
    """Fields as `position_rows` reads them; rows of stations, buoys, aircraft and beacons marked `is_other`."""
    mobile = pl.col("mobile").str.strip_chars().str.to_lowercase()
    # A kind that no list knows stays as it is and is refused by its name.
    known = mobile.replace_strict(SHIPS, default=pl.col("mobile"), return_dtype=pl.String)
    is_silent = pl.col("mobile").is_null() & pl.col("fault").is_null()
    return block.with_columns(
        known.alias("transceiver"),
        mobile.is_in(OTHERS).fill_null(False).alias("is_other"),
        pl.when(is_silent)
        .then(pl.lit("no type of mobile is given; write Class A or Class B"))
        .otherwise("fault")
        .alias("fault"),
    ).drop("mobile")
