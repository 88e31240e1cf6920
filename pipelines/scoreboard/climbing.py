"""The ladder of expectations on real trade: every rung on held-out years, as table `ladder`."""

import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from models.ladder.expect import expect
from pipelines.code_version import code_version
from pipelines.scoreboard.cubes import BACI_FILE, DECLARED, Cube, family_sources, read_family
from pipelines.scoreboard.material import materials
from pipelines.sources.comtrade_files import sha256_of

LADDERS: Mapping[str, str] = {
    "gold": "BACI", "nickel": "BACI", "copper": "BACI", "tin": "BACI", "sawnwood": "UN Comtrade",
}  # fmt: skip
"""Families compared, and where their trade comes from."""


def available(data: Path) -> tuple[str, ...]:
    """Families whose files lie in the folder."""
    return tuple(
        name for name in LADDERS if (data / (DECLARED[name] if LADDERS[name] == "UN Comtrade" else BACI_FILE)).is_file()
    )


def climb(family: str, data: Path) -> pl.DataFrame:
    """Table `ladder` of one family."""
    real: Cube = read_family(family, LADDERS[family] == "BACI", data)
    (material,) = materials(real.flows, real.rows, production=real.production, governance=real.governance)
    return expect(material.flows, material.context).scores


def climbed(job: tuple[str, Path, Path]) -> pl.DataFrame:
    """The same, kept in the folder of cases."""
    family, data, cache = job
    read = map(sha256_of, family_sources(family, LADDERS[family] == "BACI", data))
    file = cache / "ladder" / f"{family}-{code_version(climb, *read)}.parquet"
    if file.is_file():
        return pl.read_parquet(file)
    found = climb(family, data)
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    found.write_parquet(staged)
    staged.replace(file)
    return found
