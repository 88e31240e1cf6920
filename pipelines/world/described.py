"""What `truth/world.json` holds: what a world was made from, by which code, and the hashes of its files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from graphs.errors import InputError

FILE = Path("truth", "world.json")


@dataclass(frozen=True)
class Description:
    """A world as its own file tells it."""

    config: dict[str, Any]
    code: str
    """Version of the code that made it (pipelines.code_version)."""
    sha256: str
    """Hash of names and bytes of all files."""
    files: int
    trade: dict[str, str]
    """SHA-256 of each file of declarations by its path below data/trade."""
    ais: dict[str, str] = field(default_factory=dict)
    """The same of files of positions below data/ais; empty in a world that was built before they were kept."""


def plain(value: object) -> Any:
    """Config as values that json knows: dataclasses and mappings as objects, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(one) for one in value]
    return value


def write(root: Path, description: Description) -> None:
    """Describe the world in this folder."""
    text = json.dumps(asdict(description), indent=2, sort_keys=True)
    (root / FILE).write_text(text + "\n", encoding="utf-8")


def read(root: Path) -> Description | None:
    """What the world in a folder was made from; None where there is no world. Raises InputError on a damaged one."""
    return parsed(root / FILE) if (root / FILE).exists() else None


def parsed(file: Path) -> Description:
    """A description from its file. Raises InputError where it cannot be read, or another version wrote it."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        trade, ais = (
            {str(name): str(sha256) for name, sha256 in dict(files).items()}
            for files in (found["trade"], found.get("ais", {}))
        )
        made = dict(found["config"]), str(found["code"]), str(found["sha256"]), int(found["files"])
        return Description(*made, trade, ais)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file} cannot be read: remove the folder and build the world again") from error
