import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.countries import (
    ALIASES,
    WORLD,
    area,
    areas,
    by_numeric,
    canonical,
    code_frame,
    from_numeric,
    is_user_assigned,
    kind_of,
    name_of,
    numeric_frame,
    resolve,
)
from graphs.errors import UnknownCode
from graphs.tables import KINDS

LETTERS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
# What Comtrade's own reference list says and this project says otherwise, with the reason beside the code.
OWN_CODES = {0: "W00", 412: "XKX", 492: "_492", 636: "_636"}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (842, "USA"),
        (840, "USA"),
        (841, "USA"),
        (251, "FRA"),
        (250, "FRA"),
        (699, "IND"),
        (356, "IND"),
        (757, "CHE"),
        (756, "CHE"),
        (579, "NOR"),
        (578, "NOR"),
        (380, "ITA"),
        (381, "ITA"),
        (158, "TWN"),
        (490, "S19"),
        (899, "_X"),
        (837, "X1"),
        (838, "X2"),
        (839, "XX"),
        (0, "W00"),
        (97, "EUR"),
        (975, "R4"),
        (58, "BEL"),
        (736, "SDN"),
        (729, "SDN"),
        (711, "ZA1"),
        (710, "ZAF"),
        (412, "XKX"),
    ],
)
def test_numbers_of_trade_statistics(number: int, code: str) -> None:
    assert from_numeric(number) == code


@pytest.mark.parametrize(
    ("code", "number"), [("USA", 842), ("FRA", 251), ("IND", 699), ("CHE", 757), ("NOR", 579), ("IDN", 360)]
)
def test_number_in_which_a_country_trades_today(code: str, number: int) -> None:
    assert area(code).numeric == number


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("IDN", "country"),
        ("SUN", "country"),
        ("ZA1", "country"),
        ("XAB", "country"),
        ("S19", "residual"),
        ("_X ", "residual"),
        ("X1", "residual"),
        ("XX", "residual"),
        ("_492", "residual"),
        ("X2", "zone"),
        ("EUR", "group"),
        ("R4", "group"),
        (WORLD, "world"),
    ],
)
def test_kinds(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("IDN", 360, "IDN"),
        ("IDN", None, "IDN"),
        (None, 360, "IDN"),
        ("USA", 840, "USA"),
        ("_X ", 899, "_X"),
        ("_KS", 412, "XKX"),
        ("MCO", 492, "_492"),
        ("MCO", None, "MCO"),
        ("A79", 473, "A79"),
        ("A79", 636, "_636"),
        ("XAB", 360, "XAB"),
        ("XAB", 9999, "XAB"),
    ],
)
def test_a_row_with_code_and_number(code: str | None, number: int | None, expected: str) -> None:
    assert resolve(code, number).code == expected


@pytest.mark.parametrize(
    ("code", "number", "sentence"),
    [
        (None, None, "no country is given"),
        ("IDN", 156, r"'IDN' and area number 156 \(CHN\) name different areas"),
        ("ZZZ", 360, "area code 'ZZZ'"),
        (None, 9999, "area number 9999"),
    ],
)
def test_a_row_that_names_no_area_or_two(code: str | None, number: int | None, sentence: str) -> None:
    with pytest.raises(UnknownCode, match=sentence):
        resolve(code, number)


def test_every_listed_kind_is_one_that_tables_allow() -> None:
    assert {one.kind for one in areas().values()} == set(KINDS)


@pytest.mark.parametrize(
    ("code", "name"), [("COD", "Democratic Republic of the Congo"), ("S19", "Other Asia, n.e.s. (Taiwan)")]
)
def test_names(code: str, name: str) -> None:
    assert name_of(code) == name


def test_name_of_an_unlisted_code_is_the_code() -> None:
    assert name_of("XAB") == "XAB"
    assert name_of("Q7") == "Q7"


def test_no_two_areas_share_a_name() -> None:
    names = [one.name for one in areas().values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("bad", ["", "ZZZ", "idn", "Q7", "INDONESIA", "X", "XA", "XABC"])
def test_unknown_code_is_refused_in_one_sentence(bad: str) -> None:
    with pytest.raises(UnknownCode, match=r"area code .* is not in the list of countries; use"):
        area(bad)


@pytest.mark.parametrize("bad", [-1, 1, 9999])
def test_unknown_number_is_refused_in_one_sentence(bad: int) -> None:
    with pytest.raises(UnknownCode, match=rf"area number {bad} is not in the list of countries; use"):
        from_numeric(bad)


@pytest.mark.parametrize(("code", "user"), [("XAA", True), ("XZZ", True), ("XKX", False), ("XX", False), ("X2", False)])
def test_user_assigned_codes(code: str, user: bool) -> None:
    assert is_user_assigned(code) is user


@given(LETTERS)
def test_user_assigned_codes_pass_through_and_never_hide_a_listed_one(code: str) -> None:
    assert is_user_assigned(code) == (code[0] == "X" and code != "XKX")
    if is_user_assigned(code):
        assert code not in areas()
        assert canonical(code) == code
        assert area(code).numeric is None


@given(st.sampled_from(sorted(areas())))
def test_a_listed_code_comes_back_from_its_number(code: str) -> None:
    one = area(code)
    assert one.code == code == canonical(f" {code} ")
    if one.numeric is not None:
        assert from_numeric(one.numeric) == code


def test_aliases_lead_to_listed_codes_and_are_none_themselves() -> None:
    assert set(ALIASES.values()) <= set(areas())
    assert not set(ALIASES) & set(areas())
    assert not [alias for alias in ALIASES if is_user_assigned(alias)]


def test_numeric_frame_joins_numbers_to_codes_and_kinds() -> None:
    frame = numeric_frame()
    rows = pl.DataFrame({"reporterCode": [360, 490, 0]}, schema={"reporterCode": pl.Int32})
    joined = rows.join(frame, left_on="reporterCode", right_on="numeric", how="left", maintain_order="left")
    assert joined.rows() == [(360, "IDN", "country"), (490, "S19", "residual"), (0, "W00", "world")]
    assert frame["numeric"].n_unique() == frame.height == len(by_numeric())


def test_code_frame_joins_spellings_to_codes() -> None:
    found = code_frame().filter(pl.col("spelling").is_in(["ROM", "ROU", "_KS", "WLD"])).sort("spelling").rows()
    assert found == [
        ("ROM", "ROU", "country"),
        ("ROU", "ROU", "country"),
        ("WLD", "W00", "world"),
        ("_KS", "XKX", "country"),
    ]


def test_the_list_of_countries_is_loaded_only_when_asked_for() -> None:
    probe = "import sys, graphs.countries; print('pycountry' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=0)


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["ref_partner.csv", "ref_reporter.csv", "ref_country_codes.csv"])
def test_every_comtrade_area_maps_to_its_own_code(real_data: Path, name: str) -> None:
    rows = _read(real_data / "api-fixtures" / name).select("id", "iso_3", "group").rows()
    assert len(rows) > 200
    differs = {
        int(number): from_numeric(int(number)) for number, iso, _ in rows if from_numeric(int(number)) != iso.strip()
    }
    assert differs == {number: code for number, code in OWN_CODES.items() if str(number) in {row[0] for row in rows}}
    # The reporter list calls Other Asia a group; it declares one territory, so nothing is counted twice.
    grouped = {from_numeric(int(number)) for number, _, group in rows if group == "True"} - {"S19"}
    assert {kind_of(code) for code in grouped} <= {"group", "world"}


@pytest.mark.realdata
def test_every_residual_area_of_the_list_is_residual_or_a_zone(real_data: Path) -> None:
    rows = _read(real_data / "covariates" / "comtrade_areas_not_specified.csv")["PartnerCode"]
    kinds = {int(number): kind_of(from_numeric(int(number))) for number in rows}
    assert kinds.pop(80) == "country"  # the British Antarctic Territory stands in that list and has a place
    assert kinds.pop(838) == "zone"
    assert set(kinds.values()) == {"residual"}


@pytest.mark.realdata
def test_every_baci_country_maps_to_the_same_code(real_data: Path) -> None:
    rows = _read(real_data / "trade" / "country_codes_V202401b.csv").select("country_code", "country_iso3").rows()
    assert len(rows) == 238
    assert {from_numeric(int(number)): iso for number, iso in rows if from_numeric(int(number)) != iso} == {}


@pytest.mark.realdata
def test_every_code_of_the_comtrade_files_is_known(real_data: Path) -> None:
    nickel = _read(real_data / "trade" / "comtrade_nickel_260400_750110_2000_2024.csv")
    wood = pl.read_parquet(real_data / "trade" / "comtrade_440799_2005_2014.parquet")
    legacy = _read(real_data / "trade" / "comtrade_legacy_bulk_hs44_2016.csv")
    numbers = {int(one) for one in (*nickel["reporterCode"], *nickel["partnerCode"], *legacy["Partner Code"])}
    numbers |= {int(one) for one in (*wood["reportercode"], *wood["partnercode"])}
    assert numbers <= set(by_numeric())
    spelled = {*nickel["partnerISO"], *wood["reporteriso"], *wood["partneriso"], *legacy["Partner ISO"]} - {None}
    assert {canonical(one) for one in spelled} <= set(areas())


@pytest.mark.realdata
def test_code_and_number_agree_in_the_official_layout(real_data: Path) -> None:
    file = real_data / "trade" / "comtrade_imports_2018_2024_35hs6.parquet"
    for side in ("reporter", "partner", "partner2"):
        pairs = pl.scan_parquet(file).select(f"{side}ISO", f"{side}Code").unique().collect().rows()
        assert len(pairs) >= 1
        assert [pair for pair in pairs if resolve(*pair).code != pair[0].strip()] == []


@pytest.mark.realdata
def test_every_country_of_the_governance_and_production_tables_is_known(real_data: Path) -> None:
    governance = set(_read(real_data / "covariates" / "wgi_estimate.csv")["Code"])
    mined = set(_read(real_data / "production" / "world_mining_data_2018_2024_long.csv")["iso3"]) - {"DELETE"}
    assert {canonical(one) for one in governance | mined} <= set(areas())
