import math
import statistics
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.tables import Events
from models.flows.ban import ban_break, banned_shares
from models.flows.jump import jump
from models.flows.prices import MARKET, blunder, world_unit_values
from models.flows.reconcile import reconcile
from models.flows.unit_value import unit_value
from tests.models.flows.frames import baci, context, flow, flows


def noisy(pairs=20, years=range(2010, 2021), **other):
    rng = np.random.default_rng(0)
    return [
        baci(f"E{p}", f"I{p}", y, 1e6 * float(np.exp(rng.normal(0, 0.2))), 1e6, **other)
        for p in range(pairs)
        for y in years
    ]


def by_id(answer):
    return {row["flow_id"]: row for row in answer.iter_rows(named=True)}


def parts(row):
    return {part["name"]: part["value"] for part in row["parts"]}


GOLD = {"commodity": "710812", "family": "gold"}


def test_jump_is_measured_against_the_pairs_own_past_in_value_for_precious_metals():
    grown = [baci("AAA", "BBB", y, 1e6 if y < 2020 else 5e7, 20.0, **GOLD) for y in range(2010, 2021)]
    row = by_id(jump(flows(*noisy(**GOLD), *grown), context("gold")))["baci:AAA:BBB:710812:2020"]
    assert row["statistic"] > 5
    assert row["gap_value_usd"] == pytest.approx(4.9e7, rel=0.02)
    assert parts(row)["gap_low_usd"] < row["gap_value_usd"] < parts(row)["gap_high_usd"]


def test_a_rise_of_price_alone_is_no_jump_for_goods_weighed_by_mass():
    dearer = [baci("AAA", "BBB", y, 1e6 if y < 2020 else 5e7, 1e6) for y in range(2010, 2021)]
    assert abs(by_id(jump(flows(*noisy(), *dearer), context()))["baci:AAA:BBB:260400:2020"]["statistic"]) < 1


def test_a_rise_that_all_share_is_no_jump():
    risen = [{**row, "reconciled_value_usd": row["reconciled_value_usd"] * (30 if row["period"] == 2020 else 1)}
             for row in noisy(pairs=200, **GOLD)]  # fmt: skip
    statistics = by_id(jump(flows(*risen), context("gold")))
    assert np.median([row["statistic"] for key, row in statistics.items() if key.endswith("2020")]) < 2


def test_ban_break_needs_a_published_ban_and_uses_all_others_as_placebo():
    rows = [
        flow("IDN", "CHN", 2020, None, 2e8),
        flow("PHL", "CHN", 2020, 1e8, 1.1e8),
        flow("AUS", "CHN", 2020, None, 4e8),
    ]
    answer = by_id(ban_break(reconcile(flows(*rows)), context()))
    assert answer["comtrade:IDN:CHN:260400:2020"]["is_null"] is False
    assert answer["comtrade:AUS:CHN:260400:2020"]["is_null"] is True
    assert answer["comtrade:IDN:CHN:260400:2020"]["gap_value_usd"] == 2e8


def under_the_ban(now, *before):
    """Gap in USD and in kg, and parts, of Indonesia to China in 2020: (X, M) or (X, M, X_kg, M_kg) of each year."""

    def told(year, x, m, x_kg=None, m_kg=None):
        kg = {"export_mass_kg": x_kg, "import_mass_kg": m_kg} if m_kg else {}
        return flow("IDN", "CHN", year, x, m, **kg)

    rows = [told(year, *one) for year, one in zip(range(2020 - len(before), 2021), [*before, now], strict=True)]
    row = by_id(ban_break(reconcile(flows(*rows)), context()))["comtrade:IDN:CHN:260400:2020"]
    return row["gap_value_usd"], row["gap_mass_kg"], parts(row)


def test_the_gap_under_a_ban_is_what_the_pair_does_not_usually_lie_apart():
    """Usual: imports are 3 times exports in USD, 2 times by mass; in 2019 the exporter's mass is unknown."""
    gap, mass, told = under_the_ban(
        (50e6, 300e6, 4e9, 20e9), (10e6, 30e6, 1e9, 2e9), (20e6, 60e6, 2e9, 4e9), (10e6, 30e6, None, 2e9)
    )
    assert gap == pytest.approx(150e6, rel=1e-3)
    assert mass == pytest.approx(12e9)
    assert (told["history_years"], told["usual_log10_ratio"]) == (3, pytest.approx(math.log10(3), abs=1e-3))
    assert told["usual_log10_ratio_mass"] == pytest.approx(math.log10(2))
    assert told["gap_low_usd"] < gap < told["gap_high_usd"]


def test_a_pair_without_years_before_the_ban_is_compared_with_par_and_says_so():
    gap, mass, told = under_the_ban((50e6, 300e6, 4e9, 20e9))
    assert (gap, mass) == (pytest.approx(250e6), pytest.approx(16e9))
    assert (told["history_years"], told["usual_log10_ratio"], told["usual_log10_ratio_mass"]) == (0, None, None)


def test_exports_above_imports_are_no_reason_to_expect_more_than_par():
    gap, mass, told = under_the_ban((50e6, 300e6, 4e9, 20e9), (40e6, 20e6, 4e9, 2e9))
    assert (gap, mass) == (pytest.approx(250e6), pytest.approx(16e9))
    assert told["usual_log10_ratio"] == pytest.approx(-math.log10(2), abs=1e-3)


def test_silence_that_is_usual_leaves_what_the_partner_usually_declares():
    """3 of 300 M USD came in every year while the exporter declared none: a hundredth, by mass too."""
    gap, mass, _ = under_the_ban((None, 300e6, None, 20e9), (None, 3e6, None, 1e9), (None, 3e6, None, 1e9))
    assert gap == pytest.approx(297e6)
    assert mass == pytest.approx(0.99 * 20e9)


@pytest.mark.parametrize(
    ("x", "x_kg", "mass"), [(None, None, 20e9), (0.0, None, 20e9), (50e6, None, None), (50e6, 4e9, 16e9)]
)
def test_the_mass_of_a_declared_value_is_unknown_where_nobody_weighed_it(x, x_kg, mass):
    assert under_the_ban((x, 300e6, x_kg, 20e9))[1] == (mass and pytest.approx(mass))


def test_no_mass_is_missing_under_a_ban_where_the_partner_states_none():
    rows = reconcile(flows(flow("IDN", "CHN", 2020, None, 2e8, import_mass_kg=None)))
    assert by_id(ban_break(rows, context()))["comtrade:IDN:CHN:260400:2020"]["gap_mass_kg"] is None


@pytest.mark.parametrize(
    ("year", "share"),
    [(2013, None), (2014, 354 / 365), (2016, 1.0), (2017, None), (2018, None), (2020, 1.0), (2024, 1.0)],
)
def test_share_of_the_year_under_the_indonesian_nickel_bans(year, share):
    rows = reconcile(flows(flow("IDN", "CHN", year, 1e3, 2e8), flow("IDN", "JPN", 2020, 1e3, 2e8)))
    answer = by_id(ban_break(rows, context())).get(f"comtrade:IDN:CHN:260400:{year}")
    if share is None:
        # Neither tested, since too little of the year was banned, nor an example of a country without a ban.
        assert answer is None
    else:
        assert answer["is_null"] is False
        assert parts(answer)["banned_share_of_year"] == pytest.approx(share)


def bans(*rows):
    """Table `events` from (country, codes, first day, last day)."""
    schema = Events.create_empty().schema
    told = [("events", "ban", *row, "Decree", row[2], "0") for row in rows]
    return pl.DataFrame(told, schema=schema, orient="row")


def slow_share(exporter, commodity, year, events):
    """Count the days of the year on which some ban covers the export."""
    day, covered, days = date(year, 1, 1), 0, 0
    while day.year == year:
        days += 1
        covered += any(
            country == exporter
            and any(commodity.startswith(prefix) for prefix in codes.split())
            and start <= day
            and (end is None or day <= end)
            for country, codes, start, end in events
        )
        day += timedelta(days=1)
    return covered / days


DAYS = st.dates(date(2018, 6, 1), date(2021, 6, 1))
BANS = st.tuples(st.sampled_from(["XAA", "XAB"]), st.sampled_from(["26", "2604", "2604 7110", "4403"]), DAYS,
                 st.one_of(st.none(), DAYS))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(BANS, max_size=4, unique_by=lambda one: one[:3]))
def test_days_that_several_bans_cover_count_once(told):
    keys = [(e, c, y) for e in ("XAA", "XAB") for c in ("260400", "440349") for y in (2019, 2020)]
    markets = pl.DataFrame(
        keys, schema={"exporter": pl.String, "commodity": pl.String, "period": pl.Int32}, orient="row"
    )
    found = {row[:3]: row[3] for row in banned_shares(markets, bans(*told)).rows()}
    assert found == pytest.approx({key: slow_share(*key, told) for key in keys})


def test_a_ban_of_a_users_file_counts_like_a_built_in_one():
    rows = reconcile(flows(flow("XAA", "XBB", 2020, None, 2e8), flow("XCC", "XBB", 2020, 1e8, 1.1e8)))
    assert ban_break(rows, context()).is_empty()
    mine = context(events=bans(("XAA", "2604", date(2019, 5, 1), None)))
    assert by_id(ban_break(rows, mine))["comtrade:XAA:XBB:260400:2020"]["gap_value_usd"] == 2e8


def test_world_unit_value_is_the_value_weighted_median_of_the_larger_flows():
    rows = flows(baci("A", "B", 2020, 60.0, 6.0), baci("C", "D", 2020, 30.0, 2.0), baci("E", "F", 2020, 10.0, 100.0))
    assert world_unit_values(rows).select(*MARKET, "usd_per_kg").rows() == [("baci", "260400", 2020, 10.0)]


def slow_world_unit_value(rows):
    """Flows by falling value until half of all value is reached; then their value-weighted median unit value.

    Prices 300 times off the middle one of the twenty largest flows do not count.
    """
    rows = sorted(rows, key=lambda r: -r[0])
    middle = statistics.median(value / mass for value, mass in rows[:20])
    rows = [(value, mass) for value, mass in rows if 1 / 300 <= value / mass / middle <= 300]
    kept, seen = [], 0.0
    for value, mass in rows:
        if seen <= sum(v for v, _ in rows) / 2:
            kept.append((value / mass, value))
        seen += value
    kept.sort()
    seen = 0.0
    for unit, value in kept:
        seen += value
        if seen >= sum(v for _, v in kept) / 2:
            return unit
    raise AssertionError


@pytest.mark.parametrize("seed", range(8))
def test_world_unit_value_equals_the_slow_reference(seed):
    rng = np.random.default_rng(seed)
    rows = [(float(v), float(m)) for v, m in rng.lognormal(3, 2, (30, 2))]
    table = flows(*(baci(f"E{n}", "I", 2020, v, m) for n, (v, m) in enumerate(rows)))
    assert world_unit_values(table)["usd_per_kg"][0] == pytest.approx(slow_world_unit_value(rows))


@pytest.mark.parametrize(
    ("mass", "factor"),
    [(1.0, 1.0), (9.0, 1.0), (1000.0, 1e3), (1400.0, 1e3), (1e6, 1e6), (0.001, 1e-3), (31.0, 31.1034768)],
)
def test_unit_blunders_are_named_by_their_factor(mass, factor):
    found = pl.select(factor=blunder(pl.lit(mass), pl.lit(1.0)))["factor"][0]
    assert found == pytest.approx(factor, rel=0.04)


def test_unit_value_shows_the_mass_that_the_price_implies():
    odd = [baci("AAA", "BBB", y, 1e6, 1e6 if y < 2020 else 1e9) for y in range(2010, 2021)]
    row = by_id(unit_value(flows(*noisy(), *odd), context()))["baci:AAA:BBB:260400:2020"]
    assert row["statistic"] > 3
    assert parts(row)["unit_blunder_factor"] == 1e3
    assert parts(row)["implied_mass_kg"] == pytest.approx(1e6, rel=0.5)


def test_reconciled_value_lies_between_the_sides_and_leans_to_the_steadier_office():
    rng = np.random.default_rng(0)
    rows = []
    for p in range(40):
        for y in range(2010, 2020):
            wild = p % 2 == 0
            x = 1e6 * float(np.exp(rng.normal(0, 1.5 if wild else 0.02)))
            rows.append(flow("WIL" if wild else "STE", f"I{p}", y, x, 1.1e6))
    table = reconcile(flows(*rows))
    low = pl.min_horizontal("export_value_usd", pl.col("import_value_usd") / 1.2)
    high = pl.max_horizontal("export_value_usd", "import_value_usd")
    assert table.select(pl.col("reconciled_value_usd").is_between(low, high).all()).item()
    sd = dict(table.group_by("exporter").agg(pl.col("reconciled_log_sd").mean()).rows())
    assert sd["STE"] < sd["WIL"]


def test_trade_that_came_reconciled_stays_as_it_is():
    table = flows(baci("A", "B", 2020, 10.0, 5.0))
    assert reconcile(table).equals(table)


def test_reconciling_twice_changes_nothing():
    once = reconcile(
        flows(flow("A", "B", 2020, 10.0, 30.0), flow("A", "C", 2020, 10.0, 11.0), flow("A", "D", 2020, 1.0))
    )
    assert reconcile(once).equals(once)
