"""Cells: which exist, what they hold, and that nothing of a year speaks about that same year."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.tables import Reporting
from models.ladder.cells import FEATURES, KEY, cells
from tests.models.flows.frames import baci, flow, flows
from tests.models.ladder.trade import drawn


def test_a_pair_lives_from_its_first_trade_to_the_last_year_of_the_source() -> None:
    found = cells(flows(baci("XAA", "XBB", 2001, 10.0, 1.0), baci("XCC", "XBB", 2000, 5.0, 1.0),
                        baci("XCC", "XBB", 2003, 6.0, 1.0)))  # fmt: skip
    shown = found.select("exporter", "year", "value_usd", "is_first").rows()
    assert shown == [
        ("XAA", 2001, 10.0, True),
        # 2002 holds no flow of anyone: nobody could say.
        ("XAA", 2002, None, False),
        ("XAA", 2003, 0.0, False),
        ("XCC", 2000, 5.0, True),
        ("XCC", 2001, 0.0, False),
        ("XCC", 2002, None, False),
        ("XCC", 2003, 6.0, False),
    ]
    assert found["flow_id"].null_count() == 4


def test_silence_is_zero_only_where_somebody_reported() -> None:
    rows = [
        flow("XAA", "XBB", 2000, 9.0, 9.0, reconciled_value_usd=9.0),
        flow("XCC", "XDD", 2001, 7.0, 7.0, reconciled_value_usd=7.0),
    ]
    assert cells(flows(*rows)).filter(pl.col("exporter") == "XAA")["value_usd"].to_list() == [9.0, None]
    office = {"source": "comtrade", "reporter": "XBB", "period": 2001, "rows": 1, "known_from": None}
    for direction, expected in (("M", 0.0), ("X", None)):
        reporting = pl.DataFrame([office | {"direction": direction}], schema=Reporting.create_empty().schema)
        found = cells(flows(*rows), reporting).filter(pl.col("exporter") == "XAA")
        assert found["value_usd"].to_list() == [9.0, expected]


def test_an_office_is_heard_only_of_commodities_that_the_source_holds_that_year() -> None:
    rows = [
        flow("XAA", "XBB", 2000, 9.0, 9.0, reconciled_value_usd=9.0),
        flow("XAA", "XBB", 2000, 5.0, 5.0, reconciled_value_usd=5.0, commodity="750110"),
        flow("XAA", "XBB", 2001, 7.0, 7.0, reconciled_value_usd=7.0),
    ]
    matte = cells(flows(*rows)).filter(pl.col("commodity") == "750110")
    assert matte["value_usd"].to_list() == [5.0, None]


def test_a_declared_zero_is_zero_and_an_undeclared_value_is_unknown() -> None:
    known = flow("XAA", "XBB", 2000, 9.0, 9.0, reconciled_value_usd=9.0)
    weighed = flow("XAA", "XBB", 2002, None, None, import_mass_kg=4.0)
    found = cells(flows(known, flow("XAA", "XBB", 2001, 0.0, None), weighed))
    assert found["value_usd"].to_list() == [9.0, 0.0, None]


def test_features_by_hand() -> None:
    rows = [
        *(baci("XAA", "XBB", 2000 + t, usd, usd) for t, usd in ((0, 100.0), (1, 400.0), (4, 50.0))),
        *(baci("XAA", "XCC", 2000 + t, usd, usd) for t, usd in enumerate((10.0, 20.0, 40.0, 40.0, 40.0))),
        *(baci("XBB", "XAA", 2000 + t, 100.0, 100.0) for t in range(5)),
    ]
    last = cells(flows(*rows)).row(4, named=True)
    assert (last["exporter"], last["importer"], last["year"], last["value_usd"]) == ("XAA", "XBB", 2004, 50.0)
    expected = {
        "log_lag_1": 0.0,
        "log_lag_2": 0.0,
        "log_lag_3": np.log(401.0),
        "last_log_value": np.log(400.0),
        "gap_years": 3.0,
        "trading_years": 2.0,
        "recent_share": 0.5,
        "past_log_sd": np.std(np.log([100.0, 400.0]), ddof=1),
        "exporter_log_total_lag": np.log(41.0),
        "importer_log_total_lag": 0.0,
        "exporter_partners_lag": 1.0,
        "importer_partners_lag": 0.0,
        "exporter_other_growth_lag": 0.0,
        "exporter_transit_lag": 100.0 / 140.0,
        "importer_transit_lag": 1.0,
        "reverse_log_lag": np.log(101.0),
        "world_growth_lag": 0.0,
        "price_move_lag": 0.0,
    }
    assert {name: last[name] for name in expected} == pytest.approx(expected)
    assert last["importer_other_growth_lag"] is None  # nothing else is imported
    assert last["last_log_value_sd"] is None


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(2002, 2010))
def test_features_of_a_year_know_nothing_of_that_year_or_later(seed: int, cut: int) -> None:
    trade = drawn(seed)
    keys = list(KEY)
    whole = cells(trade)
    # Another world from `cut` on: other values, other pairs, the same cells up to then.
    other = drawn(seed + 1).filter(pl.col("period") >= cut)
    changed = cells(pl.concat([trade.filter(pl.col("period") < cut), other]).sort("flow_id"))
    known = whole.filter(pl.col("year") <= cut, ~pl.col("is_first")).select(*keys, *FEATURES)
    again = known.select(keys).join(changed, on=keys, how="left", maintain_order="left").select(*keys, *FEATURES)
    first = whole.filter(pl.col("is_first")).select(keys).join(changed.filter("is_first"), on=keys)["year"]
    assert known.equals(again)
    assert known.height > 0
    assert first.len() > 0


def test_rows_in_another_order_give_the_same_cells() -> None:
    trade = drawn(3)
    assert cells(trade.sample(fraction=1.0, shuffle=True, seed=1)).equals(cells(trade))


def test_no_flows_give_no_cells() -> None:
    assert cells(flows()).height == 0
    assert set(FEATURES) < set(cells(flows()).columns)


def test_keys_are_unique_and_sorted() -> None:
    found = cells(drawn(5))
    assert not found.select(KEY).is_duplicated().any()
    assert found.select(KEY).equals(found.select(KEY).sort(KEY))


def test_without_lags_the_rest_is_the_same() -> None:
    rows = drawn(5)
    assert cells(rows, lags=False).equals(cells(rows).drop(FEATURES))
