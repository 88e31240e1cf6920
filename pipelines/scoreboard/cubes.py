"""Real trade with planted schemes as cases: declarations of nickel and sawnwood, and BACI for supply schemes alone.

Rows of UN Comtrade may not be passed on; only figures and trees leave the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from graphs.commodities import family_expr
from graphs.event_rows import built_in, merge
from graphs.tables import Governance
from models.flows.reconcile import reconcile
from models.planting import at_risk, plant
from models.scoreboard.case import Case, hits
from models.scoreboard.judged import judged
from pipelines.scoreboard.material import declared, materials
from pipelines.sources import baci, world_mining
from pipelines.sources.comtrade_files import sha256_of

DECLARED: Mapping[str, str] = {
    "nickel": "trade/comtrade_nickel_260400_750110_2000_2024.csv",
    "sawnwood": "trade/comtrade_440799_2005_2014.parquet",
}
"""Files of declarations in the folder of real data, by cube."""
RECONCILED: Mapping[str, str] = {"baci gold": "gold", "baci copper": "copper", "baci tin": "tin"}
"""Families of BACI, by cube."""
BACI_FILE = "trade/baci_hs92_minerals_1995_2024.parquet"
PRODUCTION_FILE = "production/world_mining_data_2018_2024_long.csv"
GOVERNANCE_FILE = "covariates/wgi_estimate.csv"
GOVERNANCE_SOURCE = "wgi"
CUBES = (*DECLARED, *RECONCILED)


@dataclass(frozen=True)
class Cube:
    """Real trade before anything is planted in it."""

    flows: pl.DataFrame
    rows: pl.DataFrame | None
    """Declarations; None for BACI."""
    production: pl.DataFrame
    governance: pl.DataFrame


def available(data: Path) -> tuple[str, ...]:
    """Cubes whose files lie in the folder."""
    return tuple(name for name in CUBES if (data / DECLARED.get(name, BACI_FILE)).is_file())


def sources(cube: str, data: Path) -> tuple[Path, ...]:
    """Files that a cube is read from."""
    return family_sources(RECONCILED.get(cube, cube), cube in RECONCILED, data)


def family_sources(family: str, is_reconciled: bool, data: Path) -> tuple[Path, ...]:
    """Files that one family's trade is read from."""
    trade = (BACI_FILE, GOVERNANCE_FILE) if is_reconciled else (DECLARED[family],)
    return tuple(data / name for name in (*trade, PRODUCTION_FILE))


def cube_case(name: str, cube: str, seed: int, data: Path) -> Case:
    """Plant schemes into a cube by this seed, then judge it as if it had come like that."""
    real = read(cube, data)
    planted = plant(real.flows, seed)
    flows = reconcile(planted.flows)
    bans = merge([built_in(), planted.events])
    found = materials(flows, real.rows, production=real.production, governance=real.governance, events=bans)
    return judged(name, found, hits(planted.truth), at_risk(real.flows)["flow_id"])


def read(cube: str, data: Path) -> Cube:
    """A cube from the folder of real data."""
    return read_family(RECONCILED.get(cube, cube), cube in RECONCILED, data)


@cache
def read_family(family: str, is_reconciled: bool, data: Path) -> Cube:
    """One family's trade: as BACI reconciled it, or as both sides declare it."""
    production = world_mining.parse(data / PRODUCTION_FILE).production
    if not is_reconciled:
        flows, rows = declared(data / DECLARED[family])
        return Cube(reconcile(flows), rows, production, Governance.create_empty())
    file = data / BACI_FILE
    raw = pl.scan_parquet(file).filter(family_expr("k") == family).collect()
    flows = baci.to_flows(raw, file=file.name, raw_sha256=sha256_of(file)).flows
    return Cube(flows, None, production, _governance(data / GOVERNANCE_FILE))


def _governance(file: Path) -> pl.DataFrame:
    """Political stability from the wide table of the World Bank."""
    wide = pl.read_csv(file, infer_schema=False)
    years = [name for name in wide.columns if name.isdigit()]
    long = wide.unpivot(years, index="Code", variable_name="year", value_name="estimate")
    year = pl.col("year").cast(pl.Int32)
    rows = long.select(
        source=pl.lit(GOVERNANCE_SOURCE),
        country="Code",
        year=year,
        estimate=pl.col("estimate").cast(pl.Float64, strict=False).fill_nan(None),
        standard_error=pl.lit(None, dtype=pl.Float64),
        known_from=pl.date(year + 1, 10, 1),
        raw_sha256=pl.lit(sha256_of(file)),
    )
    return Governance.cast(rows.drop_nulls("estimate").unique(["country", "year"]).sort("country", "year"))
