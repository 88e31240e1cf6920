from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs import declared, releases, superseded
from tests.models.world import trading

CONFIG = WorldConfig.sized("small", 2)
PLACES = trading.countries(20)
ROWS = declared(CONFIG, PLACES, trading.goods(CONFIG, PLACES, 150), trading.no_artefacts())
DATES = releases(CONFIG, PLACES, ROWS)


def test_every_published_year_has_its_dates() -> None:
    assert DATES.select("reporterCode", "refYear").equals(ROWS.select("reporterCode", "refYear").unique().sort("*"))
    assert (DATES["firstReleased"] > pl.select(pl.date(DATES["refYear"], 12, 31)).to_series()).all()
    assert (DATES["lastReleased"] >= DATES["firstReleased"]).all()


def test_some_years_are_revised() -> None:
    share = (DATES["lastReleased"] > DATES["firstReleased"]).mean()
    assert share == pytest.approx(CONFIG.customs.revised, abs=0.08)


def test_first_versions_are_of_years_revised_after_the_day() -> None:
    day = date(2020, 6, 1)
    first = superseded(CONFIG, DATES, ROWS, day)
    assert first.schema == ROWS.schema
    assert first.height > 0
    years = first.select("reporterCode", "refYear").unique().join(DATES, on=["reporterCode", "refYear"])
    assert (years["firstReleased"] <= day).all()
    assert (years["lastReleased"] > day).all()


def test_first_versions_lack_some_rows_and_differ_in_some() -> None:
    first = superseded(CONFIG, DATES, ROWS, date(2020, 6, 1))
    key = ["reporterCode", "refYear", "freqCode", "flowCode", "cmdCode", "partnerCode"]
    now = ROWS.join(first.select("reporterCode", "refYear").unique(), on=["reporterCode", "refYear"], how="semi")
    single = now.filter(pl.col("freqCode") == "A", pl.col("aggrLevel") == 6, pl.col("partnerCode") > 0)
    both = single.join(first, on=key, suffix="_first")
    assert both.height == first.height < single.height
    changed = (both["primaryValue"] != both["primaryValue_first"]).mean()
    assert 0.1 < changed < 0.4  # type: ignore[operator]
    nothing = replace(CONFIG, customs=replace(CONFIG.customs, changed_rows=0.0, added_rows=0.0))
    same = superseded(nothing, DATES, ROWS, date(2020, 6, 1))
    assert same.equals(single)
