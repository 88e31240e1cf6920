"""What was judged on an earlier day must not know later data: neither the channels nor the learned score."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from graphs.declarations import reporting
from graphs.flows import pair as paired
from graphs.tables import CHANNELS
from models.flows.channels import judge
from models.flows.reconcile import reconcile
from models.learned.channel import with_learned
from models.world.config import WorldConfig
from tests.cases.worlds import published
from tests.models.flows.frames import context, flow, flows
from tests.models.flows.structure.test_code_switch import confused
from tests.models.flows.structure.test_edge_stream import monthly
from tests.models.flows.structure.test_new_route import beginnings
from tests.models.flows.test_carriage import MT, carriage
from tests.models.flows.test_mirror import pair, quiet_pairs

DAY = date(2019, 12, 31)
"""Annual declarations of 2018 are known, those of 2019 are not."""
SEEN: set[str] = set()


def test_later_rows_change_no_earlier_statistic():
    rows = [*quiet_pairs(), *pair({**dict.fromkeys(range(2010, 2020), 1.1), 2020: 20.0})]
    whole = flows(*rows)
    early = whole.filter(pl.col("known_from") <= date(2017, 12, 31))
    assert early["period"].max() == 2016
    before = judge(reconcile(early), context()).statistics
    within = judge(reconcile(whole), context()).statistics.filter(pl.col("flow_id").is_in(before["flow_id"].implode()))
    compared = before.join(within, on=["flow_id", "channel"], suffix="_later")
    # The reconciled level moves with the offices' spreads, the mirror's own statistic does not.
    mirror = compared.filter(pl.col("channel") == "mirror_gap")
    assert mirror.height > 50
    assert (mirror["statistic"] - mirror["statistic_later"]).abs().max() < 1e-9


def scored(table: pl.DataFrame, ctx) -> pl.DataFrame:
    """Every channel and the learned score."""
    said = with_learned(table, judge(table, ctx).statistics, ctx)
    return said.with_columns(pl.col("channel").cast(pl.String)).sort("flow_id", "channel")


def same_with_later_years(table: pl.DataFrame, ctx, day: date = DAY) -> set[str]:
    """Channels that speak of flows known by a day, having checked that years after it, a thousand times as large as
    declared, change nothing of what they say: not the statistic, not the gap, not a part."""
    is_known = pl.col("known_from") <= day
    early, late = reconcile(table.filter(is_known)), reconcile(table).filter(~is_known)
    assert early.height > 0
    assert late.height > 0
    amounts = [f"{side}_value_usd" for side in ("export", "import", "reconciled")]
    before = scored(early, ctx)
    told = ["flow_id", "channel", "statistic", "gap_value_usd", "gap_mass_kg", "parts"]
    later = pl.concat([early, late.with_columns(pl.col(amounts) * 1000)])
    after = scored(later, ctx).filter(pl.col("flow_id").is_in(early["flow_id"].implode()))
    # The learned score's reasons are worked out for the highest alone, and later flows may be among those.
    plain, again = (
        one.with_columns(parts=pl.when(pl.col("channel") != "learned").then("parts")).select(told)
        for one in (before, after)
    )
    assert plain.equals(again)
    return set(before["channel"])


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, pl.DataFrame]:
    _, declarations, produced = published(replace(WorldConfig.sized("small", 8), countries=20))
    return paired(declarations, reporting(declarations)), produced


def test_later_years_change_nothing_that_is_said_of_earlier_ones(world):
    table, produced = world
    SEEN.update(same_with_later_years(table.filter(pl.col("family") == "gold"), context("gold", production=produced)))
    assert {"mirror_gap", "one_sided", "balance", "jump", "unit_value", "disparity", "learned"} <= SEEN


@pytest.mark.parametrize("made", [beginnings, confused])
def test_later_years_of_new_routes_and_switched_codes_change_nothing(made):
    SEEN.update(same_with_later_years(flows(*made()), context()))
    assert SEEN & {"new_route", "code_switch"}


def test_later_months_change_nothing_that_is_said_of_earlier_years():
    years, months = monthly(burst=40.0)
    SEEN.update(same_with_later_years(flows(*years, *months), context(), date(2020, 12, 31)))
    assert "edge_stream" in SEEN


def test_later_years_of_a_ban_change_nothing_that_is_said_of_its_first():
    banned = [flow("IDN", p, y, None if y >= 2014 else 1e7, 1.1e7) for p in ("CHN", "JPN") for y in range(2008, 2023)]
    SEEN.update(same_with_later_years(flows(*quiet_pairs(), *banned), context()))
    assert "ban_break" in SEEN


def test_later_ships_and_masses_change_nothing_that_is_said_of_earlier_years():
    late = {"period": 2020, "out_kg": 1e12, "out_high_kg": 2e12}
    ships = carriage({"period": 2018}, late)
    rows = [flow("EXP", "IMP", year, 1e6, 1e6, export_mass_kg=3 * MT, import_mass_kg=3 * MT) for year in (2018, 2020)]
    SEEN.update(same_with_later_years(flows(*rows, *quiet_pairs()), replace(context(), carriage=ships)))
    assert "carrying_capacity" in SEEN


def test_every_channel_was_held_to_it():
    assert set(CHANNELS) - SEEN == set()
