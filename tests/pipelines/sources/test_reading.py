import io
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import DamagedFile
from pipelines.sources import reading
from tests.pipelines.sources.trade_files import API_CSV

MEASURE = """
import resource, sys
from graphs.errors import DamagedFile
from pipelines.sources.comtrade_files import parse
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    parse(sys.argv[1])
except DamagedFile as error:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, error)
"""


def frames(text: bytes, headers: tuple[str, ...], block_bytes: int = 1 << 20) -> pl.DataFrame:
    stream = io.BytesIO(text)
    parts = reading.text_rows(
        stream, "rows.csv", len(text), headers, separator=",", encoding="utf-8", block_bytes=block_bytes
    )
    return pl.concat(list(parts))


# Cells with and without quotes; a quoted cell may hold separators, line ends and doubled quotes.
PLAIN = st.text(st.sampled_from("ab1 "), min_size=1, max_size=5).filter(str.strip)
QUOTED = st.text(st.sampled_from('a,\n"'), max_size=5).map(lambda text: '"x' + text.replace('"', '""') + '"')
LINES = st.lists(st.lists(PLAIN | QUOTED, min_size=2, max_size=2).map(",".join), min_size=1, max_size=20)


@given(LINES, st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))
def test_the_size_of_blocks_does_not_matter(lines: list[str], block_bytes: int, end: str) -> None:
    text = (end.join(["first,second", *lines]) + end).encode()
    cut = list(reading.blocks(io.BytesIO(text), "rows.csv", len(text), block_bytes))
    assert b"".join(cut) == text
    assert all(one.endswith(b"\n") and one.count(b'"') % 2 == 0 for one in cut)
    whole = frames(text, ("first", "second"))
    assert frames(text, ("first", "second"), block_bytes).equals(whole)
    assert whole.height == len(lines)


def test_a_last_line_without_an_end_is_read() -> None:
    assert frames(b"a,b\n1,2\n3,4", ("a", "b")).select("0", "1").rows() == [("1", "2"), ("3", "4")]


def test_a_byte_order_mark_and_empty_lines_before_the_header_are_no_rows() -> None:
    assert frames(b"\xef\xbb\xbf\r\n\r\na,b\r\n1,2\r\n", ("a", "b")).rows() == [("1", "2", None)]


def test_short_rows_are_filled_and_long_ones_show_their_surplus() -> None:
    rows = frames(b"a,b\n1\n1,2\n1,2,3\n1,2,3,4\n\n1,2,\n", ("a", "b")).rows()
    assert rows == [("1", None, None), ("1", "2", None), ("1", "2", "3"), ("1", "2", "3"), ("1", "2", None)]


def test_an_unclosed_quote_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_ROW_BYTES", 100)
    with pytest.raises(DamagedFile, match=r"rows\.csv has a line longer than 100 bytes; a quote may be unclosed"):
        frames(b'a,b\n"1,2\n' + b"3,4\n" * 100, ("a", "b"), 64)


def test_a_gigabyte_of_garbage_takes_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "rows.csv").open("wb") as stream:
        stream.write(API_CSV.encode() * 2000)
        stream.truncate(1 << 30)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "rows.csv")], capture_output=True, text=True, check=True
    )
    grown_mb, message = done.stdout.split(" ", 1)
    assert "holds binary data" in message
    assert int(grown_mb) < 200
