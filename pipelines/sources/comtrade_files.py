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

from graphs.declarations import RAW_COLUMNS
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
    """All rows of a file or of an API answer, called `file` in messages.

    Raises LayoutError or DamagedFile with one sentence. An API answer without rows is empty, a file without rows
    is refused.
    """
    parts = list(batches(data, file, sha256))
    rows = pl.concat([one.raw for one in parts], how="vertical_relaxed")
    return Parsed(rows, parts[0].notes, parts[0].file, parts[0].sha256)


def batches(data: Path | str | bytes, file: str | None = None, sha256: str | None = None) -> Iterator[Parsed]:
    """The same in parts of bounded size, for files beyond memory; at least one part."""
    if isinstance(data, bytes):
        with NamedTemporaryFile(suffix=".raw") as spooled:
            Path(spooled.name).write_bytes(data)
            yield from batches(Path(spooled.name), file or "the answer", sha256)
        return
    path, name = Path(data), file or str(data)
    layout = recognise(path, name)
    if layout.kind != "comtrade":
        raise LayoutError(f"{name} is a table of {layout.kind}, not of UN Comtrade; read it with that source")
    notes = tuple(f"{name}: {note}" for note in layout.notes)
    row = 0
    for table in layout.inner or (layout,):
        for frame in _frames(table, name):
            # Hashed only now, so that a large file that is no table is refused without reading it all.
            sha256 = sha256 or sha256_of(path)
            yield Parsed(frame.with_row_index("raw_row", offset=row + 1), notes, name, sha256)
            row += frame.height
    if row == 0 and layout.container != "json":
        raise DamagedFile(f"{name} has a header and no rows; fetch it again or leave it out")


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _frames(layout: Layout, file: str) -> Iterator[pl.DataFrame]:
    if layout.container == "parquet":
        yield from _parquet(layout, file)
    elif layout.container == "json":
        yield _json(layout, file)
    else:
        fields = layout.columns.fields
        size = layout.path.stat().st_size
        wanted = {f"{at}": fields[header] for at, header in enumerate(layout.headers) if header in fields}
        with reading.opened(layout.path, layout.member) as stream:
            for frame in reading.text_rows(
                stream, file, size, layout.headers, separator=layout.separator, encoding=layout.encoding
            ):
                yield frame.select(*wanted, reading.SURPLUS).rename(wanted)


def _parquet(layout: Layout, file: str) -> Iterator[pl.DataFrame]:
    rows = pl.scan_parquet(layout.path).select(_plain(layout, file))
    try:
        yield from rows.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)
    except pl.exceptions.PolarsError as error:
        raise DamagedFile(f"{file} cannot be read to its end; fetch it again") from error


def _plain(layout: Layout, file: str) -> list[pl.Expr]:
    """The known columns as text, numbers or Booleans. Raises LayoutError for lists and the like."""
    schema = pl.read_parquet_schema(layout.path)
    columns = []
    for header, field in layout.columns.fields.items():
        dtype = schema[header]
        if dtype.is_nested() or dtype == pl.Object:
            raise LayoutError(f"{file} holds {dtype} in the column {header!r}; expected text or numbers")
        plain = pl.col(header) if dtype.is_numeric() or dtype == pl.Boolean else pl.col(header).cast(pl.String)
        columns.append(plain.alias(field))
    return columns


def _json(layout: Layout, file: str) -> pl.DataFrame:
    with reading.opened(layout.path, layout.member) as stream:
        text = reading.whole(stream, file, LARGEST_JSON_BYTES)
    try:
        body = json.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        body = _json_lines(text)
        if body is None:
            raise DamagedFile(f"{file} is not complete json ({error}); fetch it again") from error
    return json_rows(body, file)


def _json_lines(text: bytes) -> list[object] | None:
    """Rows of one json object per line; None if the text is not that."""
    try:
        return [json.loads(line) for line in text.decode("utf-8-sig").splitlines() if line.strip()]
    except ValueError:
        return None


def json_rows(body: object, file: str) -> pl.DataFrame:
    """Rows of an API answer `{"data": [...]}` or of a list of rows; none where the answer is empty."""
    listed = body.get("data") if isinstance(body, dict) else body
    if isinstance(body, dict) and body.get("error"):
        raise DamagedFile(f"{file} is an answer of UN Comtrade that says {str(body['error'])!r}; fetch it again")
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise LayoutError(f'{file} holds no rows; expected {{"data": [...]}} or a list of rows')
    if not listed:
        return pl.DataFrame(schema=dict.fromkeys(RAW_COLUMNS, pl.String()))
    columns = comtrade_columns(dict.fromkeys(key for row in listed for key in row), file)
    return pl.DataFrame([_series(field, [row.get(key) for row in listed]) for key, field in columns.fields.items()])


def _series(field: str, values: list[object]) -> pl.Series:
    """Cells of one column: whole numbers and fractions mixed stay numbers, anything else mixed becomes text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pl.Series(field, values, dtype=pl.Float64 if float in kinds else pl.Int64, strict=False)
    if len(kinds) == 1 and kinds <= {str, bool}:
        return pl.Series(field, values)
    return pl.Series(field, [None if value is None else str(value) for value in values], dtype=pl.String)
