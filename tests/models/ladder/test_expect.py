"""The whole ladder on one family: tables that are valid, rungs that are missing, and the way from jump to rung."""

import numpy as np
import polars as pl
import pytest

from graphs.flags import Flag
from graphs.tables import Expectations, Ladder
from models.flows.channels import judge
from models.ladder.baselines import Mean3, Persistence
from models.ladder.boosted import Boosted
from models.ladder.expect import HELD, RUNGS, TOO_LITTLE, Expected, climb, expect
from models.ladder.gravity import Gravity
from models.ladder.rung import Bools, Forecast, silent
from models.ladder.scores import MEASURES
from tests.models.flows.frames import AS_OF, baci, context, flows
from tests.models.ladder.trade import drawn

PLAIN = (Persistence(), Mean3(), Gravity(), Boosted())
REASON = "needs something that is not installed"


class Absent:
    """A rung whose library is not there."""

    name = "gnn"
    learns_from_below = True

    def lacking(self) -> str | None:
        return REASON

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        raise AssertionError("a rung that cannot run was run")


class Mute:
    """A rung that runs and says nothing of the flows it is given, but keeps what the rung below said of all cells."""

    name = "gnn"
    learns_from_below = True
    below: Forecast | None = None

    def lacking(self) -> str | None:
        return None

    def forecast(self, cells: pl.DataFrame, wanted: Bools, below: Forecast | None = None) -> Forecast:
        self.below = below
        return silent(cells.height)


@pytest.fixture(scope="module")
def trade() -> pl.DataFrame:
    return drawn(31, countries=14, years=14, share=0.9)


@pytest.fixture(scope="module")
def found(trade: pl.DataFrame) -> Expected:
    return expect(trade, context(), (*PLAIN, Absent()))


def test_both_tables_are_valid_and_hold_every_rung(found: Expected) -> None:
    Expectations.validate(found.expectations, cast=True)
    Ladder.validate(found.scores, cast=True)
    models = ["persistence", "mean_3", "gravity", "boosted"]
    assert set(found.expectations["model"]) == {"own_history", *models}
    assert [rung.name for rung in RUNGS] == [*models, "gnn"]
    rows = found.scores.filter(pl.col("measure") == "crps")
    assert rows["model"].to_list() == [*models, "gnn"]
    assert set(found.scores["measure"]) == set(MEASURES)
    assert rows["is_used"].sum() == 1


def test_the_last_complete_years_are_compared(found: Expected, trade: pl.DataFrame) -> None:
    last = trade["period"].max()
    assert found.scores["last_year"].unique().to_list() == [last]
    assert found.scores["first_year"].unique().to_list() == [last - HELD + 1]
    open_year = pl.when(pl.col("period") == last).then(int(Flag.PROVISIONAL)).otherwise(0).cast(pl.UInt32)
    early = expect(trade.with_columns(flags=open_year), context(), PLAIN[:1])
    assert early.scores["last_year"].unique().to_list() == [last - 1]


def test_a_rung_that_cannot_run_says_why(found: Expected) -> None:
    gone = found.scores.filter(pl.col("model") == "gnn")
    assert gone["missing"].unique().to_list() == [REASON]
    assert gone["value"].null_count() == gone.height == len(MEASURES)
    assert not gone["is_used"].any()
    assert found.scores.filter(pl.col("model") != "gnn")["missing"].null_count() == len(MEASURES) * len(PLAIN)


def test_a_rung_that_says_nothing_does_not_hinder_the_others(trade: pl.DataFrame, found: Expected) -> None:
    mute = Mute()
    other = expect(trade, context(), (*PLAIN, mute))
    kept = found.scores.filter(pl.col("model") != "gnn")
    assert other.scores.filter(pl.col("model") != "gnn").equals(kept)
    assert other.scores.filter(pl.col("model") == "gnn")["missing"].unique().to_list() == [TOO_LITTLE]
    # It was told what the boosted rung says of every cell of the blocks, flow or not.
    assert mute.below is not None
    assert np.isfinite(mute.below.quantiles).all(axis=1).sum() > found.expectations.filter(model="boosted").height


def test_expectations_are_ordered_and_of_flows(found: Expected, trade: pl.DataFrame) -> None:
    rows = found.expectations
    assert set(rows["flow_id"]) <= set(trade["flow_id"])
    assert (rows["low"] <= rows["median"]).all()
    assert (rows["median"] <= rows["high"]).all()
    assert rows.filter(pl.col("model") != "own_history")["quantity"].unique().to_list() == ["value_usd"]


def test_own_history_is_what_the_channel_jump_compares_with(trade: pl.DataFrame, found: Expected) -> None:
    statistics = judge(trade, context()).statistics
    again = climb(trade, "nickel", AS_OF, context().reporting, statistics, PLAIN[:1])
    own = again.expectations.filter(model="own_history")
    assert own.equals(found.expectations.filter(model="own_history"))
    jump = statistics.filter(pl.col("channel") == "jump")
    one = jump.row(0, named=True)
    told = {part["name"]: part["value"] for part in one["parts"]}
    row = own.row(by_predicate=pl.col("flow_id") == one["flow_id"], named=True)
    assert row["median"] == pytest.approx(np.exp(told["usual_log_amount"] + told["common_log_change"]))
    assert row["high"] / row["median"] == pytest.approx(np.exp(1.2816 * told["spread"]))


def test_what_is_expected_of_a_year_rests_on_earlier_years(trade: pl.DataFrame, found: Expected) -> None:
    last = trade["period"].max()
    louder = pl.when(pl.col("period") == last).then(50.0).otherwise(1.0)
    other = expect(trade.with_columns(pl.col("reconciled_value_usd") * louder), context(), PLAIN)
    models = [rung.name for rung in PLAIN]
    kept, again = (one.expectations.filter(pl.col("model").is_in(models)) for one in (found, other))
    assert again.equals(kept)


def test_rows_in_another_order_give_the_same_tables(trade: pl.DataFrame, found: Expected) -> None:
    again = expect(trade.sample(fraction=1.0, shuffle=True, seed=3), context(), (*PLAIN, Absent()))
    assert again.scores.equals(found.scores)
    assert again.expectations.equals(found.expectations)


def test_a_trade_too_small_keeps_to_the_first_rung() -> None:
    small = expect(flows(*(baci("XAA", "XBB", year, 10.0, 1.0) for year in range(2000, 2010))), context(), PLAIN)
    rows = small.scores
    assert set(rows["missing"]) == {TOO_LITTLE}
    assert rows.filter("is_used")["model"].unique().to_list() == ["persistence"]
    assert rows["cells"].unique().to_list() == [0]


def test_with_nothing_below_a_rung_that_learns_from_it_is_not_even_asked() -> None:
    mute = Mute()
    small = flows(*(baci("XAA", "XBB", year, 10.0, 1.0) for year in range(2000, 2010)))
    assert expect(small, context(), (*PLAIN, mute)).scores.filter(model="gnn")["missing"].unique().to_list() == [
        TOO_LITTLE
    ]
    assert mute.below is None


def test_no_flows_give_empty_tables() -> None:
    nothing = expect(flows(), context(), PLAIN)
    assert nothing.expectations.height == nothing.scores.height == 0
    assert nothing.scores.columns == Ladder.column_names()
