"""One goods at a time, from XAA to XAB unless told otherwise."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs.forms import FREE_ZONES, forms
from models.world.customs.offices import offices
from models.world.parameters.customs import Customs
from tests.models.world import trading

CONFIG = replace(WorldConfig.sized("small", 0), customs=Customs.perfect())
PLACES = trading.countries(6)
NUMBER = dict(zip(PLACES["country"], PLACES["numeric"], strict=True))


def one(**more: object) -> pl.DataFrame:
    row = {
        "goods_id": "goods:1", "commodity": "260400", "year": 2015, "exporter": "XAA", "importer": "XAB",
        "origin": "XAA", "mass_kg": 100.0, "contained_kg": 1.0, "value_usd": 10.0,
        "timing": [1.0, *[0.0] * 11], **more,
    }  # fmt: skip
    return trading.completed(pl.DataFrame([row]))


def booked(goods: pl.DataFrame, *, exports: bool, **habits: bool) -> list[dict[str, object]]:
    found = offices(CONFIG, PLACES).with_columns(pl.lit(value).alias(name) for name, value in habits.items())
    return forms(CONFIG, found, goods).rows.filter(pl.col("is_export") == exports).to_dicts()


def test_both_sides_book_what_moved() -> None:
    (export,) = booked(one(), exports=True)
    (imported,) = booked(one(), exports=False)
    assert (export["reporter"], export["partner"]) == (NUMBER["XAA"], NUMBER["XAB"])
    assert (imported["reporter"], imported["partner"]) == (NUMBER["XAB"], NUMBER["XAA"])
    assert (export["value_usd"], export["mass_kg"], imported["mass_kg"]) == (10.0, 100.0, 100.0)
    assert imported["value_usd"] == pytest.approx(10.0 + imported["freight_usd"])  # type: ignore[operator]


def test_what_is_smuggled_is_booked_by_the_importer_alone() -> None:
    assert booked(one(export_share=0.0), exports=True) == []
    assert len(booked(one(export_share=0.0), exports=False)) == 1


def test_forms_multiply_share_and_factors() -> None:
    (export,) = booked(one(export_share=0.5, export_value_factor=0.8, export_mass_factor=2.0), exports=True)
    assert (export["value_usd"], export["mass_kg"]) == (pytest.approx(4.0), pytest.approx(100.0))


def test_forms_name_another_code_and_partner() -> None:
    (export,) = booked(one(export_commodity="750110", export_partner="XAC"), exports=True)
    assert (export["commodity"], export["partner"]) == (750110, NUMBER["XAC"])
    (imported,) = booked(one(import_commodity="750110", import_partner="_X"), exports=False)
    assert (imported["commodity"], imported["partner"]) == (750110, 899)


def test_an_importer_names_the_origin_where_that_is_its_rule() -> None:
    config = replace(CONFIG, customs=replace(Customs.perfect(), origin_known=1.0))
    goods = one(origin="XAD", is_reexport=True)
    for rule, expected in ((True, "XAD"), (False, "XAA")):
        found = offices(config, PLACES).with_columns(names_origin=pl.lit(rule))
        (imported,) = forms(config, found, goods).rows.filter(~pl.col("is_export")).to_dicts()
        assert imported["partner"] == NUMBER[expected]


def test_some_exporters_name_the_country_of_transit() -> None:
    config = replace(CONFIG, customs=replace(Customs.perfect(), transit_named=1.0))
    rows = forms(config, offices(config, PLACES), one(via="XAC")).rows
    assert rows.filter("is_export")["partner"].to_list() == [NUMBER["XAC"]]
    assert rows.filter(~pl.col("is_export"))["partner"].to_list() == [NUMBER["XAA"]]


def test_special_trade_leaves_out_what_stays_in_bond() -> None:
    config = replace(CONFIG, customs=replace(Customs.perfect(), bonded=0.7))
    into = one(goods_id="goods:1", exporter="XAC", importer="XAA", contained_kg=4.0)
    out = one(goods_id="goods:2", origin="XAC", is_reexport=True, contained_kg=1.0)
    for special, export, imported in ((False, 10.0, 100.0), (True, 3.0, 100 * (1 - 0.7 / 4))):
        found = offices(config, PLACES).with_columns(is_special=pl.lit(special))
        rows = forms(config, found, pl.concat([into, out])).rows
        hub = rows.filter(pl.col("reporter") == NUMBER["XAA"])
        assert hub.filter("is_export")["value_usd"].item() == pytest.approx(export)
        assert hub.filter(~pl.col("is_export"))["mass_kg"].item() == pytest.approx(imported)


def test_re_exports_are_a_part_of_exports() -> None:
    (export,) = booked(one(is_reexport=True), exports=True)
    assert export["reexport_usd"] == export["value_usd"]
    assert booked(one(), exports=True)[0]["reexport_usd"] == 0.0


def test_re_exported_goods_may_come_from_free_zones() -> None:
    config = replace(CONFIG, customs=replace(Customs.perfect(), free_zone=1.0))
    rows = forms(config, offices(config, PLACES), one(is_reexport=True)).rows
    assert rows.filter(~pl.col("is_export"))["partner"].to_list() == [FREE_ZONES]


def test_late_arrivals_are_next_years_imports() -> None:
    goods = one(timing=[*[0.0] * 11, 1.0])
    assert [row["year"] for row in booked(goods, exports=True)] == [2015]
    years = {row["year"]: row["mass_kg"] for row in booked(goods, exports=False)}
    assert sum(years.values()) == pytest.approx(100.0)  # type: ignore[arg-type]
    assert years[2016] > 0  # type: ignore[operator]


def test_months_of_a_form_sum_to_its_value() -> None:
    found = forms(CONFIG, offices(CONFIG, PLACES), trading.goods(CONFIG, PLACES, 20))
    np.testing.assert_allclose(found.months(found.rows).sum(axis=1), found.rows["value_usd"].to_numpy())
