"""Puts finished files in their places, all or none, and removes what killed runs left behind."""

import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system
    fcntl = None  # type: ignore[assignment]

FRESH_SECONDS = 60.0
"""Age under which a folder of another run is left alone."""


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """An empty folder beside the target for as long as the context lasts; those of runs that were killed are removed.

    A run holds its folder, and the system lets go of it when that process ends.
    """
    _sweep(target)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent) as folder:
        handle = _held(Path(folder))
        try:
            yield Path(folder)
        finally:
            if handle is not None:
                os.close(handle)


def _sweep(target: Path) -> None:
    """Remove folders of earlier exports to this target that nobody holds; one just made may not be held yet."""
    for one in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        if one.is_dir() and time.time() - one.stat().st_mtime > FRESH_SECONDS:
            handle = _held(one)
            if handle is not None:
                shutil.rmtree(one, ignore_errors=True)
                os.close(handle)


def _held(folder: Path) -> int | None:
    """A hold on a folder; None where another run has it, or the system has no such thing."""
    if fcntl is None:  # pragma: no cover - not on this system
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def publish(moves: Mapping[Path, Path]) -> None:
    """Rename finished files to their places, all of them or none: what fails brings back what was there."""
    for fresh in moves:
        _flush(fresh)
    with ExitStack() as undo:
        for fresh, target in moves.items():
            undo.callback(_restore, target, _kept(fresh, target))
            fresh.replace(target)
        undo.pop_all()


def _kept(fresh: Path, target: Path) -> Path | None:
    """What lies at a target, kept beside its successor: a folder makes way, a file stays until it is replaced."""
    old = fresh.with_name(f"{fresh.name}.old")
    if target.is_dir():
        return target.rename(old)
    if not target.exists():
        return None
    try:
        os.link(target, old)
    except OSError:  # a file system without links
        shutil.copy2(target, old)
    return old


def _restore(target: Path, old: Path | None) -> None:
    """Bring back what lay at a target before; nothing, where nothing did."""
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    if old is not None:
        old.rename(target)


def _flush(path: Path) -> None:
    for one in path.iterdir() if path.is_dir() else [path]:
        with one.open("rb") as stream:
            os.fsync(stream.fileno())
