"""The rules on real files: counts and cases noted from the files themselves."""

import math
import time
from pathlib import Path

import polars as pl
import pytest

from graphs.declarations import reporting, settle, tidy, world_gaps
from graphs.flags import Flag, has_flag, names
from graphs.flows import pair
from pipelines.sources import baci, comtrade_files, governance, usgs, world_mining

NICKEL = "comtrade_nickel_260400_750110_2000_2024.csv"
SAWNWOOD = "comtrade_440799_2005_2014.parquet"
IMPORTS = "comtrade_imports_2018_2024_35hs6.parquet"
LEGACY = "comtrade_legacy_bulk_hs44_2016.csv"


def settled(real_data: Path, file: str) -> pl.DataFrame:
    """All rows of a file, none of which may be refused."""
    parsed = comtrade_files.parse(real_data / "trade" / file)
    found = tidy(parsed.raw, source="comtrade", file=file, raw_sha256=parsed.sha256)
    assert found.quarantine["reason"].to_list() == []
    assert found.declarations.height == parsed.raw.height
    return settle(found.declarations)


def paired(declarations: pl.DataFrame) -> pl.DataFrame:
    return pair(declarations, reporting(declarations))


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "rows", "counted", "flows", "both_sides"),
    [
        (NICKEL, 13_739, 10_305, 8_704, 1_601),
        (SAWNWOOD, 52_169, 46_909, 32_823, 14_086),
        (IMPORTS, 230_141, 198_442, 198_442, 0),
        (LEGACY, 21_551, 20_401, 13_122, 7_279),
    ],
)
def test_every_row_is_used(real_data: Path, file: str, rows: int, counted: int, flows: int, both_sides: int) -> None:
    declarations = settled(real_data, file)
    assert (declarations.height, declarations["is_counted"].sum()) == (rows, counted)
    found = paired(declarations)
    both = found.filter(pl.col("export_value_usd").is_not_null() & pl.col("import_value_usd").is_not_null())
    assert (found.height, both.height) == (flows, both_sides)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "checked", "apart"),
    # Totals that differ by more than rounding to whole dollars explains: Paraguay 2024 in two codes.
    [(NICKEL, 3_434, 0), (SAWNWOOD, 2_948, 0), (IMPORTS, 21_689, 2), (LEGACY, 366, 0)],
)
def test_the_world_total_is_the_sum_of_the_partners(real_data: Path, file: str, checked: int, apart: int) -> None:
    gaps = world_gaps(settled(real_data, file))
    off = (pl.col("partners_usd") - pl.col("world_usd")).abs() > 0.5 * (pl.col("partners") + 1)
    assert gaps.height == checked
    assert gaps.filter(off & (pl.col("gap_share").abs() > 1e-6)).height == apart


@pytest.mark.realdata
def test_leaf_rows_summed_by_the_office_count(real_data: Path) -> None:
    raw = pl.read_parquet(real_data / "trade" / IMPORTS, columns=["isAggregate"])
    declarations = settled(real_data, IMPORTS).sort("raw_row").with_columns(raw["isAggregate"].cast(pl.String))
    counted = declarations.filter("is_counted")
    assert counted["isAggregate"].value_counts().sort("isAggregate").rows() == [("False", 94_849), ("True", 103_593)]
    german = declarations.filter(reporter="DEU")
    assert german["isAggregate"].unique().to_list() == ["True"]
    assert german.filter(pl.col("is_counted").not_())["partner"].unique().to_list() == ["W00"]


@pytest.mark.realdata
def test_indonesian_nickel_ore_after_the_ban(real_data: Path) -> None:
    pairs = {"exporter": "IDN", "importer": "CHN", "commodity": "260400"}
    flows = paired(settled(real_data, NICKEL)).filter(**pairs).sort("period")
    columns = [
        "period",
        "exporter_reported",
        "export_value_usd",
        "export_mass_kg",
        "import_value_usd",
        "import_mass_kg",
    ]
    assert flows.filter(pl.col("period").is_between(2020, 2022)).select(columns).rows() == [
        (2020, True, None, None, 193_390_186.0, 3_393_249_400.0),
        (2021, True, 41.5, 36.0, 48_147_631.0, 839_160_908.0),
        (2022, True, None, None, 54_829_268.0, 1_087_179_500.0),
    ]


@pytest.mark.realdata
def test_the_notes_name_what_the_extract_lacks_and_adds(real_data: Path) -> None:
    notes = " ".join(comtrade_files.parse(real_data / "trade" / NICKEL).notes)
    assert "isNetWgtEstimated" in notes
    assert "mineral, stage, hs_code_queried, hs_description are not part" in notes
    assert comtrade_files.parse(real_data / "trade" / LEGACY).notes == ()


@pytest.mark.realdata
def test_quantities_made_from_values_are_no_masses(real_data: Path) -> None:
    declarations = settled(real_data, NICKEL)
    china = declarations.filter(reporter="CHN", flow="M", commodity="260400", period=2016)
    assert china.height == 23
    assert china["mass_kg"].null_count() == 23
    assert china.select(has_flag(Flag.MASS_FROM_VALUE).all()).item()
    uv = china.select(pl.col("value_usd") / pl.col("quantity")).to_series()
    assert (round(uv.min(), 3), round(uv.max(), 3)) == (0.853, 0.853)  # type: ignore[type-var,arg-type]


@pytest.mark.realdata
def test_the_philippine_mass_of_2023_was_estimated(real_data: Path) -> None:
    # The extract does not say so; the file with all columns does.
    where = {"reporter": "CHN", "partner": "PHL", "flow": "M", "commodity": "260400", "period": 2023}
    for file in (NICKEL, IMPORTS):
        row = settled(real_data, file).filter(**where).row(0, named=True)
        assert (row["mass_kg"], row["is_mass_estimated"]) == (15_344_090_064.927, True)
        assert names(row["flags"]) == ["mass_estimated"]


@pytest.mark.realdata
def test_estimates_told_by_their_digits_are_estimates(real_data: Path) -> None:
    """Hide the flag of 230,141 rows, then compare what is found with what the flag says."""
    parsed = comtrade_files.parse(real_data / "trade" / IMPORTS)
    hidden = parsed.raw.drop("is_mass_estimated", "is_quantity_estimated", "estimation_flag")
    truth = parsed.raw.select("raw_row", (pl.col("is_mass_estimated") == "True").alias("truth"))
    found = settle(tidy(hidden, source="comtrade", file=IMPORTS, raw_sha256=parsed.sha256).declarations)
    weighed = found.filter("is_counted", pl.col("mass_kg") > 0).join(truth, on="raw_row")
    told = weighed.filter(pl.col("is_mass_estimated").fill_null(False))
    precision, recall = told["truth"].mean(), told["truth"].sum() / weighed["truth"].sum()
    assert precision > 0.96  # type: ignore[operator]
    assert recall > 0.5


@pytest.mark.realdata
def test_indonesian_sawnwood(real_data: Path) -> None:
    flows = paired(settled(real_data, SAWNWOOD)).filter(exporter="IDN", importer="CHN").sort("period")
    rows = {row["period"]: row for row in flows.iter_rows(named=True)}
    gaps = {year: math.log(row["import_value_usd"] / row["export_value_usd"]) for year, row in rows.items()
            if row["export_value_usd"]}  # fmt: skip
    assert sorted(gaps) == [*range(2005, 2012), 2013]
    assert (round(min(gaps.values()), 1), round(max(gaps.values()), 1)) == (1.9, 7.4)
    # 2012: Indonesia reported exports, none to China; 2014: it reported nothing, so nothing can be said.
    assert (rows[2012]["exporter_reported"], rows[2012]["export_value_usd"]) == (True, None)
    assert (rows[2014]["exporter_reported"], rows[2014]["export_value_usd"]) == (False, None)


@pytest.mark.realdata
def test_importers_that_value_fob(real_data: Path) -> None:
    rows = settled(real_data, IMPORTS).filter(pl.col("value_basis").cast(pl.String) == "FOB")
    assert {"CAN", "MEX", "ZAF"} <= set(rows["reporter"])
    assert rows.height == 8_638


@pytest.mark.realdata
def test_usgs_of_both_years(real_data: Path) -> None:
    old = usgs.parse(real_data / "production" / "MCS2025_World_Data.csv")
    new = usgs.parse(real_data / "production" / "MCS2026_Commodities_Data.csv")
    assert (old.quarantine.height, new.quarantine.height) == (6, 0)
    keys = ["country", "commodity", "basis", "year"]
    both = old.production.join(new.production, on=keys).filter(pl.col("mass_kg") > 0, pl.col("mass_kg_right") > 0)
    ratio = (pl.col("mass_kg") / pl.col("mass_kg_right")).log10().median()
    off = both.group_by("commodity", "basis").agg(ratio.alias("ratio"), pl.len()).filter(pl.col("ratio").abs() > 0.2)
    # The same year in two editions agrees in every commodity; China revised its mercury.
    assert off["commodity"].to_list() == ["mercury"]


@pytest.mark.network
def test_the_default_data(wheel: Path) -> None:
    begun = time.monotonic()
    trade = baci.parse_wheel(wheel)
    assert time.monotonic() - begun < 60
    assert (trade.flows.height, trade.quarantine.height) == (1_264_888, 0)
    assert trade.flows["reconciled_mass_kg"].null_count() == 61_682
    # Sums of v and q of the table, in thousand USD and tonnes.
    assert trade.flows["reconciled_value_usd"].sum() == 48_987_650_482_057.0
    assert trade.flows["reconciled_mass_kg"].sum() == 154_525_245_749_225.0
    # The Republic of the Congo, not the Democratic one.
    congo = trade.flows.filter(exporter="COG", importer="ARE", period=2023, commodity="710812")
    assert congo.select("reconciled_value_usd", "reconciled_mass_kg").rows() == [(621_854_299.0, 454_860.0)]
    output = world_mining.parse(wheel)
    assert (output.production.height, output.quarantine.height) == (12_230, 0)
    doubled = output.production.filter(has_flag(Flag.DUPLICATE_PRODUCTION)).select("country", "commodity").unique()
    assert doubled.rows() == [("GUY", "gold")]
    stability = governance.parse(wheel)
    assert (stability.governance.height, stability.quarantine.height) == (5_367, 50)


@pytest.mark.network
@pytest.mark.realdata
def test_the_published_table_equals_the_wheel(real_data: Path, wheel: Path) -> None:
    published = baci.parse_official(real_data / "trade" / "baci_hs92_minerals_1995_2024.parquet").flows
    assert published.sort("flow_id").equals(baci.parse_wheel(wheel).flows.sort("flow_id"))
