"""World Mining Data, USGS and governance, from small files written by hand."""

from pathlib import Path

import polars as pl
import pytest

from graphs.errors import LayoutError
from graphs.flags import names
from graphs.tables import Governance, Production, Quarantine
from pipelines.sources import governance, usgs, world_mining
from tests.pipelines.sources.small_wheel import small_wheel

LONG_CSV = """mineral,country,iso3,code,year,production,unit,source_flag
Gold,French Guiana,GUY,328,2020,1320.0,kg,r
Gold,Guyana,GUY,328,2020,19069.0,kg,r
Gold,Mali,MLI,466,2020,60000.0,kg,e
Gold,Total,DELETE,DELETE,2020,80389.0,kg,nan
Gold,French Guiana,GUY,328,2021,1164,kg,r
Gold,Guyana,GUY,328,2021,1164,kg,r
Gold,Mali,MLI,466,2021,,kg,e
Gold,Total,DELETE,DELETE,2021,2328.0,kg,nan
"""
USGS_2025 = """\ufeffSOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023
MCS2025,Gold ,Congo (Kinshasa),"mine production, gold content",metric tons,37,40,,
MCS2025,Gold ,Other countries,"mine production, gold content",metric tons,900,900,,
MCS2025,Gold ,World total (rounded),"mine production, gold content",metric tons,3250,3300,,
MCS2025,Copper ,Chile,"Mine production, recoverable copper content",thousand metric tons,5250,5300,,
MCS2025,Copper ,Chile,"Refinery production, copper",thousand metric tons,2080,1900,,
MCS2025,Bismuth,Korea, North,Refinery production,metric tons,10,11,,
MCS2025,Iron Ore  ,Sweden,"Mine production, usable ore",thousand metric tons,28000,28000,estimated 2023,
MCS2025,Iron Ore  ,Sweden,"Mine production, iron content",thousand metric tons,20400,20000,,
MCS2025,Titanium Mineral Concentrates,Norway,"Mine production, ilmentite",metric tons,360,350,,
MCS2025,Gemstones,United States and Canada,"Mine production",thousand carats,1,1,,
MCS2025,Cement,Chile,"Cement production, estimated",thousand metric tons,4000,4000,,
""".replace("Korea, North", '"Korea, North"')
WORLD_2026 = "World Mine Production and Reserves"
USGS_2026 = f"""MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes
GOLD,{WORLD_2026},Gold,Australia,Production,Mine production,metric tons,2024,284,
GOLD,{WORLD_2026},Gold,Australia,Production,Mine production,metric tons,2025,"1,280",Estimated.
GOLD,{WORLD_2026},Gold,World total,Production,Mine production: rounded,metric tons,2024,"3,280",
GOLD,{WORLD_2026},Gold,Australia,Reserves,Reserves,metric tons,2025,"12,000",
GOLD,Salient Statistics—United States,Gold,United States,Production,Mine production,metric tons,2024,160,
TIN,{WORLD_2026},Tin,Côte d’Ivoire,Production,Mine production,metric tons,2024,—,
TIN,{WORLD_2026},Tin,Burma,Production,Mine production,metric tons,2024,W,
"""


def test_mine_output_of_the_wheel_and_of_the_long_csv_agree(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(LONG_CSV)
    wheel, long = world_mining.parse(small_wheel(tmp_path)), world_mining.parse(tmp_path / "long.csv")
    assert wheel.production.drop("raw_sha256").equals(long.production.drop("raw_sha256"))
    assert wheel.production.select("source", "country", "commodity", "year", "basis", "mass_kg").rows() == [
        ("world_mining_data", "GUY", "gold", 2020, "content", 20389.0),
        ("world_mining_data", "GUY", "gold", 2021, "content", 2328.0),
        # Mali 2021 is not known and has no row; world totals have none either.
        ("world_mining_data", "MLI", "gold", 2020, "content", 60000.0),
    ]
    assert [names(one) for one in wheel.production["flags"]] == [["duplicate_production"], ["duplicate_production"], []]
    assert long.notes == ("long.csv: 2 world totals left out",)
    assert Production.is_valid(wheel.production)


def test_the_world_data_csv_of_usgs(tmp_path: Path) -> None:
    (tmp_path / "MCS2025.csv").write_text(USGS_2025)
    found = usgs.parse(tmp_path / "MCS2025.csv")
    masses = found.production.filter(year=2023).select("country", "commodity", "basis", "mass_kg").rows()
    assert sorted(masses) == [
        # Copper is counted at the mine, bismuth at the refinery, iron as ore and as content.
        ("CHL", "copper", "content", 5.25e9),
        ("COD", "gold", "content", 37_000.0),
        # The file says metric tons where its chapter counts thousands.
        ("NOR", "titanium", "content", 360e6),
        ("PRK", "bismuth", "content", 10_000.0),
        ("SWE", "iron", "content", 20.4e9),
        ("SWE", "iron", "ore", 28e9),
    ]
    assert found.quarantine["found"].to_list() == ["United States and Canada"] * 2
    assert found.notes == (
        "MCS2025.csv: 4 world totals and rows of other countries left out",
        "MCS2025.csv: Cement feed no code family and were left out",
    )
    ore = found.production.filter(pl.col("basis").cast(pl.String) == "ore").sort("year")
    # The note says that 2023 is estimated: 28 Mt x exp(1.2816 x 0.2).
    assert ore["mass_high_kg"][0] == pytest.approx(28e9 * 1.29218, rel=1e-4)


def test_the_long_csv_of_usgs_in_windows_encoding(tmp_path: Path) -> None:
    (tmp_path / "MCS2026.csv").write_bytes(USGS_2026.encode("cp1252"))
    found = usgs.parse(tmp_path / "MCS2026.csv")
    assert found.quarantine.height == 0
    assert found.production.select("country", "commodity", "year", "mass_kg").rows() == [
        ("AUS", "gold", 2024, 284_000.0),
        ("AUS", "gold", 2025, 1_280_000.0),
        # A dash is nothing; W, withheld, is not known.
        ("CIV", "tin", 2024, 0.0),
    ]


def test_other_tables_are_refused(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(LONG_CSV)
    with pytest.raises(LayoutError, match="is a table of world_mining, not of the USGS"):
        usgs.parse(tmp_path / "long.csv")
    (tmp_path / "MCS2025.csv").write_text(USGS_2025)
    with pytest.raises(LayoutError, match="is a table of usgs, not of World Mining Data"):
        world_mining.parse(tmp_path / "MCS2025.csv")


def test_governance_leaves_out_what_contradicts_itself(tmp_path: Path) -> None:
    found = governance.parse(small_wheel(tmp_path))
    assert found.governance.select("country", "year", "estimate", "standard_error").rows() == [
        ("ABW", 2024, 1.25, 0.5),
        # ZAR is the old code of the Democratic Republic of the Congo.
        ("COD", 2020, -2.5, 0.2),
        ("GUY", 2024, 0.41, 0.3),
    ]
    reasons = found.quarantine["reason"].to_list()
    assert [one.split(": ", 1)[1] for one in reasons] == [
        "GUY has two figures for 2020, neither was used; correct the table",
        "GUY has two figures for 2020, neither was used; correct the table",
        "GUY repeats its figure for 2024; the first was kept",
    ]
    assert Governance.is_valid(found.governance)
    assert Quarantine.is_valid(found.quarantine)


def test_no_raw_row_is_lost_or_used_twice(tmp_path: Path) -> None:
    found = governance.parse(small_wheel(tmp_path))
    # Eight cells, two of which say that there was no survey.
    assert found.governance.height + found.quarantine.height == 6
