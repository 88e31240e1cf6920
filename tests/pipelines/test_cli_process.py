"""The command line as a process of its own: what it imports, how fast it answers, pipes and colour."""

import json
import os
import pty
import resource
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.home import Home
from tests.pipelines.small_home import ALERTS, BEFORE, FIRST, ONE_SIDED, flow, make_home, table, write

HEAVY = ("dagster", "dataframely", "sklearn", "scipy", "pandas", "httpx")
READING = {
    "alerts": ["alerts"],
    "alerts as csv": ["alerts", "--all", "--format", "csv"],
    "explain": ["explain", "1"],
    "flows": ["flows", "XAA", "XBB", "260400"],
    "sources": ["sources"],
    "judge": ["judge", "1", "--verdict", "undecided", "--reviewer", "Ada"],
    "changes": ["changes"],
}
SPY = (
    "import json, sys\n"
    "from pipelines.cli import main\n"
    "code = main(sys.argv[1:])\n"
    "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)"
)
MANY = 1_300_000
SECOND = 1.0
TRIES = 5


def clean(**more: str) -> dict[str, str]:
    """The environment of a user: no settings of this project, and Python may keep compiled modules."""
    unwanted = ("ORETRACE_", "PYTHONDONTWRITEBYTECODE", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**kept, "COLUMNS": "120", **more}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("process") / "home")


@pytest.mark.parametrize("command", READING)
def test_reading_commands_load_nothing_heavy(home: Home, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPY, "--home", str(home.path), *READING[command]],
        capture_output=True,
        text=True,
        env=clean(),
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == (1 if command == "changes" else 0)
    assert [name for name in HEAVY if name in modules] == []
    assert "polars" in modules


def cli(home: Home, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", "--home", str(home.path), *arguments]


def test_it_runs_as_a_module(home: Home) -> None:
    done = subprocess.run(cli(home, "alerts"), capture_output=True, text=True, env=clean(), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "XAA" in done.stdout


def test_parquet_through_a_pipe_is_a_whole_file(home: Home, tmp_path: Path) -> None:
    done = subprocess.run(cli(home, "alerts", "--format", "parquet"), capture_output=True, env=clean(), check=True)
    file = tmp_path / "piped.parquet"
    file.write_bytes(done.stdout)
    assert pl.read_parquet(file).height == 3


def on_a_terminal(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run with stdout on a real terminal device."""
    leader, follower = pty.openpty()
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment) as running:
        os.close(follower)
        said = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # the device closes with its last writer
                break
            if not piece:
                break
            said += piece
    os.close(leader)
    return running.returncode, said.decode()


def test_colour_only_on_a_terminal_that_wants_it(home: Home) -> None:
    piped = subprocess.run(cli(home, "alerts"), capture_output=True, text=True, env=clean(), check=True).stdout
    assert "\x1b[" not in piped
    _, coloured = on_a_terminal(cli(home, "alerts"), clean(TERM="xterm-256color"))
    assert "\x1b[33m" in coloured or "\x1b[2m" in coloured
    _, plain = on_a_terminal(cli(home, "alerts"), clean(TERM="xterm-256color", NO_COLOR="1"))
    assert "\x1b[3" not in plain


def test_parquet_is_not_thrown_at_a_terminal(home: Home) -> None:
    code, said = on_a_terminal(cli(home, "alerts", "--format", "parquet"), clean(TERM="xterm"))
    assert code == 2
    assert "Parquet is not for the screen" in said


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with as many scored flows as the default data have rows."""
    home = make_home(tmp_path_factory.mktemp("large") / "home")
    small = table("alerts", list(ALERTS))
    below = small.filter(pl.col("rank") == 5).select(pl.all().repeat_by(MANY - small.height).explode())
    at = pl.int_range(small.height + 1, MANY + 1, dtype=pl.Int64)
    key = pl.format("comtrade:XFF:XBB:75{}:2020", at)
    below = below.with_columns(
        rank=at.cast(pl.UInt32),
        commodity=pl.format("75{}", at),
        flow_id=key,
        alert_id=pl.format("agnostic:{}:2022-06-30", key),
        sentence=pl.format(
            "XFF to XBB, nickel mattes, 2020: {} USD is apparently unmatched, within its usual range.", at
        ),
        p_value=0.9 + at / MANY / 10,
    )
    write(home, "alerts", pl.concat([small, below]))
    write(home, "flows", [ONE_SIDED, BEFORE, flow("XFF", "XBB", f"75{MANY}", 2020)], "nickel")
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("alerts",),
        ("alerts", "--exporter", "XAA", "--since", "2019", "--format", "json"),
        ("alerts", "--all", "--top", "100", "--format", "csv"),
        ("explain", "1"),
        ("explain", FIRST),
        ("explain", f"{MANY}"),
        ("flows", "XAA", "XBB", "260400"),
        ("sources",),
        ("changes",),
    ],
    ids=" ".join,
)
def test_reading_answers_within_a_second(large: Home, arguments: tuple[str, ...]) -> None:
    # Other work on the machine lengthens the wait but not the work, and may slow any one try: the best counts.
    best = float("inf")
    for _ in range(TRIES):
        began, worked = time.perf_counter(), _processor_s()
        done = subprocess.run(cli(large, *arguments), capture_output=True, env=clean(), check=False)
        best = min(best, time.perf_counter() - began, _processor_s() - worked)
        assert done.returncode == (1 if arguments == ("changes",) else 0), done.stderr
        if best < SECOND:
            break
    assert best < SECOND


def _processor_s() -> float:
    """Processor time of all finished children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("alerts", "--all", "--format", "csv"), ("alerts", "--all", "--format", "json")])
def test_a_reader_that_has_seen_enough_ends_the_program_quietly(large: Home, arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(cli(large, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean()) as one:
        assert one.stdout is not None
        assert one.stderr is not None
        assert one.stdout.readline()
        one.stdout.close()
        assert one.stderr.read() == b""
    assert one.returncode == 0


@pytest.mark.slow
def test_all_is_all_and_in_order(large: Home, tmp_path: Path) -> None:
    file = tmp_path / "all.parquet"
    subprocess.run(cli(large, "alerts", "--all", "--format", "parquet", "--out", str(file)), check=True, env=clean())
    found = pl.read_parquet(file, columns=["rank"])["rank"]
    assert found.len() == MANY
    assert (found == pl.int_range(1, MANY + 1, dtype=pl.UInt32, eager=True)).all()
