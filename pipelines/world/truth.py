"""Reading the truth of a world: for grading alone."""

from pathlib import Path

import polars as pl

from graphs.errors import InputError
from models.grading.ship_truth import ShipTruth
from models.grading.truth import Truth
from pipelines.world import described

TABLES = ("schemes", "scheme_flows", "artefacts", "artefact_flows", "true_flows")
"""What `models.grading.truth.Truth` holds."""
SHIPS = ("vessels", "voyages", "port_calls", "gaps", "encounters", "collisions", "goods")
"""What `models.grading.ship_truth.ShipTruth` holds."""
FOLDER = "truth"
"""Name of the folder beside a world's data."""


def read(folder: Path) -> Truth:
    """The tables that grading needs. Raises InputError where the folder is no world's truth."""
    return Truth(*(table(folder, name) for name in TABLES))


def ships(folder: Path) -> ShipTruth:
    """The tables that grading of ships needs. Raises InputError where the folder is no world's truth."""
    return ShipTruth(*(table(folder, name) for name in SHIPS))


def trade_of(folder: Path) -> set[str]:
    """SHA-256 of each file of the world's declarations. Raises InputError where its description cannot be read."""
    return set(described.parsed(folder / described.FILE.name).trade.values())


def ais_of(folder: Path) -> set[str]:
    """The same of its files of positions; empty in a world that was built before these were kept."""
    return set(described.parsed(folder / described.FILE.name).ais.values())


def names(folder: Path) -> dict[str, str]:
    """Names of the world's countries by code."""
    listed = table(folder, "countries")
    return dict(zip(listed["country"], listed["name"], strict=True))


def table(folder: Path, name: str) -> pl.DataFrame:
    """One truth table. Raises InputError where it is not there or cannot be read."""
    file = folder / f"{name}.parquet"
    if not file.exists():
        raise InputError(f"{folder} holds no truth of a training world: name the folder {FOLDER} of one with --truth")
    try:
        return pl.read_parquet(file)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{file} cannot be read: build the world again") from error
