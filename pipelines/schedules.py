"""Sources publish anew, yearly, monthly or daily: ask them again, and let everything that depends on them follow.

A schedule refreshes sources. What follows from them follows by itself where the automation sensor of Dagster is
switched on: each asset is made again once its inputs were. All are off until somebody switches them on, since
`oretrace run` does the same from a shell.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from pipelines.assets.comtrade import this_year
from pipelines.settings import Settings
from pipelines.workspace import Workspace

CRON = "0 6 1 3 *"
"""First of March, six in the morning UTC: BACI appears in January, World Mining Data by the end of February."""
REVISED_YEARS = 3
"""Years back for which UN Comtrade still receives much."""
MONTHLY_CRON, DAILY_CRON = "0 6 5 * *", "0 5 * * *"
REVISED_DAYS = 7
"""Days back for which Global Fishing Watch still adds events: they appear about four days late."""

SOURCES = ("baci", "production", "governance", "events")

sources_job = dg.define_asset_job(
    "refresh_sources",
    selection=dg.AssetSelection.assets(*(f"{kind}{name}" for kind in ("", "refused_") for name in SOURCES)),
    description="Read the default data and the user's files again.",
)
comtrade_job = dg.define_asset_job(
    "refresh_comtrade",
    selection=dg.AssetSelection.assets("comtrade"),
    description="Ask UN Comtrade for one year.",
)

ships_job = dg.define_asset_job(
    "refresh_ships",
    selection=dg.AssetSelection.assets("gfw_events", "refused_gfw"),
    description="Ask Global Fishing Watch for events of ships.",
)


@dg.schedule(
    cron_schedule=CRON,
    execution_timezone="UTC",
    target=sources_job,
    name="annual_sources",
    description="Read the default data again every year.",
)
def annual_sources(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run over the unpartitioned sources."""
    return dg.RunRequest(run_key=None)


@dg.schedule(
    cron_schedule=CRON,
    execution_timezone="UTC",
    target=comtrade_job,
    name="annual_comtrade",
    description="Ask UN Comtrade again for the last years, where a key and commodities are set.",
)
def annual_comtrade(
    context: dg.ScheduleEvaluationContext, workspace: dg.ResourceParam[Workspace]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run per year that may have been revised."""
    if workspace.home.analysis.comtrade.is_empty or not Settings.read().comtrade_keys:
        yield dg.SkipReason("no UN Comtrade commodities were chosen, or ORETRACE_COMTRADE_KEY is not set")
        return
    last, tick = this_year() - 1, context.scheduled_execution_time.date()
    for year in range(last - REVISED_YEARS + 1, last + 1):
        yield dg.RunRequest(run_key=f"{tick} {year}", partition_key=str(year))


@dg.schedule(
    cron_schedule=MONTHLY_CRON,
    execution_timezone="UTC",
    target=comtrade_job,
    name="monthly_comtrade",
    description="Ask UN Comtrade for new months, where months were chosen and a key is set.",
)
def monthly_comtrade(
    context: dg.ScheduleEvaluationContext, workspace: dg.ResourceParam[Workspace]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """This year and the last one."""
    choice = workspace.home.analysis.comtrade
    if choice.is_empty or choice.frequency != "M" or not Settings.read().comtrade_keys:
        yield dg.SkipReason("no months of UN Comtrade were chosen, or ORETRACE_COMTRADE_KEY is not set")
        return
    tick = context.scheduled_execution_time.date()
    for year in (tick.year - 1, tick.year):
        yield dg.RunRequest(run_key=f"{tick} {year}", partition_key=str(year))


def daily(
    cron: str = DAILY_CRON, status: dg.DefaultScheduleStatus = dg.DefaultScheduleStatus.STOPPED
) -> dg.ScheduleDefinition:
    """The schedule that asks for events of ships."""

    @dg.schedule(
        cron_schedule=cron,
        execution_timezone="UTC",
        target=ships_job,
        name="daily_ships",
        default_status=status,
        description="Ask Global Fishing Watch for events of the last days, where a token is set.",
    )
    def daily_ships(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not Settings.read().has_gfw_token:
            return dg.SkipReason("ORETRACE_GFW_TOKEN is not set")
        last = context.scheduled_execution_time.date() - timedelta(days=1)
        first: date = last - timedelta(days=REVISED_DAYS - 1)
        asking = {"config": {"since": first.isoformat(), "until": last.isoformat()}}
        return dg.RunRequest(run_key=None, run_config={"ops": {"gfw": asking}})

    return daily_ships


SCHEDULES = (annual_sources, annual_comtrade, monthly_comtrade, daily())
JOBS = (sources_job, comtrade_job, ships_job)
