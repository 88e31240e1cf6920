"""The terminal itself: width, colour, and the few shapes that every view uses. Colour never carries meaning alone."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

DIM, STRONG, HEADING = "dim", "bold", "bold"
LEVEL_STYLES = ("dim", "", "yellow", "bright_red", "bright_red", "bright_red")
"""One style per claim level."""
NARROWEST_COLUMN = 12
"""A text column cut shorter than this tells nothing."""


class Screen(Console):
    """A console that lets a closed pipe end the program quietly."""

    def on_broken_pipe(self) -> None:
        """Hand the closed pipe on to `main`, which decides the exit code."""
        raise BrokenPipeError


def screen(*, to_stderr: bool = False, width: int | None = None) -> Screen:
    """Console on stdout or stderr; honours NO_COLOR, COLUMNS and pipes."""
    return Screen(file=sys.stderr if to_stderr else sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def print_all(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print each part on lines of its own."""
    for part in parts:
        console.print(part)


def heading(text: str) -> Text:
    """Title of a section."""
    return Text(text, style=HEADING)


def dim(text: str) -> Text:
    """Something said in passing."""
    return Text(text, style=DIM)


def indented(content: RenderableType, by: int = 2) -> Padding:
    """Content moved to the right."""
    return Padding(content, (0, 0, 0, by), expand=False)


def grid(*columns: Column | str, header: bool = False) -> Table:
    """A table without lines: two spaces between columns, a dim header where it has one."""
    return Table(
        *columns,
        box=None,
        show_header=header,
        header_style=Style(dim=True),
        pad_edge=False,
        padding=(0, 2, 0, 0),
        collapse_padding=False,
    )


def fitted(header: Sequence[str], rows: Sequence[Sequence[Text]], cut: Sequence[int], width: int) -> Table | None:
    """A table in which numbers stand whole and only the columns in `cut` are shortened; None if it does not fit.

    Columns that hold nothing are left out. A column is aligned right if its header begins with '>'. A cell may have
    several lines.
    """
    natural = [max([cell_len(name.lstrip(">")), *(_wide(row[at]) for row in rows)]) for at, name in enumerate(header)]
    kept = [at for at in range(len(header)) if any(row[at].cell_len for row in rows)]
    fixed = sum(natural[at] for at in kept if at not in cut) + 2 * (len(kept) - 1)
    if fixed > width:
        return None
    shares = _shared(width - fixed, {at: natural[at] for at in kept if at in cut})
    if any(share < min(NARROWEST_COLUMN, natural[at]) for at, share in shares.items()):
        return None
    table = grid(header=True)
    for at in kept:
        name = header[at]
        justify: Literal["left", "right"] = "right" if name.startswith(">") else "left"
        wide = shares.get(at, natural[at])
        table.add_column(name.lstrip(">"), justify=justify, no_wrap=True, overflow="ellipsis", width=wide)
    for row in rows:
        table.add_row(*(row[at] for at in kept))
    return table


def with_room(
    header: Sequence[str], rows: Sequence[Sequence[Text]], cut: Sequence[int], width: int,
    order: Sequence[int] | None = None,
) -> list[RenderableType]:  # fmt: skip
    """A table as `fitted`, without the columns that have no room, and a line that names these; nothing if none fits.

    order: columns in the order in which they go; without it the last goes first, and two stay.
    """
    order = range(len(header) - 1, 1, -1) if order is None else order
    for gone in range(len(order) + 1):
        kept = [at for at in range(len(header)) if at not in order[:gone]]
        texts = [[row[at] for at in kept] for row in rows]
        table = fitted([header[at] for at in kept], texts, [kept.index(at) for at in cut if at in kept], width)
        if table is not None:
            left_out = [name.lstrip(">") for at, name in enumerate(header) if at not in kept]
            return [table, dim(f"no room for: {', '.join(left_out)}")] if left_out else [table]
    return []


def _wide(text: Text) -> int:
    """Cells of its longest line."""
    return max((cell_len(line) for line in text.plain.split("\n")), default=0)


def _shared(left: int, wishes: Mapping[int, int]) -> dict[int, int]:
    """Divide `left` cells among columns: whoever wishes less than an equal part gets the wish."""
    found: dict[int, int] = {}
    for at, wish in sorted(wishes.items(), key=lambda pair: pair[1]):
        found[at] = min(wish, left // (len(wishes) - len(found)))
        left -= found[at]
    return found


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and values in two columns."""
    table = grid(Column(style=DIM, no_wrap=True), Column(overflow="fold"))
    for name, value in rows:
        table.add_row(name, value)
    return table


def level(number: int) -> Text:
    """Claim level as word, with its style."""
    from pipelines.views.wording import LEVELS

    return Text(LEVELS[number], style=LEVEL_STYLES[number])


@contextmanager
def busy(words: str) -> Iterator[None]:
    """Words with a turning mark on stderr while something takes seconds; nothing where nobody watches."""
    console = screen(to_stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


@contextmanager
def table_progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A bar per table while tables are loaded: call it with a table's name, rows done and rows in all."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    tasks: dict[str, TaskID] = {}
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as bars:

        def advance(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=total)
            bars.update(tasks[table], completed=done, total=total)

        yield advance
