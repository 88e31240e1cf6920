"""What the commands about the training world do."""

from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from graphs.errors import InputError
from models.world.config import Size, WorldConfig
from pipelines import output
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.views import terminal


@dataclass(frozen=True)
class Shape:
    """How grades are shown."""

    flows: bool
    lesson: bool
    how: TableFormat
    out: Path | None


def build(size: Size, seed: int, out: Path) -> None:
    """Build a world and say where it is and what its hash is."""
    from pipelines.world.write import STEPS, Written, write_world

    screen = terminal.screen(to_stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen) as bar:
        task = bar.add_task("", total=len(STEPS))
        done = iter(range(len(STEPS)))

        def hear(step: str) -> None:
            bar.update(task, description=step, completed=next(done))

        made: Written = write_world(WorldConfig.sized(size, seed), out.expanduser().resolve(), hear)
        bar.update(task, completed=len(STEPS))
    how = "stands there already" if made.seconds is None else f"built in {made.seconds:.0f} s"
    screen.print(f"World of size {size}, seed {seed}, {how}: {made.files:,} files in {made.path}")
    screen.print(f"sha256 {made.sha256}")


def grade(home: Home, truth: Path, shape: Shape) -> bool:
    """Grade a home against a world's truth. Raises InputError on shapes that do not go together."""
    from pipelines.world.grading import grade as graded

    output.check_target(shape.how, shape.out)
    if shape.lesson and (shape.flows or shape.how is not TableFormat.TABLE):
        raise InputError("--lesson is text for people: leave out --flows and --format")
    grades = graded(home, truth)
    if shape.how is not TableFormat.TABLE:
        return output.write(grades.flows if shape.flows else grades.figures, shape.how, shape.out) > 0
    from pipelines.views.grades import figures, flows
    from pipelines.world.lesson import lesson
    from pipelines.world.truth import names

    screen = terminal.screen()
    if shape.lesson:
        terminal.print_all(screen, lesson(grades, names(truth), home.path))
    else:
        shown = flows(grades.flows, names(truth), screen.width) if shape.flows else figures(grades.figures)
        terminal.print_all(screen, shown)
    return True
