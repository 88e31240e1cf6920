import numpy as np
import pytest

from models.flows.mirror import mirror_gap
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flow, flows


def quiet_pairs(years=range(2010, 2021), pairs=25):
    """Pairs that differ by freight and a little noise, to give the spread something to rest on."""
    rng = np.random.default_rng(0)
    return [
        flow(f"Q{p}", f"R{p}", year, 1e6, 1e6 * 1.1 * float(np.exp(rng.normal(0, 0.05))))
        for p in range(pairs)
        for year in years
    ]


def judged(*extra):
    answer = mirror_gap(reconcile(flows(*quiet_pairs(), *extra)), context())
    return {row["flow_id"]: row for row in answer.iter_rows(named=True)}


def pair(ratio_by_year, exporter="AAA", importer="BBB"):
    return [flow(exporter, importer, year, 1e6, 1e6 * ratio) for year, ratio in ratio_by_year.items()]


def test_a_level_is_no_anomaly_and_a_change_is():
    steady = pair(dict.fromkeys(range(2010, 2021), 3.0), "STE", "ADY")
    broken = pair({**dict.fromkeys(range(2010, 2020), 1.1), 2020: 20.0})
    rows = judged(*steady, *broken)
    assert abs(rows["comtrade:STE:ADY:260400:2020"]["statistic"]) < 0.5
    assert rows["comtrade:AAA:BBB:260400:2020"]["statistic"] > 5


def test_gap_is_what_exports_at_the_usual_ratio_do_not_cover():
    row = judged(*pair({**dict.fromkeys(range(2010, 2020), 1.5), 2020: 9.0}))["comtrade:AAA:BBB:260400:2020"]
    assert row["gap_value_usd"] == pytest.approx(9e6 - 1.5e6)
    assert row["gap_mass_kg"] == pytest.approx(9e6 - 1.5e6)
    parts = {part["name"]: part["value"] for part in row["parts"]}
    assert parts["usual_log_ratio"] == pytest.approx(np.log(1.5))
    assert parts["gap_low_usd"] < row["gap_value_usd"] < parts["gap_high_usd"]


def test_a_rise_that_stays_below_par_leaves_nothing_unmatched():
    rows = judged(*pair({**dict.fromkeys(range(2010, 2020), 0.1), 2020: 0.9}))
    row = rows["comtrade:AAA:BBB:260400:2020"]
    assert row["gap_value_usd"] == 0.0
    assert row["statistic"] < 0


def test_a_fall_is_not_the_direction_that_hides_goods():
    rows = judged(*pair({**dict.fromkeys(range(2010, 2020), 5.0), 2020: 1.0}))
    assert rows["comtrade:AAA:BBB:260400:2020"]["statistic"] < 0


def test_reconciled_trade_and_own_trade_are_never_judged():
    table = flows(*quiet_pairs(), *pair(dict.fromkeys(range(2010, 2021), 1.0), "SAM", "SAM"))
    ids = mirror_gap(reconcile(table), context())["flow_id"]
    assert not ids.str.contains("SAM").any()


def test_row_order_does_not_matter():
    table = reconcile(flows(*quiet_pairs(), *pair({**dict.fromkeys(range(2010, 2020), 1.1), 2020: 20.0})))
    one = mirror_gap(table, context()).sort("flow_id")
    other = mirror_gap(table.sample(fraction=1, shuffle=True, seed=3), context()).sort("flow_id")
    assert one["statistic"].to_list() == pytest.approx(other["statistic"].to_list())
