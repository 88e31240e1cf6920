"""Commands about the training world: build one, and grade an analysis of it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import FormatOption, HomeOption, OutOption, end, home_of
from pipelines.output import TableFormat, say

INTERRUPTED = 130
"""Exit code of pipelines.cli for an interruption."""


class Action(StrEnum):
    """What to do with a world."""

    BUILD = "build"


class Size(StrEnum):
    """How large a world is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


def declare(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (world, grade):
        app.command()(command)


def world(
    action: Annotated[Action, typer.Argument(help="build: make a world of invented countries, with its truth.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for its data and its truth.", show_default=False)
    ],
    size: Annotated[Size, typer.Option("--size", help="small, medium or large: 12, 60 or 99 countries.")] = Size.MEDIUM,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed makes another world.")] = 1,
) -> None:
    """Build a training world: files as a real user could have them, and aside of them everything that is true.

    The same size and seed make the same bytes. A world that is there already is left as it is.
    """
    try:
        from pipelines.commands import worlds

        worlds.build(size.value, seed, out)
    except KeyboardInterrupt:
        say("interrupted; no world was written")
        raise typer.Exit(INTERRUPTED) from None


def grade(
    context: typer.Context,
    truth: Annotated[
        Path, typer.Option("--truth", metavar="DIR", help="Folder truth of the world.", show_default=False)
    ],
    flows: Annotated[
        bool,
        typer.Option(
            "--flows", help="By name instead of figures: one flow of each scheme, and every alert without one."
        ),
    ] = False,
    lesson: Annotated[
        bool, typer.Option("--lesson", help="In plain words, with examples; --out writes it to a file.")
    ] = False,
    list_name: Annotated[
        str, typer.Option("--list", metavar="LIST", help="List to tell everything about: agnostic or learned.")
    ] = "agnostic",
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Grade an analysis of a training world against its truth: what was found, missed and wrongly raised."""
    from pipelines import queries
    from pipelines.commands import worlds

    shape = worlds.Shape(flows, lesson, how, out, queries.list_name(list_name))
    end(worlds.grade(home_of(context, home), truth, shape))
