"""What there is to read: the user's files told apart by content, the default data, and archived answers.

Everything is in the archive before it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType

from pipelines.archive import Archive, Entry
from pipelines.home import Home, is_local
from pipelines.sources import geopolrisk, land_network
from pipelines.sources.claims import Claim, mappings
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.comtrade_portions import Portion, portions
from pipelines.sources.kinds import Kind
from pipelines.sources.recognise import Layout, recognise_all
from pipelines.sources.recognise import files as listed

DEFAULTS: tuple[tuple[Kind, ModuleType], ...] = (("geopolrisk", geopolrisk), ("land_network", land_network))
"""Default data, each a wheel that its source fetches."""
FILES = "files"
"""Archive source of the user's own files; the query is the file's path."""
WATCHED = "watched"
"""Archive source of files that came to lie in watched folders; the query is the file's path."""
JUST_NOW_S = 2.0
"""Of a file that changed so shortly before it was read, its time tells nothing: it may have changed again since."""


@dataclass(frozen=True)
class DataFile:
    """One file to read, as it lies in the archive."""

    name: str
    kind: Kind
    sha256: str
    path: Path
    """Where its bytes are: the archived copy, so that a file changed meanwhile changes nothing."""
    taken: datetime | None = None
    """When it came into the archive, UTC: what it says of later days is a clock at fault."""
    mapping: str | None = None
    """Of bills of lading: hash of the mapping that says what their columns are."""


@dataclass(frozen=True)
class Inventory:
    """Everything that this analysis reads."""

    files: tuple[DataFile, ...] = ()
    answers: tuple[Portion, ...] = ()
    """Answers of UN Comtrade that still hold rows of interest."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Sentences for the user: columns that are missing or extra, files of a folder that were left out."""

    def of(self, *kinds: Kind) -> list[DataFile]:
        """Files of these kinds, by name."""
        return [one for one in self.files if one.kind in kinds]


def take(home: Home) -> Inventory:
    """Recognise and archive the user's files, and find the default data in the archive.

    Raises InputError with one sentence if a file is missing or unreadable.
    """
    analysis, archive = home.analysis, Archive(home.archive_path)
    files: dict[str, DataFile] = {}
    notes: list[str] = []
    claims = mappings(file for path in analysis.data for file in listed(path))
    for path in analysis.data:
        layouts, refused = recognise_all(path, claims)
        notes += refused
        for layout in layouts:
            notes += [f"{layout.path.name}: {note}" for note in layout.notes]
            one = _file(archive, layout, claims)
            files.setdefault(one.sha256, one)
    for kind, parcel in () if analysis.only_data else DEFAULTS:
        wheel = archive.latest(parcel.SOURCE, parcel.QUERY)
        if wheel is not None:
            files.setdefault(wheel.sha256, _default(kind, archive, wheel))
    # A file that was watched and taken counts whatever became of its folder; of each its latest version.
    taken = {one.query: one for one in archive.entries(WATCHED) if one.details["status"] == "taken"}
    for entry in taken.values():
        files.setdefault(entry.sha256, _watched(archive, entry))
    answers = tuple(portions(archive))
    return Inventory(tuple(sorted(files.values(), key=lambda one: (one.name, one.sha256))), answers, tuple(notes))


def _default(kind: Kind, archive: Archive, entry: Entry) -> DataFile:
    """Default data, by the name under which they were asked for."""
    return DataFile(entry.query, kind, entry.sha256, local_copy(archive, entry), entry.retrieved)


def _watched(archive: Archive, entry: Entry) -> DataFile:
    """A file of a watched folder (see pipelines.watching)."""
    name, kind, mapping = Path(entry.query).name, entry.details["kind"], entry.details.get("mapping")
    return DataFile(name, kind, entry.sha256, local_copy(archive, entry), entry.retrieved, mapping)


def _file(archive: Archive, layout: Layout, claims: Sequence[Claim]) -> DataFile:
    """Archive a file of the user unless its very bytes are there already."""
    path, kind = layout.path, layout.kind
    claim = next((one for one in claims if one.path == layout.mapping), None)
    query, state = str(path.resolve()), path.stat()
    stamp = {"size_bytes": state.st_size, "mtime_ns": state.st_mtime_ns}
    entry = archive.latest(FILES, query)
    if entry is None or not (_is_as_read(entry, stamp) or _is_same(entry, stamp, path)):
        entry = archive.put(
            path,
            source=FILES,
            query=query,
            licence=(claim and claim.mapping.licence) or "as stated by whoever published the file",
            citation=path.name,
            details={"kind": kind, **stamp},
        )
    mapping = sha256_of(claim.path) if claim else None
    return DataFile(path.name, kind, entry.sha256, local_copy(archive, entry), entry.retrieved, mapping)


def _is_as_read(entry: Entry, stamp: dict[str, int]) -> bool:
    """Whether a file has the size and the time of change that it had when it was read, long enough after that time."""
    is_old = entry.retrieved.timestamp() - stamp["mtime_ns"] / 1e9 > JUST_NOW_S
    return is_old and {name: entry.details.get(name) for name in stamp} == stamp


def _is_same(entry: Entry, stamp: dict[str, int], path: Path) -> bool:
    """Whether a file that has the same size and time holds the same bytes, which only its hash can tell."""
    return {name: entry.details.get(name) for name in stamp} == stamp and entry.sha256 == sha256_of(path)


def local_copy(archive: Archive, entry: Entry) -> Path:
    """A local path to archived bytes; remote ones are copied beside the partial downloads."""
    path = archive.path(entry, verify=False)
    if is_local(path):
        return Path(path.path)
    copy = archive.partial / entry.sha256
    if not copy.exists():
        path.fs.get_file(path.path, str(copy))
    return copy
