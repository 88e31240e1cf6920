"""Rows of goods."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.config import WorldConfig
from models.world.parameters.trade import Chain, Stage, Trade
from models.world.tables import MODES, Goods
from models.world.trade.chain import Material
from models.world.trade.goods import Flows, goods_of, joined, months, with_second, year_flows
from models.world.trade.hubs import Passage
from models.world.trade.resale import Resold
from models.world.trade.ways import Ways
from tests.models.world import trades

CONFIG = WorldConfig(1, "small", countries=3, first_year=2012, last_year=2012, families=("gold",))
COUNTRIES = ["XAA", "XAB", "XAC"]
CHAIN = Chain("gold", (Stage("710812", "mined", is_air=True, quality_sd=0.0), Stage("711291", "scrap")))
ROAD, SEA = MODES.index("road"), MODES.index("sea")


def flows(contained_kg: list[float], **other: list[int]) -> Flows:
    """Flows of country 0 to country 1, of the first stage unless told otherwise."""
    count, kg = len(contained_kg), np.array(contained_kg)
    numbers: dict[str, Any] = dict.fromkeys(("stage", "year", "origin", "exporter", "code", "pool"), [0] * count)
    numbers = {"importer": [1] * count} | numbers | other
    return Flows(contained_kg=kg, **{name: np.array(values) for name, values in numbers.items()})


def material(usd_per_kg: float = 1000.0) -> Material:
    """Half of the goods of country 0 is gold, all of the others'."""
    factor = np.ones((2, 2, 3))
    factor[:, :, 0] = 0.5
    return Material(factor, np.full((2, 2, 1, 12), usd_per_kg), np.ones((2, 1, 12, 3), dtype=bool))


def routes() -> Ways:
    via = np.full((3, 3), -1)
    via[0, 2] = 1
    return Ways(np.zeros((3, 3)), np.where(np.arange(3) == 1, ROAD, SEA)[None].repeat(3, axis=0), via)


def test_flows_of_every_layer() -> None:
    one = trades.year(0, [100, 0, 0], [[0, 60, 5], [0, 0, 0], [0, 0, 0]])
    between, onward = np.zeros((1, 3, 1)), np.zeros((1, 3, 3))
    onward[0, 0, 2] = 50.0
    zero = np.zeros((1, 3))
    sold = Resold(np.array([0]), np.array([2]), np.array([1]), np.array([2.0]))
    whole = year_flows(replace(one, hub=Passage(zero, between, zero, zero, onward), resold=sold), np.array([1]), 60)
    rows = zip(
        *(getattr(whole, name).tolist() for name in ("origin", "exporter", "importer", "contained_kg", "pool")),
        strict=True,
    )
    # What hub 1 holds of country 0 is pool 3 of the six; all are counted from 60.
    assert list(rows) == [(0, 0, 1, 60.0, 60), (0, 0, 2, 5.0, 60), (0, 1, 2, 50.0, 63), (0, 2, 1, 2.0, 60)]


def test_a_second_code_takes_its_share() -> None:
    chain = Chain("gold", (replace(CHAIN.stages[0], second="261690", second_pairs=1.0, second_share=0.1),))
    found = with_second(CONFIG, chain, flows([100.0, 50.0], exporter=[0, 2]), 3)
    # The second flow is a re-export: it keeps its code.
    assert found.contained_kg.tolist() == [90.0, 50.0, 10.0]
    assert found.code.tolist() == [0, 0, 1]


def test_mass_and_value_come_from_the_contained_mass() -> None:
    found = goods_of(
        replace(CONFIG, trade=Trade(quality_year_sd=0.0)), COUNTRIES, CHAIN, material(), routes(), flows([10.0])
    )
    assert found.select("mass_kg", "contained_kg", "value_usd").row(0) == pytest.approx((20.0, 10.0, 10_000.0))
    Goods.validate(found.select(Goods.column_names()), cast=True)


def test_gold_flies_and_other_goods_go_their_ways() -> None:
    moved = flows([10.0, 10.0, 10.0], stage=[0, 1, 1], importer=[2, 2, 1])
    found = goods_of(CONFIG, COUNTRIES, CHAIN, material(), routes(), moved)
    rows = found.sort("stage", "importer").select("commodity", "importer", "mode", "via").rows()
    assert rows == [
        ("710812", "XAC", "air", None),
        ("711291", "XAB", "road", None),
        ("711291", "XAC", "sea", "XAB"),
    ]


def test_goods_are_named_in_order_and_say_the_truth() -> None:
    moved = joined([flows([1.0], exporter=[2]), flows([2.0])])
    found = goods_of(CONFIG, COUNTRIES, CHAIN, material(), routes(), moved)
    named = found.select("goods_id", "exporter", "is_reexport").rows()
    assert named == [("goods:gold:000000", "XAA", False), ("goods:gold:000001", "XAC", True)]
    said = found.select(pl.col("^(export|import)_.*$"))
    assert said.select(pl.col(pl.String).null_count()).row(0) == (2, 2, 2, 2)
    assert (said.select(pl.col(pl.Float64)).to_numpy() == 1.0).all()
    assert not found["is_phantom"].any()


@given(st.integers(0, 2**32 - 1), st.lists(st.floats(0.0, 1e10), min_size=1, max_size=20))
def test_months_sum_to_one_and_keep_to_the_open_ones(seed: int, values: list[float]) -> None:
    chance = np.random.default_rng(seed)
    is_open = chance.random((len(values), 12)) < 0.5
    is_open[:, 3] = True
    found = months(chance, Trade(), np.array(values), np.zeros(len(values), dtype=np.int64), is_open, 1)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    assert (found[~is_open] == 0).all()


def test_a_small_flow_is_one_shipment_and_a_large_one_has_seasons() -> None:
    every, first = np.ones((2, 12), dtype=bool), np.zeros(2, dtype=np.int64)
    found = months(np.random.default_rng(0), Trade(), np.array([1e4, 1e9]), first, every, 1)
    assert (found[0] > 0).sum() == 1
    assert (found[1] > 0).sum() > 9
