"""A folder that appears whole or not at all: written beside its place, renamed at the end.

A build that was killed leaves a hidden folder `.NAME.PID.tmp`, which the next build beside it removes.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graphs.errors import InputError
from pipelines.housekeeping import runs
from pipelines.world import described

CHUNK = 1 << 20


def standing(out: Path, config: object, code: str) -> bool:
    """True where this very world stands at `out` already. Raises InputError where something else does."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return False
    found = described.read(out) if out.is_dir() else None
    if found is None:
        raise InputError(f"{out} is no training world and stays as it is: name a new or empty folder with --out")
    wanted = described.plain(config)
    if found.config != wanted or found.code != code:
        size, seed = found.config.get("size"), found.config.get("seed")
        same = (size, seed) == (wanted["size"], wanted["seed"])
        maker = ", made by another version" if same else ""
        raise InputError(
            f"{out} holds a world of size {size}, seed {seed}{maker}: remove it, or name another folder with --out"
        )
    return True


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out` that takes its place at the end, unless an error comes first."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        staged = _name(out, os.getpid())
        staged.mkdir()
    except OSError as error:
        raise InputError(f"{out} cannot be made ({error.strerror}): name another folder with --out") from error
    try:
        yield staged
        staged.replace(out)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def files_of(root: Path) -> list[Path]:
    """All files of a world in the order of their names, without the description that holds their hash."""
    found = (one for one in root.rglob("*") if one.is_file())
    return sorted((one for one in found if one.relative_to(root) != described.FILE), key=lambda one: one.as_posix())


def hashes(root: Path, files: list[Path]) -> dict[str, str]:
    """SHA-256 of each file by its path from `root`."""
    return {file.relative_to(root).as_posix(): _sha256(file) for file in files}


def content_hash(hashed: Mapping[str, str]) -> str:
    """One SHA-256 over names and bytes of all files: the same for the same world, wherever it lies."""
    whole = hashlib.sha256()
    for name, sha256 in hashed.items():
        whole.update(f"{name}\0{sha256}\n".encode())
    return whole.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _name(out: Path, pid: int) -> Path:
    return out.with_name(f".{out.name}.{pid}.tmp")


def _sweep(out: Path) -> None:
    """Remove what killed builds of this folder left."""
    for left in out.parent.glob(f".{out.name}.*.tmp"):
        owner = left.name.split(".")[-2]
        if owner.isdigit() and (int(owner) == os.getpid() or not runs(int(owner))):
            shutil.rmtree(left, ignore_errors=True)
