"""The command line: `oretrace COMMAND`, also `python -m pipelines.cli`.

Exit codes: 0 fine, 1 nothing found, 2 bad usage or input, 3 a source could not be fetched, 4 the home or the graph
store cannot be used, 5 a limit was reached, 70 a fault of oretrace itself, 130 interrupted. Data goes to stdout,
everything else to stderr. Commands that only read import neither Dagster nor the schema library, and no model is
loaded that they do not need. Commands about the graph stand in `pipelines.commands.graph`, those about ways, ships and
companies in `transport`, about the training world in `world`, the scoreboard in `scoreboard`.
"""

import os
import sys
import traceback
from typing import Annotated

import polars as pl
import typer
from typer.exceptions import TyperException

from graphs.errors import FetchError, HomeError, InputError, LimitExceeded, OretraceError, StatementRefused, StoreError
from graphs.version import __version__
from pipelines import choice
from pipelines.choice import Choice
from pipelines.commands import graph, scoreboard, transport, world
from pipelines.commands.options import (
    FormatOption,
    HomeOption,
    OutOption,
    Shared,
    WatchOption,
    check_order,
    end,
    home_of,
    shared_of,
)
from pipelines.output import TableFormat, TextFormat
from pipelines.queries import CHANNEL_NAMES
from pipelines.settings import redact

FINE, BAD_INPUT, NOT_FETCHED, UNUSABLE, LIMIT, BUG, INTERRUPTED = 0, 2, 3, 4, 5, 70, 130

app = typer.Typer(
    name="oretrace",
    help="Where goods, ground and money disagree: implausible commodity flows, explained.",
    epilog="Exit codes: 0 fine, 1 nothing found, 2 bad input, 3 not fetched, 4 home or graph unusable, 5 past a limit.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataOption = Annotated[
    list[str] | None,
    typer.Option(
        "--data",
        metavar="PATH",
        help="Local declarations, a file or folder; the format is recognised. Repeatable (or ORETRACE_DATA).",
        show_default=False,
    ),
]
OnlyDataOption = Annotated[
    bool | None,
    typer.Option("--only-data/--with-defaults", help="Leave the default open data out.", show_default=False),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Judge by what was known on this day, 2024-06-30, or `latest` (or ORETRACE_AS_OF).",
        show_default=False,
    ),
]
AlertArgument = Annotated[str, typer.Argument(metavar="ALERT", help="Its rank, its flow_id or its alert_id.")]
ListOption = Annotated[
    str,
    typer.Option("--list", metavar="LIST", help="agnostic: by the channels; learned: by what invented schemes taught."),
]


@app.callback(invoke_without_command=True)
def shared(
    context: typer.Context,
    home: HomeOption = None,
    data: DataOption = None,
    only_data: OnlyDataOption = None,
    as_of: AsOfOption = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Where goods, ground and money disagree: implausible commodity flows, explained."""
    if version:
        print(f"oretrace {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit
    chosen = Choice(tuple(data) if data else None, only_data, as_of)
    if context.invoked_subcommand not in {"run", "fetch"} and not chosen.is_empty:
        raise InputError("--data, --only-data and --as-of choose what is analysed: give them to `oretrace run`")
    context.obj = Shared(home, chosen)


@app.command()
def fetch(
    context: typer.Context,
    commodities: Annotated[
        list[str] | None,
        typer.Option("--commodity", metavar="HS", help="Code to ask UN Comtrade for. Repeatable.", show_default=False),
    ] = None,
    reporters: Annotated[
        list[str] | None,
        typer.Option("--reporter", metavar="COUNTRY", help="Only these reporters. Repeatable.", show_default=False),
    ] = None,
    since: Annotated[int | None, typer.Option(metavar="YEAR", help="First year.", show_default=False)] = None,
    until: Annotated[int | None, typer.Option(metavar="YEAR", help="Last year.", show_default=False)] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Months instead of years.")] = False,
    ships: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="FIRST LAST", help="Events of ships of these days, 2024-10-01.", show_default=False),
    ] = None,
    only_data: OnlyDataOption = None,
    home: HomeOption = None,
) -> None:
    """Fetch the default open data and, with ORETRACE_COMTRADE_KEY, declarations from UN Comtrade.

    With --ships and ORETRACE_GFW_TOKEN it asks Global Fishing Watch for events of ships, for non-commercial use. What
    is asked of UN Comtrade is kept for later runs. What came before an interruption is kept, and the next
    fetch asks for the rest.
    """
    from pipelines.commands import fetch as command

    analysed = Choice(only_data=only_data).over(shared_of(context).choice).over(choice.from_environment())
    command.fetch(
        home_of(context, home, create=True),
        analysed.only_data,
        command.Question(tuple(commodities or ()), tuple(reporters or ()), since, until, monthly),
        ships,
    )


@app.command()
def run(
    context: typer.Context,
    data: DataOption = None,
    only_data: OnlyDataOption = None,
    as_of: AsOfOption = None,
    watch: WatchOption = None,
    home: HomeOption = None,
) -> None:
    """Bring every table up to date: fetch what is missing, pair, judge and rank. Repeats only what changed."""
    from pipelines.commands import run as command

    mine = Choice(tuple(data) if data else None, only_data, as_of, tuple(watch) if watch else None)
    chosen = mine.over(shared_of(context).choice).over(choice.from_environment())
    command.run(home_of(context, home, create=True), chosen)


@app.command()
def alerts(
    context: typer.Context,
    exporter: Annotated[list[str] | None, typer.Option(help="Code or name. Repeatable.", show_default=False)] = None,
    importer: Annotated[list[str] | None, typer.Option(help="Code or name. Repeatable.", show_default=False)] = None,
    commodity: Annotated[
        list[str] | None, typer.Option(metavar="HS", help="HS code or its first digits.", show_default=False)
    ] = None,
    family: Annotated[list[str] | None, typer.Option(help="Code family, e.g. gold.", show_default=False)] = None,
    period: Annotated[
        list[str] | None, typer.Option(help="A year (2020) or month (2020-03).", show_default=False)
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="PERIOD", help="From here on.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option(metavar="PERIOD", help="Up to here.", show_default=False)] = None,
    level: Annotated[
        int | None,
        typer.Option(min=0, max=5, help="This claim level or higher; level 0 needs --all.", show_default=False),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(help=f"Leading channel: {', '.join(CHANNEL_NAMES)}.", show_default=False),
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="E.g. comtrade or baci.", show_default=False)] = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="At most this many (20 on screen).", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every scored flow, not only the alerts.")] = False,
    list_name: ListOption = "agnostic",
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """List the alerts of a list in their order. For programs, csv, json and Parquet carry the same columns.

    A list of which no error rate can be claimed holds its first fifty alerts, all goods together; filters choose among
    those. --all looks among every scored flow.
    """
    from pipelines import queries
    from pipelines.commands import reading

    wanted = queries.Wanted(
        exporters=tuple(map(queries.country, exporter or ())),
        importers=tuple(map(queries.country, importer or ())),
        commodities=tuple(map(queries.hs_prefix, commodity or ())),
        families=tuple(map(queries.family, family or ())),
        periods=tuple(map(queries.period, period or ())),
        since=queries.period(since) if since else None,
        until=queries.period(until) if until else None,
        level=level,
        channels=tuple(map(queries.channel, channel or ())),
        sources=tuple(source or ()),
        everything=everything,
        list_name=queries.list_name(list_name),
    )
    first = None if wanted.since is None else queries.first_month(wanted.since)
    last = None if wanted.until is None else queries.last_month(wanted.until)
    check_order(first, last, since, until)
    end(reading.alerts(home_of(context, home), wanted, top, how, out))


@app.command()
def explain(
    context: typer.Context,
    alert: AlertArgument,
    list_name: ListOption = "agnostic",
    how: Annotated[TextFormat, typer.Option("--format", help="How to show it.")] = TextFormat.TEXT,
    home: HomeOption = None,
) -> None:
    """Tell everything about one flow: declarations, channels, ordinary causes, judgements, sources."""
    from pipelines import queries
    from pipelines.commands import reading

    end(reading.explain(home_of(context, home), alert, queries.list_name(list_name), how))


@app.command()
def flows(
    context: typer.Context,
    exporter: Annotated[str, typer.Argument(help="Code or name.")],
    importer: Annotated[str, typer.Argument(help="Code or name.")],
    commodity: Annotated[str, typer.Argument(help="HS code, its first digits, or a family.")],
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show what either side declares, year by year, with a small plot."""
    from pipelines import queries
    from pipelines.commands import reading

    pair = queries.country(exporter), queries.country(importer)
    end(reading.flows(home_of(context, home), *pair, commodity, how, out))


@app.command()
def sources(
    context: typer.Context,
    how: Annotated[TextFormat, typer.Option("--format", help="How to show it.")] = TextFormat.TEXT,
    home: HomeOption = None,
) -> None:
    """Show what is there, from when, under which licence, and what is missing."""
    from pipelines.commands import reading

    end(reading.sources(home_of(context, home), how))


@app.command()
def judge(
    context: typer.Context,
    alert: AlertArgument,
    verdict: Annotated[str, typer.Option(help="implausible, explained or undecided.")],
    reviewer: Annotated[str, typer.Option(help="Who judges.", envvar="ORETRACE_REVIEWER")],
    note: Annotated[str | None, typer.Option(help="Why, in a sentence.", show_default=False)] = None,
    list_name: ListOption = "agnostic",
    home: HomeOption = None,
) -> None:
    """Record what a person decided about an alert. Judgements are only ever added, and survive every run."""
    from pipelines import queries
    from pipelines.commands import reading

    end(reading.judge(home_of(context, home), alert, verdict, reviewer, note, queries.list_name(list_name)))


@app.command()
def changes(
    context: typer.Context,
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show which alerts appeared, vanished or moved when a run last changed them."""
    from pipelines.commands import reading

    end(reading.changes(home_of(context, home), how, out))


@app.command()
def history(
    context: typer.Context,
    alert: AlertArgument,
    list_name: ListOption = "agnostic",
    how: FormatOption = TableFormat.TABLE,
    out: OutOption = None,
    home: HomeOption = None,
) -> None:
    """Show how a flow stood whenever it was scored: rank, level, p and q by as-of day, and what changed in between."""
    from pipelines import queries
    from pipelines.commands import reading

    end(reading.history(home_of(context, home), alert, queries.list_name(list_name), how, out))


graph.declare(app)
transport.declare(app)
world.declare(app)
scoreboard.declare(app)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code. Every foreseen failure is one line on stderr."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("oretrace", sys.argv[1:] if arguments is None else arguments) as context:
            command.invoke(context)
        sys.stdout.flush()
        return FINE
    except typer.Exit as ended:
        return ended.exit_code
    except BrokenPipeError:
        # The reader has seen enough. Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except TyperException as error:
        return _fail(error.format_message().replace("\n", " ").replace("Value error, ", ""), BAD_INPUT)
    except OretraceError as error:
        return _fail(str(error), _code(error))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except pl.exceptions.PolarsError as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return _fail(f"a table of this home cannot be read ({first}): run `oretrace run` again", UNUSABLE)
    except ImportError as error:
        # A storage address names a kind of store whose library is not installed.
        return _fail(f"{error}: install it beside oretrace", UNUSABLE)
    except OSError as error:
        return _fail(f"{error.filename or 'a file'}: {error.strerror or error}", UNUSABLE)
    except Exception:
        traceback.print_exc()
        return _fail("this is a fault of oretrace itself; please report the lines above", BUG)


def _interrupted() -> int:
    return _fail("interrupted; what was finished is kept", INTERRUPTED)


def _fail(sentence: str, code: int) -> int:
    print(f"oretrace: {redact(sentence)}", file=sys.stderr)
    return code


def _code(error: OretraceError) -> int:
    codes = {FetchError: NOT_FETCHED, StatementRefused: BAD_INPUT, LimitExceeded: LIMIT, StoreError: UNUSABLE,
             HomeError: UNUSABLE}  # fmt: skip
    return next((code for kind, code in codes.items() if isinstance(error, kind)), BAD_INPUT)


if __name__ == "__main__":
    sys.exit(main())
