"""Bytes to rows of text in bounded memory: plain or packed, a block of whole lines at a time."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl

from graphs.errors import DamagedFile

BLOCK_BYTES = 1 << 23
LONGEST_ROW_BYTES, LONGEST_LINE_BYTES = 1 << 26, 1 << 16
# Tables pack 10 to 30 fold; a file that unpacks further is not one.
MOST_FOLD, FOLD_FREE_BYTES = 200, 1 << 26
SURPLUS = "surplus"
# What packed bytes begin with.
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# Byte order mark and empty lines.
BEFORE_HEADER = b"\xef\xbb\xbf\r\n"
# A block in which nearly all of so many rows hold so few cells is no table, whatever its header says.
STRAY_CELLS, STRAY_ROWS, STRAY_SHARE = 3, 1000, 0.9


@contextmanager
def opened(path: Path, member: str | None = None) -> Iterator[IO[bytes]]:
    """The plain bytes of a file, of a gzip's or Zstandard's content, or of one member of a zip."""
    with path.open("rb") as raw:
        magic = raw.read(len(ZSTD))
        raw.seek(0)
        if member is not None:
            with zipfile.ZipFile(raw) as packed, packed.open(member) as inner:
                yield inner
        elif magic.startswith(GZIP):
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield unpacked  # type: ignore[misc]
        elif magic == ZSTD:
            import pyarrow as pa  # here: few files are packed so

            with pa.CompressedInputStream(raw, "zstd") as plain:
                yield plain
        else:
            yield raw


def whole(stream: IO[bytes], file: str, most_bytes: int) -> bytes:
    """All bytes at once. Raises DamagedFile if there are too many, or if the stream is cut."""
    text = _read(stream, file, most_bytes + 1)
    if len(text) > most_bytes:
        raise DamagedFile(f"{file} holds more than {most_bytes:,} bytes; fetch it in parts or as csv")
    return text


def blocks(
    stream: IO[bytes], file: str, packed_bytes: int, block_bytes: int = BLOCK_BYTES, *, is_line_a_row: bool = False
) -> Iterator[bytes]:
    """Blocks of whole rows; the last may lack its end. Raises DamagedFile on a cut, endless or binary stream.

    A row ends at a line end outside quotes; or at any line end: quotes and zero bytes then spoil their own line only.
    """
    longest = LONGEST_LINE_BYTES if is_line_a_row else LONGEST_ROW_BYTES
    rest, total = b"", 0
    most = max(FOLD_FREE_BYTES, MOST_FOLD * packed_bytes)
    while fresh := _read(stream, file, block_bytes):
        total += len(fresh)
        if total > most:
            raise DamagedFile(f"{file} unpacks from {packed_bytes:,} to over {most:,} bytes, which no table does")
        if b"\0" in fresh and not is_line_a_row:
            raise DamagedFile(f"{file} holds binary data where text was expected; fetch or export it again")
        data = rest + fresh
        end = data.rfind(b"\n") + 1 if is_line_a_row else _last_row_end(data)
        if len(data) - end > longest:
            why = "fetch or export it again" if is_line_a_row else "a quote may be unclosed"
            raise DamagedFile(f"{file} has a line longer than {longest:,} bytes; {why}")
        if end:
            yield data[:end]
        rest = data[end:]
    if rest:
        yield rest


def _read(stream: IO[bytes], file: str, most_bytes: int) -> bytes:
    try:
        return stream.read(most_bytes)
    except (EOFError, zlib.error, zipfile.BadZipFile, OSError, ValueError) as error:
        raise DamagedFile(f"{file} ends early or is damaged; fetch it again") from error


def _last_row_end(data: bytes) -> int:
    """Position after the last line end that has an even number of quotes before it; 0 if there is none."""
    end, quotes = len(data), data.count(b'"')
    while True:
        cut = data.rfind(b"\n", 0, end)
        if cut < 0:
            return 0
        quotes -= data.count(b'"', cut, end)
        if quotes % 2 == 0:
            return cut + 1
        end = cut


def text_rows(
    stream: IO[bytes],
    file: str,
    packed_bytes: int,
    headers: tuple[str, ...],
    *,
    separator: str,
    encoding: str,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[pl.DataFrame]:
    """Frames of text columns named as the headers, plus `surplus`: what stands beyond the last header."""
    names = [f"{at}" for at in range(len(headers))]
    schema = dict.fromkeys([*names, SURPLUS], pl.String())
    for at, block in enumerate(blocks(stream, file, packed_bytes, block_bytes)):
        data = block if encoding == "utf-8" else block.decode(encoding, errors="replace").encode()
        data = data.lstrip(BEFORE_HEADER) if at == 0 else data
        try:
            frame = pl.read_csv(
                io.BytesIO(data),
                has_header=False,
                skip_rows=1 if at == 0 else 0,
                schema=schema,
                infer_schema=False,
                separator=separator,
                missing_columns="insert",
                truncate_ragged_lines=True,
                encoding="utf8-lossy",
            )
        except pl.exceptions.NoDataError:
            continue
        except pl.exceptions.PolarsError as error:
            raise DamagedFile(
                f"{file} cannot be read as a table ({str(error).splitlines()[0]}); export it again"
            ) from error
        cells = frame.select(pl.sum_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
        stray = int(((cells > 0) & (cells <= STRAY_CELLS)).sum())
        if len(headers) > 2 * STRAY_CELLS and stray >= STRAY_ROWS and stray >= STRAY_SHARE * frame.height:
            raise DamagedFile(f"{file} has {stray:,} rows that do not fit its header; export it again")
        yield frame.filter(cells > 0)


def table(path: Path, file: str, headers: tuple[str, ...], *, separator: str, encoding: str) -> pl.DataFrame:
    """All rows of a small csv as text under its own headers."""
    with opened(path) as stream:
        size = path.stat().st_size
        parts = list(text_rows(stream, file, size, headers, separator=separator, encoding=encoding))
    if not parts:
        raise DamagedFile(f"{file} has a header and no rows; fetch it again")
    return pl.concat(parts).drop(SURPLUS).rename({f"{at}": header for at, header in enumerate(headers)})
