"""Hubs whose sales rise with their purchases."""

import math
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from models.flows.structure import pass_through
from models.flows.structure.hubs import COVERED
from models.flows.structure.pass_through import TOLD, in_step
from tests.models.flows.frames import context, flow, production
from tests.models.flows.structure import slow


def through_hubs(seed: int = 0) -> list[dict]:
    """Mines sell to four hubs, which sell on to five markets; a fifth hub sells what nobody sold to it."""
    into = [row | {} for row in slow.noisy(seed, exporters=6, importers=4)]
    into = [flow(row["exporter"], f"H{row['importer'][1]}", row["period"], row["export_value_usd"],
                 row["import_value_usd"]) for row in into]  # fmt: skip
    onward = [flow(f"H{row['exporter'][1]}", row["importer"], row["period"], row["export_value_usd"],
                   row["import_value_usd"]) for row in slow.noisy(seed + 1, exporters=5)]  # fmt: skip
    return into + onward


def expected(rows: list[dict]) -> dict[str, float]:
    """Smaller of both rises of every sale of a hub."""
    table = sorted(slow.table(*rows).to_dicts(), key=lambda row: (row["exporter"], row["importer"], row["period"]))
    value = {(row["exporter"], row["importer"], row["period"]): row["reconciled_value_usd"] for row in table}
    market = {year: sum(one for key, one in value.items() if key[2] == year) for year in slow.YEARS}
    sold, bought = defaultdict(float), defaultdict(float)
    for row in table:
        sold[row["exporter"], row["period"]] += row["export_value_usd"]
        bought[row["importer"], row["period"]] += row["import_value_usd"]

    def moved(series: dict[int, float], year: int) -> float | None:
        usual = slow.usual([math.log(usd) for at, usd in series.items() if at < year])
        return None if usual is None else math.log(series[year]) - usual

    flows_moved, hubs_moved = [], []
    for row in table:
        series = {at: value[row["exporter"], row["importer"], at] for at in slow.YEARS}
        band = math.floor(math.log10(row["reconciled_value_usd"] / market[row["period"]]))
        flows_moved.append(row | {"change": moved(series, row["period"]), "band": band})
    for (country, year), usd in sorted(bought.items()):
        series = {at: bought[country, at] for at in slow.YEARS}
        band = math.floor(math.log10(usd / sum(other for (_, at), other in bought.items() if at == year)))
        hubs_moved.append({"source": "comtrade", "commodity": "260400", "country": country, "period": year,
                           "change": moved(series, year), "band": band})  # fmt: skip
    flows_moved, hubs_moved = slow.less_shared(flows_moved), slow.less_shared(hubs_moved)
    hub = {
        (move["country"], move["period"]): move["change"] / spread
        for move, spread in zip(hubs_moved, slow.spreads(hubs_moved, ("country", "band")), strict=True)
        if move["change"] is not None and spread is not None
    }
    found = {}
    for move, spread in zip(flows_moved, slow.spreads(flows_moved), strict=True):
        ends, year = (move["exporter"], move["importer"]), move["period"]
        at = move["exporter"], year
        if move["change"] is None or spread is None or at not in hub or bought[at] < COVERED * sold[at]:
            continue
        usual = math.exp(slow.usual([math.log(value[*ends, other]) for other in slow.YEARS if other < year]))
        before = slow.usual([math.log(bought[at[0], other]) for other in slow.YEARS if other < year])
        rise = min(value[*ends, year] - usual, bought[at] - math.exp(before))
        if rise >= TOLD * value[*ends, year]:
            found[f"{ends[0]}:{ends[1]}:260400:{year}"] = min(move["change"] / spread, hub[at])
    return found


def test_agrees_with_an_obvious_version():
    rows = through_hubs()
    found = {name: row["statistic"] for name, row in slow.judged(pass_through, rows).items()}
    assert found == pytest.approx(expected(rows))
    assert len(found) > 10


def laundering() -> list[dict]:
    """In 2020 a hub buys and sells thirty times as much."""
    rows = slow.grown(through_hubs(), "E1", "H1", 2020, 30.0)
    return slow.grown(rows, "H1", "M1", 2020, 30.0)


def test_sales_that_rise_with_purchases_stand_out_and_sales_alone_or_of_a_producer_do_not():
    name = "H1:M1:260400:2020"
    row = slow.judged(pass_through, laundering())[name]
    assert row["statistic"] > 2.5
    assert row["gap_value_usd"] == pytest.approx(2e6 * 29, rel=0.5)
    assert row["hub_imports_usd"] > 3 * row["usual_hub_imports_usd"]
    alone = slow.judged(pass_through, slow.grown(through_hubs(), "H1", "M1", 2020, 3.0)).get(name)
    assert alone is None or alone["statistic"] < 1.5
    miner = context(production=production(*(("H1", "nickel", year, 1e9) for year in slow.YEARS)))
    assert name not in slow.judged(pass_through, laundering(), miner)


def test_sellers_of_their_own_goods_are_no_hubs():
    assert not any(name.startswith("E") for name in slow.judged(pass_through, through_hubs()))


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(pass_through, through_hubs(seed), seed)


MONTHS = [100 * year + month for year in (2018, 2019, 2020) for month in range(1, 13)]


def stepped(seed: int, later: int | None) -> tuple[list[float], list[float]]:
    """What a hub buys and sells each month: so many months later, or at any time."""
    chance = random.Random(seed)
    bought = [chance.lognormvariate(14, 1) for _ in MONTHS]
    sold = bought.copy()
    if later is None:
        chance.shuffle(sold)
    else:
        sold = [bought[0]] * later + bought[: len(bought) - later]
    return bought, sold


def monthly(bought: list[float], sold: list[float], left_out: frozenset[int] = frozenset()):
    rows = [
        flow(*ends, month, usd[at], usd[at], known_from=date(2021, 12, 31))
        for at, month in enumerate(MONTHS)
        for ends, usd in ((("E1", "H1"), bought), (("H1", "M1"), sold))
        if at not in left_out
    ]
    return slow.table(*rows)


def slow_step(bought: list[float], sold: list[float], year: int, left_out: frozenset[int]) -> float | None:
    """Month by month, in lists."""
    pairs = []
    for at, month in enumerate(MONTHS):
        if month // 100 in (year - 1, year) and at >= 2 and not {at, at - 1, at - 2} & left_out:
            pairs.append((sold[at], sum(bought[at - 2 : at + 1]) / 3))
    return float(spearmanr(*zip(*pairs, strict=True)).statistic) if len(pairs) >= 18 else None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([None, 0, 1, 2, 6]), st.frozensets(st.integers(0, 35), max_size=6))
def test_the_step_of_months_is_that_of_an_obvious_version(seed, later, left_out):
    bought, sold = stepped(seed, later)
    told = in_step(monthly(bought, sold, left_out)).filter(country="H1")
    found = dict(told.select("period", "in_step").iter_rows())
    wanted = {year: slow_step(bought, sold, year, left_out) for year in (2018, 2019, 2020, 2021)}
    assert found == pytest.approx({year: one for year, one in wanted.items() if one is not None}, abs=1e-6)


def test_sales_that_follow_purchases_are_in_step_and_others_are_not():
    for later, low, high in ((1, 0.4, 1.0), (None, -0.4, 0.4), (6, -0.4, 0.4)):
        found = [in_step(monthly(*stepped(seed, later))).filter(country="H1", period=2020) for seed in range(9)]
        assert low < sorted(one["in_step"].item() for one in found)[4] < high


def test_months_are_told_and_change_no_statistic():
    months = monthly(*stepped(3, 0))
    plain, told = (
        slow.judged(pass_through, laundering(), one) for one in (context(), replace(context(), months=months))
    )
    name = "H1:M1:260400:2020"
    assert plain[name].get("in_step") is None
    assert told[name]["in_step"] == pytest.approx(in_step(months).filter(country="H1", period=2020)["in_step"].item())
    assert {one: row["statistic"] for one, row in told.items()} == {one: row["statistic"] for one, row in plain.items()}
