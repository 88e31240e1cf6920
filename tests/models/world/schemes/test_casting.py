from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from models.world.schemes import KINDS
from models.world.schemes.casting import CAST, cast, design
from models.world.schemes.firms import firm
from models.world.schemes.market import market
from models.world.schemes.stages import KNOWN, halved, pair_stages, zone_stages
from tests.models.world import tiny

RULES = replace(tiny.CONFIG.schemes, instances={"small": 4})
CONFIG = replace(tiny.CONFIG, schemes=RULES)


@pytest.fixture(scope="module")
def stage():
    return market(CONFIG, tiny.ground(), tiny.mined(), tiny.traded())


@pytest.fixture(scope="module")
def players(stage):
    return cast(CONFIG, stage, KINDS)


def pairs(players: pl.DataFrame) -> pl.DataFrame:
    """Pairs of each scheme, whichever way goods go."""
    direct = players.select("scheme_id", "family", one="exporter", two="importers").explode("two", empty_as_null=False)
    into = players.select("scheme_id", "family", one="exporter", two="hub").drop_nulls()
    out = players.select("scheme_id", "family", one="hub", two="importers").drop_nulls().explode("two")
    rows = pl.concat([direct, into, out])
    return rows.select("scheme_id", "family", pl.concat_list("one", "two").list.sort().alias("pair")).unique()


def test_each_pair_of_a_family_belongs_to_one_scheme(players):
    assert pairs(players).select("family", "pair").is_duplicated().sum() == 0


def test_each_zone_belongs_to_one_scheme(players):
    assert players["zone_id"].drop_nulls().is_unique().all()


def test_strengths_and_variants_take_turns(players):
    coded = players.filter(pl.col("kind") == "misclassification").sort("scheme_id")
    assert coded["variant"].to_list() == ["exporter", "importer"] * 2
    assert set(coded["strength"]) == set(RULES.strengths)
    assert players.schema == pl.Schema(CAST)


@pytest.mark.parametrize(("place", "kind"), list(enumerate(KINDS)))
def test_strengths_shares_and_variants_do_not_stand_for_each_other(place, kind):
    nine = [design(kind, place, turn, RULES) for turn in range(9)]
    pairs = {(one["strength"], one["handled"]) for one in nine}
    assert pairs == set(product(RULES.strengths, RULES.handled))
    for other in ("strength", "handled"):
        met = {(one["variant"], one[other]) for one in nine}
        assert met == set(product(kind.variants, (one[other] for one in nine)))


def test_all_families_are_used(players):
    assert set(players["family"]) == set(tiny.CODES)


def test_third_countries_are_neither_end(players):
    named = players.filter(pl.col("third").is_not_null())
    assert named.height > 0
    assert named.filter(pl.col("third").is_in(pl.concat_list("exporter", "hub"))).is_empty()
    assert named.filter(pl.col("importers").list.contains(pl.col("third"))).is_empty()


def test_pairs_that_hardly_trade_are_no_stage(stage):
    poor = replace(stage, rules=replace(RULES, least_value_usd=1e12))
    assert pair_stages(poor).is_empty()
    rare = replace(stage, rules=replace(RULES, least_traded_years=14))
    assert pair_stages(rare).is_empty()


def test_illegal_goods_rather_go_where_legal_ones_go(stage):
    alone = replace(stage, sells=stage.sells.filter(pl.col("importer") != "XAF"))
    keys = ["zone_id", "importer"]
    both = zone_stages(stage).join(zone_stages(alone), on=keys).filter(pl.col("family") == "gold")
    ratio = both.select(*keys, ratio=pl.col("weight") / pl.col("weight_right"))
    assert set(ratio.filter(pl.col("importer") == "XAF")["ratio"]) == {KNOWN}
    assert set(ratio.filter(pl.col("importer") != "XAF")["ratio"]) == {1.0}


def test_sorts_of_stages_are_as_likely(stage):
    rows = halved([zone_stages(stage), pair_stages(stage)])
    sums = rows.group_by(pl.col("zone_id").is_null()).agg(pl.col("weight").sum())
    assert sums["weight"].to_list() == pytest.approx([1.0, 1.0])


def test_firms_are_drawn():
    names = {firm(tiny.CONFIG.chance("firms", str(turn))) for turn in range(20)}
    assert len(names) == 20
    assert all(len(name.split()) == 3 for name in names)
