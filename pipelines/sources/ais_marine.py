"""Positions of ships around the United States: daily csv of MarineCadastre, the old names and the new ones.

    MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,...
    mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,...

Times are UTC; there is one position a minute and ship at most. Receivers stand ashore, so ships far out are not heard.
Negative speeds and courses, which files of the first years hold and no document explains, count as not sent.
Licence: CC0 1.0. Citation: NOAA Office for Coastal Management, Nationwide Automatic Identification System.
"""

import polars as pl

LICENCE = "CC0 1.0"
CITATION = "NOAA Office for Coastal Management, Nationwide Automatic Identification System, MarineCadastre"


def rows(block: pl.DataFrame) -> pl.DataFrame:
    """Fields as `position_rows` reads them: they stand so in the file."""
    return block
