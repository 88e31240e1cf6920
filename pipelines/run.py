"""From raw bytes to alerts: every table that is missing or out of date is made again, and no other.

Dagster makes the tables; this module only decides which. Its own selection cannot: in a one-off run it makes
everything. So the assets are walked in order, one partition at a time, and a partition is skipped where its file
says that the same code made it from the same inputs (see `pipelines.memo`). Each partition is one small Dagster
run in this process, so a killed run has lost nothing but the partition it was at.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import dagster as dg
import polars as pl
from dagster._core.errors import DagsterMaxRetriesExceededError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from graphs.errors import FetchError, InputError, OretraceError
from graphs.schema import EDGE_TABLES, NODES
from pipelines.analysis import Analysis
from pipelines.assets.ships import PATIENT
from pipelines.checks import CHECKS
from pipelines.definitions import ASSETS, codes, resources_for
from pipelines.home import PARTITIONED, Home
from pipelines.housekeeping import only_run, sweep
from pipelines.instance import open_instance
from pipelines.memo import Memo
from pipelines.memo_ships import days, file_keys, files
from pipelines.partitions import synchronise
from pipelines.settings import Settings, redact
from pipelines.sources import geopolrisk, land_network
from pipelines.watching import REFUSED, Watch
from pipelines.workspace import Workspace

Partitions = Callable[[Memo], Sequence[str | None]]
BEARABLE = (OretraceError, pl.exceptions.PolarsError, OSError, MemoryError)
"""Faults of one file or day that leave the others alone."""
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def _whole(_: Memo) -> Sequence[str | None]:
    return [None]


def _asked_years(memo: Memo) -> Sequence[str | None]:
    choice = memo.home.analysis.comtrade
    if choice.is_empty or not Settings.read().comtrade_keys:
        return []  # without a key the answers would be cut off; what is archived already is still read
    return [str(year) for year in sorted(choice.years)]


@dataclass(frozen=True)
class Stage:
    """Tables that are made one after the other, partition by partition."""

    title: str
    tables: tuple[tuple[str, ...], ...]
    """In order; tables that one function makes together stand together."""
    partitions: Partitions = _whole
    is_tolerant: bool = False
    """A partition that fails is named at the end, and the others are made all the same."""


STAGES = (
    Stage("Asking UN Comtrade", (("comtrade",),), _asked_years),
    Stage("Reading reconciled trade", (("baci", "refused_baci"),)),
    Stage("Reading mine output", (("production", "refused_production"),)),
    Stage("Reading governance", (("governance", "refused_governance"),)),
    Stage("Reading events", (("events", "refused_events"),)),
    Stage("Watched files", (("watched",),)),
    Stage("Reading networks", (("network_nodes", "network_edges", "refused_network"),)),
    Stage("Reading places", (("places", "refused_places"),)),
    Stage("Ways between places", (("legs", "refused_legs"),)),
    Stage("Reading positions", (("ais_read", "refused_ais"),), file_keys, is_tolerant=True),
    Stage(
        "Days of ships",
        (("vessel_positions", "ais_coverage"), ("vessel_state", "day_calls", "day_events", "day_vessels")),
        days,
        is_tolerant=True,
    ),
    Stage("Published events of ships", (("gfw_events", "refused_gfw"),)),
    Stage("Ships", (("vessels", "port_calls", "voyages", "vessel_events"), ("carrying_capacity",))),
    Stage("Bills of lading", (("manifests", "refused_manifests"), ("companies", "company_matches"))),
    Stage("Reading declarations", (("parsed", "refused_trade"), ("quarantine",))),
    Stage("Settling declarations", (("declarations",),), Memo.years),
    Stage("Who reported", (("reporting",), ("transport_modes",))),
    Stage("Pairing flows", (("flows",),), Memo.families),
    Stage("Judging flows", (("statistics",), ("expectations", "ladder")), Memo.families),
    Stage("Pooling the null", (("nulls",),)),
    Stage("Facing ordinary causes", (("scores",), ("causes",), ("ranked",)), Memo.families),
    Stage("Ordering alerts", (("alerts",),)),
    Stage("Drawing nodes", (("graph_nodes",),), lambda _: tuple(NODES)),
    Stage("Drawing edges", (("graph_edges",),), lambda _: tuple(EDGE_TABLES)),
    Stage("Measuring networks", (("measures",),), Memo.families),
    Stage("Writing pages", (("views",),)),
    # Last, since a server may not answer.
    Stage("Loading the graph", (("graph_store",),)),
)


@dataclass(frozen=True)
class CheckOutcome:
    """What a check said about a table."""

    table: str
    name: str
    passed: bool
    is_error: bool
    sentence: str


@dataclass(frozen=True)
class Failed:
    """A file or a day that could not be made; its last version stays, if it had one."""

    table: str
    name: str
    """The file as the user knows it, or the day."""
    sentence: str
    attempts: int


@dataclass
class RunReport:
    """What a run did."""

    made: list[tuple[str, str | None]] = field(default_factory=list)
    """Tables and partitions that were made, in order."""
    skipped: int = 0
    """Tables and partitions that were up to date."""
    failed: list[Failed] = field(default_factory=list)
    """Files and days that could not be made, in order; the others were."""
    checks: list[CheckOutcome] = field(default_factory=list)
    """Outcomes of the checks; empty where nothing was made."""
    notes: tuple[str, ...] = ()
    """Sentences for the user about the files that were read."""
    seconds: float = 0.0


def run(home: Home, analysis: Analysis | None = None, *, console: Console | None = None) -> RunReport:
    """Bring every table of a home up to date.

    `analysis` replaces what the home analyses; without it the last one stands. Progress goes to `console`, if
    any. Raises the errors of `graphs.errors`, each with one sentence; what was finished before stays.
    """
    began = perf_counter()
    with only_run(home), _quiet(), _progress(console) as progress:
        if analysis is not None:
            home.save_analysis(analysis)
        home.begin_run()
        sweep(home)
        workspace = Workspace(home)
        lacking = () if home.analysis.only_data else _fetch_defaults(workspace, progress)
        refused = _take_watched(home, progress)
        found = workspace.inventory
        if not (found.files or found.answers or _asked_years(workspace.memo)):
            raise InputError("there is nothing to analyse: name files with --data, or leave out --only-data")
        report = RunReport(notes=(*lacking, *refused, *found.notes))
        with open_instance(home.dagster_path) as instance:
            try:
                _Runner(workspace, instance, report, progress).run()
            except dg.DagsterExecutionInterruptedError:
                raise KeyboardInterrupt from None
        home.finish_run()
    report.seconds = perf_counter() - began
    return report


def _fetch_defaults(workspace: Workspace, progress: Progress) -> tuple[str, ...]:
    """Bring the default data into the archive; roads that cannot be had are told of and no obstacle."""
    geopolrisk.fetch(workspace.archive, progress)
    try:
        land_network.fetch(workspace.archive, progress)
    except FetchError as error:
        return (f"{error}; until then ways over land are straight lines, marked as estimated",)
    return ()


def _take_watched(home: Home, progress: Progress) -> list[str]:
    """Take the new files of watched folders into the archive; why some were refused, or wait on."""
    watch = Watch(home)
    waiting, refused = watch.waiting(), list[str]()
    task = progress.add_task("Taking watched files", total=len(waiting), visible=bool(waiting))
    for one in waiting:
        entry = watch.take(one)
        if entry is not None and entry.details["status"] == REFUSED:
            refused.append(str(entry.details["why"]))
        progress.advance(task)
    return [*refused, *watch.shut.values()]


class _Runner:
    """One pass over all stages."""

    def __init__(
        self, workspace: Workspace, instance: dg.DagsterInstance, report: RunReport, progress: Progress
    ) -> None:
        self.workspace = workspace
        self.memo = workspace.memo
        self.instance = instance
        self.report = report
        self.progress = progress
        self.codes = codes()
        self.jobs: dict[tuple[str, ...], dg.JobDefinition] = {}

    def run(self) -> None:
        for stage in STAGES:
            if stage.partitions is not _whole:
                synchronise(self.instance, self.memo)
            if stage.partitions is Memo.families and not (self.memo.families() or days(self.memo)):
                raise InputError(self._why_nothing())
            self._stage(stage)
        if self.report.made or self.report.failed:
            self._check()

    def _why_nothing(self) -> str:
        """One sentence for data of which no row can be used."""
        refused = self.workspace.home.scan("quarantine").select("file", "reason").collect()
        if refused.is_empty():
            return "the data hold no trade at all: name files with declarations or flows with --data"
        file, reason = refused.row(0)
        return f"none of the rows can be used; the first of {refused.height:,} reasons, in {file}: {reason}"

    def _stage(self, stage: Stage) -> None:
        partitions = stage.partitions(self.memo)
        self._keep_only(stage, partitions)
        task = self.progress.add_task(stage.title, total=len(partitions))
        for partition in partitions:
            self.progress.update(task, description=f"{stage.title} {partition or ''}".strip())
            stale = self._stale(stage, partition)
            if stale:
                self._make(stage, stale, partition)
            self.report.skipped += sum(map(len, stage.tables)) - len(stale)
            self.progress.advance(task)
        self.progress.update(task, description=stage.title)

    def _stale(self, stage: Stage, partition: str | None) -> list[str]:
        """Tables of the stage to be made: the first that is out of date, and all that follow from it."""
        stale: list[str] = []
        for together in stage.tables:
            if stale or not all(self.memo.is_fresh(one, partition, self.codes[one]) for one in together):
                stale += together
        return stale

    def _keep_only(self, stage: Stage, partitions: Sequence[str | None]) -> None:
        """Forget partitions that the data no longer hold."""
        for table in (one for together in stage.tables for one in together if one in PARTITIONED - {"comtrade"}):
            for gone in set(self.workspace.home.partitions(table)) - set(partitions):
                self.workspace.home.table_path(table, gone).unlink()
                self.memo.wrote(table, gone, {})

    def _make(self, stage: Stage, stale: list[str], partition: str | None) -> None:
        """Make tables of one partition; what a tolerant stage cannot make is remembered."""
        if not stage.is_tolerant or partition is None:
            self._materialize(stale, partition)
            return
        try:
            self._materialize(stale, partition)
        except DagsterMaxRetriesExceededError as error:
            sentence = bearable(error)
            if sentence is None:
                raise
            known = files(self.memo)
            name = known[partition].name if partition in known else partition
            self.report.failed.append(Failed(stale[0], name, sentence, 1 + PATIENT.max_retries))

    def _materialize(self, tables: list[str], partition: str | None) -> None:
        self._job(tuple(tables)).execute_in_process(QUIET, self.instance, partition)
        self.report.made += [(table, partition) for table in tables]

    def _job(self, tables: tuple[str, ...]) -> dg.JobDefinition:
        """The job that makes some tables, resolved once for all their partitions."""
        if tables not in self.jobs:
            job = dg.define_asset_job("oretrace_run", selection=dg.AssetSelection.assets(*tables))
            defs = dg.Definitions(ASSETS, jobs=[job], resources=resources_for(self.workspace))
            self.jobs[tables] = defs.resolve_job_def(job.name)
        return self.jobs[tables]

    def _check(self) -> None:
        """Run every check once, over all that is there."""
        task = self.progress.add_task("Checking", total=1)
        result = dg.materialize(
            [*ASSETS, *CHECKS],
            selection=dg.AssetSelection.all_asset_checks(),
            instance=self.instance,
            resources=resources_for(self.workspace),
            run_config=QUIET,
        )
        for one in result.get_asset_check_evaluations():
            severe = one.severity == dg.AssetCheckSeverity.ERROR
            table = one.asset_key.to_user_string()
            self.report.checks.append(CheckOutcome(table, one.check_name, one.passed, severe, one.description or ""))
        self.progress.advance(task)


def bearable(error: DagsterMaxRetriesExceededError) -> str | None:
    """One sentence for a fault of a file or a day; None for one of the code, which must be seen.

    Dagster keeps of the last attempt only the name of its error and what it said.
    """
    info = error.user_code_process_error_infos[0].cause
    while info is not None and info.cls_name not in _names(*BEARABLE):
        info = info.cause
    if info is None:
        return None
    return redact(info.message.strip().partition("\n")[0].removeprefix(f"{info.cls_name}: "))


def _names(*kinds: type[BaseException]) -> set[str]:
    """Names of errors and of all that are derived from them."""
    return {one.__name__ for one in kinds}.union(*(_names(*one.__subclasses__()) for one in kinds))


@contextmanager
def _progress(console: Console | None) -> Iterator[Progress]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=console is None) as progress:
        yield progress


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dagster's own messages from the user's terminal."""
    logger = logging.getLogger("dagster")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="dagster")
            yield
    finally:
        logger.setLevel(before)
