"""Grade an analysis: the tables of a home against the truth of the world that it analysed."""

from pathlib import Path

import polars as pl

from graphs.errors import InputError
from models.grading.grade import Grades
from models.grading.grade import grade as graded
from pipelines.home import Home
from pipelines.world.truth import names, read

LIST = "agnostic"
SOURCE = "comtrade"


def grade(home: Home, truth: Path) -> Grades:
    """Grades of a home's alerts. Raises InputError where the home analysed something else."""
    known = read(truth)
    alerts = home.scan("alerts").filter(pl.col("list").cast(pl.String) == LIST, pl.col("source") == SOURCE).collect()
    strangers = sorted(set(alerts["exporter"]) - set(names(truth)))
    if strangers:
        raise InputError(
            f"the analysis in {home.path} tells of {strangers[0]}, which this world does not hold: run it with "
            "--only-data over the world's data in a home of its own"
        )
    scores = home.scan("scores").select("flow_id", "channel", "p_value").collect()
    causes = home.scan("causes").select("flow_id", "cause", "verdict").collect()
    return graded(alerts, scores, causes, known)
