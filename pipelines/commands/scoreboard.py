"""The command that shows and measures how well oretrace finds what is known to be there."""

import os
from pathlib import Path
from typing import Annotated

import typer

from graphs.errors import InputError
from pipelines.commands.options import end
from pipelines.commands.world import Size
from pipelines.output import say

CACHE = Path("data", "scoreboard")


def declare(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(scoreboard)


def scoreboard(
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="Measure anew: build worlds, write schemes into copies of real trade, train, judge, write the page.",
        ),
    ] = False,
    train: Annotated[bool, typer.Option("--train", help="Only train the shipped model anew.")] = False,
    worlds: Annotated[
        int | None, typer.Option(min=1, max=20, help="Worlds to test on; the protocol asks for 20.", show_default=False)
    ] = None,
    plantings: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=20,
            help="Copies of each table of real trade, schemes written into them, to test on; the protocol asks for 20.",
            show_default=False,
        ),
    ] = None,
    size: Annotated[Size, typer.Option("--size", help="Size of the worlds.")] = Size.MEDIUM,
    real: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Folder of real data to copy (or ORETRACE_DATA_DIR); without it only worlds count.",
            show_default=False,
        ),
    ] = None,
    cache: Annotated[Path, typer.Option("--cache", metavar="DIR", help="Where cases and models are kept.")] = CACHE,
    processes: Annotated[int, typer.Option(min=1, help="Processes side by side.")] = 2,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write page, plots and model here, not into the checkout.", show_default=False
        ),
    ] = None,
) -> None:
    """Show how well the lists find invented schemes, beside every baseline, and how their error rates hold.

    The schemes are written into training worlds and into copies of real declarations; no real case is among them.
    `--measure` does it anew over worlds and copies never used for training. What was done before an interruption is
    kept in the cache.
    """
    if not (measure or train):
        end(_show())
        return
    from pipelines.scoreboard import run, write
    from pipelines.scoreboard.plan import plan

    data = real or (Path(os.environ["ORETRACE_DATA_DIR"]) if os.environ.get("ORETRACE_DATA_DIR") else None)
    if data is not None and not data.is_dir():
        raise InputError(f"{data} is no folder of real data: name one with --data")
    if out is None and not write.is_checkout():
        raise InputError("the installed model is not replaced: name a folder with --out")
    chosen = plan(cache.expanduser(), data, worlds, plantings, size.value, processes)
    if not measure:
        say(f"model in {write.model(run.train(chosen), out and out / 'trained')}")
        return
    say(f"scoreboard in {write.measurement(run.measure(chosen, data), chosen.is_whole, out)}")


def _show() -> bool:
    from pipelines.scoreboard.results import shipped
    from pipelines.views import terminal
    from pipelines.views.scoreboard import scoreboard as shown

    found = shipped()
    if found is None:
        say("no scoreboard came with this version: `oretrace scoreboard --measure` makes one")
        return False
    terminal.print_all(terminal.screen(), shown(found))
    return True
