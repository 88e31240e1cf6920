"""Commands about places, ways, ships and companies.

They are declared here and carried out in `pipelines.commands.moving` (ways, ships, capacity, maps) and
`pipelines.commands.companies`.
"""

from enum import StrEnum
from typing import Annotated

import typer

from pipelines.commands.options import FormatOption, HomeOption, OutOption, end, home_of
from pipelines.output import TableFormat

NEGATIVE = {"ignore_unknown_options": True}
"""`-33.9,18.4` is a place and no option."""
PLACE = "A name, UN/LOCODE, IATA code, place id, or latitude,longitude."
FromArgument = Annotated[str, typer.Argument(metavar="FROM", help=PLACE)]
ToArgument = Annotated[str, typer.Argument(metavar="TO", help="Likewise.")]
ModeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mode", metavar="MODE", help="Only by road, rail, river, sea or air. Repeatable.", show_default=False
    ),
]
AvoidOption = Annotated[
    list[str] | None,
    typer.Option(
        "--avoid", metavar="COUNTRY", help="Not through it; a strait (suez) too. Repeatable.", show_default=False
    ),
]
AlternativesOption = Annotated[int, typer.Option("--alternatives", metavar="K", min=1, max=9, help="Ways to show.")]


class By(StrEnum):
    """What makes a way the best."""

    COST = "cost"
    HOURS = "hours"
    KM = "km"


ByOption = Annotated[By, typer.Option("--by", help="What makes a way the best.")]


def declare(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(context_settings=NEGATIVE)(route)


def route(
    context: typer.Context,
    start: FromArgument,
    to: ToArgument,
    mode: ModeOption = None,
    avoid: AvoidOption = None,
    alternatives: AlternativesOption = 1,
    by: ByOption = By.COST,
    tonnes: Annotated[
        float | None, typer.Option("--tonnes", min=0, help="Tell the freight of so many.", show_default=False)
    ] = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show how goods could go from one place to another: legs, hours, cost, and what of it is a straight line.

    A name that fits several places is refused with a list of them. Exit code 1: no way is known.
    """
    from pipelines.commands import moving
    from pipelines.way_queries import Asked

    asked = Asked(start, to, tuple(mode or ()), tuple(avoid or ()), alternatives, by.value)
    end(moving.route(home_of(context, home), asked, tonnes, how, out))
