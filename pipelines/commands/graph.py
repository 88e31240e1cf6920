"""Commands about the graph: ask it, query it, measure it, look at it, take it elsewhere.

They are declared here and carried out in `pipelines.commands.asking` (the store answers) and
`pipelines.commands.networks` (tables, measures, pages, files).
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import FormatOption, HomeOption, OutOption, end, home_of
from pipelines.output import TableFormat
from pipelines.statement_limits import MEGABYTES

ANY_OPTION = {"allow_extra_args": True, "ignore_unknown_options": True}
"""A question has parameters of its own."""

FamilyOption = Annotated[
    str, typer.Option("--family", help="Code family, e.g. gold (see the reference).", show_default=False)
]
YearOption = Annotated[
    int | None, typer.Option("--year", help="A year; the last whole one otherwise.", show_default=False)
]
SourceOption = Annotated[
    str | None,
    typer.Option("--source", help="E.g. baci or comtrade; what the graph holds otherwise.", show_default=False),
]
TopOption = Annotated[
    int | None, typer.Option("--top", min=1, help="At most this many rows (10 on screen).", show_default=False)
]


class Action(StrEnum):
    """What to do with the graph store."""

    LOAD = "load"
    STATUS = "status"


class PathBy(StrEnum):
    """What makes a path short."""

    VALUE = "value"
    DISTANCE = "distance"
    RISK = "risk"


class Part(StrEnum):
    """What of a network's structure to show."""

    FIGURES = "figures"
    COMMUNITIES = "communities"
    BACKBONE = "backbone"
    TRIADS = "triads"


class FileKind(StrEnum):
    """Formats that other programs open."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    FTM = "ftm"
    CSV = "csv"
    GEOJSON = "geojson"
    GEOPARQUET = "geoparquet"


def declare(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(context_settings=ANY_OPTION)(ask)
    for command in (cypher, measures, structure, chains, paths, disruption, view, export, graph):
        app.command()(command)


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="Name of a question.", show_default=False)
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all questions with their parameters.")] = False,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Ask the graph a named question. Its parameters are options: --year 2022. --list shows them."""
    from pipelines.commands import asking

    if question is None or listed:
        end(asking.list_questions(question, how, out))
    else:
        end(asking.ask(home_of(context, home), question, context.args, how, out))


def cypher(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="One Cypher statement that only reads.")],
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--param", metavar="NAME=VALUE", help="Value of $NAME, as json or text. Repeatable.", show_default=False
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Longest time it may take.")] = 30.0,
    rows: Annotated[int, typer.Option(min=1, help="Most rows it may return.")] = 100_000,
    megabytes: Annotated[
        int, typer.Option(min=64, help="Most memory it may take, for the embedded store.")
    ] = MEGABYTES,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Put a Cypher statement of your own to the graph. Only reading is allowed."""
    from pipelines.commands import asking

    limits = asking.Bounds(seconds, rows, megabytes)
    end(asking.cypher(home_of(context, home), statement, parameters or [], limits, how, out))


def measures(
    context: typer.Context,
    family: FamilyOption,
    year: YearOption = None,
    source: SourceOption = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="Only this measure. Repeatable.", show_default=False)
    ] = None,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show who stands where in a trade network, each rank with its 80 % interval when trade goes unseen."""
    from pipelines.commands import networks

    chosen = networks.Chosen(family, year, source)
    end(networks.measures(home_of(context, home), chosen, tuple(measure or ()), top, how, out))


def chains(
    context: typer.Context,
    family: FamilyOption,
    year: YearOption = None,
    source: SourceOption = None,
    producer: Annotated[str | None, typer.Option(help="Only chains that begin here.", show_default=False)] = None,
    hub: Annotated[str | None, typer.Option(help="Only chains through here.", show_default=False)] = None,
    market: Annotated[str | None, typer.Option(help="Only chains that end here.", show_default=False)] = None,
    hubs: Annotated[int, typer.Option(min=1, max=2, help="Hubs between producer and market.")] = 1,
    lag: Annotated[int, typer.Option(min=0, max=1, help="Years between one leg and the next.")] = 0,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show chains of trade, producer to hub to market, that mass and timing allow. Possible is not the same as real."""
    from pipelines.commands import networks

    chosen = networks.Chosen(family, year, source)
    wanted = networks.Ways(producer, hub, market, hubs, lag)
    end(networks.chains(home_of(context, home), chosen, wanted, top, how, out))


def paths(
    context: typer.Context,
    origin: Annotated[str, typer.Argument(metavar="FROM", help="A country, by code or name.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="A country, by code or name.")],
    family: FamilyOption,
    by: Annotated[PathBy, typer.Option("--by", help="What makes a way short.")] = PathBy.VALUE,
    year: YearOption = None,
    source: SourceOption = None,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show ways of trade between two countries: by large flows, short distances or stable countries."""
    from pipelines.commands import networks

    chosen = networks.Chosen(family, year, source)
    end(networks.paths(home_of(context, home), chosen, (origin, destination), by.value, top, how, out))


def disruption(
    context: typer.Context,
    family: FamilyOption,
    year: YearOption = None,
    source: SourceOption = None,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show whose absence would cost a trade network most, after the others have taken up what they can."""
    from pipelines.commands import networks

    end(networks.disruption(home_of(context, home), networks.Chosen(family, year, source), top, how, out))


def structure(
    context: typer.Context,
    part: Annotated[Part, typer.Argument(help="figures, communities, backbone or triads.")],
    family: FamilyOption,
    year: YearOption = None,
    source: SourceOption = None,
    top: TopOption = None,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show a whole network: its figures, who trades in one community, the edges that stand out, patterns of three."""
    from pipelines.commands import networks

    chosen = networks.Chosen(family, year, source)
    end(networks.structure(home_of(context, home), chosen, part.value, top, how, out))


def view(
    context: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A country, a family or HS code, or an alert (#3, a flow_id).")
    ],
    family: Annotated[str | None, typer.Option("--family", help="Only this trade.", show_default=False)] = None,
    year: YearOption = None,
    source: SourceOption = None,
    top: Annotated[int, typer.Option("--top", min=2, help="Partners drawn; the others are summed up.")] = 30,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The page; in the home's views otherwise.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Draw a network around a country, a commodity or an alert: one page that opens without a network."""
    from pipelines.commands import networks

    end(networks.view(home_of(context, home), subject, family, (year, source, top), out))


def export(
    context: typer.Context,
    kind: Annotated[FileKind, typer.Argument(metavar="FORMAT", help="graphml, gexf, ftm, csv, geojson or geoparquet.")],
    family: FamilyOption,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="File to write (a folder for csv).", show_default=False)
    ],
    year: YearOption = None,
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Write a trade network for another program, with a file beside it that says what it is and what it is not."""
    from pipelines.commands import networks

    end(networks.export(home_of(context, home), kind.value, networks.Chosen(family, year, source), out))


def graph(
    context: typer.Context,
    action: Annotated[
        Action, typer.Argument(help="load: bring the store to the graph of the last run; status: say what it holds.")
    ],
    offline: Annotated[
        bool, typer.Option("--offline", help="Load with Neo4j's own importer, the server being down meanwhile.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Load the graph store, embedded or Neo4j (ORETRACE_GRAPH_URL), or say what it holds."""
    from pipelines.commands import asking

    found = home_of(context, home)
    end(asking.load(found, offline=offline) if action is Action.LOAD else asking.status(found))
