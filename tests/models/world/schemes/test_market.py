from dataclasses import replace

import polars as pl
import pytest

from graphs.commodities import family_of
from graphs.families import FAMILIES
from models.world.parameters.schemes import OTHER_CODES, RAW
from models.world.schemes.market import market
from tests.models.world import tiny


@pytest.fixture(scope="module")
def stage():
    return market(tiny.CONFIG, tiny.ground(), tiny.mined(), tiny.traded())


@pytest.mark.parametrize("code", OTHER_CODES)
def test_other_codes_stand_in_or_beside_the_family(code):
    family = FAMILIES[family_of(code)]
    beside = (*family.codes, *family.neighbours)
    assert all(other.startswith(beside) and other != code and len(other) == 6 for other in OTHER_CODES[code])


@pytest.mark.parametrize("family", RAW)
def test_raw_material_is_of_its_family(family):
    assert family_of(RAW[family]) == family


def test_pairs_are_of_goods_that_their_own_country_sends(stage):
    one = stage.pairs.row(by_predicate=(pl.col("exporter") == "XAD") & (pl.col("importer") == "XAE")
                          & (pl.col("family") == "gold"), named=True)  # fmt: skip
    # 1000 kg x (1 + 3 + 8 + 0), times 1, 1.05 or 1.1 in turn over 13 years that begin with 1.1 (2012 % 3 is 2).
    assert one["mass_kg"] == pytest.approx(12_000 * (5 * 1.10 + 4 * 1.0 + 4 * 1.05) / 13, rel=0.02)
    assert (one["traded_years"], one["first_year"], one["last_year"]) == (13, 2012, 2024)


def test_zones_hold_what_their_sites_dig(stage):
    year = stage.zone_years.filter(pl.col("year") == 2016, pl.col("zone_id").str.starts_with("XAA:gold"))
    # Three sites, 20 kg x (2016 - 2010) in each of eight months.
    assert year["contained_kg"].sum() == pytest.approx(3 * 8 * 120)
    assert year["timing"][0].to_list() == pytest.approx([0, 0] + [1 / 8] * 8 + [0, 0])
    shares = stage.zone_sites.group_by("zone_id", "year").agg(pl.col("share").sum())
    assert shares["share"].to_list() == pytest.approx([1.0] * shares.height)
    assert stage.zone_sites.unique(["zone_id", "site_id"]).height == 27


def test_high_prices_stand_above_the_months_before(stage):
    gold = stage.high.filter(pl.col("commodity") == "710812")
    assert gold["year"].to_list() == [2018, 2019, 2022]
    assert gold["months"][0].to_list() == [0.0] * 4 + [1.0] * 8
    assert gold["fall"][0] == pytest.approx(1 / 1.6)
    # In 2019 the months before hold eight of the year before that were as dear.
    assert gold["fall"][1] == pytest.approx((8 * 1.6 + 28) / 36 / 1.6)


def test_bans_cover_the_codes_they_name(stage):
    assert stage.banned["country"].unique().to_list() == ["XAB"]
    assert stage.banned["commodity"].unique().to_list() == ["260400"]
    assert stage.banned["year"].to_list() == list(range(2018, 2025))


@pytest.mark.parametrize(("month", "years"), [(5, [2018, 2019]), (9, [2019])])
def test_ban_of_a_lesser_part_of_a_year_does_not_count(month, years):
    dug = tiny.mined()
    dug.bans = dug.bans.with_columns(start=pl.date(2018, month, 1), end=pl.date(2019, 12, 31))
    assert market(tiny.CONFIG, tiny.ground(), dug, tiny.traded()).banned["year"].to_list() == years


def test_neighbours_are_sorted_by_distance(stage):
    near = stage.near.filter(pl.col("country") == "XAA")
    assert near["other"].to_list() == list(tiny.COUNTRIES[1:])
    assert near["km"][0] == pytest.approx(1112, rel=0.001)


def test_mode_is_that_of_most_value(stage):
    modes = stage.terms.modes.filter(pl.col("family") == "gold")
    assert set(modes["mode"]) == {"air"}
    assert modes["exporter"].null_count() == modes["importer"].n_unique()


def test_zones_of_two_sites_or_of_one():
    rules = replace(tiny.CONFIG.schemes, zone_sites=1)
    alone = market(replace(tiny.CONFIG, schemes=rules), tiny.ground(), tiny.mined(), tiny.traded())
    assert alone.zones.height == 27


def test_zone_that_rests_counts_for_its_longest_run():
    dug = tiny.mined()
    year = pl.col("month").dt.year()
    dug.site_months = dug.site_months.filter(~year.is_in([2015, 2018]))
    zones = market(tiny.CONFIG, tiny.ground(), dug, tiny.traded()).zones
    assert set(zones.select("first_year", "last_year").rows()) == {(2019, 2024)}
