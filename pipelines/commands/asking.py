"""What the graph store answers: named questions, statements of one's own, and what it holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graphs.errors import InputError
from graphs.questions.catalogue import Question, question, questions
from graphs.questions.catalogue import ask as put
from graphs.questions.catalogue import values as values_of
from pipelines import output
from pipelines.graph_store import drawn, open_store
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.views import terminal
from pipelines.views.answer import answer, notes

ON_SCREEN = 20
"""Rows shown on screen; csv, json and Parquet hold all."""


@dataclass(frozen=True)
class Bounds:
    """How much a statement of one's own may ask for."""

    seconds: float
    rows: int
    megabytes: int


def list_questions(name: str | None, how: TableFormat, out: Path | None) -> bool:
    """All questions, or everything about one."""
    output.check_target(how, out)
    if name is not None:
        return _describe(question(name))
    rows = [(one.name, one.title, " ".join(_usage(one))) for one in questions().values()]
    table = pl.DataFrame(rows, schema=["question", "title", "parameters"], orient="row")
    if how is not TableFormat.TABLE:
        return output.write(table, how, out) > 0
    terminal.print_all(terminal.screen(), _listing(rows))
    return True


def ask(home: Home, name: str, arguments: Sequence[str], how: TableFormat, out: Path | None) -> bool:
    """Put a named question to the store."""
    output.check_target(how, out)
    asked = question(name)
    given = options(arguments)
    with open_store(home).view() as view:
        rows = put(view, asked, given)
        about, snapshot = view.about, view.snapshot
    for sentence in (*_cut(asked, given, rows.height), *_foreign(home, snapshot)):
        output.say(sentence)
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0 or _nothing(asked)
    if rows.is_empty():
        return _nothing(asked)
    screen = terminal.screen()
    screen.print(terminal.heading(asked.title))
    terminal.print_all(screen, answer(rows.head(ON_SCREEN), screen.width))
    more = [f"{rows.height - ON_SCREEN} more rows: --format csv shows them."] if rows.height > ON_SCREEN else []
    terminal.print_all(screen, notes([*more, *asked.caveats, f"By what was known on {about.get('as_of', '')}."]))
    return True


def cypher(
    home: Home, statement: str, parameters: Sequence[str], bounds: Bounds, how: TableFormat, out: Path | None
) -> bool:
    """Put a statement of one's own to the store."""
    from pipelines.statement import Allowance
    from pipelines.statement import answer as run

    output.check_target(how, out)
    allowed = Allowance(bounds.seconds, bounds.rows, bounds.megabytes << 20)
    rows = run(open_store(home), statement, values(parameters), allowed)
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say("the statement found nothing")
    screen = terminal.screen()
    terminal.print_all(screen, answer(rows.head(ON_SCREEN), screen.width))
    if rows.height > ON_SCREEN:
        screen.print(terminal.dim(f"{rows.height - ON_SCREEN} more rows: --format csv gives all"))
    return True


def load(home: Home, *, offline: bool) -> bool:
    """Bring the store to the graph of the last run."""
    from graphs.stores.base import load as load_into

    graph, store = drawn(home), open_store(home)
    if offline:
        from pipelines.offline_load import load_offline

        is_loaded, said = load_offline(home, graph, store)
        print(said)
        return is_loaded
    screen = terminal.screen(to_stderr=True)
    with terminal.table_progress(screen) as progress:
        changed = load_into(store, graph, progress)
    words = "loaded into" if changed else "was in"
    print(f"Graph {graph.snapshot} {words} {store.name}: {sum(graph.counts().values()):,} nodes and edges.")
    return True


def status(home: Home) -> bool:
    """What the store holds."""
    store = open_store(home)
    if store.snapshot() is None:
        return output.say(f"the {store.name} store holds no whole graph: `oretrace graph load` fills it")
    with store.view() as view:
        counts, about, snapshot = view.counts(), view.about, view.snapshot
    is_drawn = snapshot == drawn(home).snapshot
    known = {"engine": store.name, "graph": snapshot, "as of": about.get("as_of", ""),
             "of the last run": "yes" if is_drawn else "no: `oretrace graph load` renews it"}  # fmt: skip
    screen = terminal.screen()
    terminal.print_all(screen, [terminal.pairs(known.items())])
    counted = pl.DataFrame([*counts.items()], schema=["table", "rows"], orient="row")
    terminal.print_all(screen, answer(counted.filter(pl.col("rows") > 0), screen.width))
    return True


def options(arguments: Sequence[str]) -> dict[str, str]:
    """A question's own parameters from the command line: `--year 2022`, `--year=2022`, `--min-value-usd 1e6`."""
    found: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        name, has_value, value = rest.pop(0).partition("=")
        if not name.startswith("--"):
            raise InputError(f"{name!r} belongs to no parameter: write --name value")
        if not has_value and not rest:
            raise InputError(f"{name} has no value: write {name} value")
        found[name.removeprefix("--").replace("-", "_")] = value if has_value else rest.pop(0)
    return found


def values(parameters: Sequence[str]) -> dict[str, Any]:
    """Parameters of a statement, `name=value`; a value that is json is taken as such, anything else as text."""
    found: dict[str, Any] = {}
    for one in parameters:
        name, has_value, value = one.partition("=")
        if not has_value or not name.isidentifier():
            raise InputError(f"--param {one!r} is no NAME=VALUE: write --param year=2022")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _cut(asked: Question, given: Mapping[str, str], rows: int) -> list[str]:
    """A sentence where the question's own limit may have left out rows."""
    limit = values_of(asked, given).get("limit")
    return [f"the limit of {limit} rows is reached, there may be more: --limit N"] if rows == limit else []


def _foreign(home: Home, snapshot: str) -> list[str]:
    """A sentence where the store holds another graph than this home has drawn."""
    if snapshot == drawn(home).snapshot:
        return []
    return [f"the store holds graph {snapshot}, not the one of the last run here: `oretrace graph load` renews it"]


def _usage(one: Question) -> list[str]:
    words = ((f"--{each.name.replace('_', '-')}", each.default) for each in one.parameters)
    return [name if default is None else f"[{name} {default}]" for name, default in words]


def _listing(rows: Sequence[tuple[str, str, str]]) -> list[Any]:
    from rich.text import Text

    parts: list[Any] = []
    for name, title, usage in rows:
        parts += [Text.assemble((name, terminal.STRONG), f"  {title}"), terminal.indented(terminal.dim(usage), 4)]
    return [*parts, terminal.dim("\noretrace ask QUESTION --list tells what a question means and what to bear in mind")]


def _describe(one: Question) -> bool:
    screen = terminal.screen()
    screen.print(terminal.heading(one.title))
    screen.print(one.meaning)
    for title, rows in (
        ("Parameters", [(f"--{each.name.replace('_', '-')}", f"{each.meaning}"
                         + ("" if each.default is None else f" (default {each.default})")) for each in one.parameters]),
        ("Columns", [(each.name, each.meaning) for each in one.columns]),
    ):  # fmt: skip
        screen.print(terminal.heading(f"\n{title}"))
        terminal.print_all(screen, [terminal.indented(terminal.pairs(rows))])
    terminal.print_all(screen, [terminal.heading("\nTo bear in mind"), *notes(one.caveats)])
    return True


def _nothing(asked: Question) -> bool:
    """Nothing found, with the reasons why there may have been nothing to see."""
    return output.say(" ".join([f"{asked.name} found nothing.", *asked.caveats]))
