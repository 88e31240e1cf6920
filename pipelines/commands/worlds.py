"""What the commands about the training world do."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from graphs.errors import InputError
from models.world.config import Size, WorldConfig
from pipelines import output
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.views import terminal

if TYPE_CHECKING:
    from pipelines.world.write import Written

LINE = 100
"""Width of a lesson in a file."""


@dataclass(frozen=True)
class Shape:
    """How grades are shown."""

    flows: bool
    lesson: bool
    how: TableFormat
    out: Path | None
    list_name: str = "agnostic"
    """The list of which people are shown everything; machines get both."""


def build(size: Size, seed: int, out: Path) -> None:
    """Build a world and say where it is and what its hash is."""
    from pipelines.world.write import stands

    config, folder = WorldConfig.sized(size, seed), out.expanduser().resolve()
    found = stands(config, folder)
    made = found or _built(config, folder)
    how = "stands there already" if made.seconds is None else f"built in {made.seconds:.0f} s"
    screen = terminal.screen(to_stderr=True)
    screen.print(f"World of size {size}, seed {seed}, {how}: {made.files:,} files in {made.path}")
    screen.print(f"sha256 {made.sha256}")


def _built(config: WorldConfig, out: Path) -> "Written":
    """Build with a bar."""
    from pipelines.world.write import STEPS, write_world

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=terminal.screen(to_stderr=True)) as bar:
        task = bar.add_task("", total=len(STEPS))
        done = iter(range(len(STEPS)))

        def hear(step: str) -> None:
            bar.update(task, description=step, completed=next(done))

        made = write_world(config, out, hear)
        bar.update(task, completed=len(STEPS))
    return made


def grade(home: Home, truth: Path, shape: Shape) -> bool:
    """Grade a home against a world's truth. Raises InputError on shapes that do not go together."""
    from pipelines.world.grading import grade as graded

    if shape.lesson and (shape.flows or shape.how is not TableFormat.TABLE):
        raise InputError("--lesson is text for people: leave out --flows and --format")
    output.check_target(TableFormat.CSV if shape.lesson else shape.how, shape.out)
    both = graded(home, truth)
    if shape.how is not TableFormat.TABLE:
        return output.write(both.flows if shape.flows else both.figures, shape.how, shape.out) > 0
    grades = both.lists.get(shape.list_name)
    if grades is None:
        return output.say(f"the analysis in {home.path} has no {shape.list_name} list")
    from pipelines.views.grades import figures, flows, side_by_side
    from pipelines.world.lesson import lesson
    from pipelines.world.truth import names

    screen = terminal.screen()
    if shape.lesson:
        first, *others = both.lists.values()
        _tell(lesson(first, names(truth), home.path, truth, next(iter(others), None)), shape.out)
    elif shape.flows:
        terminal.print_all(screen, flows(grades.flows, names(truth), screen.width))
    else:
        terminal.print_all(screen, side_by_side({name: one.figures for name, one in both.lists.items()}))
        terminal.print_all(screen, figures(grades.figures, shape.list_name))
    return True


def _tell(parts: Iterable[RenderableType], out: Path | None) -> None:
    """Print text, or write it to a file. Commands stay in one piece, however narrow the screen."""
    with out.open("w", encoding="utf-8") if out else nullcontext() as file:
        screen = Console(file=file, width=LINE, highlight=False) if file else terminal.screen()
        for part in parts:
            screen.print(part, crop=False)
