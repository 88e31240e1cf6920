"""A database is replaced entirely or not at all, wherever it is broken off; on folders as the server lays them."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphs.errors import StoreError
from graphs.stores import neo4j_swap
from graphs.stores.neo4j_swap import KINDS, NEXT, replace_database, settle

DATABASE = "neo4j"


class Killed(BaseException):
    """Stands for the end of the process."""


def write(data: Path, database: str, text: str) -> None:
    for kind in KINDS:
        (data / kind / database).mkdir(parents=True)
        for name in ("one", "two"):
            (data / kind / database / name).write_text(f"{text} {kind}")


def held(data: Path, database: str = DATABASE) -> set[str]:
    """First words of what the files of a database say; it is whole where it says one and has them all."""
    files = [file for kind in KINDS for file in (data / kind / database).glob("*")]
    assert len(files) in (0, 2 * len(KINDS)), files
    return {file.read_text().split()[0] for file in files}


def folders(data: Path) -> set[str]:
    return {place.name for kind in KINDS for place in (data / kind).iterdir()}


@contextmanager
def renames(works: Iterable[bool]) -> Iterator[None]:
    """Each rename works or ends the process, as listed."""
    left, really = list(works), Path.rename

    def rename(path: Path, target: Path) -> Path:
        if not left.pop(0):
            raise Killed
        return really(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        yield


def built(data: Path, has_old: bool) -> Path:
    """A server's data with a database that was just built, beside an old one or none."""
    if has_old:
        write(data, DATABASE, "old")
    write(data, NEXT, "new")
    return data


@pytest.fixture(params=[True, False], ids=["old", "none"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return built(tmp_path, request.param)


STEPS = [(has_old, at) for has_old, steps in ((True, 4), (False, 2)) for at in range(steps)]
"""Each rename of a replacement: two of each kind, or one where there was no database."""
STEPS_BACK = [(has_old, at, undone) for has_old, at in STEPS for undone in range(at + 1)]


def test_the_new_database_takes_the_place(data: Path) -> None:
    replace_database(data, DATABASE)
    assert (held(data), folders(data)) == ({"new"}, {DATABASE})


@pytest.mark.parametrize(("has_old", "at"), STEPS)
def test_a_rename_that_fails_is_undone(tmp_path: Path, has_old: bool, at: int) -> None:
    before = held(data := built(tmp_path, has_old))
    with renames([*[True] * at, False, *[True] * 4]), pytest.raises(Killed):
        replace_database(data, DATABASE)
    assert (held(data), held(data, NEXT)) == (before, {"new"})
    replace_database(data, DATABASE)
    assert (held(data), folders(data)) == ({"new"}, {DATABASE})


@pytest.mark.parametrize(("has_old", "at", "undone"), STEPS_BACK)
@pytest.mark.parametrize("first", ["settle", "replace"])
def test_a_kill_at_any_rename_there_or_back_loses_nothing(
    tmp_path: Path, has_old: bool, at: int, undone: int, first: str
) -> None:
    before = held(data := built(tmp_path, has_old))
    with renames([*[True] * at, False, *[True] * undone, False]), pytest.raises(Killed):
        replace_database(data, DATABASE)
    if first == "settle":
        settle(data, DATABASE)
        assert (held(data), held(data, NEXT)) == (before, {"new"})
    replace_database(data, DATABASE)
    assert (held(data), folders(data)) == ({"new"}, {DATABASE})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rebuilt", [True, False])
def test_a_kill_while_the_old_one_is_removed_keeps_the_new_one(
    data: Path, monkeypatch: pytest.MonkeyPatch, kind: str, rebuilt: bool
) -> None:
    really = shutil.rmtree

    def remove(folder: Path) -> None:
        if folder.parent.name == kind:
            next(iter(folder.iterdir()), folder / "none").unlink(missing_ok=True)
            raise Killed
        really(folder)

    monkeypatch.setattr(neo4j_swap.shutil, "rmtree", remove)
    with pytest.raises(Killed):
        replace_database(data, DATABASE)
    monkeypatch.undo()
    assert held(data) == {"new"}
    if rebuilt:
        write(data, NEXT, "newer")
        replace_database(data, DATABASE)
    settle(data, DATABASE)
    assert (held(data), folders(data)) == ({"newer" if rebuilt else "new"}, {DATABASE})


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_built_replaces_nothing(data: Path, kind: str) -> None:
    before = held(data)
    shutil.rmtree(data / kind / NEXT)
    with pytest.raises(StoreError, match="import again, the old graph is there"):
        replace_database(data, DATABASE)
    assert held(data) == before
