"""Strikes, new mines and bans."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mining.bans import ban_factor, bans
from models.world.mining.incidents import Incidents, incidents, strike_factor
from models.world.mining.mines import legal_mines
from models.world.mining.plan import Setting, setting
from tests.models.world.mining_ground import tiny_ground

FAMILIES = ("gold", "nickel", "timber", "copper")
CONFIG = replace(WorldConfig.sized("small", 2), families=FAMILIES)
MARKET = ["country", "family"]


@pytest.fixture(scope="module")
def place() -> Setting:
    return setting(CONFIG, tiny_ground(FAMILIES))


@pytest.fixture(scope="module")
def before(place: Setting) -> pl.DataFrame:
    return legal_mines(CONFIG, place)


@pytest.fixture(scope="module")
def met(place: Setting, before: pl.DataFrame) -> Incidents:
    return incidents(CONFIG, place, before)


def test_every_incident_is_an_event_of_a_country(met: Incidents) -> None:
    counts = dict(met.events.group_by("kind").len().iter_rows())
    assert counts["strike"] == 2
    assert counts["new_mine"] >= 2
    assert met.events["country"].null_count() == 0


def test_every_opening_that_matters_is_an_event(met: Incidents) -> None:
    part = pl.col("capacity") / pl.col("capacity").sum().over(MARKET)
    opened = met.mines.filter(pl.col("opening") >= 0, part >= 0.2)
    assert opened.height == met.events.filter(pl.col("kind") == "new_mine").height


def test_a_new_mine_opens_in_its_year_and_matters(met: Incidents) -> None:
    for event in met.events.filter(pl.col("kind") == "new_mine").iter_rows(named=True):
        mine = next(word for word in event["description"].split() if word.startswith("mine:"))
        row = met.mines.filter(pl.col("site_id") == mine).row(0, named=True)
        assert CONFIG.first_year + row["opening"] // 12 == event["first_year"]
        assert row["opening"] >= 0
        market = met.mines.filter(pl.col("country") == event["country"], pl.col("family") == event["family"])[
            "capacity"
        ].sum()
        assert row["capacity"] / market >= 0.2


def test_new_mines_leave_the_capacity_of_countries_as_it_was(before: pl.DataFrame, met: Incidents) -> None:
    sums = [frame.group_by(MARKET).agg(pl.col("capacity").sum()).sort(MARKET) for frame in (before, met.mines)]
    assert sums[1]["capacity"].to_list() == pytest.approx(sums[0]["capacity"].to_list())
    assert met.mines["site_id"].to_list() == before["site_id"].to_list()


def test_a_strike_nearly_stops_its_mine(met: Incidents) -> None:
    factor = strike_factor(CONFIG, met.mines, met.strikes)
    for strike in met.strikes.iter_rows(named=True):
        row = met.mines["site_id"].to_list().index(strike["site_id"])
        struck = factor[row] < 1
        assert struck.nonzero()[0].tolist() == list(range(strike["start"], strike["end"] + 1))
        assert 4 <= struck.sum() <= 9
        assert factor[row].min() <= 0.15
        assert met.mines["opening"][row] + 30 <= strike["start"]
    assert (factor < 1).any(axis=1).sum() == met.strikes.height


def test_bans_are_published_by_producers_of_raw_goods(before: pl.DataFrame) -> None:
    held = bans(CONFIG, before)
    codes = {"2604": "nickel", "4403": "timber", "2603": "copper"}
    assert 1 <= held.height <= 2
    for ban in held.iter_rows(named=True):
        market = before.filter(pl.col("country") == ban["country"], pl.col("family") == codes[ban["codes"]])
        assert not market.is_empty()
        assert CONFIG.first_year + 4 <= ban["start"].year < CONFIG.last_year - 3 + 1
        assert ban["country"] in ban["citation"]
        assert str(ban["start"].year) in ban["citation"]


def test_mines_under_a_ban_work_less_until_smelters_stand(before: pl.DataFrame) -> None:
    held = pl.DataFrame(
        {"country": ["XAB"], "codes": ["2604"], "start": [date(2015, 3, 20)], "end": [date(2017, 1, 1)],
         "citation": ["Decree"]}
    )  # fmt: skip
    factor = ban_factor(CONFIG, before, held)
    hit = ((before["country"] == "XAB") & (before["family"] == "nickel")).to_numpy()
    # March 2015 is month 38; the ban ends before January 2017, month 60.
    expected = np.ones(156)
    expected[38:50] = 0.5
    expected[50:60] = 0.7
    assert factor[hit] == pytest.approx(np.tile(expected, (hit.sum(), 1)))
    assert (factor[~hit] == 1).all()
