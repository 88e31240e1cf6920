"""What the user chose: options first, then `ORETRACE_*` settings, then what the home remembers.

| setting | option |
|---|---|
| `ORETRACE_DATA` | `--data`; several paths are separated like those of PATH |
| `ORETRACE_ONLY_DATA` | `--only-data` (1, true, yes) |
| `ORETRACE_AS_OF` | `--as-of` |
| `ORETRACE_WATCH` | `--watch`; several folders are separated like those of PATH |
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from graphs.errors import InputError
from pipelines.analysis import Analysis

LATEST = "latest"
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True)
class Choice:
    """Options of one call; None where the user said nothing."""

    data: tuple[str, ...] | None = None
    only_data: bool | None = None
    as_of: str | None = None
    watch: tuple[str, ...] | None = None

    @property
    def is_empty(self) -> bool:
        """True if nothing was chosen."""
        return self == Choice()

    def over(self, other: "Choice") -> "Choice":
        """This choice, with the other's where this one says nothing."""
        return Choice(
            data=self.data if self.data is not None else other.data,
            only_data=self.only_data if self.only_data is not None else other.only_data,
            as_of=self.as_of if self.as_of is not None else other.as_of,
            watch=self.watch if self.watch is not None else other.watch,
        )

    def applied(self, analysis: Analysis) -> Analysis:
        """The analysis with this choice.

        Naming data replaces what was named before, together with whether it stands alone. Raises InputError for
        a missing path, for nothing but data without any, and for a day that is none.
        """
        found = analysis
        if self.data is not None:
            found = replace(found, data=_existing(self.data), only_data=bool(self.only_data))
        elif self.only_data is not None:
            found = replace(found, only_data=self.only_data)
        if self.watch is not None:
            found = replace(found, watch=_folders(self.watch))
        if found.only_data and not (found.data or found.watch):
            raise InputError("--only-data leaves out the default data: name at least one file or folder with --data")
        if self.as_of is not None:
            found = replace(found, as_of=day(self.as_of))
        return found


def from_environment(environment: Mapping[str, str] | None = None) -> Choice:
    """The choice that `ORETRACE_*` settings make. Raises InputError for a value that cannot be read."""
    found = os.environ if environment is None else environment
    paths = [path for path in found.get("ORETRACE_DATA", "").split(os.pathsep) if path]
    return Choice(
        data=tuple(paths) or None,
        only_data=_truth(found["ORETRACE_ONLY_DATA"]) if "ORETRACE_ONLY_DATA" in found else None,
        as_of=found.get("ORETRACE_AS_OF") or None,
        watch=tuple(path for path in found.get("ORETRACE_WATCH", "").split(os.pathsep) if path) or None,
    )


def day(text: str) -> date | None:
    """A day like 2024-06-30; None for `latest`, the last day on which anything became known."""
    if text == LATEST:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--as-of {text!r} is not a day: write it like 2024-06-30, or `{LATEST}`") from None


def _existing(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Absolute paths, each once, in their order."""
    found = [Path(path).expanduser().resolve() for path in paths]
    for path, given in zip(found, paths, strict=True):
        if not path.exists():
            raise InputError(f"there is no file or folder {given}: correct --data")
    return tuple(dict.fromkeys(str(path) for path in found))


def _folders(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Absolute paths of folders, each once, in their order."""
    found = [Path(path).expanduser().resolve() for path in paths]
    for path, given in zip(found, paths, strict=True):
        if not path.is_dir():
            raise InputError(f"there is no folder {given}: correct --watch")
    return tuple(dict.fromkeys(str(path) for path in found))


def _truth(text: str) -> bool:
    if text.strip().lower() in _YES | _NO:
        return text.strip().lower() in _YES
    raise InputError(f"ORETRACE_ONLY_DATA is {text!r}: set it to 1 or 0")
