"""`oretrace run` on the default open data: time and peak memory, first and again with nothing new."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.report import Section, Table
from benchmarks.setting import Setting


@dataclass(frozen=True)
class Ran:
    """One finished process."""

    seconds: float
    peak_mb: float
    """Peak resident memory of the process or of the largest it started."""
    cpu_seconds: float


def run(setting: Setting) -> Section:
    """Fetch first, so that no download is timed; then run twice and read once."""
    setting.wheel()
    steps = {
        "oretrace run, first": setting.command("run"),
        "oretrace run, nothing new": setting.command("run"),
        "oretrace alerts": setting.command("alerts", "--top", "10"),
    }
    rows = []
    for name, command in steps.items():
        ran = _watched(command)
        rows.append([name, f"{ran.seconds:.1f}", f"{ran.cpu_seconds:.1f}", f"{ran.peak_mb:,.0f}"])
    lead = "The default open data, already fetched; wall time of the whole process."
    return Section("whole-run", "Whole run", [Table(lead, ("step", "s", "processor s", "peak MB"), rows)])


def _watched(command: list[str]) -> Ran:
    """Run a command and read from the kernel what it used. Raises RuntimeError where it fails."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"`{' '.join(command[2:])}` ended with exit code {child.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
    return Ran(seconds, used.ru_maxrss / unit, used.ru_utime + used.ru_stime)
