"""UN Comtrade files: the API layout as csv, json or Parquet, the legacy bulk csv, extracts of either.

Licence: UN Comtrade terms of use; data may be analysed and published in derived form, not re-disseminated.
Citation: United Nations, UN Comtrade Database.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl

from graphs.errors import DamagedFile, LayoutError
from pipelines.sources import reading
from pipelines.sources.layouts import comtrade_columns
from pipelines.sources.recognise import Layout, recognise

SOURCE = "comtrade"
BATCH_ROWS = 1_000_000
LARGEST_JSON_BYTES = 1 << 29


@dataclass(frozen=True)
class Parsed:
    """Raw rows with columns of graphs.declarations.RAW_COLUMNS and `raw_row`, numbered from 1."""

    raw: pl.DataFrame
    notes: tuple[str, ...]
    file: str
    sha256: str


def parse(data: Path | str | bytes, file: str | None = None, sha256: str | None = None) -> Parsed:
    """All rows of a file or of an API answer. Raises LayoutError or DamagedFile with one sentence."""
    parts = list(batches(data, file, sha256))
    return Parsed(
        pl.concat([one.raw for one in parts], how="vertical_relaxed"), parts[0].notes, parts[0].file, parts[0].sha256
    )


def batches(data: Path | str | bytes, file: str | None = None, sha256: str | None = None) -> Iterator[Parsed]:
    """The same in parts of bounded size, for files beyond memory; at least one part, perhaps without rows."""
    if isinstance(data, bytes):
        with NamedTemporaryFile(suffix=".raw") as spooled:
            Path(spooled.name).write_bytes(data)
            yield from batches(Path(spooled.name), file or "bytes", sha256)
        return
    path = Path(data)
    layout = recognise(path)
    if layout.kind != "comtrade":
        raise LayoutError(f"{file or path} is a table of {layout.kind}, not of UN Comtrade; add it as data of its own")
    name, digest = file or path.name, sha256 or sha256_of(path)
    row = 0
    for frame in _frames(layout, name):
        yield Parsed(frame.with_row_index("raw_row", offset=row + 1), layout.notes, name, digest)
        row += frame.height
    if row == 0:
        raise DamagedFile(f"{name} has a header and no rows; fetch it again or leave it out")


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _frames(layout: Layout, file: str) -> Iterator[pl.DataFrame]:
    if layout.container == "parquet":
        yield from _parquet(layout)
    elif layout.container == "json":
        yield _json(layout, file)
    else:
        fields = layout.columns.fields
        size = layout.path.stat().st_size
        wanted = {f"{at}": fields[header] for at, header in enumerate(layout.headers) if header in fields}
        with reading.opened(layout.path) as stream:
            for frame in reading.text_rows(
                stream, file, size, layout.headers, separator=layout.separator, encoding=layout.encoding
            ):
                yield frame.select(*wanted, reading.SURPLUS).rename(wanted)


def _parquet(layout: Layout) -> Iterator[pl.DataFrame]:
    fields = layout.columns.fields
    rows = pl.scan_parquet(layout.path).select(list(fields)).rename(dict(fields))
    yield from rows.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)


def _json(layout: Layout, file: str) -> pl.DataFrame:
    with reading.opened(layout.path) as stream:
        text = b"".join(reading.blocks(stream, file, layout.path.stat().st_size))
    if len(text) > LARGEST_JSON_BYTES:
        raise DamagedFile(f"{file} is larger than {LARGEST_JSON_BYTES:,} bytes of json; fetch it in parts or as csv")
    try:
        body = json.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        raise DamagedFile(f"{file} is not complete json ({error}); fetch it again") from error
    return json_rows(body, file)


def json_rows(body: object, file: str) -> pl.DataFrame:
    """Rows of an API answer `{"data": [...]}` or of a list of rows."""
    listed = body.get("data") if isinstance(body, dict) else body
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise LayoutError(f'{file} holds no rows; expected {{"data": [...]}} or a list of rows')
    headers = list(dict.fromkeys(key for row in listed for key in row))
    columns = comtrade_columns(headers, file)
    series = {field: [row.get(header) for row in listed] for header, field in columns.fields.items()}
    return pl.DataFrame({field: pl.Series(field, values, strict=False) for field, values in series.items()})
