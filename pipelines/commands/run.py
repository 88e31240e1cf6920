"""Bring every table up to date and say what came out."""

from graphs.errors import InputError, SchemaError
from pipelines.choice import Choice
from pipelines.home import Home
from pipelines.run import RunReport
from pipelines.run import run as materialise
from pipelines.settings import redact
from pipelines.views import terminal

NOTES_SHOWN = 12


def run(home: Home, chosen: Choice) -> None:
    """Run with the user's choice. Raises SchemaError where a table fails a check that matters.

    Raises InputError, after all else is done, where files or days of ships could not be read.
    """
    screen = terminal.screen(to_stderr=True)
    report = materialise(home, chosen.applied(home.analysis), console=screen)
    for note in report.notes[:NOTES_SHOWN]:
        screen.print(terminal.dim(redact(note)))
    if len(report.notes) > NOTES_SHOWN:
        screen.print(terminal.dim(f"and {len(report.notes) - NOTES_SHOWN:,} more notes"))
    failed = [one for one in report.checks if not one.passed]
    for one in failed:
        screen.print(f"Check {one.name} of table {one.table}: {one.sentence}")
    for lost in report.failed:
        screen.print(redact(f"Could not be read: {lost.name} ({lost.attempts} attempts): {lost.sentence}"))
    screen.print(summary(home, report))
    if report.failed:
        count = f"{len(report.failed):,} file{'' if len(report.failed) == 1 else 's'} or days of ships"
        raise InputError(f"{count} could not be read, the others were: see above")
    if severe := [one for one in failed if one.is_error]:
        raise SchemaError(f"{len(severe)} of {len(report.checks)} checks failed, first {severe[0].name}: see above")


def summary(home: Home, report: RunReport) -> str:
    """What was done and what to do next, in two sentences."""
    import polars as pl

    rows = home.scan("alerts").group_by(pl.col("list").cast(pl.String)).agg(pl.len(), pl.col("is_selected").sum())
    lists = {name: counts for name, *counts in rows.collect().iter_rows()}
    scored, shown = lists.get("agnostic", (0, 0))
    learned = f", {lists['learned'][1]:,} on the learned list" if "learned" in lists else ""
    done = f"{len(report.made):,} tables made, {report.skipped:,} unchanged, in {report.seconds:.0f} s"
    return f"{done}. {shown:,} alerts{learned}, among {scored:,} scored flows: oretrace alerts shows them."
