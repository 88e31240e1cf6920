"""Two sensors for ships: one takes new files of watched folders, the other makes what follows from them.

Neither keeps a memory of its own. What was taken says the archive, what is out of date say the tables, what was tried
say Dagster's runs: a sensor that was stopped, killed or started twice asks them again. A run whose process is gone is
closed first, since Dagster does not look. What failed three times is named and left alone until the file, or what the
table is made from, changes. Both are off until somebody switches them on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipelines.assets.watched import PID_TAG
from pipelines.home import PARTITIONED
from pipelines.housekeeping import runs
from pipelines.memo import Memo
from pipelines.memo_ships import FOLDED, days, files
from pipelines.watching import Watch
from pipelines.workspace import Workspace

ATTEMPTS = 3
WANTED_TAG = "oretrace/wanted"
"""Run tag: which file, or which version of which table, a run was asked for."""
ORDER_TAG = "oretrace/ships"
"""Run tag under which runs wait for each other (dagster.yaml): a day begins where the day before it ended."""
START_TIME = timedelta(minutes=5)
"""A run that started no process for so long never will."""
EVERY_S = 30
MOST_REQUESTS = 400
UNFINISHED = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
WAITING = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)
READ, DAY = ("ais_read", "refused_ais"), ("vessel_positions", "ais_coverage", "vessel_state", *FOLDED)
BEFORE = ("network_nodes", "network_edges", "refused_network", "places", "refused_places", "legs", "refused_legs",
          "gfw_events", "refused_gfw")  # fmt: skip
WHOLE = ("vessels", "port_calls", "voyages", "vessel_events", "carrying_capacity")


def _job(name: str, tables: Iterable[str], description: str) -> Any:
    return dg.define_asset_job(name, dg.AssetSelection.assets(*tables), description=description)


take_job = _job("take_watched", ["watched"], "Take new files of watched folders.")
SHIP_JOBS = {
    READ: _job("read_positions", READ, "Read one file of ship positions."),
    DAY: _job("tell_day", DAY, "Put together one day of ships and tell it."),
    BEFORE: _job("places_and_ways", BEFORE, "Read places, networks and published events."),
    WHOLE: _job("tell_ships", WHOLE, "Put all days of ships together."),
}
SENSOR_JOBS = (take_job, *SHIP_JOBS.values())


@dataclass(frozen=True)
class Wanted:
    """Something to be made, and the name by which earlier tries of the very same are found."""

    name: str
    shown: str
    request: dict[str, Any]


@dg.sensor(
    job=take_job,
    minimum_interval_seconds=EVERY_S,
    description="Take every new file of the watched folders once.",
)
def watched_files(
    context: dg.SensorEvaluationContext, workspace: dg.ResourceParam[Workspace]
) -> dg.SensorResult | dg.SkipReason:
    """A run for each file that lies still and was not taken."""
    watch = Watch(workspace.home)
    if not watch.folders:
        return dg.SkipReason("no folder is watched: name one with ORETRACE_WATCH or oretrace run --watch")
    wanted = (
        Wanted(one.key, str(one.path), {"run_config": {"ops": {"watched": {"config": {"keys": [one.key]}}}}})
        for one in watch.waiting()
    )
    return _asked(context, wanted)


@dg.sensor(
    jobs=list(SHIP_JOBS.values()),
    minimum_interval_seconds=EVERY_S,
    description="Read files of positions that were taken, tell their days in order, then put all days together.",
)
def new_positions(
    context: dg.SensorEvaluationContext, workspace: dg.ResourceParam[Workspace]
) -> dg.SensorResult | dg.SkipReason:
    """Runs for what is out of date, as `oretrace run` would find it; each step waits until the one before is done."""
    definitions = context.repository_def
    if definitions is None:
        return dg.SkipReason("the definitions are not loaded")
    memo = Memo(workspace.home)  # what other processes wrote since the last look counts
    found = {
        key.to_user_string(): definitions.asset_graph.get(key).code_version or ""
        for key in definitions.asset_graph.get_all_asset_keys()
    }
    result = _asked(context, next(iter(filter(None, map(list, _steps(memo, found)))), []))
    if isinstance(result, dg.SensorResult):
        new = [key for key in files(memo) if key not in context.instance.get_dynamic_partitions("ais_files")]
        if new:
            context.instance.add_dynamic_partitions("ais_files", new)
    return result


def _steps(memo: Memo, codes: dict[str, str]) -> Iterator[Iterator[Wanted]]:
    """What each step would make, in order."""
    if not files(memo):
        return
    yield _stale(memo, codes, READ, list(files(memo)))
    absent = [one for one in BEFORE if not memo.home.has(one)]
    yield _stale(memo, codes, BEFORE, [None]) if absent else iter(())
    yield _stale(memo, codes, DAY, days(memo))
    yield _stale(memo, codes, WHOLE, [None])


def _stale(
    memo: Memo, codes: dict[str, str], tables: tuple[str, ...], partitions: Iterable[str | None]
) -> Iterator[Wanted]:
    """Partitions of which a table is missing, or was made by other code or from other inputs."""
    for part in partitions:
        if all(memo.is_fresh(one, part if one in PARTITIONED else None, codes[one]) for one in tables):
            continue
        version = memo.inputs(tables[0], part)[:16]
        name = f"{tables[0]}:{part or ''}:{version}:{codes[tables[0]]}"
        shown = f"{tables[0]} {part or ''}".strip()
        yield Wanted(name, shown, {"job_name": SHIP_JOBS[tables].name, "partition_key": part})


def _asked(context: dg.SensorEvaluationContext, wanted: Iterable[Wanted]) -> dg.SensorResult | dg.SkipReason:
    """A request for each that no run is at work on, unless three failed; those are named."""
    bury(context.instance)
    requests, given_up, at_work = list[dg.RunRequest](), list[str](), 0
    for one in wanted:
        if len(requests) >= MOST_REQUESTS:
            break
        tries = context.instance.get_runs(dg.RunsFilter(tags={WANTED_TAG: one.name}))
        if any(run.status in (*UNFINISHED, *WAITING) for run in tries):
            at_work += 1
        elif len(tries) >= ATTEMPTS:
            given_up.append(one.shown)
        else:
            tags = {WANTED_TAG: one.name, ORDER_TAG: "in order"}
            requests.append(dg.RunRequest(run_key=f"{one.name}#{len(tries) + 1}", tags=tags, **one.request))
    if requests:
        return dg.SensorResult(run_requests=requests)
    named = f"could not be made in {ATTEMPTS} attempts: {', '.join(given_up)}" if given_up else ""
    working = f"{at_work:,} runs are at work" if at_work else ""
    return dg.SkipReason("; ".join(filter(None, (named, working))) or "there is nothing new")


def bury(instance: dg.DagsterInstance) -> list[str]:
    """Close runs of these sensors whose process is gone, and free what they held; their ids.

    Dagster's own launcher does not look after a process once it runs.
    """
    gone = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(UNFINISHED))):
        run = record.dagster_run
        if WANTED_TAG not in run.tags or _lives(run.tags.get(PID_TAG), record.update_timestamp):
            continue
        instance.report_run_failed(run, "The process that ran this ended before it did.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        gone.append(run.run_id)
    return gone


def _lives(pid: str | None, since: datetime) -> bool:
    if pid is not None:
        return runs(int(pid))
    moment = since if since.tzinfo else since.replace(tzinfo=UTC)
    return datetime.now(UTC) - moment < START_TIME


SENSORS = (watched_files, new_positions)
