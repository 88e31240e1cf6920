"""Commands about places, ways, ships and companies.

They are declared here and carried out in `pipelines.commands.moving` (ways, ships, capacity, maps) and
`pipelines.commands.companies`.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import FormatOption, HomeOption, OutOption, check_order, end, home_of
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


class Show(StrEnum):
    """Which rows about ships to show."""

    SHIPS = "ships"
    CALLS = "calls"
    VOYAGES = "voyages"
    EVENTS = "events"


class Subject(StrEnum):
    """What a map shows."""

    ROUTE = "route"
    SHIP = "ship"
    ALERT = "alert"


SinceOption = Annotated[str | None, typer.Option("--since", metavar="DAY", help="From here on.", show_default=False)]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Up to here.", show_default=False)]
TopOption = Annotated[int | None, typer.Option("--top", min=1, help="At most this many rows.", show_default=False)]
ByOption = Annotated[By, typer.Option("--by", help="What makes a way the best.")]


def declare(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(context_settings=NEGATIVE)(route)
    app.command("map", context_settings=NEGATIVE)(draw_map)
    for command in (ships, capacity, companies, same):
        app.command()(command)


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


def ships(
    context: typer.Context,
    who: Annotated[
        str | None, typer.Argument(metavar="WHO", help="Name, MMSI, IMO number or track.", show_default=False)
    ] = None,
    port: Annotated[
        str | None, typer.Option("--port", metavar="PLACE", help="Only what was there.", show_default=False)
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            help="gap, encounter, loitering, identity_collision or impossible_position. Repeatable.",
            show_default=False,
        ),
    ] = None,
    show: Annotated[Show, typer.Option("--show", help="Which rows; events with --event.")] = Show.SHIPS,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """List ships that were heard, everything about one, or calls, voyages and events, each with its confidence.

    Days are written 2024-10-01. A port stands for the anchorages within 20 km too.
    """
    from pipelines import ship_queries
    from pipelines.commands import moving

    wanted = ship_queries.Wanted(
        who,
        port,
        ship_queries.day(since) if since else None,
        ship_queries.day(until) if until else None,
        tuple(map(ship_queries.event, event or ())),
    )
    check_order(wanted.since, wanted.until, since, until)
    chosen = Show.EVENTS if wanted.events else show
    end(moving.ships(home_of(context, home), wanted, chosen.value, top, how, out))


def capacity(
    context: typer.Context,
    exporter: Annotated[str, typer.Argument(help="Code or name.")],
    importer: Annotated[str, typer.Argument(help="Code or name.")],
    commodity: Annotated[str, typer.Argument(help="HS code, its first digits, or a family.")],
    year: Annotated[int | None, typer.Option("--year", help="This year and its months.", show_default=False)] = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Say whether the ships that were seen could have carried a flow: could, could not or cannot test, with why."""
    from pipelines import queries
    from pipelines.commands import moving

    pair = queries.country(exporter), queries.country(importer)
    end(moving.capacity(home_of(context, home), *pair, commodity, year, how, out))


def companies(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="All or part of a name.", show_default=False)
    ] = None,
    proposals: Annotated[
        bool, typer.Option("--proposals", help="Pairs of names that may be one company, the least risk first.")
    ] = False,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """List companies that bills of lading name, or pairs that may be one; nothing is merged beyond the stated risk."""
    from pipelines.commands import companies as command

    end(command.companies(home_of(context, home), name, top, how, out, proposals=proposals))


def same(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="ONE", help="A company_id, or a name that only one company has.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Likewise.")],
    verdict: Annotated[str, typer.Option(help="same, different or undecided.")],
    reviewer: Annotated[str, typer.Option(help="Who judges.", envvar="ORETRACE_REVIEWER")],
    note: Annotated[str | None, typer.Option(help="Why, in a sentence.", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """Record whether two companies are one. Judgements are only ever added; `different` undoes a merge next time."""
    from pipelines.commands import companies as command

    end(command.same(home_of(context, home), one, other, verdict, reviewer, note))


def draw_map(
    context: typer.Context,
    subject: Annotated[Subject, typer.Argument(metavar="SUBJECT", help="route FROM TO, ship WHO, or alert ALERT.")],
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="What it is about.")],
    mode: ModeOption = None,
    avoid: AvoidOption = None,
    alternatives: AlternativesOption = 2,
    by: ByOption = By.COST,
    since: SinceOption = None,
    until: UntilOption = None,
    list_name: Annotated[str, typer.Option("--list", metavar="LIST", help="List of the alert.")] = "agnostic",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The page; in the home's views otherwise.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Draw a route, a ship's voyages or an alert's ways on a map: one page that opens without a network."""
    from pipelines import ship_queries
    from pipelines.commands import moving
    from pipelines.way_queries import Asked

    first, last = (ship_queries.day(one) if one else None for one in (since, until))
    check_order(first, last, since, until)
    moving.check_page(subject.value, names, out)
    found = home_of(context, home)
    if subject is Subject.ROUTE:
        asked = Asked(names[0], names[1], tuple(mode or ()), tuple(avoid or ()), alternatives, by.value)
        end(moving.map_route(found, asked, out))
    elif subject is Subject.SHIP:
        end(moving.map_ship(found, names[0], (since, until), out))
    else:
        end(moving.map_alert(found, names[0], list_name, out))
