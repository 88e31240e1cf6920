import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from upath import UPath

from graphs.errors import SchemaError
from graphs.tables import Reporting
from pipelines.content import content_hash
from pipelines.home import read_meta, read_table
from pipelines.parquet import check, write_table
from pipelines.schemas import Share


def reporting(*reporters: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "source": "comtrade",
            "reporter": pl.Series(reporters, dtype=pl.String),
            "period": pl.Series([2020] * len(reporters), dtype=pl.Int32),
            "direction": pl.Series(["M"] * len(reporters), dtype=pl.Enum(["M", "X"])),
            "rows": pl.Series(range(1, len(reporters) + 1), dtype=pl.UInt32),
            "known_from": date(2021, 12, 31),
        }
    )


GOOD = reporting("XAA", "XAB")
BAD = [
    (reporting("XAA", "XAB", "XAA"), "2 rows break the rule 'primary_key', first at source comtrade, reporter XAA"),
    (reporting("XAA", None), "1 row breaks the rule 'reporter nullability', first at source comtrade, reporter None"),
    (GOOD.drop("rows"), "table reporting lacks the column 'rows'"),
    (GOOD.with_columns(colour=pl.lit("red")), "column 'colour' that its schema does not know"),
    (GOOD.cast({"rows": pl.Int64}), "holds Int64 in 'rows' where its schema says UInt32"),
    (
        GOOD.cast({"direction": pl.String}).with_columns(direction=pl.lit("Q")),
        "2 rows hold in 'direction' a word .* 'Q'",
    ),
]


@pytest.mark.parametrize("is_lazy", [False, True])
@pytest.mark.parametrize(("bad", "sentence"), BAD)
def test_bad_data_leave_the_last_good_version(tmp_path: Path, bad: pl.DataFrame, sentence: str, is_lazy: bool) -> None:
    path = UPath(tmp_path / "reporting.parquet")
    write_table("reporting", GOOD, path, schema=Reporting, meta={"code": "1"})
    before = path.read_bytes()
    with pytest.raises(SchemaError, match=sentence) as caught:
        write_table("reporting", bad.lazy() if is_lazy else bad, path, schema=Reporting, meta={"code": "2"})
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("nothing was written")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["reporting.parquet"]


@pytest.mark.parametrize("is_lazy", [False, True])
def test_the_file_says_what_it_is(tmp_path: Path, is_lazy: bool) -> None:
    path = UPath(tmp_path / "folder" / "reporting.parquet")
    table = GOOD.select(reversed(GOOD.columns))
    write_table(
        "reporting",
        table.lazy() if is_lazy else table,
        path,
        schema=Reporting,
        meta={"code": "c", "inputs": "i"},
        share=Share(pl.col("reporter")),
    )
    found = read_meta(path)
    assert read_table(path).equals(GOOD)
    assert found["content"] == content_hash(GOOD)
    assert {key: found[key] for key in ("code", "inputs", "rows", "latest")} == {
        "code": "c",
        "inputs": "i",
        "rows": "2",
        "latest": "2021-12-31",
    }
    assert list(json.loads(found["shares"])) == ["XAA", "XAB"]
    assert "rows_before" not in found
    again = write_table("reporting", GOOD.head(1), path, schema=Reporting, meta={})
    assert (again["rows"], again["rows_before"]) == ("1", "2")


def test_words_become_the_listed_words() -> None:
    table = check("reporting", GOOD.cast({"direction": pl.String}), Reporting)
    assert table.lazy().collect().equals(GOOD)


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    path = UPath(tmp_path / "reporting.parquet")
    write_table("reporting", Reporting.create_empty(), path, schema=Reporting, meta={}, share=Share(pl.col("reporter")))
    assert read_table(path).schema == GOOD.schema
    assert read_meta(path)["shares"] == "{}"
    assert read_meta(path)["latest"] == ""


def test_other_file_systems_are_written_whole(tmp_path: Path) -> None:
    memory = UPath("memory://oretrace-test-parquet/a/reporting.parquet")
    write_table("reporting", GOOD, memory, schema=Reporting, meta={"code": "1"})
    with pytest.raises(SchemaError):
        write_table("reporting", BAD[0][0], memory, schema=Reporting, meta={"code": "2"})
    assert read_table(memory).equals(GOOD)
    assert read_meta(memory)["code"] == "1"
