"""Every command with its arguments and options, read from the command line itself: documentation comes from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import typer

from pipelines.cli import app


@dataclass(frozen=True)
class Option:
    """One argument or option, as a user spells it."""

    name: str
    """`--home DIR`, or `ALERT` for an argument."""
    meaning: str
    is_required: bool


@dataclass(frozen=True)
class Command:
    """One command."""

    name: str
    meaning: str
    options: tuple[Option, ...]


def commands() -> dict[str, Command]:
    """All commands by name; the empty name holds the options that stand before a command."""
    group: Any = typer.main.get_command(app)
    named = {"": group, **group.commands}
    return {name: Command(name, " ".join((one.help or "").split()), _options(one)) for name, one in named.items()}


def _options(command: Any) -> tuple[Option, ...]:
    return tuple(Option(_spelled(one), _meaning(one), one.required) for one in command.params)


def _spelled(option: Any) -> str:
    if option.param_type_name == "argument":
        return str(option.metavar or option.name.upper())
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.metavar or option.opts[0].lstrip('-').upper()}"


def _meaning(option: Any) -> str:
    return " ".join(_sentences(option))


def _sentences(option: Any) -> Iterator[str]:
    yield option.help or ""
    if option.multiple and "Repeatable" not in (option.help or ""):
        yield "Repeatable."
    if isinstance(option.default, Enum):
        yield f"One of {', '.join(one.value for one in type(option.default))}; {option.default.value} otherwise."
    if option.envvar:
        yield f"Or {option.envvar}."
