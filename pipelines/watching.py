"""Watched folders: every file that comes to lie there is taken into the archive once, by its content.

What was taken is told by the archive alone: a record of source `watched` for each file, with its size and the time of
its last change. Whoever takes files (`oretrace run`, a sensor, both, again after a crash) asks there first, so a file
is taken once however often they restart. The bytes come first and the record after them: a process that is killed
between the two leaves bytes that the next one adopts. A file is compared with its own latest record alone, so that an
earlier version that was put back, with its old time, takes the place of the one after it.

A file counts once it has not changed for SETTLE_S seconds, or once it is dated further ahead than that, by a wrong
clock; one that changes again later is a new version. What is no table that is known here gets a record too, with the
reason, and is tried again when it changes, or when a mapping for bills of lading came. What cannot be opened gets none,
since nobody saw what it is: it waits, with the reason, and every look tries it again. Once taken, nothing depends on
the folder any more.
"""

import errno
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
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
TAKEN, REFUSED, WAITS = "taken", "refused", "waits"
WATCHED = {
    "path": pl.String(), "status": pl.String(), "kind": pl.String(), "sha256": pl.String(), "size_bytes": pl.Int64(),
    "changed": pl.Datetime("us", "UTC"), "taken": pl.Datetime("us", "UTC"), "why": pl.String(),
}  # fmt: skip
"""Table `watched`: the latest version of each file, why one was refused, and what waits since it cannot be opened."""


@dataclass(frozen=True)
class Found:
    """One file in a watched folder, as it was when it was looked at."""

    path: Path
    size_bytes: int
    mtime_ns: int
    after: str = field(default="", compare=False)
    """When this file got its latest record; empty for one without a record. Attempts count from there."""

    @cached_property
    def key(self) -> str:
        """Tells this version of this file from any other, without reading it."""
        text = f"{self.path}|{self.size_bytes}|{self.mtime_ns}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Watch:
    """The watched folders of one home."""

    def __init__(self, home: Home) -> None:
        self.home, self.archive = home, Archive(home.archive_path)
        self.shut: dict[Found, str] = {}
        """What could not be opened when it was last looked at, and why."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders of the setting, else those that the home remembers."""
        named = [one for one in os.environ.get(SETTING, "").split(os.pathsep) if one]
        return tuple(Path(one).expanduser().resolve() for one in named or self.home.analysis.watch)

    def waiting(self, now: float | None = None) -> list[Found]:
        """Whole files that can be opened and were not taken yet, in order of path; `shut` has those that cannot."""
        self.shut, told = {}, list[Found]()
        settled = list(self._settled(time.time() if now is None else now))
        latest = {one.query: one for one in self.entries()} if settled else {}
        for one in settled:
            record = latest.get(str(one.path))
            if record is not None and self._is_known(one, record):
                continue
            if why := _why_shut(one.path):
                self.shut[one] = why
            else:
                told.append(replace(one, after=record.retrieved.isoformat() if record else ""))
        return told

    def take(self, file: Found) -> Entry | None:
        """Take one file, or note why it is refused.

        None where it changed, went or could not be opened any more (then `shut` says why), so that it waits on.
        """
        try:
            layout = recognise_one(file.path, self._claims)
        except InputError as error:
            if why := _why_unread(file.path, error):
                self.shut[file] = why
                return None
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
        """Table `watched`: the latest record of each file, and what the last look could not open."""
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
        rows += [
            {
                "path": str(one.path),
                "status": WAITS,
                "size_bytes": one.size_bytes,
                "changed": one.mtime_ns // 1000,
                "why": why,
            }
            for one, why in self.shut.items()
        ]
        rows.sort(key=lambda row: (row["path"], row["status"]))
        return pl.DataFrame(rows, schema={**WATCHED, "changed": pl.Int64()}).cast(WATCHED)  # type: ignore[arg-type]

    def _settled(self, now: float) -> Iterator[Found]:
        for folder in self.folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if _is_hidden(path.relative_to(folder)):
                    continue
                found = _look(path)
                if found is not None and abs(now - found.mtime_ns / 1e9) >= SETTLE_S:
                    yield found

    def _is_known(self, file: Found, record: Entry) -> bool:
        """Whether a file needs no further look: its latest record is of this very version."""
        is_done = record.details["status"] == TAKEN or record.details.get("mappings") == self._mappings
        return is_done and record.details["key"] == file.key

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
                except (InputError, OSError):
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


def _why_shut(path: Path) -> str | None:
    """Why a file cannot be opened; None where it can, or where it went meanwhile."""
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _waits(path, error)
    return None


def _why_unread(path: Path, error: InputError) -> str | None:
    """Why a file could not be read, where it was the system that failed and not what the file holds.

    Libraries that unpack give their own errors no number; EINVAL is a place in the file that cannot be.
    """
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno not in (None, errno.EINVAL):
        return _waits(path, cause)
    return None


def _waits(path: Path, error: OSError) -> str:
    return f"{path} cannot be opened ({error.strerror}) and waits: it is tried again at every look"


def _still(file: Found) -> bool:
    return _look(file.path) == file


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts) or path.name.lower().endswith(UNFINISHED)
