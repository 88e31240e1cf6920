"""Files of ship positions as receivers write them, of a few invented ships between two invented ports."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.pipelines.sources.ais_text_files import MARINE

FIRST = date(2024, 10, 1)
DAYS = 4
HOME_PORT, FAR_PORT = (0.0, 5.0), (3.0, 5.0)
SILENT = 280_000_003
"""The ship that is not heard for half a day."""
PLACES = """place_id,kind,name,country,lon,lat,locode
port:XAA:1,port,Haven,XAA,0.0,5.0,
port:XBB:1,port,Strand,XBB,3.0,5.0,
"""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def row(mmsi: int, moment: datetime, lon: float, lat: float, kn: float) -> str:
    time = moment.strftime("%Y-%m-%dT%H:%M:%S")
    status = 5 if kn < 1 else 0
    return (
        f"{mmsi},{time},{lat:.5f},{lon:.5f},{kn},90.0,90.0,SHIP {mmsi % 10},,XA{mmsi % 10},70,{status},180,30,9.8,70,A"
    )


def reports(mmsi: int, days: int = DAYS, minutes: int = 30) -> Iterator[str]:
    """A day and a half in one port, a passage of a day, and the other port."""
    start = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(minutes=mmsi % 10)
    for step in range(days * 24 * 60 // minutes):
        hour = step * minutes / 60
        share = min(max((hour - 36 - mmsi % 10) / 24, 0.0), 1.0)
        lon = HOME_PORT[0] + 0.004 + share * (FAR_PORT[0] - HOME_PORT[0])
        moving = 0.0 < share < 1.0
        if mmsi == SILENT and 0.2 < share < 0.7:
            continue
        yield row(
            mmsi,
            start + timedelta(hours=hour),
            lon,
            5.001 + 0.02 * (mmsi % 10) * share * (1 - share),
            7.5 if moving else 0.1,
        )


def lines(ships: Iterable[int] = range(280_000_001, 280_000_006), days: int = DAYS) -> list[str]:
    """Reports of all ships in order of time, as they arrive."""
    told = [one for ship in ships for one in reports(ship, days)]
    return sorted(told, key=lambda one: one.split(",")[1])


def write(folder: Path, rows: Iterable[str] | None = None) -> list[Path]:
    """A file for each day."""
    folder.mkdir(parents=True, exist_ok=True)
    by_day: dict[str, list[str]] = {}
    for one in lines() if rows is None else rows:
        by_day.setdefault(one.split(",")[1][:10], []).append(one)
    files = []
    for name, told in sorted(by_day.items()):
        files.append(folder / f"AIS_{name.replace('-', '_')}.csv")
        files[-1].write_text("\n".join([MARINE, *told]) + "\n")
    return files


def write_places(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "places.csv"
    file.write_text(PLACES)
    return file
