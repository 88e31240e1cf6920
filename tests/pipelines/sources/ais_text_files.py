"""Files of ship positions written by hand in every layout that is read, good rows and rows of every fault."""

from pyais.encode import encode_dict

MARINE = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,"
    "TransceiverClass"
)
MARINE_NEW = (
    "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,"
    "draft,cargo,transceiver"
)
DANISH = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    "Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D"
)
POINTS = "ID,ais_pos_timestamp,longitude,latitude"
CORRUPT = "999999990"
"""Identity of every corrupt row that can still say one: it may stand in no result."""
SECOND = 1_727_784_000
"""2024-10-01 12:00:00 UTC."""
# The mark is in each kind of corrupt row that still has a sender: what is kept by mistake is recognised.
MARINE_FAULTS = {
    "no time": f"{CORRUPT},,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "no calendar has it": f"{CORRUPT},2024-02-30T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a time to come": f"{CORRUPT},2090-01-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a clock never set": f"{CORRUPT},1970-01-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "no sender": ",2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a short identity": "99999,2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a latitude beyond": f"{CORRUPT},2024-10-01T00:00:00,95.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a longitude beyond": f"{CORRUPT},2024-10-01T00:00:00,5.61,-200,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "no number": f"{CORRUPT},2024-10-01T00:00:00,NaN,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "half a position": f"{CORRUPT},2024-10-01T00:00:00,,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "words for a speed": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,fast,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a speed beyond": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,400,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "a heading beyond": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,999,LOST,,,70,0,180,30,9.8,70,A",
    "an unknown status": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,99,180,30,9.8,70,A",
    "a length beyond": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,-180,30,9.8,70,A",
    "a class unknown": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,Z",
    "a damaged name": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,LO\x00ST,,,70,0,180,30,9.8,70,A",
    "an open quote": f'{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,"LOST,,,70,0,180,30,9.8,70,A',
    "cells too many": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A,7,8",
    "a cut line": f"{CORRUPT},2024-10-01T00:00:00,5.61,-0.01,1,90",
    "shifted cells": f"2024-10-01T00:00:00,{CORRUPT},5.61,-0.01,1,90,91,LOST,,,70,0,180,30,9.8,70,A",
    "noise": "\x01\x7f;;;%%,%,%\x02",
}


def marine(second: int, mmsi: int = 280_000_001, lat: float = 5.61) -> str:
    """A good row in the old names; the same second and sender give the same row."""
    time = f"2024-10-01T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{mmsi},{time},{lat:.5f},-0.01234,11.5,90.1,91.0,INVENTED,IMO9074729,XA12,70,0,180,30,9.8,70,A"


def marine_new(row: str) -> str:
    """The same row in the order of the new names, with what says "not available" left out."""
    cells = row.split(",")
    time = cells[1].replace("T", " ")
    lat, lon = ("" if cells[2].startswith("91") else cells[2]), ("" if cells[3].startswith("181") else cells[3])
    return ",".join([cells[0], time, lon, lat, *cells[4:]])


def danish(second: int, mobile: str = "Class A", mmsi: str = "219000001", position: str = "55.858673,12.835107") -> str:
    time = f"01/10/2024 {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return (
        f"{time},{mobile},{mmsi},{position},Under way using engine,0.0,12.5,221.7,74,9074729,OXXX,INVENTED,Cargo,"
        "No additional information,30,180,GPS,9.8,NOWHERE,06/10/2024 06:00:00,AIS,170,10,15,15"
    )


def sentences(**fields: object) -> list[bytes]:
    """Sentences of one message, as a receiver writes them."""
    said = {"type": 1, "mmsi": 280_000_001, "lon": -0.01, "lat": 5.61, "speed": 11.5, "course": 90.1, "heading": 91}
    return [line.encode() for line in encode_dict(said | fields, radio_channel="A", sentence_type="VDM")]


def tagged(line: bytes, second: int | str = SECOND, station: str = "x") -> bytes:
    """A sentence with a tag block that states the second of its reception."""
    inner = f"s:{station},c:{second}".encode()
    return b"\\" + inner + f"*{xor(inner):02X}".encode() + b"\\" + line


def xor(text: bytes) -> int:
    total = 0
    for one in text:
        total ^= one
    return total
