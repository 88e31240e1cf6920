"""Tables for machines keep every cell, nested ones too."""

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.output import TableFormat, write

NESTED = pl.DataFrame(
    {
        "code": ["AAA", "BBB", None],
        "years": [[2020, None], [], None],
        "parts": [{"name": 'a "b", c', "x": 0.5}, {"name": None, "x": 0.1}, None],
        "both": [[{"day": date(2020, 1, 2)}], [{"day": None}], None],
    },
    schema={
        "code": pl.String,
        "years": pl.List(pl.Int64),
        "parts": pl.Struct({"name": pl.String, "x": pl.Float64}),
        "both": pl.List(pl.Struct({"day": pl.Date})),
    },
)


def test_lists_and_structs_are_json_texts_in_csv(tmp_path: Path) -> None:
    for rows in (NESTED, NESTED.lazy()):
        assert write(rows, TableFormat.CSV, tmp_path / "a.csv") == 3
        with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
            found = list(csv.DictReader(stream))
        assert [one["code"] for one in found] == ["AAA", "BBB", ""]
        assert [one["years"] for one in found] == ["[2020, null]", "[]", ""]
        assert [one["both"] for one in found] == ['[{"day": "2020-01-02"}]', '[{"day": null}]', ""]
        assert json.loads(found[0]["parts"]) == {"name": 'a "b", c', "x": 0.5}
        assert [one["parts"] for one in found[1:]] == ['{"name": null, "x": 0.1}', ""]


def test_nested_cells_are_the_same_in_csv_and_json(tmp_path: Path) -> None:
    write(NESTED, TableFormat.CSV, tmp_path / "a.csv")
    write(NESTED, TableFormat.JSON, tmp_path / "a.json")
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        for row, other in zip(csv.DictReader(stream), told, strict=True):
            for name in ("years", "parts", "both"):
                assert (json.loads(row[name]) if row[name] else None) == other[name]


def test_a_nested_table_without_rows_has_its_head(tmp_path: Path) -> None:
    assert write(NESTED.clear(), TableFormat.CSV, tmp_path / "a.csv") == 0
    assert (tmp_path / "a.csv").read_text() == "code,years,parts,both\n"
