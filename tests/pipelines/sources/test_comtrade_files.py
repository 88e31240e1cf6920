import gzip
import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from graphs.declarations import RAW_COLUMNS, Tidied, tidy
from graphs.errors import DamagedFile, LayoutError
from pipelines.sources.comtrade_files import Parsed, batches, parse, sha256_of
from tests.pipelines.sources.trade_files import API_CSV, LEGACY_CSV, answer, api_row


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def tidied(parsed: Parsed) -> Tidied:
    return tidy(parsed.raw, source="comtrade", file=parsed.file, raw_sha256=parsed.sha256)


def test_the_api_layout_as_csv(tmp_path: Path) -> None:
    parsed = parse(written(tmp_path, "rows.csv", API_CSV))
    assert parsed.notes == ()
    assert parsed.sha256 == sha256_of(tmp_path / "rows.csv")
    rows = tidied(parsed)
    assert rows.quarantine.height == 0
    names = [
        "reporter",
        "partner",
        "flow",
        "commodity",
        "period",
        "hs_revision",
        "value_usd",
        "cif_value_usd",
        "mass_kg",
    ]
    assert rows.declarations.select(names).rows() == [
        ("CHN", "IDN", "M", "260400", 2020, "H5", 1000.0, 1000.0, 50.0),
        ("CHN", "W00", "M", "260400", 2020, "H5", 1000.0, 1000.0, 50.0),
    ]
    assert rows.declarations["is_mass_estimated"].to_list() == [False, True]
    assert rows.declarations["raw_row"].to_list() == [1, 2]


def test_the_legacy_bulk_layout(tmp_path: Path) -> None:
    parsed = parse(written(tmp_path, "rows.csv", LEGACY_CSV))
    assert parsed.notes == ()
    names = ["reporter", "partner", "flow", "commodity", "value_usd", "mass_kg", "quantity_unit", "is_mass_estimated"]
    assert tidied(parsed).declarations.select(names).rows() == [
        ("ALB", "W00", "M", "44", 300.0, None, None, False),
        ("S19", "AUS", "RX", "44", 20.0, 70.0, "kg", True),
    ]


def test_an_answer_without_descriptions_is_read_by_its_numbers() -> None:
    body = answer(api_row(), api_row(reporterCode=842, partnerCode=0), api_row(flowCode="X", partnerCode=490, qty=1.5))
    rows = tidied(parse(body, "C/A/HS 2025", "0" * 64)).declarations
    assert rows.select("reporter", "partner", "partner2", "flow").rows() == [
        ("JPN", "CHL", "W00", "M"),
        ("USA", "W00", "W00", "M"),
        ("JPN", "S19", "W00", "X"),
    ]


@pytest.mark.parametrize("form", ["answer", "list", "lines"])
def test_json_in_every_form(tmp_path: Path, form: str) -> None:
    rows = [api_row(), api_row(partnerCode=36, primaryValue="12.5", netWgt=None)]
    content = {
        "answer": answer(*rows).decode(),
        "list": "\ufeff" + json.dumps(rows),
        "lines": "\n".join(json.dumps(one) for one in rows) + "\n",
    }[form]
    found = tidied(parse(written(tmp_path, "rows.json", content))).declarations
    assert found.select("partner", "value_usd", "mass_kg").rows() == [
        ("CHL", 107149277.058, 9643070.0),
        ("AUS", 12.5, None),
    ]


def test_an_empty_answer_is_no_fault() -> None:
    parsed = parse(answer(), "C/A/HS 2025", "0" * 64)
    assert parsed.raw.height == 0
    assert tidied(parsed).declarations.height == 0


def test_an_answer_that_reports_an_error_is_refused() -> None:
    with pytest.raises(DamagedFile, match="the answer is an answer of UN Comtrade that says 'Invalid period'"):
        parse(answer(error="Invalid period"))


@pytest.mark.parametrize("content", ['{"data": "none"}', '{"data": [1, 2]}', '{"nothing": 1}', "[1, 2]", '{"data": '])
def test_other_json_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises((LayoutError, DamagedFile), match=r"rows\.json"):
        parse(written(tmp_path, "rows.json", content))


def test_packed_tab_separated_and_parquet_files_read_alike(tmp_path: Path) -> None:
    plain = parse(written(tmp_path, "rows.csv", API_CSV)).raw
    packed = parse(written(tmp_path, "rows.dat", gzip.compress(API_CSV.encode())))
    assert packed.raw.equals(plain)
    rows = pl.read_csv(io.StringIO(API_CSV), infer_schema=False)
    tabs = parse(written(tmp_path, "rows.tsv", rows.write_csv(separator="\t")))
    assert tabs.raw.equals(plain)
    pl.read_csv(io.StringIO(API_CSV)).write_parquet(tmp_path / "rows.parquet")
    table = parse(tmp_path / "rows.parquet")
    first = tidied(parse(tmp_path / "rows.csv")).declarations.drop("raw_sha256")
    assert tidied(table).declarations.drop("raw_sha256").equals(first)


def test_all_tables_of_a_zip_are_read_and_numbered_through(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "rows.zip", "w") as packed:
        packed.writestr("one.csv", API_CSV)
        packed.writestr("two.csv", API_CSV.replace("IDN", "PHL"))
        packed.writestr("readme.pdf", b"%PDF")
    parsed = parse(tmp_path / "rows.zip")
    assert parsed.raw.select("raw_row", "partner_iso").rows() == [(1, "IDN"), (2, "W00"), (3, "PHL"), (4, "W00")]


def test_an_extract_names_what_is_missing_and_what_is_extra(tmp_path: Path) -> None:
    extract = "mineral,period,reporterISO,partnerISO,flowCode,cmdCode,primaryValue\nnickel,2020,CHN,IDN,M,260400,5\n"
    parsed = parse(written(tmp_path, "extract.csv", extract), "extract.csv")
    assert parsed.notes == (
        "extract.csv: there is no net mass, so unit values cannot be tested",
        "extract.csv: there is no isNetWgtEstimated, so estimated masses are told by their digits alone",
        "extract.csv: there is no classificationCode, so changes between HS editions cannot be told",
        "extract.csv: the columns mineral are not part of the Comtrade layout and were ignored",
    )
    assert tidied(parsed).declarations["value_usd"].to_list() == [5.0]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "rows.csv", API_CSV.replace("primaryValue", "amount"))
    with pytest.raises(LayoutError, match=r"rows\.csv has no column primaryValue; found .* add it or rename yours"):
        parse(path)


def test_a_doubled_column_is_named(tmp_path: Path) -> None:
    doubled = "period,reporterISO,partnerISO,flowCode,cmdCode,primaryValue,Trade Value (US$)\n2020,CHN,IDN,M,2604,5,6\n"
    with pytest.raises(LayoutError, match=r"has two columns for value, 'primaryValue' and 'Trade Value \(US\$\)'"):
        parse(written(tmp_path, "rows.csv", doubled))


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="has a header and no rows"):
        parse(written(tmp_path, "rows.csv", API_CSV.splitlines()[0] + "\n"))


def test_short_and_long_rows_are_refused_by_row(tmp_path: Path) -> None:
    lines = API_CSV.splitlines()
    cut = lines[1][: lines[1].index(",260400,")]
    rows = tidied(parse(written(tmp_path, "rows.csv", "\n".join([*lines, cut, lines[2] + ",7"]))))
    assert rows.declarations["raw_row"].to_list() == [1, 2]
    assert rows.quarantine.sort("raw_row").select("raw_row", "field", "found").rows() == [
        (3, "commodity", None),
        (4, "surplus", "7"),
    ]


def test_parts_of_a_file_continue_each_others_numbering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pl.read_csv(io.StringIO(API_CSV)).write_parquet(tmp_path / "rows.parquet")
    monkeypatch.setattr("pipelines.sources.comtrade_files.BATCH_ROWS", 1)
    parts = [one.raw for one in batches(tmp_path / "rows.parquet")]
    assert [one["raw_row"].to_list() for one in parts] == [[1], [2]]
    assert pl.concat(parts).equals(parse(tmp_path / "rows.parquet").raw)
    assert set(parts[0].columns) <= {"raw_row", *RAW_COLUMNS}


def test_categories_and_numbers_in_parquet_are_read_like_text(tmp_path: Path) -> None:
    rows = pl.read_csv(io.StringIO(API_CSV), infer_schema=False)
    numbers = rows.with_columns(
        pl.col("reporterISO", "flowCode").cast(pl.Categorical),
        pl.col("period", "cmdCode", "partnerCode").cast(pl.Int32),
        pl.col("primaryValue").cast(pl.Decimal(20, 3)),
        pl.col("isNetWgtEstimated") == "True",
    )
    for name, table in (("text", rows), ("numbers", numbers)):
        table.write_parquet(tmp_path / f"{name}.parquet")
    text, plain = (tidied(parse(tmp_path / f"{name}.parquet")).declarations for name in ("text", "numbers"))
    assert plain.drop("raw_sha256").equals(text.drop("raw_sha256"))
    assert plain.height == 2


def test_a_table_of_another_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"baci\.csv is a table of baci, not of UN Comtrade"):
        parse(written(tmp_path, "baci.csv", "t,i,j,k,v,q\n2020,360,156,260400,1,2\n"))
