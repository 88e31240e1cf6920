"""How goods could have moved, on a terminal: the verdict with its reason, months of ships, declared modes."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.moved import COULD_NOT, Moved
from pipelines.views import wording
from pipelines.views.terminal import DIM, STRONG, dim, grid


def moved(found: Moved) -> Iterator[RenderableType]:
    """The parts of the section."""
    style = STRONG if found.verdict == COULD_NOT else ""
    yield Text.assemble((f"{found.verdict.capitalize()}: ", style), f"{found.why}.")
    if found.periods:
        yield _ships(found)
    if found.modes:
        yield _modes(found)


def _ships(found: Moved) -> RenderableType:
    table = grid(
        Column("", no_wrap=True),
        Column("declared", justify="right", no_wrap=True),
        Column("could carry", justify="right", no_wrap=True),
        Column("heard", justify="right", no_wrap=True),
        Column("", style=DIM, overflow="fold"),
        header=True,
    )
    for row in found.periods:
        why = f"{row['verdict']}: {row['why']}" if row["why"] else row["verdict"]
        table.add_row(
            wording.month(row["period"]), wording.mass(row["declared_kg"]), wording.mass(row["capacity_kg"]),
            wording.share(row["seen_share"]), why,
        )  # fmt: skip
    return table


def _modes(found: Moved) -> RenderableType:
    sides = {"export": "the exporter declares", "import": "the importer declares"}
    told = [
        f"{sides[row['side']]} {wording.usd(row['value_usd'])} by {row['mode']}"
        + (f" ({wording.share(row['share'])})" if row["share"] is not None else "")
        for row in found.modes
    ]
    return dim(f"By mode: {'; '.join(told)}.")
