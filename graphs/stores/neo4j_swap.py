"""The files of a database that was just built take the place of the old ones, and a kill in between loses neither.

A database is two folders that are renamed one after the other: the old one aside, the new one into its place. What a
kill leaves is told by which folders are there, and `settle` brings the old database back, or completes the removal.
"""

import shutil
from pathlib import Path

from graphs.errors import StoreError

KINDS = ("databases", "transactions")
"""Folders of the server's data that hold a part of each database."""
NEXT = "oretrace-next"
"""Name under which the new database is built."""
OLD = f"{NEXT}.old"
"""Name under which the old one waits until the new one is in its place."""


def replace_database(data: Path, database: str) -> None:
    """Put the database that was just built in the place of the one that a stopped server opens.

    Raises StoreError where no complete one was built. Whatever fails, the old database is in its place again.
    """
    settle(data, database)
    missing = [kind for kind in KINDS if not (data / kind / NEXT).is_dir()]
    if missing:
        raise StoreError(f"the import left nothing in {data / missing[0] / NEXT}: import again, the old graph is there")
    try:
        for kind in KINDS:
            place, built, old = _folders(data, kind, database)
            if place.exists():
                place.rename(old)
            else:
                old.mkdir()  # stands for: there was none
            built.rename(place)
    except BaseException:
        settle(data, database)
        raise
    settle(data, database)


def settle(data: Path, database: str) -> None:
    """Finish what a broken-off replacement left: back to the old database, unless the new one is there entirely."""
    if _is_broken_off(data, database):
        _undo(data, database)
    for kind in KINDS:
        old = data / kind / OLD
        if old.exists():
            shutil.rmtree(old)


def _is_broken_off(data: Path, database: str) -> bool:
    """True between the first rename and the last: an old folder waits, and a new one is not where it belongs."""
    folders = [_folders(data, kind, database) for kind in KINDS]
    is_replaced = all(place.exists() for place, _, _ in folders)
    is_half = len({built.exists() for _, built, _ in folders}) > 1
    return any(old.exists() for _, _, old in folders) and (is_half or not is_replaced)


def _undo(data: Path, database: str) -> None:
    """Back to the old database, last rename first, so that a kill in here leaves a state of the way there."""
    for kind in reversed(KINDS):
        place, built, old = _folders(data, kind, database)
        if not old.exists():
            continue
        if place.exists():
            place.rename(built)
        if any(old.iterdir()):
            old.rename(place)
        else:
            old.rmdir()


def _folders(data: Path, kind: str, database: str) -> tuple[Path, Path, Path]:
    """Of one kind: the folder that the server opens, the new one, and the old one."""
    return data / kind / database, data / kind / NEXT, data / kind / OLD
