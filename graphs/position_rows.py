"""Reports of ships as typed rows: text to numbers, "not available" to null, every other fault to quarantine.

A report without a position stays: it proves that its ship was heard. What a ship may send is what ITU-R M.1371-5 lets
it send; a number beyond that was not sent by any ship, and its row is refused whole.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from graphs.faults import Fault, split
from graphs.position_codes import STATUSES, TYPES, codes
from graphs.rows import amount_cell
from graphs.tables_ships import VesselPositions

FIELDS = (
    "mmsi", "number", "time", "lon", "lat", "speed", "course", "heading", "status", "draught", "imo", "name",
    "call_sign", "ais_type", "length", "width", "transceiver",
)  # fmt: skip
"""What a reader hands over, as text or as numbers; a field that its file lacks may be left out."""
POSITIONS: dict[str, pl.DataType] = {
    "sender": pl.Int64(),
    "time": pl.Datetime("us", "UTC"),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "speed_kn": pl.Float32(),
    "course_deg": pl.Float32(),
    "heading_deg": pl.Float32(),
    "status": pl.UInt8(),
    "draught_m": pl.Float32(),
    "imo": pl.Int32(),
    "name": pl.String(),
    "call_sign": pl.String(),
    "ais_type": pl.UInt16(),
    "length_m": pl.Float32(),
    "width_m": pl.Float32(),
    "transceiver": pl.String(),
    "raw_row": pl.UInt32(),
    "day": pl.Date(),
}
"""Rows of the intermediate table `ais_read`."""
ISO_TIMES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%M:%S%.f")
EARLIEST = datetime(2005, 1, 1)
"""Ships had to carry transponders from 2005 on; an earlier time is a clock at fault."""
NUMBER_BITS = 20
"""Ships that a file numbers in its own way: bits of the number; those above tell the file."""
FOUND_CHARACTERS = 100
"""So much of a cell at fault is told."""
WORDS = {"status": STATUSES, "ais_type": TYPES}
SIGNED = ("speed", "course")
STATION = r"^(00|111|8|97|99)[0-9]*$"
"""Identities of no ship: coast stations, aircraft, handheld radios, distress beacons, buoys and lights."""
NO_NAMES = ["", "unknown", "undefined", "null", "none", "nan", "n/a"]
DAMAGED = r"[\x00-\x1f\x7f\x{fffd}]"
"""Characters that no ship can send."""


@dataclass(frozen=True)
class Told:
    """Rows of POSITIONS in their order, rows refused (schema Quarantine), and how many spoke of no ship."""

    positions: pl.DataFrame
    quarantine: pl.DataFrame
    others: int


@dataclass(frozen=True)
class Measure:
    """A number that ships send: `most` is the largest that fits, and from `unsent` on it says "not available"."""

    field: str
    column: str
    most: float
    unsent: float
    is_zero_unsent: bool
    meaning: str


MEASURES = (
    Measure("speed", "speed_kn", 102.4, 102.25, False, "a speed in knots (0 to 102.2; 102.3 for none)"),
    Measure("course", "course_deg", 409.6, 360.0, False, "a course in degrees (0 to 359.9; 360 for none)"),
    Measure("heading", "heading_deg", 511.0, 360.0, False, "a heading in degrees (0 to 359; 511 for none)"),
    Measure("draught", "draught_m", 25.5, 25.6, True, "a draught in metres (0.1 to 25.5; 0 for none)"),
    Measure("length", "length_m", 1022.0, 1023.0, True, "a length in metres (1 to 1022; 0 for none)"),
    Measure("width", "width_m", 126.0, 127.0, True, "a width in metres (1 to 126; 0 for none)"),
)
NUMBERS = ("lon", "lat", *(one.field for one in MEASURES))


def tidy_positions(
    raw: pl.DataFrame,
    *,
    source: str,
    file: str,
    raw_sha256: str,
    file_number: int,
    times: tuple[str, ...] = ISO_TIMES,
    is_signed: bool = False,
    until: datetime | None = None,
) -> Told:
    """One block of rows with `raw_row` and columns of FIELDS; `times` are the formats of its column time, in UTC.

    A reader's own column `fault` (one sentence) with `fault_found` refuses a row; `is_other` marks rows of no ship.
    `is_signed`: negative speeds and courses count as not sent. `until` (UTC): later times are a clock at fault.
    """
    ships = raw.filter(pl.col("is_other").not_()) if "is_other" in raw.columns else raw
    read = _read(_complete(ships), times)
    good, refused = split(read, _faults(is_signed, until), source=source, file=file, raw_sha256=raw_sha256)
    afloat = good.filter(pl.col("is_station").not_())
    positions = afloat.select(_columns(file_number)).select(*POSITIONS).cast(POSITIONS)  # type: ignore[arg-type]
    return Told(positions, refused, raw.height - ships.height + good.height - afloat.height)


def one_a_time(rows: pl.DataFrame) -> pl.DataFrame:
    """Table `vessel_positions` of rows of POSITIONS with `raw_file`: of several at one time, one with a position.

    Among those the first of the first file stays; the others repeat it, or come from a second ship on one identity.
    """
    order = ["sender", "time", pl.col("lon").is_null(), "raw_file", "raw_row"]
    first = rows.sort(order).unique(["sender", "time"], keep="first", maintain_order=True)
    return VesselPositions.cast(first.rename({"day": "known_from"}).select(VesselPositions.column_names()))


def _complete(raw: pl.DataFrame) -> pl.DataFrame:
    wanted = [name for name in (*FIELDS, "fault", "fault_found") if name not in raw.columns]
    return raw.with_columns(pl.lit(None, pl.String).alias(name) for name in wanted)


def _read(raw: pl.DataFrame, times: tuple[str, ...]) -> pl.DataFrame:
    """Adds what each cell says: `<field>_read`, null where it says nothing; and `<field>_bad` for words."""
    columns = [one for field in NUMBERS for one in _number(raw[field])]
    columns.append(_time(raw["time"], times).alias("time_read"))
    columns.extend(one for field, words in WORDS.items() for one in codes(raw[field], words))
    named = (_whole("mmsi"), _whole("number"), _name("name"), _name("call_sign"), _name("transceiver"))
    return (
        raw.with_columns(columns)
        .with_columns(named)
        .with_columns(
            pl.col("mmsi").str.contains(STATION).fill_null(False).alias("is_station"),
            pl.col("mmsi").cast(pl.Int64, strict=False).alias("mmsi_read"),
            pl.col("number").cast(pl.Int64, strict=False).alias("number_read"),
        )
    )


def _number(cells: pl.Series) -> list[pl.Series]:
    """Cells as numbers, and the cells trimmed; only what does not read at once is trimmed."""
    name = cells.name
    if cells.dtype != pl.String:
        return [cells.cast(pl.Float64).alias(f"{name}_read"), cells.cast(pl.String)]
    read = cells.cast(pl.Float64, strict=False)
    if read.null_count() != cells.null_count():
        cells = cells.to_frame().select(amount_cell(name)).to_series()
        read = cells.cast(pl.Float64, strict=False)
    return [read.alias(f"{name}_read"), cells]


def _time(cells: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    if cells.dtype != pl.String:
        return cells.cast(pl.Datetime("us"))
    trimmed = cells.str.strip_chars()
    read = trimmed.str.to_datetime(formats[0], time_unit="us", strict=False)
    for one in formats[1:]:
        if read.null_count() == cells.null_count():
            break
        read = read.fill_null(trimmed.str.to_datetime(one, time_unit="us", strict=False))
    return read


def _whole(field: str) -> pl.Expr:
    """A whole number as text, without the ".0" that spreadsheets add."""
    return pl.col(field).cast(pl.String).str.strip_chars().str.strip_suffix(".0")


def _name(field: str) -> pl.Expr:
    """Text without the @ that fills a name up; null where it says nothing."""
    text = pl.col(field).cast(pl.String).str.strip_chars(" @\t")
    return pl.when(text.str.to_lowercase().is_in(NO_NAMES).not_()).then(text).alias(field)


def _columns(file_number: int) -> list[pl.Expr]:
    """Columns of POSITIONS from what was read without fault."""
    lon, lat, time = pl.col("lon_read"), pl.col("lat_read"), pl.col("time_read")
    is_somewhere = (lon != 181.0) & (lat != 91.0)
    own = -((file_number << NUMBER_BITS) + pl.col("number_read"))
    return [
        pl.coalesce("mmsi_read", own).alias("sender"),
        time.dt.replace_time_zone("UTC").alias("time"),
        pl.when(is_somewhere).then(lon).alias("lon"),
        pl.when(is_somewhere).then(lat).alias("lat"),
        *(_sent(one) for one in MEASURES),
        pl.col("status_read").alias("status"),
        _imo(),
        pl.col("name"),
        pl.col("call_sign"),
        pl.col("ais_type_read").alias("ais_type"),
        pl.col("transceiver"),
        pl.col("raw_row"),
        time.dt.date().alias("day"),
    ]


def _sent(one: Measure) -> pl.Expr:
    value = pl.col(f"{one.field}_read")
    is_sent = (value < one.unsent) & ((value > 0.0) if one.is_zero_unsent else (value >= 0.0))
    return pl.when(is_sent).then(value).alias(one.column)


def _imo() -> pl.Expr:
    """Number of the ship; null without a true check digit: the sum of six digits times 7 to 2 ends in the seventh."""
    number = pl.col("imo").cast(pl.String).str.extract(r"^\s*(?:IMO|imo)?\s*([0-9]{7})(?:\.0)?\s*$").cast(pl.Int32)
    total = pl.sum_horizontal((number // 10**place) % 10 * (place + 1) for place in range(1, 7))
    return pl.when((total % 10 == number % 10) & (number >= 1_000_000)).then(number).alias("imo")


def _faults(is_signed: bool, until: datetime | None) -> list[Fault]:
    """Every fault of a row, the first of which is told."""
    transceiver = pl.col("transceiver").is_in(["A", "B"]).not_()
    return [
        Fault("row", pl.col("fault").is_not_null(), _found("fault_found"), pl.col("fault")),
        *_time_faults(until),
        *_identity_faults(),
        *_position_faults(),
        *(fault for one in MEASURES for fault in _measure_faults(one, is_signed)),
        _fault("status", pl.col("status_bad"), "is no status of a ship (0 to 15)"),
        _fault("ais_type", pl.col("ais_type_bad"), "is no type of a ship (0 to 255)"),
        _fault("transceiver", transceiver, "is no class of a transceiver (A or B)"),
        *(
            _fault(one, pl.col(one).str.contains(DAMAGED), "holds what no ship can send")
            for one in ("name", "call_sign")
        ),
    ]


def _time_faults(until: datetime | None) -> list[Fault]:
    time = pl.col("time_read")
    none = pl.col("time").cast(pl.String).fill_null("").str.strip_chars() == ""
    silent = Fault("time", none, _found("time"), pl.lit("no time is given; a report without one has no place"))
    early = _fault("time", time < EARLIEST, "lies before 2005, when ships began to report; a clock was wrong")
    late = [] if until is None else [_fault("time", time > until, "lies after the file was taken; a clock was wrong")]
    return [silent, _fault("time", time.is_null(), "is no time as this layout writes it"), early, *late]


def _identity_faults() -> list[Fault]:
    mmsi, number = pl.col("mmsi"), pl.col("number_read")
    nameless = mmsi.fill_null("").eq("") & pl.col("number").fill_null("").eq("")
    is_number = number.is_between(0, (1 << NUMBER_BITS) - 1).fill_null(False)
    return [
        Fault("mmsi", nameless, _found("mmsi"), pl.lit("no sender is given; a report needs its ship")),
        _fault("mmsi", mmsi.str.contains(r"^[0-9]{9}$").not_(), "is no identity of nine digits"),
        _fault("mmsi", mmsi == "000000000", "is the identity of a transponder that nobody set up"),
        _fault("number", pl.col("number").is_not_null() & is_number.not_(), "is no number of a ship (0 to 1,048,575)"),
    ]


def _position_faults() -> list[Fault]:
    lon, lat = pl.col("lon_read"), pl.col("lat_read")
    is_nowhere = (lon == 181.0).fill_null(False) | (lat == 91.0).fill_null(False)
    half = (lon.is_null() != lat.is_null()) & is_nowhere.not_()
    alone = pl.lit("only one of latitude and longitude is given; give both or neither")
    return [
        *_unreadable("lat", "is no latitude in degrees, with a decimal point"),
        *_unreadable("lon", "is no longitude in degrees, with a decimal point"),
        _fault("lat", (lat.abs() > 90.0) & (lat != 91.0), "is no latitude (-90 to 90; 91 for none)"),
        _fault("lon", (lon.abs() > 180.0) & (lon != 181.0), "is no longitude (-180 to 180; 181 for none)"),
        Fault("lat", half, _found("lat"), alone),
    ]


def _measure_faults(one: Measure, is_signed: bool) -> list[Fault]:
    value, wrong = pl.col(f"{one.field}_read"), f"is not {one.meaning}"
    beyond = value > one.most if is_signed and one.field in SIGNED else (value > one.most) | (value < 0.0)
    return [*_unreadable(one.field, wrong), _fault(one.field, beyond, wrong)]


def _unreadable(field: str, wrong: str) -> list[Fault]:
    text, read = pl.col(field), pl.col(f"{field}_read")
    return [_fault(field, text.is_not_null() & read.is_null(), wrong), _fault(field, read.is_finite().not_(), wrong)]


def _fault(field: str, bad: pl.Expr, wrong: str) -> Fault:
    """A fault whose sentence begins with what stood there and ends with what to do."""
    reason = pl.format("{} {} {}; correct the cell or leave it out", pl.lit(field), _found(field), pl.lit(wrong))
    return Fault(field, bad, _found(field), reason)


def _found(field: str) -> pl.Expr:
    return pl.col(field).cast(pl.String).str.slice(0, FOUND_CHARACTERS)
