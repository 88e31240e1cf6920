import gzip
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import DamagedFile, InputError, LayoutError
from pipelines.sources.comtrade_files import parse
from pipelines.sources.recognise import files, recognise, recognise_all
from tests.pipelines.sources.trade_files import API_CSV, API_HEADER, API_ROWS, LEGACY_CSV, answer, api_row

GARBAGE_BYTES = 1 << 30


# Larger than the part that recognition reads, so that its end is met only when reading rows.
PACKED = gzip.compress((API_CSV + "\n".join(API_ROWS * 800)).encode())


def _zip(path: Path, content: bytes, cut: int | None = None) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", content)
    if cut is not None:
        path.write_bytes(path.read_bytes()[:cut])


def _sparse(path: Path, head: bytes) -> None:
    """A file of a gigabyte that occupies next to nothing on disk."""
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(GARBAGE_BYTES)


def _bomb(path: Path, line: bytes) -> None:
    """A header and 70 MB of one repeated text, packed into less than 400 kB."""
    path.write_bytes(gzip.compress(API_HEADER.encode() + b"\n" + line * (70_000_000 // len(line)), 6))
    assert path.stat().st_size < 400_000


def _lists(path: Path) -> None:
    rows = pl.read_csv(io.StringIO(API_CSV), infer_schema=False)
    rows.with_columns(pl.col("primaryValue").reshape((-1, 1)).arr.to_list()).write_parquet(path)


def _parquet() -> bytes:
    held = io.BytesIO()
    pl.DataFrame({"t": [2020], "i": [1], "j": [2], "k": ["260400"], "v": [1.0], "q": [1.0]}).write_parquet(held)
    return held.getvalue()


BAD: dict[str, tuple[Callable[[Path], object], type[InputError], str]] = {
    "missing": (lambda path: None, DamagedFile, "does not exist; check the name"),
    "empty": (lambda path: path.write_bytes(b""), DamagedFile, "is empty; fetch or export it again"),
    "blank": (lambda path: path.write_bytes(b"\n\n  \n"), DamagedFile, "is empty"),
    "only_bom": (lambda path: path.write_bytes(b"\xef\xbb\xbf"), DamagedFile, "is empty"),
    "prose": (lambda path: path.write_text("Dear all,\nplease find"), LayoutError, "fit no known table"),
    "other_table": (lambda path: path.write_text("a,b\n1,2\n"), LayoutError, "has columns 'a', 'b' that fit no known"),
    "utf16": (lambda path: path.write_text(API_CSV, "utf-16"), LayoutError, "is UTF-16 text; save it as UTF-8"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 50), LayoutError, "is binary and no table"),
    "zeros": (lambda path: _sparse(path, b""), LayoutError, "is binary and no table"),
    "letters": (lambda path: _sparse(path, b"x" * (1 << 20)), LayoutError, "has no line end in its first"),
    "zeros_after_rows": (lambda path: _sparse(path, API_CSV.encode() * 400), DamagedFile, "holds binary data"),
    "lines_after_rows": (lambda path: path.write_text(API_CSV + "x,1\n" * 5000), DamagedFile, "5,000 rows that do not"),
    "gzip_cut": (lambda path: path.write_bytes(PACKED[:-99]), DamagedFile, "ends early or is damaged; fetch it again"),
    "gzip_cut_at_once": (lambda path: path.write_bytes(PACKED[:12]), DamagedFile, "is a gzip of nothing or ends early"),
    "gzip_of_noise": (lambda path: path.write_bytes(b"\x1f\x8bnoise"), DamagedFile, "begins as gzip and cannot be"),
    "gzip_wrong_sum": (lambda path: path.write_bytes(PACKED[:-8] + bytes(8)), DamagedFile, "ends early or is damaged"),
    "bomb_of_zeros": (lambda path: path.write_bytes(gzip.compress(bytes(1 << 27))), LayoutError, "is binary and no"),
    "bomb_of_rows": (lambda path: _bomb(path, API_ROWS[0].encode() + b"\n"), DamagedFile, "which no table does"),
    "bomb_of_a_line": (lambda path: _bomb(path, b"x" * 256), DamagedFile, "which no table does"),
    "zip_cut": (lambda path: _zip(path, API_CSV.encode(), 60), DamagedFile, "begins as zip and cannot be unpacked"),
    "zip_of_prose": (lambda path: _zip(path, b"Dear all"), LayoutError, r"a\.csv has columns 'Dear all'"),
    "parquet_cut": (
        lambda path: path.write_bytes(_parquet()[:-40]),
        DamagedFile,
        "begins as Parquet and cannot be read",
    ),
    "json_cut": (
        lambda path: path.write_bytes(answer(api_row(), api_row())[:-90]),
        DamagedFile,
        "is not complete json",
    ),
    "other_json": (lambda path: path.write_text('{"type": "FeatureCollection"}'), LayoutError, "fit no known"),
    "sqlite": (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(99)), LayoutError, "is a bare SQLite file"),
    "folder": (lambda path: path.mkdir(), LayoutError, "is a folder; name one of its files"),
    "old_mac": (lambda path: path.write_text(API_CSV.replace("\n", "\r")), LayoutError, "has line ends of old Macs"),
    "parquet_of_lists": (lambda path: _lists(path), LayoutError, r"holds List\(String\) in the column 'primaryValue'"),
    "header_only": (lambda path: path.write_text(API_HEADER), DamagedFile, "has a header and no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_gives_one_sentence_at_once(tmp_path: Path, name: str) -> None:
    make, error, sentence = BAD[name]
    path = tmp_path / f"{name}.csv"
    make(path)
    begun = time.monotonic()
    with pytest.raises(error, match=sentence) as caught:
        parse(path)
    assert time.monotonic() - begun < 10
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    for name, content, kind, container in (
        ("a.txt", API_CSV.encode(), "comtrade", "csv"),
        ("b.csv", answer(api_row()), "comtrade", "json"),
        ("c.json", LEGACY_CSV.encode(), "comtrade", "csv"),
        ("d", b"t;i;j;k;v;q\n2020;4;8;260400;1;2\n", "baci", "csv"),
        ("e", b"mineral,country,iso3,code,year,production,unit,source_flag\n", "world_mining", "csv"),
        ("f", b"SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023\n", "usgs", "csv"),
        ("g", b"MCS chapter,Section,Commodity,Country,Statistics,Unit,Year,Value\n", "usgs", "csv"),
    ):
        (tmp_path / name).write_bytes(content)
        layout = recognise(tmp_path / name)
        assert (layout.kind, layout.container) == (kind, container)


def test_a_file_in_windows_encoding_is_told_apart(tmp_path: Path) -> None:
    content = API_CSV.replace("China", "Côte d’Ivoire").encode("cp1252")
    (tmp_path / "a.csv").write_bytes(content)
    assert recognise(tmp_path / "a.csv").encoding == "cp1252"
    assert parse(tmp_path / "a.csv").raw.height == 2


def test_the_name_that_the_user_knows_stands_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"^answer of 2020 does not exist"):
        recognise(tmp_path / "ab12", "answer of 2020")


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.csv").write_text(API_CSV)
    (tmp_path / "two.csv").write_text(LEGACY_CSV)
    (tmp_path / "notes.txt").write_text("Dear all")
    (tmp_path / ".hidden.csv").write_text(API_CSV)
    layouts, refused = recognise_all(tmp_path)
    assert [one.path.name for one in layouts] == ["one.csv", "two.csv"]
    assert len(refused) == 1
    assert refused[0].startswith(f"{tmp_path / 'notes.txt'} has columns")
    assert files(tmp_path / "two.csv") == [tmp_path / "two.csv"]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="holds no files; put csv"):
        recognise_all(tmp_path)
    (tmp_path / "notes.txt").write_text("Dear all")
    with pytest.raises(LayoutError, match=r"holds no file that can be read; the first: .*notes\.txt"):
        recognise_all(tmp_path)
