"""Large tables of text as frames, line by line: a damaged line spoils itself and no other.

Unlike trade tables, tables of positions have no cell with a line end, so that every line is one row. A line with an
unclosed quote, or with fewer or more cells than the header, is marked with a fault and goes to quarantine.
"""

import io
from collections.abc import Iterator, Mapping
from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import DamagedFile
from pipelines.sources import reading

MARK = b"\xef\xbb\xbf"
"""Byte order mark."""
FOUND_BYTES = 100


def frames(
    stream: IO[bytes],
    file: str,
    packed_bytes: int,
    headers: tuple[str, ...],
    fields: Mapping[str, str],
    *,
    separator: str,
    first_row: int = 1,
    block_bytes: int = reading.BLOCK_BYTES,
) -> Iterator[pl.DataFrame]:
    """Frames of text with a column for each field, `raw_row`, `fault` and `fault_found`; empty lines are left out.

    `raw_row` counts lines after the header from `first_row`, empty ones included, so that an editor finds the row.
    """
    names = [f"{at}" for at in range(len(headers))]
    wanted = {f"{at}": fields[header] for at, header in enumerate(headers) if header in fields}
    row, is_header_ahead = first_row, True
    for block in reading.blocks(stream, file, packed_bytes, block_bytes, is_line_a_row=True):
        data = block if block.endswith(b"\n") else block + b"\n"
        if is_header_ahead:
            # The header is the first line with anything in it.
            data = data.removeprefix(MARK).lstrip(b"\r\n")
            is_header_ahead = not data
            data = data[data.find(b"\n") + 1 :]
        if not data:
            continue
        frame, lines = _parsed(data, names, separator.encode(), file), data.count(b"\n")
        numbered = frame.with_columns(pl.int_range(row, row + lines, dtype=pl.UInt32).alias("raw_row"))
        row += lines
        is_empty = pl.all_horizontal(pl.col(*names, reading.SURPLUS).is_null()) & pl.col("fault").is_null()
        yield numbered.filter(is_empty.not_()).select(*wanted, "raw_row", "fault", "fault_found").rename(wanted)


def _parsed(data: bytes, names: list[str], separator: bytes, file: str) -> pl.DataFrame:
    cells = _cells(data, separator)
    faults: dict[int, tuple[str, str]] = {}
    if b'"' in data:
        data = _unquoted(data, separator, cells, faults)
    frame = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        schema=dict.fromkeys([*names, reading.SURPLUS], pl.String()),
        infer_schema=False,
        separator=separator.decode(),
        missing_columns="insert",
        extra_columns="ignore",
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )
    if frame.height != len(cells):
        raise DamagedFile(f"{file} cannot be split into lines; export it again without quotes inside cells")
    short = np.flatnonzero((cells < len(names)) & (cells > 1))
    long = frame.select(pl.col(reading.SURPLUS).is_not_null().arg_true()).to_series().to_numpy()
    lone = frame.select(pl.col(names[0]).is_not_null()).to_series().to_numpy() & (cells == 1)
    for at in (*short.tolist(), *long.tolist(), *np.flatnonzero(lone).tolist()):
        found = f"{cells[at]} cell{'s' if cells[at] != 1 else ''}"
        faults.setdefault(at, (f"the line has {found} where the header has {len(names)}; it may be cut", found))
    return _marked(frame, faults)


def _cells(data: bytes, separator: bytes) -> NDArray[np.int64]:
    """Number of cells of each line, quotes aside."""
    text = np.frombuffer(data, np.uint8)
    ends, cuts = np.flatnonzero(text == ord("\n")), np.flatnonzero(text == ord(separator))
    return np.diff(np.searchsorted(cuts, ends), prepend=0) + 1


def _unquoted(data: bytes, separator: bytes, cells: NDArray[np.int64], faults: dict[int, tuple[str, str]]) -> bytes:
    """Counts the cells of lines with quotes anew; takes the quotes out of a line that does not close them."""
    lines = data.split(b"\n")
    for at, line in enumerate(lines):
        if b'"' not in line:
            continue
        parts = line.split(b'"')
        if len(parts) % 2:
            cells[at] -= sum(part.count(separator) for part in parts[1::2])
        else:
            found = line[:FOUND_BYTES].decode(errors="replace").strip()
            faults[at] = ("the line does not close its quote; correct it or take the quote out", found)
            lines[at] = line.replace(b'"', b"")
    return b"\n".join(lines)


def _marked(frame: pl.DataFrame, faults: dict[int, tuple[str, str]]) -> pl.DataFrame:
    """Adds `fault` and `fault_found`."""
    if not faults:
        return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in ("fault", "fault_found"))
    told = pl.DataFrame(
        {
            "at": pl.Series(list(faults), dtype=pl.UInt32),
            "fault": [reason for reason, _ in faults.values()],
            "fault_found": [found for _, found in faults.values()],
        }
    )
    return frame.with_row_index("at").join(told, on="at", how="left", maintain_order="left").drop("at")
