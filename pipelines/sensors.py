"""Two sensors for ships: one takes new files of watched folders, the other makes what follows from them.

Neither keeps a memory of its own. What was taken says the archive, what is out of date say the tables, what was tried
say Dagster's runs: a sensor that was stopped, killed or started twice asks them again. A run whose process is gone is
closed first, since Dagster does not look; one whose process lives is left to it, however long it takes. What failed
three times is named and left alone until the file, or what the table is made from, changes. Both are off until somebody
switches them on.

New files are taken together in one run, the last attempt is made for each alone, so that none holds the others up.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipelines.home import PARTITIONED, Home
from pipelines.housekeeping import runs
from pipelines.memo import Memo
from pipelines.memo_ships import FOLDED, days, files
from pipelines.partitions import FILES
from pipelines.watching import Watch
from pipelines.workspace import Workspace

ATTEMPTS = 3
ASKED_TAG = "oretrace/asked"
"""Run tag of all runs that these sensors ask for."""
ORDER_TAG = "oretrace/ships"
"""Run tag under which runs wait for each other (dagster.yaml): a day begins where the day before it ended."""
START_TIME = timedelta(minutes=5)
"""A run that started no process for so long never will."""
EVERY_S = 30
MOST_REQUESTS, MOST_TOGETHER = 400, 50
UNFINISHED = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
WAITING = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)
READ, DAY = ("ais_read", "refused_ais"), ("vessel_positions", "ais_coverage", "vessel_state", *FOLDED)
BEFORE = ("network_nodes", "network_edges", "refused_network", "places", "refused_places", "legs", "refused_legs",
          "gfw_events", "refused_gfw")  # fmt: skip
WHOLE = ("vessels", "port_calls", "voyages", "vessel_events", "carrying_capacity")


def _job(name: str, tables: Iterable[str], description: str) -> Any:
    return dg.define_asset_job(name, dg.AssetSelection.assets(*tables).without_checks(), description=description)


take_job = _job("take_watched", ["watched"], "Take new files of watched folders.")
SHIP_JOBS = {
    READ: _job("read_positions", READ, "Read one file of ship positions."),
    BEFORE: _job("places_and_ways", BEFORE, "Read places, networks and published events."),
    DAY: _job("tell_day", DAY, "Put together one day of ships and tell it."),
    WHOLE: _job("tell_ships", WHOLE, "Put all days of ships together."),
}
SENSOR_JOBS = (take_job, *SHIP_JOBS.values())
Answer = dg.SensorResult | dg.SkipReason


@dataclass(frozen=True)
class Wanted:
    """Something to be made or taken."""

    key: str
    """Sixteen hexadecimal digits for this very version: earlier tries carry them in a tag."""
    shown: str
    request: Mapping[str, Any]
    """What the run is asked with; for a file that is taken, the key by which it is found."""

    @property
    def tag(self) -> str:
        """Run tag by which earlier tries are found."""
        return f"oretrace/{self.key}"


@dataclass
class Tried:
    """What runs there were for what is wanted."""

    open: list[tuple[Wanted, int]] = field(default_factory=list)
    """What may be tried, with how often it was."""
    at_work: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)


def sensors(
    status: dg.DefaultSensorStatus = dg.DefaultSensorStatus.STOPPED, every_s: int = EVERY_S
) -> tuple[dg.SensorDefinition, ...]:
    """Both sensors."""

    @dg.sensor(
        job=take_job,
        minimum_interval_seconds=every_s,
        default_status=status,
        description="Take every new file of the watched folders once.",
    )
    def watched_files(context: dg.SensorEvaluationContext, workspace: dg.ResourceParam[Workspace]) -> Answer:
        return take_new(context.instance, workspace.home)

    @dg.sensor(
        jobs=list(SHIP_JOBS.values()),
        minimum_interval_seconds=every_s,
        default_status=status,
        description="Read files of positions that were taken, tell their days in order, put all days together.",
    )
    def new_positions(context: dg.SensorEvaluationContext, workspace: dg.ResourceParam[Workspace]) -> Answer:
        return follow(context.instance, workspace.home, _codes(context))

    return watched_files, new_positions


def take_new(instance: dg.DagsterInstance, home: Home) -> Answer:
    """A run for the files that lie still and were not taken, and one for each that is tried for the last time."""
    watch = Watch(home)
    if not watch.folders:
        return dg.SkipReason("no folder is watched: name one with ORETRACE_WATCH or oretrace run --watch")
    # Attempts count from a file's latest record, so that a version that is put back is as good as a new one.
    wanted = [Wanted(_hash(one.key, one.after), str(one.path), {"key": one.key}) for one in watch.waiting()]
    bury(instance)
    tried = _tried(instance, wanted)
    alone = [one for one in tried.open if one[1] == ATTEMPTS - 1]
    rest = [one for one in tried.open if one[1] < ATTEMPTS - 1]
    groups = [*([one] for one in alone), *(rest[at : at + MOST_TOGETHER] for at in range(0, len(rest), MOST_TOGETHER))]
    requests = [
        dg.RunRequest(
            run_key=_hash(*(f"{one.key} {tries}" for one, tries in group)),
            run_config={"ops": {"watched": {"config": {"keys": [one.request["key"] for one, _ in group]}}}},
            tags={ASKED_TAG: "watched", **{one.tag: "wanted" for one, _ in group}},
        )
        for group in groups
    ]
    return _answer(requests, [tried], watch.shut.values())


def follow(instance: dg.DagsterInstance, home: Home, codes: Mapping[str, str]) -> Answer:
    """Runs for what is out of date, as `oretrace run` would find it; each step waits until the one before is done."""
    memo = Memo(home)  # anew, since other processes write
    bury(instance)
    seen, requests = list[Tried](), list[dg.RunRequest]()
    for wanted in _steps(memo, codes):
        seen.append(_tried(instance, wanted))
        requests = [
            dg.RunRequest(
                run_key=_hash(one.key, str(tries)),
                tags={ASKED_TAG: "ships", ORDER_TAG: "in order", one.tag: "wanted"},
                **one.request,
            )
            for one, tries in seen[-1].open[:MOST_REQUESTS]
        ]
        if requests or seen[-1].at_work:
            break
    known = set(instance.get_dynamic_partitions(FILES.name or ""))
    if new := [key for key in files(memo) if key not in known]:
        instance.add_dynamic_partitions(FILES.name or "", new)
    return _answer(requests, seen)


def _steps(memo: Memo, codes: Mapping[str, str]) -> Iterator[Iterator[Wanted]]:
    """What each step would make, in order."""
    if not files(memo):
        return
    yield _stale(memo, codes, READ, list(files(memo)))
    if not all(memo.home.has(one) for one in BEFORE):
        yield _stale(memo, codes, BEFORE, [None])
    yield _stale(memo, codes, DAY, days(memo))
    yield _stale(memo, codes, WHOLE, [None])


def _stale(
    memo: Memo, codes: Mapping[str, str], tables: tuple[str, ...], partitions: Iterable[str | None]
) -> Iterator[Wanted]:
    """Partitions of which a table is missing, or was made by other code or from other inputs."""
    for part in partitions:
        if not all(memo.is_fresh(one, part if one in PARTITIONED else None, codes[one]) for one in tables):
            version = [text for one in tables for text in (one, memo.inputs(one, part), codes[one])]
            shown = f"{tables[0]} {part or ''}".strip()
            yield Wanted(
                _hash(part or "", *version), shown, {"job_name": SHIP_JOBS[tables].name, "partition_key": part}
            )


def _tried(instance: dg.DagsterInstance, wanted: Iterable[Wanted]) -> Tried:
    found = Tried()
    for one in wanted:
        tries = instance.get_runs(dg.RunsFilter(tags={one.tag: "wanted"}))
        if any(run.status in (*UNFINISHED, *WAITING) for run in tries):
            found.at_work.append(one.shown)
        elif len(tries) >= ATTEMPTS:
            found.given_up.append(one.shown)
        else:
            found.open.append((one, len(tries)))
    return found


def _answer(requests: list[dg.RunRequest], tried: list[Tried], waits: Iterable[str] = ()) -> Answer:
    """The requests, or why there is none; `waits` says why some things cannot be tried now."""
    if requests:
        return dg.SensorResult(run_requests=requests)
    given_up = [shown for one in tried for shown in one.given_up]
    at_work = sum(len(one.at_work) for one in tried)
    named = f"could not be made in {ATTEMPTS} attempts: {', '.join(given_up)}" if given_up else ""
    told = filter(None, (named, f"{at_work:,} at work" if at_work else "", *waits))
    return dg.SkipReason("; ".join(told) or "there is nothing new")


def bury(instance: dg.DagsterInstance) -> list[str]:
    """Close runs of these sensors whose process is gone, and free what they held; their ids.

    Dagster's own launcher does not look after a process once it runs.
    """
    gone = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(UNFINISHED))):
        run = record.dagster_run
        if ASKED_TAG not in run.tags or _lives(_process(instance, run.run_id), record.update_timestamp):
            continue
        instance.report_run_failed(run, "The process that ran this ended before it did.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        gone.append(run.run_id)
    return gone


def _process(instance: dg.DagsterInstance, run_id: str) -> int | None:
    """Process that is at work; None before there is one.

    Dagster notes it in the log of every run before the first step begins, so that no table has to tell its own.
    """
    notes = [one.dagster_event for one in instance.all_logs(run_id, dg.DagsterEventType.ENGINE_EVENT)]
    told = [one.engine_event_data.metadata.get("pid") for one in notes if one is not None]
    pids = [int(str(one.value)) for one in told if one is not None]
    return pids[-1] if pids else None


def _lives(pid: int | None, since: datetime) -> bool:
    if pid is not None:
        return runs(pid)
    moment = since if since.tzinfo else since.replace(tzinfo=UTC)
    return datetime.now(UTC) - moment < START_TIME


def _codes(context: dg.SensorEvaluationContext) -> dict[str, str]:
    """Code version of each table, as the definitions say."""
    definitions = context.repository_def
    if definitions is None:
        raise dg.DagsterInvariantViolationError("the sensor stands in no definitions")
    graph = definitions.asset_graph
    return {key.to_user_string(): graph.get(key).code_version or "" for key in graph.get_all_asset_keys()}


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


SENSORS = sensors()
