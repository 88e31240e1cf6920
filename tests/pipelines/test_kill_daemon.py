"""A Dagster daemon with sensors and a schedule switched on, killed in the middle of taking files, loses nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.analysis import Analysis
from pipelines.archive import Archive
from pipelines.home import PARTITIONED, Home
from pipelines.inventory import WATCHED
from pipelines.run import run
from pipelines.sources.gfw_api import DATASETS, SOURCE
from pipelines.watching import TAKEN
from tests.pipelines import gfw_server, small_ships

ROOT = Path(__file__).parents[2]
DEFINITIONS = """
import time

import dagster as dg

from pipelines import watching
from pipelines.definitions import build_defs
from pipelines.schedules import daily
from pipelines.sensors import sensors

real = watching.Watch.take


def slowly(self, file):
    # So that there is a middle in which to be killed.
    time.sleep(1.0)
    return real(self, file)


watching.Watch.take = slowly
defs = build_defs(
    sensors=sensors(dg.DefaultSensorStatus.RUNNING, every_s=3),
    schedules=[daily("* * * * *", dg.DefaultScheduleStatus.RUNNING)],
)
"""
DAYS = 2
TABLES = ("vessel_positions", "ais_coverage", "vessel_state", "vessels", "port_calls", "voyages", "places")
READ = ("ais_read", "refused_ais")
LONGEST_S = 300.0


class Started(NamedTuple):
    """A daemon at work, and where it says what it does."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """SIGKILL for the daemon, its code server and the runs that they started; nothing is said before."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(folder: Path, environment: dict[str, str]) -> Started:
    log = folder / f"daemon-{time.monotonic_ns()}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster._daemon", "run", "-f", str(folder / "definitions.py"), "-d", str(ROOT)],
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )
    return Started(process, log)


def until(what: str, daemon: Started, check: Callable[[], object]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + LONGEST_S
    while not check():
        assert daemon.process.poll() is None, daemon.log.read_text()[-3000:]
        assert time.monotonic() < deadline, f"{what}: {daemon.log.read_text()[-3000:]}"
        time.sleep(0.05)


def taken(home: Home) -> list[str]:
    entries = Archive(home.archive_path).entries(WATCHED)
    return [one.sha256 for one in entries if one.details["status"] == TAKEN]


def contents(home: Home, *tables: str) -> dict[tuple[str, str], str]:
    """What the tables say, wherever and whenever they were made."""
    parts = {table: home.partitions(table) if table in PARTITIONED else [""] for table in tables}
    return {(table, part): home.meta(table, part or None)["content"] for table in tables for part in parts[table]}


@pytest.fixture
def server() -> Iterator[gfw_server.Server]:
    with gfw_server.running(gfw_server.Server({DATASETS["gap"]: [gfw_server.gap()]})) as one:
        yield one


@pytest.mark.slow
def test_a_killed_daemon_loses_no_file_and_repeats_none(tmp_path: Path, server: gfw_server.Server) -> None:
    incoming = tmp_path / "incoming"
    small_ships.write(incoming, small_ships.lines(days=DAYS))
    small_ships.write_places(incoming)
    files = sorted(incoming.iterdir())
    for file in files:
        os.utime(file, (time.time() - 60,) * 2)
    home = Home.open(tmp_path / "home", create=True)
    home.save_analysis(Analysis(only_data=True, watch=(str(incoming),)))
    (tmp_path / "definitions.py").write_text(DEFINITIONS)
    dagster = tmp_path / "dagster"
    dagster.mkdir()
    shutil.copy(ROOT / "dagster_home" / "dagster.yaml", dagster)
    environment = {
        "DAGSTER_HOME": str(dagster),
        "ORETRACE_HOME": str(home.path),
        "ORETRACE_GFW_TOKEN": gfw_server.TOKEN,
        "ORETRACE_GFW_URL": server.url,
        "POLARS_MAX_THREADS": "1",
    }
    daemon = start(tmp_path, environment)
    try:
        until("a first file is taken", daemon, lambda: taken(home))
        daemon.kill()
        between = taken(home)
        assert 0 < len(between) < len(files)
        daemon = start(tmp_path, environment)
        until("all files are taken", daemon, lambda: len(taken(home)) == len(files))
        until("all positions are read", daemon, lambda: len(home.partitions("refused_ais")) == DAYS)
        until("events were asked for", daemon, lambda: len(Archive(home.archive_path).entries(SOURCE)) == len(DATASETS))
    finally:
        daemon.kill()
    assert set(between) < set(taken(home))
    assert len(taken(home)) == len(set(taken(home))) == len(files)
    calm = Home.open(tmp_path / "calm", create=True)
    assert run(calm, Analysis(only_data=True, data=tuple(map(str, files)))).failed == []
    assert contents(home, *READ) == contents(calm, *READ)
    shutil.rmtree(incoming)
    report = run(home)
    assert report.failed == []
    assert not set(READ) & {table for table, _ in report.made}
    assert contents(home, *TABLES) == contents(calm, *TABLES)
    assert home.scan("vessel_events").filter(source="gfw").collect().height == 1
