"""Time and memory of contenders, taken in turn so that a busy moment of the machine hits all alike."""

import multiprocessing
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipelines.scoreboard.work import surroundings

LONGEST_SECONDS = 12.0
"""A contender that has used this much stops early, after at least two rounds."""


@dataclass(frozen=True)
class Timing:
    """Seconds of every round."""

    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    """Of all cores together; hardly changes when other programs keep the machine busy."""

    @property
    def median(self) -> float:
        """Middle round, in seconds."""
        return statistics.median(self.seconds)

    @property
    def work(self) -> float:
        """Middle of the processor seconds."""
        return statistics.median(self.processor_seconds)

    def cells(self) -> list[str]:
        """Shortest, middle and longest round and the middle of processor time, for a table."""
        figures = (min(self.seconds), self.median, max(self.seconds), self.work)
        return [f"{value:.3f}" for value in figures]


TIMES = ("min s", "median s", "max s", "processor s")
"""Headings of `Timing.cells`."""


def in_turn(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Run every contender once per round, in an order that turns by one each round. All should have run before."""
    names = list(contenders)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if len(spent[name]) < 2 or sum(wall for wall, _ in spent[name]) < LONGEST_SECONDS:
                spent[name].append(clocked(contenders[name]))
    return {name: Timing(*zip(*pairs, strict=True)) for name, pairs in spent.items()}


def clocked(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call; what it returns is let go before the next is timed."""
    begin, work = time.perf_counter(), time.process_time()
    result = action()
    seconds = time.perf_counter() - begin, time.process_time() - work
    del result
    return seconds


RETURN_AT_ONCE = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Makes the allocators of Polars and Arrow hand freed memory back at once. What they keep from loading would
otherwise be counted as in use before the action, and be reused or handed back during it: 200 MB read as 57."""


def extra_bytes(prepare: Callable[..., Callable[[], object]], *arguments: Any) -> int | None:
    """Peak memory of an action above what it is given, in a process of its own; None where it cannot be read.

    `prepare(*arguments)` loads the tables in that process and returns the action.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_report_peak, args=(sender, prepare, arguments))
    with surroundings(RETURN_AT_ONCE):
        child.start()
    sender.close()
    try:
        found: int | None = receiver.recv()
    except EOFError as error:
        raise RuntimeError(f"the process that measures {arguments} ended before it reported") from error
    finally:
        child.join()
    return found


def _report_peak(sender: Connection, prepare: Callable[..., Callable[[], object]], arguments: tuple[Any, ...]) -> None:
    """Body of the measuring process."""
    action = prepare(*arguments)
    before = _status_bytes("VmRSS")
    if before is None:
        sender.send(None)
        return
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak of loading
    action()
    peak = _status_bytes("VmHWM")
    sender.send(None if peak is None else max(peak - before, 0))


def _status_bytes(field: str) -> int | None:
    """A size from the kernel's account of this process, Linux only."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return None


def peak_bytes() -> int | None:
    """Peak memory of this process so far; None where it cannot be read."""
    return _status_bytes("VmHWM")


def machine() -> list[str]:
    """What it ran on: processor, memory, versions, day. No names of machines or people."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "numpy", "pandas", "dagster"))
    busy = os.getloadavg()[0]
    return [
        f"{os.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()}",
        f"Python {platform.python_version()}, {packages}",
        f"{datetime.now(UTC):%Y-%m-%d}; processes waiting for a core at the start: {busy:.1f}",
    ]


def _processor() -> str:
    """Model name of the processor."""
    account = Path("/proc/cpuinfo")
    if account.exists():
        for line in account.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def megabytes(size: int | None) -> str:
    """A size for a table."""
    return "not measured" if size is None else f"{size / 2**20:,.0f}"
