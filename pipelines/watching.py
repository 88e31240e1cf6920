"""Watched folders: every file that comes to lie there is taken into the archive once, by its content.

What was taken is told by the archive alone: a record of source `watched` for each file, with its size and the time of
its last change. Whoever takes files (`oretrace run`, a sensor, both, again after a crash) asks there first, so a file
is taken once however often they restart. The bytes come first and the record after them: a process that is killed
between the two leaves bytes that the next one adopts.

A file counts once it has not changed for SETTLE_S seconds, or once it is dated further ahead than that, by a wrong
clock; one that changes again later is a new version. What is no table that is known here gets a record too, with the
reason, and is tried again when it changes, or when a mapping for bills of lading came. Once taken, nothing depends on
the folder any more.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from graphs.errors import InputError
from pipelines.archive import Archive, Entry
from pipelines.home import Home
from pipelines.inventory import WATCHED as SOURCE
from pipelines.sources.claims import Claim, mappings
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.recognise import recognise_one

SETTING = "ORETRACE_WATCH"
SETTLE_S = 30.0
"""A file that did not change for so long is whole."""
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")
TAKEN, REFUSED = "taken", "refused"
WATCHED = {
    "path": pl.String(), "status": pl.String(), "kind": pl.String(), "sha256": pl.String(), "size_bytes": pl.Int64(),
    "changed": pl.Datetime("us", "UTC"), "taken": pl.Datetime("us", "UTC"), "why": pl.String(),
}  # fmt: skip
"""Table `watched`: the latest version of each file, and why one was refused."""


@dataclass(frozen=True)
class Found:
    """One file in a watched folder, as it was when it was looked at."""

    path: Path
    size_bytes: int
    mtime_ns: int

    @cached_property
    def key(self) -> str:
        """Tells this version of this file from any other, without reading it."""
        text = f"{self.path}|{self.size_bytes}|{self.mtime_ns}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Watch:
    """The watched folders of one home."""

    def __init__(self, home: Home) -> None:
        self.home, self.archive = home, Archive(home.archive_path)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders of the setting, else those that the home remembers."""
        named = [one for one in os.environ.get(SETTING, "").split(os.pathsep) if one]
        return tuple(Path(one).expanduser().resolve() for one in named or self.home.analysis.watch)

    def waiting(self, now: float | None = None) -> list[Found]:
        """Whole files that were not taken yet, in order of path."""
        settled = list(self._settled(time.time() if now is None else now))
        if not settled:
            return []
        known = self._known()
        return [one for one in settled if one.key not in known]

    def take(self, file: Found) -> Entry | None:
        """Take one file, or note why it is refused; None where it changed or went meanwhile, so that it waits on."""
        try:
            layout = recognise_one(file.path, self._claims)
        except InputError as error:
            return self._refuse(file, str(error)) if _still(file) else None
        if not _still(file):
            return None
        claim = next((one for one in self._claims if one.path == layout.mapping), None)
        details = {"status": TAKEN, "kind": layout.kind, **self._stamp(file)}
        if claim is not None:
            details["mapping"] = sha256_of(claim.path)
        terms = (claim and claim.mapping.licence) or "as stated by whoever published the file"
        try:
            entry = self.archive.put(
                file.path, source=SOURCE, query=str(file.path), licence=terms, citation=file.path.name, details=details
            )
        except FileNotFoundError:
            return None
        # What changed while it was copied is a version that nobody wrote; the next one takes its place.
        return entry

    def entries(self) -> list[Entry]:
        """The latest record of each file, taken or refused, in order of path."""
        latest = {one.query: one for one in self.archive.entries(SOURCE)}
        return [latest[query] for query in sorted(latest)]

    def table(self) -> pl.DataFrame:
        """Table `watched`."""
        rows = [
            {
                "path": one.query,
                "status": one.details["status"],
                "kind": one.details.get("kind"),
                "sha256": one.sha256 if one.details["status"] == TAKEN else None,
                "size_bytes": one.details["size_bytes"],
                "changed": one.details["mtime_ns"] // 1000,
                "taken": one.retrieved,
                "why": one.details.get("why"),
            }
            for one in self.entries()
        ]
        return pl.DataFrame(rows, schema={**WATCHED, "changed": pl.Int64()}).cast(WATCHED)  # type: ignore[arg-type]

    def _settled(self, now: float) -> Iterator[Found]:
        for folder in self.folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if _is_hidden(path.relative_to(folder)):
                    continue
                found = _look(path)
                if found is not None and abs(now - found.mtime_ns / 1e9) >= SETTLE_S:
                    yield found

    def _known(self) -> set[str]:
        """Keys of files that need no further look."""
        return {
            str(one.details["key"])
            for one in self.archive.entries(SOURCE)
            if one.details["status"] == TAKEN or one.details.get("mappings") == self._mappings
        }

    def _refuse(self, file: Found, why: str) -> Entry:
        details = {"status": REFUSED, "why": why, "mappings": self._mappings, **self._stamp(file)}
        return self.archive.put(
            why.encode(), source=SOURCE, query=str(file.path), licence="none", citation=file.path.name, details=details
        )

    def _stamp(self, file: Found) -> dict[str, int | str]:
        return {"key": file.key, "size_bytes": file.size_bytes, "mtime_ns": file.mtime_ns}

    @cached_property
    def _claims(self) -> Sequence[Claim]:
        """Mappings in these folders; one that cannot be read is refused when its turn comes."""
        told: list[Claim] = []
        for folder in self.folders:
            for path in sorted(folder.rglob("*.toml")):
                try:
                    told += mappings([path])
                except InputError:
                    continue
        return told

    @cached_property
    def _mappings(self) -> str:
        """Hash of the mappings: where it changed, refused files get another chance."""
        return hashlib.sha256("".join(sha256_of(one.path) for one in self._claims).encode()).hexdigest()[:16]


def _look(path: Path) -> Found | None:
    """The file as it is now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Found(path, found.st_size, found.st_mtime_ns) if path.is_file() and found.st_size else None


def _still(file: Found) -> bool:
    return _look(file.path) == file


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts) or path.name.lower().endswith(UNFINISHED)
