"""Legal trade of whole small worlds."""

from dataclasses import fields

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.world import tables
from models.world.config import WorldConfig
from models.world.trade.chain import closed_months
from models.world.traded import Traded, traded
from tests.models.world import lands
from tests.models.world.trades import balance, small

SEEDS = (1, 2)
PAIR = ("commodity", "exporter", "importer")


@pytest.fixture(scope="module")
def trade() -> Traded:
    return small()[2]


def test_every_frame_keeps_its_schema(trade: Traded) -> None:
    tables.Goods.validate(trade.goods)
    tables.GoodsOrigin.validate(trade.origins)
    tables.Supply.validate(trade.supply)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_in_goes_out(seed: int) -> None:
    sides = balance(small(seed)[2].supply)
    residual = (sides["came"] - sides["went"]).abs() / sides["came"].clip(lower_bound=1e-3)
    assert residual.max() < 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_supply_is_the_sum_of_goods(seed: int) -> None:
    config, dug, found = small(seed)
    for side, column in (("exporter", "exported_kg"), ("importer", "imported_kg")):
        moved = found.goods.group_by(pl.col(side).alias("country"), "family", "year").agg(pl.col("contained_kg").sum())
        both = found.supply.join(moved, on=["country", "family", "year"], how="full", coalesce=True).fill_null(0.0)
        np.testing.assert_allclose(both["contained_kg"], both[column], rtol=1e-9, atol=1e-6)
    sold = {chain.family: chain.artisanal_sold for chain in config.trade.chains}
    dug_kg = dug.output.with_columns(
        kg=pl.col("legal_kg") + pl.col("artisanal_kg") * pl.col("family").replace_strict(sold, return_dtype=pl.Float64)
    )
    both = found.supply.join(dug_kg, on=["country", "family", "year"], how="left").with_columns(
        pl.col("kg").fill_null(0)
    )
    np.testing.assert_allclose(both["mined_kg"], both["kg"], rtol=1e-12)


def test_origins_of_every_goods_sum_to_one_and_are_of_its_family(trade: Traded) -> None:
    sums = trade.origins.group_by("goods_id").agg(pl.col("share").sum())
    assert sums.height == trade.goods.height == sums.join(trade.goods, on="goods_id").height
    np.testing.assert_allclose(sums["share"], 1.0, rtol=1e-12)
    sites = small()[1].sites
    told = (
        trade.origins.filter(pl.col("origin_kind") == "site")
        .join(trade.goods.select("goods_id", "family", "year"), on="goods_id")
        .join(sites, left_on="origin_id", right_on="site_id", suffix="_of_site", how="left")
    )
    assert (told["family"] == told["family_of_site"]).all()
    assert set(told["kind"].cast(pl.String).unique()) <= {"legal_mine", "artisanal"}
    assert (told["opened"].dt.year() <= told["year"]).all()


def test_ore_that_a_producer_sends_is_its_own(trade: Traded) -> None:
    ore = trade.goods.filter(pl.col("commodity") == "260400", ~pl.col("is_reexport")).select("goods_id", "origin")
    told = trade.origins.filter(pl.col("origin_kind") == "site").join(ore, on="goods_id")
    countries = told.join(small()[1].sites, left_on="origin_id", right_on="site_id")
    assert countries.height > 0
    assert (countries["origin"] == countries["country"]).all()


def test_only_legal_trade_and_only_the_truth(trade: Traded) -> None:
    goods = trade.goods
    assert (
        goods.select(pl.col("scheme_id", "artefact_id", "^.*port_(commodity|partner)$").is_not_null().any()).row(0)
        == (False,) * 6
    )
    assert (goods.select(pl.col("^.*(share|_factor)$")) == 1.0).to_numpy().all()
    assert not goods["is_phantom"].any()
    assert (goods["exporter"] != goods["importer"]).all()
    assert (goods["origin"] != goods["importer"]).all()
    assert (goods["is_reexport"] == (goods["origin"] != goods["exporter"])).all()
    ends = goods.filter(pl.col("via").is_not_null())
    assert ends.filter((pl.col("via") == pl.col("exporter")) | (pl.col("via") == pl.col("importer"))).is_empty()
    assert goods.filter(pl.col("family") == "gold")["mode"].cast(pl.String).unique().to_list() == ["air"]
    np.testing.assert_allclose(goods["timing"].list.sum(), 1.0, rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_leaves_under_a_ban(seed: int) -> None:
    config, dug, found = small(seed)
    countries = dug.country_years["country"].unique().sort().to_list()
    for codes in dug.bans["codes"].unique():
        closed = closed_months(config, countries, dug.bans, codes)
        rows = found.goods.filter(pl.col("commodity").str.starts_with(codes))
        at = rows["year"].to_numpy() - config.first_year
        place = rows["exporter"].replace_strict(dict(zip(countries, range(99), strict=False))).to_numpy()
        timing = np.array(rows["timing"].to_list())
        assert (timing[closed[at, :, place]] == 0).all()
        assert closed.all(axis=1).any()  # there are whole years of ban, so the test is not empty
        assert not closed.all(axis=1)[at, place].any()


def test_pairs_last_and_large_ones_longer(trade: Traded) -> None:
    flows = trade.goods.group_by(*PAIR, "year").agg(pl.col("value_usd").sum())
    later = flows.select(*PAIR, year=pl.col("year") - 1, next_usd="value_usd")
    last = int(flows["year"].max() or 0)
    both = flows.filter(pl.col("year") < last).join(later, on=[*PAIR, "year"], how="left")
    kept = both["next_usd"].is_not_null()
    assert 0.65 < float(kept.mean() or 0) < 0.95
    lasting = both.filter(kept)["value_usd"].sum() / both["value_usd"].sum()
    assert 0.93 < lasting < 0.999
    change = both.filter(kept).with_columns(step=(pl.col("next_usd") / pl.col("value_usd")).log().abs())
    small_flows, large = (
        float(change.filter(size)["step"].median() or 0)
        for size in (pl.col("value_usd") < 1e5, pl.col("value_usd") > 1e8)
    )
    assert small_flows > 2 * large > 0


def test_values_are_near_the_worlds_price(trade: Traded) -> None:
    prices = (
        small()[1]
        .prices.group_by("commodity", pl.col("month").dt.year().alias("year"))
        .agg(pl.col("usd_per_kg").mean())
    )
    metal = trade.goods.filter(pl.col("commodity") == "750210").join(prices, on=["commodity", "year"])
    off = (metal["value_usd"] / metal["mass_kg"] / metal["usd_per_kg"]).log()
    assert abs(float(off.median() or 0)) < 0.1
    assert 0.05 < float(off.std() or 0) < 0.35


def test_hubs_pass_on_goods_of_others(trade: Traded) -> None:
    gold = trade.goods.filter(pl.col("family") == "gold")
    again = gold.filter("is_reexport").group_by("exporter").agg(pl.col("value_usd").sum()).sort("value_usd")
    assert again.height > 2
    assert again["value_usd"].tail(2).sum() > 0.7 * again["value_usd"].sum()
    assert 0.05 < gold.filter("is_reexport")["value_usd"].sum() / gold["value_usd"].sum() < 0.5


def test_the_same_seed_makes_the_same_trade_and_another_another(trade: Traded) -> None:
    config, dug, _ = small()
    again = traded(config, lands.small(), dug)
    for one in fields(Traded):
        assert_frame_equal(getattr(trade, one.name), getattr(again, one.name), check_exact=True)
    other = small(2)[2]
    assert other.goods.height != trade.goods.height


def test_a_small_world_is_small(trade: Traded) -> None:
    assert 2000 < trade.goods.height < 7000
    config = WorldConfig.sized("small", 1)
    assert trade.supply.height == config.countries * len(config.years) * len(config.families)
