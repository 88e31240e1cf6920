"""Mappings of bills of lading: read strictly, each mistake a sentence."""

from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from graphs.errors import DamagedFile, LayoutError
from pipelines.sources.manifest_mapping import chosen, is_mapping, parse

GOOD = """
[manifest]
name = "customs-2021"
files = "bills_*.csv"
date_format = "%d/%m/%Y"
mass_unit = "kg"
ignored = ["Marks"]
licence = "CC0"
citation = "Bills of XAA"

[columns]
shipper = "Shipper Name"
consignee = "Consignee"
day = "BL Date"
mass = "Gross Wt"

[units]
Pounds = "lb"

[countries]
"Cote d Ivoire" = "civ"
"""
HEADERS = ["Shipper Name", "Consignee", "BL Date", "Gross Wt", "Marks"]


def written(folder: Path, text: str, name: str = "map.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_mapping_is_read_as_it_stands(tmp_path: Path) -> None:
    found = parse(written(tmp_path, GOOD), "map.toml")
    assert (found.terms.name, found.terms.date_format, found.terms.mass_unit) == ("customs-2021", "%d/%m/%Y", "kg")
    assert (found.terms.decimal, found.terms.known_after_days, found.terms.published) == (".", 30, None)
    assert (dict(found.terms.units), dict(found.terms.countries)) == ({"Pounds": "lb"}, {"Cote d Ivoire": "CIV"})
    assert dict(found.columns) == {
        "shipper": "Shipper Name",
        "consignee": "Consignee",
        "day": "BL Date",
        "mass": "Gross Wt",
    }
    assert (found.files, found.licence, found.citation, found.file) == (
        "bills_*.csv",
        "CC0",
        "Bills of XAA",
        "map.toml",
    )
    assert found.lacks(HEADERS) == []
    assert found.lacks(HEADERS[1:]) == ["Shipper Name"]
    assert found.surplus([*HEADERS, "Seal"]) == ["Seal"]


def test_a_day_of_publication_may_stand_for_days(tmp_path: Path) -> None:
    text = GOOD.replace('day = "BL Date"\n', "").replace("[columns]", "published = 2022-01-31\n\n[columns]")
    assert parse(written(tmp_path, text)).terms.published == date(2022, 1, 31)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[manifest]", "[manifests]", "has no section \\[manifest\\]"),
        ("[columns]", "[column]", "has no section \\[columns\\]"),
        ("[units]", "[unit]", "has an unknown section 'unit'; expected one of manifest, columns, units, countries"),
        ('name = "customs-2021"\n', "", "states no name in \\[manifest\\]; add it"),
        ('date_format = "%d/%m/%Y"\n', "", "states no date_format"),
        ("%d/%m/%Y", "%m/%Y", "holds no whole day; write it as %d/%m/%Y"),
        ("%d/%m/%Y", "%d/%q", "holds no whole day"),
        ("%d/%m/%Y", "dd/mm/yyyy", "holds no whole day"),
        ("licence", "license", "has an unknown key 'license'"),
        ("shipper =", "shiper =", "has an unknown field 'shiper'"),
        ('"Shipper Name"', "7", "states shipper = 7; expected a name in quotes"),
        ('"Shipper Name"', '" "', "expected a name in quotes"),
        ('["Marks"]', '"Marks"', "states ignored = 'Marks'; expected a value of kind list"),
        ('["Marks"]', "[1]", "states ignored = 1; expected a name in quotes"),
        ('mass_unit = "kg"\n', "", "names a column of mass and no unit; state mass_unit"),
        ('"kg"', '"tons"', "unit 'tons' has no conversion"),
        ('"lb"', '"stone"', "unit 'stone' has no conversion"),
        ('"civ"', '"qqq"', "area code 'QQQ' is not in the list"),
        ('day = "BL Date"\n', "", "names no column of days and no day of publication"),
        ('licence = "CC0"', 'decimal = "x"', "states decimal = 'x'; expected '.' or ','"),
        ('licence = "CC0"', "known_after_days = -1", "states known_after_days = -1; expected 0 to 3660"),
        ('licence = "CC0"', "known_after_days = true", "expected a value of kind int"),
        ('licence = "CC0"', "published = 2022-01-31T00:00:00", "expected a value of kind date"),
        ("[countries]", "[countries", "is no TOML"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(LayoutError, match=f"^map.toml.*{reason}"):
        parse(written(tmp_path, GOOD.replace(old, new)), "map.toml")


def test_a_mapping_of_nothing_is_told(tmp_path: Path) -> None:
    text = '[manifest]\nname = "m"\ndate_format = "%d/%m/%Y"\n[columns]\nbill = "B"\n'
    with pytest.raises(LayoutError, match="names no column of parties, goods or mass"):
        parse(written(tmp_path, text))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="cannot be opened"):
        parse(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LayoutError, match="is no UTF-8 text"):
        parse(tmp_path / "bytes.toml")
    with pytest.raises(LayoutError, match="longer than 262,144 bytes"):
        parse(written(tmp_path, "#" * (1 << 19)))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (GOOD, True),
        ("[other]\n", False),
        ("manifest = 1", False),
        ("a,b\n1,2\n", False),
        ("", False),
        ("[manifest", False),
    ],
)
def test_a_mapping_is_recognised_by_its_content(text: str, answer: bool) -> None:
    assert is_mapping(text) is answer


def test_a_csv_belongs_to_the_mapping_that_claims_it(tmp_path: Path) -> None:
    folder = PurePosixPath("data/bills")
    by_name = parse(written(tmp_path, GOOD), "a.toml")
    by_column = parse(written(tmp_path, GOOD.replace('files = "bills_*.csv"\n', "")), "b.toml")
    places = {"a": (folder / "a.toml", by_name), "b": (folder / "b.toml", by_column)}
    assert chosen([places["a"]], folder / "bills_1.csv", []) is by_name
    assert chosen([places["a"]], folder / "more" / "x.csv", HEADERS) is None
    assert chosen([places["a"]], PurePosixPath("other/bills_1.csv"), HEADERS) is None
    assert chosen([places["b"]], PurePosixPath("other/x.csv"), HEADERS) is by_column
    assert chosen([places["b"]], folder / "x.csv", HEADERS[1:]) is None
    assert chosen([], folder / "x.csv", HEADERS) is None
    with pytest.raises(LayoutError, match=r"is claimed by the mappings a.toml and b.toml; state files in each"):
        chosen([places["a"], places["b"]], folder / "bills_1.csv", HEADERS)
