"""Once a year the sources publish anew: ask them again, and let everything that depends on them follow.

The schedule refreshes the sources. What follows from them follows by itself where the automation sensor of
Dagster is switched on: each asset is made again once its inputs were. Both are off until somebody switches them
on, since `oretrace run` does the same from a shell.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.comtrade import this_year
from pipelines.settings import Settings
from pipelines.workspace import Workspace

CRON = "0 6 1 3 *"
"""First of March, six in the morning UTC: BACI appears in January, World Mining Data by the end of February."""
REVISED_YEARS = 3
"""Years back for which UN Comtrade still receives much."""

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


SCHEDULES = (annual_sources, annual_comtrade)
JOBS = (sources_job, comtrade_job)
