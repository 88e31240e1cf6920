"""Where mines, diggings and zones open, and how long they last."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import shapely

from models.world.config import WorldConfig
from models.world.land.sphere import KM_PER_DEGREE
from models.world.mining.calendar import month_number
from models.world.mining.diggings import diggings
from models.world.mining.mines import legal_mines
from models.world.mining.plan import PLAN, Setting, setting
from models.world.mining.prices import metals, pressure
from models.world.mining.tenure import country_at
from models.world.mining.zones import river_lines, zones
from tests.models.world.mining_ground import tiny_ground

FAMILIES = ("gold", "nickel", "timber", "sand")
CONFIG = replace(WorldConfig.sized("small", 11), families=FAMILIES)
LEVEL = np.ones((len(FAMILIES), 12 * 13))


@pytest.fixture(scope="module")
def place() -> Setting:
    return setting(CONFIG, tiny_ground(FAMILIES))


@pytest.fixture(scope="module")
def opened(place: Setting) -> pl.DataFrame:
    return zones(CONFIG, place, pressure(metals(CONFIG)))


def test_one_mine_works_a_permit_and_stands_on_its_deposit(place: Setting) -> None:
    mines = legal_mines(CONFIG, place)
    assert mines.schema == pl.Schema(PLAN)
    assert mines["permit_id"].n_unique() == mines.height > 20
    parts = mines.select("family", "country", permit=pl.col("permit_id").str.split(":"))
    assert parts.filter(pl.col("permit").list.get(2) != pl.col("family")).is_empty()
    spots = mines.join(place.deposits, on="deposit_id", suffix="_ore")
    assert spots["lon"].to_list() == spots["lon_ore"].to_list()


def test_mines_live_within_their_permits(place: Setting) -> None:
    areas = place.permits.areas.select(
        permit_id="area_id", start=month_number("valid_from", CONFIG), end=month_number("valid_to", CONFIG)
    )
    lives = legal_mines(CONFIG, place).join(areas, on="permit_id")
    assert lives.filter(pl.col("opening") <= pl.col("start")).is_empty()
    assert lives.filter(pl.col("closing").fill_null(10**6) > pl.col("end")).is_empty()
    assert lives.filter(pl.col("closing") < pl.col("opening")).is_empty()
    # The gold permits of the tiny ground end in June 2023, month 137, so all gold mines close by then.
    assert lives.filter(pl.col("family") == "gold")["closing"].max() == 137


def test_capacities_of_mines_follow_the_shares_of_countries(place: Setting) -> None:
    mines = legal_mines(CONFIG, place)
    sums = mines.group_by("family").agg(pl.col("capacity").sum())
    assert sums["capacity"].to_list() == pytest.approx([1.0] * 4)
    nickel = mines.filter(pl.col("family") == "nickel").group_by("country").agg(pl.col("capacity").sum())
    # The first of four by the law of Zipf with exponent 1.45 has 0.54; noise moves it a little.
    assert 0.35 < nickel["capacity"].to_numpy().max() < 0.75


def test_diggings_lie_outside_permits_and_protected_areas(place: Setting) -> None:
    small = diggings(CONFIG, place)
    assert set(small["family"]) == {"gold", "sand"}
    lon, lat = small["lon"].to_numpy(), small["lat"].to_numpy()
    assert not place.permits.is_inside(lon, lat).any()
    assert not place.protected.is_inside(lon, lat).any()
    assert small["permit_id"].null_count() == small.height
    assert set(small.filter(pl.col("family") == "gold")["processing"]) <= {"mercury", "cyanide", "gravity"}
    assert set(small.filter(pl.col("family") == "sand")["processing"]) == {"none"}


def test_every_family_has_zones_and_gold_most(opened: pl.DataFrame) -> None:
    counts = dict(opened.group_by("family").len().iter_rows())
    assert set(counts) == set(FAMILIES)
    assert max(counts, key=lambda family: counts[family]) == "gold"


def test_zones_lie_in_their_country_outside_permits(place: Setting, opened: pl.DataFrame) -> None:
    lon, lat = opened["lon"].to_numpy(), opened["lat"].to_numpy()
    names = place.ground.countries["country"].to_list()
    assert [names[row] for row in country_at(place.ground, lon, lat)] == opened["country"].to_list()
    assert not place.permits.is_inside(lon, lat).any()
    assert opened["in_protected"].to_list() == place.protected.is_inside(lon, lat).tolist()
    assert opened["in_protected"].any()


def test_zones_on_a_river_stand_on_its_line(place: Setting, opened: pl.DataFrame) -> None:
    along = opened.filter(pl.col("line").is_not_null())
    lines = river_lines(place.ground.reaches)[along["line"].to_numpy()]
    spots = shapely.line_interpolate_point(lines, along["start_km"].to_numpy() / KM_PER_DEGREE)
    assert along.height > 5
    assert shapely.get_x(spots) == pytest.approx(along["lon"].to_numpy())
    assert shapely.get_y(spots) == pytest.approx(along["lat"].to_numpy())


def test_zones_beside_a_permit_are_near_its_edge_and_move_away(place: Setting) -> None:
    beside = tuple(replace(one, ways=(0.0, 0.0, 1e-9, 1.0)) for one in CONFIG.mining.minerals)
    config = replace(CONFIG, mining=replace(CONFIG.mining, minerals=beside))
    found = zones(config, place, LEVEL)
    near = found.filter(pl.col("deposit_id").str.ends_with(":0"))
    spots = shapely.points(near["lon"].to_numpy(), near["lat"].to_numpy())
    gaps = shapely.distance(spots[:, None], place.permits.shapes[None, :]).min(axis=1) * KM_PER_DEGREE
    assert near.height > 3
    assert 0.3 < gaps.min() < gaps.max() < 2.1


def test_zones_close_when_the_price_is_low(place: Setting) -> None:
    ordinary = zones(CONFIG, place, LEVEL)
    cheap = zones(CONFIG, place, 0.6 * LEVEL)
    assert cheap["closing"].count() > ordinary["closing"].count()
    assert (cheap["closing"] - cheap["opening"]).median() < (ordinary["closing"] - ordinary["opening"]).median()


def test_zones_open_when_the_price_is_high(place: Setting) -> None:
    dear = LEVEL.copy()
    dear[:, 100:112] = 4.0
    month = pl.col("opening").is_between(100, 111).sum()
    ordinary, boom = zones(CONFIG, place, LEVEL).select(month).item(), zones(CONFIG, place, dear).select(month).item()
    assert boom > 1.5 * ordinary


def test_zones_prefer_weak_governance(place: Setting) -> None:
    gold = zones(replace(CONFIG, countries=60), place, LEVEL).filter(pl.col("family") == "gold")
    counts = dict(gold.group_by("country").len().iter_rows())
    share = dict(place.deposits.filter(pl.col("family") == "gold").select("country", "share").unique().iter_rows())
    # Governance 1.0 in XAA and -1.2 in XAD: odds differ by exp(0.9 * 2.2) = 7.2 beside their shares of output.
    odds = (counts["XAD"] / share["XAD"]) / (counts.get("XAA", 0.5) / share["XAA"])
    assert 3.0 < odds < 18.0
