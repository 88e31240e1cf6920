"""A run that is killed at any moment loses nothing and leaves nothing half-written."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.analysis import Analysis
from pipelines.home import FOLDERS, PARTITIONED, Home
from pipelines.instance import open_instance
from pipelines.run import STAGES, run
from tests.pipelines import small_trade

SCRIPT = """
import sys
from pipelines.home import Home
from pipelines.run import run
print("ready", flush=True)
report = run(Home.open(sys.argv[1]))
print(report.made, flush=True)
"""
KILLS = 4
LONGEST_STEP_S = 0.1
Key = tuple[str, str | None]
TOGETHER = {table: together for stage in STAGES for together in stage.tables for table in together}


def start(home: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, past its imports."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[0]
    return process


def written(home: Home) -> dict[Key, int]:
    """When each table and partition was renamed into place. Every one of them can be read to its end."""
    found: dict[Key, int] = {}
    for table in FOLDERS:
        for part in home.partitions(table) if table in PARTITIONED else [None]:
            path = home.table_path(table, part)
            if path.exists():
                rows = pl.read_parquet(path.path).height
                assert home.meta(table, part)["rows"] == str(rows)
                found[table, part] = path.stat().st_mtime_ns
    return found


def contents(home: Home) -> dict[Key, str]:
    return {key: home.meta(*key)["content"] for key in written(home)}


def was_finished(key: Key, found: dict[Key, int]) -> bool:
    """Tables that one function makes together are finished together."""
    return all((one, key[1]) in found for one in TOGETHER[key[0]])


@pytest.mark.slow
def test_killed_runs_end_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    data = small_trade.write(tmp_path / "trade.csv", small_trade.rows())
    analysis = Analysis(data=(str(data),), only_data=True)
    calm = Home.open(tmp_path / "calm", create=True)
    made = len(run(calm, analysis).made)

    home = Home.open(tmp_path / "killed", create=True)
    home.save_analysis(analysis)
    chance = random.Random(20)
    seen: list[dict[Key, int]] = []
    for target in sorted(chance.sample(range(1, made - 3), KILLS)):
        process = start(home.path)
        while len(list(home.path.rglob("[!.]*.parquet"))) < target and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, LONGEST_STEP_S))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        seen.append(written(home))
    process = start(home.path)
    output, _ = process.communicate()
    assert process.returncode == 0, output

    assert contents(home) == contents(calm)
    final = written(home)
    for found in seen:
        repeated = {key for key, moment in found.items() if final[key] != moment and was_finished(key, found)}
        assert repeated == set()
    assert list(home.path.rglob("*.tmp*")) == []
    with open_instance(home.dagster_path) as instance:
        states = [one.status.value for one in instance.get_runs()]
    assert set(states) <= {"SUCCESS", "CANCELED"}
