"""Bills of lading and manifests as csv, by the mapping that a user wrote (pipelines.sources.manifest_mapping).

Read block by block. Every row becomes a row of `manifests` or stands in quarantine under the csv's own column name.
"""

import csv
import gzip
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from graphs.errors import DamagedFile, LayoutError
from graphs.manifest_rows import SOURCE, Told, count_houses, tidy_manifests
from graphs.tables import Quarantine
from graphs.tables_companies import Manifests
from pipelines.sources import reading
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.heads import BINARY, HEAD_BYTES, UTF16, decode
from pipelines.sources.manifest_mapping import ManifestMapping

__all__ = ["SOURCE", "Header", "header", "parse"]


@dataclass(frozen=True)
class Header:
    """Column names of a csv and how it is written."""

    names: tuple[str, ...]
    separator: str
    encoding: str


def header(path: Path | str, name: str | None = None) -> Header:
    """First line of a csv, plain or gzip, called `name` in messages. Raises DamagedFile or LayoutError."""
    file, called = Path(path), name or str(path)
    try:
        with reading.opened(file) as stream:
            head = stream.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedFile(f"{called} begins as gzip and cannot be unpacked; fetch it again") from error
    except OSError as error:
        raise DamagedFile(f"{called} cannot be opened ({error.strerror}); check its name and permissions") from error
    if head.startswith(UTF16) or BINARY & set(head):
        raise LayoutError(f"{called} is no csv; save the bills as csv in UTF-8")
    text, encoding = decode(head)
    if not text.strip():
        raise DamagedFile(f"{called} is empty; fetch or export it again")
    line = text.lstrip("\r\n").splitlines()[0]
    separator = max(",\t;|", key=line.count)
    names = tuple(one.strip() for one in next(csv.reader([line], delimiter=separator)))
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if twice:
        raise LayoutError(f"{called} has two columns {twice[0]!r}; rename one of them")
    return Header(names, separator, encoding)


def parse(path: Path | str, mapping: ManifestMapping, *, name: str | None = None, latest: date | None = None) -> Told:
    """Bills of a csv. `latest` is the day on which it was taken. Raises DamagedFile or LayoutError."""
    file = Path(path)
    called = name or file.name
    found = header(file, called)
    if lacking := mapping.lacks(found.names):
        raise LayoutError(f"{called} lacks the column {lacking[0]!r} that {mapping.file} names; correct the mapping")
    digest, size = sha256_of(file), file.stat().st_size
    fields = [pl.col(f"{found.names.index(column)}").alias(one) for one, column in mapping.columns.items()]
    parts, first = [], 1
    with reading.opened(file) as stream:
        lines = reading.text_rows(stream, called, size, found.names, separator=found.separator, encoding=found.encoding)
        for rows in lines:
            numbered = rows.with_row_index("raw_row", offset=first).cast({"raw_row": pl.UInt32})
            raw = numbered.select("raw_row", *fields, reading.SURPLUS)
            parts.append(tidy_manifests(raw, mapping.terms, file=called, raw_sha256=digest, latest=latest))
            first += rows.height
    masters = frozenset[str]().union(*(part.masters for part in parts))
    bills = pl.concat([Manifests.create_empty(), *(part.manifests for part in parts)])
    refused = pl.concat([Quarantine.create_empty(), *(part.quarantine for part in parts)])
    columns = pl.col("field").replace(dict(mapping.columns))
    return Told(count_houses(bills, masters), refused.with_columns(columns), masters)
