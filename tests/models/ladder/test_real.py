"""The ladder on reconciled nickel ore: what the plain rungs reach, and that the boosted one is better beyond doubt."""

from pathlib import Path

import polars as pl
import pytest

from models.ladder.baselines import Mean3, Persistence
from models.ladder.boosted import Boosted
from models.ladder.expect import Expected, expect
from models.ladder.gravity import Gravity
from pipelines.sources import baci
from tests.models.flows.frames import context

pytestmark = pytest.mark.realdata
FILE = "baci_hs92_minerals_1995_2024.parquet"


@pytest.fixture(scope="module")
def nickel(real_data: Path) -> Expected:
    raw = pl.scan_parquet(real_data / "trade" / FILE).filter(pl.col("k") == "260400").collect()
    flows = baci.to_flows(raw, file=FILE, raw_sha256="0" * 64).flows
    return expect(flows, context(), (Persistence(), Mean3(), Gravity(), Boosted()))


def test_the_last_five_complete_years_are_compared(nickel: Expected) -> None:
    # 2024 is provisional.
    assert nickel.scores.select("first_year", "last_year").unique().row(0) == (2019, 2023)


def test_boosted_quantiles_are_used_for_nickel_and_gravity_is_not(nickel: Expected) -> None:
    rows = {row["model"]: row for row in nickel.scores.filter(measure="crps").to_dicts()}
    assert [model for model, row in rows.items() if row["is_used"]] == ["boosted"]
    assert rows["boosted"]["gain_low"] > 0.01
    assert rows["gravity"]["gain_high"] < 0
    measured = {row["model"]: row["value"] for row in nickel.scores.filter(measure="pinball").to_dicts()}
    assert measured["persistence"] == pytest.approx(0.86, abs=0.02)
    assert measured["boosted"] == pytest.approx(0.77, abs=0.02)


def test_partners_are_ranked_as_well_as_the_last_trade_ranks_them_or_better(nickel: Expected) -> None:
    ranked = {row["model"]: row for row in nickel.scores.filter(measure="ndcg_10").to_dicts()}
    assert ranked["persistence"]["value"] == pytest.approx(0.64, abs=0.02)
    assert ranked["boosted"]["gain_low"] > 0
