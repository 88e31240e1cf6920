"""What would have been plausible: the smallest share of the gap without which a flow does not stand out."""

import numpy as np
import polars as pl
import pytest

from graphs.tables import Statistics
from models.learned.counterfactual import STEP, TO_NOTHING, TO_USUAL, counterfactual, moved, smallest_share
from models.learned.features import FEATURES, build, features
from models.learned.trees import Rules, Trees, fit
from tests.models.flows.frames import baci, context, flow, flows

NOTHING_SAID = Statistics.create_empty()
KEY = "comtrade:IDN:CHN:260400:2018"
RULES = Rules(trees=20, leaves=6, shrinkage=0.3, feature_share=1.0, row_share=1.0, least_rows=1)


@pytest.fixture(autouse=True)
def _small_markets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand-made flows are few."""
    monkeypatch.setattr(build, "MARKET", 1)


@pytest.fixture(scope="module")
def trees() -> Trees:
    """Trees that look at the unmatched share alone: above a half is a scheme."""
    share = np.linspace(-1.0, 1.0, 400)
    table = pl.DataFrame({name: share if name == "unmatched_share" else np.zeros(400) for name in FEATURES})
    return fit(table, share > 0.5, seeds=[0], rules=RULES)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """A pair at par for three years, whose exporter then declares a tenth."""
    past = [flow("IDN", "CHN", year, 1000.0, 1000.0) for year in (2015, 2016, 2017)]
    others = [flow("IDN", "DEU", year, 1000.0, 1000.0) for year in range(2015, 2019)]
    return flows(*past, *others, flow("IDN", "CHN", 2018, 100.0, 1000.0), baci("COD", "ARE", 2018, 80.0, 1.0))


def test_named_features_exist() -> None:
    assert set(TO_NOTHING) <= set(FEATURES)
    assert {*TO_USUAL, *TO_USUAL.values()} <= set(FEATURES)


def test_the_share_is_the_smallest_that_brings_the_score_below_the_cut(trees: Trees, rows: pl.DataFrame) -> None:
    known = features(rows, NOTHING_SAID, context())
    seen = known.filter(pl.col("flow_id") == KEY)["unmatched_share"].item()
    told = counterfactual(rows, NOTHING_SAID, context(), trees, 0.0, [KEY]).row(0, named=True)
    expected = next(share for share in np.arange(0, 1 + STEP / 2, STEP) if seen * (1 - share) <= 0.5)
    assert told["share_of_gap"] == pytest.approx(expected, abs=STEP + 1e-9)
    below = trees.score(moved(known.filter(pl.col("flow_id") == KEY), told["share_of_gap"]))
    above = trees.score(moved(known.filter(pl.col("flow_id") == KEY), told["share_of_gap"] - STEP))
    assert below[0] < 0.0 <= above[0]


def test_amounts_take_that_share_of_the_gap_away(trees: Trees, rows: pl.DataFrame) -> None:
    told = counterfactual(rows, NOTHING_SAID, context(), trees, 0.0, [KEY]).row(0, named=True)
    known = features(rows, NOTHING_SAID, context()).filter(pl.col("flow_id") == KEY)
    usual = float(known["usual_log_ratio"].item())
    gap = 1000.0 - 100.0 * np.exp(usual)
    gone = told["share_of_gap"] * gap
    assert told["plausible_import_usd"] == pytest.approx(1000.0 - gone, rel=1e-5)
    assert told["plausible_export_usd"] == pytest.approx(100.0 + gone / np.exp(usual), rel=1e-5)
    # Either way the same share of the gap is left.
    left = told["plausible_import_usd"] - 100.0 * np.exp(usual)
    assert left == pytest.approx((1 - told["share_of_gap"]) * gap, rel=1e-5)


def test_a_flow_below_the_cut_needs_nothing_and_one_that_never_falls_has_no_answer(
    trees: Trees, rows: pl.DataFrame
) -> None:
    known = features(rows, NOTHING_SAID, context())
    assert smallest_share(known, trees, 1e6).to_list() == [0.0] * known.height
    assert smallest_share(known, trees, -1e6).null_count() == known.height


def test_without_declarations_there_is_no_declared_amount(trees: Trees, rows: pl.DataFrame) -> None:
    told = counterfactual(rows, NOTHING_SAID, context(), trees, 1e6, ["baci:COD:ARE:260400:2018"]).row(0, named=True)
    assert told["share_of_gap"] == 0.0
    assert told["plausible_export_usd"] is None
    assert told["plausible_import_usd"] is None


def test_all_of_the_gap_gone_leaves_the_usual_ratio(rows: pl.DataFrame) -> None:
    whole = moved(features(rows, NOTHING_SAID, context()), 1.0).filter(pl.col("flow_id") == KEY)
    assert whole["log_ratio"].item() == pytest.approx(whole["usual_log_ratio"].item())
    assert whole["change_log_ratio"].item() == 0
