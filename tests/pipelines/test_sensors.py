"""Two sensors without a memory of their own: archive, tables and runs say what there is to do."""

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._core.test_utils import create_run_for_test

from pipelines import sensors as module
from pipelines.analysis import Analysis
from pipelines.definitions import ASSETS, codes, resources_for
from pipelines.home import Home
from pipelines.run import QUIET
from pipelines.sensors import ASKED_TAG, ATTEMPTS, DAY, READ, WHOLE, Answer, bury, follow, take_new
from pipelines.watching import Watch
from pipelines.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.pipelines import small_ships

DEAD = 2**22 + 7
"""No process has such a number."""


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    small_ships.write(made, small_ships.lines(days=2))
    small_ships.write_places(made)
    age(made)
    return made


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Home:
    made = Home.open(tmp_path / "home", create=True)
    made.save_analysis(Analysis(only_data=True, watch=(str(folder),)))
    return made


def age(folder: Path) -> None:
    for file in folder.iterdir():
        os.utime(file, (time.time() - 60,) * 2)


def requests(answer: Answer) -> list[dg.RunRequest]:
    assert isinstance(answer, dg.SensorResult)
    return list(answer.run_requests or [])


def why_not(answer: Answer) -> str:
    assert isinstance(answer, dg.SkipReason)
    return answer.skip_message or ""


def started(
    instance: dg.DagsterInstance, tags: Mapping[str, str], status: dg.DagsterRunStatus, pid: int | None = None
) -> str:
    """A run as the daemon makes it of a request, with the note that its process makes when it begins."""
    run: dg.DagsterRun = create_run_for_test(instance, status=status, tags=dict(tags))
    if pid is not None:
        instance.report_engine_event("Started process for run.", run, EngineEventData.in_process(pid))
    return run.run_id


def launch(instance: dg.DagsterInstance, home: Home, request: dg.RunRequest, tables: tuple[str, ...]) -> None:
    """What the run of a request does."""
    done = dg.materialize(
        ASSETS, selection=list(tables), partition_key=request.partition_key, instance=instance,
        resources=resources_for(Workspace(home)), run_config={**QUIET, **request.run_config}, tags=dict(request.tags),
    )  # fmt: skip
    assert done.success


def test_new_files_are_asked_for_together_and_once(instance: dg.DagsterInstance, home: Home, folder: Path) -> None:
    (request,) = requests(take_new(instance, home))
    keys = request.run_config["ops"]["watched"]["config"]["keys"]
    assert keys == [one.key for one in Watch(home).waiting()]
    assert len(keys) == 3
    # The same tick again, before anything ran: the same key, which Dagster never launches twice.
    assert [one.run_key for one in requests(take_new(instance, home))] == [request.run_key]
    launch(instance, home, request, ("watched",))
    assert why_not(take_new(instance, home)) == "there is nothing new"
    (folder / "late.csv").write_text((folder / "AIS_2024_10_01.csv").read_text() + "\n")
    age(folder)
    assert len(requests(take_new(instance, home))) == 1


def test_a_run_at_work_is_left_to_it(instance: dg.DagsterInstance, home: Home) -> None:
    (request,) = requests(take_new(instance, home))
    started(instance, request.tags, dg.DagsterRunStatus.NOT_STARTED)
    assert why_not(take_new(instance, home)) == "3 at work"


def test_files_of_a_killed_run_are_tried_again_and_at_last_alone(instance: dg.DagsterInstance, home: Home) -> None:
    (request,) = requests(take_new(instance, home))
    killed = started(instance, request.tags, dg.DagsterRunStatus.STARTED, DEAD)
    (again,) = requests(take_new(instance, home))
    run = instance.get_run_by_id(killed)
    assert run is not None
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert again.run_config == request.run_config
    assert again.run_key != request.run_key
    started(instance, again.tags, dg.DagsterRunStatus.FAILURE)
    last = requests(take_new(instance, home))
    assert [len(one.run_config["ops"]["watched"]["config"]["keys"]) for one in last] == [1, 1, 1]


def test_a_living_process_is_not_closed(instance: dg.DagsterInstance, home: Home) -> None:
    (request,) = requests(take_new(instance, home))
    started(instance, request.tags, dg.DagsterRunStatus.STARTED, os.getpid())
    started(instance, request.tags, dg.DagsterRunStatus.STARTING)
    assert bury(instance) == []


@dg.asset
def slow(context: dg.AssetExecutionContext) -> list[str]:
    """Takes longer than a run may take to start, and says which runs a sensor would close meanwhile."""
    return bury(context.instance)


def test_a_run_that_takes_an_hour_is_left_to_its_process(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if its status had not changed for longer than that.
    monkeypatch.setattr(module, "START_TIME", timedelta(hours=-1))
    done = dg.materialize([slow], instance=instance, tags={ASKED_TAG: "ships"})
    assert done.success
    assert done.output_for_node("slow") == []


KILLED = """
import os
import signal
import sys

import dagster as dg

from pipelines.sensors import ASKED_TAG


@dg.asset
def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


with dg.DagsterInstance.local_temp(sys.argv[1]) as instance:
    dg.materialize([killed], instance=instance, tags={ASKED_TAG: "ships"})
"""


def test_a_run_whose_process_was_killed_is_closed_at_once(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=REPOSITORY, capture_output=True, check=False)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.STARTED
        assert bury(instance) == [run.run_id]
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.FAILURE


def test_a_run_that_never_started_a_process_is_closed_after_a_while(
    instance: dg.DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = requests(take_new(instance, home))
    name = started(instance, request.tags, dg.DagsterRunStatus.STARTING)
    monkeypatch.setattr(module, "START_TIME", timedelta(seconds=-1))
    assert bury(instance) == [name]


def test_runs_of_others_are_none_of_its_business(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_TIME", timedelta(seconds=-1))
    started(instance, {}, dg.DagsterRunStatus.STARTED, DEAD)
    assert bury(instance) == []
    started(instance, {ASKED_TAG: "ships"}, dg.DagsterRunStatus.STARTED, DEAD)
    assert len(bury(instance)) == 1


def test_what_failed_three_times_is_named_and_left_alone(
    instance: dg.DagsterInstance, home: Home, folder: Path
) -> None:
    for _ in range(ATTEMPTS):
        for request in requests(take_new(instance, home)):
            started(instance, request.tags, dg.DagsterRunStatus.FAILURE)
    said = why_not(take_new(instance, home))
    assert said.startswith("could not be made in 3 attempts: ")
    assert said.count(str(folder)) == 3
    (folder / "AIS_2024_10_01.csv").touch()
    age(folder)
    assert len(requests(take_new(instance, home))) == 1


def test_a_file_that_cannot_be_opened_is_named_and_costs_no_attempt(
    instance: dg.DagsterInstance, home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = requests(take_new(instance, home))
    launch(instance, home, request, ("watched",))
    late = folder / "late.csv"
    late.write_text((folder / "AIS_2024_10_01.csv").read_text() + "\n")
    age(folder)
    real = Path.open

    def shut(path: Path, *args: Any, **more: Any) -> Any:
        if path == late:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))
        return real(path, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", shut)
        for request in requests(take_new(instance, home)):
            launch(instance, home, request, ("watched",))
        for _ in range(ATTEMPTS + 1):
            assert f"{late} cannot be opened (Too many open files) and waits" in why_not(take_new(instance, home))
    (request,) = requests(take_new(instance, home))
    assert len(request.run_config["ops"]["watched"]["config"]["keys"]) == 1


def test_a_file_put_back_again_and_again_is_taken_each_time(
    instance: dg.DagsterInstance, home: Home, folder: Path
) -> None:
    file, other = folder / "AIS_2024_10_01.csv", folder.parent / "other.csv"
    age(folder)
    first = folder.parent / "first.csv"
    shutil.copy2(file, first)
    other.write_text(file.read_text() + "\n")
    os.utime(other, (time.time() - 90,) * 2)
    for turn in range(2 * ATTEMPTS + 2):
        shutil.copy2((first, other)[turn % 2], file)
        (request,) = requests(take_new(instance, home))
        launch(instance, home, request, ("watched",))
    assert why_not(take_new(instance, home)) == "there is nothing new"


def test_nothing_is_watched_unless_somebody_says_so(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    home = Home.open(tmp_path / "other", create=True)
    assert "ORETRACE_WATCH" in why_not(take_new(instance, home))


def test_what_follows_is_asked_for_step_by_step(instance: dg.DagsterInstance, home: Home) -> None:
    code = codes()
    assert why_not(follow(instance, home, code)) == "there is nothing new"
    (request,) = requests(take_new(instance, home))
    launch(instance, home, request, ("watched",))
    steps: list[tuple[str | None, tuple[str, ...]]] = []
    tables: dict[str, Any] = {job.name: group for group, job in module.SHIP_JOBS.items()}
    while isinstance(answer := follow(instance, home, code), dg.SensorResult):
        for request in requests(answer):
            group = tables[request.job_name or ""]
            steps.append((request.partition_key, group))
            launch(instance, home, request, group)
    assert [group for _, group in steps] == [READ, READ, module.BEFORE, DAY, DAY, WHOLE]
    assert [part for part, group in steps if group == DAY] == ["2024-10-01", "2024-10-02"]
    assert why_not(answer) == "there is nothing new"
    assert home.scan("vessels").collect().height == 5


def test_a_file_that_cannot_be_read_holds_nobody_up(instance: dg.DagsterInstance, home: Home, folder: Path) -> None:
    code = codes()
    (request,) = requests(take_new(instance, home))
    launch(instance, home, request, ("watched",))
    for _ in range(ATTEMPTS):
        for request in requests(follow(instance, home, code)):
            if request.partition_key == min(one.partition_key or "" for one in requests(follow(instance, home, code))):
                started(instance, request.tags, dg.DagsterRunStatus.FAILURE)
            else:
                launch(instance, home, request, READ)
    (request,) = requests(follow(instance, home, code))
    assert request.job_name == module.SHIP_JOBS[module.BEFORE].name
