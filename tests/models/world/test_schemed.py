"""What holds for schemes whatever the seed."""

from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.world.config import WorldConfig
from models.world.forms import FLOW, named
from models.world.ground import ground
from models.world.mined import mined
from models.world.schemed import Schemed, schemed
from models.world.tables import SCHEMES
from models.world.traded import traded
from tests.models.world import tiny

SMALL = WorldConfig.sized("small", 4)
GROUND, MINED, TRADED = tiny.ground(), tiny.mined(), tiny.traded()
SEEDS = (1, 2)
MANY = replace(tiny.CONFIG.schemes, instances={"small": 3}, quiet_years=4)
"""Three of each kind, so that every variant and strength comes up."""


class Case(NamedTuple):
    """A world with schemes and what it was made from."""

    config: WorldConfig
    made: Schemed
    mined: Any
    traded: Any


def tiny_case(seed: int) -> Case:
    config = replace(tiny.CONFIG, seed=seed, schemes=MANY)
    return Case(config, schemed(config, GROUND, MINED, TRADED), MINED, TRADED)


def small_case() -> Case:
    """The real small world."""
    land = ground(SMALL)
    dug = mined(SMALL, land)
    trade = traded(SMALL, land, dug)
    return Case(SMALL, schemed(SMALL, land, dug, trade), dug, trade)


@pytest.fixture(scope="module", params=[*SEEDS, "small"])
def case(request) -> Case:
    return small_case() if request.param == "small" else tiny_case(request.param)


@pytest.fixture(scope="module")
def world(case) -> Schemed:
    return case.made


def test_same_seed_same_world():
    one, again, other = (tiny_case(seed).made for seed in (1, 1, 2))
    assert all(getattr(one, name).equals(getattr(again, name)) for name in vars(one))
    assert not one.schemes.equals(other.schemes)


def test_small_world_has_one_of_each_kind():
    schemes = schemed(tiny.CONFIG, GROUND, MINED, TRADED).schemes
    assert sorted(schemes["kind"]) == sorted(SCHEMES)
    assert set(schemes["strength"]) == {0.25, 0.5, 1.0}


def test_schemes_begin_after_the_quiet_years_and_last(case):
    world, config = case.made, case.config
    assert world.schemes["first_year"].min() >= config.first_year + config.schemes.quiet_years
    assert (world.schemes["last_year"] >= world.schemes["first_year"]).all()
    assert world.schemes["last_year"].max() <= tiny.CONFIG.last_year


def test_every_goods_of_a_scheme_has_a_flow_and_every_flow_has_goods(world):
    goods = world.goods.filter(pl.col("scheme_id").is_not_null())
    keys = ["scheme_id", *FLOW]
    names = named(goods)
    assert goods.join(names.join(world.scheme_flows, on=keys), on="goods_id", how="anti").is_empty()
    assert world.scheme_flows.join(names, on=keys, how="anti").is_empty()
    assert set(goods["scheme_id"]) == set(world.schemes["scheme_id"])


def test_legal_goods_less_what_was_taken_are_the_legal_goods(case):
    world = case.made
    back = pl.col("goods_id").str.replace(r"^scheme:[a-z_]+:\d+:", "")
    moved = world.goods.filter(~pl.col("is_phantom")).with_columns(goods_id=back)
    whole = moved.join(case.traded.goods.select("goods_id"), on="goods_id", how="semi").group_by("goods_id")
    sums = whole.agg(pl.col("mass_kg", "contained_kg", "value_usd").sum()).sort("goods_id")
    legal = case.traded.goods.sort("goods_id").select(sums.columns)
    assert_frame_equal(sums, legal, check_exact=False)


def test_months_of_legal_goods_add_up_again(case):
    world = case.made
    back = pl.col("goods_id").str.replace(r"^scheme:[a-z_]+:\d+:", "")
    moved = world.goods.filter(~pl.col("is_phantom")).with_columns(goods_id=back)
    by_month = pl.col("timing") * pl.col("mass_kg")

    def months(goods: pl.DataFrame) -> pl.DataFrame:
        rows = goods.select("goods_id", kg=by_month).with_columns(month=pl.int_ranges(12)).explode("kg", "month")
        return rows.group_by("goods_id", "month").agg(pl.col("kg").sum()).sort("goods_id", "month")

    legal = case.traded.goods.join(moved, on="goods_id", how="semi")
    assert_frame_equal(months(moved.join(legal, on="goods_id", how="semi")), months(legal), abs_tol=1e-3)


def test_goods_without_a_scheme_keep_their_forms(case):
    world = case.made
    plain = world.goods.filter(pl.col("scheme_id").is_null())
    forms = [name for name in plain.columns if name.startswith(("export_", "import_"))]
    legal = case.traded.goods.join(plain, on="goods_id", how="semi").sort("goods_id")
    assert_frame_equal(plain.select("goods_id", *forms), legal.select("goods_id", *forms))


def test_no_more_is_hidden_than_illegal_sites_dig(case):
    world = case.made
    leaving = world.goods.filter(pl.col("scheme_id").is_not_null(), pl.col("exporter") == pl.col("origin"))
    illegal = case.mined.sites.filter(pl.col("kind").cast(pl.String) == "illegal")
    rows = leaving.join(world.origins, on="goods_id").join(illegal, left_on="origin_id", right_on="site_id", how="semi")
    out = rows.group_by(site_id="origin_id", year="year").agg(kg=(pl.col("contained_kg") * pl.col("share")).sum())
    dug = case.mined.site_months.group_by("site_id", year=pl.col("month").dt.year()).agg(
        dug=pl.col("contained_kg").sum()
    )
    both = out.join(dug, on=["site_id", "year"], how="left")
    assert both.height > 0
    assert (both["kg"] <= both["dug"] * (1 + 1e-9)).all()


def test_every_goods_has_origins_that_sum_to_one(world):
    sums = world.origins.group_by("goods_id").agg(pl.col("share").sum())
    assert set(sums["goods_id"]) == set(world.goods["goods_id"])
    assert sums["share"].to_list() == pytest.approx([1.0] * sums.height)


def test_origin_sites_are_those_of_the_goods(case):
    world, sites = case.made, case.mined.sites.filter(pl.col("kind").cast(pl.String) == "illegal")["site_id"]
    laundered = world.schemes.filter(pl.col("kind").cast(pl.String).str.ends_with("laundering"))
    assert laundered["origin_sites"].list.len().min() >= 1
    assert set(laundered["origin_sites"].explode()) <= set(sites)
    assert set(world.schemes.filter(pl.col("kind") == "phantom_export")["origin_sites"].list.len()) == {0}


def test_no_two_schemes_share_a_zone_or_legal_goods(case):
    world = case.made
    told = world.schemes.select("scheme_id", "origin_sites").explode("origin_sites", empty_as_null=False)
    illegal = case.mined.sites.filter(pl.col("kind").cast(pl.String) == "illegal")["site_id"]
    sites = told.filter(pl.col("origin_sites").is_in(illegal.implode()))
    assert sites["origin_sites"].is_unique().all()
    back = pl.col("goods_id").str.replace(r"^scheme:[a-z_]+:\d+:", "").str.replace(":late$", "")
    parts = world.goods.filter(pl.col("scheme_id").is_not_null()).with_columns(back)
    parts = parts.filter(~pl.col("is_phantom")).join(case.traded.goods, on="goods_id", how="semi")
    assert parts["goods_id"].is_unique().all()


def test_timing_of_all_goods_sums_to_one(world):
    assert world.goods["timing"].list.sum().to_list() == pytest.approx([1.0] * world.goods.height)


def test_names_of_actors_differ(world):
    assert world.schemes["actors"].n_unique() == world.schemes.height


def test_world_without_illegal_zones_or_bans_has_the_other_kinds():
    dug = tiny.mined()
    dug.sites = dug.sites.filter(pl.col("kind").cast(pl.String) == "legal_mine")
    dug.bans = dug.bans.clear()
    kinds = set(schemed(tiny.CONFIG, GROUND, dug, TRADED).schemes["kind"])
    assert kinds == set(SCHEMES) - {"ban_evasion", "hub_laundering", "permit_laundering"}
