"""The folder of an embedded graph: one sub-folder per snapshot, and a pointer that is swapped in one step.

```
current.json                       which sub-folder counts, and which one counted before
<snapshot>-<token>.graph/          graph.lbug (the database) and about.json (snapshot, about, counts,
                                   size, version of the engine that wrote it)
.<snapshot>-<token>.graph.tmp/     a load under way, or one that was killed
load.lock                          held by the process that loads; the system lets go of it when that process ends
```

A sub-folder is complete, flushed to disk and renamed before the pointer names it, and never changed afterwards. So a
reader sees the old graph or the new one, whatever becomes of the load. The snapshot before the current one stays for
those who read it; what is older, or was left by a killed load or beside a database, is removed by the next load.
Reading changes nothing.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphs.errors import StoreError

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system
    fcntl = None  # type: ignore[assignment]

POINTER, LOCK = "current.json", "load.lock"
DATABASE, ABOUT = "graph.lbug", "about.json"
ENDING = ".graph"
DESCRIBED = {"snapshot": str, "about": dict, "counts": dict, "size": int}
"""What has to stand in about.json; one that lacks any of it is damaged."""


@dataclass(frozen=True)
class Snapshot:
    """A complete graph in its sub-folder."""

    folder: Path
    name: str
    about: Mapping[str, str]
    counts: Mapping[str, int]
    size: int
    engine: str
    """Name and version of the engine that wrote it."""

    @property
    def database(self) -> Path:
        """File of the database."""
        return self.folder / DATABASE


def current(root: Path) -> Snapshot | None:
    """The graph that counts; None where there is none, or it is not whole. Raises StoreError for a folder closed to us.

    A reader that was held up while two more graphs were loaded looks again.
    """
    name = _pointer(root).get("current")
    found = _read(root / name) if name else None
    return found if found or _pointer(root).get("current") == name else current(root)


@contextmanager
def replacing(root: Path, snapshot: str) -> Iterator[Path]:
    """An empty folder for the files of a new snapshot, published when the context ends well, else removed.

    Raises StoreError while another process loads into the same place, and where nothing can be written.
    """
    with _only_load(root):
        final = root / f"{re.sub(r'[^A-Za-z0-9_-]', '_', snapshot)[:40]}-{secrets.token_hex(4)}{ENDING}"
        staged = root / f".{final.name}.tmp"
        with _writable(root):
            sweep(root)
            staged.mkdir()
        try:
            yield staged
            with _writable(root):
                _publish(staged, final)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        with _writable(root):
            sweep(root)


def describe(staged: Path, found: Mapping[str, Any]) -> None:
    """Write beside a finished database what it holds: `snapshot`, `about`, `counts` and `engine`; its size is added."""
    with _writable(staged):
        described = {**found, "size": (staged / DATABASE).stat().st_size}
        (staged / ABOUT).write_text(json.dumps(described, ensure_ascii=False, indent=1), encoding="utf-8")


def sweep(root: Path) -> list[Path]:
    """Remove what neither counts nor counted last; returns what was removed. For the process that holds the lock.

    A write-ahead log or a shadow file next to a database that stays is a stray, and would keep it from opening: the
    database was closed before it was published.
    """
    kept = {name for name in _pointer(root).values() if name}
    found = (*root.glob(f"*{ENDING}"), *root.glob(f".*{ENDING}.tmp"), *root.glob(f".{POINTER}*"))
    removed = [one for one in found if one.name not in kept]
    removed += [one for name in kept for one in (root / name).glob("*") if one.name not in (DATABASE, ABOUT)]
    for one in removed:
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    return removed


@contextmanager
def _writable(root: Path) -> Iterator[None]:
    """What the system refuses while a folder of ours is written is told in a sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"the graph cannot be written to {root}: {error.strerror or error}") from error


@contextmanager
def _only_load(root: Path) -> Iterator[None]:
    """Hold the folder for this process's load."""
    with _writable(root):
        root.mkdir(parents=True, exist_ok=True)
        opened = (root / LOCK).open("a+")
    with opened as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(f"another load into {root} is under way: wait for it and try again") from None
        yield


def _publish(staged: Path, final: Path) -> None:
    """Make a finished folder the one that counts: flush, rename, swap the pointer."""
    root = final.parent
    for file in (*staged.iterdir(), staged):
        _flush(file)
    staged.rename(final)
    _flush(root)
    before = _pointer(root).get("current")
    fresh = root / f".{POINTER}"
    fresh.write_text(json.dumps({"current": final.name, "previous": before}), encoding="utf-8")
    _flush(fresh)
    fresh.replace(root / POINTER)
    _flush(root)


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pointer(root: Path) -> dict[str, str | None]:
    found = _json(root / POINTER)
    return {key: found[key] if _is_plain(found.get(key)) else None for key in ("current", "previous")}


def _is_plain(name: object) -> bool:
    """True for the name of a sub-folder, and nothing that leads out of the folder."""
    return isinstance(name, str) and name.endswith(ENDING) and Path(name).name == name


def _read(folder: Path) -> Snapshot | None:
    """A snapshot whose files are there and as large as they were, else None."""
    found = _json(folder / ABOUT)
    database = folder / DATABASE
    if any(not isinstance(found.get(name), kind) for name, kind in DESCRIBED.items()) or not database.is_file():
        return None
    if database.stat().st_size != found["size"]:
        return None
    return Snapshot(folder, found["snapshot"], found["about"], found["counts"], found["size"], str(found.get("engine")))


def _json(file: Path) -> dict[str, Any]:
    """A small file's object; empty where it is missing or damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror or error}") from error
    return found if isinstance(found, dict) else {}
