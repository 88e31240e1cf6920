"""Grade an analysis: the tables of a home against the truth of the world that it analysed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphs.errors import InputError
from models.grading.grade import Analysed, Grades
from models.grading.grade import grade as graded
from pipelines.home import Home
from pipelines.queries import LIST_NAMES
from pipelines.world.ship_grading import ships
from pipelines.world.truth import names, read, trade_of

SOURCE = "comtrade"


@dataclass(frozen=True)
class Both:
    """Grades of every list that the analysis holds, the agnostic one first."""

    lists: Mapping[str, Grades]

    @property
    def figures(self) -> pl.DataFrame:
        """Figures of all lists; `list` is the last column."""
        return _named({name: one.figures for name, one in self.lists.items()})

    @property
    def flows(self) -> pl.DataFrame:
        """Flows by name of all lists; `list` is the last column."""
        return _named({name: one.flows for name, one in self.lists.items()})


def _named(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([frame.with_columns(list=pl.lit(name)) for name, frame in frames.items()])


def grade(home: Home, truth: Path) -> Both:
    """Grades of a home's lists. Raises InputError where the home analysed something else."""
    known = read(truth)
    _check_origin(home, truth)
    alerts = home.scan("alerts").filter(pl.col("source") == SOURCE).with_columns(pl.col("list").cast(pl.String))
    held = alerts.collect()
    strangers = sorted(set(held["exporter"]) - set(names(truth)))
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
    at_sea = ships(home, truth)
    lists = {name: held.filter(list=name) for name in LIST_NAMES}
    there = {name: rows for name, rows in lists.items() if rows.height or name == LIST_NAMES[0]}
    return Both(
        {name: graded(Analysed(rows, scores, causes, reporting, flows), known, at_sea) for name, rows in there.items()}
    )


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
