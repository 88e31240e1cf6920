"""Bills of lading as csv: every row is kept or refused, ten thousand corrupt ones among them."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import DamagedFile, LayoutError
from graphs.tables import Quarantine
from graphs.tables_companies import Manifests
from pipelines.sources import manifests, reading
from pipelines.sources.manifest_mapping import ManifestMapping, parse

TOML = """
[manifest]
name = "customs"
date_format = "%d/%m/%Y"
mass_unit = "kg"
value_unit = "USD"
[columns]
bill = "BL No"
master = "Master"
shipper = "Shipper Name"
consignee = "Consignee"
shipper_country = "Country"
commodity = "HS Code"
description = "Goods"
mass = "Gross Wt"
packages = "Pkgs"
value = "Value"
from = "POL"
to = "POD"
vessel = "Vessel"
imo = "IMO"
day = "BL Date"
"""
COLUMNS = (
    "BL No", "Master", "Shipper Name", "Consignee", "Country", "HS Code", "Goods", "Gross Wt", "Pkgs", "Value", "POL",
    "POD", "Vessel", "IMO", "BL Date",
)  # fmt: skip
GOOD = {
    "BL No": "B1", "Shipper Name": "Kabano Ltd", "Consignee": "Deroti SA", "Country": "XAA", "HS Code": "260600",
    "Goods": '"Bauxite, in bulk"', "Gross Wt": '"25,000.5"', "Pkgs": "0", "Value": "1000", "POL": "Tema",
    "POD": "CNSHA", "Vessel": "MV Deroti", "IMO": "9074729", "BL Date": "03/02/2021",
}  # fmt: skip
CORRUPT: list[tuple[str, dict[str, str]]] = [
    ("BL Date", {"BL Date": "99/99/2021"}),
    ("BL Date", {"BL Date": "31/12/2999"}),
    ("BL Date", {"BL Date": ""}),
    ("BL Date", {"BL Date": "Kabano"}),
    ("Gross Wt", {"Gross Wt": "-25000"}),
    ("Gross Wt", {"Gross Wt": "nan"}),
    ("Gross Wt", {"Gross Wt": "1e999"}),
    ("Gross Wt", {"Gross Wt": "9" * 30}),
    ("Gross Wt", {"Gross Wt": "25.000.000"}),
    ("HS Code", {"HS Code": "BAUXITE"}),
    ("HS Code", {"HS Code": "=26+06"}),
    ("IMO", {"IMO": "9074728"}),
    ("IMO", {"IMO": "MV"}),
    ("Pkgs", {"Pkgs": "0.5"}),
    ("Pkgs", {"Pkgs": "many"}),
    ("Value", {"Value": "$1000"}),
    ("Country", {"Country": "Atlantis"}),
    ("Consignee", {"Consignee": "k" * 400}),
    ("Goods", {"Goods": "\udcff\udcfe"}),
    ("surplus", {"BL Date": "03/02/2021,more,cells"}),
]


@pytest.fixture
def mapping(tmp_path: Path) -> ManifestMapping:
    file = tmp_path / "map.toml"
    file.write_text(TOML, encoding="utf-8")
    return parse(file, "map.toml")


def line(row: dict[str, str]) -> str:
    return ",".join(row.get(name, "") for name in COLUMNS) + "\n"


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "bills.csv"
    text = ",".join(COLUMNS) + "\n" + "".join(map(line, rows))
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file


def test_a_file_is_read_as_it_stands(tmp_path: Path, mapping: ManifestMapping) -> None:
    found = manifests.parse(written(tmp_path, [GOOD, GOOD | {"BL No": "B2", "Master": "B1"}]), mapping)
    assert found.quarantine.is_empty()
    assert Manifests.is_valid(found.manifests)
    shown = found.manifests.select(
        "raw_row", "mapping", "shipper", "mass_kg", "day", "bill", "is_counted", "known_from"
    )
    assert shown.rows() == [
        (1, "customs", "Kabano Ltd", 25000.5, date(2021, 2, 3), "B1", False, date(2021, 3, 5)),
        (2, "customs", "Kabano Ltd", 25000.5, date(2021, 2, 3), "B2", True, date(2021, 3, 5)),
    ]
    assert found.manifests["description"].unique().to_list() == ["Bauxite, in bulk"]
    assert found.masters == {"B1"}


def test_ten_thousand_corrupt_rows_are_all_refused_with_a_reason(tmp_path: Path, mapping: ManifestMapping) -> None:
    good = [GOOD | {"BL No": f"G{at}"} for at in range(3_000)]
    bad = []
    for at in range(10_000):
        _, change = CORRUPT[at % len(CORRUPT)]
        bad.append({**GOOD, "BL No": f"BAD{at}", "Shipper Name": f"CORRUPT {at}", **change})
    # The beginning, from which the encoding is told, holds good rows only.
    rows = [*good, *bad, *good[:7]]
    file = written(tmp_path, rows)
    found = manifests.parse(file, mapping, name="bills.csv", latest=date(2026, 1, 1))
    assert found.manifests.height + found.quarantine.height == len(rows)
    assert found.quarantine["raw_row"].to_list() == list(range(3_001, 13_001))
    assert not found.manifests["shipper"].str.contains("CORRUPT").any()
    assert not found.manifests["bill"].str.contains("BAD").any()
    fields = [CORRUPT[at % len(CORRUPT)][0] for at in range(10_000)]
    assert found.quarantine["field"].to_list() == fields
    assert Quarantine.is_valid(found.quarantine)
    assert set(found.quarantine["file"]) == {"bills.csv"}
    starts = pl.format("row {}: ", "raw_row")
    assert found.quarantine.select(pl.col("reason").str.starts_with(starts).all()).item()
    assert found.quarantine["reason"].str.len_chars().min() > 30  # type: ignore[operator]


def test_blocks_change_nothing(tmp_path: Path, mapping: ManifestMapping, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [GOOD | {"BL No": f"B{at}", "Master": f"B{at - 1}" if at % 3 == 0 else ""} for at in range(300)]
    rows[40]["Gross Wt"] = rows[150]["Gross Wt"] = "heavy"
    file = written(tmp_path, rows)
    whole = manifests.parse(file, mapping)
    monkeypatch.setattr(reading.text_rows, "__kwdefaults__", {"block_bytes": 5000})
    cut = manifests.parse(file, mapping)
    assert whole.manifests.equals(cut.manifests)
    assert whole.quarantine.equals(cut.quarantine)
    assert whole.quarantine["raw_row"].to_list() == [41, 151]
    # Bill 150 is refused, and what it says of its master with it.
    assert (~whole.manifests["is_counted"]).sum() == len(range(3, 300, 3)) - 1


def test_packed_and_otherwise_written_files_read_alike(tmp_path: Path, mapping: ManifestMapping) -> None:
    plain = manifests.parse(written(tmp_path, [GOOD]), mapping).manifests
    cells = [GOOD.get(name, "").strip('"') for name in COLUMNS]
    (tmp_path / "tabs.csv").write_text(
        "\ufeff" + "\t".join(COLUMNS) + "\r\n" + "\t".join(cells) + "\r\n", encoding="utf-8"
    )
    (tmp_path / "bills.csv.gz").write_bytes(gzip.compress((tmp_path / "bills.csv").read_bytes()))
    for name in ("tabs.csv", "bills.csv.gz"):
        assert manifests.parse(tmp_path / name, mapping).manifests.drop("raw_sha256").equals(plain.drop("raw_sha256"))


def test_a_header_without_rows_is_a_table_of_none(tmp_path: Path, mapping: ManifestMapping) -> None:
    found = manifests.parse(written(tmp_path, []), mapping)
    assert found.manifests.equals(Manifests.create_empty())
    assert found.quarantine.equals(Quarantine.create_empty())


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"", DamagedFile, "is empty"),
        (b"\n\n", DamagedFile, "is empty"),
        (b"\xff\xfea\x00", LayoutError, "is no csv; save the bills as csv in UTF-8"),
        (b"PK\x03\x04\x00\x01", LayoutError, "is no csv"),
        (b"\x1f\x8bnothing", DamagedFile, "cannot be unpacked"),
        (b"a,b,a\n", LayoutError, "has two columns 'a'; rename one"),
        (b"a,b\n", LayoutError, "lacks the column 'BL Date' that map.toml names; correct the mapping"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, mapping: ManifestMapping, content: bytes, error: type[Exception], reason: str
) -> None:
    (tmp_path / "bills.csv").write_bytes(content)
    with pytest.raises(error, match=f"^bills.csv .*{reason}"):
        manifests.parse(tmp_path / "bills.csv", mapping)
    with pytest.raises(DamagedFile, match="cannot be opened"):
        manifests.parse(tmp_path / "none.csv", mapping)
