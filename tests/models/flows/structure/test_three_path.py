"""Producer, hub, market."""

import math
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import three_path
from models.flows.structure.hubs import COVERED
from models.flows.structure.three_path import SLIGHT, TOLD
from tests.models.flows.structure import slow
from tests.models.flows.structure.test_code_switch import off
from tests.models.flows.structure.test_pass_through import through_hubs


def short_hubs(seed: int = 0) -> list[dict]:
    """Hubs to which some mines' countries declare less than these declare to have bought, more in some years."""
    return [
        row | {"export_value_usd": row["export_value_usd"] * (0.5 - (place * 7919 + seed) % 5 / 10)}
        if row["importer"].startswith("H") and place % 3 == 0
        else row
        for place, row in enumerate(through_hubs(seed))
    ]


def expected(rows: list[dict]) -> dict[str, float]:
    """Smaller of both rises of every sale of a hub that is short."""
    table = sorted(slow.table(*rows).to_dicts(), key=lambda row: (row["exporter"], row["importer"], row["period"]))
    value = {(row["exporter"], row["importer"], row["period"]): row["reconciled_value_usd"] for row in table}
    market = {year: sum(one for key, one in value.items() if key[2] == year) for year in slow.YEARS}
    sold, bought, short = (defaultdict(float) for _ in range(3))
    for row in table:
        sold[row["exporter"], row["period"]] += row["export_value_usd"]
        bought[row["importer"], row["period"]] += row["import_value_usd"]
    largest: dict[tuple[str, int], tuple[float, str]] = {}
    for row in table:
        is_seller = sold[row["exporter"], row["period"]] > bought[row["exporter"], row["period"]]
        if is_seller and off(row) > 0:
            hub = row["importer"], row["period"]
            short[hub] += off(row)
            largest[hub] = max(largest.get(hub, (0.0, "")), (off(row), row["exporter"]))
    flows_moved, hubs_moved = [], []
    for row in table:
        series = [math.log(value[row["exporter"], row["importer"], at]) for at in slow.YEARS if at < row["period"]]
        usual = slow.usual(series)
        band = math.floor(math.log10(row["reconciled_value_usd"] / market[row["period"]]))
        moved = None if usual is None else math.log(row["reconciled_value_usd"]) - usual
        flows_moved.append(row | {"change": moved, "band": band})
    for country in sorted({one for one, _ in bought}):
        if not bought[country, 2010]:
            continue
        shares = {year: min(1.0, short[country, year] / bought[country, year]) for year in slow.YEARS}
        for year in slow.YEARS:
            usual = slow.usual([shares[at] for at in slow.YEARS if at < year])
            if shares[year] >= SLIGHT:
                change = None if usual is None else math.log(shares[year] + SLIGHT) - math.log(usual + SLIGHT)
                band = math.floor(
                    math.log10(bought[country, year] / sum(usd for (_, at), usd in bought.items() if at == year))
                )
                hubs_moved.append({"source": "comtrade", "country": country, "period": year, "change": change,
                                   "band": band})  # fmt: skip
    hub = {
        (move["country"], move["period"]): move["change"] / spread
        for move, spread in zip(hubs_moved, slow.spreads(hubs_moved, ("country", "band")), strict=True)
        if move["change"] is not None and spread is not None
    }
    flows_moved = slow.less_shared(flows_moved)
    found = {}
    for move, spread in zip(flows_moved, slow.spreads(flows_moved), strict=True):
        at = move["exporter"], move["period"]
        is_hub = at in hub and bought[at] >= COVERED * sold[at] and move["importer"] != largest[at][1]
        if not is_hub or move["change"] is None or spread is None:
            continue
        ends, year = (move["exporter"], move["importer"]), move["period"]
        usual = math.exp(slow.usual([math.log(value[*ends, other]) for other in slow.YEARS if other < year]))
        if min(value[*ends, year] - usual, short[at]) >= TOLD * value[*ends, year]:
            found[move["flow_id"].split(":", 1)[1]] = min(move["change"] / spread, hub[at])
    return found


def test_agrees_with_an_obvious_version():
    rows = short_hubs()
    found = {name: row["statistic"] for name, row in slow.judged(three_path, rows).items()}
    assert found == pytest.approx(expected(rows))
    assert len(found) > 10


def smuggled(declared: float) -> list[dict]:
    """In 2020 a hub buys and sells thirty times as much, of which the mine's country declares a part."""
    rows = slow.grown(slow.grown(short_hubs(), "E1", "H1", 2020, 30.0), "H1", "M1", 2020, 30.0)
    return [
        row | {"export_value_usd": declared * row["import_value_usd"]}
        if (row["exporter"], row["importer"], row["period"]) == ("E1", "H1", 2020)
        else row
        for row in rows
    ]


def test_goods_that_left_undeclared_and_go_on_stand_out_and_declared_ones_do_not():
    name = "H1:M1:260400:2020"
    found = slow.judged(three_path, smuggled(0.02))
    row = found[name]
    assert row["statistic"] == max(one["statistic"] for one in found.values())
    assert row["largest_leg_imports_usd"] > 20 * row["largest_leg_exports_usd"]
    assert 0 < row["gap_value_usd"] <= row["short_usd"]
    honest = slow.judged(three_path, smuggled(0.98)).get(name)
    assert honest is None or honest["statistic"] < row["statistic"] - 1


def test_a_producer_that_did_not_report_is_not_short():
    silent = [row | {"exporter_reported": row["exporter"] != "E1"} for row in smuggled(0.02)]
    row = slow.judged(three_path, silent).get("H1:M1:260400:2020")
    assert row is None or row["statistic"] < 0


def test_reconciled_trade_alone_says_nothing():
    rows = [
        row | {"export_value_usd": None, "import_value_usd": None, "exporter_reported": None,
               "importer_reported": None, "reconciled_value_usd": row["export_value_usd"]}
        for row in smuggled(0.02)
    ]  # fmt: skip
    assert not slow.judged(three_path, rows)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(three_path, short_hubs(seed), seed)
