from dataclasses import replace

import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs.offices import edition_of, offices, reporting
from models.world.parameters.customs import Customs
from tests.models.world import trading

CONFIG = WorldConfig.sized("medium", 0)
PLACES = trading.countries(90)


def test_perfect_offices_report_every_year() -> None:
    config = replace(CONFIG, customs=Customs.perfect())
    found = reporting(config, offices(config, PLACES))
    assert found.height == 90 * 20
    assert found.unique().height == found.height


def test_poor_offices_report_less() -> None:
    habits = offices(CONFIG, PLACES)
    years = reporting(CONFIG, habits).group_by("reporter").len()
    both = habits.join(years, on="reporter", how="left").with_columns(pl.col("len").fill_null(0))
    poor, rich = (both.filter(pl.col("poverty").is_between(*ends))["len"].mean() for ends in ((0.5, 1), (0, 0.5)))
    assert poor < rich < 20


def test_more_are_missing_in_the_last_year_than_before() -> None:
    by_year = reporting(CONFIG, offices(CONFIG, PLACES)).group_by("year").len().sort("year")["len"]
    assert by_year[-1] < by_year[-2] < by_year[8:-2].mean()  # type: ignore[operator]


def test_the_richest_and_most_stable_is_the_least_poor() -> None:
    places = PLACES.with_columns(
        gdp_usd=pl.when(pl.col("country") == "XAC").then(1e15).otherwise("gdp_usd"),
        governance=pl.when(pl.col("country") == "XAC").then(9.0).otherwise("governance"),
    )
    habits = offices(CONFIG, places)
    assert habits.sort("poverty")["country"][0] == "XAC"


@pytest.mark.parametrize(
    ("year", "lag", "expected"),
    [(1995, 0, 0), (1996, 0, 1), (1996, 1, 0), (2012, 0, 4), (2013, 2, 3), (2021, 0, 5), (2022, 0, 6), (2022, 1, 5)],
)
def test_the_edition_of_a_year(year: int, lag: int, expected: int) -> None:
    frame = pl.DataFrame({"year": [year], "lag": [lag]})
    assert frame.select(edition_of(pl.col("year"), pl.col("lag"))).item() == expected


def test_habits_of_an_office_do_not_depend_on_the_others() -> None:
    drawn = ["names_origin", "is_special", "edition_lag", "threshold_usd", "is_monthly"]
    few = offices(CONFIG, PLACES.head(10)).select("reporter", *drawn)
    assert few.equals(offices(CONFIG, PLACES).head(10).select("reporter", *drawn))
