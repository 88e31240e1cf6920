import math

import polars as pl
import pytest

from graphs.flags import names
from graphs.production import merge, tidy_production
from graphs.tables import Production

GOOD: dict[str, object] = {
    "mineral": "Gold",
    "country": "GHA",
    "year": "2020",
    "amount": 100.0,
    "unit": "kg",
    "quality": "reported",
}


def produced(*changes: dict[str, object]) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    rows = [{**GOOD, "raw_row": at, **change} for at, change in enumerate(changes, 1)]
    raw = pl.DataFrame({name: pl.Series([row.get(name) for row in rows], strict=False) for name in rows[0]})
    found = tidy_production(raw, source="s", file="output.csv", raw_sha256="0" * 64)
    assert Production.is_valid(found.production)
    return found.production, found.quarantine, found.notes


@pytest.mark.parametrize(
    ("quality", "log_sd"), [("reported", 0.05), ("provisional", 0.1), ("unmarked", 0.1), ("estimated", 0.2)]
)
def test_the_interval_is_lognormal_and_wider_for_estimates(quality: str, log_sd: float) -> None:
    row = produced({"quality": quality})[0].row(0, named=True)
    assert row["mass_kg"] == 100.0
    # 1.2816 is the 90th percentile of a standard normal.
    assert math.log(row["mass_high_kg"] / 100) == pytest.approx(1.28155 * log_sd, rel=1e-5)
    assert math.log(row["mass_low_kg"] / 100) == pytest.approx(-1.28155 * log_sd, rel=1e-5)


def test_units_and_oxides_become_kilograms_of_the_basis() -> None:
    rows = produced(
        {"mineral": "Copper", "unit": "metr. t", "amount": 2.0},
        {"mineral": "Diamonds (Gem)", "unit": "ct", "amount": 5000.0},
        {"mineral": "Tantalum (Ta2O5)", "unit": "metr. t", "amount": 1.0},
    )[0]
    masses = dict(rows.select("commodity", "mass_kg").iter_rows())
    # 5,000 carats of 200 mg are 1 kg; tantalum oxide is 81.9 % tantalum.
    assert masses == pytest.approx({"copper": 2000.0, "diamonds": 1.0, "tantalum": 819.0})


def test_two_rows_of_one_mineral_country_and_year_are_added_and_flagged() -> None:
    row = produced({"amount": 19069.0}, {"amount": 1320.0})[0].row(0, named=True)
    assert (row["mass_kg"], names(row["flags"])) == (20389.0, ["duplicate_production"])


def test_minerals_of_one_family_are_added_without_a_flag() -> None:
    row = produced({"mineral": "Platinum"}, {"mineral": "Palladium"})[0].row(0, named=True)
    assert (row["commodity"], row["mass_kg"], row["flags"]) == ("platinum", 200.0, 0)


def test_zero_is_a_row_and_unknown_is_none() -> None:
    rows = produced({"amount": 0.0}, {"amount": None, "country": "MLI"})[0]
    assert rows.select("country", "mass_kg", "mass_low_kg", "mass_high_kg").rows() == [("GHA", 0.0, 0.0, 0.0)]


def test_minerals_without_a_family_are_named() -> None:
    rows, refused, notes = produced({}, {"mineral": "Aluminium"})
    assert (rows.height, refused.height) == (1, 0)
    assert notes == ("output.csv: Aluminium feed no code family and were left out",)


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"mineral": "Unobtainium"}, "mineral", "production row 'Unobtainium' is in no list"),
        ({"unit": "bushel"}, "mineral", "unit 'bushel' has no conversion"),
        ({"unit": None}, "mineral", "a mineral and its unit must be given"),
        ({"country": "Atlantis"}, "country", "area code 'Atlantis' is not in the list of countries"),
        ({"year": "soon"}, "year", "period 'soon' is neither a year"),
        ({"amount": -1.0}, "production", "production is negative or no number"),
        ({"amount": "much"}, "production", "production is negative or no number"),
        ({"amount": "nan"}, "production", "production is negative or no number"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, object], field: str, reason: str) -> None:
    rows, refused, _ = produced(cells)
    assert rows.height == 0
    assert refused["field"].to_list() == [field]
    assert refused["reason"][0].startswith(f"row 1: {reason}")


def test_of_two_files_the_later_stands() -> None:
    old, new = produced({}, {"year": "2019"})[0], produced({"amount": 120.0})[0]
    assert merge([old, new]).select("year", "mass_kg").rows() == [(2019, 100.0), (2020, 120.0)]
