"""Which days, months and years are missing or late: checks over all partitions, which name the late ones.

A partition is judged by itself: what was filled in for an old year or day cannot make a late one look fresh.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from pipelines.checking import outcome
from pipelines.memo import Memo
from pipelines.schedules import REVISED_YEARS
from pipelines.settings import Settings
from pipelines.watching import Watch
from pipelines.workspace import Workspace

LATE_DAYS = 2
"""Positions of a day come on the next one; a day more is not yet late."""
NAMED = 5
"""Late partitions that a sentence names; the others are counted."""


@dg.asset_check(asset="vessel_positions", description="Whether every day of ships is there, up to the last ones.")
def positions_are_fresh(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Days missing between the first and the last one; where a folder is watched, also those up to now."""
    there = [date.fromisoformat(one) for one in workspace.home.partitions("vessel_positions")]
    today = datetime.now(UTC).date() if Watch(workspace.home).folders else None
    late = missing_days(there, today)
    good = f"{len(there):,} days of ships are there, none is missing" if there else "there are no positions of ships"
    sentence = f"days of ships are missing: {_named([one.isoformat() for one in late])}" if late else good
    return outcome(not late, sentence, days=len(there), days_late=len(late))


@dg.asset_check(asset="declarations", description="Whether every year that may have been revised was asked for again.")
def trade_is_fresh(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Each of the last years against the first of March on which it was due."""
    choice, now = workspace.home.analysis.comtrade, datetime.now(UTC)
    due = annual_tick(now)
    years = {year for year in choice.years if due.year - REVISED_YEARS <= year < due.year}
    return _asked(workspace.memo, years if choice.frequency != "M" else set(), due, "years")


@dg.asset_check(asset="declarations", description="Whether new months were asked for since they were due.")
def months_are_fresh(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """This year and the last one against the fifth of the month."""
    choice, now = workspace.home.analysis.comtrade, datetime.now(UTC)
    due = monthly_tick(now)
    years = {year for year in choice.years if due.year - 1 <= year <= due.year}
    return _asked(workspace.memo, years if choice.frequency == "M" else set(), due, "months of the years")


def missing_days(there: Sequence[date], today: date | None) -> list[date]:
    """Days without positions between the first and the last, or up to LATE_DAYS before `today` where it is given."""
    if not there:
        return []
    last = max(*there, *([today - timedelta(days=LATE_DAYS)] if today else []), min(there))
    span = (last - min(there)).days + 1
    known = set(there)
    return [day for one in range(span) if (day := min(there) + timedelta(days=one)) not in known]


def annual_tick(now: datetime) -> datetime:
    """The last first of March, six in the morning."""
    tick = datetime(now.year, 3, 1, 6, tzinfo=UTC)
    return tick if tick <= now else tick.replace(year=now.year - 1)


def monthly_tick(now: datetime) -> datetime:
    """The last fifth of a month, six in the morning."""
    tick = datetime(now.year, now.month, 5, 6, tzinfo=UTC)
    before = (tick.replace(day=1) - timedelta(days=1)).replace(day=5)
    return tick if tick <= now else before


def _asked(memo: Memo, years: set[int], due: datetime, what: str) -> dg.AssetCheckResult:
    """Years of UN Comtrade that were due and not asked for since."""
    if not (years and Settings.read().comtrade_keys):
        return outcome(True, f"no {what} are asked of UN Comtrade")
    late = [str(year) for year in sorted(years) if not _since(memo.meta("comtrade", str(year)).get("written"), due)]
    good = f"all {len(years):,} {what} were asked for since {due:%Y-%m-%d}"
    sentence = f"not asked for since {due:%Y-%m-%d}: {what} {_named(late)}" if late else good
    return outcome(not late, sentence, asked=len(years), late=len(late))


def _since(written: str | None, due: datetime) -> bool:
    return written is not None and datetime.fromisoformat(written) >= due


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


FRESHNESS_CHECKS: Sequence[dg.AssetChecksDefinition] = (positions_are_fresh, trade_is_fresh, months_are_fresh)
