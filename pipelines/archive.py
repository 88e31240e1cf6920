"""Raw bytes as they came, kept for good: content-addressed objects, and a manifest that says whence each came.

```
ARCHIVE/objects/ab/abcdef...                      the bytes, named by their SHA-256
ARCHIVE/manifest/SOURCE/QUERY_HASH/TIME-HASH.json one record per version of an answer
ARCHIVE/partial/                                  what is being written or downloaded
```

The object is published before its record, each in one step (a rename, or one upload where the archive is
remote). A crash therefore leaves nothing half-written: at worst an object that no record names yet, which
the next `put` of the same bytes adopts. Different bytes for the same query are a new version; nothing is
ever overwritten. Works on any fsspec address.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import uuid4

from upath import UPath

from graphs.errors import DamagedFile, InputError

CHUNK_BYTES = 1 << 20
STALE_S = 86_400.0
_SOURCE = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class Entry:
    """One version of what a source answered to a query: where from, when, under which terms."""

    source: str
    query: str
    sha256: str
    size_bytes: int
    retrieved: datetime
    licence: str
    citation: str
    url_note: str = ""
    published: date | None = None
    content_sha256: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The manifest record."""
        found = {**self.__dict__, "retrieved": self.retrieved.isoformat()}
        found["published"] = self.published.isoformat() if self.published else None
        return json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Entry":
        """Read back what `to_json` wrote; raises ValueError or TypeError on anything else."""
        found = json.loads(text)
        found["retrieved"] = datetime.fromisoformat(found["retrieved"])
        found["published"] = date.fromisoformat(found["published"]) if found["published"] else None
        return cls(**found)


class _Staged(NamedTuple):
    file: Path
    sha256: str
    size_bytes: int


class Archive:
    """Content-addressed store with a manifest. Safe for several processes at once."""

    def __init__(self, root: UPath | str | Path) -> None:
        self.root = UPath(root)

    @property
    def is_local(self) -> bool:
        """True for a folder on this machine's own disk."""
        return self.root.protocol in ("", "file", "local")

    @property
    def partial(self) -> Path:
        """Local folder for bytes on their way in; downloads resume from here."""
        folder = Path(self.root.path, "partial") if self.is_local else Path(tempfile.gettempdir(), "oretrace-partial")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def put(
        self,
        data: bytes | str | os.PathLike[str],
        *,
        source: str,
        query: str,
        licence: str,
        citation: str,
        url_note: str = "",
        retrieved: datetime | None = None,
        published: date | None = None,
        content_sha256: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Keep bytes, or the file at a path, as the answer of `source` to `query`.

        The latest entry comes back unchanged where nothing changed. `content_sha256` is a hash of the
        part that matters, for answers that carry the time of day: equal content is no new version, and
        the bytes kept are the first ones. Raises InputError for a source name that cannot be a folder.
        """
        if not _SOURCE.fullmatch(source):
            raise InputError(f"source name {source!r} is not usable: take lower-case letters, digits, '_' and '-'")
        latest = self.latest(source, query)
        with self._stage(data) as staged:
            entry = Entry(
                source=source,
                query=query,
                sha256=staged.sha256,
                size_bytes=staged.size_bytes,
                retrieved=_moment(retrieved, latest),
                licence=licence,
                citation=citation,
                url_note=url_note,
                published=published,
                content_sha256=content_sha256,
                details=_as_read_back(details),
            )
            if latest and _same_content(latest, entry) and self.is_intact(latest):
                if (latest.details, latest.published) == (entry.details, entry.published):
                    return latest
                kept = {**entry.__dict__, "sha256": latest.sha256, "size_bytes": latest.size_bytes}
                entry = Entry(**kept)
            elif not self.is_intact(entry):
                self._publish(staged.file, self._object(entry.sha256))
            return self._record(entry)

    def latest(self, source: str, query: str) -> Entry | None:
        """Newest version of an answer, None where there is none."""
        versions = self.versions(source, query)
        return versions[-1] if versions else None

    def versions(self, source: str, query: str) -> list[Entry]:
        """Every version of an answer, oldest first."""
        return [_load(file) for file in self._listing(self._shelf(source, query))]

    def entries(self, source: str | None = None) -> list[Entry]:
        """Every record of one source or of all, ordered by source, query and time."""
        manifest = self.root / "manifest"
        folders = [manifest / source] if source else self._listing(manifest, files=False)
        shelves = [shelf for folder in folders for shelf in self._listing(folder, files=False)]
        found = [_load(file) for shelf in shelves for file in self._listing(shelf)]
        return sorted(found, key=lambda one: (one.source, one.query, one.retrieved))

    def read(self, entry: Entry) -> bytes:
        """The bytes. Raises DamagedFile where they are missing or no longer match their hash."""
        return self.path(entry).read_bytes()

    def path(self, entry: Entry, *, verify: bool = True) -> UPath:
        """Where the bytes lie, checked against their hash first unless `verify` is false. Raises DamagedFile."""
        target = self._object(entry.sha256)
        if verify and not self.is_intact(entry):
            state = "changed on disk" if target.exists() else "missing"
            raise DamagedFile(f"archived answer of {entry.source} {target} is {state}: fetch it again")
        return target

    def is_intact(self, entry: Entry) -> bool:
        """True if the bytes are there and match their hash."""
        target = self._object(entry.sha256)
        try:
            with target.open("rb") as stream:
                return _hash(stream) == (entry.sha256, entry.size_bytes)
        except FileNotFoundError:
            return False

    def _object(self, sha256: str) -> UPath:
        return self.root / "objects" / sha256[:2] / sha256

    def _shelf(self, source: str, query: str) -> UPath:
        return self.root / "manifest" / source / hashlib.sha256(query.encode()).hexdigest()[:20]

    def _listing(self, folder: UPath, *, files: bool = True) -> list[UPath]:
        """Records in a folder in order of time, or its subfolders; another process may just have added some."""
        folder.fs.invalidate_cache(folder.path)
        if not folder.is_dir():
            return []
        return sorted((one for one in folder.iterdir() if (one.suffix == ".json") == files), key=lambda one: one.name)

    @contextmanager
    def _stage(self, data: bytes | str | os.PathLike[str]) -> Iterator[_Staged]:
        """A local copy with its hash; removed unless it was published."""
        _sweep(self.partial)
        file = self.partial / f"{os.getpid()}-{uuid4().hex}.writing"
        try:
            with file.open("xb") as target:
                if isinstance(data, bytes):
                    target.write(data)
                else:
                    with open(data, "rb") as origin:  # noqa: PTH123 - a path may be a pipe or come from anywhere
                        shutil.copyfileobj(origin, target, CHUNK_BYTES)
                target.flush()
                os.fsync(target.fileno())
            with file.open("rb") as stream:
                yield _Staged(file, *_hash(stream))
        finally:
            file.unlink(missing_ok=True)

    def _record(self, entry: Entry) -> Entry:
        """Write the manifest record, named so that records sort by time."""
        name = f"{entry.retrieved:%Y%m%dT%H%M%S%f}Z-{entry.sha256[:12]}.json"
        with self._stage(entry.to_json().encode()) as staged:
            self._publish(staged.file, self._shelf(entry.source, entry.query) / name)
        return entry

    def _publish(self, file: Path, target: UPath) -> None:
        """Make a complete local file appear under its final name in one step."""
        target.parent.mkdir(parents=True, exist_ok=True)
        if not self.is_local:
            target.fs.put_file(str(file), target.path)
            return
        file.replace(target.path)
        _sync_folder(Path(target.path).parent)


def _load(file: UPath) -> Entry:
    try:
        return Entry.from_json(file.read_bytes())
    except (ValueError, TypeError, KeyError):
        raise DamagedFile(f"archive record {file} is not readable: delete it and fetch again") from None


def _moment(retrieved: datetime | None, latest: Entry | None) -> datetime:
    """When the answer came: as stated, else now, and after the latest version even if the clock was set back."""
    if retrieved:
        return retrieved.astimezone(UTC)
    now = datetime.now(UTC)
    return max(now, latest.retrieved + timedelta(microseconds=1)) if latest else now


def _same_content(one: Entry, other: Entry) -> bool:
    return one.sha256 == other.sha256 or (one.content_sha256 or one.sha256) == (other.content_sha256 or other.sha256)


def _as_read_back(details: Mapping[str, Any] | None) -> dict[str, Any]:
    """Details as the manifest will return them, so that old and new compare equal."""
    return dict(json.loads(json.dumps(details or {})))


def _hash(stream: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind, a day later."""
    for file in folder.glob("*.writing"):
        try:
            if time.time() - file.stat().st_mtime > STALE_S:
                file.unlink()
        except FileNotFoundError:
            continue  # another process was faster


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
