"""Which csv files are bills of lading: those for which a mapping beside them, or anywhere among the paths, speaks.

A mapping with `files` speaks for the files that it names, whatever they look like; one without it for every csv that
fits no other table and has all its columns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphs.errors import InputError

if TYPE_CHECKING:
    from pipelines.sources.manifest_mapping import ManifestMapping

MOST_BYTES = 1 << 18
"""A longer file is no mapping."""
SIGN = b"[manifest]"


@dataclass(frozen=True)
class Claim:
    """A mapping and where it lies."""

    path: Path
    mapping: "ManifestMapping"


def mappings(files: Iterable[Path]) -> list[Claim]:
    """Every mapping among the files. Raises LayoutError for one that says something that cannot be."""
    found = [one for one in files if one.is_file() and one.stat().st_size <= MOST_BYTES and SIGN in one.read_bytes()]
    if not found:
        return []
    from pipelines.sources.manifest_mapping import parse  # here: it needs the schema library
    from pipelines.sources.recognise import recognise

    return [Claim(one, parse(one, one.name)) for one in found if recognise(one).kind == "manifest_mapping"]


def claimed(file: Path, claims: Sequence[Claim], *, fits_another: bool) -> Claim | None:
    """The mapping that speaks for a file; None where none does. Raises LayoutError where several do."""
    wanted = [one for one in claims if one.mapping.files is not None or not fits_another]
    if not wanted:
        return None
    from pipelines.sources.manifest_mapping import chosen
    from pipelines.sources.manifests import header

    try:
        headers = header(file, file.name).names
    except InputError:
        return None
    speaks = chosen([(one.path.resolve(), one.mapping) for one in wanted], file.resolve(), headers)
    return next((one for one in wanted if one.mapping is speaks), None)
