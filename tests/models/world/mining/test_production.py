"""Output in truth and as published."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphs.flags import Flag
from models.world.config import WorldConfig
from models.world.mining.production import output, reported_output
from models.world.parameters.mining import Mining
from pipelines.sources import world_mining

CONFIG = replace(WorldConfig.sized("small", 4), first_year=2020, last_year=2022)
EXACT = replace(
    Mining(), count_error_sd=(0.0, 0.0, 0.0), estimated_countries=0.0, unlisted_countries=(0, 0, 0), unlisted_pairs=0.0,
    missing_cells=0.0, repeated_last=0.0, artisanal_counted=(0.5, 0.5),
)  # fmt: skip


def sites(*countries: str) -> pl.DataFrame:
    """One site in each country, from west to east."""
    return pl.DataFrame(
        {
            "site_id": [f"mine:{one}:1" for one in countries],
            "country": countries,
            "lon": [float(place) for place in range(len(countries))],
            "lat": [0.0] * len(countries),
        }
    )


def truth(family: str, *countries: str) -> pl.DataFrame:
    """Legal 10 t, artisanal 4 t and illegal 3 t in each year."""
    years = list(CONFIG.years)
    rows = [(country, family, year, 10_000.0, 4_000.0, 3_000.0) for country in countries for year in years]
    names = {"country": pl.String, "family": pl.String, "year": pl.Int32}
    masses = dict.fromkeys(("legal_kg", "artisanal_kg", "illegal_kg"), pl.Float64)
    return pl.DataFrame(rows, schema={**names, **masses}, orient="row")


def covariates(*countries: str) -> pl.DataFrame:
    return pl.DataFrame({"country": countries, "governance": [float(place) for place in range(len(countries))]})


def published(family: str, mining: Mining, *countries: str) -> pl.DataFrame:
    config = replace(CONFIG, mining=mining)
    return reported_output(config, truth(family, *countries), sites(*countries), covariates(*countries))


def test_output_is_the_sum_of_sites_by_kind() -> None:
    held = pl.DataFrame(
        {"site_id": ["a", "b", "c"], "kind": ["legal_mine", "illegal", "legal_mine"], "country": ["XAA"] * 3,
         "family": ["gold"] * 3}
    )  # fmt: skip
    months = pl.DataFrame(
        {
            "site_id": ["a", "a", "b", "c", "c"],
            "month": [date(2020, 1, 1), date(2020, 2, 1), date(2020, 2, 1), date(2020, 5, 1), date(2021, 5, 1)],
            "contained_kg": [1.0, 2.0, 4.0, 8.0, 16.0],
        }
    )
    assert output(months, held).rows() == [("XAA", "gold", 2020, 11.0, 0.0, 4.0), ("XAA", "gold", 2021, 16.0, 0.0, 0.0)]


def test_offices_count_legal_output_and_a_part_of_artisanal() -> None:
    rows = published("gold", EXACT, "XAA", "XAB", "XAC")
    # 10 t + half of 4 t, never the 3 t that are illegal; one country stands under its neighbour's name.
    assert rows["production"].to_list() == [12_000.0] * 9
    assert rows["unit"].unique().to_list() == ["kg"]
    assert rows["iso3"].n_unique() == 2


def test_better_governed_offices_count_more() -> None:
    rows = published("gold", replace(EXACT, artisanal_counted=(0.1, 0.8)), "XAA", "XAB", "XAC")
    # 10 % of 4 t in the worst (10,000 kg where only estimated), 45 % in the next, 80 % in the best.
    assert set(rows["production"]) - {10_000.0, 10_400.0} == {11_800.0, 13_200.0}
    assert set(rows["production"]) & {10_000.0, 10_400.0}


@pytest.mark.parametrize(
    ("family", "tonnes"),
    # 12 t: of aluminium in ore with 24 %, of tantalum in oxide with 81.9 %, of copper itself.
    [("bauxite", 50.0), ("tantalum", 15.0), ("copper", 12.0)],
)
def test_figures_are_in_the_measure_of_the_table(family: str, tonnes: float) -> None:
    rows = published(family, EXACT, "XAA", "XAB")
    assert rows["production"].unique().to_list() == [tonnes]
    assert rows["unit"].unique().to_list() == ["metr. t"]


def test_timber_is_no_mineral() -> None:
    assert published("timber", EXACT, "XAA", "XAB").is_empty()


def test_marks_say_how_good_a_figure_is() -> None:
    rows = published("gold", EXACT, "XAA", "XAB", "XAC", "XAD", "XAE", "XAF", "XAG", "XAH", "XAI", "XAJ", "XAK", "XAL")
    flags = dict(rows.group_by("year").agg(pl.col("source_flag").unique().sort()).iter_rows())
    # Offices of the worst governed tenth estimate in some years even where no others do.
    assert set(flags[2020]) <= {"r", "e"}
    assert set(flags[2022]) <= {"p", "e"}
    assert rows.filter(pl.col("source_flag") == "p")["year"].unique().to_list() == [2022]


def test_some_countries_are_not_listed() -> None:
    countries = [f"XA{letter}" for letter in "ABCDEFGHIJ"]
    rows = published("gold", replace(EXACT, unlisted_countries=(3, 3, 3)), *countries)
    # Three are silent, and one stands under its neighbour's name.
    assert rows["iso3"].n_unique() == 6


def test_some_last_figures_repeat_the_one_before() -> None:
    noisy = replace(EXACT, count_error_sd=(0.1, 0.1, 0.1), repeated_last=1.0)
    rows = published("gold", noisy, "XAA", "XAB", "XAC", "XAD", "XAE", "XAF")
    years = {year: held["production"].sort().to_list() for (year,), held in rows.group_by("year")}
    # The last figure of each repeats the one before, or both repeat the first.
    assert years[2022] == years[2021] != years[2020]
    assert set(years[2021]) & set(years[2020])
    assert rows.filter(pl.col("year") == 2022)["source_flag"].unique().to_list() == ["e"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_source_of_real_files_reads_the_table(seed: int, tmp_path: Path) -> None:
    countries = [f"XA{letter}" for letter in "ABCDEFGHIJKL"]
    config = replace(CONFIG, seed=seed)
    families = ("gold", "nickel", "bauxite", "tin", "tantalum", "cobalt", "copper", "sand")
    dug = pl.concat([truth(family, *countries) for family in families])
    rows = reported_output(config, dug, sites(*countries), covariates(*countries))
    file = tmp_path / "world_mining.csv"
    rows.write_csv(file)
    read = world_mining.parse(file)
    assert read.quarantine.is_empty()
    assert set(read.production["commodity"]) == set(families)
    # Kilograms of the basis come back: ten tonnes, the counted artisanal part, and some percent of error.
    gold = read.production.filter(pl.col("commodity") == "gold", pl.col("flags") == 0)
    assert gold["mass_kg"].is_between(7_000, 20_000).all()
    bauxite = read.production.filter(pl.col("commodity") == "bauxite")
    assert bauxite["basis"].unique().to_list() == ["ore"]
    # The country that stands under its neighbour's name makes double keys.
    assert (read.production["flags"] & int(Flag.DUPLICATE_PRODUCTION) > 0).any()
