"""What there is to read: the user's files told apart by content, the default data, and archived answers.

Everything is in the archive before it is read.
"""

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.archive import Archive, Entry
from pipelines.home import Home, is_local
from pipelines.sources import geopolrisk
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.comtrade_portions import Portion, portions
from pipelines.sources.recognise import Kind, recognise_all

FILES = "files"
"""Archive source of the user's own files; the query is the file's path."""


@dataclass(frozen=True)
class DataFile:
    """One file to read, as it lies in the archive."""

    name: str
    kind: Kind
    sha256: str
    path: Path
    """Where its bytes are: the archived copy, so that a file changed meanwhile changes nothing."""


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
    for path in analysis.data:
        layouts, refused = recognise_all(path)
        notes += refused
        for layout in layouts:
            notes += [f"{layout.path.name}: {note}" for note in layout.notes]
            one = _file(archive, layout.path, layout.kind)
            files.setdefault(one.sha256, one)
    wheel = None if analysis.only_data else archive.latest(geopolrisk.SOURCE, geopolrisk.QUERY)
    if wheel is not None:
        files.setdefault(wheel.sha256, DataFile(wheel.query, "geopolrisk", wheel.sha256, local_copy(archive, wheel)))
    answers = tuple(portions(archive))
    return Inventory(tuple(sorted(files.values(), key=lambda one: (one.name, one.sha256))), answers, tuple(notes))


def _file(archive: Archive, path: Path, kind: Kind) -> DataFile:
    """Archive a file of the user unless its very bytes are there already."""
    query, sha256 = str(path.resolve()), sha256_of(path)
    entry = archive.latest(FILES, query)
    if entry is None or entry.sha256 != sha256:
        entry = archive.put(
            path,
            source=FILES,
            query=query,
            licence="as stated by whoever published the file",
            citation=path.name,
            details={"kind": kind},
        )
    return DataFile(path.name, kind, entry.sha256, local_copy(archive, entry))


def local_copy(archive: Archive, entry: Entry) -> Path:
    """A local path to archived bytes; remote ones are copied beside the partial downloads."""
    path = archive.path(entry, verify=False)
    if is_local(path):
        return Path(path.path)
    copy = archive.partial / entry.sha256
    if not copy.exists():
        path.fs.get_file(path.path, str(copy))
    return copy
