"""Grade an analysis: the tables of a home against the truth of the world that it analysed."""

from pathlib import Path

import polars as pl

from graphs.errors import InputError
from models.grading.grade import Analysed, Grades
from models.grading.grade import grade as graded
from pipelines.home import Home
from pipelines.world.truth import names, read, trade_of

LIST = "agnostic"
SOURCE = "comtrade"


def grade(home: Home, truth: Path) -> Grades:
    """Grades of a home's alerts. Raises InputError where the home analysed something else."""
    known = read(truth)
    _check_origin(home, truth)
    alerts = home.scan("alerts").filter(pl.col("list").cast(pl.String) == LIST, pl.col("source") == SOURCE).collect()
    strangers = sorted(set(alerts["exporter"]) - set(names(truth)))
    if strangers:
        raise InputError(
            f"the analysis in {home.path} tells of {strangers[0]}, which this world does not hold: run it with "
            "--only-data over the world's data in a home of its own"
        )
    scores = home.scan("scores").select("flow_id", "channel", "p_value").collect()
    causes = home.scan("causes").select("flow_id", "cause", "verdict").collect()
    reporting, flows = (
        home.scan(name).filter(pl.col("source") == SOURCE).select(columns).collect()
        for name, columns in (
            ("reporting", ("reporter", "period", "direction")),
            ("flows", ("exporter", "importer", "commodity", "period")),
        )
    )
    return graded(Analysed(alerts, scores, causes, reporting, flows), known)


def _check_origin(home: Home, truth: Path) -> None:
    """Raise InputError unless the home read the declarations of this world, all of them."""
    files = trade_of(truth)
    read_here = home.scan("declarations").select(pl.col("raw_sha256").unique()).collect()["raw_sha256"]
    missing = len(files.difference(read_here))
    if files and missing == len(files):
        raise InputError(f"the analysis in {home.path} was not made from this world: it read none of its declarations")
    if missing:
        raise InputError(
            f"the analysis in {home.path} lacks {missing:,} of the {len(files):,} files of this world's declarations: "
            "run it over all of data/trade"
        )
