"""Each check passes on what a run leaves and speaks up when its invariant is broken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from graphs.flags import Flag
from graphs.tables import CHANNELS, LISTS
from pipelines import checks
from pipelines.analysis import Analysis
from pipelines.home import Home
from pipelines.parquet import write_table
from pipelines.run import run
from pipelines.workspace import Workspace
from tests.pipelines import small_trade


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    table = [*small_trade.rows(codes=("260900",)), (2015, "XAA", "W00", "X", "260900", 1.0, 1.0)]
    exports = [row for row in table if row[0] == 2016 and row[1] == "XAB" and row[3] == "X"]
    table.append((2016, "XAB", "W00", "X", "260900", sum(float(str(row[5])) for row in exports), 1.0))
    data = small_trade.write(folder / "trade.csv", table)
    run(Home.open(folder / "home", create=True), Analysis(data=(str(data),), only_data=True))
    return folder / "home"


@pytest.fixture
def home(finished: Path, tmp_path: Path) -> Home:
    shutil.copytree(finished, tmp_path / "home")
    return Home.open(tmp_path / "home")


def rewrite(home: Home, table: str, part: str | None, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    before = home.scan(table, [part] if part else None).collect()
    write_table(table, change(before), home.table_path(table, part), schema=None, meta=dict(home.meta(table, part)))


def ask(check: dg.AssetChecksDefinition, home: Home) -> dg.AssetCheckResult:
    found = check(workspace=Workspace(home))
    assert isinstance(found, dg.AssetCheckResult)
    assert found.description
    assert "\n" not in found.description
    return found


def named(name: str) -> dg.AssetChecksDefinition:
    (found,) = [one for one in checks.CHECKS if name in {spec.name for spec in one.check_specs}]
    return found


def test_one_world_total_of_two_is_not_the_sum_of_its_partners(home: Home) -> None:
    found = ask(checks.world_is_sum_of_partners, home)
    assert not found.passed
    assert found.description == "1 of 2 world totals differ from the sum of their partners by more than 1 %"
    world = (pl.col("flags") & int(Flag.WORLD)) != 0
    rewrite(home, "declarations", "2015", lambda rows: rows.filter(~world))
    assert ask(checks.world_is_sum_of_partners, home).passed


def test_a_row_lost_while_reading_or_settling_is_an_error(home: Home) -> None:
    assert ask(checks.rows_in_are_rows_out, home).passed
    assert ask(checks.years_hold_all_rows, home).passed
    rewrite(home, "declarations", "2012", lambda rows: rows.tail(-1))
    settled = ask(checks.years_hold_all_rows, home)
    assert (settled.passed, settled.severity) == (False, dg.AssetCheckSeverity.ERROR)
    rewrite(home, "parsed", None, lambda rows: rows.tail(-1))
    read = ask(checks.rows_in_are_rows_out, home)
    assert (read.passed, read.severity) == (False, dg.AssetCheckSeverity.ERROR)


def test_many_refused_rows_are_noticed(home: Home) -> None:
    assert ask(checks.few_rows_refused, home).passed
    kept = int(home.meta("parsed")["rows"])
    refused = pl.DataFrame({"reason": ["row 1: a reason"] * (kept // 15)})
    rewrite(home, "refused_trade", None, lambda _: refused)
    assert not ask(checks.few_rows_refused, home).passed


@pytest.mark.parametrize("ranks", [[1, 1], [1, 3], [2, 3], [0, 1]])
def test_ties_and_gaps_in_ranks_are_errors(home: Home, ranks: list[int]) -> None:
    assert ask(checks.ranks_have_no_ties, home).passed
    rewrite(home, "alerts", None, lambda rows: rows.head(2).with_columns(rank=pl.Series(ranks, dtype=pl.UInt32)))
    found = ask(checks.ranks_have_no_ties, home)
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)


def test_a_cause_that_was_not_faced_is_an_error(home: Home) -> None:
    assert ask(checks.every_cause_was_faced, home).passed
    rewrite(home, "causes", "tin", lambda rows: rows.tail(-1))
    assert not ask(checks.every_cause_was_faced, home).passed
    # A flow that faced nothing at all is missed as well.
    first = home.scan("causes").select("flow_id").first().collect().item()
    rewrite(home, "causes", "tin", lambda rows: rows.filter(pl.col("flow_id") != first))
    found = ask(checks.every_cause_was_faced, home)
    assert found.description is not None
    assert found.description.startswith("1 of ")


def test_a_table_that_lost_a_fifth_of_its_rows_is_noticed(home: Home) -> None:
    check = named("declarations_kept_its_rows")
    assert ask(check, home).passed
    rows = int(home.meta("declarations", "2013")["rows"])
    rewrite(home, "declarations", "2013", lambda table: table.head(rows - 1))
    assert ask(check, home).passed
    rewrite(home, "declarations", "2013", lambda table: table.head(rows // 2))
    found = ask(check, home)
    assert not found.passed
    assert found.description == f"declarations 2013 has {rows // 2} rows, {rows - 1} before"


def test_a_list_that_lacks_flows_is_noticed(home: Home) -> None:
    assert ask(checks.both_lists_are_there, home).passed
    learned = pl.lit("learned").cast(pl.Enum(CHANNELS)).alias("channel")
    rewrite(home, "scores", "tin", lambda rows: pl.concat([rows, rows.head(1).with_columns(learned)]))
    found = ask(checks.both_lists_are_there, home)
    assert not found.passed
    assert "1 of them have a learned score, and the learned list holds 0" in str(found.description)


def test_trees_that_nobody_measured_are_noticed_and_are_no_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.results, "shipped", lambda: None)
    claims_none = ask(checks.learned_model_was_measured, home)
    assert claims_none.passed
    assert str(claims_none.description).startswith("0 flows of this learned list have a declared rate")
    rated = pl.lit("learned").cast(pl.Enum(LISTS)).alias("list")
    rewrite(home, "alerts", None, lambda rows: rows.with_columns(rated, q_value=pl.lit(0.05)))
    found = ask(checks.learned_model_was_measured, home)
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
