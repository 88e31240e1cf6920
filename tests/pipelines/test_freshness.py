"""Late partitions are named one by one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.analysis import Analysis, ComtradeChoice
from pipelines.assets.comtrade import ANSWERS
from pipelines.freshness import (
    annual_tick,
    missing_days,
    monthly_tick,
    months_are_fresh,
    positions_are_fresh,
    trade_is_fresh,
)
from pipelines.home import Home
from pipelines.parquet import write_table
from pipelines.workspace import Workspace

NOW = datetime.now(UTC)


def written(home: Home, year: int, days_ago: float) -> None:
    """A year of answers, and the time at which it was written set back."""
    path = home.table_path("comtrade", str(year))
    write_table("comtrade", pl.DataFrame(schema=ANSWERS), path, schema=None, meta={})
    moment = (NOW - timedelta(days=days_ago)).isoformat(timespec="seconds")
    pl.DataFrame(schema=ANSWERS).write_parquet(path.path, metadata={"oretrace.written": moment})


def home_of(folder: Path, years: tuple[int, ...], frequency: str = "A") -> Home:
    home = Home.open(folder, create=True)
    home.save_analysis(Analysis(comtrade=ComtradeChoice(("2604",), years=years, frequency=frequency)))
    return home


def test_days_between_the_first_and_the_last_are_missing() -> None:
    days = [date(2024, 10, one) for one in (1, 2, 5)]
    assert missing_days(days, None) == [date(2024, 10, 3), date(2024, 10, 4)]
    assert missing_days([], date(2024, 10, 9)) == []
    assert missing_days(days[:1], None) == []


def test_a_watched_folder_is_held_to_the_present() -> None:
    days = [date(2024, 10, 1), date(2024, 10, 2)]
    assert missing_days(days, date(2024, 10, 4)) == []
    assert missing_days(days, date(2024, 10, 6)) == [date(2024, 10, 3), date(2024, 10, 4)]
    # An old day that is filled in turns nothing green.
    assert missing_days([date(2024, 9, 30), *days], date(2024, 10, 6)) == [date(2024, 10, 3), date(2024, 10, 4)]


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("now", "year", "month"),
    [
        (utc(2025, 3, 1, 5, 59), utc(2024, 3, 1, 6), utc(2025, 2, 5, 6)),
        (utc(2025, 3, 1, 6), utc(2025, 3, 1, 6), utc(2025, 2, 5, 6)),
        (utc(2025, 1, 4, 6), utc(2024, 3, 1, 6), utc(2024, 12, 5, 6)),
    ],
)
def test_the_last_times_at_which_sources_were_due(now: datetime, year: datetime, month: datetime) -> None:
    assert annual_tick(now) == year
    assert monthly_tick(now) == month


def test_each_year_is_judged_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "0123456789")
    due = annual_tick(NOW).year
    home = home_of(tmp_path, (due - 9, due - 2, due - 1))
    old = (NOW - annual_tick(NOW)).days + 2
    for year in (due - 9, due - 2):
        written(home, year, old)
    written(home, due - 1, 0)
    said = trade_is_fresh(Workspace(home))
    assert not said.passed
    assert said.description == f"not asked for since {annual_tick(NOW):%Y-%m-%d}: years {due - 2}"
    written(home, due - 2, 0)
    assert trade_is_fresh(Workspace(home)).passed
    assert months_are_fresh(Workspace(home)).passed


def test_months_are_due_on_the_fifth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "0123456789")
    due = monthly_tick(NOW)
    home = home_of(tmp_path, (due.year - 1, due.year), "M")
    written(home, due.year - 1, 0)
    said = months_are_fresh(Workspace(home))
    assert not said.passed
    assert str(due.year) in (said.description or "").rpartition("years ")[2]
    written(home, due.year, 0)
    assert months_are_fresh(Workspace(home)).passed


def test_nobody_is_late_with_what_was_never_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORETRACE_COMTRADE_KEY", raising=False)
    home = home_of(tmp_path, (annual_tick(NOW).year - 1,))
    for check in (trade_is_fresh, months_are_fresh, positions_are_fresh):
        assert check(Workspace(home)).passed
