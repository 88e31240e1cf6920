"""A world's config as plain values, and what `world.json` holds."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from graphs.errors import InputError

FILE = Path("truth", "world.json")


def plain(value: object) -> Any:
    """Config as values that json knows: dataclasses and mappings as objects, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(one) for one in value]
    return value


def write(root: Path, config: object, sha256: str, files: int) -> None:
    """Say in `world.json` what the world in this folder was made from, and the hash of its files."""
    text = json.dumps({"config": plain(config), "sha256": sha256, "files": files}, indent=2, sort_keys=True)
    (root / FILE).write_text(text + "\n", encoding="utf-8")


def read(root: Path) -> dict[str, Any] | None:
    """What the world in a folder was made from; None where there is no world. Raises InputError on a damaged one."""
    file = root / FILE
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {"config": dict(found["config"]), "sha256": str(found["sha256"]), "files": int(found["files"])}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} cannot be read: remove the folder and build the world again") from error
