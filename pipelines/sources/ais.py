"""Files of ship positions, of any known layout and any size, to one Parquet of table `ais_read`.

Blocks of lines are read one after another, so that memory does not grow with the file: a csv, a gzip, a Zstandard file,
or the tables of a zip in the order of their names. Every row is kept, counted as a repetition, counted as speaking of
no ship, or refused with a reason; the Parquet holds the kept ones in the order of the file.
"""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from graphs.errors import DamagedFile, LayoutError
from graphs.position_rows import ISO_TIMES, POSITIONS, Told, tidy_positions
from graphs.tables import Quarantine
from pipelines.sources import ais_danish, ais_marine, ais_nmea, ais_points, ais_text, reading
from pipelines.sources.ais_layouts import LAYOUTS, AisKind, ais_columns, ais_kind, is_nmea
from pipelines.sources.ais_repeats import Seen
from pipelines.sources.comtrade_files import sha256_of

HEAD_BYTES = 1 << 16
NMEA_BLOCK_BYTES = 1 << 21
"""Sentences become many times larger while they are decoded one by one."""
GROUP_ROWS = 1 << 18
"""Rows of a row group: readers of one day skip those of other days."""
MOST_REFUSED = 2_000_000
"""A file with more rows refused than this is no file of its layout; their reasons would not fit into memory."""
PACKED = (".csv", ".txt", ".nmea", ".ais", ".log")
ROWS = {"ais_marine": ais_marine.rows, "ais_danish": ais_danish.rows, "ais_points": ais_points.rows}
SCHEMA = pl.DataFrame(schema=POSITIONS).to_arrow(compat_level=pl.CompatLevel.oldest()).schema


@dataclass(frozen=True)
class Read:
    """Of all `lines` with anything in them: kept `rows`, `repeated` ones, `others` of no ship, and `refused` ones."""

    kind: AisKind
    lines: int
    rows: int
    repeated: int
    others: int
    days: tuple[str, ...]
    """Days of the kept rows, as 2024-10-01."""
    refused: pl.DataFrame
    """Schema Quarantine, by row."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """One table of a file: what it is, how its bytes are reached, and its name in messages."""

    path: Path
    member: str | None
    file: str
    kind: AisKind
    headers: tuple[str, ...]
    separator: str


def read(
    path: Path | str,
    member: str | None,
    into: Path,
    *,
    name: str | None = None,
    raw_sha256: str | None = None,
    until: datetime | None = None,
    block_bytes: int | None = None,
) -> Read:
    """Streams a file, or one member of a zip, to the Parquet `into`. Raises DamagedFile or LayoutError.

    `until` is when the file was taken (UTC): later times are a clock at fault; now, where nothing is given. So that the
    same bytes give the same rows on any day, hand over the time at which they were archived.
    """
    file, called = Path(path), name or Path(path).name
    moment = until or datetime.now(UTC)
    latest = (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None)
    tables, left_out = _tables(file, member, called)
    sha256 = raw_sha256 or sha256_of(file)
    kept = _Kept(into)
    try:
        for table in tables:
            for told, row in _told(table, sha256, latest, kept.last_row, block_bytes):
                kept.take(told, row, called)
    except BaseException:
        kept.abandon()
        raise
    if kept.lines == 0:
        kept.abandon()
        raise DamagedFile(f"{called} has a header and no rows; fetch it again or leave it out")
    return kept.closed(tables, left_out)


def _told(
    table: Opened, sha256: str, latest: datetime, before: int, block_bytes: int | None
) -> Iterator[tuple[Told, int]]:
    """Blocks of rows, and the number of the last row of each; numbers go on from one table of a zip to the next."""
    layout = LAYOUTS.get(table.kind)
    for raw in _raw(table, before, block_bytes):
        told = tidy_positions(
            raw,
            source=table.kind,
            file=table.file,
            raw_sha256=sha256,
            file_number=zlib.crc32(sha256.encode()),
            times=ISO_TIMES if layout is None else layout.times,
            is_signed=layout is not None and layout.is_signed,
            until=latest,
        )
        yield told, int(raw.select(pl.col("raw_row").max().fill_null(0)).item())


def _raw(table: Opened, before: int, block_bytes: int | None) -> Iterator[pl.DataFrame]:
    size = table.path.stat().st_size
    with _bytes(table.path, table.member, table.file) as stream:
        if table.kind == "ais_nmea":
            lines = reading.blocks(stream, table.file, size, block_bytes or NMEA_BLOCK_BYTES, is_line_a_row=True)
            yield from ais_nmea.frames(lines, before)
            return
        fields = ais_columns(table.kind, table.headers, table.file).fields
        for block in ais_text.frames(
            stream,
            table.file,
            size,
            table.headers,
            fields,
            separator=table.separator,
            first_row=before + 1,
            block_bytes=block_bytes or reading.BLOCK_BYTES,
        ):
            yield ROWS[table.kind](block)


class _Kept:
    """What was read so far: the Parquet that grows, and the counts beside it."""

    def __init__(self, into: Path) -> None:
        self.into, self.writer = into, pq.ParquetWriter(into, SCHEMA, compression="zstd")
        self.waiting: list[pl.DataFrame] = []
        self.refused: list[pl.DataFrame] = []
        self.days: set[str] = set()
        self.seen = Seen()
        self.lines = self.rows = self.repeated = self.others = self.last_row = 0

    def take(self, told: Told, last_row: int, file: str) -> None:
        """One block. Raises DamagedFile once too many rows were refused."""
        fresh = told.positions.filter(self.seen.first(told.positions))
        self.lines += told.positions.height + told.quarantine.height + told.others
        self.repeated += told.positions.height - fresh.height
        self.others += told.others
        self.rows += fresh.height
        self.last_row = max(self.last_row, last_row)
        self.days.update(fresh["day"].unique().cast(pl.String).to_list())
        if told.quarantine.height:
            self.refused.append(told.quarantine)
            self._check(file)
        if fresh.height:
            self.waiting.append(fresh)
            if sum(one.height for one in self.waiting) >= GROUP_ROWS:
                self._flush()

    def _check(self, file: str) -> None:
        total = sum(one.height for one in self.refused)
        if total > MOST_REFUSED:
            first = self.refused[0]["reason"][0]
            raise DamagedFile(f"{file} has {total:,} rows that cannot be used, the first: {first}; export it again")

    def _flush(self) -> None:
        if self.waiting:
            arrow = pl.concat(self.waiting).to_arrow(compat_level=pl.CompatLevel.oldest())
            self.writer.write_table(arrow.cast(SCHEMA), row_group_size=GROUP_ROWS)
            self.waiting = []

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self.writer.close()
        self.into.unlink(missing_ok=True)

    def closed(self, tables: list[Opened], left_out: list[str]) -> Read:
        """Ends the Parquet."""
        self._flush()
        self.writer.close()
        notes = [*left_out, *(f"{one.file}: {note}" for one in tables for note in _notes(one))]
        refused = pl.concat([Quarantine.create_empty(), *self.refused]).sort("raw_row")
        return Read(
            tables[0].kind,
            self.lines,
            self.rows,
            self.repeated,
            self.others,
            tuple(sorted(self.days)),
            refused,
            tuple(dict.fromkeys(notes)),
        )


def _notes(table: Opened) -> tuple[str, ...]:
    return () if table.kind == "ais_nmea" else ais_columns(table.kind, table.headers, table.file).notes


def _tables(path: Path, member: str | None, called: str) -> tuple[list[Opened], list[str]]:
    """Tables of a file, and a sentence for each member of a zip that is none. Raises where none is a table."""
    tables, left_out, refused = [], [], None
    for one in _members(path, member, called):
        try:
            tables.append(_opened(path, one, called))
        except LayoutError as error:
            refused = refused or error
            left_out.append(f"{error}; it was left out")
    if not tables and refused is not None:
        raise refused
    return tables, left_out


def _members(path: Path, member: str | None, file: str) -> list[str | None]:
    """The one member asked for; all tables of a zip in the order of their names; or the file itself."""
    if member is not None or not path.is_file():
        return [member]
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return [None]
    try:
        with zipfile.ZipFile(path) as packed:
            names = sorted(one for one in packed.namelist() if one.lower().endswith(PACKED) and "__MACOSX" not in one)
    except zipfile.BadZipFile as error:
        raise DamagedFile(f"{file} begins as zip and cannot be unpacked; fetch it again") from error
    if not names:
        raise LayoutError(f"{file} is a zip without a table inside; expected one that ends in {', '.join(PACKED)}")
    return list(names)


def _opened(path: Path, member: str | None, called: str) -> Opened:
    """What one table is, by its beginning. Raises DamagedFile or LayoutError."""
    file = called if member is None else f"{called}/{member}"
    with _bytes(path, member, file) as stream:
        head = next(reading.blocks(stream, file, path.stat().st_size, HEAD_BYTES, is_line_a_row=True), b"")
    if not head.strip():
        raise DamagedFile(f"{file} is empty; fetch or export it again")
    if is_nmea(head):
        return Opened(path, member, file, "ais_nmea", (), ",")
    line = head.removeprefix(ais_text.MARK).lstrip(b"\r\n").splitlines()[0].decode(errors="replace")
    separator = max(",\t;|", key=line.count)
    headers = tuple(next(csv.reader([line], delimiter=separator)))
    kind = ais_kind(headers)
    if kind is None:
        shown = ", ".join(repr(one[:40]) for one in headers[:6])
        raise LayoutError(f"{file} has columns {shown} that fit no known table of ship positions")
    return Opened(path, member, file, kind, headers, separator)


@contextmanager
def _bytes(path: Path, member: str | None, file: str) -> Iterator[IO[bytes]]:
    """The plain bytes. Raises DamagedFile where they cannot be reached."""
    try:
        with reading.opened(path, member) as stream:
            yield stream
    except FileNotFoundError:
        raise DamagedFile(f"{file} does not exist; check the name") from None
    except KeyError:
        raise DamagedFile(f"{file} is not in the zip; check the name") from None
    except (NotImplementedError, RuntimeError) as error:
        raise DamagedFile(f"{file} is packed in a way that cannot be read here; unpack it first") from error
    except (zipfile.BadZipFile, pa.ArrowException) as error:
        raise DamagedFile(f"{file} ends early or is damaged; fetch it again") from error
