"""Order in a home: one run at a time, and nothing left lying about by a run that was killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphs.errors import HomeError
from pipelines.home import FOLDERS, HISTORY, Home, is_local

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system
    fcntl = None  # type: ignore[assignment]

LOCK_FILE = "run.lock"


@contextmanager
def only_run(home: Home) -> Iterator[None]:
    """Hold the home for this process. Raises HomeError while another run is at work in it.

    The system lets go of the lock when the process ends, however it ends.
    """
    with (home.path / LOCK_FILE).open("a+") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeError(f"another run is at work in {home.path}: wait for it, or name another --home") from None
        yield


def sweep(home: Home) -> list[Path]:
    """Remove the half-written files of runs that were killed; returns what was removed."""
    if not is_local(home.url):
        return []  # a remote table is staged in a local temporary folder
    removed = []
    for folder in {Path(home.url.path, one) for one in (*FOLDERS.values(), HISTORY)}:
        for left in folder.glob(".*.tmp*"):
            owner = left.name.split(".tmp")[0].rsplit(".", 1)[-1]
            if not (owner.isdigit() and int(owner) != os.getpid() and runs(int(owner))):
                left.unlink(missing_ok=True)
                removed.append(left)
    return removed


def runs(pid: int) -> bool:
    """True while there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
