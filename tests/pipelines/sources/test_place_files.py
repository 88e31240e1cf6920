import gzip
from pathlib import Path

import pytest

from graphs.errors import DamagedFile, LayoutError
from pipelines.sources.place_files import headed, packaged


def test_a_table_is_read_under_its_own_headers(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('﻿name;b\r\n"Tema; new";1\r\nAccra;\r\n'.encode())
    table = headed(file, ["b"], "places")
    assert table.rows() == [(1, "Tema; new", "1"), (2, "Accra", None)]
    assert table.columns == ["raw_row", "name", "b"]
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert headed(packed, ["b"], "places").equals(table)


def test_old_windows_text_keeps_its_letters(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("name,b\nAbidján,1\n".encode("cp1252"))
    assert headed(file, ["name"], "places")["name"].to_list() == ["Abidján"]


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", DamagedFile, "is empty"),
        (b"name,b\n", DamagedFile, "no rows"),
        (b"name,c\nx,1\n", LayoutError, "lacks the columns b, so it is no table of places"),
        (b"b,b\nx,1\n", LayoutError, "names a column twice"),
        (b"\x1f\x8bnonsense", DamagedFile, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_says_why(tmp_path: Path, content: bytes, error: type[Exception], message: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(error, match=message):
        headed(file, ["b"], "places")


def test_a_file_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="does not exist"):
        headed(tmp_path / "a.csv", ["b"], "places")


def test_files_of_packages_are_found_without_importing() -> None:
    assert packaged("graphs", "codes", "transport.csv").is_file()
    with pytest.raises(DamagedFile, match=r"package graphs holds no codes/none\.csv"):
        packaged("graphs", "codes", "none.csv")
    with pytest.raises(DamagedFile, match="package no_such_package is not installed"):
        packaged("no_such_package", "a.csv")
