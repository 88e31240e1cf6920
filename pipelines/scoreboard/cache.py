"""Cases kept in a folder, so that measuring twice is cheap and a killed run goes on where it stopped.

    FOLDER/cases/NAME/rows.parquet, features.parquet, about.json

A case is named by what it is; about.json says by which code and from which files of real data it was made
(pipelines.code_version), and a case made otherwise is made again. A folder appears whole or not at all.
"""

import json
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from models.scoreboard.case import Case
from models.scoreboard.names import WORLDS
from models.world.config import Size
from pipelines.code_version import code_version
from pipelines.scoreboard.cubes import cube_case, sources
from pipelines.scoreboard.worlds import world_case
from pipelines.sources.comtrade_files import sha256_of

ROWS, FEATURES, ABOUT = "rows.parquet", "features.parquet", "about.json"


@dataclass(frozen=True)
class Wanted:
    """A case by what it is made from."""

    part: str
    seed: int
    size: Size = "medium"
    data: Path = Path()
    """Folder of real data; of no meaning for worlds."""

    @property
    def name(self) -> str:
        """Its name, also that of its folder."""
        return f"{self.size}-world-{self.seed}" if self.part == WORLDS else f"{self.part.replace(' ', '-')}-{self.seed}"

    @property
    def code(self) -> str:
        """Version of the code that makes it, and of the real data behind it."""
        return _code(self.part, self.data)

    def make(self) -> Case:
        """Make it."""
        if self.part == WORLDS:
            return world_case(self.name, self.size, self.seed)
        return cube_case(self.name, self.part, self.seed, self.data)


@cache
def _code(part: str, data: Path) -> str:
    if part == WORLDS:
        return code_version(world_case)
    return code_version(cube_case, *map(sha256_of, sources(part, data)))


def stands(wanted: Wanted, folder: Path, code: str) -> bool:
    """True where this case lies in the folder, made by this code."""
    about = _place(wanted, folder) / ABOUT
    if not about.is_file():
        return False
    found: object = json.loads(about.read_text(encoding="utf-8")).get("code")
    return found == code


def keep(wanted: Wanted, folder: Path, code: str) -> None:
    """Make a case and put it into the folder, unless it stands there."""
    if stands(wanted, folder, code):
        return
    case, place = wanted.make(), _place(wanted, folder)
    staged = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    case.rows.write_parquet(staged / ROWS)
    case.features.write_parquet(staged / FEATURES)
    (staged / ABOUT).write_text(json.dumps({"code": code}) + "\n", encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    staged.replace(place)


def load(wanted: Wanted, folder: Path) -> Case:
    """A case that stands in the folder."""
    place = _place(wanted, folder)
    return Case(wanted.name, pl.read_parquet(place / ROWS), pl.read_parquet(place / FEATURES))


def _place(wanted: Wanted, folder: Path) -> Path:
    return folder / "cases" / wanted.name
