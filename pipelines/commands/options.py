"""Options that several commands share, and what every command does with them."""

from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from graphs.errors import InputError
from pipelines.choice import Choice
from pipelines.home import Home
from pipelines.output import TableFormat

NOTHING_FOUND = 1
"""Exit code of a command that found nothing."""
Moment = TypeVar("Moment", int, date)

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of this analysis (or ORETRACE_HOME).", show_default=False),
]
WatchOption = Annotated[
    list[str] | None,
    typer.Option(
        "--watch",
        metavar="DIR",
        help="Folder whose files are taken as they come, once each. Repeatable (or ORETRACE_WATCH).",
        show_default=False,
    ),
]
FormatOption = Annotated[TableFormat, typer.Option("--format", help="How to show it.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write to a file instead of stdout.", show_default=False)
]


class Shared:
    """Options given before the command."""

    def __init__(self, home: Path | None, chosen: Choice) -> None:
        self.home = home
        self.choice = chosen


def shared_of(context: typer.Context) -> Shared:
    """What stood before the command."""
    found = context.obj
    return found if isinstance(found, Shared) else Shared(None, Choice())


def home_of(context: typer.Context, home: Path | None, *, create: bool = False) -> Home:
    """The home that a command works in: its own option, else the one before the command, else the setting."""
    return Home.open(home or shared_of(context).home, create=create)


def check_order(first: Moment | None, last: Moment | None, since: object, until: object) -> None:
    """Refuse a time that ends before it begins: it holds nothing, which would read as if nothing had been found.

    first, last: begin and end of the time asked for, None without a bound; since, until: the same as the user wrote
    them. Raises InputError.
    """
    if first is not None and last is not None and first > last:
        raise InputError(f"--since {since} lies after --until {until}: exchange them")


def end(found: bool) -> None:
    """Leave with 'nothing found' where nothing was."""
    if not found:
        raise typer.Exit(NOTHING_FOUND)
