"""The whole of customs: what is published, against the truth and against the project's own parser."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.declarations import settle, tidy, world_gaps
from graphs.flags import Flag, has_flag
from models.world.config import WorldConfig
from models.world.customs import COLUMNS, declared, freight, true_flows
from models.world.customs.offices import offices
from models.world.ground import ground
from models.world.mined import mined
from models.world.parameters.customs import Customs
from models.world.tables import Country, Goods
from models.world.traded import traded
from pipelines.sources.comtrade_files import parse
from tests.models.world import trading

SMALL = WorldConfig.sized("small", 5)
PLACES = trading.countries(30)
GOODS = trading.goods(SMALL, PLACES, 300)
NOTHING = trading.no_artefacts()


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    return declared(SMALL, PLACES, GOODS, NOTHING)


@pytest.fixture(scope="module")
def read(published: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The annual rows after the project's own reading of them as a file."""
    path = tmp_path_factory.mktemp("customs") / "rows.csv"
    published.write_csv(path)
    parsed = parse(path)
    assert parsed.notes == ()
    found = tidy(parsed.raw, source="comtrade", file="rows.csv", raw_sha256=parsed.sha256)
    assert found.quarantine["reason"].to_list() == []
    assert found.declarations.height == published.height
    return settle(found.declarations.filter(pl.col("period") < 3000))


def test_the_layout_has_47_columns_of_the_stated_types(published: pl.DataFrame) -> None:
    assert len(COLUMNS) == 47
    assert dict(published.schema) == dict(COLUMNS)


@pytest.mark.realdata
def test_the_layout_is_that_of_a_recorded_answer(real_data: Path, published: pl.DataFrame) -> None:
    recorded = json.loads((real_data / "api-fixtures" / "get_C_A_HS_recorded_includeDesc.json").read_text())["data"]
    assert list(recorded[0]) == published.columns
    kinds = {str: pl.String(), int: pl.Int32(), float: pl.Float64(), bool: pl.Boolean()}
    for name, value in recorded[0].items():
        assert value is None or kinds[type(value)] == published.schema[name], name


def test_every_row_is_read_and_world_totals_hold_all_partners(read: pl.DataFrame) -> None:
    gaps = world_gaps(read.filter(has_flag(Flag.PARENT).not_()))["gap_share"]
    assert gaps.len() > 100
    # Partners never exceed the world; they fall short only where the largest is withheld.
    assert gaps.max() < 1e-9  # type: ignore[operator]
    assert (gaps < -1e-9).mean() < 0.02  # type: ignore[operator]


def test_countries_numbers_and_names_are_those_of_the_world(published: pl.DataFrame) -> None:
    named = published.select("reporterISO", "reporterCode", "reporterDesc").unique()
    expected = PLACES.select("country", "numeric", "name")
    assert named.join(expected, left_on=named.columns, right_on=expected.columns, how="anti").is_empty()


def test_no_row_is_published_twice(published: pl.DataFrame) -> None:
    key = ["reporterCode", "period", "flowCode", "cmdCode", "partnerCode"]
    assert published.select(key).is_duplicated().sum() == 0


def test_months_add_up_to_their_year(published: pl.DataFrame) -> None:
    plain = published.filter(pl.col("aggrLevel") == 6, pl.col("partnerCode") == 0)
    key = ["reporterCode", "refYear", "flowCode", "cmdCode"]
    year = plain.filter(pl.col("freqCode") == "A").select(*key, year="primaryValue")
    months = plain.filter(pl.col("freqCode") == "M").group_by(key).agg(months=pl.col("primaryValue").sum())
    both = months.join(year, on=key)
    assert both.height > 50
    # Months below the office's threshold are not published.
    assert ((both["months"] / both["year"] - 1).abs() < 0.05).mean() > 0.95  # type: ignore[operator]


def test_same_seed_same_rows_whatever_the_order_and_another_seed_others(published: pl.DataFrame) -> None:
    shuffled = GOODS.sample(fraction=1.0, shuffle=True, seed=1)
    assert declared(SMALL, PLACES.reverse(), shuffled, NOTHING).equals(published)
    assert not declared(replace(SMALL, seed=6), PLACES, GOODS, NOTHING).equals(published)


def test_inputs_are_not_changed() -> None:
    goods, places = GOODS.clone(), PLACES.clone()
    declared(SMALL, places, goods, NOTHING)
    assert goods.equals(GOODS)
    assert places.equals(PLACES)
    Goods.validate(goods)
    Country.validate(places)


def test_hiding_one_flow_changes_that_flow_alone() -> None:
    """The rest of the world keeps its errors, so that what a scheme does can be seen by itself."""
    # Standard unit values and world totals are made of all rows, so they may move.
    config = replace(SMALL, customs=replace(SMALL.customs, estimating_cells=0.0, estimated_rows=0.0))
    one = pl.col("goods_id") == GOODS.sort("value_usd")["goods_id"][-1]
    line = GOODS.filter(one).row(0, named=True)
    hidden = GOODS.with_columns(export_share=pl.when(one).then(0.0).otherwise("export_share"))
    before, after = (declared(config, PLACES, goods, NOTHING) for goods in (GOODS, hidden))
    ends = pl.col("reporterISO") == line["exporter"]
    rest = [frame.filter(~ends & (pl.col("aggrLevel") > 0)) for frame in (before, after)]
    assert rest[0].equals(rest[1])
    assert not before.equals(after)


def test_an_office_that_stops_publishes_nothing() -> None:
    stops = trading.artefact("reporter_stops", "XAC", first_year=2015)
    found = declared(SMALL, PLACES, GOODS, stops).filter(pl.col("reporterISO") == "XAC")
    assert set(found["refYear"]) <= {2012, 2013, 2014}


@settings(max_examples=10)
@given(seed=st.integers(0, 50), pairs=st.integers(1, 30))
def test_without_errors_both_sides_agree_up_to_freight_and_time(seed: int, pairs: int) -> None:
    config = replace(WorldConfig.sized("small", seed), customs=Customs.perfect())
    goods = trading.goods(config, PLACES, pairs, seed).filter(pl.col("family") != "timber")
    rows = declared(config, PLACES, goods, NOTHING).filter(pl.col("freqCode") == "A", pl.col("aggrLevel") == 6)
    named = {"value": "primaryValue", "mass": "netWgt"}
    exports = rows.filter(pl.col("flowCode") == "X", pl.col("partnerCode") > 0)
    mine = exports.select("cmdCode", exporter="reporterISO", importer="partnerISO", year="refYear", **named)
    moved = true_flows(goods)
    both = moved.join(mine, left_on=["exporter", "importer", "commodity", "year"],
                      right_on=["exporter", "importer", "cmdCode", "year"], how="full")  # fmt: skip
    assert both["value"].null_count() == 0
    np.testing.assert_allclose(both["value"], both["value_usd"], atol=1e-3)
    np.testing.assert_allclose(both["mass"].fill_null(0.0), both["mass_kg"], atol=1e-3)
    expected = _arrived(config, goods)
    imports = rows.filter(pl.col("flowCode") == "M", pl.col("partnerCode") > 0)
    theirs = imports.select("cmdCode", exporter="partnerISO", importer="reporterISO", year="refYear", **named)
    both = expected.join(theirs, left_on=["exporter", "importer", "commodity", "year"],
                         right_on=["exporter", "importer", "cmdCode", "year"], how="left")  # fmt: skip
    large = both.filter(pl.col("value_usd") > 1e-3, pl.col("year") <= config.last_year)
    np.testing.assert_allclose(large["value"], large["value_usd"], atol=1e-3)
    np.testing.assert_allclose(large["mass"].fill_null(0.0), large["mass_kg"], atol=1e-3)


def _arrived(config: WorldConfig, goods: pl.DataFrame) -> pl.DataFrame:
    """What importers should declare by the documented rules, worked out goods by goods."""
    places = offices(config, PLACES)
    at = {country: place for place, country in enumerate(places["country"])}
    km = freight.distances_km(places)
    listed = []
    for one in goods.iter_rows(named=True):
        length = km[at[one["exporter"]], at[one["importer"]]]
        usd_per_kg = one["value_usd"] / one["mass_kg"]
        customs = config.customs
        share = customs.freight * customs.freight_by_mode[one["mode"]]
        share *= (max(length, 50) / 5000) ** 0.3 * usd_per_kg**-0.22
        days = length / customs.km_per_day[one["mode"]] + customs.days_at_border[one["mode"]]
        delay = min(days / (365.25 / 12), 4)
        # Goods of the month k leave evenly over it and are under way for `delay` months.
        late = sum(part * min(max(delay - (11 - month), 0.0), 1.0) for month, part in enumerate(one["timing"]))
        for year, part in ((one["year"], 1 - late), (one["year"] + 1, late)):
            value = one["value_usd"] * (1 + min(share, 0.6)) * part
            listed.append((one["exporter"], one["importer"], one["commodity"], year, value, one["mass_kg"] * part))
    names = ["exporter", "importer", "commodity", "year", "value_usd", "mass_kg"]
    kinds = [pl.String(), pl.String(), pl.String(), pl.Int32(), pl.Float64(), pl.Float64()]
    frame = pl.DataFrame(listed, schema=dict(zip(names, kinds, strict=True)), orient="row")
    return frame.group_by(names[:4]).agg(pl.col("value_usd", "mass_kg").sum())


def test_a_whole_world_without_errors_declares_the_mass_that_moved() -> None:
    """Legal trade of a small world in all its codes, hubs, transit and editions."""
    config = replace(WorldConfig.sized("small", 3), customs=Customs.perfect())
    earth = ground(config)
    goods = traded(config, earth, mined(config, earth)).goods
    rows = declared(config, earth.countries, goods, NOTHING).filter(pl.col("freqCode") == "A", pl.col("aggrLevel") == 6)
    world = rows.filter(pl.col("partnerCode") == 0).group_by("flowCode").agg(pl.col("netWgt").sum())
    masses = dict(world.rows())
    assert masses["X"] == pytest.approx(goods["mass_kg"].sum(), rel=1e-9)
    # What is under way at the end of the last year arrives after it.
    before = goods.filter(pl.col("year") < config.last_year)["mass_kg"].sum()
    assert before < masses["M"] < goods["mass_kg"].sum()
    passed = rows.filter(pl.col("flowCode") == "RX", pl.col("partnerCode") == 0)["primaryValue"].sum()
    assert passed == pytest.approx(goods.filter("is_reexport")["value_usd"].sum(), rel=1e-9)


def test_true_flows_are_what_moved() -> None:
    goods = pl.concat(
        [
            GOODS.head(1).with_columns(goods_id=pl.lit("a"), mass_kg=2.0, contained_kg=1.0, value_usd=10.0),
            GOODS.head(1).with_columns(goods_id=pl.lit("b"), mass_kg=3.0, contained_kg=1.5, value_usd=20.0),
            GOODS.head(1).with_columns(goods_id=pl.lit("c"), is_phantom=True),
            GOODS.head(1).with_columns(goods_id=pl.lit("d"), importer=pl.lit("XZZ"), export_share=0.0, mass_kg=7.0),
        ]
    )
    found = true_flows(goods)
    assert found["mass_kg"].to_list() == [5.0, 7.0]
    assert found["contained_kg"][0] == 2.5
    assert found["value_usd"][0] == 30.0
    assert found.columns == ["exporter", "importer", "commodity", "year", "mass_kg", "contained_kg", "value_usd"]
