"""The scoreboard for the terminal: what each figure means, then the figures."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.scoreboard import page, rungs, tables
from pipelines.scoreboard.results import Results
from pipelines.scoreboard.tables import MET, MISSED, Table
from pipelines.views.terminal import dim, grid, heading, indented

STYLES = {MET: "green", MISSED: "yellow"}


def scoreboard(found: Results) -> Iterator[RenderableType]:
    """Targets, then every part, the ladder and what the graph neural network adds."""
    yield from _shown(tables.targets(found))
    for part, told in tables.whole(found):
        yield heading(page.title_of(part))
        for table in told:
            yield from _shown(table)
    yield from _shown(rungs.ladder(found))
    yield heading("What the graph neural network adds")
    yield indented(dim(rungs.network(found)))
    yield Text()
    yield dim(f"Model: {found.about['trained_on']}. All figures and plots: docs/scoreboard.md")


def _shown(table: Table) -> Iterator[RenderableType]:
    yield heading(table.title)
    yield indented(dim(table.meaning))
    shown = grid(*(Column(name, overflow="fold") for name in table.head), header=True)
    for row in table.rows:
        shown.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    yield indented(shown)
    yield Text()
