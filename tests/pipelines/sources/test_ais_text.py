"""Lines of large tables, held to the csv module line by line."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import DamagedFile
from pipelines.sources import ais_text, reading

HEADERS = ("first", "second", "third")
FIELDS = {"first": "one", "third": "three"}


def read(text: bytes, block_bytes: int = 1 << 20, first_row: int = 1) -> pl.DataFrame:
    stream = io.BytesIO(text)
    parts = ais_text.frames(
        stream, "rows.csv", len(text), HEADERS, FIELDS, separator=",", first_row=first_row, block_bytes=block_bytes
    )
    return pl.concat(list(parts))


PLAIN = st.text(st.sampled_from("ab1 .-"), min_size=1, max_size=5).filter(str.strip)
QUOTED = st.text(st.sampled_from('a,"'), max_size=5).map(lambda text: '"x' + text.replace('"', '""') + '"')
LINES = st.lists(st.lists(PLAIN | QUOTED, min_size=1, max_size=5).map(",".join) | st.just(""), min_size=1, max_size=20)


@given(LINES, st.integers(8, 60), st.sampled_from(["\n", "\r\n"]))
def test_every_line_is_a_row_as_the_csv_module_reads_it(lines: list[str], block_bytes: int, end: str) -> None:
    text = (end.join(["first,second,third", *lines]) + end).encode()
    found = read(text, block_bytes)
    assert found.equals(read(text))
    expected = [(at, next(csv.reader([line]))) for at, line in enumerate(lines, start=1) if line]
    assert found["raw_row"].to_list() == [at for at, _ in expected]
    for row, (_, cells) in zip(found.iter_rows(named=True), expected, strict=True):
        assert (row["fault"] is None) == (len(cells) == 3)
        if len(cells) == 3:
            assert (row["one"], row["three"]) == (cells[0], cells[2])


def test_a_damaged_line_spoils_no_other() -> None:
    text = b'first,second,third\n1,2,3\n4,"5,6\n7,8,9\n10,11\n12,13,14,15\n16,17,18,\n\xff,\x00,19\n20\n21,22,23'
    found = read(text)
    assert found["raw_row"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found.filter(pl.col("fault").is_null()).select("one", "three").rows() == [
        ("1", "3"), ("7", "9"), ("16", "18"), ("\ufffd", "19"), ("21", "23"),
    ]  # fmt: skip
    assert found.filter(pl.col("fault").is_not_null()).select("raw_row", "fault", "fault_found").rows() == [
        (2, "the line does not close its quote; correct it or take the quote out", '4,"5,6'),
        (4, "the line has 2 cells where the header has 3; it may be cut", "2 cells"),
        (5, "the line has 4 cells where the header has 3; it may be cut", "4 cells"),
        (8, "the line has 1 cell where the header has 3; it may be cut", "1 cell"),
    ]


def test_a_mark_and_empty_lines_before_the_header_are_no_rows_and_empty_ones_after_it_count() -> None:
    found = read(b"\xef\xbb\xbf\r\n\r\nfirst,second,third\r\n\r\n1,2,3\r\n", first_row=11)
    assert found.rows() == [("1", "3", 12, None, None)]


def test_a_block_of_nothing_but_empty_lines_before_the_header_is_no_header() -> None:
    assert read(b"\n" * 100 + b"first,second,third\n1,2,3\n", 32).rows() == [("1", "3", 1, None, None)]


def test_a_header_alone_holds_no_rows() -> None:
    assert list(ais_text.frames(io.BytesIO(b"first\n"), "a.csv", 6, ("first",), {}, separator=",")) == []


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    text = b"first,second,third\n" + b"\0" * 200_000
    with pytest.raises(DamagedFile, match=r"rows\.csv has a line longer than 65,536 bytes"):
        read(text, 1 << 14)


def test_a_file_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FOLD_FREE_BYTES", 1 << 12)
    with pytest.raises(DamagedFile, match="which no table does"):
        list(reading.blocks(io.BytesIO(b"1,2,3\n" * 10_000), "rows.csv", 10, 1 << 10, is_line_a_row=True))


def packed(folder: Path, text: bytes) -> dict[str, tuple[Path, str | None]]:
    (folder / "a.csv").write_bytes(text)
    (folder / "a.csv.gz").write_bytes(gzip.compress(text))
    with pa.OSFile(str(folder / "a.csv.zst"), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as stream:
        stream.write(text)
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as stream:
        stream.writestr("inner.csv", text)
    return {name: (folder / name, "inner.csv" if name == "a.zip" else None) for name in PACKED}


PACKED = ("a.csv", "a.csv.gz", "a.csv.zst", "a.zip")


@pytest.mark.parametrize("name", PACKED)
def test_packed_files_are_read_like_plain_ones(tmp_path: Path, name: str) -> None:
    text = b"first,second,third\n" + b"1,2,3\n" * 1000
    path, member = packed(tmp_path, text)[name]
    with reading.opened(path, member) as stream:
        assert b"".join(reading.blocks(stream, name, path.stat().st_size, 1000, is_line_a_row=True)) == text


@pytest.mark.parametrize("name", PACKED[1:3])
def test_a_file_cut_while_packed_is_named(tmp_path: Path, name: str) -> None:
    text = "".join(f"{at},{at * at % 977},{at % 13}\n" for at in range(20_000)).encode()
    path, _ = packed(tmp_path, text)[name]
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DamagedFile, match="ends early or is damaged"), reading.opened(path) as stream:
        list(reading.blocks(stream, name, path.stat().st_size, is_line_a_row=True))
